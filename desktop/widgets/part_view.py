"""One item beside its evidence: what the program says, what the person says, and panes or columns that show why."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from core.vocabulary import Label
from desktop import theme
from desktop.models.ranking import RankedItem, verdict_of
from desktop.models.review_basis import Thresholds
from desktop.models.shown_part import Expected, Lack, ShownPart, contributions_of, expected_values
from desktop.widgets.contribution_table import ContributionTable
from desktop.widgets.image_panes import ImagePanes, PaneKey, PartPictures
from desktop.widgets.nearest_good import NearestGood
from desktop.widgets.verdict_marks import VerdictMark, label_icon
from desktop.words import label_word, problem_sentence, split_word, translate

PATIENCE: Final = 300  # milliseconds for which the item before stays, so that quick steps do not flicker
LABELS: Final = (Label.GOOD, Label.DEFECTIVE, Label.UNSURE, Label.NONE)


class PartView(QWidget):
    """`label_chosen(label)`: a person judged the shown item."""

    label_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark: Final = VerdictMark(self)
        self.heading: Final = QLabel(self)
        self.facts: Final = QLabel(self)
        self.buttons: Final = {label: QToolButton(self) for label in LABELS}
        self.panes: Final = ImagePanes(self)
        self.columns: Final = ContributionTable(self)
        self.nearest: Final = NearestGood(self)
        self.empty: Final = QLabel(self)
        self._stack: Final = QStackedWidget(self)
        self._item: RankedItem | None = None
        self._part: ShownPart | None = None
        self._thresholds: Thresholds | None = None
        self._percentile: float | None = None
        self._patience: Final = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self._on_slow)
        self._lay_out()
        for button in self.buttons.values():
            button.clicked.connect(self._on_label)
        self.retranslate()
        self.show_item(None, None, None)

    def _lay_out(self) -> None:
        self.heading.setFont(theme.heading_font(self.font()))
        for label in (self.heading, self.facts, self.empty):
            label.setTextFormat(Qt.TextFormat.PlainText)  # names and defect types come from strangers
        for label in (self.heading, self.facts):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.panes)
        self._stack.addWidget(self.columns)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.heading)
        words.addWidget(self.facts)
        top = QHBoxLayout()
        top.addWidget(self.mark)
        top.addLayout(words, 1)
        for button in self.buttons.values():
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.nearest)

    @property
    def item(self) -> RankedItem | None:
        return self._item

    @property
    def part(self) -> ShownPart | None:
        """What is shown now; None while it is being read."""
        return self._part

    def show_item(self, item: RankedItem | None, thresholds: Thresholds | None, percentile: float | None) -> None:
        """What is known at once. `percentile`: per cent of the good calibration items with a smaller score."""
        if item is None or self._item is None or item.item_id != self._item.item_id:
            self._part = None
            self._patience.start()
        if item is None:
            self._patience.stop()
        self._item, self._percentile = item, percentile
        for label, button in self.buttons.items():
            button.setEnabled(item is not None)
            button.setChecked(item is not None and item.label is label)
        self._mark_buttons()
        if item is None:
            self._stack.setCurrentWidget(self.empty)
            self.nearest.show_neighbours(())
        self.follow_thresholds(thresholds)

    def _mark_buttons(self) -> None:
        """The label that holds is bold and has its mark."""
        for label, button in self.buttons.items():
            font = button.font()
            font.setBold(button.isChecked())
            button.setFont(font)
            button.setIcon(label_icon(label, self.palette()) if button.isChecked() else QIcon())

    def follow_thresholds(self, thresholds: Thresholds | None) -> None:
        """Called in every frame of a drag."""
        self._thresholds = thresholds
        item = self._item
        self.mark.show_verdict(None if item is None else verdict_of(item.score, thresholds))
        self.heading.setText("" if item is None else item.name)
        self.facts.setText(self._facts())
        self.facts.setToolTip(f"<span>{escape(self.facts.text())}</span>")  # the line may be cut off

    def show_part(self, part: ShownPart) -> None:
        """The pictures or columns of the item, which arrive a moment later."""
        self._patience.stop()
        self._part = part
        if part.is_row:
            self._show_columns(part)
        else:
            self.panes.show_part(self._pictures(part))
            self._stack.setCurrentWidget(self.panes)
        self.nearest.show_neighbours(part.neighbours)
        self.facts.setText(self._facts())

    def _on_slow(self) -> None:
        """The evidence of the item before must not be taken for that of this one."""
        self.empty.setText(translate("ReviewPage", "Reading the item..."))
        self.nearest.show_neighbours(())
        self._stack.setCurrentWidget(self.empty)

    def set_label(self, label: Label, defect_type: str) -> None:
        """The item was labelled, here or elsewhere."""
        if self._item is not None:
            self.show_item(self._item._replace(label=label, defect_type=defect_type), self._thresholds, self._percentile)

    def _facts(self) -> str:
        """Score against the threshold, place among the good ones, split, type, trouble: one line."""
        item = self._item
        if item is None:
            return ""
        parts = [self._score_text(item)]
        if item.score is not None and self._percentile is not None:
            above = translate("ReviewPage", "above {percent} % of good calibration items")
            parts.append(above.format(percent=f"{self._percentile:.4g}"))
        if self._part is not None and self._part.evidence is not None and self._part.evidence.probability is not None:
            probable = translate("ReviewPage", "probability of being defective {percent} %")
            parts.append(probable.format(percent=f"{100 * self._part.evidence.probability:.3g}"))
        if item.defect_type:
            parts.append(translate("ReviewPage", "type: {type}").format(type=item.defect_type))
        parts.append(translate("ReviewPage", "split: {split}").format(split=split_word(item.split)))
        if self._part is not None and Lack.UNREADABLE not in self._part.lacks.values():  # else the panes say it
            parts.extend(problem_sentence(problem) for problem in self._part.problems)
        return "  ·  ".join(parts)

    def _score_text(self, item: RankedItem) -> str:
        if item.score is None:
            return translate("ReviewPage", "no score in this run")
        score = f"{item.score:.4g}"
        if self._thresholds is None or self._thresholds[1] <= 0 or item.score <= 0:
            return translate("ReviewPage", "score {score}").format(score=score)
        name = "T" if self._thresholds[0] == self._thresholds[1] else "T2"
        text = translate("ReviewPage", "score {score} = {ratio} × {threshold}")
        return text.format(score=score, ratio=f"{item.score / self._thresholds[1]:.3g}", threshold=name)

    def _show_columns(self, part: ShownPart) -> None:
        if part.evidence is None or not part.evidence.columns:
            self.empty.setText(self._why(part, "contributions"))
            self._stack.setCurrentWidget(self.empty)
            return
        note = {
            Expected.REBUILT: translate("ReviewPage", "Expected is what the detector made of the row. Shares add up to 100 %."),
            Expected.NEAREST: translate("ReviewPage", "Expected is the most similar good training row. Shares add up to 100 %."),
            Expected.MEDIAN: translate("ReviewPage", "Expected is the median of the good training rows. Shares add up to 100 %."),
        }[expected_values(part.evidence)[0]]
        if part.evidence.contributions is None:
            note = self._why(part, "contributions")
        self.columns.show_row(contributions_of(part.evidence), note)
        self._stack.setCurrentWidget(self.columns)

    def _pictures(self, part: ShownPart) -> PartPictures:
        heat = None if part.evidence is None else part.evidence.map
        missing = {
            PaneKey.IMAGE: self._why(part, "picture"),
            PaneKey.HEATMAP: self._why(part, "map"),
            PaneKey.RECONSTRUCTION: self._why(part, "reconstruction"),
            PaneKey.DIFFERENCE: self._why(part, "picture" if part.picture is None else "reconstruction"),
        }
        if heat is not None and not part.heat_scale:
            missing[PaneKey.HEATMAP] = translate("ReviewPage", "This run has no scale for its heatmaps. Train again.")
        return PartPictures(
            picture=part.picture,
            heat=heat,
            heat_scale=part.heat_scale,
            working=part.working,
            reconstruction=None if part.evidence is None else part.evidence.reconstruction,
            mask=part.mask,
            missing=missing,
        )

    def _why(self, part: ShownPart, name: str) -> str:
        """Why there is nothing to show, in one sentence."""
        lack = part.lacks.get(name)
        if lack is Lack.UNSCORED:
            return translate("ReviewPage", "This run has not scored the item. Choose Run > Score all items.")
        if lack is Lack.UNREADABLE:
            return "\n".join(problem_sentence(problem) for problem in part.problems)
        sentences = {
            "map": translate("ReviewPage", "The detector of this run gives no heatmap."),
            "reconstruction": translate("ReviewPage", "The detector of this run gives no reconstruction, so there is nothing to compare."),
            "contributions": translate("ReviewPage", "The detector of this run does not say what each column contributes."),
        }
        return sentences.get(name, "") if lack is Lack.NOT_GIVEN else ""

    def _on_label(self) -> None:
        label = next(label for label, button in self.buttons.items() if button is self.sender())
        if self._item is not None:
            self.buttons[label].setChecked(self._item.label is label)  # the label decides what is pressed, not the click
        self.label_chosen.emit(label)

    def set_empty_text(self, text: str) -> None:
        self.empty.setText(text)

    def retranslate(self) -> None:
        for label, button in self.buttons.items():
            button.setText(f"{int(label)} {label_word(label)}")
            button.setToolTip(translate("ReviewPage", "Label the shown item (key {key})").format(key=int(label)))
        if self._part is not None:
            self.show_part(self._part)
        self.follow_thresholds(self._thresholds)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._mark_buttons()
        super().changeEvent(event)
