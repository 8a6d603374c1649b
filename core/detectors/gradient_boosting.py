"""Gradient boosting: many small decision trees, each correcting the ones before, that tell defective items from good ones."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import Declaration, Gives, LearnsFrom, Parameters, Scored, TrainingData, parameter
from core.detectors.item_rows import RowDetector
from core.detectors.table_values import TableScaler
from core.job_context import JobContext
from core.networks.boosted_trees import NODE_ARRAYS, BoostedTrees
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_NODE_BYTES: Final = 200  # of a node in scikit-learn's trees and ours


class GradientBoostingParameters(Parameters):
    """Settings of the gradient boosting."""

    trees: int = parameter(
        100,
        title=QT_TRANSLATE_NOOP("Parameter", "Trees in a row"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Each tree corrects what those before it got wrong. Too many learn the training items by heart."
        ),
        ge=1,
        le=5000,
    )
    step: float = parameter(
        0.1,
        title=QT_TRANSLATE_NOOP("Parameter", "Part of each correction"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "How much of its correction a tree may make. Smaller needs more trees and errs less on new items."
        ),
        gt=0,
        le=1,
    )
    leaves: int = parameter(
        31,
        title=QT_TRANSLATE_NOOP("Parameter", "Leaves per tree"),
        help=QT_TRANSLATE_NOOP("Parameter", "More leaves let a tree ask more questions one after the other."),
        ge=2,
        le=1000,
    )
    leaf_size: int = parameter(
        20,
        title=QT_TRANSLATE_NOOP("Parameter", "Items per leaf"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "No leaf speaks for fewer training items. With few defective items it is half their number at most."
        ),
        ge=1,
        le=10000,
        advanced=True,
    )
    penalty: float = parameter(
        0.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Penalty on large leaves"),
        help=QT_TRANSLATE_NOOP("Parameter", "Keeps leaves with few items from saying much."),
        ge=0,
        le=1000,
        advanced=True,
    )
    image_size: int = common.image_size(128)


class GradientBoosting(RowDetector):
    """Score: the log-odds F = F_0 + step * sum of the trees' leaves, F_0 the log-odds of the share of defective training items.

    Friedman 2001 with Newton steps in the leaves, on binned columns as in LightGBM (Ke et al. 2017): scikit-learn's histogram version.
    A probability near 0 or 1 would tie items whose F differs, so F itself is the score. Leaves of 20 items cannot be pure with fewer than
    20 defective ones, so they hold half as many as there are defective items at most. Missing values are medians, as for every detector,
    where scikit-learn would send them one way or the other. Nothing stops early: that would take items away from learning.

    Contributions: the change of the mean leaf value along each path, by column (Saabas 2014); they add up to F less one constant.
    """

    declaration = Declaration(
        key="gradient_boosting",
        title=QT_TRANSLATE_NOOP("Detector", "Gradient boosting"),
        summary=QT_TRANSLATE_NOOP(
            "Detector", "Learns from good and defective items with many small decision trees. Finds the kinds of defects it was shown."
        ),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.LABELLED,
        gives=frozenset({Gives.CONTRIBUTIONS, Gives.PROBABILITY}),
        source="Friedman 2001; histograms: Ke et al. 2017",
        parameters=GradientBoostingParameters,
        presets={
            "quick": {"trees": 50, "image_size": 64},
            "standard": {},
            "thorough": {"trees": 400, "step": 0.03, "image_size": 256},
        },
        shortest={"trees": 1},
        minimum_good=8,
        minimum_defective=5,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._scaler: TableScaler
        self._trees: BoostedTrees

    def memory_needed(self, data: TrainingData) -> int:
        return 4 * self._row_bytes(data) + 2 * int(self.parameters.trees) * int(self.parameters.leaves) * _NODE_BYTES

    def fit(self, data: TrainingData, context: JobContext) -> None:
        self.require_enough(data)
        assert data.labels is not None
        learnt, context = self._training_rows(data, context, steps=self.parameters.trees)
        self._scaler = TableScaler.fitted(learnt, self._columns().columns, self._notes_on_columns(context))
        rows = self._scaler.scaled(learnt)
        estimator = self._estimator(int(np.count_nonzero(data.labels)), context)
        estimator.fit(rows, data.labels)
        self._trees = BoostedTrees.of_histogram_boosting(estimator)
        context.progress(self.parameters.trees, self.parameters.trees)

    def score(self, batch: NDArray[Any]) -> Scored:
        return self._scored(*self._trees.sums(self._scaler.scaled(self._rows(batch)), self.check))

    def save(self, folder: Path) -> None:
        values = {"trees": len(self._trees.roots), "nodes": len(self._trees.values)}
        files.write_head(folder, self, self._input, values)
        trees = {name: getattr(self._trees, name) for name in (*NODE_ARRAYS, "roots")} | {"base": np.array(self._trees.base)}
        files.write_arrays(folder / "trees.safetensors", trees | self._scaler.arrays())

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        detector._input = files.input_of(head, folder)
        columns = len(detector._columns().columns)
        trees, nodes = head.values.get("trees"), head.values.get("nodes")
        if not (isinstance(trees, int) and isinstance(nodes, int) and 1 <= trees <= nodes):
            raise files.damaged(folder / files.HEAD_FILE, "its number of trees is not valid")
        path = folder / "trees.safetensors"
        shapes = dict.fromkeys(NODE_ARRAYS, (nodes,)) | {"roots": (trees,), "base": ()}
        arrays = files.read_arrays(path, shapes | TableScaler.shapes(columns))
        detector._scaler = TableScaler.from_arrays(arrays, path)
        own = {name: arrays[name] for name in (*NODE_ARRAYS, "roots")}
        detector._trees = BoostedTrees(**own, base=float(arrays["base"]))
        fault = detector._trees.fault(columns)
        if fault is not None:
            raise files.damaged(path, fault)
        return detector

    def _estimator(self, defective: int, context: JobContext) -> Any:
        """A scikit-learn estimator that looks at `context` after each tree.

        The way in is its watch for an early stop: it asks `scoring` after each tree, and with more patience than there are trees it
        never stops. Growing in portions would sort all columns into bins again for each of them.
        """
        from sklearn.ensemble import HistGradientBoostingClassifier

        trees = self.parameters.trees
        done = itertools.count()

        def watch(estimator: Any, rows: Any, labels: Any) -> float:
            context.check()
            context.progress(min(next(done), trees), trees)
            return 0.0

        return HistGradientBoostingClassifier(
            learning_rate=self.parameters.step,
            max_iter=trees,
            max_leaf_nodes=self.parameters.leaves,
            min_samples_leaf=max(1, min(self.parameters.leaf_size, defective // 2)),
            l2_regularization=self.parameters.penalty,
            categorical_features=None,
            early_stopping=True,
            validation_fraction=None,
            n_iter_no_change=trees + 1,
            scoring=watch,
            random_state=self.seed,
        )
