"""Questions and choices of files, none of which blocks: the answer arrives at a slot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop.dialogs.buttons import strip_icons
from desktop.words import translate


def ask(parent: QWidget, *, title: str, text: str, yes: str, on_yes: Callable[[], object]) -> QMessageBox:
    """Asks with two buttons: `yes`, which calls `on_yes`, and Cancel, which is the default."""
    box = QMessageBox(QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.Cancel, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    strip_icons(box)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.buttonClicked.connect(lambda clicked: on_yes() if clicked is button else None)
    box.open()
    return box


def choose_folder(parent: QWidget, *, title: str, on_chosen: Callable[[Path], object]) -> QFileDialog:
    """Lets a person choose a folder that exists."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, on_chosen)


def choose_table(parent: QWidget, *, title: str, on_chosen: Callable[[Path], object]) -> QFileDialog:
    """Lets a person choose a table file."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([translate("Ask", "Tables (*.csv *.tsv *.txt)"), translate("Ask", "All files (*)")])
    return _open(dialog, on_chosen)


def _open(dialog: QFileDialog, on_chosen: Callable[[Path], object]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: on_chosen(Path(name)))
    dialog.open()
    return dialog
