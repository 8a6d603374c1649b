"""How long one frame takes while a threshold is dragged on the Review page: counts, intervals, histogram and visible rows painted.

    python -m tests.benchmarks.threshold_drag

A real project with 100,000 scored pictures, a real window page, one mouse move for each frame. The picture of the shown item and the
thumbnails of the first rows are there; the clock runs from the mouse event until everything has been painted again.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image
from sqlalchemy import insert

from core.project import runs
from core.project.identity import utc_now
from core.project.opening import Project, create_project
from core.project.schema import items, sources
from core.project.thresholds import set_threshold
from core.training.request import TrainingRequest
from core.vocabulary import Kind

if TYPE_CHECKING:
    from desktop.pages.review import ReviewPage

COUNT: Final = 100_000
EDGE: Final = 256
WITH_PICTURE: Final = 60  # so many of the highest scores have a file


def scored_project(folder: Path, count: int = COUNT) -> Path:
    """A project of `count` pictures, 10 % of them defective, half calibration and half test, with one finished run."""
    random = np.random.default_rng(0)
    defective = random.random(count) < 0.1
    scores = np.where(defective, random.normal(0.6, 0.12, count), random.normal(0.35, 0.08, count))
    with create_project(folder / "many") as project:
        run_id = _queue(project)
        _insert(project, folder / "pictures", defective, scores)
        ids = np.arange(1, count + 1)
        runs.store_scores(project, run_id, ids, scores, part=0)
        runs.finish_run(project, run_id)
        basis = {"split": "calibration", "n_good": int((~defective).sum()), "n_defective": int(defective.sum())}
        set_threshold(project, run_id, t1=0.45, t2=0.55, rule="hand", rule_value=None, basis=basis)
        return project.folder


def _queue(project: Project) -> int:
    request = TrainingRequest(detector="autoencoder", device="cpu")
    return runs.create_run(
        project, detector="autoencoder", kind=Kind.IMAGE, parameters={}, preset=None, seed=0, device="cpu", request=vars(request)
    )


def _insert(project: Project, pictures: Path, defective: np.ndarray, scores: np.ndarray) -> None:
    pictures.mkdir()
    now = utc_now()
    random = np.random.default_rng(1)
    for place in np.argsort(-scores)[:WITH_PICTURE]:
        Image.fromarray(random.integers(0, 255, (EDGE, EDGE, 3), dtype=np.uint8)).save(pictures / f"{place:06d}.png")
    rows = [
        {
            "source_id": 1, "kind": "image", "relative_path": f"{place:06d}.png", "position": 0, "name": f"{place:06d}.png",
            "sha256": f"{place:064x}", "width": EDGE, "height": EDGE, "channels": 3, "bit_depth": 8,
            "label": "defective" if bad else "good", "split": "calibration" if place % 2 else "test", "imported_at": now,
        }
        for place, bad in enumerate(defective.tolist())
    ]  # fmt: skip
    source = {"kind": "image", "path": str(pictures), "layout": "flat", "imported_at": now, "complete": True}
    with project.write() as connection:
        connection.execute(insert(sources).values(id=1, **source))
        connection.execute(insert(items), rows)


def drag_frames(page: ReviewPage, frames: int) -> np.ndarray:
    """Drags T1 to and fro over half of the histogram; milliseconds for each frame, shape (frames,)."""
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    histogram = page.desk.histogram
    assert histogram.thresholds is not None

    def mouse(kind: QEvent.Type, x: float, held: Qt.MouseButton) -> None:
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        place = QPointF(x, histogram.height() / 2)
        outside = QPointF(histogram.mapToGlobal(place))
        QApplication.sendEvent(histogram, QMouseEvent(kind, place, outside, button, held, Qt.KeyboardModifier.NoModifier))

    start = histogram.x_of(histogram.thresholds[0])
    mouse(QEvent.Type.MouseButtonPress, start - 1, Qt.MouseButton.LeftButton)
    times = []
    for frame in range(frames):
        x = start - 1 - 60 * (1 - np.cos(frame / 15))
        begin = time.perf_counter()
        mouse(QEvent.Type.MouseMove, float(x), Qt.MouseButton.LeftButton)
        QApplication.processEvents()
        times.append(1000 * (time.perf_counter() - begin))
    histogram.cancel_move()
    return np.array(times)


def open_page(folder: Path) -> ReviewPage:
    """The page on all items, painted, with its thumbnails and the picture of the first item."""
    from PySide6.QtWidgets import QApplication

    from desktop.pages.review import ReviewPage
    from desktop.session import Session

    session = Session()
    page = ReviewPage(session)
    page.resize(1280, 760)
    page.show()
    session.open_project(folder)
    page.bar.bases[None].click()
    page.desk.rules.simple.setChecked(False)
    deadline = time.monotonic() + 30
    while (page.view.part is None or session.jobs.active(hidden=True)) and time.monotonic() < deadline:
        QApplication.processEvents()
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=COUNT)
    parser.add_argument("--frames", type=int, default=300)
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    application.setStyle("Fusion")
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FLAWSCOPE_HOME"] = folder
        page = open_page(scored_project(Path(folder), chosen.items))
        begin = time.perf_counter()
        page.ranking.order.click()
        print(f"sort {chosen.items:,} items by score: {1000 * (time.perf_counter() - begin):.0f} ms")
        page.ranking.order.click()
        drag_frames(page, 20)
        times = drag_frames(page, chosen.frames)
        print(
            f"threshold drag at {chosen.items:,} scores, per frame: median {np.median(times):.1f} ms, "
            f"p99 {np.quantile(times, 0.99):.1f} ms, worst {times.max():.1f} ms"
        )
        page.session.shutdown()
        page.close()


if __name__ == "__main__":
    main()
