"""MNIST, one digit is good: trained on all of its canonical training pictures, tested on all 10 000 test pictures (`detectors.md` 10.3).

"rows": the 784 pixels as columns in 0..1, not scaled one by one, because they share a unit; network sizes, rate, batch and steps as they
are printed for the figures in square brackets. "pictures": enlarged from 28 to 32 px. AUROC in percent.

    --only mnist [--digits 1 5 8]

Without --digits: all ten with a GPU; otherwise 1, 5 and 8, which were chosen before anything was measured, because the printed tables have
them as the easiest, a middling and the hardest digit. The mean in square brackets is that of the same digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.data.images import resize_image
from core.detectors.base import ImageInput, TableInput, TrainingData
from core.detectors.catalog import DETECTORS
from tests.benchmarks.accuracy.bench import Bench, Measured, fitted, ranking, scored
from tests.benchmarks.accuracy.results import Row, markdown

TITLE: Final = "MNIST, normal = one digit, AUROC in percent"
PART: Final = "mnist"
SEEDS: Final = (0, 1, 2)
ON_A_PROCESSOR: Final = (1, 5, 8)
PICTURE_SIDE: Final = 32
_PIXELS: Final = 28 * 28


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A detector with what differs from its standard preset; `printed` for digits 0 to 9, empty if nobody printed any."""

    method: str
    key: str
    changes: Mapping[str, Any]
    as_rows: bool
    printed: tuple[float, ...] = ()


_DENSE: Final = {"scale_columns": False, "row_steps": 1500, "learning_rate": 0.001, "batch_size": 16}  # 128 rows
_SMALL: Final = {"image_size": PICTURE_SIDE, "width": 16}
SETTINGS: Final = (
    Setting(
        method="pca, rows",
        key="pca",
        changes={"scale_columns": False, "components": 32},
        as_rows=True,
        printed=(99.2, 99.9, 92.4, 95.4, 94.3, 97.3, 98.5, 97.0, 84.9, 96.3),
    ),
    Setting(
        method="isolation_forest, rows",
        key="isolation_forest",
        changes={},
        as_rows=True,
        printed=(96.6, 99.4, 73.9, 84.1, 87.8, 74.8, 87.0, 91.9, 74.1, 88.1),
    ),
    Setting(
        method="autoencoder, rows",
        key="autoencoder",
        changes={**_DENSE, "row_latent_size": 32, "noise": 0.0},
        as_rows=True,
        printed=(99.3, 99.9, 93.6, 96.1, 96.0, 97.7, 99.1, 97.4, 86.5, 97.6),
    ),
    Setting(
        method="variational_autoencoder, rows",
        key="variational_autoencoder",
        changes={**_DENSE, "row_latent_size": 16},
        as_rows=True,
        printed=(99.5, 99.9, 94.3, 96.3, 96.7, 97.4, 99.2, 97.3, 89.2, 97.6),
    ),
    Setting(method="adversarial_autoencoder, rows", key="adversarial_autoencoder", changes={**_DENSE, "row_latent_size": 16}, as_rows=True),
    Setting(
        method="anogan, encoder, pictures",
        key="anogan",
        changes={**_SMALL, "mode": "encoder"},
        as_rows=False,
    ),
    Setting(
        method="anogan, search of 500 steps, pictures",
        key="anogan",
        changes={**_SMALL, "mode": "search", "search_steps": 500},
        as_rows=False,
        printed=(96.6, 99.2, 85.0, 88.7, 89.4, 88.3, 94.7, 93.5, 84.9, 92.4),
    ),
    Setting(method="ganomaly, pictures", key="ganomaly", changes=_SMALL, as_rows=False),
)


def add_options(parser: Any) -> None:
    parser.add_argument("--digits", nargs="+", type=int, choices=range(10), help="digits that are good, one after the other")


def run(bench: Bench) -> None:
    """Every method on every digit."""
    path = bench.data / "mnist.npz"
    if not path.is_file():
        return
    digits = bench.options["digits"] or (range(10) if bench.device != "cpu" else ON_A_PROCESSOR)
    pixels = {name: np.load(path)[name] for name in ("x_train", "y_train", "x_test", "y_test")}
    for digit in digits:
        for seed in bench.seeds_or(SEEDS):
            for one in SETTINGS:
                if one.key in DETECTORS:
                    work = partial(_measured, bench, pixels, one, digit, seed)
                    bench.measure(part=PART, data_set=f"digit {digit}", method=one.method, seed=seed, work=work)


def report(rows: list[Row]) -> str:
    """A line for each method, a column for each digit, the mean over the digits, seconds per digit."""
    digits = sorted({row.data_set for row in rows})
    lines = []
    for method in dict.fromkeys(row.method for row in rows):
        of_method = [row for row in rows if row.method == method]
        found = [[row.figures["AUROC"] for row in of_method if row.data_set == digit] for digit in digits]
        printed = [row.references["AUROC"] for digit in digits for row in of_method if row.data_set == digit and row.references]
        bracket = f" [{np.mean(printed):.1f}]" if printed else ""
        cells = [f"{np.mean(values):.1f} ({min(values):.1f}-{max(values):.1f})" if values else "-" for values in found]
        whole = f"{np.mean([np.mean(values) for values in found if values]):.1f}{bracket}"
        seconds = [f"{np.mean([row.seconds[name] for row in of_method]):.0f}" for name in ("fit", "score")]
        lines.append([method, *cells, whole, *seconds, str(len({row.seed for row in of_method}))])
    return markdown(["method", *digits, "mean [printed]", "fit s", "score s", "seeds"], lines)


def _measured(bench: Bench, pixels: Mapping[str, NDArray[np.uint8]], one: Setting, digit: int, seed: int) -> Measured:
    take: Callable[[NDArray[np.uint8]], NDArray[Any]] = _as_rows if one.as_rows else _as_pictures
    good, test = take(pixels["x_train"][pixels["y_train"] == digit]), take(pixels["x_test"])
    form: TableInput | ImageInput = ImageInput(height=PICTURE_SIDE, width=PICTURE_SIDE, channels=1)
    if one.as_rows:
        form = TableInput(columns=tuple(f"p{place}" for place in range(_PIXELS)), sources=tuple(range(_PIXELS)))
    data = TrainingData(input=form, train=good, calibration=good[:0])
    detector, fit_seconds = fitted(one.key, data, seed=seed, device=bench.device, **one.changes)
    found, score_seconds = scored(detector, test)
    return Measured(
        figures=ranking(pixels["y_test"] != digit, found.scores),
        references={"AUROC": one.printed[digit]} if one.printed else {},
        seconds={"fit": fit_seconds, "score": score_seconds},
    )


def _as_rows(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    return pictures.reshape(len(pictures), _PIXELS) / 255.0


def _as_pictures(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.stack([resize_image(picture, height=PICTURE_SIDE, width=PICTURE_SIDE, channels=1) for picture in pictures])
