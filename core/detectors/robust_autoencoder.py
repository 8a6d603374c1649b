"""Robust autoencoder: learns from items some of which are defective, and says which they are."""

from __future__ import annotations

import math
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.detectors.base import Declaration, Findings, Gives, LearnsFrom, TableInput, TrainingData, parameter
from core.detectors.item_kinds import ItemKind, RowKind
from core.detectors.reconstruction import Learning, ReconstructionDetector, ReconstructionParameters
from core.job_context import JobContext
from core.networks.autoencoding import AutoencodingNetwork
from core.networks.dense import hidden_width
from core.networks.seeds import derived_seed
from core.networks.separation import Group, Separation
from core.networks.tied import TiedAutoencoder
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_INITIAL_WEIGHTS: Final = 1_000_001  # place in the seed's tree
_CHOICES: Final = (
    QT_TRANSLATE_NOOP("Parameter", "items"),
    QT_TRANSLATE_NOOP("Parameter", "columns"),
    QT_TRANSLATE_NOOP("Parameter", "values"),
    QT_TRANSLATE_NOOP("Parameter", "share"),
    QT_TRANSLATE_NOOP("Parameter", "fixed"),
    QT_TRANSLATE_NOOP("Parameter", "usual"),
    QT_TRANSLATE_NOOP("Parameter", "sigmoid"),
)


class RobustAutoencoderParameters(ReconstructionParameters):
    """Settings of the robust autoencoder."""

    rounds: int = parameter(
        10,
        title=QT_TRANSLATE_NOOP("Parameter", "Rounds"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "The epochs are divided into so many rounds. After each, what the network cannot rebuild is set apart anew."
        ),
        ge=1,
        le=500,
    )
    set_apart: Literal["items", "columns", "values"] = parameter(
        "items",
        title=QT_TRANSLATE_NOOP("Parameter", "Set apart"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "items: whole defective items. columns: whole faulty sensors, or places of the image. values: single wrong values or pixels.",
        ),
    )
    threshold_from: Literal["share", "fixed"] = parameter(
        "share",
        title=QT_TRANSLATE_NOOP("Parameter", "Choose what is set apart by"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "share: so many of them as are expected. fixed: everything that differs by more than a given amount."
        ),
    )
    expected_share: float = parameter(
        5.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Expected share"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Part of the training items, columns or values that is probably wrong: so much is set apart. 0 makes a plain autoencoder.",
        ),
        unit="%",
        ge=0,
        le=50,
    )
    threshold: float = parameter(
        1.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Fixed amount"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "How far a value, or the values of an item or column in the quadratic mean, must be from what the network rebuilds. Larger sets less apart.",
        ),
        unit=QT_TRANSLATE_NOOP("Parameter", "spreads"),
        ge=0,
        le=1e9,
    )
    row_network: Literal["usual", "sigmoid"] = parameter(
        "usual",
        title=QT_TRANSLATE_NOOP("Parameter", "Network for tables"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "usual: that of the autoencoder. sigmoid: that of the paper, for columns of a limited range such as pixels; give it a long code.",
        ),
        advanced=True,
    )
    tolerance: float = parameter(
        1e-7,
        title=QT_TRANSLATE_NOOP("Parameter", "Stop early below"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "The training ends when a round leaves no larger part of the items unexplained, and changes no larger part. 0 for never.",
        ),
        ge=0,
        le=1,
        advanced=True,
    )


class RobustAutoencoder(ReconstructionDetector):
    """Score: the squared error of rebuilding the item, as of the autoencoder (see `ReconstructionDetector`).

    Zhou & Paffenroth 2017: min ||L - D(E(L))|| + lambda ||S|| subject to X = L + S, where ||S|| is the l1 norm (values), or the l2,1
    norm over items or over columns. The network learns X - S for some epochs; then S becomes X - D(E(X - S)) shrunk by a threshold, and so
    on. Network and optimiser are kept over the rounds: with a threshold that nothing reaches, the weights are those of the autoencoder.

    - The deck calls lambda the amount of outliers to remove. It is the other way round: the larger lambda, the fewer are set apart;
      with 0 all of X goes to S. Nor is the network trained on what Robust PCA has cleaned: the two are found in turns. The deck prints
      the l1 norm; the paper finds anomalies with l2,1 over items.
    - The authors' code divides lambda by a mu made from numpy's norm(X, 1), which of a matrix is the largest column sum, or multiplies it
      by the number of items. Here the threshold is what is cut off: in spreads, in the quadratic mean of a group, so that it can be
      carried from one data set to another. By share it is chosen anew in each round as the quantile of the lengths of X - L, because
      these shrink while the network learns.
    - New items have no S, and in training most have the same, 0: by ||S|| they could not be ranked (the authors' issue 13). So every item
      gets the error of the final network.
    - The paper's network (784-400-200, sigmoids, tied weights) is a choice for tables: on the paper's task, digits 4 with others hidden
      among them, it flags better than the usual one. There the weights need not be drawn anew in each round, as one of the authors'
      notebooks does.
    """

    declaration = Declaration(
        key="robust_autoencoder",
        title=QT_TRANSLATE_NOOP("Detector", "Robust autoencoder"),
        summary=QT_TRANSLATE_NOOP(
            "Detector",
            "An autoencoder for training data with hidden defects: sets aside what does not fit the rest, learns from what is left, and"
            " names the suspicious training items or columns.",
        ),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.UNLABELLED,
        gives=frozenset({Gives.MAP, Gives.RECONSTRUCTION, Gives.CONTRIBUTIONS}),
        source="Zhou & Paffenroth 2017",
        parameters=RobustAutoencoderParameters,
        presets={
            "quick": {"image_size": 64, "epochs": 15, "rounds": 5, "row_steps": 1000},
            "standard": {},
            "thorough": {"image_size": 256, "epochs": 60, "rounds": 20, "row_steps": 6000},
        },
        shortest={"epochs": 1, "row_steps": 1},
        minimum_good=8,
    )

    def memory_needed(self, data: TrainingData) -> int:
        """S and what is left over, as float32, on the device and on their way into the checkpoint."""
        return super().memory_needed(data) + 4 * 4 * math.prod(data.train.shape)

    def findings(self) -> Findings:
        """Lengths of S in spreads: of the items, of the columns of a table, or of both, depending on what was set apart."""
        return self._findings

    def _built(self) -> AutoencodingNetwork:
        if isinstance(self._kind, RowKind) and self.parameters.row_network == "sigmoid":
            columns = len(self._kind.form.columns)
            return TiedAutoencoder(columns=columns, hidden=hidden_width(columns), latent=self._kind.code_length)
        return super()._built()

    def _learning(self, data: TrainingData, context: JobContext) -> Learning:
        if isinstance(self._network, TiedAutoencoder):
            self._network.draw_weights(derived_seed(self.seed, _INITIAL_WEIGHTS))
            self._network.set_range(self._kind.store(data.train).batch(np.arange(len(data.train))))
        return _Separating(self._network, self._kind, data, self.parameters, context)

    def _finish(self, learning: Learning, data: TrainingData, context: JobContext) -> None:
        assert isinstance(learning, _Separating)
        parts, spread, group = learning.parts, learning.spread, learning.group
        self._findings = Findings(
            suspicion=None if group is Group.COLUMNS else parts.item_lengths() / spread,
            column_suspicion=parts.column_lengths() / spread if group is not Group.ITEMS and isinstance(data.input, TableInput) else None,
        )


class _Separating(Learning):
    """Rebuilds X - S, and finds S anew at the end of each round."""

    def __init__(self, network: AutoencodingNetwork, kind: ItemKind, data: TrainingData, parameters: Any, context: JobContext) -> None:
        super().__init__(network, kind, data, parameters, context)
        self.parameters: Final = parameters
        self.group: Final = Group(parameters.set_apart)
        with torch.inference_mode():
            self.spread: Final = 1 / float(network.relative(torch.ones((), device=kind.device)))
        self.parts: Final = Separation(tuple(self.items.batch(np.arange(1)).shape[1:]), count=self.items.count).to(kind.device)
        self.networks = {**self.networks, "separation": self.parts}

    def clean(self, indices: NDArray[np.int64]) -> Tensor:
        return self.items.batch(indices).sub_(self.parts.of(indices))  # in place: another layout in memory would round differently

    def end_epoch(self, epoch: int) -> None:
        super().end_epoch(epoch)
        rounds, epochs = self.parameters.rounds, self.parameters.epochs
        if epoch * rounds // epochs > (epoch - 1) * rounds // epochs:
            self._end_round(epoch)

    def is_settled(self) -> bool:
        return bool(self.parts.settled)

    def _end_round(self, epoch: int) -> None:
        found = self.parts.separate(
            self.items,
            self.network,
            group=self.group,
            threshold=self._threshold,
            at_once=self.kind.at_once,
            check=self.context.check,
        )
        for name in ("left", "change", "set_apart", "threshold"):
            self.context.metric(name, epoch, float(getattr(found, name)))
        self.parts.settled.fill_(max(found.left, found.change) < self.parameters.tolerance)

    def _threshold(self, lengths: NDArray[np.float64]) -> float:
        """From the lengths of the groups, and the values in each, in the unit of the items."""
        if self.parameters.threshold_from == "share":
            return float(np.quantile(lengths, 1 - self.parameters.expected_share / 100))
        numbers = {Group.VALUES: 1, Group.ITEMS: self.parts.corruption[0].numel(), Group.COLUMNS: self.items.count}[self.group]
        return float(self.parameters.threshold * self.spread * math.sqrt(numbers))
