"""Item columns made from a seed, for tests and benchmarks of lists."""

from __future__ import annotations

import numpy as np

from core.project.items import ItemColumns
from core.vocabulary import Label

DEFECT_TYPES = ("scratch", "dent", "얼룩")


def made_columns(count: int, *, seed: int = 0, row_share: float = 0.0) -> ItemColumns:
    """`count` items of three sources; ids have gaps, as after items were removed."""
    random = np.random.default_rng(seed)
    label = random.choice([0, 1, 2, 3], size=count, p=[0.3, 0.5, 0.15, 0.05]).astype(np.int8)
    types = np.array(["", *DEFECT_TYPES], dtype=object)[random.integers(0, 4, count)]
    types[label != Label.DEFECTIVE] = ""
    names = np.array([f"line{number % 7}_part_{number}.png" for number in random.permutation(count)], dtype=object)
    empty = np.full(count, "", dtype=object)
    return ItemColumns(
        id=np.cumsum(random.integers(1, 4, count)).astype(np.int64),
        source_id=random.integers(1, 4, count).astype(np.int32),
        is_row=random.random(count) < row_share,
        name=names,
        label=label,
        split=random.integers(0, 4, count).astype(np.int8),
        defect_type=types,
        group_id=empty,
        lot=np.array([f"2611-{number % 50:02d}" for number in range(count)], dtype=object),
        serial=empty,
        width=np.full(count, 640, dtype=np.int32),
        height=np.full(count, 480, dtype=np.int32),
        has_mask=np.zeros(count, dtype=np.bool_),
        problem=np.zeros(count, dtype=np.bool_),
    )
