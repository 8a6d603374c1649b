"""What an import would bring in: one view for folders of images, one for tables."""

from __future__ import annotations

from collections import Counter
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.data.layout import FolderFindings, FoundImage
from core.data.tables import TableFindings
from core.problems import Problem
from core.project.importing import hints_of_name
from core.vocabulary import ColumnRole, Label, Split
from desktop import theme
from desktop.dialogs.column_roles import EXAMPLES, NAME, ROLE, UNIT, ColumnRolesModel, RoleDelegate
from desktop.importing import ImportRequest
from desktop.words import label_word, problem_sentence, split_word, translate

_PREVIEW_ROWS: Final = 6
_LISTED: Final = 500
_ROW_HEIGHT: Final = 26


def number(value: int) -> str:
    return f"{value:,}"


def fit_rows(table: QTableView | QTableWidget, rows: int) -> None:
    """Makes a table as high as `rows` rows and its header need."""
    height = table.verticalHeader().defaultSectionSize() * rows + table.horizontalHeader().sizeHint().height() + 2 * table.frameWidth()
    table.setFixedHeight(height + table.horizontalScrollBar().sizeHint().height())


class ProblemList(QWidget):
    """Everything that is left out or should be known, each with its reason; hidden while there is nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._list = QListWidget()
        self._list.setAlternatingRowColors(True)
        self._list.setWordWrap(True)
        self._list.setMaximumHeight(110)
        self._count = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._title)
        layout.addWidget(self._list)
        self.hide()

    def add(self, problem: Problem) -> None:
        self._count += 1
        if self._count <= _LISTED:
            self._list.addItem(problem_sentence(problem))
        count = self._count
        self._title.setText(translate("ImportDialog", "%Ln remark(s):", None, count))
        self._list.setAccessibleName(self._title.text())
        self.show()

    def sentences(self) -> list[str]:
        return [self._list.item(row).text() for row in range(self._list.count())]


class Options(QWidget):
    """One label and one split for everything, instead of what the names say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label_box, self.split_box = QComboBox(), QComboBox()
        self.label_box.addItem(translate("ImportDialog", "as found"), None)
        for label in (Label.GOOD, Label.DEFECTIVE, Label.UNSURE, Label.NONE):
            self.label_box.addItem(translate("ImportDialog", "all {word}").format(word=label_word(label)), label)
        self.split_box.addItem(translate("ImportDialog", "as found"), None)
        for split in (Split.TRAIN, Split.CALIBRATION, Split.TEST, Split.NEW):
            self.split_box.addItem(translate("ImportDialog", "all {word}").format(word=split_word(split)), split)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACING)
        for text, box in ((translate("ImportDialog", "&Label"), self.label_box), (translate("ImportDialog", "&Split"), self.split_box)):
            title = QLabel(text)
            title.setBuddy(box)
            row.addWidget(title)
            row.addWidget(box)
            row.addSpacing(theme.MARGIN)
        row.addStretch(1)

    def label_all(self) -> Label | None:
        value = self.label_box.currentData()
        return None if value is None else Label(value)

    def split_all(self) -> Split | None:
        value = self.split_box.currentData()
        return None if value is None else Split(value)


def _layout_words(layout: str) -> str:
    return {
        "mvtec": translate("ImportDialog", "MVTec layout: folders for splits, in them folders for labels"),
        "class_folders": translate("ImportDialog", "one folder for each label"),
        "flat": translate("ImportDialog", "no labels in the folder names"),
    }[layout]


class FolderView(QWidget):
    """Images by folder with the label and split they would get, and the tables that lie there too."""

    changed = Signal()

    def __init__(self, findings: FolderFindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: Final = findings
        self.checked: Final = QLabel()
        self.problems: Final = ProblemList()
        for _, problem in findings.problems:
            self.problems.add(problem)
        self.options: Final = Options()
        self.table_boxes: Final = [QCheckBox(path.relative_to(findings.root).as_posix()) for path in findings.tables]
        for box in self.table_boxes:
            box.setChecked(not findings.images)
            box.toggled.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACING)
        if findings.images:
            layout.addWidget(QLabel(self._summary()))
            layout.addWidget(self._folders(), 1)
            layout.addWidget(self.checked)
        layout.addWidget(self.problems)
        if self.table_boxes:
            layout.addWidget(QLabel(translate("ImportDialog", "Tables in this folder to import as well, one after the other:")))
            for box in self.table_boxes:
                layout.addWidget(box)
        if findings.images:
            layout.addWidget(self.options)
        else:
            layout.addStretch(1)

    def _summary(self) -> str:
        count = len(self._findings.images)
        images = translate("ImportDialog", "%Ln image(s)", None, count)
        return f"{images}; {_layout_words(self._findings.layout)}"

    def _folders(self) -> QTableWidget:
        groups = Counter(_group(image) for image in self._findings.images)
        masks = Counter(_group(image) for image in self._findings.images if image.mask_path)
        headings = [
            translate("ImportDialog", "Folder"),
            translate("ImportDialog", "Images"),
            translate("ImportDialog", "Label"),
            translate("ImportDialog", "Defect type"),
            translate("ImportDialog", "Split"),
            translate("ImportDialog", "Masks"),
        ]
        table = QTableWidget(len(groups), len(headings))
        table.setHorizontalHeaderLabels(headings)
        table.setAccessibleName(translate("ImportDialog", "Images by folder"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for row, (group, count) in enumerate(groups.items()):
            folder, label, defect_type, split = group
            texts = [folder or ".", number(count), label_word(label), defect_type, "" if split is None else split_word(split)]
            for column, text in enumerate([*texts, number(masks[group]) if masks[group] else ""]):
                cell = QTableWidgetItem(text)
                if column in (1, 5):
                    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(row, column, cell)
        return table

    def button_text(self) -> str:
        images = len(self._findings.images)
        if images:
            return translate("ImportDialog", "&Import %Ln image(s)", None, images)
        tables = self._wanted_tables()
        return translate("ImportDialog", "&Go on with %n table(s)", None, tables)

    def _wanted_tables(self) -> int:
        return sum(box.isChecked() for box in self.table_boxes)

    def can_import(self) -> bool:
        return bool(self._findings.images) or self._wanted_tables() > 0

    def request(self) -> ImportRequest:
        wanted = tuple(path for path, box in zip(self._findings.tables, self.table_boxes, strict=True) if box.isChecked())
        return ImportRequest(findings=self._findings, label_all=self.options.label_all(), split_all=self.options.split_all(), tables=wanted)


def _group(image: FoundImage) -> tuple[str, Label, str, Split | None]:
    return image.relative_path.rpartition("/")[0], image.label, image.defect_type or "", image.split


def _format_words(findings: TableFindings) -> str:
    separators = {
        ",": translate("ImportDialog", "comma"),
        ";": translate("ImportDialog", "semicolon"),
        "\t": translate("ImportDialog", "tab"),
        "|": translate("ImportDialog", "bar"),
    }
    decimal = translate("ImportDialog", "decimal point") if findings.format.decimal == "." else translate("ImportDialog", "decimal comma")
    separator = separators.get(findings.format.delimiter, repr(findings.format.delimiter))
    return translate("ImportDialog", "encoding {encoding}, separator {separator}, {decimal}").format(
        encoding=findings.format.encoding, separator=separator, decimal=decimal
    )


class TableView(QWidget):
    """The format that was detected, the roles and units of the columns, and the first rows."""

    changed = Signal()

    def __init__(self, findings: TableFindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: Final = findings
        self.model: Final = ColumnRolesModel(findings.columns, findings.first_rows, self)
        self.model.dataChanged.connect(self.changed)
        self.options: Final = Options()
        self.problems: Final = ProblemList()
        for problem in findings.problems:
            self.problems.add(problem)
        self.hint: Final = QLabel()
        self.hint.setWordWrap(True)
        count = findings.row_count
        rows = translate("ImportDialog", "%Ln row(s)", None, count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(QLabel(f"{rows}; {_format_words(findings)}"))
        layout.addWidget(self._roles(), 1)
        layout.addWidget(QLabel(translate("ImportDialog", "First rows")))
        layout.addWidget(self._preview())
        layout.addWidget(self.problems)
        layout.addWidget(self.hint)
        layout.addWidget(self.options)
        self.model.dataChanged.connect(self._show_hint)
        self._show_hint()

    def _show_hint(self) -> None:
        """What the name of the file says about all rows, unless the options say otherwise."""
        hints = hints_of_name(self._findings.path, self.model.columns())
        words = [*([] if hints.label is None else [label_word(hints.label)]), *([] if hints.split is None else [split_word(hints.split)])]
        text = translate("ImportDialog", "The name of the file says of all rows: {words}. The choices below go before it.")
        self.hint.setText(text.format(words=", ".join(words)))
        self.hint.setVisible(bool(words))

    def _roles(self) -> QTableView:
        view = QTableView()
        view.setObjectName("column_roles")
        view.setAccessibleName(translate("ImportDialog", "Columns of the table and what they are used for"))
        view.setModel(self.model)
        view.setItemDelegateForColumn(ROLE, RoleDelegate(view))
        view.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setAlternatingRowColors(True)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = view.horizontalHeader()
        for column, width in ((NAME, 220), (ROLE, 150), (UNIT, 90)):
            view.setColumnWidth(column, width)
        header.setSectionResizeMode(EXAMPLES, QHeaderView.ResizeMode.Stretch)
        view.setMinimumHeight(180)
        return view

    def _preview(self) -> QTableWidget:
        shown = self._findings.first_rows[:_PREVIEW_ROWS]
        table = QTableWidget(len(shown), len(self._findings.columns))
        table.setHorizontalHeaderLabels([column.name for column in self._findings.columns])
        table.setAccessibleName(translate("ImportDialog", "First rows"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        for row, cells in enumerate(shown):
            for column, text in enumerate(cells):
                table.setItem(row, column, QTableWidgetItem(text))
        fit_rows(table, min(3, len(shown)))
        return table

    def button_text(self) -> str:
        rows = self._findings.row_count
        return translate("ImportDialog", "&Import %Ln row(s)", None, rows)

    def can_import(self) -> bool:
        return self._findings.row_count > 0 and self.model.count(ColumnRole.FEATURE) > 0

    def request(self) -> ImportRequest:
        return ImportRequest(
            findings=self._findings,
            columns=self.model.columns(),
            label_all=self.options.label_all(),
            split_all=self.options.split_all(),
        )
