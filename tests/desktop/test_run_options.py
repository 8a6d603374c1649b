"""What is asked for a run beside the detector's parameters, and the time that each effort is said to take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.project import runs
from core.training.request import SMALLEST_TILE
from core.vocabulary import Kind, RunState
from desktop.pages.train import TrainPage
from desktop.session import Session
from desktop.widgets.run_options import RunOptions
from tests.core.detector_settings import QUICK
from tests.core.run_cases import add_table, picture_project, write_table

WAIT = 60_000
BOTH = frozenset(Kind)


@pytest.fixture
def options(qtbot) -> RunOptions:
    found = RunOptions()
    qtbot.addWidget(found)
    found.show()
    return found


def names(options: RunOptions) -> list[str]:
    return [options.source.itemText(place) for place in range(options.source.count())]


def test_images_or_tables_are_asked_for_only_where_both_are_possible(options: RunOptions) -> None:
    options.set_sources([(1, Kind.IMAGE, "photos"), (2, Kind.ROW, "process.csv")])
    options.set_takes(BOTH)
    assert names(options) == ["all images", "all tables", "photos", "process.csv"]
    assert (options.chosen_kind(), options.source_ids()) == (Kind.IMAGE, None)
    options.source.setCurrentIndex(1)
    assert (options.chosen_kind(), options.source_ids()) == (Kind.ROW, None)
    options.source.setCurrentIndex(3)
    assert (options.chosen_kind(), options.source_ids()) == (None, (2,))
    options.set_takes(frozenset({Kind.IMAGE}))
    assert (options.chosen_kind(), options.source_ids()) == (None, None)
    assert not options.source.isVisible()


def test_tiles_are_offered_for_images_only(options: RunOptions) -> None:
    options.set_sources([(1, Kind.IMAGE, "photos"), (2, Kind.ROW, "process.csv")])
    options.set_takes(BOTH)
    assert options.tiled.isVisible() and options.chosen_tile_size() is None and not options.tile_size.isEnabled()
    options.tiled.setChecked(True)
    options.tile_size.setValue(320)
    assert options.chosen_tile_size() == 320 and options.are_valid()
    options.source.setCurrentIndex(1)
    assert not options.tiled.isVisible() and options.chosen_tile_size() is None
    options.source.setCurrentIndex(0)
    assert options.chosen_tile_size() == 320


@pytest.mark.parametrize(("text", "allowed"), [(str(SMALLEST_TILE), True), (str(SMALLEST_TILE - 1), False), ("", False), ("100001", False)])
def test_a_tile_size_that_is_not_allowed_is_said(options: RunOptions, text: str, allowed: bool) -> None:
    options.set_sources([(1, Kind.IMAGE, "photos")])
    options.set_takes(BOTH)
    options.tiled.setChecked(True)
    options.tile_size.lineEdit().setText(text)
    assert options.are_valid() is allowed
    options.tiled.setChecked(False)
    assert options.are_valid()


@pytest.fixture
def page(qtbot, make_session: Callable[[], Session], tmp_path: Path) -> TrainPage:
    project = picture_project(tmp_path)
    add_table(project, write_table(tmp_path / "process.csv"))
    project.close()
    session = make_session()
    session.open_project(project.folder)
    found = TrainPage(session)
    qtbot.addWidget(found)
    found.show()
    qtbot.waitUntil(lambda: bool(found.book.declarations), timeout=WAIT)
    return found


def test_the_request_says_what_was_chosen(page: TrainPage) -> None:
    page.new_run.detectors.choose("autoencoder")
    page.new_run.options.tiled.setChecked(True)
    page.new_run.options.tile_size.setValue(24)
    wanted = page.new_run.request()
    assert wanted is not None and wanted.tile_size == 24


def test_each_effort_says_its_time_before_the_start(qtbot, page: TrainPage) -> None:
    page.new_run.detectors.choose("isolation_forest")
    texts = [page.new_run.options.preset.itemText(place) for place in range(3)]
    assert texts == ["Quick", "Standard", "Thorough"]
    qtbot.waitUntil(lambda: len(page.estimates.times()) == 3, timeout=WAIT)
    texts = [page.new_run.options.preset.itemText(place) for place in range(3)]
    assert all(text.startswith(f"{effort}: about ") for effort, text in zip(("Quick", "Standard", "Thorough"), texts, strict=True))
    page.new_run.options.seed.setValue(5)
    assert len(page.estimates.times()) == 3  # the seed takes no time


def test_a_start_does_not_wait_for_the_trial(qtbot, page: TrainPage) -> None:
    page.new_run.detectors.choose("autoencoder")
    page.new_run.form.set_values(QUICK["autoencoder"] | {"epochs": 2})
    with qtbot.waitSignal(page.session.jobs.started, timeout=WAIT):  # the trial
        pass
    page.new_run.start_button.click()
    assert page.session.project is not None
    project = page.session.project
    qtbot.waitUntil(lambda: [record.state for record in runs.records(project)] == [RunState.DONE], timeout=WAIT)
    assert not page.estimates.times()
