"""One run: its curve and sample parts while it learns, what came of it, and what is on record about it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.detectors.base import Declaration
from core.problems import Problem
from core.project.items import ItemColumns
from core.project.runs import RunRecord, SnapshotItem
from core.training.devices import AUTO
from core.training.findings import RunFindings
from core.vocabulary import Kind, RunState
from desktop import theme
from desktop.jobs import JobInfo
from desktop.models.live_runs import LiveRun
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.loss_curve import LossCurve
from desktop.widgets.muted_label import MutedLabel
from desktop.widgets.run_facts import RunFacts, history_facts, item_facts, parameter_facts, seconds_of, version_facts
from desktop.widgets.run_findings import RunFindingsView
from desktop.widgets.run_options import preset_title
from desktop.widgets.sample_strip import SampleStrip
from desktop.words import detector_title, duration_text, phase_word, problem_sentence, run_state_word, translate

PROGRESS_STEPS: Final = 1000
SIGN_EDGE: Final = 16
AGAIN_STATES: Final = (RunState.FAILED, RunState.CANCELLED, RunState.INTERRUPTED)


class RunView(QWidget):
    """All signals carry the id of the run that is shown."""

    cancel_requested = Signal(object)
    again_requested = Signal(object)
    review_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: RunRecord | None = None
        self._declaration: Declaration | None = None
        self._snapshot: Sequence[SnapshotItem] = ()
        self._live: LiveRun | None = None
        self._info: JobInfo | None = None
        self._learnt = 0
        self.curve = LossCurve(self)
        self.samples = SampleStrip(self)
        self.findings = RunFindingsView(self)
        self.facts = RunFacts(self)
        self.log = QPlainTextEdit(self, readOnly=True)
        self.progress = QProgressBar(self, maximum=PROGRESS_STEPS, textVisible=False)
        self.cancel_button, self.again_button, self.review_button = QPushButton(self), QPushButton(self), QPushButton(self)
        self.cancel_button.setIcon(theme.icon("stop"))
        self.again_button.setIcon(theme.icon("start"))
        self.review_button.setIcon(theme.icon("review"))
        self._title, self._state, self._progress_text, self._message = QLabel(self), QLabel(self), QLabel(self), QLabel(self)
        self._warning_sign, self._news_sign = IconLabel("warning", SIGN_EDGE, self), IconLabel("info", SIGN_EDGE, self)
        self._tabs = QTabWidget(self)
        self._pictures = QSplitter(Qt.Orientation.Horizontal, self)
        self._no_curve = MutedLabel(self)
        self._arrange()
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.again_button.clicked.connect(self._on_again_clicked)
        self.review_button.clicked.connect(self._on_review_clicked)
        self.retranslate()

    def run_id(self) -> int | None:
        return None if self._record is None else self._record.id

    def show_run(
        self,
        record: RunRecord,
        declaration: Declaration,
        *,
        snapshot: Sequence[SnapshotItem],
        learnt: int,
        curve: Mapping[str, Sequence[tuple[int, float]]],
        log: str,
        live: LiveRun | None,
        info: JobInfo | None,
    ) -> None:
        """Shows a run that learns from `learnt` items of `snapshot`.

        `live` and `info` are what the jobs of this window know about it. The curve is that of `live` if there is one.
        """
        other = self.run_id() != record.id or live is not self._live
        self._record, self._declaration, self._snapshot = record, declaration, snapshot
        self._live, self._info, self._learnt = live, info, learnt
        if other:
            self._show_pictures(live.pictures if live is not None else {})
        if other or live is None or live.ended:
            self._show_curve(curve)
        if self.log.toPlainText() != log:
            self.log.setPlainText(log)
        self._show_texts()

    def show_findings(self, found: RunFindings | None, items: ItemColumns | None) -> None:
        """What the shown run found out about its training items, if it did; `items` of the project."""
        self.findings.show_findings(found, items)
        place = self._tabs.indexOf(self.findings)
        appears = not self.findings.is_empty() and not self._tabs.isTabVisible(place)
        self._tabs.setTabVisible(place, not self.findings.is_empty())
        if appears:
            self._tabs.setCurrentIndex(place)

    def show_progress(self, info: JobInfo | None) -> None:
        """The job went on."""
        self._info = info
        self._show_progress()
        self._show_pictures_area()

    def add_point(self, metric: str, step: int, value: float) -> None:
        self.curve.add_point(metric, step, value)
        self._show_pictures_area()

    def set_pictures(self, name: str, pictures: NDArray[np.uint8]) -> None:
        self.samples.set_pictures(name, pictures)
        self._show_pictures_area()

    def show_message(self) -> None:
        """The job had something to say."""
        text = self.message_text()
        self._message.setText(text)
        self._message.setVisible(bool(text))
        failed = self._record is not None and self._record.state is RunState.FAILED
        self._warning_sign.setVisible(bool(text) and failed)
        self._news_sign.setVisible(bool(text) and not failed)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.cancel_button.setText(translate("RunView", "Cancel"))
        self.again_button.setText(translate("RunView", "Start again"))
        self.review_button.setText(translate("RunView", "Review the result"))
        self.progress.setAccessibleName(translate("RunView", "Progress of the run"))
        self.log.setAccessibleName(translate("RunView", "Log of the run"))
        self._tabs.setAccessibleName(translate("RunView", "Details and log of the run"))
        titles = (translate("RunView", "Findings"), translate("RunView", "Details"), translate("RunView", "Log"))
        for place, title in enumerate(titles):
            self._tabs.setTabText(place, title)
        self._show_texts()

    def _arrange(self) -> None:
        self._title.setFont(theme.heading_font(self.font()))
        self._message.setWordWrap(True)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        names = QVBoxLayout()
        names.addWidget(self._title)
        names.addWidget(self._state)
        head.addLayout(names, 1)
        for button in (self.cancel_button, self.again_button, self.review_button):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        message = QHBoxLayout()
        for sign in (self._warning_sign, self._news_sign):
            message.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        message.addWidget(self._message, 1)
        self._pictures.setChildrenCollapsible(False)
        self._pictures.setHandleWidth(theme.MARGIN)
        self._pictures.addWidget(self.curve)
        self._pictures.addWidget(self.samples)
        self._pictures.setStretchFactor(0, 3)
        self._pictures.setStretchFactor(1, 2)
        self._pictures.setSizes([600, 400])
        for tab in (self.findings, self.facts, self.log):
            self._tabs.addTab(tab, "")
        self._tabs.setTabVisible(0, False)  # most detectors do not judge their training items
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self._pictures)
        parts.addWidget(self._tabs)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        layout.setSpacing(theme.SPACING)
        layout.addLayout(head)
        layout.addWidget(self.progress)
        layout.addWidget(self._progress_text)
        layout.addLayout(message)
        layout.addWidget(self._no_curve)
        layout.addWidget(parts, 1)

    def _show_curve(self, curve: Mapping[str, Sequence[tuple[int, float]]]) -> None:
        self.curve.clear()
        if self._live is not None and self._live.curves:
            for name, (steps, values) in self._live.curves.items():
                self.curve.set_points(name, steps, values)
        else:
            for name, points in curve.items():
                self.curve.set_points(name, [step for step, _ in points], [value for _, value in points])

    def _show_pictures(self, pictures: Mapping[str, NDArray[np.uint8]]) -> None:
        self.samples.clear()
        for name, arrays in pictures.items():
            self.samples.set_pictures(name, arrays)

    def _show_pictures_area(self) -> None:
        """Gives the room to what is on record if there is no curve, and none to expect."""
        learning = self._info is not None and self._info.running
        self.samples.setVisible(not self.samples.is_empty())
        self._pictures.setVisible(learning or not (self.curve.is_empty() and self.samples.is_empty()))
        self._no_curve.setVisible(self._info is None and self.curve.is_empty())

    def _show_texts(self) -> None:
        record, declaration = self._record, self._declaration
        if record is None or declaration is None:
            return
        self._title.setText(f"{record.id}  {detector_title(declaration)}")
        self._state.setText(self._state_text(record))
        self.curve.set_empty_text(translate("RunView", "A curve appears if the detector learns step by step."))
        self._no_curve.setText(
            translate("RunView", "This run drew no curve: its detector does not learn step by step, or it ended too early.")
        )
        self.facts.set_groups(
            (
                parameter_facts(record, declaration),
                item_facts(self._snapshot, learnt=self._learnt),
                history_facts(record),
                version_facts(record),
            )
        )
        self.cancel_button.setVisible(self._info is not None)
        self.again_button.setVisible(record.state in AGAIN_STATES and self._info is None)
        self.review_button.setVisible(record.state is RunState.DONE)
        self.show_message()
        self._show_progress()
        self._show_pictures_area()

    def _state_text(self, record: RunRecord) -> str:
        parts = [run_state_word(record.state), translate("RunView", "seed {seed}").format(seed=record.seed), _device_text(record.device)]
        if record.preset:
            parts.append(preset_title(record.preset))
        seconds = seconds_of(record)
        if seconds is not None:
            parts.append(duration_text(seconds))
        return " · ".join(parts)

    def message_text(self) -> str:
        """Why the run failed or was cut off, or what it last had to say."""
        record, live = self._record, self._live
        if record is None:
            return ""
        if record.problem is not None:
            return problem_sentence(record.problem)
        if record.state is RunState.FAILED:
            return translate("RunView", "An error in the program ended this run. The log below says more.")
        if record.state is RunState.INTERRUPTED:
            return translate("RunView", "The program ended while this run was going. Start again to train with the same settings.")
        if live is not None and isinstance(live.error, Problem):
            return problem_sentence(live.error)
        return problem_sentence(live.notes[-1]) if live is not None and live.notes else ""

    def _show_progress(self) -> None:
        info = self._info
        self.progress.setVisible(info is not None)
        self._progress_text.setVisible(info is not None)
        if info is None:
            return
        self.cancel_button.setEnabled(not info.cancelling)
        known = info.total > 0
        self.progress.setMaximum(PROGRESS_STEPS if known or not info.running else 0)
        self.progress.setValue(round(PROGRESS_STEPS * info.done / info.total) if known else 0)
        self._progress_text.setText(self._progress_sentence(info))

    def _progress_sentence(self, info: JobInfo) -> str:
        if info.cancelling:
            return translate("RunView", "Stopping...")
        if not info.running:
            return translate("RunView", "Waiting for the run before it to end.")
        now = time.monotonic()
        parts = [phase_word(info.phase)] if info.phase else []
        epochs = self._record.parameters.get("epochs") if self._record is not None else None
        step = self._live.last_step() if self._live is not None else 0
        if isinstance(epochs, int) and 0 < step < epochs:
            parts.append(translate("RunView", "epoch {step} of {epochs}").format(step=step, epochs=epochs))
        elif info.total > 0:
            parts.append(translate("RunView", "{done} of {total}").format(done=f"{info.done:,}", total=f"{info.total:,}"))
        rate = self._items_per_second(now)
        if rate is not None and isinstance(epochs, int) and step < epochs:
            images = self._record is not None and self._record.kind is Kind.IMAGE
            text = translate("RunView", "{rate} images/s") if images else translate("RunView", "{rate} rows/s")
            parts.append(text.format(rate=f"{rate:,.0f}"))
        left = info.seconds_left(now)
        if left is not None:
            parts.append(translate("RunView", "about {time} left").format(time=duration_text(left)))
        return " · ".join(parts)

    def _items_per_second(self, now: float) -> float | None:
        steps = self._live.steps_per_second(now) if self._live is not None else None
        return None if steps is None or self._learnt == 0 else steps * self._learnt

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.cancel_requested.emit(self.run_id())

    @Slot()
    def _on_again_clicked(self) -> None:
        self.again_requested.emit(self.run_id())

    @Slot()
    def _on_review_clicked(self) -> None:
        self.review_requested.emit(self.run_id())


def _device_text(device: str) -> str:
    return translate("RunView", "device chosen at the start") if device == AUTO else device
