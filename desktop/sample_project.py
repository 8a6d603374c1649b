"""The sample project: washers to look at and a process table, made by the program itself at first use."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from core.demo import open_sample_project
from core.job_context import JobContext
from core.project.items import sources
from core.project.opening import SUFFIX, open_project

NAME: Final = "sample"
_SOURCES: Final = 2


def prepare_sample(context: JobContext, folder: Path) -> Path:
    """Makes the sample project in `folder`, unless it is there already as a whole, and returns its folder. Labels that a person set stay.

    Raises ProblemError, for example FOLDER_READ_ONLY or DISK_FULL.
    """
    place = folder / (NAME + SUFFIX)
    if not _is_complete(place):
        folder.mkdir(parents=True, exist_ok=True)
        open_sample_project(folder / f"{NAME}_data", place, context).close()
    return place


def _is_complete(place: Path) -> bool:
    if not place.exists():
        return False
    with open_project(place) as project:
        found = sources(project)
    return len(found) == _SOURCES and all(source.complete for source in found)
