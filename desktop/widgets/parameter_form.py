"""The form that every pydantic model of parameters gets: title, help, unit, range, default and reset of each field.

Nothing here knows any detector. A field is put on the form from its declaration (`core.detectors.base.parameter`) alone, and what was
entered is judged by the model itself, so form, command line and detector can never disagree on what is allowed.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from core.detectors.base import unit_of
from desktop import theme
from desktop.widgets.muted_label import MutedLabel
from desktop.widgets.number_box import number_text
from desktop.widgets.parameter_fields import FieldType, field_type, make_editor
from desktop.words import parameter_help, parameter_title, translate

LABEL_WIDTH: Final = 110
EDITOR_WIDTH: Final = 190


def is_advanced(info: FieldInfo) -> bool:
    """Whether a field made with `core.detectors.base.parameter` belongs to the folded part of the form."""
    extra = info.json_schema_extra
    return bool(extra.get("advanced", False)) if isinstance(extra, dict) else False


def range_text(kind: FieldType) -> str:
    """The range of a number in words; empty if it has none."""
    limits = kind.limits
    low = None if limits.low is None else number_text(limits.low)
    high = None if limits.high is None else number_text(limits.high)
    parts = []
    if low is not None and high is not None and not (limits.low_excluded or limits.high_excluded):
        parts.append(translate("ParameterForm", "from {low} to {high}").format(low=low, high=high))
    else:
        if low is not None:
            text = translate("ParameterForm", "above {low}") if limits.low_excluded else translate("ParameterForm", "{low} or more")
            parts.append(text.format(low=low))
        if high is not None:
            text = translate("ParameterForm", "below {high}") if limits.high_excluded else translate("ParameterForm", "{high} or less")
            parts.append(text.format(high=high))
    if limits.multiple_of is not None:
        parts.append(translate("ParameterForm", "in steps of {step}").format(step=number_text(limits.multiple_of)))
    return ", ".join(parts)


class ParameterRow(QWidget):
    """One field: label, editor, unit and reset button, and below them a line of help or of what is wrong."""

    def __init__(self, *, name: str, info: FieldInfo, parent: QWidget) -> None:
        super().__init__(parent)
        self.name: Final = name
        self.info: Final = info
        self.kind: Final = field_type(info)
        self.advanced: Final = is_advanced(info)
        self.base: Any = info.get_default(call_default_factory=True)
        self.error = ""
        self.label = QLabel(self)
        self.editor = make_editor(self.kind, self.base)
        self.unit = QLabel(self)
        self.reset = QToolButton(self)
        self.help = MutedLabel(self)
        self._arrange()

    def value(self) -> Any:
        """Raises ValueError while the entry spells no value."""
        return self.editor.value()

    def differs(self) -> bool:
        """Whether the entry is another value than the one that reset puts back."""
        return not self.editor.shows(self.base)

    def stops(self) -> list[QWidget]:
        """Where the key Tab stops, in reading order."""
        return [*self.editor.boxes(), self.reset]

    @Slot()
    def put_back(self) -> None:
        self.editor.set_value(self.base)
        self.editor.first.setFocus()

    def show_state(self, error: str) -> None:
        """Shows what is wrong with the entry, or with an empty `error` the help."""
        self.error = error
        self.reset.setVisible(self.differs())
        self.help.set_muted(not error)
        self.retranslate()

    def retranslate(self) -> None:
        title = parameter_title(self.info) or self.name
        unit = translate("Parameter", unit_of(self.info)) if unit_of(self.info) else ""
        text = " ".join(part for part in (parameter_help(self.info), _bracketed(range_text(self.kind))) if part)
        self.label.setText(title)
        self.unit.setText(unit)
        self.help.setText(self.error or text)
        self.editor.retranslate()
        default = translate("ParameterForm", "Back to {value}").format(value=_shown(self.base))
        self.reset.setToolTip(default)
        self.reset.setAccessibleName(f"{title}: {default}")
        for box in (self.editor, *self.editor.findChildren(QWidget)):
            box.setAccessibleName(f"{title} ({unit})" if unit else title)
            box.setAccessibleDescription(self.help.text())
            box.setToolTip(text)

    def _arrange(self) -> None:
        self.label.setBuddy(self.editor.first)
        self.label.setWordWrap(True)
        self.reset.setAutoRaise(True)
        self.reset.setIcon(theme.icon("reset"))
        self.reset.clicked.connect(self.put_back)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        cell = QHBoxLayout()
        cell.setSpacing(8)
        cell.addWidget(self.editor)
        cell.addWidget(self.unit)
        cell.addStretch(1)
        cell.addWidget(self.reset)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 8)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.label, 0, 0)
        grid.addLayout(cell, 0, 1)
        grid.addWidget(self.help, 1, 0, 1, 2)
        # rows are layouts of their own: shares that ignore the texts keep their columns in line
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnMinimumWidth(1, EDITOR_WIDTH)


def _bracketed(text: str) -> str:
    return f"({text})" if text else ""


def _shown(value: object) -> str:
    if value is None:
        return translate("ParameterForm", "not set")
    if isinstance(value, bool):
        return translate("ParameterForm", "on") if value else translate("ParameterForm", "off")
    return number_text(value) if isinstance(value, int | float) else str(value)


class ParameterForm(QWidget):
    """Shows one model at a time. `changed` is emitted after every edit, also while what is entered is not allowed."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: type[BaseModel] | None = None
        self._rows: dict[str, ParameterRow] = {}
        self._judging = False
        self._common, self._advanced = QVBoxLayout(), QVBoxLayout()
        self._fold = QToolButton(self)
        self._fold.setCheckable(True)
        self._fold.setAutoRaise(True)
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.toggled.connect(self._on_folded)
        self._general_error = QLabel(self)
        self._general_error.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._common)
        layout.addWidget(self._fold)
        layout.addLayout(self._advanced)
        layout.addWidget(self._general_error)
        layout.addStretch(1)

    def set_model(self, model: type[BaseModel], base: Mapping[str, Any] | None = None) -> None:
        """Shows the fields of `model`, set to their defaults and over them `base`, the values of a preset."""
        for old in self._rows.values():
            old.hide()
            old.deleteLater()
        self._model = model
        self._rows = {name: ParameterRow(name=name, info=info, parent=self) for name, info in model.model_fields.items()}
        for row in self._rows.values():
            row.editor.changed.connect(self._on_changed)
            (self._advanced if row.advanced else self._common).addWidget(row)
        self._order_tabs()
        self._fold.setChecked(False)
        self._on_folded(False)
        self.set_base(base or {})

    def set_base(self, base: Mapping[str, Any]) -> None:
        """Another preset: entries that a person changed stay, all others follow."""
        assert self._model is not None
        wanted = self._model(**base)
        self._judging = True
        for name, row in self._rows.items():
            changed = row.differs()
            row.base = getattr(wanted, name)
            if not changed:
                row.put_back()
        self._judging = False
        self._on_changed()

    def reset(self) -> None:
        """Puts every entry back to the preset."""
        self.set_values({})

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Sets the entries named in `values`, all others to the preset. Raises pydantic's ValidationError."""
        assert self._model is not None
        wanted = self._model(**({name: row.base for name, row in self._rows.items()} | dict(values)))
        self._judging = True
        for name, row in self._rows.items():
            row.editor.set_value(getattr(wanted, name))
        self._judging = False
        self._on_changed()

    def parameters(self) -> BaseModel | None:
        """What is entered, or None while something is not allowed."""
        entries, errors = self._judge()
        return None if errors or self._model is None else self._model(**entries)

    def overrides(self) -> dict[str, Any]:
        """The entries that differ from the preset, as JSON values. Empty while something is not allowed."""
        parameters = self.parameters()
        changed = {name for name, row in self._rows.items() if row.differs()}
        return {} if parameters is None else parameters.model_dump(mode="json", include=changed)

    def errors(self) -> dict[str, str]:
        """What is wrong, by field name; the empty name stands for the entries taken together."""
        return self._judge()[1]

    def stops(self) -> list[QWidget]:
        """Where the key Tab stops, in reading order."""
        common = [stop for row in self._rows.values() if not row.advanced for stop in row.stops()]
        return [*common, self._fold, *(stop for row in self._rows.values() if row.advanced for stop in row.stops())]

    def row(self, name: str) -> ParameterRow:
        return self._rows[name]

    def names(self) -> list[str]:
        """The fields in the order of the form."""
        return sorted(self._rows, key=lambda name: self._rows[name].advanced)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show_state()

    def _judge(self) -> tuple[dict[str, Any], dict[str, str]]:
        entries: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, row in self._rows.items():
            try:
                entries[name] = row.value()
            except ValueError:
                entries[name] = row.base
                errors[name] = _not_understood(row.kind)
        if self._model is not None:
            try:
                self._model(**entries)
            except ValidationError as refusal:
                for error in refusal.errors(include_url=False):
                    name = str(error["loc"][0]) if error["loc"] else ""
                    errors.setdefault(name, self._sentence(name, error["msg"]))
        return entries, errors

    def _sentence(self, name: str, detail: str) -> str:
        row = self._rows.get(name)
        allowed = range_text(row.kind) if row is not None else ""
        if allowed:
            return translate("ParameterForm", "Not allowed. Enter a value {range}.").format(range=allowed)
        detail = translate("Parameter", detail.removeprefix("Value error, "))
        return translate("ParameterForm", "Not allowed: {detail}").format(detail=detail)

    def _show_state(self) -> None:
        errors = self.errors()
        for name, row in self._rows.items():
            row.show_state(errors.get(name, ""))
        self._general_error.setText(errors.get("", ""))
        self._general_error.setVisible("" in errors)
        advanced = [row for row in self._rows.values() if row.advanced]
        changed = sum(row.differs() for row in advanced)
        text = translate("ParameterForm", "Advanced ({count})").format(count=len(advanced))
        if changed:
            text = translate("ParameterForm", "Advanced ({count}, {changed} changed)").format(count=len(advanced), changed=changed)
        self._fold.setText(text)
        self._fold.setVisible(bool(advanced))
        if any(row.error for row in advanced):
            self._fold.setChecked(True)

    def _on_changed(self) -> None:
        if not self._judging:
            self._show_state()
            self.changed.emit()

    def _on_folded(self, unfolded: bool) -> None:
        self._fold.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        for row in self._rows.values():
            row.setVisible(unfolded or not row.advanced)

    def _order_tabs(self) -> None:
        """Advanced fields may be declared among the others; the key Tab follows what the eye sees."""
        stops = self.stops()
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)


def _not_understood(kind: FieldType) -> str:
    if kind.plain is int:
        return translate("ParameterForm", "Not allowed. Enter a whole number.")
    if kind.plain is float:
        return translate("ParameterForm", "Not allowed. Enter a number.")
    return translate("ParameterForm", "This is not understood. Use a form such as {example}.").format(example="[1, 2, 3]")
