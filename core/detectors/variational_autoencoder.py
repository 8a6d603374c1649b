"""Variational autoencoder for pictures and rows (Kingma & Welling 2013), with the reconstruction probability of An & Cho (2015)."""

from __future__ import annotations

from typing import Any, Final, Literal

import torch
from torch import Tensor

from core.detectors.base import Declaration, Gives, LearnsFrom, TrainingData, parameter
from core.detectors.item_kinds import ItemKind
from core.detectors.reconstruction import Learning, ReconstructionDetector, ReconstructionParameters
from core.job_context import JobContext
from core.networks.autoencoding import AutoencodingNetwork
from core.networks.seeds import torch_generator
from core.networks.variational import VariationalAutoencoder as Network
from core.networks.variational import WarmUp, divergence_from_prior, surprise
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_DRAWS: Final = 1_000_001  # place in the seed's tree
_ERROR: Final = QT_TRANSLATE_NOOP("Parameter", "error")
_PROBABILITY: Final = QT_TRANSLATE_NOOP("Parameter", "probability")
_BOUND: Final = QT_TRANSLATE_NOOP("Parameter", "bound")
_LEARNED: Final = QT_TRANSLATE_NOOP("Parameter", "learned")
_FIXED: Final = QT_TRANSLATE_NOOP("Parameter", "fixed")


class VariationalAutoencoderParameters(ReconstructionParameters):
    """Settings of the variational autoencoder."""

    score: Literal["error", "probability", "bound"] = parameter(
        _ERROR,
        title=QT_TRANSLATE_NOOP("Parameter", "Score"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "The error of rebuilding; the reconstruction probability of An & Cho; or the bound that the training raises. The last two count the whole image.",
        ),
    )
    draws: int = parameter(
        16,
        title=QT_TRANSLATE_NOOP("Parameter", "Draws for the probability"),
        help=QT_TRANSLATE_NOOP("Parameter", "How many codes are drawn for each item when the score is not the error. More are steadier."),
        ge=1,
        le=256,
        advanced=True,
    )
    variance: Literal["learned", "fixed"] = parameter(
        _LEARNED,
        title=QT_TRANSLATE_NOOP("Parameter", "Variance of the values"),
        help=QT_TRANSLATE_NOOP("Parameter", "Learned: each value of each item has its own. Fixed: the one below for all of them."),
        advanced=True,
    )
    fixed_variance: float = parameter(
        0.1,
        title=QT_TRANSLATE_NOOP("Parameter", "Fixed variance"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "As a part of the variance of the training items. Smaller rebuilds more closely and keeps the codes less in order."
        ),
        gt=0.001,
        le=10,
        advanced=True,
    )
    prior_weight: float = parameter(
        1.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Weight of the prior"),
        help=QT_TRANSLATE_NOOP("Parameter", "How much codes are drawn towards a normal distribution. 1 is the bound of the paper."),
        ge=0,
        le=100,
        advanced=True,
    )
    warm_up: float = parameter(
        20.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Warm-up of the prior"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Part of the training in which the prior gains its weight. Without it the codes may never be used."
        ),
        unit="%",
        ge=0,
        le=100,
        advanced=True,
    )


class VariationalAutoencoder(ReconstructionDetector):
    """Learns by the evidence lower bound (Kingma & Welling 2013): per item, the sum of all -log p(x | z) plus `prior_weight` times the
    divergence of the code from N(0, I). Both are sums, so the weight is what it says; many ports take a mean of the one and a sum of the
    other, which changes it by the number of values, and PyOD's `capacity` of 0 drops the divergence altogether.

    Score, by choice:

    - error: squared error of rebuilding from the middle of the code, as the plain autoencoder's. The deck prints no other. It ranks
      better than the others on digits (`detectors.md` 10.2, 10.3b): easy values have tiny variances, which outshout the rest.
    - probability: An & Cho (2015), algorithm 4: minus the mean of log p(x | z) over codes z drawn from q(z | x), summed over the item.
      The normal numbers behind the draws are the same for all items and come from the seed, so a score is never random.
    - bound: that plus the divergence of the code, in equal parts to all values, because it belongs to none of them.
    """

    declaration = Declaration(
        key="variational_autoencoder",
        title=QT_TRANSLATE_NOOP("Detector", "Variational autoencoder"),
        summary=QT_TRANSLATE_NOOP(
            "Detector",
            "Learns to rebuild good items from short codes kept close to a normal distribution. What it cannot rebuild is suspicious.",
        ),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.MAP, Gives.RECONSTRUCTION, Gives.CONTRIBUTIONS}),
        source="Kingma & Welling 2013; An & Cho 2015",
        parameters=VariationalAutoencoderParameters,
        presets={
            "quick": {"image_size": 64, "epochs": 15, "row_steps": 1000},
            "standard": {},
            "thorough": {"image_size": 256, "epochs": 60, "row_steps": 6000},
        },
        shortest={"epochs": 1, "row_steps": 1},
        minimum_good=8,
    )
    _network: Network

    @property
    def _whole(self) -> bool:
        return bool(self.parameters.score != _ERROR)

    @property
    def _effort(self) -> float:
        return float(1 + self.parameters.draws) if self._whole else 1.0

    def _built(self) -> AutoencodingNetwork:
        learned = self.parameters.variance == _LEARNED
        plain = self._kind.network(code_parts=2, output_parts=2 if learned else 1)
        return Network(plain, variance=None if learned else self.parameters.fixed_variance)

    def _learning(self, data: TrainingData, context: JobContext) -> Learning:
        return _RaisingTheBound(self._network, self._kind, data, self.parameters, context)

    def _evidence(self, items: Tensor) -> tuple[Tensor, Tensor]:
        if not self._whole:
            return super()._evidence(items)
        values = self._network.standardised(items)
        mean, log_variance = self._network.posterior(values)
        total = torch.zeros_like(values)
        for normal in self._normal_numbers(mean.shape[1]).to(mean.device):
            total += surprise(values, *self._network.likelihood(mean + (0.5 * log_variance).exp() * normal))
        evidence = total / self.parameters.draws
        if self.parameters.score == _BOUND:
            divergence = divergence_from_prior(mean, log_variance) / values[0].numel()
            evidence = evidence + divergence.view(-1, *[1] * (values.ndim - 1))
        return evidence, self._network(items)

    def _normal_numbers(self, latent: int) -> Tensor:
        """(draws, latent), the same at every call."""
        return torch.randn(self.parameters.draws, latent, generator=torch_generator("cpu", self.seed, _DRAWS))


class _RaisingTheBound(Learning):
    """Follows the gradient of the bound with one code drawn per item and step, divided by the number of values of an item: the size of
    the steps is then the same for small and large items."""

    network: Network

    def __init__(self, network: Network, kind: ItemKind, data: TrainingData, parameters: Any, context: JobContext) -> None:
        super().__init__(network, kind, data, parameters, context)
        schedule = kind.schedule(len(data.train), 0)
        steps = schedule.batches(len(data.train)) * schedule.epochs
        self._prior_weight = float(parameters.prior_weight)
        self._warm_up = WarmUp(round(parameters.warm_up / 100 * steps))
        self.networks = {"autoencoder": network, "warm_up": self._warm_up}

    def loss(self, clean: Tensor, generator: torch.Generator) -> Tensor:
        values = self.network.standardised(clean)
        mean, log_variance = self.network.posterior(values)
        normal = torch.randn(mean.shape, generator=generator, device=mean.device)
        likelihood = self.network.likelihood(mean + (0.5 * log_variance).exp() * normal)
        unexpected = surprise(values, *likelihood).flatten(1).sum(dim=1)
        divergence = divergence_from_prior(mean, log_variance)
        weight = self._prior_weight * self._warm_up.next_weight()
        return (unexpected + weight * divergence).mean() / values[0].numel()
