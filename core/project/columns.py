"""Rows of the database as numpy columns, and long lists of ids as conditions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from sqlalchemy import ColumnElement, Connection, Select, func, select


def column_arrays(connection: Connection, query: Select[Any], types: Mapping[str, DTypeLike]) -> dict[str, NDArray[Any]]:
    """Runs the query and returns one array for each of its columns named in `types`, sorted by the first of them, an integer id.

    For whole numbers, truth values and text. Not for fractions, which would lose digits, nor for NULL in arrays of numbers. Each column
    arrives as one JSON text: three times faster than a tuple for each row.
    """
    rows = query.subquery()
    texts = connection.execute(select(*(func.json_group_array(rows.c[name]) for name in types))).one()
    arrays = {name: np.array(json.loads(text), dtype=kind) for (name, kind), text in zip(types.items(), texts, strict=True)}
    ids = next(iter(arrays.values()))
    if np.any(ids[1:] < ids[:-1]):
        order = np.argsort(ids, kind="stable")
        return {name: array[order] for name, array in arrays.items()}
    return arrays


def ids_in(column: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether `column` is one of `ids`. They travel as one JSON value: SQLite limits the number of parameters."""
    text = json.dumps([int(identity) for identity in ids])
    return column.in_(select(func.json_each(text).table_valued("value").c.value))
