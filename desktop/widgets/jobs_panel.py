"""The jobs panel, and the one line about jobs in the status bar."""

from __future__ import annotations

import time
from collections import deque
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.jobs import JobInfo, Jobs
from desktop.words import duration_text, phase_word, translate

_KEPT: Final = 5
_WIDTH: Final = 280
_TICK_MS: Final = 1000


def state_text(info: JobInfo, now: float) -> str:
    """What a job is doing and how long it will take."""
    if info.cancelling:
        return translate("Jobs", "stopping")
    if not info.running:
        return translate("Jobs", "waiting")
    parts = [phase_word(info.phase)] if info.phase else []
    left = info.seconds_left(now)
    if left is not None:
        parts.append(translate("Jobs", "{time} left").format(time=duration_text(left)))
    else:
        parts.append(duration_text(now - info.started_at))
    return ", ".join(parts)


def show_progress(bar: QProgressBar, info: JobInfo) -> None:
    """A busy bar while the total is unknown."""
    total = info.total if info.running and not info.cancelling else 0
    bar.setRange(0, 1000 if total else 0)
    if total:
        bar.setValue(min(1000, round(1000 * info.done / total)))


class _JobRow(QWidget):
    cancel_clicked = Signal(object)

    def __init__(self, info: JobInfo) -> None:
        super().__init__()
        self._id: Final = info.id
        self._title = QLabel(info.title)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._state = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(info.title)
        self.cancel = QToolButton(autoRaise=True)
        self.cancel.setIcon(theme.icon("close"))
        self.cancel.clicked.connect(lambda: self.cancel_clicked.emit(self._id))
        for label in (self._title, self._state):
            label.setWordWrap(True)
        line = QHBoxLayout()
        line.addWidget(self.bar, 1)
        line.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, theme.SPACING)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addLayout(line)
        layout.addWidget(self._state)

    def show_info(self, info: JobInfo) -> None:
        self._state.setText(state_text(info, time.monotonic()))
        show_progress(self.bar, info)
        self.cancel.setEnabled(not info.cancelling)
        words = translate("Jobs", "Cancel {job}").format(job=info.title)
        self.cancel.setToolTip(words)
        self.cancel.setAccessibleName(words)


class JobsPanel(QWidget):
    """All visible jobs with progress and cancel, and below them how the last ones ended."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: Final = jobs
        self._rows: dict[int, _JobRow] = {}
        self._titles: dict[int, str] = {}
        self._ended: deque[tuple[str, str]] = deque(maxlen=_KEPT)
        self._list = QVBoxLayout()
        self._none = QLabel()
        self._history = QLabel()
        self._history.setWordWrap(True)
        self._history.setTextFormat(Qt.TextFormat.PlainText)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.addLayout(self._list)
        layout.addWidget(self._none)
        layout.addWidget(self._history)
        layout.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.setMinimumWidth(_WIDTH)
        jobs.started.connect(self._on_started)
        jobs.changed.connect(self._on_changed)
        jobs.succeeded.connect(self._on_succeeded)
        jobs.failed.connect(self._on_failed)
        jobs.cancelled.connect(self._on_cancelled)
        jobs.finished.connect(self._on_finished)
        self._show_history()

    def titles(self) -> list[str]:
        """The jobs that are shown as going on."""
        return [self._titles[job_id] for job_id in self._rows]

    def history(self) -> list[tuple[str, str]]:
        """Title and outcome of the last jobs, the newest first."""
        return list(self._ended)

    @Slot(object)
    def _on_started(self, job_id: int) -> None:
        info = self._jobs.info(job_id)
        if info is None or not info.visible:
            return
        row = _JobRow(info)
        row.cancel_clicked.connect(self._jobs.cancel)
        row.show_info(info)
        self._rows[job_id], self._titles[job_id] = row, info.title
        self._list.addWidget(row)
        self._none.hide()

    @Slot(object)
    def _on_changed(self, job_id: int) -> None:
        info = self._jobs.info(job_id)
        if info is not None and job_id in self._rows:
            self._rows[job_id].show_info(info)

    @Slot(object, object)
    def _on_succeeded(self, job_id: int, result: object) -> None:
        del result
        self._end(job_id, translate("Jobs", "done"))

    @Slot(object, object)
    def _on_failed(self, job_id: int, problem: object) -> None:
        del problem
        self._end(job_id, translate("Jobs", "failed"))

    @Slot(object)
    def _on_cancelled(self, job_id: int) -> None:
        self._end(job_id, translate("Jobs", "cancelled"))

    def _end(self, job_id: int, outcome: str) -> None:
        if job_id in self._rows:
            self._ended.appendleft((self._titles[job_id], outcome))

    @Slot(object)
    def _on_finished(self, job_id: int) -> None:
        row = self._rows.pop(job_id, None)
        if row is not None:
            del self._titles[job_id]
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
            self._show_history()

    def _show_history(self) -> None:
        self._none.setText(translate("Jobs", "No jobs are running."))
        self._none.setVisible(not self._rows)
        self._history.setText("\n".join(f"{title}: {outcome}" for title, outcome in self._ended))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show_history()
        super().changeEvent(event)


class JobIndicator(QWidget):
    """The job in front, for the status bar: title, state and bar; the button opens the jobs panel."""

    def __init__(self, jobs: Jobs, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: Final = jobs
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.bar.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._button = QToolButton(autoRaise=True)
        self._button.setDefaultAction(action)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, theme.SPACING, 0)
        layout.addWidget(self._text)
        layout.addWidget(self.bar)
        layout.addWidget(self._button)
        self._clock = QTimer(self, interval=_TICK_MS)
        self._clock.timeout.connect(self.refresh)
        for signal in (jobs.started, jobs.changed, jobs.finished):
            signal.connect(self.refresh)
        self.refresh()

    def text(self) -> str:
        return self._text.text()

    @Slot()
    def refresh(self) -> None:
        active = self._jobs.active()
        front = next((info for info in active if info.running), active[0] if active else None)
        self.bar.setVisible(front is not None)
        self._text.setVisible(front is not None)
        if front is None:
            self._clock.stop()
            return
        if not self._clock.isActive():
            self._clock.start()
        text = f"{front.title}: {state_text(front, time.monotonic())}"
        more = len(active) - 1
        if more:
            text += translate("Jobs", " (and %n more)", None, more)
        self._text.setText(text)
        self.bar.setAccessibleName(front.title)
        show_progress(self.bar, front)
