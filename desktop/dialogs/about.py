"""What this program is, and under which terms it and its parts may be used."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop import theme
from desktop.dialogs.buttons import button_box
from desktop.widgets.icon_label import IconLabel
from desktop.words import translate


def program_version() -> str:
    try:
        return metadata.version("flawscope")
    except metadata.PackageNotFoundError:  # started from the sources without an installation
        return "0"


class AboutDialog(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setWindowTitle(translate("About", "About Flawscope"))
        title = QLabel(f"Flawscope {program_version()}")
        title.setFont(theme.heading_font(self.font()))
        text = QLabel(
            translate(
                "About",
                "Finds defective products in images and in tables of measurements.\n\n"
                "Licence: Apache-2.0. Uses Qt {qt} and PySide6 under the LGPL, PyTorch, scikit-learn and pyqtgraph; "
                "the Korean font is NanumSquare under the SIL Open Font License.",
            ).format(qt=qVersion())
        )
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        words = QVBoxLayout()
        words.addWidget(title)
        words.addWidget(text)
        row = QHBoxLayout()
        row.setSpacing(theme.MARGIN)
        row.addWidget(IconLabel("flawscope", 56), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(buttons)
        self.setMinimumWidth(520)
