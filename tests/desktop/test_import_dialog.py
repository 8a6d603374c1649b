"""The import dialog: a dry run that changes nothing, every reason in words, and exactly what was agreed to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTableView, QWidget

from core.data.tables import inspect_table
from core.project.items import item_columns, sources, table_columns
from core.vocabulary import ColumnRole, Label, Split
from desktop.dialogs.column_roles import NAME, ROLE, UNIT, ColumnRolesModel
from desktop.dialogs.import_dialog import ImportDialog
from desktop.dialogs.import_views import FolderView, TableView
from desktop.importing import Importing
from desktop.session import Session

TABLE = "Serial,Lot,Torque [Nm],Temp (°C),Result\n" + "\n".join(
    f"S{row:03d},L{row // 4:02d},{8 + row % 7 / 10},{40 + row % 5},{'bad' if row % 20 == 0 else 'good'}" for row in range(80)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five good pictures, two scratched ones, and one that is none."""
    root = tmp_path / "라인 3"
    for place, count in (("good", 5), ("scratch", 2)):
        (root / place).mkdir(parents=True)
        for number in range(count):
            Image.fromarray(np.full((8, 8), 20 * number, np.uint8)).save(root / place / f"{place}{number}.png")
    (root / "good" / "broken.png").write_text("no picture", encoding="utf-8")
    return root


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "공정.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def opened(session: Session, path: Path, qtbot: Any) -> ImportDialog:
    """The dialog after its look, and after the images were checked."""
    dialog = ImportDialog(session.jobs, path)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitSignals([dialog.looked, session.jobs.idle]):
        dialog.show()
    return dialog


def test_folder_is_shown_with_labels_and_reasons(project_session: Session, folder: Path, qtbot: Any) -> None:
    dialog = opened(project_session, folder, qtbot)
    view = dialog.view
    assert isinstance(view, FolderView)
    assert dialog.import_button.text() == "&Import 8 images"
    assert dialog.import_button.isEnabled()
    assert view.checked.text() == "7 of 8 images can be read."
    (sentence,) = view.problems.sentences()
    assert "broken.png is not an image" in sentence
    assert len(item_columns(project_session.project)) == 0  # type: ignore[arg-type]


def test_what_was_agreed_to_is_imported(project_session: Session, folder: Path, qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    importing = Importing(project_session, window)
    importing.begin(folder)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    with qtbot.waitSignal(dialog.looked):
        pass
    assert isinstance(dialog.view, FolderView)
    dialog.view.options.split_box.setCurrentIndex(dialog.view.options.split_box.findData(Split.TEST))
    with qtbot.waitSignal(importing.imported) as imported:
        dialog.import_button.click()
    summary = imported.args[0]
    assert (summary.added, len(summary.skipped)) == (7, 1)
    items = project_session.items
    assert items is not None
    assert sorted(items.label.tolist()) == [Label.GOOD] * 5 + [Label.DEFECTIVE] * 2
    assert set(items.split.tolist()) == {Split.TEST}
    assert {text for text in items.defect_type if text} == {"scratch"}


def test_closing_the_dialog_imports_nothing(project_session: Session, folder: Path, qtbot: Any) -> None:
    dialog = opened(project_session, folder, qtbot)
    with qtbot.assertNotEmitted(dialog.agreed):
        dialog.reject()
    assert project_session.project is not None
    assert sources(project_session.project) == []


def test_closing_while_looking_stops_the_look(project_session: Session, folder: Path, qtbot: Any) -> None:
    dialog = ImportDialog(project_session.jobs, folder)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.assertNotEmitted(dialog.looked), qtbot.waitSignal(project_session.jobs.idle):
        dialog.reject()
    assert dialog.view is None


@pytest.mark.parametrize("kind", ["missing", "empty folder", "empty file", "binary"])
def test_trouble_is_said_in_the_dialog(project_session: Session, tmp_path: Path, qtbot: Any, kind: str) -> None:
    path = tmp_path / ("thing" if "folder" in kind else "thing.csv")
    if kind == "empty folder":
        path.mkdir()
    elif kind == "empty file":
        path.write_bytes(b"")
    elif kind == "binary":
        path.write_bytes(bytes(range(256)) * 20)
    dialog = ImportDialog(project_session.jobs, path)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(project_session.jobs.idle):
        dialog.show()
    assert dialog.view is None
    assert "thing" in dialog.message.text()
    assert dialog.message.text() != f"Looking at {path}"
    assert not dialog.import_button.isEnabled()


def test_table_is_shown_with_roles_and_units(project_session: Session, table: Path, qtbot: Any) -> None:
    dialog = opened(project_session, table, qtbot)
    view = dialog.view
    assert isinstance(view, TableView)
    shown = [[view.model.index(row, column).data() for column in (NAME, ROLE, UNIT)] for row in range(view.model.rowCount())]
    assert shown == [
        ["Serial", "serial number", ""],
        ["Lot", "group (lot)", ""],
        ["Torque", "feature", "Nm"],
        ["Temp", "feature", "°C"],
        ["Result", "label", ""],
    ]
    assert dialog.import_button.text() == "&Import 80 rows"


def test_roles_are_chosen_by_keyboard_and_arrive_in_the_project(project_session: Session, table: Path, qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    importing = Importing(project_session, window)
    importing.begin(table)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    with qtbot.waitSignal(dialog.looked):
        pass
    assert isinstance(dialog.view, TableView)
    view = dialog.view.findChild(QTableView, "column_roles")
    assert view is not None
    index = dialog.view.model.index(3, ROLE)
    view.setCurrentIndex(index)
    editor = view.indexWidget(index)
    assert editor is not None  # the choice opens with the cell
    qtbot.keyClick(editor, Qt.Key.Key_End)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert dialog.view.model.columns()[3].role is ColumnRole.IGNORE
    with qtbot.waitSignal(importing.imported):
        dialog.import_button.click()
    assert project_session.project is not None
    (source,) = sources(project_session.project)
    roles = {column.name: column.role for column in table_columns(project_session.project, source.id)}
    assert roles == {
        "Serial": ColumnRole.ID,
        "Lot": ColumnRole.GROUP,
        "Torque": ColumnRole.FEATURE,
        "Temp": ColumnRole.IGNORE,
        "Result": ColumnRole.LABEL,
    }
    assert project_session.items is not None
    assert sorted(set(project_session.items.label.tolist())) == [Label.GOOD, Label.DEFECTIVE]


def test_table_without_a_feature_cannot_be_imported(project_session: Session, table: Path, qtbot: Any) -> None:
    dialog = opened(project_session, table, qtbot)
    assert isinstance(dialog.view, TableView)
    model = dialog.view.model
    for row in (2, 3):
        model.setData(model.index(row, ROLE), ColumnRole.IGNORE.value)
    assert not dialog.import_button.isEnabled()
    model.setData(model.index(2, ROLE), ColumnRole.FEATURE.value)
    assert dialog.import_button.isEnabled()


def test_role_of_one_column_only_is_taken_from_the_other(table: Path, qtmodeltester: Any) -> None:
    findings = inspect_table(table)
    model = ColumnRolesModel(findings.columns, findings.first_rows)
    qtmodeltester.check(model)
    model.setData(model.index(0, ROLE), ColumnRole.LABEL.value)
    assert [column.role for column in model.columns()][::4] == [ColumnRole.LABEL, ColumnRole.IGNORE]
    model.setData(model.index(3, UNIT), " K ")
    assert model.columns()[3].unit == "K"
    assert not model.setData(model.index(3, NAME), "other")


def test_name_of_the_file_speaks_for_all_rows(project_session: Session, tmp_path: Path, qtbot: Any) -> None:
    path = tmp_path / "train_normal.csv"
    path.write_text("a,b\n" + "\n".join(f"{row},{row * row % 13}" for row in range(30)), encoding="utf-8")
    dialog = opened(project_session, path, qtbot)
    assert isinstance(dialog.view, TableView)
    assert dialog.view.hint.isVisible()
    assert "good, train" in dialog.view.hint.text()


def test_tables_beside_images_are_offered_and_follow(project_session: Session, folder: Path, table: Path, qtbot: Any) -> None:
    (folder / "공정.csv").write_text(TABLE, encoding="utf-8")
    window = QWidget()
    qtbot.addWidget(window)
    importing = Importing(project_session, window)
    importing.begin(folder)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    with qtbot.waitSignal(dialog.looked):
        pass
    assert isinstance(dialog.view, FolderView)
    (box,) = dialog.view.table_boxes
    assert not box.isChecked()
    box.setChecked(True)
    with qtbot.waitSignal(importing.imported):
        dialog.import_button.click()
    following = [child for child in window.findChildren(ImportDialog) if child is not dialog and child.isVisible()]
    assert [child.windowTitle() for child in following] == ["Import 공정.csv"]
    with qtbot.waitSignal(project_session.jobs.idle):
        following[0].done(QDialog.DialogCode.Rejected)


def test_project_for_reading_only_says_so(project_session: Session, folder: Path, qtbot: Any) -> None:
    assert project_session.project is not None
    place = project_session.project.folder
    project_session.close_project()
    project_session.open_project(place, read_only=True)
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitSignal(project_session.notified) as blocker:
        Importing(project_session, window).begin(folder)
    assert blocker.args[0].code == "project_read_only"
    assert window.findChildren(ImportDialog) == []
