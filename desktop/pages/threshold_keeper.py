"""The thresholds of the current run: reads them, commits new ones, and says in one sentence where they come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.evaluation.thresholds import Rule, least_overkill, rule_sentence
from core.problems import ProblemError
from core.vocabulary import Split
from desktop.models.review_basis import Thresholds
from desktop.models.threshold_setting import Calibration, calibration_of, chosen_on_test, set_by_hand, set_by_rule, set_default
from desktop.session import Session
from desktop.words import translate

if TYPE_CHECKING:
    from core.project.opening import Project
    from core.project.thresholds import ThresholdRecord


class ThresholdKeeper(QObject):
    """Trouble goes to `Session.notified`; a commit is told by `Session.thresholds_changed`."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._record: ThresholdRecord | None = None
        self._calibration: Calibration | None = None

    def read(self) -> None:
        """The thresholds in force and the scores that rules look at, for the session's current run, items and scores."""
        self.read_thresholds()
        self._calibration = None
        session = self._session
        if self._record is None or session.project is None or session.items is None or session.scores is None:
            return
        from core.project.runs import record

        try:
            run = record(session.project, self._record.run_id)
            self._calibration = calibration_of(run, self._record, session.items, session.scores)
        except ProblemError as error:
            session.notify(error.problem)

    def read_thresholds(self) -> None:
        """Only the thresholds: the items are as they were."""
        from core.project.thresholds import current_threshold

        project, run_id = self._session.project, self._session.current_run
        self._record = None if project is None or run_id is None else current_threshold(project, run_id)

    @property
    def thresholds(self) -> Thresholds | None:
        """None without a run, or for a run that had nothing to set a threshold from."""
        return None if self._record is None else (self._record.t1, self._record.t2)

    def by_hand(self, thresholds: Thresholds, *, seen: Split | None) -> bool:
        """`seen`: the split that was on the screen, None for all items. Returns whether it was committed."""
        return self._commit(
            lambda project, run_id, calibration: set_by_hand(project, run_id, thresholds, calibration=calibration, seen=seen)
        )

    def by_rule(self, rule: Rule, share: float, *, simple: bool) -> bool:
        """`share` is a fraction."""
        current = self.thresholds
        return self._commit(
            lambda project, run_id, calibration: set_by_rule(
                project, run_id, rule, share, calibration=calibration, current=current, simple=simple
            )
        )

    def by_default(self) -> bool:
        """As a new run starts."""
        return self._commit(lambda project, run_id, calibration: set_default(project, run_id, calibration=calibration))

    def _commit(self, setter: Callable[[Project, int, Calibration], ThresholdRecord]) -> bool:
        project, run_id = self._session.project, self._session.current_run
        if project is None or run_id is None or self._calibration is None:
            return False
        try:
            self._record = setter(project, run_id, self._calibration)
        except ProblemError as error:
            self._session.notify(error.problem)
            return False
        self._session.thresholds_changed.emit((self._record.t1, self._record.t2))
        return True

    def sentence(self) -> str:
        """By which rule, on which items, how many."""
        record = self._record
        if record is None:
            return "" if self._session.current_run is None else translate("ReviewPage", "This run has no threshold yet.")
        text, arguments = rule_sentence(record.rule, record.rule_value, record.basis, person=record.set_by)
        sentence = translate("ThresholdRule", text).format(**arguments)
        if chosen_on_test(record):
            warning = translate("ReviewPage", "Chosen with test items on the screen: the test figures then look better than they are.")
            sentence = f"{sentence} {warning}"
        return sentence

    def least_share(self) -> float:
        """The smallest overkill (a fraction) that the rule good only can promise."""
        return 0.0 if self._calibration is None else least_overkill(int(self._calibration.scores.good.size))

    def unusable_rules(self) -> dict[Rule, str]:
        """The rules that cannot be used and why."""
        calibration = self._calibration
        if calibration is None or not calibration.scores.good.size:
            reason = translate("ReviewPage", "There are no good calibration items with a score.")
            return dict.fromkeys((Rule.GOOD_ONLY, Rule.OVERKILL, Rule.ESCAPE), reason)
        if not self._session.writable:
            reason = translate("ReviewPage", "The project is open for reading only.")
            return dict.fromkeys((Rule.GOOD_ONLY, Rule.OVERKILL, Rule.ESCAPE), reason)
        if not calibration.scores.defective.size:
            return {
                Rule.ESCAPE: translate("ReviewPage", "There are no defective calibration items. Put some defective items into calibration.")
            }
        return {}
