"""Dense encoder and decoder for rows of a table."""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn

from core.networks.autoencoding import AutoencodingNetwork

_NARROWEST: Final = 32


class DenseAutoencoder(AutoencodingNetwork):
    """Standardised rows (n, columns) through a code of `latent` numbers and back: columns - h - latent - h - columns, h = max(32,
    columns / 2), ReLU in between, code and output linear: a sigmoid would cut standardised values off (`detectors.md` 6.1)."""

    def __init__(self, *, columns: int, latent: int, code_parts: int = 1, output_parts: int = 1) -> None:
        super().__init__()
        hidden = hidden_width(columns)
        self.encoder = nn.Sequential(nn.Linear(columns, hidden), nn.ReLU(), nn.Linear(hidden, code_parts * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, output_parts * columns))

    def standardised(self, items: Tensor) -> Tensor:
        return items

    def in_units(self, standardised: Tensor) -> Tensor:
        return standardised

    def relative(self, differences: Tensor) -> Tensor:
        return differences

    def encode(self, standardised: Tensor) -> Tensor:
        code: Tensor = self.encoder(standardised)
        return code

    def decode(self, codes: Tensor) -> Tensor:
        rows: Tensor = self.decoder(codes)
        return rows


def hidden_width(columns: int) -> int:
    """Numbers in the layer between row and code."""
    return max(_NARROWEST, columns // 2)
