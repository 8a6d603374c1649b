"""What a report does not show, found by the program: the chapter that the reader would otherwise have to guess."""

from __future__ import annotations

import math

import numpy as np

from core.evaluation.intervals import GoalVerdict, goal_verdict, sample_size, upper_limit
from core.project.opening import Project
from core.project.runs import snapshot_content
from core.reports.assessment import Assessment
from core.reports.judgement import Judgement
from core.reports.words import ReportWords
from core.vocabulary import Kind, Label, Split, text_of

_GOAL = 0.01


def limits(project: Project, judgement: Judgement, assessment: Assessment, say: ReportWords) -> list[str]:
    """One sentence for each point, in the language of `say`."""
    return [
        *_of_counts(assessment, say),
        *_of_types(judgement, say),
        *_of_lots(judgement, say),
        *_of_labels(project, judgement, say),
        *_of_masks(judgement, assessment, say),
        *([say("limit_training_threshold")] if judgement.threshold.basis.get("split") == text_of(Split.TRAIN) else []),
        *([] if "costs" in judgement.threshold.basis else [say("limit_costs")]),
        say("limit_looks"),
        say("limit_independent"),
    ]


def _of_counts(assessment: Assessment, say: ReportWords) -> list[str]:
    found = [] if assessment.n_good else [say("limit_no_good")]
    if not assessment.n_defective:
        return [*found, say("limit_no_defective")]
    escape = assessment.counts.escape
    upper = 100 * upper_limit(escape.numerator, escape.denominator)
    found.append(say("limit_escape", escapes=escape.numerator, count=escape.denominator, upper=f"{upper:.3g}"))
    if goal_verdict(escape.numerator, escape.denominator, goal=_GOAL) is GoalVerdict.NOT_ENOUGH_DATA:
        more = sample_size(_GOAL, successes=escape.numerator) - escape.denominator
        found.append(say("limit_more_defects", more=more))
    return found


def _of_types(judgement: Judgement, say: ReportWords) -> list[str]:
    types = judgement.items.defect_type[judgement.places]
    in_test = judgement.splits == Split.TEST
    untested = sorted(set(types[~in_test]) - set(types[in_test]) - {""})
    return [say("limit_type", type=name) for name in untested]


def _of_lots(judgement: Judgement, say: ReportWords) -> list[str]:
    places = judgement.places[judgement.in_split(Split.TEST)]
    # In tables the column that keeps rows together is the lot, as the window words it.
    lots = {lot or group for lot, group in zip(judgement.items.lot[places], judgement.items.group_id[places], strict=True)}
    if lots == {""}:
        return [say("limit_no_lot")]
    return [say("limit_one_lot", lot=next(iter(lots)))] if len(lots) == 1 else []


def _of_labels(project: Project, judgement: Judgement, say: ReportWords) -> list[str]:
    if judgement.run.snapshot_id is None:
        return []
    then = {item.item_id: item.label for item in snapshot_content(project, judgement.run.snapshot_id)}
    test = judgement.in_split(Split.TEST)
    now = zip(judgement.ids[test].tolist(), judgement.labels[test].tolist(), strict=True)
    changed = sum(then[item] != label for item, label in now if item in then)
    return [say("limit_changed_labels", count=changed)] if changed else []


def _of_masks(judgement: Judgement, assessment: Assessment, say: ReportWords) -> list[str]:
    if judgement.run.kind is not Kind.IMAGE or assessment.pixel_auroc is None or math.isnan(assessment.pixel_auroc):
        return []
    test = judgement.in_split(Split.TEST)
    defective = test[judgement.labels[test] == Label.DEFECTIVE]
    marked = int(np.sum(judgement.items.has_mask[judgement.places[defective]]))
    return [say("limit_masks", marked=marked, count=len(defective))] if marked < len(defective) else []
