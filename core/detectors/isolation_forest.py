"""Isolation Forest: items that random cuts through the columns set apart after few steps are suspicious."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import Declaration, Gives, ImageInput, LearnsFrom, Parameters, Scored, TableInput, TrainingData, parameter
from core.detectors.item_rows import RowDetector, shares_of_one
from core.job_context import JobContext
from core.problems import Problem, ProblemCode
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_EULER: Final = 0.5772156649015329
_TREES_AT_ONCE: Final = 10  # trees grown between two looks at the cancel button
_ROWS_AT_ONCE: Final = 4096
_FARTHEST: Final = 1e30  # spreads from the median; beyond it float32, in which trees compare, would overflow


class IsolationForestParameters(Parameters):
    """Settings of the Isolation Forest."""

    trees: int = parameter(
        200,
        title=QT_TRANSLATE_NOOP("Parameter", "Trees"),
        help=QT_TRANSLATE_NOOP("Parameter", "More trees make the score steadier from seed to seed and take longer."),
        ge=1,
        le=5000,
    )
    sample_size: int = parameter(
        256,
        title=QT_TRANSLATE_NOOP("Parameter", "Rows per tree"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Each tree sees this many rows, drawn at random. Few rows keep groups of similar defects apart from the good rows."
        ),
        unit=QT_TRANSLATE_NOOP("Parameter", "rows"),
        ge=2,
        le=65536,
    )
    use_categories: bool = parameter(
        False,
        title=QT_TRANSLATE_NOOP("Parameter", "Cut categories too"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Makes rare variants suspicious in themselves. Tables without a numeric column are always cut by category."
        ),
        advanced=True,
    )
    columns_share: float = parameter(
        100.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Columns per tree"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Part of the columns that each tree may cut. Less than all helps when many columns tell nothing."
        ),
        unit="%",
        gt=0,
        le=100,
        advanced=True,
    )
    image_size: int = common.image_size(128)


class IsolationForest(RowDetector):
    """Score 2^(-E[h] / c(psi)) in (0, 1): h is the number of cuts to a row's leaf, c(psi) what is usual among psi rows (Liu et al. 2008).

    Contributions: each cut is credited with what it takes off the path still expected, c(rows before) - c(rows after) - 1. Along a path
    these add up to c(psi) - h exactly. The positive sums per column, scaled, add up to the score. Pictures are cut by their features.
    """

    declaration = Declaration(
        key="isolation_forest",
        title=QT_TRANSLATE_NOOP("Detector", "Isolation Forest"),
        summary=QT_TRANSLATE_NOOP(
            "Detector", "Cuts the values of a table, or of brightness and edges, at random. What stands alone after few cuts is suspicious."
        ),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.CONTRIBUTIONS}),
        source="Liu, Ting & Zhou 2008",
        parameters=IsolationForestParameters,
        presets={"quick": {"trees": 100}, "standard": {}, "thorough": {"trees": 1000}},
        shortest={"trees": 1},
        minimum_good=8,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._used: NDArray[np.int64]
        self._medians: NDArray[np.float64]
        self._spreads: NDArray[np.float64]
        self._forest: Any
        self._trees: list[_ReadTree]

    def memory_needed(self, data: TrainingData) -> int:
        nodes = 2 * min(self.parameters.sample_size, len(data.train))
        return int(self.parameters.trees * nodes * (200 + 8 * self._row_width(data))) + 3 * self._row_bytes(data)

    def fit(self, data: TrainingData, context: JobContext) -> None:
        from sklearn.ensemble import IsolationForest as Forest

        self.require_enough(data)
        wanted = self.parameters.trees
        learnt, context = self._training_rows(data, context, steps=wanted)
        self._take(data.input)
        self._learn_usual_values(learnt, self._notes_on_columns(context))
        rows = self._prepared(learnt)
        forest = Forest(
            n_estimators=0,
            max_samples=min(self.parameters.sample_size, len(rows)),
            max_features=max(1, round(self.parameters.columns_share / 100 * rows.shape[1])),
            random_state=self.seed,
            warm_start=True,
        )
        for grown in [*range(_TREES_AT_ONCE, wanted, _TREES_AT_ONCE), wanted]:
            context.check()
            forest.set_params(n_estimators=grown)
            forest.fit(rows)
            context.progress(grown, wanted)
        self._forest = forest
        self._trees = _read_trees(forest, len(self._used))

    def score(self, batch: NDArray[Any]) -> Scored:
        rows = self._prepared(self._rows(batch))
        gains = np.zeros((len(rows), len(self._used)), dtype=np.float64)
        depths = np.zeros(len(rows), dtype=np.float64)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            for tree in self._trees:
                self.check()
                leaves = tree.leaves(rows[part])
                depths[part] += tree.path_lengths[leaves]
                gains[part] += tree.gains[leaves]
        scores = np.exp2(-depths / (len(self._trees) * self._usual_length()))
        contributions = np.zeros((len(rows), len(self._columns().columns)))
        contributions[:, self._used] = shares_of_one(gains) * scores[:, None]
        return self._scored(scores, contributions)

    def save(self, folder: Path) -> None:
        files.write_head(folder, self, self._input)
        files.write_arrays(folder / "usual.safetensors", {"medians": self._medians, "spreads": self._spreads})
        files.write_estimator(folder / "forest.skops", self._forest)

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        from sklearn.ensemble import IsolationForest as Forest

        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        detector._take(files.input_of(head, folder))
        columns = len(detector._used)
        arrays = files.read_arrays(folder / "usual.safetensors", {"medians": (columns,), "spreads": (columns,)})
        if arrays["spreads"].min() <= 0:
            raise files.damaged(folder / "usual.safetensors", "a spread is not positive")
        detector._medians, detector._spreads = arrays["medians"], arrays["spreads"]
        path = folder / "forest.skops"
        detector._forest = files.read_estimator(path, kind=Forest, trusted=[files.TREE_TYPE])
        _check_forest(detector._forest, columns=columns, path=path)
        detector._trees = _read_trees(detector._forest, columns)
        return detector

    def _take(self, data_input: ImageInput | TableInput) -> None:
        """A cut through the columns of a category parts rare variants from the rest at once, and a variant is not a defect.

        Corrupted calibration rows of two tables were told from sound ones better without (AUROC 0.87 to 0.77 and 0.70 to 0.67).
        """
        self._input = data_input
        columns = self._columns()
        shared = Counter(columns.sources)
        numeric = [place for place, source in enumerate(columns.sources) if shared[source] == 1]
        every = self.parameters.use_categories or not numeric
        self._used = np.arange(len(columns.columns)) if every else np.array(numeric)

    def _learn_usual_values(self, rows: NDArray[np.float64], context: JobContext) -> None:
        """Medians stand in for missing values. Scaling changes no cut, but keeps large values apart in float32, in which trees compare."""
        rows = rows[:, self._used]
        known = np.where(np.isfinite(rows), rows, np.nan)
        medians = np.array([np.median(column[~np.isnan(column)]) if not np.isnan(column).all() else 0.0 for column in known.T])
        distances = np.abs(np.where(np.isnan(known), medians, known) - medians)
        spreads = distances.max(axis=0)
        names = self._columns().columns
        constant = [names[place] for place, spread in zip(self._used, spreads, strict=True) if spread == 0]
        if constant:
            context.note(Problem(ProblemCode.CONSTANT_COLUMNS, {"columns": ", ".join(constant)}))
        self._medians = medians
        self._spreads = np.where(spreads > 0, spreads, 1.0)

    def _prepared(self, rows: NDArray[np.float64]) -> NDArray[np.float32]:
        used = rows[:, self._used]
        filled = np.where(np.isfinite(used), used, self._medians)
        return np.clip((filled - self._medians) / self._spreads, -_FARTHEST, _FARTHEST).astype(np.float32)

    def _usual_length(self) -> float:
        return float(average_path_length(np.array([self._forest.max_samples_]))[0]) or 1.0


class _ReadTree:
    """One tree with, for every node, the path length and the gains of the columns from the root down to it."""

    def __init__(self, estimator: Any, features: NDArray[np.int64], columns: int) -> None:
        tree = estimator.tree_
        self._tree = tree
        self._features = features
        counts = tree.n_node_samples
        expected = average_path_length(counts)
        depths = np.zeros(tree.node_count)
        self.gains = np.zeros((tree.node_count, columns))
        level = np.zeros(1, dtype=np.int64)
        while len(level := level[tree.children_left[level] != -1]):
            parents = np.concatenate([level, level])
            children = np.concatenate([tree.children_left[level], tree.children_right[level]])
            depths[children] = depths[parents] + 1
            self.gains[children] = self.gains[parents]
            self.gains[children, features[tree.feature[parents]]] += expected[parents] - expected[children] - 1
            level = children
        self.path_lengths: NDArray[np.float64] = depths + expected

    def leaves(self, rows: NDArray[np.float32]) -> NDArray[np.int64]:
        """The leaf of each row."""
        chosen = rows if len(self._features) == rows.shape[1] else rows[:, self._features]
        found: NDArray[np.int64] = self._tree.apply(np.ascontiguousarray(chosen))
        return found


def average_path_length(counts: NDArray[Any]) -> NDArray[np.float64]:
    """c(n) = 2 H(n - 1) - 2 (n - 1) / n with H(i) = ln i + Euler's constant; c(2) = 1, c(1) = 0. Cuts that a search among n rows takes."""
    counts = np.asarray(counts, dtype=np.float64)
    many = np.maximum(counts, 3)
    lengths = 2 * (np.log(many - 1) + _EULER) - 2 * (many - 1) / many
    usual: NDArray[np.float64] = np.where(counts >= 3, lengths, np.where(counts >= 2, 1.0, 0.0))
    return usual


def _read_trees(forest: Any, columns: int) -> list[_ReadTree]:
    return [_ReadTree(tree, features, columns) for tree, features in zip(forest.estimators_, forest.estimators_features_, strict=True)]


def _check_forest(forest: Any, *, columns: int, path: Path) -> None:
    """Refuses a forest whose parts do not fit together, before anything is predicted with it."""
    from sklearn.tree import ExtraTreeRegressor

    try:
        if not forest.estimators_ or len(forest.estimators_) != len(forest.estimators_features_):
            raise files.damaged(path, "it has no trees")
        if int(forest.n_features_in_) != columns:
            raise files.damaged(path, "its columns do not fit")
        if not 1 <= int(forest.max_samples_) <= 2**31:
            raise files.damaged(path, "its sample size is not valid")
        for tree, features in zip(forest.estimators_, forest.estimators_features_, strict=True):
            inside = features.dtype.kind == "i" and features.ndim == 1 and bool(((features >= 0) & (features < columns)).all())
            if type(tree) is not ExtraTreeRegressor or not inside or len(features) == 0:
                raise files.damaged(path, "its columns do not fit")
            files.check_tree(tree.tree_, columns=len(features), path=path)
    except (AttributeError, TypeError, ValueError) as error:
        raise files.damaged(path, type(error).__name__) from error
