"""The second player of the adversarial autoencoder (Makhzani et al. 2015): tells codes of items from draws of a normal distribution."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

_QUIET: float = 0.01  # of the usual weights of the last layer: at first it has no opinion, and its loss is 2 ln 2


class CodeDiscriminator(nn.Module):
    """Codes (n, length) to logits (n,): large for codes taken for draws of N(0, I). Weights come from `initialise`, then `quieten`."""

    def __init__(self, *, length: int, width: int) -> None:
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(length, width), nn.LeakyReLU(0.2), nn.Linear(width, width), nn.LeakyReLU(0.2))
        self.last = nn.Linear(width, 1)

    def quieten(self) -> None:
        """Makes the first judgements even."""
        with torch.no_grad():
            self.last.weight.mul_(_QUIET)

    def forward(self, codes: Tensor) -> Tensor:
        logits: Tensor = self.last(self.hidden(codes))
        return logits[:, 0]

    def loss(self, drawn: Tensor, codes: Tensor) -> Tensor:
        """-[log D(drawn) + log(1 - D(codes))], means over the batch."""
        right = functional.binary_cross_entropy_with_logits(self(drawn), torch.ones(len(drawn), device=drawn.device))
        wrong = functional.binary_cross_entropy_with_logits(self(codes), torch.zeros(len(codes), device=codes.device))
        return right + wrong

    def deception(self, codes: Tensor) -> Tensor:
        """-log D(codes): small when codes pass for draws. Its gradient does not fade while they are told apart with ease."""
        return functional.binary_cross_entropy_with_logits(self(codes), torch.ones(len(codes), device=codes.device))
