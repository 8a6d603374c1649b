"""Rows of a table on their way into a network."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


class RowStore:
    """Scaled rows (n, columns), kept on the device as float32: a row has few numbers, and picking a batch is then one indexing."""

    def __init__(self, rows: NDArray[np.float64], device: str) -> None:
        self._rows: Final = torch.from_numpy(rows.astype(np.float32)).to(device)
        self.count: Final = len(rows)

    def batch(self, indices: NDArray[np.int64]) -> Tensor:
        """float32 (n, columns) on the device."""
        return self._rows[torch.from_numpy(indices).to(self._rows.device)]
