"""Logistic regression: a weighted sum of the columns, with weights that tell defective items from good ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import Declaration, Gives, LearnsFrom, Parameters, Scored, TrainingData, parameter
from core.detectors.item_rows import RowDetector
from core.detectors.table_values import TableScaler
from core.job_context import JobContext
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_TOLERANCES: Final = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)  # of the gradient; a look at the cancel button after each
_ITERATIONS: Final = 10_000
_FEW: Final = 0.2  # of the training items: fewer defective ones are weighed up
_CHOICES: Final = (
    QT_TRANSLATE_NOOP("Parameter", "auto"),
    QT_TRANSLATE_NOOP("Parameter", "always"),
    QT_TRANSLATE_NOOP("Parameter", "never"),
)


class LogisticRegressionParameters(Parameters):
    """Settings of the logistic regression."""

    freedom: float = parameter(
        1.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Freedom of the weights (C)"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Small values keep the weights of the columns small, which is steadier with few defective items. Large ones fit closer.",
        ),
        gt=0,
        le=1e6,
    )
    balance: Literal["auto", "always", "never"] = parameter(
        "auto",
        title=QT_TRANSLATE_NOOP("Parameter", "Weigh defective items up"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "The few defective items then count as much as the many good ones while the weights are learnt. auto: if fewer than 20 % are defective.",
        ),
    )
    image_size: int = common.image_size(128)


class LogisticRegression(RowDetector):
    """Score: the log-odds f = w.x + b of being defective, x in spreads from the mean of the training items (Cox 1958).

    scikit-learn minimises w.w / 2 + C sum a_i (log(1 + exp(f_i)) - y_i f_i). Where defective items are weighed up, the learnt b is too
    large by log(a_1 / a_0); that is taken off again, so that 1 / (1 + exp(-f)) stays a probability at the share of defective items seen
    (King & Zeng 2001), which scikit-learn's own is not. The order of the items is the same. Contributions w_j x_j add up to f - b.
    """

    declaration = Declaration(
        key="logistic_regression",
        title=QT_TRANSLATE_NOOP("Detector", "Logistic regression"),
        summary=QT_TRANSLATE_NOOP(
            "Detector", "Learns one weight for each column from good and defective items. Finds the kinds of defects it was shown."
        ),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.LABELLED,
        gives=frozenset({Gives.CONTRIBUTIONS, Gives.PROBABILITY}),
        source="Cox 1958; King & Zeng 2001",
        parameters=LogisticRegressionParameters,
        presets={"quick": {"image_size": 64}, "standard": {}, "thorough": {"image_size": 256}},
        minimum_good=8,
        minimum_defective=5,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._scaler: TableScaler
        self._weights: NDArray[np.float64]
        self._base: float

    def memory_needed(self, data: TrainingData) -> int:
        return 4 * self._row_bytes(data)

    def fit(self, data: TrainingData, context: JobContext) -> None:
        from sklearn.linear_model import LogisticRegression as Regression

        self.require_enough(data)
        assert data.labels is not None
        learnt, context = self._training_rows(data, context, steps=len(_TOLERANCES))
        self._scaler = TableScaler.fitted(learnt, self._columns().columns, self._notes_on_columns(context))
        rows = self._scaler.scaled(learnt)
        good_weight, defective_weight = self._class_weights(data.labels)
        regression = Regression(
            C=self.parameters.freedom,
            class_weight={0: good_weight, 1: defective_weight},
            max_iter=_ITERATIONS,
            warm_start=True,
        )
        for step, tolerance in enumerate(_TOLERANCES, 1):
            context.check()
            regression.set_params(tol=tolerance)
            regression.fit(rows, data.labels)
            context.progress(step, len(_TOLERANCES))
        self._weights = np.asarray(regression.coef_[0], dtype=np.float64)
        self._base = float(regression.intercept_[0]) - float(np.log(defective_weight / good_weight))

    def score(self, batch: NDArray[Any]) -> Scored:
        contributions = self._scaler.scaled(self._rows(batch)) * self._weights
        return self._scored(contributions.sum(axis=1) + self._base, contributions)  # no product of matrices: it rounds by batch size

    def save(self, folder: Path) -> None:
        files.write_head(folder, self, self._input)
        arrays = {"weights": self._weights, "base": np.array(self._base)}
        files.write_arrays(folder / "weights.safetensors", arrays | self._scaler.arrays())

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        detector._input = files.input_of(head, folder)
        columns = len(detector._columns().columns)
        path = folder / "weights.safetensors"
        arrays = files.read_arrays(path, {"weights": (columns,), "base": ()} | TableScaler.shapes(columns))
        detector._scaler = TableScaler.from_arrays(arrays, path)
        detector._weights, detector._base = arrays["weights"], float(arrays["base"])
        return detector

    def _class_weights(self, labels: NDArray[np.int8]) -> tuple[float, float]:
        """Of each good and each defective item: n / (2 n of its class) where they are balanced, else 1."""
        count, defective = len(labels), int(np.count_nonzero(labels))
        balance = self.parameters.balance
        if balance == "never" or (balance == "auto" and defective >= _FEW * count):
            return 1.0, 1.0
        return count / (2 * (count - defective)), count / (2 * defective)
