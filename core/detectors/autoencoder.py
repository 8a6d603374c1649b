"""Autoencoder for pictures and rows: what cannot be rebuilt from a short code is suspicious."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.detectors.base import Declaration, Gives, LearnsFrom, TrainingData, parameter
from core.detectors.item_kinds import ItemKind
from core.detectors.reconstruction import Learning, ReconstructionDetector, ReconstructionParameters
from core.job_context import JobContext
from core.networks.autoencoding import AutoencodingNetwork
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP


class AutoencoderParameters(ReconstructionParameters):
    """Settings of the autoencoder."""

    noise: float = parameter(
        0.05,
        title=QT_TRANSLATE_NOOP("Parameter", "Denoising"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Noise added while training, which the network must take off again. 0 makes a plain autoencoder. Never added when scoring.",
        ),
        unit=QT_TRANSLATE_NOOP("Parameter", "of full scale"),
        ge=0,
        le=1,
    )


class Autoencoder(ReconstructionDetector):
    """Score: the squared error of rebuilding the item, see `ReconstructionDetector`.

    The deck's fourth row of the worked example has 20.25, not the printed 0. With noise (Vincent et al. 2008) the network learns to
    rebuild the clean item from a noisy one; popular ports aim at the noisy one, which teaches to copy. Nothing is ever added to an item
    that is scored.
    """

    declaration = Declaration(
        key="autoencoder",
        title=QT_TRANSLATE_NOOP("Detector", "Autoencoder"),
        summary=QT_TRANSLATE_NOOP("Detector", "Learns to rebuild good items from a short code. What it cannot rebuild is suspicious."),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.MAP, Gives.RECONSTRUCTION, Gives.CONTRIBUTIONS}),
        source="Hinton & Salakhutdinov 2006; denoising: Vincent et al. 2008",
        parameters=AutoencoderParameters,
        presets={
            "quick": {"image_size": 64, "epochs": 15, "row_steps": 1000},
            "standard": {},
            "thorough": {"image_size": 256, "epochs": 60, "row_steps": 6000},
        },
        shortest={"epochs": 1, "row_steps": 1},
        minimum_good=8,
    )

    def _learning(self, data: TrainingData, context: JobContext) -> Learning:
        return _Denoising(self._network, self._kind, data, self.parameters, context)


class _Denoising(Learning):
    """Takes noise off items."""

    def __init__(self, network: AutoencodingNetwork, kind: ItemKind, data: TrainingData, parameters: Any, context: JobContext) -> None:
        super().__init__(network, kind, data, parameters, context)
        self._noise = float(parameters.noise)

    def loss(self, clean: Tensor, generator: torch.Generator) -> Tensor:
        noisy = clean
        if self._noise:
            noisy = clean + self._noise * torch.randn(clean.shape, generator=generator, device=clean.device)
        return self.network.loss(noisy, clean)
