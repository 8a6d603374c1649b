"""The report as one HTML page that needs nothing else: pictures and the histogram are inside, and no script runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any, Final

import numpy as np
from jinja2 import Environment, StrictUndefined
from numpy.typing import NDArray
from pydantic.fields import FieldInfo

from core.detectors.base import Declaration, unit_of
from core.detectors.catalog import detector_class
from core.evaluation.outcomes import Rate, SortedScores
from core.evaluation.thresholds import rule_sentence
from core.job_context import JobContext
from core.problems import WORDS, Problem
from core.project.identity import application_version, user_name
from core.project.items import problems
from core.project.opening import Project
from core.project.runs import snapshot_digest
from core.reports.assessment import FIGURES, Assessment
from core.reports.evidence import EvidenceReader, ItemEvidence
from core.reports.histogram import HistogramWords, histogram_svg
from core.reports.judgement import Judgement
from core.reports.limits import limits
from core.reports.pictures import heat_legend
from core.reports.words import ReportWords
from core.vocabulary import Label, Outcome, Split
from core.wording import QT_TRANSLATE_NOOP

WORST_SHOWN: Final = 20
PICTURES_SHOWN: Final = 300  # a page of more than some 15 MB opens slowly; further escapes are listed without pictures
_PROBLEMS_SHOWN: Final = 30
_LABELS: Final = {
    Label.GOOD: QT_TRANSLATE_NOOP("Word", "good"),
    Label.DEFECTIVE: QT_TRANSLATE_NOOP("Word", "defective"),
    Label.UNSURE: QT_TRANSLATE_NOOP("Word", "unsure"),
    Label.NONE: QT_TRANSLATE_NOOP("Word", "unlabelled"),
}
_SPLITS: Final = {
    Split.TRAIN: QT_TRANSLATE_NOOP("Word", "train"),
    Split.CALIBRATION: QT_TRANSLATE_NOOP("Word", "calibration"),
    Split.TEST: QT_TRANSLATE_NOOP("Word", "test"),
    Split.NEW: QT_TRANSLATE_NOOP("Word", "new"),
}


def report_html(
    project: Project, judgement: Judgement, assessment: Assessment, context: JobContext, *, language: str, written: datetime
) -> bytes:
    """The page in `language` ("en" or "ko"). Raises Cancelled."""
    context.phase(QT_TRANSLATE_NOOP("Phase", "Writing the report"))
    say = ReportWords(language)
    declaration = detector_class(judgement.run.detector).declaration
    content = {
        "say": say,
        "language": language,
        "project": project.name,
        "run": judgement.run,
        "threshold": judgement.threshold,
        "person": user_name(),
        "version": application_version(),
        "date": written.strftime("%Y-%m-%d %H:%M"),
        "detector": say.of("Detector", declaration.title),
        "rule": _rule(judgement, say),
        "rates": _rates(assessment, say),
        "figures": _figures(assessment, say),
        "assessment": assessment,
        "counts": assessment.counts,
        "words": {label.name.lower(): say.of("Word", text) for label, text in _LABELS.items()},
        "histogram": _histogram(judgement, assessment, say),
        "items": _items_table(judgement, say),
        "problems": _problems(project, say),
        "problem_count": max(0, len(problems(project)) - _PROBLEMS_SHOWN),
        "types": _types(judgement, say),
        **_evidence(project, judgement, context),
        "legend": heat_legend() if judgement.run.heat_scale is not None else None,
        "settings": _settings(project, judgement, declaration, say),
        "limits": limits(project, judgement, assessment, say),
        "sentence": lambda problem: _sentence(problem, say),
        "percent": percent,
        "number": number,
    }
    page: str = _template().render(content)
    return page.encode("utf-8", errors="replace")


def percent(fraction: float) -> str:
    """Three significant digits, without the sign."""
    return f"{100 * fraction:.3g}"


def number(value: float) -> str:
    """Four significant digits: what can be compared by eye."""
    return f"{value:.4g}"


def _template() -> Any:
    source = (resources.files("resources") / "report" / "report.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(source)


def _sentence(problem: Problem, say: ReportWords) -> str:
    return say.of("Problem", WORDS[problem.code], **problem.arguments)


def _rule(judgement: Judgement, say: ReportWords) -> str:
    threshold = judgement.threshold
    text, arguments = rule_sentence(threshold.rule, threshold.rule_value, threshold.basis, person=threshold.set_by)
    return say.of("ThresholdRule", text, **arguments)


def _rates(assessment: Assessment, say: ReportWords) -> list[dict[str, str]]:
    counts = assessment.counts
    return [
        {"name": say(name), "meaning": say(f"{name}_meaning"), **_rate(rate, say)}
        for name, rate in (("escape", counts.escape), ("overkill", counts.overkill), ("review", counts.review))
    ]


def _rate(rate: Rate, say: ReportWords) -> dict[str, str]:
    """A rate never stands without its denominator and interval."""
    if rate.value is None:
        return {"rate": say("no_rate"), "interval": ""}
    interval = rate.interval()
    return {
        "rate": say("rate", numerator=rate.numerator, denominator=rate.denominator, value=percent(rate.value)),
        "interval": say("interval", low=percent(interval.low), high=percent(interval.high)),
    }


def _figures(assessment: Assessment, say: ReportWords) -> list[tuple[str, str]]:
    values = {name: getattr(assessment, name) for name in FIGURES}
    return [(say(name), f"{value:.4f}") for name, value in values.items() if value is not None]


def _histogram(judgement: Judgement, assessment: Assessment, say: ReportWords) -> Any:
    scores = judgement.parts(assessment.split).sorted_scores()
    words = HistogramWords(
        good=say.of("Word", "good"), defective=say.of("Word", "defective"), score=say("anomaly_score"), title=say("histogram")
    )
    return histogram_svg(scores.good, scores.defective, t1=assessment.t1, t2=assessment.t2, words=words)


def _items_table(judgement: Judgement, say: ReportWords) -> list[tuple[str, list[int]]]:
    """Counts by split, then by label in the order of `_LABELS`, and their sum."""
    rows = []
    for split, text in _SPLITS.items():
        labels = judgement.labels[judgement.in_split(split)]
        counts = [int(np.sum(labels == label)) for label in _LABELS]
        rows.append((say.of("Word", text), [*counts, sum(counts)]))
    return rows


def _problems(project: Project, say: ReportWords) -> list[tuple[str, str]]:
    return [(entry.relative_path, _sentence(entry.problem, say)) for entry in problems(project)[:_PROBLEMS_SHOWN]]


def _types(judgement: Judgement, say: ReportWords) -> list[dict[str, Any]]:
    """Counts and escape rate of each defect type of the test parts, most frequent first."""
    parts = judgement.parts(Split.TEST)
    types = judgement.items.defect_type[judgement.places[parts.item_index]]
    usable = (parts.labels == Label.DEFECTIVE) & ~np.isnan(parts.scores)
    rows = []
    for name in set(types[usable]):
        counts = SortedScores((), parts.scores[usable & (types == name)]).counts(judgement.threshold.t1, judgement.threshold.t2)
        rows.append({"name": name or say("no_type"), "counts": counts, **_rate(counts.escape, say)})
    return sorted(rows, key=lambda row: (-row["counts"].defective, row["name"]))


def _evidence(project: Project, judgement: Judgement, context: JobContext) -> dict[str, Any]:
    """Every escape, most escaped first; the worst overkills and the top of the review band. Items, not parts: each has its picture."""
    reader = EvidenceReader(project, judgement)
    outcomes = judgement.outcomes()
    test = judgement.in_split(Split.TEST)

    def chosen(outcome: Outcome, *, largest_first: bool) -> NDArray[np.int64]:
        indices = test[outcomes[test] == outcome]
        ascending: NDArray[np.int64] = indices[np.argsort(judgement.scores[indices], kind="stable")]
        return ascending[::-1] if largest_first else ascending

    overkills = chosen(Outcome.OVERKILL, largest_first=True)
    reviews = chosen(Outcome.IN_REVIEW, largest_first=True)
    shown: dict[str, list[ItemEvidence]] = {
        "escapes": reader.read(chosen(Outcome.ESCAPE, largest_first=False), context, pictures=PICTURES_SHOWN),
        "overkills": reader.read(overkills[:WORST_SHOWN], context, pictures=WORST_SHOWN),
        "reviews": reader.read(reviews[:WORST_SHOWN], context, pictures=WORST_SHOWN),
    }
    return {**shown, "overkill_count": len(overkills), "review_count": len(reviews)}


def _settings(project: Project, judgement: Judgement, declaration: Declaration, say: ReportWords) -> list[tuple[str, str]]:
    run = judgement.run
    fields = declaration.parameters.model_fields
    environment: Mapping[str, Any] = run.environment or {}
    versions = {"Python": environment.get("python", "?"), **environment.get("packages", {})}
    snapshot = "" if run.snapshot_id is None else snapshot_digest(project, run.snapshot_id)
    return [
        *(_parameter(fields.get(name), name, value, say) for name, value in run.parameters.items()),
        (say("seed"), str(run.seed)),
        (say("device"), run.device),
        (say("trained"), say("trained_times", started=run.started_at or "?", finished=run.finished_at or "?")),
        (say("trained_on"), snapshot),
        (say("model"), run.model_sha256 or ""),
        (say("versions"), ", ".join(f"{name} {version}" for name, version in versions.items())),
    ]


def _parameter(field: FieldInfo | None, name: str, value: object, say: ReportWords) -> tuple[str, str]:
    """Title and value of a parameter; the bare name of one that newer detectors no longer have."""
    if field is None:
        return name, str(value)
    unit = unit_of(field)
    return say.of("Parameter", field.title or name), f"{value} {say.of('Parameter', unit)}" if unit else str(value)
