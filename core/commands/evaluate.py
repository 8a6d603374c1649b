"""`evaluate`: how well a run does on labelled items that it has not learnt from."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any

from core.commands.command import Answer, Command, add_project, add_run, opened
from core.commands.terminal import Terminal
from core.evaluation.outcomes import Rate
from core.problems import Problem, ProblemCode, ProblemError
from core.reports.assessment import Assessment, assess
from core.vocabulary import Split, text_of

_SPLITS = ("test", "calibration")


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    add_project(parser)
    add_run(parser)
    parser.add_argument("--split", choices=_SPLITS, default="test", help="which items to look at (default: test)")


def rate_values(rate: Rate) -> dict[str, float | int | None]:
    """A rate for JSON: fractions and the exact 95 % interval; None where there are no parts."""
    if not rate.denominator:
        return {"rate": None, "low": None, "high": None, "numerator": 0, "denominator": 0}
    interval = rate.interval()
    return {
        "rate": rate.value,
        "low": interval.low,
        "high": interval.high,
        "numerator": rate.numerator,
        "denominator": rate.denominator,
    }


def assessment_values(assessment: Assessment) -> dict[str, Any]:
    """All figures under flat, stable keys. image_auroc and average_precision are of items, rows of tables too."""
    counts = assessment.counts
    return {
        "run": assessment.run_id,
        "split": text_of(assessment.split),
        "image_auroc": assessment.auroc,
        "average_precision": assessment.average_precision,
        "pixel_auroc": assessment.pixel_auroc,
        "pixel_average_precision": assessment.pixel_average_precision,
        "aupro": assessment.aupro,
        "n_good": assessment.n_good,
        "n_defective": assessment.n_defective,
        "n_unsure": assessment.n_unsure,
        "n_unlabelled": assessment.n_unlabelled,
        "n_unscored": assessment.n_unscored,
        "t1": assessment.t1,
        "t2": assessment.t2,
        "counts": counts.as_table(),
        "escape": rate_values(counts.escape),
        "overkill": rate_values(counts.overkill),
        "review": rate_values(counts.review),
    }


def rate_line(name: str, rate: Rate) -> str:
    """A rate never stands without its denominator and interval."""
    if rate.value is None:
        return f"{name:<10} not known: no such parts"
    interval = rate.interval()
    return (
        f"{name:<10} {rate.numerator} of {rate.denominator} = {100 * rate.value:.3g} %"
        f"  (95 %: {100 * interval.low:.3g} to {100 * interval.high:.3g} %)"
    )


def assessment_lines(assessment: Assessment) -> list[str]:
    """The figures for people."""
    table = assessment.counts.as_table()
    figures = (
        ("AUROC", assessment.auroc),
        ("average precision", assessment.average_precision),
        ("pixel AUROC", assessment.pixel_auroc),
        ("pixel average precision", assessment.pixel_average_precision),
        ("AUPRO (to 0.3)", assessment.aupro),
    )
    return [
        f"run {assessment.run_id} on the {text_of(assessment.split)} split: {assessment.n_good} good, {assessment.n_defective} defective"
        f" ({assessment.n_unsure} unsure, {assessment.n_unlabelled} unlabelled, {assessment.n_unscored} unscored in no figure)",
        *(f"{name:<23} {value:.4f}" for name, value in figures if value is not None),
        f"T1 {assessment.t1:.6g}   T2 {assessment.t2:.6g}",
        f"{'':<10} {'OK':>8} {'REVIEW':>8} {'NG':>8}",
        *(f"{label:<10} {row['ok']:>8} {row['review']:>8} {row['ng']:>8}" for label, row in table.items()),
        rate_line("escape", assessment.counts.escape),
        rate_line("overkill", assessment.counts.overkill),
        rate_line("review", assessment.counts.review),
    ]


def note_what_is_missing(assessment: Assessment, terminal: Terminal) -> None:
    """Says which figures cannot be had and why. Raises ProblemError NO_TEST_ITEMS when there are none at all."""
    if not assessment.n_good and not assessment.n_defective:
        raise ProblemError(ProblemCode.NO_TEST_ITEMS, run=assessment.run_id, split=text_of(assessment.split))
    if not assessment.n_good or not assessment.n_defective:
        label, missing = ("good", "defective") if assessment.n_good else ("defective", "good")
        told = {"label": label, "missing": missing, "split": text_of(assessment.split)}
        terminal.note(Problem(ProblemCode.ONE_CLASS_ONLY, told))
    for problem in assessment.problems:
        terminal.note(problem)


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    with opened(arguments, terminal) as project:
        split = Split[arguments.split.upper()]
        assessment = assess(project, arguments.run, split=split, context=terminal)
    note_what_is_missing(assessment, terminal)
    return Answer(assessment_values(assessment), assessment_lines(assessment))


COMMAND = Command(
    name="evaluate",
    summary="figures of a run on the test split",
    description=(
        "Measures a run on labelled items that it has not learnt from: AUROC and average precision of the scores, AUROC and AUPRO of the\n"
        "maps where masks exist, and at the thresholds in force the escapes (defective parts judged OK), overkills (good parts judged\n"
        "NG) and reviews, each with its exact 95 % interval. Nothing is trained or changed."
    ),
    examples=["evaluate washers --run 1", "evaluate washers --run 1 --json"],
    add_arguments=_add_arguments,
    run=_run,
)
