"""Training on the tiles of pictures, and answers about pictures from those about their tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import load_mask
from core.data.tiles import TileGrid, Tiles
from core.detectors.base import Detector, Findings, ImageInput, Scored, TrainingData
from core.job_context import JobContext

_LEAST_DEFECT: Final = 4  # mask pixels that make a tile a defective one: fewer are a cut-off rim


def tiled_data(
    data: TrainingData, grid: TileGrid, masks: Sequence[Path | None], context: JobContext
) -> tuple[TrainingData, NDArray[np.int64]]:
    """The tiles of training and calibration pictures, and for each training tile the position of the picture that it was cut from.

    `masks` of the training pictures are needed for defective ones only. A defective picture is mostly good: its tiles that hold part
    of the masked defect are defective; the others, and those of defective pictures without a mask, teach nothing and are left out.
    Raises ProblemError (of a mask that cannot be read), Cancelled.
    """
    assert isinstance(data.input, ImageInput)
    tile = ImageInput(height=grid.tile_height, width=grid.tile_width, channels=data.input.channels)
    labels = np.repeat(np.zeros(len(data.train), dtype=np.int8) if data.labels is None else data.labels, grid.count)
    kept = labels == 0
    for place in np.flatnonzero(labels[:: grid.count]).tolist():
        context.check()
        path = masks[place]
        if path is not None:
            mask = load_mask(path, height=grid.height, width=grid.width)
            kept[place * grid.count : (place + 1) * grid.count] = grid.cut(mask).sum(axis=(1, 2)) >= _LEAST_DEFECT
    chosen = np.flatnonzero(kept)
    tiled = TrainingData(
        input=tile,
        train=_as_array(Tiles(data.train, grid, chosen)),
        calibration=_as_array(Tiles(data.calibration, grid)),
        labels=None if data.labels is None else labels[chosen],
    )
    return tiled, chosen // grid.count


def _as_array(tiles: Tiles) -> NDArray[Any]:
    """Tiles do all that the contract lets a detector ask of its pictures."""
    return cast("NDArray[Any]", tiles)


def score_tiled(detector: Detector, grid: TileGrid, pictures: NDArray[np.uint8]) -> Scored:
    """Answers about whole pictures uint8 (n, height, width, channels), each independently of the others.

    Score and neighbours (positions of training tiles) are those of the most suspicious tile; maps and reconstructions are joined
    without seams.
    """
    parts = [_joined(detector.score(grid.cut(picture)), grid) for picture in pictures]
    found = {name: [getattr(part, name) for part in parts] for name in ("scores", "maps", "reconstructions", "neighbours")}
    present = {name: np.stack(values) for name, values in found.items() if all(value is not None for value in values)}
    return Scored(**present)


def findings_of_pictures(findings: Findings, places: NDArray[np.int64], count: int) -> Findings:
    """Findings about training items as the detector saw them as such about the `count` items: a picture is as suspicious as its worst tile.

    places: for each training item the position of its picture.
    """
    suspicion = None
    if findings.suspicion is not None:
        suspicion = np.zeros(count)
        np.maximum.at(suspicion, places, findings.suspicion)
    code_items = None if findings.code_items is None else places[findings.code_items]
    return replace(findings, suspicion=suspicion, code_items=code_items)


def _joined(tiles: Scored, grid: TileGrid) -> Scored:
    """One picture's answer; the arrays lack their first axis."""
    worst = int(tiles.scores.argmax())
    neighbours = None if tiles.neighbours is None else tiles.neighbours[worst]
    rebuilt = None
    if tiles.reconstructions is not None:
        rebuilt = grid.joined(tiles.reconstructions).round().clip(0, 255).astype(np.uint8)
    maps = None if tiles.maps is None else grid.joined(_at_tile_size(tiles.maps, grid))
    return Scored(scores=tiles.scores[worst], maps=maps, reconstructions=rebuilt, neighbours=neighbours)


def _at_tile_size(maps: NDArray[np.float32], grid: TileGrid) -> NDArray[np.float32]:
    """Coarser maps are enlarged, each value over the pixels that it stands for."""
    rows = np.arange(grid.tile_height) * maps.shape[1] // grid.tile_height
    columns = np.arange(grid.tile_width) * maps.shape[2] // grid.tile_width
    enlarged: NDArray[np.float32] = maps[:, rows][:, :, columns]
    return enlarged
