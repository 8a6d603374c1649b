"""Everything that the review shows of one item, read beside the window. Without Qt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import load_mask
from core.data.images import read_image, resize_image
from core.job_context import JobContext
from core.problems import Problem, ProblemError
from core.project import runs
from core.project.items import ItemDetails, item_details
from core.project.opening import Project
from core.training.evidence import Evidence, load_evidence, shares_of
from core.vocabulary import Kind
from desktop.models.contributions import Contribution


class Lack(StrEnum):
    """Why there is nothing to show in a place."""

    UNSCORED = "unscored"  # the run has not scored this item
    NOT_GIVEN = "not_given"  # the detector does not give it
    UNREADABLE = "unreadable"  # the file or what the run stored cannot be read, see `problems`


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
    lacks: Mapping[str, Lack] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def is_row(self) -> bool:
        return self.details.kind is Kind.ROW

    @property
    def size_bytes(self) -> int:
        """Memory that the arrays take."""
        arrays = (self.picture, self.working, self.mask)
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
        lacks=lacks,
        problems=tuple(problems),
    )


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


def contributions_of(evidence: Evidence) -> list[Contribution]:
    """The columns of a table row, in the order of the table; shares are of what raises the score."""
    count = len(evidence.columns)
    shares = np.full(count, math.nan)
    if evidence.contributions is not None:
        shares = shares_of(evidence.contributions)
    values = np.full(count, math.nan) if evidence.values is None else evidence.values
    usual = np.full((count, 3), math.nan) if evidence.expected is None else evidence.expected
    found = []
    for place, column in enumerate(evidence.columns):
        value = float(values[place])
        words = column.categories
        text = words[int(value)] if words is not None and not math.isnan(value) else ""
        low, middle, high = (float(number) for number in usual[place])
        found.append(
            Contribution(
                name=column.name,
                unit=column.unit,
                value=value,
                expected=middle,
                low=low,
                high=high,
                share=float(shares[place]),
                value_text=text,
            )
        )
    return found
