"""The buttons at the foot of a dialog."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox


def button_box(*buttons: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """A box with these buttons, in the order of the system, without the coloured icons that some desktops put on them."""
    box = QDialogButtonBox()
    for button in buttons:
        box.addButton(button)
    strip_icons(box)
    return box


def strip_icons(box: QDialogButtonBox | QMessageBox) -> None:
    """Takes the icons off the buttons of a box."""
    for button in box.buttons():
        button.setIcon(QIcon())
