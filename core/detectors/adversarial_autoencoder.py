"""Adversarial autoencoder for pictures and rows: an autoencoder whose codes cannot be told from draws of a normal distribution."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import Declaration, Findings, Gives, LearnsFrom, Scored, TrainingData, parameter
from core.detectors.item_kinds import ItemKind
from core.detectors.reconstruction import Learning, ReconstructionDetector, ReconstructionParameters
from core.job_context import JobContext
from core.networks.autoencoding import AutoencodingNetwork
from core.networks.code_discriminator import CodeDiscriminator
from core.networks.convolutional import initialise
from core.networks.seeds import derived_seed
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_DISCRIMINATOR: Final = 1_000_002  # place in the seed's tree
_WIDTH: Final = 64
_CODES: Final = 2000  # of training items, for the plot
_AT_ONCE: Final = 512
_ERROR: Final = QT_TRANSLATE_NOOP("Parameter", "error")
_CODE: Final = QT_TRANSLATE_NOOP("Parameter", "code")
_BOTH: Final = QT_TRANSLATE_NOOP("Parameter", "both")


class AdversarialAutoencoderParameters(ReconstructionParameters):
    """Settings of the adversarial autoencoder."""

    latent_size: int = common.latent_size(16)
    score: Literal["error", "code", "both"] = parameter(
        _ERROR,
        title=QT_TRANSLATE_NOOP("Parameter", "Score"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "The error of rebuilding; how far the code lies from where codes of good items lie; or both, each in its usual spread.",
        ),
    )
    code_share: float = parameter(
        30.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Part of the code in the score"),
        help=QT_TRANSLATE_NOOP("Parameter", "If the score is both: how much of it comes from the code. The rest is the error."),
        unit="%",
        gt=0,
        lt=100,
        advanced=True,
    )
    adversarial_weight: float = parameter(
        1.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Weight of the adversary"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "How hard codes are pressed into the shape of a normal distribution. 0 makes a plain autoencoder."
        ),
        ge=0,
        le=100,
    )
    adversarial_rate: float = parameter(
        0.001,
        title=QT_TRANSLATE_NOOP("Parameter", "Learning rate of the adversary"),
        help=QT_TRANSLATE_NOOP("Parameter", "Size of the steps of the network that judges the codes, and of the answer to it."),
        gt=0,
        le=0.1,
        advanced=True,
    )


class AdversarialAutoencoder(ReconstructionDetector):
    """Makhzani et al. 2015: three steps for each batch, each with an optimiser of its own, because their gradients differ in size.

    1. Encoder and decoder reduce the error of rebuilding. 2. The discriminator learns to tell draws of N(0, I) from codes, which are cut
    off from the encoder. 3. The encoder learns to have its codes taken for draws (-log D, which does not fade). Popular ports add 1 and 3
    up into one step of one optimiser with a weight of 0.001, which leaves the codes where they are. Here the weight multiplies the rate
    of step 3, because Adam would divide a factor of the loss out again. With a weight of 0 the last two steps are left out and the
    weights are those of the plain autoencoder.

    Score, by choice: error: squared error of rebuilding, as of the autoencoder (the deck prints no other). code: |E(x)|^2 / 2, which is
    -log N(E(x); 0, I) but for a constant. both: their weighted sum, each in standard deviations from its mean over the training items.
    The discriminator's own opinion is no score: it is not calibrated beyond the codes it was trained on.
    """

    declaration = Declaration(
        key="adversarial_autoencoder",
        title=QT_TRANSLATE_NOOP("Detector", "Adversarial autoencoder"),
        summary=QT_TRANSLATE_NOOP(
            "Detector",
            "Learns to rebuild good items from codes that a second network cannot tell from random draws. Shows how the codes lie.",
        ),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.MAP, Gives.RECONSTRUCTION, Gives.CONTRIBUTIONS}),
        source="Makhzani et al. 2015",
        parameters=AdversarialAutoencoderParameters,
        presets={
            "quick": {"image_size": 64, "epochs": 15, "row_steps": 1000},
            "standard": {},
            "thorough": {"image_size": 256, "epochs": 60, "row_steps": 6000},
        },
        shortest={"epochs": 1, "row_steps": 1},
        minimum_good=8,
    )

    def findings(self) -> Findings:
        """The codes of training items: together they should look like draws of N(0, I)."""
        return self._findings

    def score(self, batch: NDArray[Any]) -> Scored:
        scored = super().score(batch)
        if self.parameters.score == _ERROR:
            return scored
        codes = self._code_terms(batch)
        if self.parameters.score == _CODE:
            return _mixed(scored, codes, error_weight=0.0, code_weight=1.0)
        share = self.parameters.code_share / 100
        (error_mean, code_mean), (error_spread, code_spread) = self._usual
        error_weight, code_weight = (1 - share) / error_spread, share / code_spread
        mixed = _mixed(scored, codes, error_weight=error_weight, code_weight=code_weight)
        return replace(mixed, scores=mixed.scores - error_weight * error_mean - code_weight * code_mean)

    def _learning(self, data: TrainingData, context: JobContext) -> Learning:
        return _Matching(self._network, self._kind, data, self.parameters, context, seed=self.seed)

    def _finish(self, learning: Learning, data: TrainingData, context: JobContext) -> None:
        terms = [np.empty((2, 0))]
        for start in range(0, len(data.train), _AT_ONCE):
            context.check()
            batch = np.asarray(data.train[start : start + _AT_ONCE])
            terms.append(np.stack([super().score(batch).scores, self._code_terms(batch)]))
        joined = np.concatenate(terms, axis=1)
        self._usual = np.stack([joined.mean(axis=1), np.maximum(joined.std(axis=1), np.finfo(np.float32).tiny)])
        places = np.unique(np.linspace(0, len(data.train) - 1, min(_CODES, len(data.train))).astype(np.int64))
        (codes,) = self._kind.apply(data.train[places], lambda items: (self._codes(items),), context.check)
        self._findings = Findings(codes=codes.astype(np.float32), code_items=places)

    def _codes(self, items: Tensor) -> Tensor:
        return self._network.encode(self._network.standardised(items))

    def _code_terms(self, batch: NDArray[Any]) -> NDArray[np.float64]:
        """|E(x)|^2 / 2, float64 (n,)."""
        (codes,) = self._kind.apply(batch, lambda items: (self._codes(items),), self.check)
        halves: NDArray[np.float64] = np.square(codes.astype(np.float64)).sum(axis=1) / 2
        return halves

    def _kept(self) -> dict[str, NDArray[Any]]:
        return {"score.usual": self._usual}

    def _kept_shapes(self) -> dict[str, tuple[int, ...]]:
        return {"score.usual": (2, 2)}

    def _take_kept(self, arrays: dict[str, NDArray[Any]], path: Path) -> None:
        self._usual = arrays["score.usual"]
        if self._usual[1].min() <= 0:
            raise files.damaged(path, "a spread is not positive")


class _Matching(Learning):
    """The three steps. Their order and their cut-off gradients are the paper's."""

    def __init__(
        self, network: AutoencodingNetwork, kind: ItemKind, data: TrainingData, parameters: Any, context: JobContext, *, seed: int
    ) -> None:
        super().__init__(network, kind, data, parameters, context)
        weight = float(parameters.adversarial_weight)
        self._has_adversary = weight > 0
        self._discriminator = CodeDiscriminator(length=kind.code_length, width=_WIDTH)
        initialise(self._discriminator, derived_seed(seed, _DISCRIMINATOR))
        self._discriminator.quieten()
        self._discriminator.to(kind.device)
        encoder = [weights for name, weights in network.named_parameters() if name.startswith("encoder.")]
        rate, betas = parameters.adversarial_rate, (0.5, 0.999)
        self._answer = torch.optim.Adam(encoder, lr=weight * rate, betas=betas)
        self._judgement = torch.optim.Adam(self._discriminator.parameters(), lr=rate, betas=betas)
        self.networks = {**self.networks, "discriminator": self._discriminator}
        self.optimisers = {**self.optimisers, "encoder": self._answer, "discriminator": self._judgement}
        self._losses: list[float] = []

    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        loss = super().step(indices, generator)
        if self._has_adversary:
            codes = self.network.encode(self.network.standardised(self.items.batch(indices)))
            self._losses.append(float(self.judge(codes.detach(), generator)))
            self.deceive(codes)
        return loss

    def judge(self, codes: Tensor, generator: torch.Generator) -> Tensor:
        """Step 2, which changes the discriminator alone, since `codes` are cut off. Returns its loss."""
        drawn = torch.randn(codes.shape, generator=generator, device=codes.device)
        loss = self._discriminator.loss(drawn, codes)
        self._judgement.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._judgement.step()
        return loss.detach()

    def deceive(self, codes: Tensor) -> None:
        """Step 3, which changes the encoder alone: the discriminator's optimiser forgets these gradients before it moves again."""
        self._answer.zero_grad(set_to_none=True)
        loss = self._discriminator.deception(codes)
        loss.backward()  # type: ignore[no-untyped-call]
        self._answer.step()

    def end_epoch(self, epoch: int) -> None:
        super().end_epoch(epoch)
        if self._losses:
            self.context.metric("discriminator_loss", epoch, sum(self._losses) / len(self._losses))
            self._losses.clear()


def _mixed(scored: Scored, codes: NDArray[np.float64], *, error_weight: float, code_weight: float) -> Scored:
    """The weighted sum of both scores. A code belongs to no column, so each column gets an equal part of it."""
    contributions = scored.contributions
    if contributions is not None:
        contributions = error_weight * contributions + code_weight * codes[:, None] / contributions.shape[1]
    return replace(scored, scores=error_weight * scored.scores + code_weight * codes, contributions=contributions)
