"""Jobs: what arrives, how often, in which order, and what must never arrive."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QThread

from core.job_context import Cancelled, JobContext
from core.problems import Problem, ProblemCode, ProblemError
from desktop.jobs import INTERVAL_S, Jobs
from desktop.widgets.jobs_panel import JobsPanel

PROBLEM = Problem(ProblemCode.DATABASE_BUSY)


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.shutdown()
    made.deleteLater()


class Record(QObject):
    """Everything that a Jobs object emits, as (signal name, arguments)."""

    NAMES = ("started", "progressed", "phase_changed", "metric", "picture", "noted", "succeeded", "failed", "cancelled", "finished")

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self.events: list[tuple[str, tuple[Any, ...]]] = []
        for name in self.NAMES:
            getattr(jobs, name).connect(self._slot(name))

    def _slot(self, name: str) -> Callable[..., None]:
        return lambda *arguments: self.events.append((name, arguments))

    def names(self) -> list[str]:
        return [name for name, _ in self.events]


class Gate:
    """A work function that waits until the test opens it, unless it is cancelled."""

    def __init__(self, result: object = "result") -> None:
        self.entered, self.opened, self.left = threading.Event(), threading.Event(), threading.Event()
        self.result = result

    def __call__(self, context: JobContext) -> object:
        self.entered.set()
        try:
            while not self.opened.wait(0.005):
                context.check()
            return self.result
        finally:
            self.left.set()


class DeafGate(Gate):
    """Never asks whether it was cancelled, and returns a result all the same."""

    def __call__(self, context: JobContext) -> object:
        self.entered.set()
        self.opened.wait(10)
        context.progress(1, 1)
        context.metric("late", 1, 1.0)
        self.left.set()
        return self.result


def add(context: JobContext, first: int, second: int) -> int:
    return first + second


def fail(context: JobContext, error: BaseException) -> None:
    raise error


def test_result_arrives_in_the_gui_thread(jobs: Jobs, qtbot: Any) -> None:
    record = Record(jobs)
    threads = []
    with qtbot.waitSignal(jobs.finished):
        job_id = jobs.start("io", "add", add, 2, 3, on_done=lambda result: threads.append((result, QThread.currentThread())))
    assert threads == [(5, jobs.thread())]
    assert record.events == [("started", (job_id,)), ("succeeded", (job_id, 5)), ("finished", (job_id,))]
    assert jobs.active() == []


def test_expected_trouble_and_bugs_surface_apart(jobs: Jobs, qtbot: Any) -> None:
    record = Record(jobs)
    bug = ZeroDivisionError("a bug")
    heard: list[Exception] = []
    for error in (ProblemError(ProblemCode.DATABASE_BUSY), bug):
        with qtbot.waitSignal(jobs.finished):
            jobs.start("io", "fail", fail, error, on_failed=heard.append)
    failures = [arguments[1] for name, arguments in record.events if name == "failed"]
    assert failures == [PROBLEM, bug]
    assert isinstance(heard[0], ProblemError)
    assert heard[1] is bug
    assert "succeeded" not in record.names()


def test_what_is_no_exception_reaches_the_hook(jobs: Jobs, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    caught = threading.Event()
    kinds = []

    def hook(kind: type[BaseException], error: BaseException, trace: object) -> None:
        kinds.append(kind)
        caught.set()

    monkeypatch.setattr(sys, "excepthook", hook)
    with qtbot.waitSignal(jobs.finished):
        jobs.start("io", "exit", fail, SystemExit(3))
    qtbot.waitUntil(caught.is_set)
    assert kinds == [SystemExit]


def test_signals_are_throttled_and_nothing_but_progress_is_lost(jobs: Jobs, qtbot: Any) -> None:
    seconds, count = 0.55, 2000

    def chatter(context: JobContext) -> None:
        begin = time.monotonic()
        for step in range(count):
            context.progress(step + 1, count)
            context.metric("loss", step, 1.0 / (step + 1))
            while time.monotonic() < begin + seconds * step / count:
                context.check()
        context.note(PROBLEM)
        context.picture("input", np.zeros((1, 2, 2, 1), np.uint8))

    record = Record(jobs)
    with qtbot.waitSignal(jobs.finished, timeout=20_000):
        jobs.start("compute", "chatter", chatter)
    names = record.names()
    assert names.count("progressed") <= seconds / INTERVAL_S + 4
    assert names.count("progressed") >= 3
    assert [arguments[2] for name, arguments in record.events if name == "metric"] == list(range(count))
    assert names.count("noted") == 1
    assert names.count("picture") == 1
    last = [arguments for name, arguments in record.events if name == "progressed"][-1]
    assert last[1:] == (count, count)


def test_phases_begin_anew(jobs: Jobs, qtbot: Any) -> None:
    gate = Gate()

    def phases(context: JobContext) -> None:
        context.phase("one")
        context.progress(5, 5)
        context.phase("two")
        gate(context)

    job_id = jobs.start("io", "phases", phases)
    qtbot.waitUntil(lambda: (info := jobs.info(job_id)) is not None and info.phase == "two")
    info = jobs.info(job_id)
    assert info is not None
    assert (info.done, info.total, info.running) == (0, 0, True)
    gate.opened.set()
    with qtbot.waitSignal(jobs.finished):
        pass


@pytest.mark.parametrize("gate_kind", [Gate, DeafGate])
def test_cancel_forgets_first(jobs: Jobs, qtbot: Any, gate_kind: type[Gate]) -> None:
    """Not even a worker that does not listen can deliver anything after a cancel."""
    gate = gate_kind()
    record = Record(jobs)
    done: list[object] = []
    job_id = jobs.start("compute", "gate", gate, on_done=done.append)
    qtbot.waitUntil(gate.entered.is_set)
    jobs.cancel(job_id)
    (info,) = jobs.active()
    assert info.cancelling
    assert "cancelled" not in record.names()  # the worker still runs
    with qtbot.waitSignal(jobs.idle):
        gate.opened.set()
    assert gate.left.is_set()
    assert done == []
    assert record.names() == ["started", "cancelled", "finished"]
    jobs.cancel(job_id)  # a finished id is ignored
    assert record.names() == ["started", "cancelled", "finished"]


def test_result_that_is_on_its_way_does_not_arrive(jobs: Jobs, qtbot: Any) -> None:
    gate = Gate()
    record = Record(jobs)
    job_id = jobs.start("compute", "gate", gate)
    gate.opened.set()
    assert gate.left.wait(5)  # the worker is through, its message waits in the queue of the GUI thread
    jobs.cancel(job_id)
    with qtbot.waitSignal(jobs.finished):
        pass
    assert record.names() == ["started", "cancelled", "finished"]


def test_waiting_job_is_cancelled_without_ever_running(jobs: Jobs, qtbot: Any) -> None:
    first, second = Gate(), Gate()
    first_id = jobs.start("compute", "first", first)
    second_id = jobs.start("compute", "second", second)
    qtbot.waitUntil(first.entered.is_set)
    with qtbot.waitSignal(jobs.cancelled) as blocker:
        jobs.cancel(second_id)
    assert blocker.args == [second_id]
    assert [info.id for info in jobs.active()] == [first_id]
    with qtbot.waitSignal(jobs.idle):
        first.opened.set()
    assert not second.entered.is_set()


def test_cancel_takes_effect_within_a_second(jobs: Jobs, qtbot: Any) -> None:
    gate = Gate()
    job_id = jobs.start("compute", "gate", gate)
    qtbot.waitUntil(gate.entered.is_set)
    begin = time.monotonic()
    with qtbot.waitSignal(jobs.cancelled, timeout=1000):
        jobs.cancel(job_id)
    assert time.monotonic() - begin < 1


def test_job_that_stops_itself_counts_as_cancelled(jobs: Jobs, qtbot: Any) -> None:
    record = Record(jobs)
    with qtbot.waitSignal(jobs.finished):
        jobs.start("io", "stop", fail, Cancelled())
    assert record.names() == ["started", "cancelled", "finished"]


def test_long_training_does_not_starve_other_pools(jobs: Jobs, qtbot: Any) -> None:
    gate = Gate()
    jobs.start("compute", "training", gate)
    qtbot.waitUntil(gate.entered.is_set)
    for pool in ("decode", "io"):
        with qtbot.waitSignal(jobs.succeeded):
            jobs.start(pool, "quick", add, 1, 1)  # type: ignore[arg-type]
    assert [info.title for info in jobs.active()] == ["training"]
    with qtbot.waitSignal(jobs.idle):
        gate.opened.set()


def test_hidden_jobs_are_listed_only_on_demand(jobs: Jobs, qtbot: Any) -> None:
    gate = Gate()
    jobs.start("decode", "thumbnails", gate, visible=False)
    assert jobs.active() == []
    assert [info.title for info in jobs.active(hidden=True)] == ["thumbnails"]
    with qtbot.waitSignal(jobs.idle):
        gate.opened.set()


def test_slot_that_fails_does_not_lose_the_end_of_the_job(jobs: Jobs, qtbot: Any) -> None:
    record = Record(jobs)
    with qtbot.capture_exceptions() as exceptions, qtbot.waitSignal(jobs.finished):
        jobs.start("io", "add", add, 1, 1, on_done=lambda result: 1 / 0)
    assert [kind for kind, _, _ in exceptions] == [ZeroDivisionError]
    assert record.names()[-1] == "finished"


def test_shutdown_stops_workers_and_stays_silent(qapp: object, qtbot: Any) -> None:
    jobs = Jobs()
    record = Record(jobs)
    gate, waiting = Gate(), Gate()
    jobs.start("compute", "gate", gate)
    jobs.start("compute", "waiting", waiting)
    qtbot.waitUntil(gate.entered.is_set)
    jobs.shutdown()
    assert gate.left.is_set()
    assert not waiting.entered.is_set()
    with pytest.raises(RuntimeError):
        jobs.start("io", "late", add, 1, 1)
    assert set(record.names()) == {"started"}
    jobs.deleteLater()


def test_estimate_of_the_time_left(jobs: Jobs) -> None:
    gate = Gate()
    job_id = jobs.start("io", "gate", gate)
    info = jobs.info(job_id)
    assert info is not None
    from dataclasses import replace

    half = replace(info, done=30, total=60, phase_started_at=100.0)
    assert half.seconds_left(160.0) == pytest.approx(60)
    assert half.seconds_left(101.0) is None
    assert replace(half, total=0).seconds_left(160.0) is None


def test_panel_shows_what_runs_and_how_it_ended(jobs: Jobs, qtbot: Any) -> None:
    panel = JobsPanel(jobs)
    qtbot.addWidget(panel)
    gate = Gate()
    job_id = jobs.start("compute", "training", gate)
    jobs.start("decode", "thumbnail", add, 1, 1, visible=False)
    assert panel.titles() == ["training"]
    with qtbot.waitSignal(jobs.idle):
        jobs.cancel(job_id)
    assert panel.titles() == []
    assert panel.history() == [("training", "cancelled")]
