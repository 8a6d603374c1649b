"""The preferences, asked for by the form that every model of parameters gets. They take effect at once."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop import theme
from desktop.dialogs.buttons import button_box
from desktop.settings import Preferences, Settings
from desktop.widgets.parameter_form import ParameterForm
from desktop.words import translate


class PreferencesDialog(QDialog):
    """Every allowed edit is stored and applied while the dialog is open."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferences_dialog")
        self._settings: Final = settings
        self.form: Final = ParameterForm()
        self.form.set_model(Preferences)
        self.form.set_values(settings.preferences.model_dump())
        self.form.changed.connect(self._on_changed)
        self._buttons = button_box(QDialogButtonBox.StandardButton.Close)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(self.form, 1)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(520)
        self._retranslate()

    def _on_changed(self) -> None:
        entered = self.form.parameters()
        if entered is not None:
            self._settings.update(**entered.model_dump())

    def _retranslate(self) -> None:
        self.setWindowTitle(translate("Preferences", "Preferences"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
