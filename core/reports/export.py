"""Everything that leaves the program about one run: two tables, a page and a record, each written atomically."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from core.job_context import JobContext
from core.project.opening import Project
from core.reports.assessment import assess_judgement
from core.reports.files import make_folder, write_atomically
from core.reports.html import report_html
from core.reports.items_csv import items_csv
from core.reports.judgement import judge
from core.reports.run_json import run_json
from core.reports.summary_csv import summary_csv
from core.vocabulary import Split

ITEMS_CSV: Final = "items.csv"
SUMMARY_CSV: Final = "summary.csv"
REPORT_HTML: Final = "report.html"
RUN_JSON: Final = "run.json"


@dataclass(frozen=True, kw_only=True)
class ExportedFiles:
    """Where the files lie, as absolute paths."""

    items_csv: Path
    summary_csv: Path
    report_html: Path
    run_json: Path


def export_run(project: Project, run_id: int, out: Path, context: JobContext, *, language: str = "en") -> ExportedFiles:
    """Writes the files into `out`, which is made if it is not there; files of an earlier export are replaced.

    Nothing is written before all of it is ready. Raises ProblemError RUN_UNKNOWN, RUN_NOT_DONE, NO_CALIBRATION_PARTS, NOT_A_FOLDER,
    FOLDER_READ_ONLY, DISK_FULL; Cancelled.
    """
    judgement = judge(project, run_id)
    assessment = assess_judgement(project, judgement, split=Split.TEST, context=context)
    files = {
        ITEMS_CSV: items_csv(project, judgement, context),
        SUMMARY_CSV: summary_csv(assessment, judgement.threshold),
        REPORT_HTML: report_html(project, judgement, assessment, context, language=language, written=datetime.now().astimezone()),
    }
    files[RUN_JSON] = run_json(project, judgement, files)
    context.check()
    folder = out.absolute()
    make_folder(folder)
    for name, content in files.items():
        write_atomically(folder / name, content)
    return ExportedFiles(
        items_csv=folder / ITEMS_CSV, summary_csv=folder / SUMMARY_CSV, report_html=folder / REPORT_HTML, run_json=folder / RUN_JSON
    )
