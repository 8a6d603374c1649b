"""The progress of a training that has several phases, in steps that take about equally long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from core.job_context import JobContext, PartContext

_STEPS: Final = 100_000  # of the whole work


class WorkShare(PartContext):
    """One phase. Its progress, in whatever steps, fills its share of the whole.

    loss: the name of the curve that the phase draws in place of "train_loss", so that two phases do not draw over each other.
    """

    def __init__(self, context: JobContext, *, start: int, share: int, loss: str) -> None:
        super().__init__(context, start=start, total=_STEPS)
        self._share: Final = share
        self._loss: Final = loss

    def progress(self, done: int, total: int) -> None:
        super().progress(self._share * done // max(total, 1), total)

    def metric(self, name: str, step: int, value: float) -> None:
        super().metric(self._loss if name == "train_loss" else name, step, value)


def work_shares(context: JobContext, costs: Sequence[tuple[str, float]]) -> list[WorkShare]:
    """One context for each phase, given as the name of its loss curve and its duration in any unit."""
    whole = sum(cost for _, cost in costs)
    ends = [0]
    for _, cost in costs:
        ends.append(ends[-1] + round(_STEPS * cost / whole))
    ends[-1] = _STEPS
    return [
        WorkShare(context, start=start, share=end - start, loss=name) for (name, _), start, end in zip(costs, ends, ends[1:], strict=False)
    ]


def counting_check(context: JobContext, times: int) -> Callable[[], None]:
    """A check to be called `times` times, which moves the progress on by one each time."""
    done = 0

    def check() -> None:
        nonlocal done
        context.check()
        context.progress(min(done, times), times)
        done += 1

    return check
