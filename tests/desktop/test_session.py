"""The session: one project at a time, locked, and labels that are committed, shown and undone together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.data.layout import scan_folder
from core.job_context import QuietContext
from core.problems import ProblemCode, ProblemError
from core.project.importing import import_folder
from core.project.items import item_columns
from core.project.opening import open_project
from core.vocabulary import Label
from desktop.session import Session

COUNT = 6


@pytest.fixture
def labelled(project_session: Session, tmp_path: Path) -> Session:
    """A session with six unlabelled pictures."""
    folder = tmp_path / "사진"
    folder.mkdir()
    for number in range(COUNT):
        Image.fromarray(np.full((8, 8), number * 9, np.uint8)).save(folder / f"{number}.png")
    assert project_session.project is not None
    import_folder(project_session.project, scan_folder(folder, QuietContext()), QuietContext())
    project_session.reload_items()
    return project_session


def stored_labels(session: Session) -> list[int]:
    assert session.project is not None
    with open_project(session.project.folder, read_only=True) as project:
        return item_columns(project).label.tolist()


def shown_labels(session: Session) -> list[int]:
    assert session.items is not None
    return session.items.label.tolist()


def test_new_project_is_open_empty_and_remembered(project_session: Session) -> None:
    assert project_session.project is not None
    assert project_session.items is not None
    assert len(project_session.items) == 0
    assert project_session.writable
    assert project_session.settings.recent_projects == (project_session.project.folder,)


def test_label_is_committed_and_shown_at_once(labelled: Session, qtbot: Any) -> None:
    assert labelled.items is not None
    ids = labelled.items.id[[1, 3]]
    with qtbot.waitSignal(labelled.items_changed) as blocker:
        assert labelled.set_labels(ids, Label.DEFECTIVE, "흠집")
    np.testing.assert_array_equal(blocker.args[0], ids)
    assert shown_labels(labelled) == stored_labels(labelled) == [0, 2, 0, 2, 0, 0]
    assert labelled.items.defect_type.tolist() == ["", "흠집", "", "흠집", "", ""]


def test_undo_and_redo_go_through_the_database(labelled: Session) -> None:
    assert labelled.items is not None
    labelled.set_labels(labelled.items.id[:3], Label.GOOD)
    labelled.set_labels(labelled.items.id[2:4], Label.UNSURE)
    expected = [[0] * COUNT, [1, 1, 1, 0, 0, 0], [1, 1, 3, 3, 0, 0]]
    assert shown_labels(labelled) == stored_labels(labelled) == expected[2]
    for step in (labelled.undo_stack.undo, labelled.undo_stack.undo, labelled.undo_stack.redo, labelled.undo_stack.redo):
        step()
        assert shown_labels(labelled) == stored_labels(labelled)
        assert shown_labels(labelled) == expected[labelled.undo_stack.index()]


def test_labelling_what_is_so_already_is_no_step(labelled: Session) -> None:
    assert labelled.items is not None
    labelled.set_labels(labelled.items.id[:1], Label.GOOD)
    labelled.set_labels(labelled.items.id[:1], Label.GOOD)
    labelled.set_labels([], Label.GOOD)
    assert labelled.undo_stack.count() == 1


def test_steps_name_what_they_do(labelled: Session) -> None:
    assert labelled.items is not None
    labelled.set_labels(labelled.items.id[:1], Label.GOOD)
    labelled.set_labels(labelled.items.id, Label.DEFECTIVE)
    assert [labelled.undo_stack.text(place) for place in range(2)] == ["1 item: good", "6 items: defective"]


def test_second_window_is_refused_and_may_read(labelled: Session, make_session: Callable[[], Session], qtbot: Any) -> None:
    assert labelled.project is not None
    assert labelled.items is not None
    folder = labelled.project.folder
    other = make_session()
    with pytest.raises(ProblemError) as caught:
        other.open_project(folder)
    assert caught.value.problem.code is ProblemCode.PROJECT_IN_USE
    assert other.project is None
    other.open_project(folder, read_only=True)
    assert not other.writable
    with qtbot.waitSignal(other.notified) as blocker:
        assert not other.set_labels(labelled.items.id[:1], Label.GOOD)
    assert blocker.args[0].code is ProblemCode.PROJECT_READ_ONLY
    assert stored_labels(labelled) == [0] * COUNT
    labelled.close_project()
    other.open_project(folder)  # the reader becomes the writer once the lock is free
    assert other.writable


def test_trouble_with_the_next_project_leaves_this_one_open(labelled: Session, tmp_path: Path) -> None:
    assert labelled.project is not None
    before = labelled.project.folder
    with pytest.raises(ProblemError):
        labelled.open_project(tmp_path / "nothing.flawscope")
    with pytest.raises(ProblemError):
        labelled.create_project(before)
    assert labelled.project.folder == before
    assert labelled.set_labels([1], Label.GOOD)


def test_closing_forgets_everything_and_frees_the_project(labelled: Session, make_session: Callable[[], Session], qtbot: Any) -> None:
    assert labelled.project is not None
    folder = labelled.project.folder
    labelled.set_labels([1], Label.GOOD)
    with qtbot.waitSignals([labelled.closing, labelled.project_closed], order="strict"):
        assert labelled.close_project()
    assert (labelled.project, labelled.items, labelled.scores, labelled.current_run) == (None, None, None, None)
    assert labelled.undo_stack.count() == 0
    assert not labelled.close_project()
    other = make_session()
    other.open_project(folder)
    assert shown_labels(other)[0] == Label.GOOD


def test_closing_waits_for_the_jobs_of_the_project(labelled: Session, qtbot: Any) -> None:
    assert labelled.project is not None
    seen: list[object] = []

    def work(context: Any, project: Any) -> None:
        seen.append("entered")
        try:
            while True:
                context.check()
        finally:
            seen.append(item_columns(project).id.tolist())

    labelled.jobs.start("io", "work", work, labelled.project)
    qtbot.waitUntil(lambda: bool(seen))
    labelled.close_project()
    assert seen == ["entered", list(range(1, COUNT + 1))]  # the database was still open when the worker left


def test_request_to_show_items_goes_to_the_data_page(session: Session, qtbot: Any) -> None:
    with qtbot.waitSignals([session.page_requested, session.items_requested], order="strict"):
        session.show_items([3, 4], "2 escapes")
