"""What a person asks for when starting a training, and how it becomes the parameters of a detector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from core.detectors.base import PRESETS, Declaration, Parameters
from core.detectors.catalog import detector_class
from core.problems import ProblemCode, ProblemError
from core.training.devices import AUTO
from core.vocabulary import Kind


@dataclass(frozen=True, kw_only=True)
class TrainingRequest:
    """`parameters` are those that differ from the preset. `device` is "auto", "cpu", "cuda", ... as typed.

    `source_ids` None: every source of the detector's kind. `include_unlabelled` None: unlabelled training items count as good only
    if the training split has no label at all. `kind` matters for detectors that take images and tables: None means images where the
    project has both. `tile_size` in pixels of the pictures: the detector sees square tiles of that size, which
    overlap, instead of whole pictures; None for whole ones.
    """

    detector: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    preset: str | None = None
    seed: int = 0
    device: str = AUTO
    source_ids: tuple[int, ...] | None = None
    include_unlabelled: bool | None = None
    kind: Kind | None = None
    tile_size: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**asdict(self), "parameters": dict(self.parameters)}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> TrainingRequest:
        """Inverse of `to_dict`, also after a way through JSON."""
        values = dict(raw)
        if values.get("source_ids") is not None:
            values["source_ids"] = tuple(values["source_ids"])
        if values.get("kind") is not None:
            values["kind"] = Kind(values["kind"])
        return cls(**values)


SMALLEST_TILE: Final = 16


def check_tile_size(request: TrainingRequest) -> None:
    """Raises ProblemError(PARAMETER_INVALID) for tiles too small to hold anything."""
    if request.tile_size is not None and request.tile_size < SMALLEST_TILE:
        raise ProblemError(ProblemCode.PARAMETER_INVALID, name="tile_size", detail=f"{request.tile_size}: at least {SMALLEST_TILE} px")


def parameters_of(request: TrainingRequest) -> Parameters:
    """Defaults, then the preset, then what the request says; texts from a command line are understood as numbers.

    Raises ProblemError(DETECTOR_UNKNOWN, PARAMETER_INVALID).
    """
    declaration = detector_class(request.detector).declaration
    values = {**preset_values(declaration, request.preset), **request.parameters}
    try:
        return declaration.parameters.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or declaration.key
        detail = str(first["msg"])
        if first["type"] == "extra_forbidden":
            detail = f"{declaration.key} has {', '.join(declaration.parameters.model_fields)}"
        raise ProblemError(ProblemCode.PARAMETER_INVALID, name=name, detail=detail) from error


def preset_values(declaration: Declaration, preset: str | None) -> Mapping[str, Any]:
    """What `preset` changes. Raises ProblemError(PARAMETER_INVALID) for a name that is no preset."""
    if preset is None:
        return {}
    if preset not in PRESETS:
        raise ProblemError(ProblemCode.PARAMETER_INVALID, name="preset", detail=f"{preset}: choose one of {', '.join(PRESETS)}")
    return declaration.presets.get(preset, {})
