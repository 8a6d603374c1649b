"""What the Train page says that a run would use and change before it starts."""

from __future__ import annotations

from dataclasses import replace

from core.training.plan import TrainingPlan
from desktop.widgets.plan_text import plan_text

PLAN = TrainingPlan(
    good=90,
    unlabelled=0,
    defective=5,
    calibration_good=30,
    calibration_defective=3,
    test_good=30,
    test_defective=12,
    splits_first=False,
    moved_defective=0,
    problem=None,
)


def test_defective_items_that_move_are_announced_with_their_number(qtbot) -> None:
    moving = plan_text(replace(PLAN, moved_defective=4))
    assert "4 defective item" in moving and "from the calibration split to the training split" in moving
    assert "calibration split" not in plan_text(PLAN)
    assert "have no split yet" in plan_text(replace(PLAN, splits_first=True))
    assert "have no split yet" not in moving
