"""The autoencoder of Zhou & Paffenroth 2017: sigmoids everywhere, and a decoder that is the encoder turned round."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.networks.autoencoding import AutoencodingNetwork

_LARGEST_BIAS: Final = 0.1


class TiedAutoencoder(AutoencodingNetwork):
    """Rows (n, columns) through a code of `latent` numbers in 0..1 and back: columns - hidden - latent - hidden - columns.

    The decoder has the weights of the encoder, transposed, and biases of its own. Works on rows brought to 0..1: by the least value of
    each column and one range for all, since columns that were scaled already, or share a unit, shall weigh the same. It cannot rebuild
    what lies outside.
    """

    least: Tensor
    spread: Tensor

    def __init__(self, *, columns: int, hidden: int, latent: int) -> None:
        super().__init__()
        self.register_buffer("least", torch.zeros(columns))
        self.register_buffer("spread", torch.ones(()))
        self.first, self.second = nn.Linear(columns, hidden), nn.Linear(hidden, latent)
        self.hidden_bias, self.output_bias = nn.Parameter(torch.zeros(hidden)), nn.Parameter(torch.zeros(columns))

    def set_range(self, rows: Tensor) -> None:
        """Brings these rows (n, columns) to 0..1."""
        least = rows.min(dim=0).values
        widest = float((rows.max(dim=0).values - least).max())
        self.least.copy_(least)
        self.spread.fill_(widest if widest > 0 else 1.0)

    def draw_weights(self, seed: int) -> None:
        """As the authors do: uniform, weights by Glorot & Bengio 2010, biases up to 0.1."""
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for layer in (self.first, self.second):
                layer.weight.copy_(nn.init.xavier_uniform_(torch.empty(layer.weight.shape), generator=generator))
            for bias in (self.first.bias, self.second.bias, self.hidden_bias, self.output_bias):
                bias.copy_(nn.init.uniform_(torch.empty(bias.shape), -_LARGEST_BIAS, _LARGEST_BIAS, generator=generator))

    def standardised(self, items: Tensor) -> Tensor:
        return (items - self.least) / self.spread

    def in_units(self, standardised: Tensor) -> Tensor:
        return standardised * self.spread + self.least

    def relative(self, differences: Tensor) -> Tensor:
        return differences

    def encode(self, standardised: Tensor) -> Tensor:
        return torch.sigmoid(self.second(torch.sigmoid(self.first(standardised))))

    def decode(self, codes: Tensor) -> Tensor:
        hidden = torch.sigmoid(functional.linear(codes, self.second.weight.T, self.hidden_bias))
        return torch.sigmoid(functional.linear(hidden, self.first.weight.T, self.output_bias))
