"""The files that an export wrote, each with a button to open it and one to show where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from desktop.words import translate


class WrittenFiles(QWidget):
    """Empty until `show_files`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files: list[Path] = []
        self.open_buttons: list[QToolButton] = []
        self.folder_button = QToolButton(self)
        self.folder_button.clicked.connect(self._show_folder)
        self._labels: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self.folder_button.hide()
        self.retranslate()

    @property
    def files(self) -> list[Path]:
        return list(self._files)

    def show_files(self, files: Sequence[Path]) -> None:
        for widget in (*self._labels, *self.open_buttons):
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self._labels, self.open_buttons = [], []
        self._files = list(files)
        for row, path in enumerate(self._files):
            name = QLabel(self._text(path), self)
            name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            name.setToolTip(str(path))
            button = QToolButton(self)
            button.clicked.connect(partial(_open, path))
            self._labels.append(name)
            self.open_buttons.append(button)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(button, row, 1)
        self._grid.addWidget(self.folder_button, len(self._files), 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        self.folder_button.setVisible(bool(self._files))
        self.retranslate()

    @staticmethod
    def _text(path: Path) -> str:
        size = path.stat().st_size if path.exists() else 0
        return f"{path.name}   {size / 1e6:.1f} MB" if size >= 1e6 else f"{path.name}   {max(1, round(size / 1e3))} kB"

    def _show_folder(self) -> None:
        if self._files:
            _open(self._files[0].parent)

    def retranslate(self) -> None:
        for path, button in zip(self._files, self.open_buttons, strict=True):
            button.setText(translate("ReportPage", "Open"))
            button.setAccessibleName(translate("ReportPage", "Open {name}").format(name=path.name))
        self.folder_button.setText(translate("ReportPage", "Show in folder"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _open(path: Path, checked: bool = False) -> None:
    """In the program that the system uses for such files."""
    del checked
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
