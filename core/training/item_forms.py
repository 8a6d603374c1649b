"""From items of a project to the arrays that a detector takes, and back to names and units. Training and scoring use the same way."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.data.arrays import PictureReference, load_pictures
from core.data.columns import TableColumn
from core.data.encoding import encode_rows
from core.data.images import read_image
from core.data.tiles import TileGrid
from core.detectors.base import Detector, ImageInput, TableInput
from core.job_context import JobContext
from core.problems import Problem, ProblemCode, ProblemError
from core.project import items
from core.project.opening import Project
from core.vocabulary import ColumnRole


@dataclass(frozen=True, kw_only=True)
class LoadedItems:
    """`values[i]` belongs to item `ids[i]`. Items that cannot be read any more are left out and named in `problems`."""

    ids: NDArray[np.int64]
    values: NDArray[Any]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PictureForm:
    """Pictures of one working size. `grid`: the detector sees their tiles, None: it sees them whole."""

    picture: ImageInput
    grid: TileGrid | None = None

    @property
    def input(self) -> ImageInput:
        """What reaches the detector."""
        if self.grid is None:
            return self.picture
        return ImageInput(height=self.grid.tile_height, width=self.grid.tile_width, channels=self.picture.channels)

    def load(self, project: Project, ids: ArrayLike, context: JobContext) -> LoadedItems:
        """The pictures as uint8 (n, height, width, channels), a read-only memory map; decoded only if they never were before.

        Raises ProblemError(DISK_FULL, FOLDER_READ_ONLY), Cancelled.
        """
        wanted = np.asarray(ids, dtype=np.int64)
        references = items.picture_references(project, wanted.tolist())
        try:
            return LoadedItems(ids=wanted, values=self._decode(project, references, context))
        except ProblemError as error:
            if error.problem.code in (ProblemCode.DISK_FULL, ProblemCode.FOLDER_READ_ONLY):
                raise
        faults = _unreadable(references, context)
        readable = [place for place in range(len(references)) if place not in faults]
        values = self._decode(project, [references[place] for place in readable], context)
        return LoadedItems(ids=wanted[readable], values=values, problems=tuple(faults.values()))

    def to_json(self) -> dict[str, Any]:
        size = {"height": self.picture.height, "width": self.picture.width, "channels": self.picture.channels}
        if self.grid is None:
            return size
        return {**size, "tile": {"height": self.grid.tile_height, "width": self.grid.tile_width}}

    def _decode(self, project: Project, references: Sequence[PictureReference], context: JobContext) -> NDArray[np.uint8]:
        return load_pictures(
            references,
            height=self.picture.height,
            width=self.picture.width,
            channels=self.picture.channels,
            cache_folder=project.cache_folder,
            context=context,
        )


@dataclass(frozen=True, kw_only=True)
class TableForm:
    """Rows with the columns `features`, whose positions count from 0; `input.sources` points into them."""

    features: tuple[TableColumn, ...]
    input: TableInput

    def load(self, project: Project, ids: ArrayLike, context: JobContext) -> LoadedItems:
        """The rows, encoded, as float64 (n, encoded columns). Rows of tables that lack a column are left out."""
        context.check()
        kept, rows, problems = self.rows(project, ids)
        return LoadedItems(ids=kept, values=encode_rows(rows, self.features).values, problems=problems)

    def rows(self, project: Project, ids: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.float64], tuple[Problem, ...]]:
        """Item ids, values as measured (n, features) with categories as places in `features`, and what was left out."""
        wanted = np.asarray(ids, dtype=np.int64)
        records = items.item_records(project, wanted.tolist())
        sources = np.array([record.source_id for record in records], dtype=np.int64)
        positions = np.array([record.position for record in records], dtype=np.int64)
        values = np.full((len(wanted), len(self.features)), np.nan)
        kept = np.ones(len(wanted), dtype=np.bool_)
        problems: list[Problem] = []
        for source_id in np.unique(sources).tolist():
            here = sources == source_id
            try:
                values[here] = self._of_source(project, source_id, positions[here])
            except ProblemError as error:
                if error.problem.code is not ProblemCode.TABLE_COLUMNS_DIFFER:
                    raise
                kept[here] = False
                problems.append(error.problem)
        return wanted[kept], values[kept], tuple(problems)

    def to_json(self) -> dict[str, Any]:
        features = [{"name": column.name, "unit": column.unit, "categories": column.categories} for column in self.features]
        return {"features": features}

    def per_feature(self, contributions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Adds up contributions (..., encoded columns) to those of the features (..., features)."""
        totals = np.zeros((*contributions.shape[:-1], len(self.features)))
        for encoded, feature in enumerate(self.input.sources):
            totals[..., feature] += contributions[..., encoded]
        return totals

    def decoded(self, encoded: NDArray[Any]) -> NDArray[np.float64]:
        """A row (encoded columns,) as a row (features,): of a category the place of the largest of its columns."""
        sources = np.asarray(self.input.sources)
        row = np.empty(len(self.features))
        for place, feature in enumerate(self.features):
            mine = np.asarray(encoded, dtype=np.float64)[sources == place]
            row[place] = mine[0] if feature.categories is None else (mine.argmax() if mine.size else np.nan)
        return row

    def _of_source(self, project: Project, source_id: int, positions: NDArray[np.int64]) -> NDArray[np.float64]:
        there = items.table_features(project, source_id)
        places = {_same(column.name): place for place, column in enumerate(there)}
        missing = [feature.name for feature in self.features if not _fits(feature, there, places)]
        if missing:
            raise ProblemError(ProblemCode.TABLE_COLUMNS_DIFFER, columns=", ".join(missing))
        stored = np.asarray(items.row_values(project, source_id)[positions])
        columns = [
            _translated(stored[:, places[_same(feature.name)]], there[places[_same(feature.name)]], feature) for feature in self.features
        ]
        return np.stack(columns, axis=1)


ItemForm = PictureForm | TableForm


def picture_form(project: Project, detector: Detector, ids: ArrayLike, *, tile_size: int | None = None) -> PictureForm:
    """The working size that `detector` wants for these pictures; grey only if all of them are.

    tile_size: side in pixels of the pictures of the tiles that the detector is shown, None for whole pictures.
    """
    records = items.item_records(project, np.asarray(ids, dtype=np.int64).tolist())
    sizes = [(record.height, record.width) for record in records if record.height and record.width]
    channels = 1 if all(record.channels == 1 for record in records) else 3
    return picture_form_of(detector, sizes, channels, tile_size=tile_size)


def picture_form_of(detector: Detector, sizes: Sequence[tuple[int, int]], channels: int, *, tile_size: int | None) -> PictureForm:
    """As `picture_form`, for pictures of the given (height, width) sizes in pixels."""
    height, width = (float(side) for side in np.median(np.asarray(sizes, dtype=np.float64), axis=0))
    if tile_size is None or tile_size >= max(height, width):
        return PictureForm(picture=detector.image_input(sizes, channels))
    side = min(float(tile_size), height, width)
    tile = detector.image_input([(round(side), round(side))], channels)
    scale = math.sqrt(tile.height * tile.width) / side
    picture = ImageInput(height=max(tile.height, round(height * scale)), width=max(tile.width, round(width * scale)), channels=channels)
    grid = TileGrid(height=picture.height, width=picture.width, tile_height=tile.height, tile_width=tile.width)
    return PictureForm(picture=picture, grid=grid if grid.count > 1 else None)


def table_form(project: Project, source_ids: Sequence[int]) -> TableForm:
    """The features of the tables to learn from, which must be the same; categories of all of them.

    Raises ProblemError(TABLE_COLUMNS_DIFFER, TABLE_NO_FEATURES).
    """
    tables = [items.table_features(project, source_id) for source_id in source_ids]
    names = [{_same(column.name) for column in table} for table in tables]
    shared, every = set.intersection(*names), set.union(*names)
    kinds = {(_same(column.name), column.categories is None) for table in tables for column in table}
    mixed = {name for name in shared if (name, True) in kinds and (name, False) in kinds}
    if every - shared or mixed:
        raise ProblemError(ProblemCode.TABLE_COLUMNS_DIFFER, columns=", ".join(sorted((every - shared) | mixed)))
    if not every:
        source = next(source for source in items.sources(project) if source.id == source_ids[0])
        raise ProblemError(ProblemCode.TABLE_NO_FEATURES, path=source.path.name)
    features = tuple(_joined(place, column, tables) for place, column in enumerate(tables[0]))
    return _with_features(features)


def form_from_json(raw: Mapping[str, Any]) -> ItemForm:
    """Inverse of `to_json` of both forms."""
    if "features" not in raw:
        return _picture_form_from(raw)
    features = tuple(
        TableColumn(
            position=place,
            name=column["name"],
            role=ColumnRole.FEATURE,
            unit=column["unit"],
            categories=None if column["categories"] is None else tuple(column["categories"]),
        )
        for place, column in enumerate(raw["features"])
    )
    return _with_features(features)


def _picture_form_from(raw: Mapping[str, Any]) -> PictureForm:
    picture = ImageInput(height=raw["height"], width=raw["width"], channels=raw["channels"])
    if "tile" not in raw:
        return PictureForm(picture=picture)
    tile = raw["tile"]
    grid = TileGrid(height=picture.height, width=picture.width, tile_height=tile["height"], tile_width=tile["width"])
    return PictureForm(picture=picture, grid=grid)


def _with_features(features: tuple[TableColumn, ...]) -> TableForm:
    encoded = encode_rows(np.empty((0, len(features))), features)
    return TableForm(features=features, input=TableInput(columns=encoded.columns, sources=encoded.sources))


def _joined(place: int, column: TableColumn, tables: Sequence[Sequence[TableColumn]]) -> TableColumn:
    categories = None
    if column.categories is not None:
        same = [other for table in tables for other in table if _same(other.name) == _same(column.name)]
        categories = tuple(dict.fromkeys(category for other in same for category in other.categories or ()))
    return TableColumn(position=place, name=column.name, role=ColumnRole.FEATURE, unit=column.unit, categories=categories)


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _fits(feature: TableColumn, there: Sequence[TableColumn], places: Mapping[str, int]) -> bool:
    place = places.get(_same(feature.name))
    return place is not None and (there[place].categories is None) == (feature.categories is None)


def _translated(values: NDArray[np.float64], stored: TableColumn, feature: TableColumn) -> NDArray[np.float64]:
    """Places among the categories of the stored column become places among those of `feature`; unknown ones become missing."""
    if feature.categories is None or stored.categories is None:
        return values
    known = {category: float(place) for place, category in enumerate(feature.categories)}
    target: Final = np.array([known.get(category, np.nan) for category in stored.categories] + [np.nan])
    place = np.where(np.isfinite(values), values, len(target) - 1).astype(np.int64)
    translated: NDArray[np.float64] = target[place]
    return translated


def _unreadable(references: Sequence[PictureReference], context: JobContext) -> dict[int, Problem]:
    faults: dict[int, Problem] = {}
    for place, reference in enumerate(references):
        context.check()
        try:
            read_image(reference.path, page=reference.page, value_maximum=reference.value_maximum)
        except ProblemError as error:
            faults[place] = error.problem
    return faults
