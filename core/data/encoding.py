"""From the values of a table to numbers that a detector takes: categories become one column for each of their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.columns import TableColumn


@dataclass(frozen=True)
class EncodedRows:
    """`values` is float64 (rows, encoded columns), NaN where a number is missing. `columns` are named "column" or "column=value";
    `sources` gives the position of the table's column that each came from: the fields of a detector's `TableInput`."""

    values: NDArray[np.float64]
    columns: tuple[str, ...]
    sources: tuple[int, ...]


def encode_rows(values: NDArray[np.float64], features: Sequence[TableColumn]) -> EncodedRows:
    """Encodes `values` of shape (rows, features), as `TableContent` holds them.

    A category that is missing, or that is not among the column's categories, is zero in all of its columns. Raises ValueError if
    the shape does not fit the features.
    """
    if values.ndim != 2 or values.shape[1] != len(features):
        raise ValueError(f"expected {len(features)} columns, got shape {values.shape}")
    blocks: list[NDArray[np.float64]] = []
    columns: list[str] = []
    sources: list[int] = []
    for feature, column in zip(features, values.T, strict=True):
        if feature.categories is None:
            blocks.append(column[:, None])
            columns.append(feature.name)
            sources.append(feature.position)
        else:
            blocks.append((column[:, None] == np.arange(len(feature.categories))).astype(np.float64))
            columns.extend(f"{feature.name}={category}" for category in feature.categories)
            sources.extend([feature.position] * len(feature.categories))
    encoded = np.concatenate(blocks, axis=1) if blocks else np.empty((len(values), 0))
    return EncodedRows(np.ascontiguousarray(encoded, dtype=np.float64), tuple(columns), tuple(sources))
