"""Speed: every detector for images, AnoGAN's search batched and one by one, GANomaly beside anomalib's. Measure on an idle machine.

"fit step ms": what one more picture costs in training, from two trainings of different length; for detectors without epochs or steps the
whole training divided by the pictures. "score ms": per picture among 64. "alone ms": a single picture. Pictures are elpv_poly's at the
working size of the standard preset. Repeated once for each seed; in brackets smallest and largest.

anomalib (2.7) is never a dependency: it lives in an environment of its own, which borrows torch from the one that runs this,

    python -m venv ../anomalib
    python -c "import site; print(site.getsitepackages()[0])" > ../anomalib/lib/python3.11/site-packages/ours.pth
    ../anomalib/bin/pip install anomalib==2.7.0

and is used with `--only speed --anomalib ../anomalib/bin/python`. Both train GANomaly on the same colour PNG files of 64 px, batches of
32, 64 features, latent 100, float32, with as many threads; ours includes decoding the files once. anomalib is measured with eight loader
workers, its default, and with none; the ratio is to the faster of the two, run by run.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import torch
from PIL import Image

from core.data.images import read_image, resize_image
from core.detectors.base import Detector, ImageInput, TrainingData
from core.detectors.catalog import declarations, detector_class
from core.job_context import QuietContext
from core.networks.dcgan import Discriminator, Generator, initialise_gan, to_signed
from core.networks.latent_search import LatentSearch, SearchSettings
from core.networks.pictures import to_network
from core.networks.seeds import torch_generator
from core.vocabulary import Kind
from tests.benchmarks.accuracy.bench import Bench, Measured, fitted, scored
from tests.benchmarks.accuracy.results import Row, listing, markdown

TITLE: Final = "Speed"
PART: Final = "speed"
SEEDS: Final = (0, 1, 2)
PICTURES: Final = 64
ALONE: Final = 5
DETECTORS: Final = f"{PICTURES} pictures"
LENGTHS: Final = {"steps": (5, 35), "epochs": (1, 4)}  # of the two trainings whose difference tells what a step takes

SEARCH_STEPS: Final = 100
SEARCH: Final = f"anogan, {SEARCH_STEPS} steps of the search, 64 px, width 16"
SEARCHED: Final = 128
ONE_BY_ONE: Final = 4
SIDE_BY_SIDE: Final = (1, 16, 64, SEARCHED)

GANOMALY: Final = "ganomaly, 64 px, batches of 32, 64 features"
SIDE, WIDTH, BATCH, LATENT, EPOCH = 64, 64, 32, 100, 761  # pictures in an epoch
OURS: Final = "flawscope"
WORKERS: Final = (8, 0)


def add_options(parser: Any) -> None:
    parser.add_argument("--anomalib", type=Path, help="python of an environment that has anomalib")
    parser.add_argument("--epochs", type=int, default=3, help="of the GANomaly trainings; the first is not counted")


def run(bench: Bench) -> None:
    """Everything that takes time, once for each seed, so that what is compared runs one after the other."""
    files = sorted((bench.data / "elpv_poly").glob("t*/good/*"))
    if not files:
        return
    for seed in bench.seeds_or(SEEDS):
        for key in (one.key for one in declarations() if Kind.IMAGE in one.takes and not one.minimum_defective):
            work = partial(_detector, bench, files[:PICTURES], key, seed)
            bench.measure(part=PART, data_set=DETECTORS, method=key, seed=seed, work=work)
        for size in SIDE_BY_SIDE:
            work = partial(_search, bench, files[:SEARCHED], size, seed)
            bench.measure(part=PART, data_set=SEARCH, method=_side_by_side(size), seed=seed, work=work)
        _ganomalies(bench, files[:EPOCH], seed)


def report(rows: list[Row]) -> str:
    """A table for each comparison, and the ratios run by run."""
    parts = [listing([row for row in rows if row.data_set == name]) for name in dict.fromkeys(row.data_set for row in rows)]
    alone = _side_by_side(1)
    lines = [_ratio_line(f"search, {_side_by_side(size)}", rows, SEARCH, _side_by_side(size), (alone,)) for size in SIDE_BY_SIDE[1:]]
    lines.append(_ratio_line("GANomaly, to the faster anomalib", rows, GANOMALY, OURS, [_theirs(workers) for workers in WORKERS]))
    return "\n\n".join([*parts, markdown(["times faster", "median", "smallest", "largest", "runs"], [line for line in lines if line])])


def _ratio_line(title: str, rows: list[Row], data_set: str, method: str, others: Sequence[str]) -> list[str]:
    """Pictures per second of `method` by those of the fastest of `others`, over the runs that have both; empty if there is none."""
    found = []
    for seed in sorted({row.seed for row in rows}):
        speeds = {row.method: row.figures["images/s"] for row in rows if row.data_set == data_set and row.seed == seed}
        known = [speeds[other] for other in others if other in speeds]
        if method in speeds and known:
            found.append(speeds[method] / max(known))
    return [title, *(f"{value:.2f}" for value in (np.median(found), min(found), max(found))), str(len(found))] if found else []


# ---- every detector --------------------------------------------------------------------------------------------------------------------


def _detector(bench: Bench, files: Sequence[Path], key: str, seed: int) -> Measured:
    kind = detector_class(key)
    parameters: Any = kind.declaration.parameters.model_validate(kind.declaration.presets["standard"])
    data = _data(kind(parameters), files)
    length = next((name for name in LENGTHS if name in kind.declaration.parameters.model_fields), None)

    def train(**changes: Any) -> tuple[Detector, float]:
        return fitted(key, data, seed=seed, device=bench.device, **changes)

    if length is None:
        detector, seconds = train()
        step = seconds / len(data.train)
    else:
        short, long = LENGTHS[length]
        train(**{length: short})  # the first of its kind also prepares the library
        _, little = train(**{length: short})
        detector, much = train(**{length: long})
        step = (much - little) / ((long - short) * (len(data.train) if length == "epochs" else parameters.batch_size))
    scored(detector, data.train)
    _, together = scored(detector, data.train)
    alone = [scored(detector, data.train[place : place + 1])[1] for place in range(ALONE)]
    form = data.input
    assert isinstance(form, ImageInput)
    return Measured(
        figures={"fit step ms": 1000 * step, "score ms": 1000 * together / len(data.train), "alone ms": 1000 * float(np.median(alone))},
        note=f"{key} works at {form.height} x {form.width} px",
    )


def _data(detector: Detector, files: Sequence[Path]) -> TrainingData:
    read = [read_image(path) for path in files]
    form = detector.image_input([picture.shape[:2] for picture in read], channels=1)
    pictures = np.stack([resize_image(picture, height=form.height, width=form.width, channels=1) for picture in read])
    return TrainingData(input=form, train=pictures, calibration=pictures[:0])


# ---- AnoGAN's search -------------------------------------------------------------------------------------------------------------------


def _side_by_side(size: int) -> str:
    return f"{size} side by side" if size > 1 else "one by one"


def _search(bench: Bench, files: Sequence[Path], size: int, seed: int) -> Measured:
    """Untrained networks take as long as trained ones, and no search ends early here."""
    generator = Generator(height=SIDE, width=SIDE, channels=1, base=16, latent=64)
    discriminator = Discriminator(height=SIDE, width=SIDE, channels=1, base=16)
    for network in (generator, discriminator):
        initialise_gan(network, seed)
        network.to(bench.device).eval()
    settings = SearchSettings(steps=SEARCH_STEPS, restarts=1, feature_share=0.1, least_gain=0.0)
    search = LatentSearch(generator, discriminator, settings, starts=torch_generator("cpu", seed))
    read = [resize_image(read_image(path), height=SIDE, width=SIDE, channels=1) for path in files]
    pictures = to_signed(to_network(torch.from_numpy(np.stack(read)).to(bench.device)))
    search.codes(pictures[:1], size=size)
    shown = pictures if size > 1 else pictures[:ONE_BY_ONE]
    started = time.perf_counter()
    search.codes(shown, size=size).cpu()
    return _rate(len(shown), time.perf_counter() - started)


def _rate(count: int, seconds: float) -> Measured:
    return Measured(figures={"images/s": count / seconds, "ms per image": 1000 * seconds / count})


# ---- GANomaly --------------------------------------------------------------------------------------------------------------------------


def _ganomalies(bench: Bench, files: Sequence[Path], seed: int) -> None:
    """Ours, theirs, theirs, on the same files."""
    with TemporaryDirectory(prefix="flawscope-benchmark-") as place:
        folder = Path(place)
        (folder / "good").mkdir()
        for number, path in enumerate(files):
            picture = resize_image(read_image(path), height=SIDE, width=SIDE, channels=3)
            Image.fromarray(picture).save(folder / "good" / f"{number:04d}.png")
        work = partial(_ours, bench, folder, seed)
        bench.measure(part=PART, data_set=GANOMALY, method=OURS, seed=seed, work=work)
        if bench.options["anomalib"]:
            for workers in WORKERS:
                work = partial(_anomalib, bench, folder, workers)
                bench.measure(part=PART, data_set=GANOMALY, method=_theirs(workers), seed=seed, work=work)


def _theirs(workers: int) -> str:
    return f"anomalib, {workers} loader workers"


def _ours(bench: Bench, folder: Path, seed: int) -> Measured:
    started = time.perf_counter()
    pictures = np.stack([read_image(path) for path in sorted((folder / "good").iterdir())])
    reading = time.perf_counter() - started
    data = TrainingData(input=ImageInput(height=SIDE, width=SIDE, channels=3), train=pictures, calibration=pictures[:0])
    epoch = -(-len(pictures) // BATCH)
    clock = _Clock()
    kind = detector_class("ganomaly")
    changes = {"image_size": SIDE, "width": WIDTH, "batch_size": BATCH, "latent_size": LATENT, "steps": epoch * bench.options["epochs"]}
    kind(kind.declaration.parameters.model_validate(changes), seed=seed, device=bench.device).fit(data, clock)
    steps = epoch * (bench.options["epochs"] - 1)
    return _rate(steps * BATCH, clock.reached[epoch + steps] - clock.reached[epoch] + reading)


def _anomalib(bench: Bench, folder: Path, workers: int) -> Measured:
    script = Path(__file__).with_name("anomalib_epochs.py")
    numbers = {
        "size": SIDE,
        "width": WIDTH,
        "batch": BATCH,
        "epochs": bench.options["epochs"],
        "workers": workers,
        "threads": torch.get_num_threads(),
    }
    accelerator = "cpu" if bench.device == "cpu" else "gpu"
    arguments = [word for name, value in numbers.items() for word in (f"--{name}", str(value))]
    command = [str(bench.options["anomalib"]), str(script), str(folder), "--accelerator", accelerator, *arguments]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds = json.loads(told.splitlines()[-1])[1:]
    return _rate(len(seconds) * len(list((folder / "good").iterdir())), sum(seconds))


class _Clock(QuietContext):
    """When each step was reached."""

    def __init__(self) -> None:
        super().__init__()
        self.reached: dict[int, float] = {}

    def progress(self, done: int, total: int) -> None:
        self.reached[done] = time.perf_counter()
