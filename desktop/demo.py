"""`flawscope --demo`: the window does the main job by itself, on the sample project, and takes a picture of each page.

The same steps as `core.demo`, through session, jobs and pages: what is seen here is what a person would get.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from core.detectors.catalog import detector_class
from core.problems import Problem
from core.vocabulary import RunState
from desktop.application import Program
from desktop.session import Session
from desktop.window import MainWindow
from desktop.words import translate

if TYPE_CHECKING:
    from core.training.request import TrainingRequest
    from desktop.pages.report import ReportPage
    from desktop.pages.train import TrainPage

Condition = Callable[[], bool]
_TICK_MS: Final = 50
_QUIET_TICKS: Final = 6
_POINTS: Final = 12  # of the loss curve, before its picture is taken


class DemoTrouble(Exception):  # noqa: N818 - said in one sentence, as every trouble
    """A step of the demo could not be done."""


def _say(text: str) -> None:
    print(f"flawscope: {text}", flush=True)


class Demo(QObject):
    """Walks through the steps; a clock asks now and then whether the step in hand is done. `files` are those it wrote so far."""

    def __init__(self, window: MainWindow, out: Path, *, end: Callable[[int], object]) -> None:
        super().__init__(window)
        self._window: Final = window
        self._session: Final[Session] = window.session
        self._out: Final = out.absolute()
        self._end: Final = end
        self.files: list[Path] = []
        self._trouble = ""
        self._notice = ""
        self._points = 0
        self._quiet = 0
        self._steps = self._all_steps()
        self._condition: Condition = lambda: True
        self._clock = QTimer(self, interval=_TICK_MS)
        self._clock.timeout.connect(self._on_tick)
        self._session.jobs.failed.connect(self._on_failed)
        self._session.jobs.metric.connect(self._on_metric)
        self._session.notified.connect(self._on_notified)
        self._session.closing.connect(self._clock.stop)

    def start(self) -> None:
        self._clock.start()

    def _all_steps(self) -> Iterator[Condition]:
        from core.demo import REQUESTS

        self._out.mkdir(parents=True, exist_ok=True)
        _say("opening the sample project")
        opened: list[Path] = []
        self._window.opening.sample_ready.connect(opened.append)
        self._window.opening.open_sample()
        yield lambda: bool(opened) and self._session.project is not None
        yield from self._picture("data", "1_data")
        for request in REQUESTS:
            yield from self._train(request)
            yield from self._picture("review", f"3_review_{request.detector}")
            yield from self._export(request.detector)
            yield from self._picture("report", f"4_report_{request.detector}")

    def _train(self, request: TrainingRequest) -> Iterator[Condition]:
        """Trains, scores and sets the first threshold; the run is the current one afterwards."""
        from core.project.runs import record

        title = detector_class(request.detector).declaration.title
        _say(f"training: {title}")
        begin = time.monotonic()
        self._session.request_page("train")
        page = cast("TrainPage", self._window.pages["train"])
        run_id = page.start(request)
        project = self._session.project
        if run_id is None or project is None:
            raise DemoTrouble(self._notice)
        self._points = 0
        yield lambda: self._points >= _POINTS or record(project, run_id).state is RunState.DONE
        yield from self._picture("train", f"2_train_{request.detector}")
        yield lambda: record(project, run_id).state not in (RunState.QUEUED, RunState.RUNNING)
        if record(project, run_id).state is not RunState.DONE:
            raise DemoTrouble(self._trouble or self._notice)
        yield self._is_settled
        _say(f"trained and scored in {time.monotonic() - begin:.0f} s")
        self._session.select_run(run_id)

    def _export(self, name: str) -> Iterator[Condition]:
        page = cast("ReportPage", self._window.pages["report"])
        self._session.request_page("report")
        page.folder.setText(str(self._out / name))
        if page.export() is None:
            raise DemoTrouble(self._notice)
        yield lambda: bool(page.written.files)
        self.files += page.written.files

    def _picture(self, page: str, name: str) -> Iterator[Condition]:
        """Shows a page, waits until everything on it is there, and keeps a picture of the window."""
        self._window.show_page(page)
        self._quiet = 0
        yield self._is_settled
        path = self._out / f"{name}.png"
        if not self._window.grab().save(str(path)):
            raise DemoTrouble(translate("Demo", "{path} could not be written.").format(path=path))
        self.files.append(path)

    def _is_settled(self) -> bool:
        """Nothing is loading any more; a training that goes on is no reason to wait."""
        busy = any(info.pool != "compute" for info in self._session.jobs.active(hidden=True))
        self._quiet = 0 if busy else self._quiet + 1
        return self._quiet >= _QUIET_TICKS

    @Slot()
    def _on_tick(self) -> None:
        try:
            if self._trouble:
                raise DemoTrouble(self._trouble)
            if self._condition():
                self._condition = next(self._steps)
        except StopIteration:
            self._finish(0)
        except (DemoTrouble, OSError) as trouble:
            print(f"flawscope: {trouble}", file=sys.stderr, flush=True)
            self._finish(1)

    def _finish(self, status: int) -> None:
        self._clock.stop()
        if status == 0:
            _say("done. Written:")
            for path in self.files:
                print(f"  {path}", flush=True)
        self._end(status)

    @Slot(object, object)
    def _on_failed(self, job_id: int, trouble: Problem | Exception) -> None:
        self._trouble = trouble.sentence() if isinstance(trouble, Problem) else repr(trouble)

    @Slot(object)
    def _on_notified(self, problem: Problem) -> None:
        """A notice need not be a trouble; where a step ends without a result, the last one says why."""
        self._notice = problem.sentence()

    @Slot(object, str, object, object)
    def _on_metric(self, job_id: int, name: str, step: int, value: float) -> None:
        del job_id, name, step, value
        self._points += 1


def run_demo(out: Path) -> int:
    """Returns 0, or 1 after trouble. Without a screen the program ends by itself; with one the window stays open."""
    program = Program(sys.argv[:1])
    offscreen = QGuiApplication.platformName() in ("offscreen", "minimal")
    try:
        program.window.show()
        stop: Callable[[int], object] = program.application.exit if offscreen else lambda status: None
        demo = Demo(program.window, out, end=stop)
        demo.start()
        return program.run()
    finally:
        program.end()
