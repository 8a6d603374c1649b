"""The thresholds of each run. Every one ever set is kept; the newest holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import RowMapping, insert, select

from core.problems import ProblemCode, ProblemError
from core.project import audit
from core.project.identity import user_name, utc_now
from core.project.opening import Project
from core.project.schema import runs, thresholds

if TYPE_CHECKING:  # brings SciPy along, which opening a project does not need
    from core.evaluation.thresholds import Proposal


@dataclass(frozen=True, kw_only=True)
class ThresholdRecord:
    """OK below t1, REVIEW from t1 up to t2, NG from t2. `basis` says on which items the rule was applied and holds its sentence's values."""

    id: int
    run_id: int
    t1: float
    t2: float
    rule: str
    rule_value: float | None
    basis: Mapping[str, Any]
    set_by: str
    set_at: str
    reason: str | None


def adopt_proposal(project: Project, run_id: int, proposal: Proposal) -> ThresholdRecord:
    """Commits what a rule proposes. Raises ProblemError as `set_threshold` does."""
    return set_threshold(
        project,
        run_id,
        t1=proposal.t1,
        t2=proposal.t2,
        rule=proposal.rule.value,
        rule_value=proposal.rule_value,
        basis=proposal.basis,
    )


def set_threshold(
    project: Project,
    run_id: int,
    *,
    t1: float,
    t2: float,
    rule: str,
    rule_value: float | None,
    basis: Mapping[str, Any],
    reason: str | None = None,
) -> ThresholdRecord:
    """Commits a new pair. Raises ProblemError THRESHOLD_ORDER (also for NaN) or RUN_UNKNOWN."""
    if not t1 <= t2:
        raise ProblemError(ProblemCode.THRESHOLD_ORDER, t1=t1, t2=t2)
    values = {
        "run_id": run_id,
        "t1": float(t1),
        "t2": float(t2),
        "rule": rule,
        "rule_value": rule_value,
        "basis": json.dumps(dict(basis), ensure_ascii=False, sort_keys=True),
        "set_by": user_name(),
        "set_at": utc_now(),
        "reason": reason,
    }
    newest = select(thresholds).where(thresholds.c.run_id == run_id).order_by(thresholds.c.id.desc()).limit(1)
    with project.write() as connection:
        if connection.scalar(select(runs.c.id).where(runs.c.id == run_id)) is None:
            raise ProblemError(ProblemCode.RUN_UNKNOWN, run=run_id)
        before = connection.execute(newest).mappings().first()
        connection.execute(insert(thresholds).values(**values))
        after = connection.execute(newest).mappings().one()
        old = None if before is None else _text(before)
        audit.record(connection, "set_threshold", "run", run_id, old=old, new=_text(after), reason=reason)
    return _record(after)


def current_threshold(project: Project, run_id: int) -> ThresholdRecord | None:
    """The pair that holds for the run, or None if none was ever set."""
    kept = history(project, run_id)
    return kept[-1] if kept else None


def history(project: Project, run_id: int) -> list[ThresholdRecord]:
    """All pairs of the run, oldest first."""
    with project.read() as connection:
        rows = connection.execute(select(thresholds).where(thresholds.c.run_id == run_id).order_by(thresholds.c.id)).mappings().all()
    return [_record(row) for row in rows]


def _record(row: RowMapping) -> ThresholdRecord:
    values: dict[str, Any] = dict(row)
    return ThresholdRecord(**{**values, "basis": json.loads(values["basis"])})


def _text(row: RowMapping) -> str:
    return f"{row['t1']!r} {row['t2']!r} {row['rule']}"
