"""The main job on the sample: what a new user sees first, and the shortest proof that everything works together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.data.layout import scan_folder
from core.data.sample import SamplePaths, write_sample
from core.data.tables import inspect_table
from core.job_context import JobContext
from core.project.importing import import_folder, import_table, split_project
from core.project.opening import Project, create_project, open_project, with_suffix
from core.reports.assessment import Assessment, assess
from core.reports.export import ExportedFiles, export_run
from core.training.request import TrainingRequest
from core.training.run import train
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

SEED: Final = 0
REQUESTS: Final[Sequence[TrainingRequest]] = (
    TrainingRequest(detector="autoencoder", preset="standard", seed=SEED),
    TrainingRequest(detector="isolation_forest", preset="standard", seed=SEED, kind=Kind.ROW),
)


@dataclass(frozen=True, kw_only=True)
class DemoRun:
    """One trained detector of the demo, its figures on the test split, and its files."""

    detector: str
    run_id: int
    assessment: Assessment
    files: ExportedFiles


def open_sample_project(data_folder: Path, project_folder: Path, context: JobContext) -> Project:
    """Writes the sample, imports it and splits it; a project that is there already is opened and brought up to date.

    Raises ProblemError, Cancelled.
    """
    context.phase(QT_TRANSLATE_NOOP("Phase", "Making the sample"))
    paths = write_sample(data_folder, seed=SEED, context=context)
    folder = with_suffix(project_folder)
    project = open_project(folder) if folder.exists() else create_project(folder)
    try:
        _import(project, paths, context)
        split_project(project, seed=SEED)
    except BaseException:
        project.close()
        raise
    return project


def _import(project: Project, paths: SamplePaths, context: JobContext) -> None:
    import_folder(project, scan_folder(paths.images, context), context)
    table = inspect_table(paths.table)
    import_table(project, paths.table, table.format, table.columns, context)


def run_demo(
    out: Path, context: JobContext, *, project_folder: Path | None = None, requests: Sequence[TrainingRequest] = REQUESTS
) -> tuple[Path, list[DemoRun]]:
    """Sample, import, split, then for each request (images, table): train, threshold, evaluate, export below `out`.

    Returns the folder of the project, `out`/sample.flawscope unless told otherwise, and the runs. Raises ProblemError, Cancelled.
    """
    out = out.absolute()
    with open_sample_project(out / "sample_data", project_folder or out / "sample.flawscope", context) as project:
        done = []
        for request in requests:
            run_id = train(project, request, context)
            assessment = assess(project, run_id, context=context)
            files = export_run(project, run_id, out / request.detector, context)
            done.append(DemoRun(detector=request.detector, run_id=run_id, assessment=assessment, files=files))
        return project.folder, done
