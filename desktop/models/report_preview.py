"""The key figures of a report before it is written, from the same functions and in the same words. Without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.job_context import JobContext
from core.vocabulary import Split

if TYPE_CHECKING:  # what reports need is loaded by the job: the window must not wait for it at its start
    from core.evaluation.outcomes import Counts, Rate
    from core.project.opening import Project
    from core.reports.assessment import Assessment
    from core.reports.words import ReportWords


@dataclass(frozen=True, kw_only=True)
class RateLine:
    """A rate in words; `interval` is empty when there are no such parts."""

    name: str
    meaning: str
    rate: str
    interval: str


@dataclass(frozen=True, kw_only=True)
class ReportPreview:
    """Texts in the language of the report. `item_count`: rows of items.csv. `figures`: name and value."""

    title: str
    result: str
    rule: str
    verdict_rule: str
    rates: tuple[RateLine, ...]
    figures_title: str
    figures: tuple[tuple[str, str], ...]
    confusion: tuple[str, ...]
    left_out: str
    limits_title: str
    limits: tuple[str, ...]
    item_count: int


def make_preview(context: JobContext, project: Project, run_id: int, language: str) -> ReportPreview:
    """Raises ProblemError RUN_UNKNOWN, RUN_NOT_DONE or NO_CALIBRATION_PARTS, and Cancelled."""
    from core.detectors.catalog import detector_class
    from core.evaluation.thresholds import rule_sentence
    from core.reports.assessment import assess_judgement
    from core.reports.html import number
    from core.reports.judgement import judge
    from core.reports.limits import limits
    from core.reports.words import ReportWords

    judgement = judge(project, run_id)
    assessment = assess_judgement(project, judgement, split=Split.TEST, context=context)
    say = ReportWords(language)
    threshold = judgement.threshold
    text, arguments = rule_sentence(threshold.rule, threshold.rule_value, threshold.basis, person=threshold.set_by)
    one = threshold.t1 == threshold.t2
    return ReportPreview(
        title=f"{say('title', project=project.name)}, {say.of('Detector', detector_class(judgement.run.detector).declaration.title)}",
        result=say("result"),
        rule=say.of("ThresholdRule", text, **arguments),
        verdict_rule=say("one_threshold" if one else "judgement_rule", t1=number(threshold.t1), t2=number(threshold.t2)),
        rates=_rates(assessment.counts, say),
        figures_title=say("more_figures"),
        figures=_figures(assessment, say),
        confusion=_confusion(assessment.counts, say),
        left_out=say("left_out", unsure=assessment.n_unsure, unlabelled=assessment.n_unlabelled, unscored=assessment.n_unscored),
        limits_title=say("limits"),
        limits=tuple(limits(project, judgement, assessment, say)),
        item_count=len(judgement.places),
    )


def _rates(counts: Counts, say: ReportWords) -> tuple[RateLine, ...]:
    rates = (("escape", counts.escape), ("overkill", counts.overkill), ("review", counts.review))
    return tuple(
        RateLine(name=say(name), meaning=say(f"{name}_meaning"), rate=_rate(rate, say), interval=_interval(rate, say))
        for name, rate in rates
    )


def _rate(rate: Rate, say: ReportWords) -> str:
    from core.reports.html import percent

    if rate.value is None:
        return say("no_rate")
    return say("rate", numerator=rate.numerator, denominator=rate.denominator, value=percent(rate.value))


def _interval(rate: Rate, say: ReportWords) -> str:
    from core.reports.html import percent

    if rate.value is None:
        return ""
    found = rate.interval()
    return say("interval", low=percent(found.low), high=percent(found.high))


def _figures(assessment: Assessment, say: ReportWords) -> tuple[tuple[str, str], ...]:
    from core.reports.assessment import FIGURES

    values = {name: getattr(assessment, name) for name in FIGURES}
    return tuple((say(name), f"{value:.4f}") for name, value in values.items() if value is not None)


def _confusion(counts: Counts, say: ReportWords) -> tuple[str, ...]:
    names = ("good_ok", "good_review", "good_ng", "defective_ok", "defective_review", "defective_ng")
    return tuple(say(name, count=getattr(counts, name)) for name in names)
