"""What is on record about a run: its parameters, the items it learnt from, where, when and with which versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from core.detectors.base import Declaration, unit_of
from core.project.runs import RunRecord, SnapshotItem
from core.vocabulary import Label, Split
from desktop.widgets.number_box import number_text
from desktop.widgets.run_options import preset_title
from desktop.words import duration_text, label_word, parameter_title, split_word, translate

Group = tuple[str, list[tuple[str, str]]]


def value_text(value: Any) -> str:
    """A parameter's value as a person reads it."""
    if value is None:
        return translate("ParameterForm", "not set")
    if isinstance(value, bool):
        return translate("ParameterForm", "on") if value else translate("ParameterForm", "off")
    if isinstance(value, int | float):
        return number_text(value)
    return ", ".join(value_text(part) for part in value) if isinstance(value, list | tuple) else str(value)


def seconds_of(record: RunRecord) -> float | None:
    """How long the run took; None if it never ran or is not over."""
    if record.started_at is None or record.finished_at is None:
        return None
    return (datetime.fromisoformat(record.finished_at) - datetime.fromisoformat(record.started_at)).total_seconds()


def _local_time(text: str | None) -> str:
    if text is None:
        return ""
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M:%S}"


def parameter_facts(record: RunRecord, declaration: Declaration) -> Group:
    """All parameters with title and unit; those of an older version of the detector under the name they had."""
    rows = []
    for name, value in record.parameters.items():
        info = declaration.parameters.model_fields.get(name)
        unit = translate("Parameter", unit_of(info)) if info is not None and unit_of(info) else ""
        rows.append((parameter_title(info) if info is not None else name, f"{value_text(value)} {unit}".strip()))
    order = [parameter_title(info) for info in declaration.parameters.model_fields.values()]
    rows.sort(key=lambda row: order.index(row[0]) if row[0] in order else len(order))
    return translate("RunFacts", "Parameters"), rows


def item_facts(snapshot: Sequence[SnapshotItem], *, learnt: int) -> Group:
    """How many items of which split and label the run was given, and how many of them it learnt from."""
    counts = Counter((item.split, item.label) for item in snapshot)
    if not snapshot:
        return translate("RunFacts", "Items"), []
    rows = [(translate("RunFacts", "learnt from"), f"{learnt:,}")]
    rows += [
        (translate("RunFacts", "{split}, {label}").format(split=split_word(split), label=label_word(label)), f"{counts[split, label]:,}")
        for split in (Split.TRAIN, Split.CALIBRATION, Split.TEST, Split.NEW)
        for label in Label
        if counts[split, label]
    ]
    return translate("RunFacts", "Items"), rows


def history_facts(record: RunRecord) -> Group:
    seconds = seconds_of(record)
    rows = [
        (translate("RunFacts", "effort"), preset_title(record.preset) if record.preset else ""),
        (translate("RunFacts", "seed"), str(record.seed)),
        (translate("RunFacts", "device"), record.device),
        (translate("RunFacts", "queued"), _local_time(record.created_at)),
        (translate("RunFacts", "started"), _local_time(record.started_at)),
        (translate("RunFacts", "ended"), _local_time(record.finished_at)),
        (translate("RunFacts", "duration"), duration_text(seconds) if seconds is not None else ""),
        (translate("RunFacts", "model, SHA-256"), record.model_sha256 or ""),
    ]
    return translate("RunFacts", "Run"), [row for row in rows if row[1]]


def version_facts(record: RunRecord) -> Group:
    return translate("RunFacts", "Versions"), list(_flat(record.environment or {}))


def _flat(values: dict[str, Any] | Any, prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            yield f"{prefix}{name}", value_text(value)


class RunFacts(QTreeWidget):
    """Groups of a name and a value each, all of them open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setEditTriggers(QTreeWidget.EditTrigger.NoEditTriggers)
        self.setRootIsDecorated(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self._groups: list[Group] = []
        self.retranslate()

    def set_groups(self, groups: Iterable[Group]) -> None:
        """Groups without rows are left out."""
        wanted = [group for group in groups if group[1]]
        if wanted == self._groups:
            return
        self._groups = wanted
        self.clear()
        for title, rows in wanted:
            head = QTreeWidgetItem(self, [title, ""])
            head.setFont(0, self._bold())
            head.setFirstColumnSpanned(True)
            for name, value in rows:
                QTreeWidgetItem(head, [name, value]).setToolTip(1, value)
            head.setExpanded(True)

    def groups(self) -> list[Group]:
        """What is shown."""
        return self._groups

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("RunFacts", "What is on record about the run"))

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font
