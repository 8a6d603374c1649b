"""What a training would use, in sentences."""

from __future__ import annotations

from core.detectors.base import Declaration
from core.problems import Problem, ProblemCode
from core.training.plan import TrainingPlan
from desktop.words import detector_title, problem_sentence, translate


def plan_text(plan: TrainingPlan) -> str:
    """How many items the run learns from, calibrates with and is tested on."""
    sentences = [
        translate("NewRun", "Learns from {items}.").format(items=_learnt(plan)),
        translate("NewRun", "The threshold is set on {items}.").format(items=_calibrating(plan)),
        translate("NewRun", "Tested on {items}.").format(items=_counted(plan.test_good, plan.test_defective)),
    ]
    if plan.splits_first:
        sentences.append(translate("NewRun", "Items that have no split yet get one first, drawn by the seed."))
    moved = plan.moved_defective  # lupdate passes over a count with a dot
    if moved:
        sentences.append(
            translate("NewRun", "%n defective item(s) move from the calibration split to the training split first.", None, moved)
        )
    if plan.calibration_good == 0 and plan.problem is None:
        sentences.append(problem_sentence(Problem(ProblemCode.NO_CALIBRATION_GOODS)))
    return " ".join(sentences)


def plan_reason(plan: TrainingPlan, declaration: Declaration) -> str:
    """Why the run cannot start; empty if it can."""
    if plan.problem is None:
        return ""
    return problem_sentence(Problem(plan.problem.code, {**plan.problem.arguments, "detector": detector_title(declaration)}))


def _learnt(plan: TrainingPlan) -> str:
    good, unlabelled, defective = plan.good, plan.unlabelled, plan.defective  # lupdate passes over a count with a dot
    parts = []
    if good or not unlabelled:
        parts.append(translate("NewRun", "%n good item(s)", None, good))
    if unlabelled:
        parts.append(translate("NewRun", "%n unlabelled item(s) taken as good", None, unlabelled))
    if defective:
        parts.append(translate("NewRun", "%n defective item(s)", None, defective))
    return ", ".join(parts)


def _calibrating(plan: TrainingPlan) -> str:
    if plan.calibration_good == 0 and plan.calibration_defective == 0:
        return translate("NewRun", "the training items")
    return _counted(plan.calibration_good, plan.calibration_defective)


def _counted(good: int, defective: int) -> str:
    parts = []
    if good or not defective:
        parts.append(translate("NewRun", "%n good item(s)", None, good))
    if defective:
        parts.append(translate("NewRun", "%n defective item(s)", None, defective))
    return ", ".join(parts)
