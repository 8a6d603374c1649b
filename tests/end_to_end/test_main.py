"""The real `main()` of the window, offscreen: from import to export, as a person and as the demo do it."""

from __future__ import annotations

import csv
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import update

import core.demo
from core.job_context import QuietContext
from core.project.items import item_columns
from core.project.labels import set_labels
from core.project.opening import open_project
from core.project.runs import records
from core.project.schema import sources
from core.project.thresholds import current_threshold
from core.training.request import TrainingRequest
from core.vocabulary import Kind, Label, RunState
from desktop.__main__ import main
from desktop.dialogs.import_dialog import ImportDialog
from desktop.dialogs.new_project import NewProjectDialog
from desktop.errors import LOG_NAME
from desktop.sample_project import prepare_sample
from desktop.settings import HOME_VARIABLE, data_folder
from desktop.window import MainWindow
from desktop.words import translate
from tests.packaging_scripts import ROOT

Condition = Callable[[], bool]
_TICK_MS = 20
_STEP_S = 120


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Neither a window nor a thread outlives `main`."""
    threads = set(threading.enumerate())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert QApplication.topLevelWidgets() == []
    assert [thread for thread in threading.enumerate() if thread not in threads and thread.name.startswith("flawscope")] == []


class Person:
    """Does the steps while `main` runs the event loop; each step yields what it waits for. Closes the window at the end."""

    def __init__(self, steps: Callable[[MainWindow], Iterator[Condition]]) -> None:
        self._make = steps
        self._steps: Iterator[Condition] | None = None
        self._condition: Condition = lambda: True
        self.trouble: BaseException | None = None
        self.through = False
        self._deadline = time.monotonic() + _STEP_S
        self._clock = QTimer(interval=_TICK_MS)
        self._clock.timeout.connect(self._on_tick)
        self._clock.start()

    def _on_tick(self) -> None:
        windows = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow) and widget.isVisible()]
        if not windows:
            return
        try:
            self._steps = self._steps or self._make(windows[0])
            assert time.monotonic() < self._deadline, "a step takes too long"
            if self._condition():
                self._condition = next(self._steps)
                self._deadline = time.monotonic() + _STEP_S
        except StopIteration:
            self.through = True
            self._clock.stop()
            windows[0].close()
        except BaseException as trouble:  # noqa: BLE001 - raised again by the test
            self.trouble = trouble
            self._clock.stop()
            windows[0].session.jobs.cancel_all()
            QApplication.exit(3)


def run_main(arguments: list[str], steps: Callable[[MainWindow], Iterator[Condition]]) -> None:
    person = Person(steps)
    status = main(arguments)
    if person.trouble is not None:
        raise person.trouble
    assert person.through
    assert status == 0


def write_pictures(root: Path) -> None:
    """Bright squares on noise; the defective ones have a dark spot."""
    random = np.random.default_rng(0)
    for folder, count in (("train/good", 16), ("test/good", 6), ("test/점", 6)):
        (root / folder).mkdir(parents=True)
        for number in range(count):
            picture = random.normal(160, 6, (40, 40))
            if folder.endswith("점"):
                picture[12:24, 12:24] = 20
            Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(root / folder / f"부품 {number}.png")


def write_table(path: Path) -> None:
    random = np.random.default_rng(1)
    with path.open("w", newline="", encoding="cp949") as file:
        writer = csv.writer(file)
        writer.writerow(["일련번호", "토크 [Nm]", "온도 (°C)", "판정"])
        for row in range(200):
            bad = row % 10 == 0
            writer.writerow(
                [f"S{row:04d}", f"{random.normal(14 if bad else 8, 0.3):.3f}", f"{random.normal(41, 1):.2f}", "불량" if bad else "양품"]
            )


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(event)


def import_dropped(window: MainWindow, path: Path) -> Iterator[Condition]:
    assert window.session.items is not None
    before = len(window.session.items)
    drop(window, path)
    (dialog,) = [found for found in window.findChildren(ImportDialog) if found.isVisible()]
    yield lambda: dialog.view is not None
    dialog.import_button.click()
    yield lambda: window.session.items is not None and len(window.session.items) > before


def train_and_export(window: MainWindow, request: TrainingRequest, out: Path) -> Iterator[Condition]:
    session = window.session
    assert session.project is not None
    run_id = window.pages["train"].start(request)  # type: ignore[attr-defined]
    project = session.project
    yield lambda: records(project)[-1].state not in (RunState.QUEUED, RunState.RUNNING)
    assert records(project)[-1].state is RunState.DONE, records(project)[-1].problem
    yield lambda: not session.jobs.active(hidden=True)
    session.select_run(run_id)
    session.request_page("review")
    yield lambda: not session.jobs.active(hidden=True)
    report = window.pages["report"]
    session.request_page("report")
    report.folder.setText(str(out))  # type: ignore[attr-defined]
    session.actions.action("report.export").trigger()
    yield lambda: bool(report.written.files)  # type: ignore[attr-defined]
    yield lambda: not session.jobs.active(hidden=True)


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_from_import_to_export(tmp_path: Path, home: Path) -> None:
    pictures, table, out = tmp_path / "사진", tmp_path / "공정.csv", tmp_path / "보고서"
    write_pictures(pictures)
    write_table(table)

    def steps(window: MainWindow) -> Iterator[Condition]:
        session = window.session
        session.actions.action("project.new").trigger()
        dialog = window.findChild(NewProjectDialog)
        assert dialog is not None
        dialog.folder_edit.setText(str(tmp_path))
        dialog.name_edit.setText("브래킷")
        dialog.ok_button.click()
        assert session.project is not None
        yield from import_dropped(window, pictures)
        yield from import_dropped(window, table)
        assert session.items is not None
        assert session.set_labels(session.items.id[:1], Label.DEFECTIVE, "찍힘")
        yield from train_and_export(
            window, TrainingRequest(detector="autoencoder", parameters={"epochs": 2, "image_size": 32}), out / "images"
        )
        yield from train_and_export(window, TrainingRequest(detector="isolation_forest", kind=Kind.ROW), out / "table")

    run_main([], steps)
    log = (home / "log" / LOG_NAME).read_text(encoding="utf-8")
    assert "Traceback" not in log
    with open_project(tmp_path / "브래킷.flawscope") as project:
        columns = item_columns(project)
        assert len(columns) == 28 + 200
        assert (columns.label[0], columns.defect_type[0]) == (Label.DEFECTIVE, "찍힘")
        assert [record.state for record in records(project)] == [RunState.DONE, RunState.DONE]
        thresholds = [current_threshold(project, record.id) for record in records(project)]
    assert all(threshold is not None for threshold in thresholds)
    for name, count in (("images", 28), ("table", 200)):
        rows = read_rows(out / name / "items.csv")
        assert len(rows) == count
        assert all(row["score"] and row["verdict"] for row in rows)
        assert "브래킷" in (out / name / "report.html").read_text(encoding="utf-8")
    ranks = {row["label"]: [] for row in read_rows(out / "table" / "items.csv")}  # type: dict[str, list[float]]
    for row in read_rows(out / "table" / "items.csv"):
        ranks[row["label"]].append(float(row["score"]))
    assert np.mean(ranks["defective"]) > np.mean(ranks["good"])


def test_demo_does_the_main_job_on_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The same steps as `packaging/launch.py` without a screen, with a training that is only as long as a test may be."""
    quick = (
        TrainingRequest(detector="autoencoder", parameters={"epochs": 2, "image_size": 32}),
        TrainingRequest(detector="isolation_forest", preset="quick", kind=Kind.ROW),
    )
    monkeypatch.setattr(core.demo, "REQUESTS", quick)
    out = tmp_path / "output"
    assert main(["--demo", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    for detector, count in (("autoencoder", 360), ("isolation_forest", 2000)):
        assert len(read_rows(out / detector / "items.csv")) == count
        assert str(out / detector / "report.html") in printed
    pictures = sorted(out.glob("*.png"))
    assert len(pictures) == 7
    for picture in pictures:
        assert str(picture) in printed
        with Image.open(picture) as image:
            assert image.width >= 800
            assert len(image.convert("RGB").resize((64, 64)).getcolors(64 * 64) or []) > 20  # not an empty window

    keeps_what_a_person_did(data_folder())


def keeps_what_a_person_did(folder: Path) -> None:
    """Opening the sample project again, even one that was cut off while it was made, changes no label and no split."""
    context = QuietContext()
    place = prepare_sample(context, folder)
    with open_project(place) as project:
        set_labels(project, [1], Label.UNSURE)
        before = item_columns(project)
    with open_project(place) as project, project.write() as connection:
        connection.execute(update(sources).values(complete=False).where(sources.c.kind == "row"))  # as after a cut-off
    for _ in range(2):
        assert prepare_sample(context, folder) == place
        with open_project(place) as project:
            after = item_columns(project)
        for name in ("id", "label", "split"):
            np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


def test_demo_says_in_one_sentence_what_stopped_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert main(["--demo", "--out", str(blocked / "output")]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_project_of_the_command_line_is_opened(tmp_path: Path) -> None:
    from core.project.opening import create_project

    create_project(tmp_path / "제품").close()

    def steps(window: MainWindow) -> Iterator[Condition]:
        yield lambda: window.session.project is not None
        assert window.session.project is not None
        assert window.session.project.name == "제품"
        yield lambda: not window.session.jobs.active(hidden=True)

    run_main([str(tmp_path / "제품.flawscope")], steps)


def test_language_and_colours_are_switched_at_run_time() -> None:
    def steps(window: MainWindow) -> Iterator[Condition]:
        settings = window.session.settings
        settings.update(language="English")
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
        settings.update(language="한국어", colour_scheme="dark")
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "취소"
        assert QLocale().language() == QLocale.Language.Korean
        yield lambda: window.welcome.recent.accessibleName() == translate("Welcome", "Recent projects")
        settings.update(language="English")
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
        yield lambda: window.welcome.recent.accessibleName() == "Recent projects"

    run_main([], steps)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["--out", "x"], ["--nonsense"], ["a.flawscope", "--demo"]])
def test_command_line_answers_without_loading_qt(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom desktop.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as done: print('status', done.code, any(name.startswith('PySide6') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    expected = 0 if arguments[0] in ("--help", "--version") else 2
    assert done.stdout.splitlines()[-1] == f"status {expected} False"


def test_torch_comes_before_qt_on_windows_and_not_at_all_elsewhere() -> None:
    """Each in a fresh interpreter, where the order of imports can still be seen; torch is stood in for by an empty module."""
    code = (
        "import sys\n"
        "from importlib.machinery import ModuleSpec\n"
        "order = []\n"
        "class Watch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        order.append(name)\n"
        "        return ModuleSpec(name, self) if name == 'torch' else None\n"
        "    def create_module(self, spec): return None\n"
        "    def exec_module(self, module): pass\n"
        "sys.meta_path.insert(0, Watch())\n"
        "sys.platform = sys.argv[1]\n"
        "import desktop.__main__\n"
        "sys.platform = 'linux'\n"
        "import desktop.application, desktop.pages\n"
        "for key in desktop.pages.PAGES: desktop.pages.page_class(key)\n"
        "print(order.index('torch') < order.index('PySide6') if 'torch' in order else 'no torch')\n"
    )
    answers = [
        subprocess.run([sys.executable, "-c", code, platform], cwd=ROOT, capture_output=True, text=True, check=False)
        for platform in ("win32", "linux")
    ]
    assert [done.stdout.strip() for done in answers] == ["True", "no torch"], answers
