"""summary.csv: one row per figure, so that two exports can be compared line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.evaluation.costs import Costs, cost_band, cost_per_1000, cost_range, production_figures
from core.evaluation.intervals import Interval
from core.evaluation.outcomes import Rate
from core.project.thresholds import ThresholdRecord
from core.reports.assessment import FIGURES, Assessment
from core.reports.csv_text import Cell, csv_bytes
from core.vocabulary import text_of

CONFIDENCE: Final = 0.95
COLUMNS: Final = (
    "metric",
    "value",
    "ci_low",
    "ci_high",
    "confidence",
    "numerator",
    "denominator",
    "split",
    "run_id",
    "t1",
    "t2",
    "note",
)
_Figure = tuple[str, Cell, Cell, Cell, Cell, Cell, Cell, str]  # metric to denominator, and note


def summary_csv(assessment: Assessment, threshold: ThresholdRecord) -> bytes:
    """The whole file. Figures that need a production defect rate are there when the threshold was set with one."""
    figures = [
        *(_plain(name, getattr(assessment, name)) for name in ("n_good", "n_defective", "n_unsure", "n_unlabelled", "n_unscored")),
        *_rates(assessment),
        *_production(assessment, threshold),
        *(_plain(name, getattr(assessment, name)) for name in FIGURES),
    ]
    about: Sequence[Cell] = (text_of(assessment.split), assessment.run_id, assessment.t1, assessment.t2)
    return csv_bytes(COLUMNS, ((*figure[:-1], *about, figure[-1]) for figure in figures))


def _plain(name: str, value: Cell, note: str = "") -> _Figure:
    return name, value, None, None, None, None, None, note


def _rates(assessment: Assessment) -> list[_Figure]:
    counts = assessment.counts
    rates = {
        "escape_rate": counts.escape,
        "overkill_rate": counts.overkill,
        "review_rate_good": counts.review_good,
        "review_rate_defective": counts.review_defective,
    }
    return [_rate(name, rate) for name, rate in rates.items()]


def _rate(name: str, rate: Rate) -> _Figure:
    if not rate.denominator:
        return name, None, None, None, None, 0, 0, "no such parts"
    interval = rate.interval(confidence=CONFIDENCE)
    return name, rate.value, interval.low, interval.high, CONFIDENCE, rate.numerator, rate.denominator, ""


def _production(assessment: Assessment, threshold: ThresholdRecord) -> list[_Figure]:
    if "costs" not in threshold.basis or not assessment.n_good or not assessment.n_defective:
        return []
    costs = Costs(**threshold.basis["costs"])
    figures = production_figures(assessment.counts, costs.defect_rate)
    band: Interval = cost_band(assessment.counts, costs, confidence=CONFIDENCE)
    note = f"at a production defect rate of {costs.defect_rate!r}"
    limits = cost_range(assessment.counts, costs, confidence=CONFIDENCE)  # where nothing escaped, the band has no spread
    cost_note = f"{note}; {limits.low!r} to {limits.high!r} at the limits of the escape rate"
    return [
        _plain("review_rate_production", figures.review_rate, note),
        _plain("escape_ppm", figures.escape_ppm, note),
        _plain("overkill_ppm", figures.overkill_ppm, note),
        _plain("review_ppm", figures.review_ppm, note),
        _plain("share_of_ng_defective", figures.share_of_ng_defective, note),
        ("cost_per_1000", cost_per_1000(assessment.counts, costs), band.low, band.high, CONFIDENCE, None, None, cost_note),
    ]
