"""Asks for the name and the place of a new project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.dialogs.ask import choose_folder
from desktop.dialogs.buttons import button_box
from desktop.words import translate

SUFFIX: Final = ".flawscope"
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def name_fault(name: str) -> str:
    """Why a project cannot have this name, on any of the systems that may open it; empty if it can."""
    if _FORBIDDEN.search(name):
        return translate("NewProject", 'A name must not contain any of < > : " / \\ | ? *')
    if name.startswith(".") or name.endswith((".", " ")) or _RESERVED.fullmatch(name):
        return translate("NewProject", "Windows does not allow this name.")
    return ""


class NewProjectDialog(QDialog):
    """Emits `chosen` with the folder of the project, which does not exist yet, when it is accepted."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_project_dialog")
        self.setWindowTitle(translate("NewProject", "New project"))
        documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self.name_edit = QLineEdit()
        self.name_edit.setPlaceholderText(translate("NewProject", "for example the product and the line"))
        self.folder_edit = QLineEdit(str(documents if documents.is_dir() else Path.home()))
        browse = QPushButton(translate("NewProject", "&Browse..."))
        browse.clicked.connect(self._on_browse)
        place = QHBoxLayout()
        place.addWidget(self.folder_edit, 1)
        place.addWidget(browse)
        form = QFormLayout()
        form.addRow(translate("NewProject", "&Name"), self.name_edit)
        label = QLabel(translate("NewProject", "&Folder"))
        label.setBuddy(self.folder_edit)
        form.addRow(label, place)
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self._buttons = button_box(QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel)
        self.ok_button = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok_button.setText(translate("NewProject", "&Create"))
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACING)
        layout.addLayout(form)
        layout.addWidget(self._hint)
        layout.addStretch(1)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(560)
        self.name_edit.textChanged.connect(self._on_edited)
        self.folder_edit.textChanged.connect(self._on_edited)
        self._on_edited()

    def folder(self) -> Path:
        """Where the project will be."""
        name = self.name_edit.text().strip().removesuffix(SUFFIX)
        return Path(self.folder_edit.text().strip()).expanduser() / (name + SUFFIX)

    def fault(self) -> str:
        """Why the entries cannot be used; empty if they can or are not complete."""
        name = self.name_edit.text().strip()
        place = self.folder_edit.text().strip()
        if fault := name_fault(name):
            return fault
        if name and place and self.folder().exists():
            return translate("NewProject", "There is such a project already. Open it, or choose another name.")
        if place and not Path(place).expanduser().is_absolute():
            return translate("NewProject", "Give the folder with its whole path.")
        return ""

    def accept(self) -> None:
        if self.ok_button.isEnabled():
            super().accept()
            self.chosen.emit(self.folder())

    def _on_edited(self) -> None:
        complete = bool(self.name_edit.text().strip() and self.folder_edit.text().strip())
        fault = self.fault()
        self.ok_button.setEnabled(complete and not fault)
        will_be = translate("NewProject", "Labels, runs and reports will be kept in {folder}; your images stay where they are.")
        self._hint.setText(
            fault or (will_be.format(folder=self.folder()) if complete else translate("NewProject", "Give the project a name."))
        )

    def _on_browse(self) -> None:
        choose_folder(
            self, title=translate("NewProject", "Folder for the project"), on_chosen=lambda path: self.folder_edit.setText(str(path))
        )
