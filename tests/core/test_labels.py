"""Labels: every one committed at once, undone exactly, and on record for good."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.project import audit
from core.project.identity import user_name
from core.project.items import item_columns, item_details, remove_items
from core.project.labels import LabelChange, apply_change, set_labels
from core.project.opening import Project, create_project
from core.vocabulary import Label
from tests.core.project_cases import Worker, add_items


@pytest.fixture
def project(tmp_path: Path):
    with create_project(tmp_path / "a") as made:
        yield made


def state(project: Project) -> list[tuple[int, str]]:
    columns = item_columns(project)
    return list(zip(columns.label.tolist(), columns.defect_type.tolist(), strict=True))


def test_label_knows_who_and_when_and_what_was_before(project: Project) -> None:
    ids = add_items(project, 3, label="good")
    change = set_labels(project, ids[:2], Label.DEFECTIVE, defect_type="scratch")
    assert change
    assert change.ids.tolist() == ids[:2]
    assert [entry.label for entry in change.before] == [Label.GOOD, Label.GOOD]
    assert [(entry.label, entry.defect_type) for entry in change.after] == [(Label.DEFECTIVE, "scratch")] * 2
    details = item_details(project, ids[0])
    assert (details.label, details.defect_type, details.labelled_by) == (Label.DEFECTIVE, "scratch", user_name())
    assert details.labelled_at is not None
    assert [(entry.object_id, entry.old_value, entry.new_value) for entry in audit.rows(project)] == [
        (str(item), "good", "defective scratch") for item in ids[:2]
    ]
    assert item_details(project, ids[2]).labelled_by is None


def test_label_that_is_there_already_changes_nothing(project: Project) -> None:
    ids = add_items(project, 3)
    set_labels(project, ids, Label.GOOD)
    before = [item_details(project, item) for item in ids]
    change = set_labels(project, [*ids, 99999], Label.GOOD)
    assert not change
    apply_change(project, change)
    assert [item_details(project, item) for item in ids] == before
    assert len(audit.rows(project)) == 3


def test_defect_type_belongs_to_defective_items(project: Project) -> None:
    (item,) = add_items(project, 1)
    set_labels(project, [item], Label.DEFECTIVE, defect_type="dent")
    assert not set_labels(project, [item], Label.DEFECTIVE)  # None keeps the type
    assert state(project) == [(Label.DEFECTIVE, "dent")]
    set_labels(project, [item], Label.DEFECTIVE, defect_type="")
    assert state(project) == [(Label.DEFECTIVE, "")]
    set_labels(project, [item], Label.DEFECTIVE, defect_type="dent")
    set_labels(project, [item], Label.GOOD, defect_type="dent")
    assert state(project) == [(Label.GOOD, "")]


def test_undo_puts_back_who_judged(project: Project) -> None:
    ids = add_items(project, 2)
    with project.write() as connection:
        connection.execute(text("UPDATE items SET label = 'good', labelled_by = 'inspector A', labelled_at = '2026-01-01T00:00:00+00:00'"))
    before = [item_details(project, item) for item in ids]
    change = set_labels(project, ids, Label.NONE)
    after = [item_details(project, item) for item in ids]
    apply_change(project, change, undo=True)
    assert [item_details(project, item) for item in ids] == before
    apply_change(project, change)
    assert [item_details(project, item) for item in ids] == after
    assert [entry.reason for entry in audit.rows(project)] == [None, None, "undo", "undo", "redo", "redo"]


def test_undo_passes_over_items_that_left(project: Project) -> None:
    ids = add_items(project, 3)
    change = set_labels(project, ids, Label.GOOD)
    remove_items(project, [ids[1]])
    apply_change(project, change, undo=True)
    assert state(project) == [(0, ""), (0, "")]


ACTS = st.lists(
    st.one_of(
        st.tuples(st.lists(st.integers(0, 5), max_size=6), st.sampled_from(Label), st.sampled_from([None, "", "a", "나"])),
        st.just("undo"),
        st.just("redo"),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_undo_and_redo_walk_the_same_path(project: Project, acts: list) -> None:
    """Any mixture of acts: every state reached by undo or redo is exactly the state that was there before."""
    ids = add_items(project, 6)
    known = len(item_columns(project)) - 6
    path: list[list[tuple[int, str]]] = [state(project)[known:]]
    changes: list[LabelChange] = []
    place = 0
    for act in acts:
        if act == "undo":
            if place:
                place -= 1
                apply_change(project, changes[place], undo=True)
        elif act == "redo":
            if place < len(changes):
                apply_change(project, changes[place])
                place += 1
        else:
            picked, label, defect_type = act
            del changes[place:], path[place + 1 :]
            changes.append(set_labels(project, [ids[pick] for pick in picked], label, defect_type=defect_type))
            path.append(state(project)[known:])
            place += 1
        assert state(project)[known:] == path[place]


def test_five_thousand_labels_are_one_transaction(project: Project) -> None:
    ids = add_items(project, 5000)
    start = time.perf_counter()
    change = set_labels(project, ids, Label.DEFECTIVE, defect_type="batch")
    assert time.perf_counter() - start < 3
    assert len(change.ids) == len(audit.rows(project)) == 5000
    assert (item_columns(project).label == Label.DEFECTIVE).all()
    with project.write() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(Exception, match="full"):
        set_labels(project, ids, Label.GOOD)  # its audit rows do not fit
    assert (item_columns(project).label == Label.DEFECTIVE).all()  # none was changed


def test_audit_cannot_be_rewritten(project: Project) -> None:
    set_labels(project, add_items(project, 2), Label.GOOD)
    before = audit.rows(project)
    for statement in ("UPDATE audit SET new_value = 'defective'", "DELETE FROM audit", "DELETE FROM audit WHERE seq = 1"):
        with pytest.raises(IntegrityError, match="append-only"), project.write() as connection:
            connection.execute(text(statement))
    assert audit.rows(project) == before


def test_threads_share_a_project(project: Project) -> None:
    ids = add_items(project, 120)
    with ThreadPoolExecutor(6) as pool:
        labelling = [pool.submit(set_labels, project, [item], Label.GOOD) for item in ids]
        reading = [pool.submit(state, project) for _ in range(40)]
        assert all(future.result() for future in labelling)
        assert all(len(future.result()) == 120 for future in reading)
    assert state(project) == [(Label.GOOD, "")] * 120
    assert len(audit.rows(project)) == 120


def test_two_processes_label_at_once(project: Project) -> None:
    ids = add_items(project, 400)
    workers = [Worker("label", project.folder, ids[0], ids[200]), Worker("label", project.folder, ids[200], ids[-1] + 1)]
    for worker in workers:  # both are under way
        assert worker.lines(1)
    assert [len(worker.finish()) for worker in workers] == [199, 199]
    assert item_columns(project).label.tolist() == [Label.DEFECTIVE if item % 2 else Label.GOOD for item in ids]
    assert sorted(int(entry.object_id) for entry in audit.rows(project)) == ids
    assert np.unique([entry.seq for entry in audit.rows(project)]).size == 400
