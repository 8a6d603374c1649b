"""Reads what a run wrote about many items: maps, reconstructions, contributions. Opens each file once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.project.opening import Project
from core.reports.judgement import Judgement
from core.training.run_files import scored_folder


class ScoredArrays:
    """The arrays of one run. `name` is maps, reconstructions or contributions."""

    def __init__(self, project: Project, judgement: Judgement) -> None:
        self._folder: Final[Path] = scored_folder(project.run_folder(judgement.run.id))
        self._judgement: Final = judgement
        self._open: Final[dict[tuple[int, str], NDArray[Any] | None]] = {}

    def of(self, index: int, name: str) -> NDArray[Any] | None:
        """The array of the item at `index` of the judgement; None if it is unscored or the detector gives no such thing."""
        place = int(self._judgement.found[index])
        if place < 0:
            return None
        columns = self._judgement.columns
        array = self._part(int(columns.part[place]), name)
        row = int(columns.row[place])
        return None if array is None or row >= len(array) else array[row]

    def _part(self, part: int, name: str) -> NDArray[Any] | None:
        key = (part, name)
        if key not in self._open:
            try:
                self._open[key] = np.load(self._folder / str(part) / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            except (OSError, ValueError):  # not given by the detector, or lost: the scores stand without it
                self._open[key] = None
        return self._open[key]
