"""Items as columns and one by one, splits, and what is removed."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, update

from core.problems import Problem, ProblemCode
from core.project import audit, schema
from core.project.import_source import store_problems
from core.project.items import (
    ImportProblem,
    item_columns,
    item_details,
    item_records,
    mask_paths,
    picture_references,
    remove_items,
    row_positions,
    set_splits,
    sources,
)
from core.project.labels import set_labels
from core.project.opening import Project, create_project
from core.project.runs import make_snapshot, snapshot_content
from core.project.splitting import split_project
from core.vocabulary import Kind, Label, Split
from tests.core.project_cases import add_items


@pytest.fixture
def project(tmp_path: Path):
    with create_project(tmp_path / "a") as made:
        yield made


def change(project: Project, item: int, **values: object) -> None:
    with project.write() as connection:
        connection.execute(update(schema.items).where(schema.items.c.id == item).values(**values))


def test_empty_project_has_empty_columns(project: Project) -> None:
    columns = item_columns(project)
    assert len(columns) == 0
    assert (columns.id.dtype, columns.label.dtype, columns.name.dtype) == (np.int64, np.int8, np.object_)
    assert item_records(project) == []
    assert sources(project) == []


def test_columns_hold_what_the_database_holds(project: Project) -> None:
    ids = add_items(project, 5)
    set_labels(project, [ids[1]], Label.DEFECTIVE, defect_type='긁힘 "깊은"\\n')
    set_labels(project, [ids[2]], Label.UNSURE)
    set_splits(project, [ids[3]], Split.CALIBRATION, reason="test")
    change(project, ids[4], group_id="g", lot="L1", serial="S1", mask_path="m.png", kind="row", width=None)
    with project.write() as connection:
        problem = Problem(ProblemCode.IMAGE_ANIMATED, {"path": "x", "frames": 2})
        store_problems(connection, [ImportProblem(source_id=1, item_id=ids[0], relative_path="x", problem=problem)])
    columns = item_columns(project)
    assert columns.id.tolist() == ids
    assert columns.label.tolist() == [0, 2, 3, 0, 0]
    assert columns.split.tolist() == [0, 0, 0, 2, 0]
    assert columns.defect_type.tolist() == ["", '긁힘 "깊은"\\n', "", "", ""]
    assert columns.width.tolist() == [64, 64, 64, 64, 0]
    assert columns.is_row.tolist() == columns.has_mask.tolist() == [False, False, False, False, True]
    assert columns.problem.tolist() == [True, False, False, False, False]
    assert (columns.group_id[4], columns.lot[4], columns.serial[4], columns.name[4]) == ("g", "L1", "S1", "000004.png")
    assert item_details(project, ids[0]).problems == (problem,)


def test_positions_refuse_strangers(project: Project) -> None:
    ids = add_items(project, 5)
    remove_items(project, [ids[2]])
    columns = item_columns(project)
    assert columns.positions([ids[4], ids[0]]).tolist() == [3, 0]
    for stranger in (ids[2], ids[4] + 1, -1):
        with pytest.raises(KeyError):
            columns.positions([ids[0], stranger])


def test_details_come_in_the_order_asked_for(project: Project) -> None:
    ids = add_items(project, 2000)
    wanted = ids[::-1]
    assert [record.id for record in item_records(project, wanted)] == wanted
    assert item_details(project, ids[7]).path == sources(project)[0].path / "part" / "000007.png"
    with pytest.raises(KeyError):
        item_details(project, 99999)


def test_pictures_know_their_sensor_unless_they_have_eight_bits(project: Project) -> None:
    ids = add_items(project, 2)
    change(project, ids[0], bit_depth=16, mask_path="mask/0.png")
    with project.write() as connection:
        connection.execute(update(schema.sources).values(value_maximum=4095))
    root = sources(project)[0].path
    assert [reference.value_maximum for reference in picture_references(project, ids[::-1])] == [None, 4095]
    assert mask_paths(project, ids) == [root / "mask" / "0.png", None]
    change(project, ids[0], kind="row", position=7)
    assert [reference.sha256 for reference in picture_references(project, ids)] == [f"{1:064x}"]
    assert row_positions(project, ids[::-1]).tolist() == [0, 7]
    for ask in (picture_references, mask_paths, row_positions):
        with pytest.raises(KeyError):
            ask(project, [*ids, 99999])


def test_missing_source_is_marked(project: Project, tmp_path: Path) -> None:
    add_items(project, 1)
    (tmp_path / "there").mkdir()
    with project.write() as connection:
        values = {"kind": "image", "layout": "flat", "imported_at": "", "complete": False}
        connection.execute(insert(schema.sources).values(path=str(tmp_path / "there"), **values))
    assert [(source.kind, source.missing, source.complete, source.item_count) for source in sources(project)] == [
        (Kind.IMAGE, True, True, 1),
        (Kind.IMAGE, False, False, 0),
    ]


def test_splits_change_only_what_differs_and_say_why(project: Project) -> None:
    ids = add_items(project, 4, split="train")
    assert set_splits(project, ids, [Split.TRAIN, Split.TEST, Split.TRAIN, Split.NEW], reason="by hand") == 2
    assert item_columns(project).split.tolist() == [1, 3, 1, 0]
    changes = [(entry.object_id, entry.old_value, entry.new_value, entry.reason) for entry in audit.rows(project)]
    assert changes == [(str(ids[1]), "train", "test", "by hand"), (str(ids[3]), "train", "new", "by hand")]
    with pytest.raises(ValueError, match="9"):
        set_splits(project, ids, 9, reason="no such split")


def test_many_splits_and_labels_are_few_statements(project: Project) -> None:
    """Each statement for a single item would keep the others waiting: four seconds for 100,000 of them."""
    ids = add_items(project, 1000, label="good")
    sent: list[tuple[str, bool]] = []
    assert project._writer is not None
    event.listen(project._writer, "before_cursor_execute", lambda *call: sent.append((call[2], call[5])))
    split_project(project, seed=0)
    assert len(audit.rows(project)) == 1000
    set_labels(project, ids, Label.DEFECTIVE)
    assert not any(one_for_each_item for _, one_for_each_item in sent)
    assert len(sent) < 25


def test_removed_items_leave_their_name_and_their_id(project: Project) -> None:
    ids = add_items(project, 3, label="good", split="train")
    snapshot = make_snapshot(project, ids)
    assert remove_items(project, [ids[2], 12345], reason="blurred") == 1
    assert item_columns(project).id.tolist() == ids[:2]
    assert [(item.item_id, item.label, item.split) for item in snapshot_content(project, snapshot)] == [
        (item, Label.GOOD, Split.TRAIN) for item in ids
    ]
    assert [(entry.action, entry.old_value, entry.reason) for entry in audit.rows(project)] == [("remove", "000002.png good", "blurred")]
    assert min(add_items(project, 1)) > ids[2]


@pytest.mark.parametrize("supervised", [False, True])
def test_split_puts_goods_everywhere_and_keeps_groups_whole(project: Project, supervised: bool) -> None:
    ids = add_items(project, 300)
    set_labels(project, ids[:240], Label.GOOD)
    set_labels(project, ids[240:290], Label.DEFECTIVE)
    for first in range(0, 240, 4):
        with project.write() as connection:
            mine = schema.items.c.id.in_(ids[first : first + 4])
            values = {"group_id": f"lot {first}"} if first % 8 else {"serial": f"S {first}"}
            connection.execute(update(schema.items).where(mine).values(**values))
    counts = split_project(project, seed=3, supervised=supervised)
    columns = item_columns(project)
    assert counts == {
        word: int((columns.split == value).sum()) for word, value in zip(("new", "train", "calibration", "test"), range(4), strict=True)
    }
    assert (columns.split[290:] == Split.NEW).all()  # without a label
    defectives_train = int(np.isin(columns.split[240:290], [Split.TRAIN]).sum())
    assert (defectives_train > 0) == supervised
    assert set(columns.split[:240].tolist()) == {Split.TRAIN, Split.CALIBRATION, Split.TEST}
    assert (columns.split[:240].reshape(-1, 4) == columns.split[:240:4, None]).all()


def test_split_again_changes_nothing_and_other_seeds_do(project: Project) -> None:
    ids = add_items(project, 100)
    set_labels(project, ids, Label.GOOD)
    split_project(project, seed=0)
    first = item_columns(project).split
    split_project(project, seed=1)
    assert (item_columns(project).split == first).all()
    split_project(project, seed=1, keep=False)
    assert (item_columns(project).split != first).any()


def test_pictures_and_rows_are_split_apart(project: Project) -> None:
    """Unlabelled rows train as if good although there are labelled pictures."""
    ids = add_items(project, 200)
    with project.write() as connection:
        connection.execute(update(schema.items).where(schema.items.c.id.in_(ids[100:])).values(kind="row"))
    set_labels(project, ids[:100], Label.GOOD)
    split_project(project, seed=0)
    columns = item_columns(project)
    assert (columns.split[columns.is_row] != Split.NEW).all()
    assert int((columns.split[~columns.is_row] == Split.TEST).sum()) > 0
    assert int((columns.split[columns.is_row] == Split.TEST).sum()) == 0


def test_hundred_thousand_items_are_read_quickly(project: Project) -> None:
    ids = add_items(project, 100_000, label="good", split="train")
    best = min(timed(project) for _ in range(3))
    assert best < 1.5
    columns = item_columns(project)
    assert len(columns) == len(ids)
    assert columns.id.tolist() == ids
    assert (columns.label == Label.GOOD).all()


def timed(project: Project) -> float:
    start = time.perf_counter()
    item_columns(project)
    return time.perf_counter() - start


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_any_name_comes_back_as_it_was(project: Project, name: str) -> None:
    (item,) = add_items(project, 1)
    change(project, item, name=name)
    assert item_columns(project).name[-1] == name
    assert item_details(project, item).name == name
