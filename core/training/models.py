"""The model of a run on disk: written as a whole, and refused if a byte of it has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from core.detectors.base import Detector
from core.detectors.catalog import detector_class
from core.problems import ProblemCode, ProblemError
from core.project.opening import Project
from core.project.runs import RunRecord
from core.training.run_files import model_folder, replace_folder


def save_model(detector: Detector, run_folder: Path) -> str:
    """Saves `detector` as the model of the run and returns its digest."""
    folder = model_folder(run_folder)
    draft = folder.with_name(folder.name + ".new")
    draft.mkdir(exist_ok=True)
    for leftover in draft.iterdir():  # of a save that was cut off
        leftover.unlink()
    detector.save(draft)
    replace_folder(folder, draft)
    return model_digest(folder)


def load_model(project: Project, run: RunRecord, *, device: str = "cpu") -> Detector:
    """The trained detector of `run`. Raises ProblemError(MODEL_DAMAGED, RUN_NOT_DONE)."""
    folder = model_folder(project.run_folder(run.id))
    if run.model_sha256 is None:
        raise ProblemError(ProblemCode.RUN_NOT_DONE, run=run.id, state=run.state.value)
    if not folder.is_dir():
        raise ProblemError(ProblemCode.MODEL_DAMAGED, path=_short(folder), detail="it is gone")
    if model_digest(folder) != run.model_sha256:
        raise ProblemError(ProblemCode.MODEL_DAMAGED, path=_short(folder), detail="its content is not what was saved")
    return detector_class(run.detector).load(folder, device=device)


def model_digest(folder: Path) -> str:
    """SHA-256 over names and bytes of the files of a model."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            digest.update(f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def _short(folder: Path) -> str:
    return "/".join(folder.parts[-3:])
