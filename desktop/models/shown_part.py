"""Everything that the review shows of one item, read beside the window. Without Qt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import load_mask
from core.data.columns import TableColumn
from core.data.images import read_image, resize_image, thumbnail
from core.job_context import JobContext
from core.problems import Problem, ProblemError
from core.project import runs
from core.project.items import ItemDetails, item_details
from core.project.opening import Project
from core.training.evidence import Evidence, load_evidence, shares_of
from core.vocabulary import Kind
from desktop.models.contributions import Contribution

NEIGHBOURS_SHOWN: Final = 3
NEIGHBOUR_EDGE: Final = 96


class Lack(StrEnum):
    """Why there is nothing to show in a place."""

    UNSCORED = "unscored"  # the run has not scored this item
    NOT_GIVEN = "not_given"  # the detector does not give it
    UNREADABLE = "unreadable"  # the file or what the run stored cannot be read, see `problems`


@dataclass(frozen=True, kw_only=True, eq=False)
class Neighbour:
    """A good training item that is much like the shown one. picture: uint8 (h, w, 3), small; None for rows and what cannot be read."""

    item_id: int
    name: str
    picture: NDArray[np.uint8] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ShownPart:
    """One item with the evidence of one run.

    picture: uint8 (h, w[, 3]) at full size. working: uint8 of the shape of the reconstruction, as the detector saw it. mask: bool (h, w).
    `lacks` says for picture, map, reconstruction and contributions why there is none.
    """

    item_id: int
    run_id: int | None
    details: ItemDetails
    heat_scale: float | None = None
    evidence: Evidence | None = None
    picture: NDArray[np.uint8] | None = None
    working: NDArray[np.uint8] | None = None
    mask: NDArray[np.bool_] | None = None
    neighbours: tuple[Neighbour, ...] = ()
    lacks: Mapping[str, Lack] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def is_row(self) -> bool:
        return self.details.kind is Kind.ROW

    @property
    def size_bytes(self) -> int:
        """Memory that the arrays take."""
        arrays = (self.picture, self.working, self.mask, *(neighbour.picture for neighbour in self.neighbours))
        return sum(array.nbytes for array in arrays if array is not None)


def load_part(context: JobContext, project: Project, run_id: int | None, item_id: int) -> ShownPart:
    """Reads one item; what cannot be read is told in `problems`, the rest is shown. Raises KeyError if the item left the project."""
    details = item_details(project, item_id)
    problems: list[Problem] = []
    evidence, lack = _evidence(project, run_id, item_id, problems)
    context.check()
    lacks = {name: lack for name in ("map", "reconstruction", "contributions") if getattr(evidence, name, None) is None}
    scale = None if run_id is None else runs.record(project, run_id).heat_scale
    picture = mask = working = None
    if details.kind is Kind.IMAGE:
        picture, mask = _pixels(details, problems)
        if picture is None:
            lacks["picture"] = Lack.UNREADABLE
        elif evidence is not None and evidence.reconstruction is not None:
            height, width = evidence.reconstruction.shape[:2]
            channels = 1 if evidence.reconstruction.ndim == 2 else evidence.reconstruction.shape[2]
            working = resize_image(picture, height=height, width=width, channels=channels).reshape(evidence.reconstruction.shape)
    return ShownPart(
        item_id=item_id,
        run_id=run_id,
        details=details,
        heat_scale=scale,
        evidence=evidence,
        picture=picture,
        working=working,
        mask=mask,
        neighbours=() if evidence is None else _neighbours(project, evidence),
        lacks=lacks,
        problems=tuple(problems),
    )


def _neighbours(project: Project, evidence: Evidence) -> tuple[Neighbour, ...]:
    found = []
    for item_id in evidence.neighbours[:NEIGHBOURS_SHOWN]:
        try:
            details = item_details(project, item_id)
        except KeyError:  # it left the project
            continue
        found.append(Neighbour(item_id=item_id, name=details.name, picture=_small(details)))
    return tuple(found)


def _small(details: ItemDetails) -> NDArray[np.uint8] | None:
    if details.path is None or details.kind is not Kind.IMAGE:
        return None
    try:
        return thumbnail(details.path, edge=NEIGHBOUR_EDGE, page=details.position, value_maximum=details.value_maximum)
    except ProblemError:
        return None


def _evidence(project: Project, run_id: int | None, item_id: int, problems: list[Problem]) -> tuple[Evidence | None, Lack]:
    if run_id is None:
        return None, Lack.UNSCORED
    try:
        return load_evidence(project, run_id, item_id), Lack.NOT_GIVEN
    except KeyError:
        return None, Lack.UNSCORED
    except ProblemError as error:
        problems.append(error.problem)
        return None, Lack.UNREADABLE


def _pixels(details: ItemDetails, problems: list[Problem]) -> tuple[NDArray[np.uint8] | None, NDArray[np.bool_] | None]:
    assert details.path is not None
    try:
        picture = read_image(details.path, page=details.position, value_maximum=details.value_maximum)
    except ProblemError as error:
        problems.append(error.problem)
        return None, None
    if details.mask_path is None:
        return picture, None
    try:
        return picture, load_mask(details.mask_path, height=picture.shape[0], width=picture.shape[1])
    except ProblemError as error:
        problems.append(error.problem)
        return picture, None


class Expected(StrEnum):
    """What a row is compared with."""

    REBUILT = "rebuilt"  # by the detector
    NEAREST = "nearest"  # good training row
    MEDIAN = "median"  # of the good training rows


def expected_values(evidence: Evidence) -> tuple[Expected, NDArray[np.float64]]:
    """What a good row would have in each column, float64 (columns,): the best that the run knows."""
    if evidence.rebuilt is not None:
        return Expected.REBUILT, evidence.rebuilt
    if evidence.nearest is not None:
        return Expected.NEAREST, evidence.nearest
    usual = evidence.expected
    return Expected.MEDIAN, np.full(len(evidence.columns), math.nan) if usual is None else usual[:, 1]


def _word(column: TableColumn, value: float) -> str:
    """The category that `value` stands for; empty for numbers."""
    return column.categories[int(value)] if column.categories is not None and not math.isnan(value) else ""


def contributions_of(evidence: Evidence) -> list[Contribution]:
    """The columns of a table row, in the order of the table; shares are of what raises the score."""
    count = len(evidence.columns)
    shares = np.full(count, math.nan)
    if evidence.contributions is not None:
        shares = shares_of(evidence.contributions)
    values = np.full(count, math.nan) if evidence.values is None else evidence.values
    usual = np.full((count, 3), math.nan) if evidence.expected is None else evidence.expected
    found = []
    expected = expected_values(evidence)[1]
    for place, column in enumerate(evidence.columns):
        value = float(values[place])
        low, _, high = (float(number) for number in usual[place])
        found.append(
            Contribution(
                name=column.name,
                unit=column.unit,
                value=value,
                expected=float(expected[place]),
                low=low,
                high=high,
                share=float(shares[place]),
                value_text=_word(column, value),
                expected_text=_word(column, float(expected[place])),
            )
        )
    return found
