"""AnoGAN's search for the code whose picture is most like a given one (Schlegl et al. 2017, section 2.2), for many pictures at once.

The paper follows the gradient from one random code for one picture at a time. Here a fixed number of searches run side by side as one
batch, and each starts from those codes of a fixed set whose pictures come closest. No search can tell which others run beside it: the
loss is a sum of independent parts, every search has its own Adam state, and one that has ended is frozen until its place is given to
the next picture in the queue.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from core.networks.dcgan import Discriminator, Generator
from core.networks.gan_training import mean_difference

SIDE_BY_SIDE: Final = 16  # more only lets a single picture wait longer on a CPU
_SIDE_BY_SIDE_ELSEWHERE: Final = 64
LARGEST_CODE: Final = 3.0  # codes stay where the generator was trained: 99.7 % of N(0, 1) is within
_STARTS: Final = 256
_FIRST_DECAY, _SECOND_DECAY, _TINY = 0.9, 0.999, 1e-8  # Adam's own defaults


@dataclass(frozen=True, kw_only=True)
class SearchSettings:
    """`steps` at most for each start, `restarts` of the closest starts for each picture, `rate` of Adam.

    `feature_share` is the paper's lambda. A search ends before its time when its loss did not fall by a share of `least_gain` within
    `patience` steps; a least_gain of 0 never ends it early.
    """

    steps: int
    restarts: int
    feature_share: float
    rate: float = 0.05
    patience: int = 20
    least_gain: float = 0.01


class LatentSearch:
    """Searches with fixed networks, which it only reads. They must be in eval mode, or pictures would see each other."""

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        settings: SearchSettings,
        *,
        starts: torch.Generator,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._generator: Final = _folded(generator.layers)
        self._features: Final = _folded(discriminator.features)
        self._settings: Final = settings
        self._device: Final = next(generator.parameters()).device
        codes = torch.randn(_STARTS, generator.latent, generator=starts).clamp(-LARGEST_CODE, LARGEST_CODE).to(self._device)
        made, read = [], []
        with torch.no_grad():
            for part in torch.split(codes, SIDE_BY_SIDE):
                check()
                made.append(self._generator(part))
                read.append(self._features(made[-1]))
        self._codes: Final = codes
        self._pictures: Final = torch.cat(made).flatten(1)
        self._read: Final = torch.cat(read).flatten(1)

    def codes(self, pictures: Tensor, check: Callable[[], None] = lambda: None, *, size: int | None = None) -> Tensor:
        """The best codes found, (n, latent), for `pictures` (n, channels, height, width) in -1..1; `check` is called at every step.

        size: how many searches run side by side; None is right for the device. Answers differ by rounding for different sizes.
        """
        size = size or (SIDE_BY_SIDE if self._device.type == "cpu" else _SIDE_BY_SIDE_ELSEWHERE)
        with torch.inference_mode(False), torch.no_grad():
            features, starts = self._prepared(pictures, check, size)
            queue = _Queue(self._settings, starts, size)
            while queue.unfinished:
                check()
                items = queue.items
                queue.step(*self._slope(queue.codes, pictures[items], features[items]))
            return queue.best()

    def loss(self, codes: Tensor, pictures: Tensor, features: Tensor) -> Tensor:
        """L(z) of each code, (n,): means over pixels and over features instead of the paper's sums."""
        made = self._generator(codes)
        share = self._settings.feature_share
        loss = (1 - share) * mean_difference(pictures, made)
        return loss + share * mean_difference(features, self._features(made)) if share else loss

    def _slope(self, codes: Tensor, pictures: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """`loss` of each code, and its gradient: the sum over the batch has no term that two codes share."""
        with torch.enable_grad():
            codes = codes.detach().requires_grad_()
            loss = self.loss(codes, pictures, features)
            (gradient,) = torch.autograd.grad(loss.sum(), codes)
        return loss.detach(), gradient

    def _prepared(self, pictures: Tensor, check: Callable[[], None], size: int) -> tuple[Tensor, Tensor]:
        """Features of `pictures`, and for each the `restarts` closest starting codes, (n, restarts, latent)."""
        features, starts = [], []
        for place in range(0, len(pictures), size):
            check()
            part = pictures[place : place + size]
            filled = torch.cat([part, part[-1:].expand(size - len(part), -1, -1, -1)])
            read = self._features(filled)
            features.append(read[: len(part)])
            starts.append(self._codes[self._closest(filled, read)[: len(part)]])
        return torch.cat(features), torch.cat(starts)

    def _closest(self, pictures: Tensor, features: Tensor) -> Tensor:
        share = self._settings.feature_share
        by_pixels = torch.cdist(pictures.flatten(1), self._pictures, p=1.0) / self._pictures.shape[1]
        by_features = torch.cdist(features.flatten(1), self._read, p=1.0) / self._read.shape[1]
        distance = (1 - share) * by_pixels + share * by_features
        return distance.topk(self._settings.restarts, dim=1, largest=False).indices


class _Queue:
    """Searches waiting, under way and ended. Each of the `size` places holds one search from its first step to its last.

    starts: (n, restarts, latent). The search for restart r of picture i is job i * restarts + r.
    """

    def __init__(self, settings: SearchSettings, starts: Tensor, size: int) -> None:
        self._settings: Final = settings
        self._starts: Final = starts.flatten(0, 1)
        self._best_codes: Final = self._starts.clone()
        self._best_losses: Final = starts.new_full((len(self._starts),), torch.inf)
        self._waiting = 0
        self._jobs = torch.zeros(size, dtype=torch.int64, device=starts.device)
        self._running = torch.zeros(size, dtype=torch.bool, device=starts.device)
        self.codes: Tensor = self._starts[self._jobs]
        self._slope, self._scale = torch.zeros_like(self.codes), torch.zeros_like(self.codes)
        self._age = starts.new_zeros(size)
        self._reached = starts.new_full((size,), torch.inf)  # the loss from which the next gain is measured, and when it was reached
        self._reached_at = starts.new_zeros(size)
        if settings.steps:
            self._fill()

    @property
    def unfinished(self) -> bool:
        return bool(self._running.any())

    @property
    def items(self) -> Tensor:
        """The picture that each place searches for."""
        return self._jobs // self._settings.restarts

    def step(self, loss: Tensor, gradient: Tensor) -> None:
        """Notes the `loss` of `codes` where it is the best so far, and moves them against the `gradient`."""
        self._note(loss)
        self._age += 1
        self._move(gradient)
        ended = self._age >= self._settings.steps
        if self._settings.least_gain:
            ended |= self._age - self._reached_at > self._settings.patience
        ended &= self._running
        if bool(ended.any()):
            self._running &= ~ended
            self._fill()

    def best(self) -> Tensor:
        """For each picture the code of its best restart, (n, latent)."""
        restarts = self._settings.restarts
        chosen = self._best_losses.view(-1, restarts).argmin(dim=1)
        return self._best_codes.view(len(chosen), restarts, -1)[torch.arange(len(chosen), device=chosen.device), chosen]

    def _note(self, loss: Tensor) -> None:
        better = self._running & (loss < self._best_losses[self._jobs])
        self._best_losses[self._jobs[better]] = loss[better]
        self._best_codes[self._jobs[better]] = self.codes[better]
        gained = loss < self._reached * (1 - self._settings.least_gain)
        self._reached = torch.where(gained, loss, self._reached)
        self._reached_at = torch.where(gained, self._age, self._reached_at)

    def _move(self, gradient: Tensor) -> None:
        """A step of Adam with a state for each place."""
        self._slope = _FIRST_DECAY * self._slope + (1 - _FIRST_DECAY) * gradient
        self._scale = _SECOND_DECAY * self._scale + (1 - _SECOND_DECAY) * gradient.square()
        age = self._age[:, None]
        slope, scale = self._slope / (1 - _FIRST_DECAY**age), self._scale / (1 - _SECOND_DECAY**age)
        self.codes = (self.codes - self._settings.rate * slope / (scale.sqrt() + _TINY)).clamp(-LARGEST_CODE, LARGEST_CODE)

    def _fill(self) -> None:
        """Gives free places to the searches that wait."""
        free = torch.nonzero(~self._running).flatten()[: len(self._starts) - self._waiting]
        self._jobs[free] = torch.arange(self._waiting, self._waiting + len(free), device=free.device)
        self._waiting += len(free)
        self._running[free] = True
        self.codes[free] = self._starts[self._jobs[free]]
        self._reached[free] = torch.inf
        for state in (self._slope, self._scale, self._age, self._reached_at):
            state[free] = 0


def _folded(layers: nn.Sequential) -> nn.Sequential:
    """A copy of `layers` in eval mode that is a quarter faster: batch normalisations became part of the convolutions before them, and
    channels come last in memory. It shares nothing with `layers`, whose own order in memory decides how a training rounds."""
    folded: list[nn.Module] = []
    for layer in layers:
        before = folded[-1] if folded else None
        if isinstance(layer, nn.BatchNorm2d) and isinstance(before, (nn.Conv2d, nn.ConvTranspose2d)):
            folded[-1] = fuse_conv_bn_eval(before, layer, transpose=isinstance(before, nn.ConvTranspose2d))
        else:
            folded.append(copy.deepcopy(layer))
    return nn.Sequential(*folded).to(memory_format=torch.channels_last)
