"""The one optimisation loop: seeds, shuffled batches, learning rate, progress, cancel, curves, checkpoints.

It lives beside the networks because detectors use it and may not import `core.training`, which stands above them.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer

from core.job_context import JobContext
from core.networks.checkpoint import read_checkpoint, write_checkpoint
from core.networks.seeds import numpy_generator, torch_generator
from core.problems import ProblemCode, ProblemError

_SHUFFLE, _NOISE = 0, 1


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How often and in what portions the training items are shown. The learning rate of every optimiser falls along a half cosine
    from its own value to a hundredth of it; `decay` False leaves it alone.

    `steps_per_epoch` None: an epoch shows every item once. A number: an epoch is that many batches, going through the items again and
    again, so that a training of a fixed number of steps is not cut into epochs of one step by a small set.
    """

    epochs: int
    batch_size: int
    seed: int
    decay: bool = True
    steps_per_epoch: int | None = None

    def batches(self, count: int) -> int:
        """Batches per epoch for `count` items."""
        return self.steps_per_epoch or batches_per_epoch(count, self.batch_size)


class Trainee(ABC):
    """What a detector hands to `optimise`: its networks and optimisers by name, and what to do with a batch.

    Everything that the training changes must be in `networks` or `optimisers`, or a resumed training would differ.
    """

    networks: Mapping[str, nn.Module]
    optimisers: Mapping[str, Optimizer]

    @abstractmethod
    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        """Learns from the training items at `indices` and returns the mean loss; all random draws come from `generator`."""

    @abstractmethod
    def end_epoch(self, epoch: int) -> None:
        """Called after each epoch (from 1) with the networks in eval mode: curves of other items, sample pictures."""

    def is_settled(self) -> bool:
        """Asked before each epoch: True ends the training early. The answer must follow from `networks`, which checkpoints hold."""
        return False


def optimise(trainee: Trainee, *, count: int, schedule: Schedule, device: str, context: JobContext, checkpoint: Path | None) -> None:
    """Trains on `count` items; leaves the networks in eval mode.

    With `checkpoint` (a file) the state is kept after each epoch, and a training that finds it goes on from there and ends with the
    same weights as one that was never cut off. Raises Cancelled, ProblemError(TRAINING_DIVERGED).
    """
    rates = {name: [group["lr"] for group in optimiser.param_groups] for name, optimiser in trainee.optimisers.items()}
    finished = read_checkpoint(checkpoint, trainee.networks, trainee.optimisers) if checkpoint else 0
    batches = schedule.batches(count)
    total = batches * schedule.epochs
    context.progress(finished * batches, total)
    for epoch in range(finished, schedule.epochs):
        if trainee.is_settled():
            break
        generator = torch_generator(device, schedule.seed, epoch, _NOISE)
        _set_training(trainee.networks, on=True)
        losses, shown = 0.0, 0
        for place, indices in enumerate(shuffled_batches(count, schedule, epoch)):
            context.check()
            done = epoch * batches + place
            if schedule.decay:
                _set_rates(trainee.optimisers, rates, share=done / total)
            losses += _checked(trainee.step(indices, generator)) * len(indices)
            shown += len(indices)
            context.progress(done + 1, total)
        _set_training(trainee.networks, on=False)
        context.metric("train_loss", epoch + 1, losses / shown)
        trainee.end_epoch(epoch + 1)
        if checkpoint:
            write_checkpoint(checkpoint, trainee.networks, trainee.optimisers, epoch=epoch + 1)
    _set_training(trainee.networks, on=False)
    context.progress(total, total)


def batches_per_epoch(count: int, batch_size: int) -> int:
    """A rest of a single item joins the batch before it, because batch normalisation needs two."""
    whole, rest = divmod(count, batch_size)
    return max(whole + (rest > 1 or (rest == 1 and (whole == 0 or batch_size == 1))), 1)


def shuffled_batches(count: int, schedule: Schedule, epoch: int) -> Iterator[NDArray[np.int64]]:
    """The items of an epoch, in an order that depends on the seed and the epoch alone."""
    random = numpy_generator(schedule.seed, epoch, _SHUFFLE)
    if schedule.steps_per_epoch is not None:
        yield from _batches_going_round(count, schedule.steps_per_epoch, schedule.batch_size, random)
        return
    order = random.permutation(count)
    batches = batches_per_epoch(count, schedule.batch_size)
    for place in range(batches):
        start = place * schedule.batch_size
        end = count if place == batches - 1 else start + schedule.batch_size
        yield np.sort(order[start:end])  # sorted: neighbours in a memory map are read together


def _batches_going_round(count: int, steps: int, batch_size: int, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Batches of one size; an item comes again only when all others had their turn, and may be twice in a batch of a tiny set."""
    order = np.concatenate([random.permutation(count) for _ in range(-(-steps * batch_size // count))])
    for start in range(0, steps * batch_size, batch_size):
        yield np.sort(order[start : start + batch_size])


def _checked(loss: Tensor) -> float:
    value = float(loss.detach())
    if not math.isfinite(value):
        raise ProblemError(ProblemCode.TRAINING_DIVERGED)
    return value


def _set_training(networks: Mapping[str, nn.Module], *, on: bool) -> None:
    for network in networks.values():
        network.train(on)


def _set_rates(optimisers: Mapping[str, Optimizer], rates: Mapping[str, list[float]], *, share: float) -> None:
    factor: Final = 0.01 + 0.99 * (1 + math.cos(math.pi * share)) / 2
    for name, optimiser in optimisers.items():
        for group, rate in zip(optimiser.param_groups, rates[name], strict=True):
            _set_rate(group, rate * factor)


def _set_rate(group: dict[str, Any], rate: float) -> None:
    group["lr"] = rate
