"""What the networks of the autoencoder family have in common, whatever they rebuild."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn


class AutoencodingNetwork(nn.Module, ABC):
    """Items through a short code and back. Encoder and decoder work on standardised items, whose variance is about 1 in every place.

    The encoder gives `code_parts` times as many numbers as a code has (2: a mean and a log-variance of each), the decoder `output_parts`
    times as many as an item has along its first axis; `forward` needs one of each.
    """

    @abstractmethod
    def standardised(self, items: Tensor) -> Tensor:
        """Items as the encoder takes them."""

    @abstractmethod
    def in_units(self, standardised: Tensor) -> Tensor:
        """Inverse of `standardised`."""

    @abstractmethod
    def relative(self, differences: Tensor) -> Tensor:
        """Differences of items, standardised."""

    @abstractmethod
    def encode(self, standardised: Tensor) -> Tensor:
        """(n, code_parts * code length)."""

    @abstractmethod
    def decode(self, codes: Tensor) -> Tensor:
        """From (n, code length) to standardised items, (n, output_parts * first axis, ...)."""

    def forward(self, items: Tensor) -> Tensor:
        return self.in_units(self.decode(self.encode(self.standardised(items))))

    def loss(self, items: Tensor, clean: Tensor) -> Tensor:
        """Squared error of rebuilding `clean` from `items`, as a part of the variance: 1 is what the mean item alone reaches."""
        loss: Tensor = self.relative(self(items) - clean).square().mean()
        return loss
