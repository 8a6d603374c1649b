"""Rows of the database as numpy columns, and long lists of ids as conditions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from sqlalchemy import ColumnElement, Connection, Select, func, select


def column_arrays(connection: Connection, query: Select[Any], types: Sequence[DTypeLike]) -> list[NDArray[Any]]:
    """Runs the query and returns one array per selected column, empty ones for no rows. SQL gives the values, so NULL needs an object array."""
    rows = connection.execute(query).fetchall()
    columns = zip(*rows, strict=True) if rows else ([] for _ in types)
    return [np.array(column, dtype=kind) for column, kind in zip(columns, types, strict=True)]


def ids_in(column: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether `column` is one of `ids`. They travel as one JSON value: SQLite limits the number of parameters."""
    text = json.dumps([int(identity) for identity in ids])
    return column.in_(select(func.json_each(text).table_valued("value").c.value))
