"""One editor for each type that a field of a pydantic model may have, all with the same three methods."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

from annotated_types import Ge, GroupedMetadata, Gt, Le, Lt, MultipleOf
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python
from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from desktop.widgets.number_box import Limits, NumberBox
from desktop.words import translate


@dataclass(frozen=True, kw_only=True)
class FieldType:
    """What a field holds. `plain` is bool, int, float, str, or None for anything else; `choices` are the values to choose from."""

    plain: type | None
    optional: bool
    choices: tuple[Any, ...]
    limits: Limits


def field_type(info: FieldInfo) -> FieldType:
    """Takes the annotation of a field apart: Optional, Annotated, Literal, enums, and pydantic's limits."""
    annotation, metadata = _unwrapped(info.annotation, list(info.metadata))
    arguments = typing.get_args(annotation) if typing.get_origin(annotation) in (typing.Union, types.UnionType) else (annotation,)
    kinds = [argument for argument in arguments if argument is not type(None)]
    optional = len(kinds) < len(arguments)
    inner: Any = None
    if len(kinds) == 1:
        inner, metadata = _unwrapped(kinds[0], metadata)
    choices: tuple[Any, ...] = ()
    if typing.get_origin(inner) is Literal:
        choices = typing.get_args(inner)
        optional = optional or None in choices
    elif isinstance(inner, type) and issubclass(inner, Enum):
        choices = tuple(inner)
    plain = inner if inner in (bool, int, float, str) else None
    return FieldType(
        plain=plain, optional=optional, choices=tuple(choice for choice in choices if choice is not None), limits=_limits(metadata)
    )


def _unwrapped(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    while typing.get_origin(annotation) is Annotated:
        annotation, *more = typing.get_args(annotation)
        metadata = [*metadata, *more]
    return annotation, metadata


def _limits(metadata: Sequence[Any]) -> Limits:
    found: dict[str, Any] = {}
    for entry in metadata:
        for limit in entry if isinstance(entry, GroupedMetadata) else (entry,):
            if isinstance(limit, Ge):
                found |= {"low": limit.ge}
            elif isinstance(limit, Gt):
                found |= {"low": limit.gt, "low_excluded": True}
            elif isinstance(limit, Le):
                found |= {"high": limit.le}
            elif isinstance(limit, Lt):
                found |= {"high": limit.lt, "high_excluded": True}
            elif isinstance(limit, MultipleOf):
                found |= {"multiple_of": limit.multiple_of}
    return Limits(**found)


class Editor(QWidget):
    """Base of the editors. `value` raises ValueError while the entry spells no value of the field's type."""

    changed = Signal()
    first: QWidget  # where the focus goes first; no focus proxy, because setTabOrder makes loops of compound widgets that have one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)

    def value(self) -> Any:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        raise NotImplementedError

    def shows(self, value: Any) -> bool:
        """Whether the entry stands for `value`."""
        try:
            entered = self.value()
        except ValueError:
            return False
        return bool(entered == value) and isinstance(entered, bool) == isinstance(value, bool)

    def take(self, widget: QWidget) -> None:
        """Puts the widget that a person edits into the editor."""
        self.row.addWidget(widget)
        self.first = widget

    def boxes(self) -> list[QWidget]:
        """Where the key Tab stops, in reading order."""
        return [self.first]

    def retranslate(self) -> None:
        """Shows texts of the program's own in the current language."""


class NumberEditor(Editor):
    def __init__(self, *, whole: bool, limits: Limits, default: float) -> None:
        super().__init__()
        self.box = NumberBox(whole=whole, limits=limits, default=default)
        self.box.value_changed.connect(self.changed)
        self.take(self.box)

    def value(self) -> float:
        value = self.box.value()
        if value is None:
            raise ValueError(self.box.text())
        return value

    def set_value(self, value: Any) -> None:
        self.box.setValue(value)


class SwitchEditor(Editor):
    def __init__(self) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.toggled.connect(self.changed)
        self.take(self.box)
        self.retranslate()

    def value(self) -> bool:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def retranslate(self) -> None:
        self.box.setText(translate("ParameterForm", "on"))


class QuietComboBox(QComboBox):
    """A combo box that does not change when the form is scrolled over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceEditor(Editor):
    def __init__(self, choices: Sequence[Any]) -> None:
        super().__init__()
        self.choices = tuple(choices)
        self.box = QuietComboBox()
        self.box.addItems([""] * len(self.choices))
        self.box.currentIndexChanged.connect(self.changed)
        self.take(self.box)
        self.retranslate()

    def value(self) -> Any:
        return self.choices[self.box.currentIndex()]

    def set_value(self, value: Any) -> None:
        self.box.setCurrentIndex(self.choices.index(value))

    def retranslate(self) -> None:
        for place, choice in enumerate(self.choices):
            word = choice.value if isinstance(choice, Enum) else choice
            self.box.setItemText(place, translate("Parameter", str(word).replace("_", " ")))


class TextEditor(Editor):
    def __init__(self) -> None:
        super().__init__()
        self.box = QLineEdit()
        self.box.setMinimumWidth(self.fontMetrics().averageCharWidth() * 24)
        self.box.textChanged.connect(self.changed)
        self.take(self.box)

    def value(self) -> Any:
        return self.box.text()

    def set_value(self, value: Any) -> None:
        self.box.setText(str(value))


class NotationEditor(TextEditor):
    """For every type that has no editor of its own: the value in JSON notation, a bare word standing for text."""

    def value(self) -> Any:
        text = self.box.text().strip()
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            if text.startswith(("[", "{", '"')):
                raise ValueError(text) from None
            return text

    def set_value(self, value: Any) -> None:
        self.box.setText(_notation(value))

    def shows(self, value: Any) -> bool:
        try:
            return _notation(self.value()) == _notation(value)
        except ValueError:
            return False


def _notation(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(to_jsonable_python(value), ensure_ascii=False)


class OptionalEditor(Editor):
    """A tick before the editor of the value itself; without the tick the value is None."""

    def __init__(self, inner: Editor) -> None:
        super().__init__()
        self.inner = inner
        self.tick = QCheckBox()
        self.tick.toggled.connect(self._on_toggled)
        inner.changed.connect(self.changed)
        inner.setEnabled(False)
        self.take(self.tick)
        self.row.addWidget(inner)
        self.retranslate()

    def value(self) -> Any:
        return self.inner.value() if self.tick.isChecked() else None

    def shows(self, value: Any) -> bool:
        if value is None or not self.tick.isChecked():
            return value is None and not self.tick.isChecked()
        return self.inner.shows(value)

    def set_value(self, value: Any) -> None:
        if value is not None:
            self.inner.set_value(value)
        self.tick.setChecked(value is not None)

    def boxes(self) -> list[QWidget]:
        return [self.tick, *self.inner.boxes()]

    def retranslate(self) -> None:
        self.tick.setText(translate("ParameterForm", "set to"))
        self.inner.retranslate()

    def _on_toggled(self, ticked: bool) -> None:
        self.inner.setEnabled(ticked)
        self.changed.emit()


def make_editor(kind: FieldType, default: Any) -> Editor:
    """The editor for fields of `kind`, showing `default`."""
    inner: Editor
    if kind.choices:
        inner = ChoiceEditor(kind.choices)
    elif kind.plain is bool:
        inner = SwitchEditor()
    elif kind.plain in (int, float):
        start = default if default is not None else _start(kind.limits)
        inner = NumberEditor(whole=kind.plain is int, limits=kind.limits, default=int(start) if kind.plain is int else float(start))
    elif kind.plain is str:
        inner = TextEditor()
    else:
        inner = NotationEditor()
    editor = OptionalEditor(inner) if kind.optional else inner
    editor.set_value(default)
    return editor


def _start(limits: Limits) -> float:
    """A number in range for an optional field that is not set."""
    if limits.low is not None:
        return limits.low + (limits.multiple_of or 1) if limits.low_excluded else limits.low
    return min(limits.high, 0) if limits.high is not None else 0
