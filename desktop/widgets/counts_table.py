"""Verdicts against labels, each count a button that shows its items, and the three rates with their exact intervals."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from core.evaluation.outcomes import Counts, Rate
from core.vocabulary import Label, Verdict
from desktop.widgets.verdict_marks import VerdictMark
from desktop.words import translate, verdict_word

VERDICTS: Final = (Verdict.OK, Verdict.REVIEW, Verdict.NG)
CellKey = tuple[Label, Verdict]


def percent(fraction: float) -> str:
    """A rate for people: two or three digits, never rounded to a bare 0 or 100 that it is not."""
    value = 100 * fraction
    if value in {0, 100}:
        return f"{value:.0f}"
    if value > 99:
        return f"{value:.2f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def rate_text(rate: Rate) -> str:
    """For example "1 of 100 = 1.0 %"; without items "none of 0"."""
    if rate.value is None:
        return translate("CountsTable", "not known")
    return translate("CountsTable", "{count} of {total} = {percent} %").format(
        count=f"{rate.numerator:,}", total=f"{rate.denominator:,}", percent=percent(rate.value)
    )


def interval_text(rate: Rate) -> str:
    """The exact 95 % interval in per cent."""
    limits = rate.interval()
    return translate("CountsTable", "(95 %: {low} – {high} %)").format(low=percent(limits.low), high=percent(limits.high))


class CountsTable(QWidget):
    """`cell_chosen` tells the label and verdict of the count that was clicked."""

    cell_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Counts | None = None
        self._chosen: CellKey | None = None
        self.cells: dict[CellKey, QToolButton] = {}
        self._row_names: dict[Label, QLabel] = {}
        self._rate_names = {name: QLabel(self) for name in ("escape", "overkill", "review")}
        self.rates: dict[str, QLabel] = {name: QLabel(self) for name in self._rate_names}
        self.intervals: dict[str, QLabel] = {name: QLabel(self) for name in self._rate_names}
        self._note = QLabel(self)
        self._note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._make_table())
        layout.addLayout(self._make_rates())
        layout.addWidget(self._note)
        layout.addStretch(1)
        self.retranslate()

    def _make_table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(3)
        for column, verdict in enumerate(VERDICTS, start=1):
            mark = VerdictMark(self)
            mark.show_verdict(verdict)
            grid.addWidget(mark, 0, column, Qt.AlignmentFlag.AlignCenter)
            grid.setColumnStretch(column, 1)
        for row, label in enumerate((Label.GOOD, Label.DEFECTIVE), start=1):
            name = QLabel(self)
            self._row_names[label] = name
            grid.addWidget(name, row, 0)
            for column, verdict in enumerate(VERDICTS, start=1):
                cell = QToolButton(self)
                cell.setCheckable(True)
                cell.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
                cell.setMinimumWidth(64)
                cell.clicked.connect(self._on_clicked)
                self.cells[label, verdict] = cell
                grid.addWidget(cell, row, column)
        return grid

    def _make_rates(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        for row, name in enumerate(self._rate_names):
            grid.addWidget(self._rate_names[name], row, 0)
            grid.addWidget(self.rates[name], row, 1)
            grid.addWidget(self.intervals[name], row, 2)
        grid.setColumnStretch(2, 1)
        return grid

    def show_counts(self, counts: Counts | None) -> None:
        """Called in every frame of a drag; None empties the table."""
        self._counts = counts
        table = counts.as_table() if counts else {}
        for (label, verdict), cell in self.cells.items():
            number = table.get(label.name.lower(), {}).get(verdict.value.lower())
            cell.setText("–" if number is None else f"{number:,}")
            cell.setEnabled(number is not None)
        for name in self._rate_names:
            rate: Rate | None = getattr(counts, name) if counts else None
            self.rates[name].setText("–" if rate is None else rate_text(rate))
            known = rate is not None and rate.value is not None
            self.intervals[name].setText(interval_text(rate) if rate is not None and known else self._why_unknown(name))

    def _why_unknown(self, name: str) -> str:
        if self._counts is None:
            return ""
        if name == "escape":
            return translate("CountsTable", "no defective items here")
        return translate("CountsTable", "no good items here") if name == "overkill" else translate("CountsTable", "no labelled items here")

    def show_note(self, text: str) -> None:
        """What enters no rate, for example the number of unlabelled items."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def choose(self, cell: CellKey | None) -> None:
        """Marks the cell whose items are listed."""
        self._chosen = cell
        for key, button in self.cells.items():
            button.setChecked(key == cell)

    def _on_clicked(self) -> None:
        pressed = next(key for key, button in self.cells.items() if button is self.sender())
        self.choose(None if pressed == self._chosen else pressed)
        self.cell_chosen.emit(self._chosen)

    def retranslate(self) -> None:
        self._row_names[Label.GOOD].setText(translate("CountsTable", "good"))
        self._row_names[Label.DEFECTIVE].setText(translate("CountsTable", "defective"))
        self._rate_names["escape"].setText(translate("CountsTable", "Escape"))
        self._rate_names["overkill"].setText(translate("CountsTable", "Overkill"))
        self._rate_names["review"].setText(translate("CountsTable", "Review"))
        explained = {
            "escape": translate("CountsTable", "Defective parts that are judged OK"),
            "overkill": translate("CountsTable", "Good parts that are judged NG"),
            "review": translate("CountsTable", "Parts that a person must look at, good and defective, in the mix of this choice"),
        }
        for name, text in explained.items():
            for widget in (self._rate_names[name], self.rates[name], self.intervals[name]):
                widget.setToolTip(text)
        for (label, verdict), cell in self.cells.items():
            what = self._row_names[label].text()
            text = translate("CountsTable", "Show the {label} items judged {verdict}").format(label=what, verdict=verdict_word(verdict))
            cell.setAccessibleName(text)
            cell.setToolTip(text)
        self._emphasise()
        self.show_counts(self._counts)

    def _emphasise(self) -> None:
        """Escape and overkill are the two counts that cost money."""
        for key in ((Label.DEFECTIVE, Verdict.OK), (Label.GOOD, Verdict.NG)):
            font = self.cells[key].font()
            font.setBold(True)
            self.cells[key].setFont(font)
        for name in ("escape", "overkill"):
            font = self.rates[name].font()
            font.setBold(True)
            self.rates[name].setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
