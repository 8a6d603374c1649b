"""Bringing new parts into a project so that a run that exists already can score them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.data.columns import TableColumn
from core.data.layout import scan_folder
from core.data.tables import inspect_table
from core.job_context import JobContext
from core.problems import ProblemCode, ProblemError
from core.project.importing import ImportSummary, import_folder, import_table
from core.project.items import item_columns, set_splits
from core.project.opening import Project
from core.project.runs import RunRecord
from core.training.item_forms import TableForm, form_from_json
from core.vocabulary import ColumnRole, Kind, Split


def import_new_items(project: Project, run: RunRecord, path: Path, context: JobContext) -> tuple[int, NDArray[np.int64]]:
    """Imports a folder or table; returns its source and the ids of all its items. What was not in the project before becomes new.

    Items that were imported before keep their split. Raises ProblemError NOTHING_TO_SCORE for the wrong kind, and those of the imports.
    """
    if not path.exists():
        raise ProblemError(ProblemCode.BROKEN_LINK if path.is_symlink() else ProblemCode.PATH_MISSING, path=str(path))
    if path.is_dir() != (run.kind is Kind.IMAGE):
        raise ProblemError(ProblemCode.NOTHING_TO_SCORE, run=run.id)
    before = item_columns(project).id
    summary = _imported(project, run, path, context)
    for entry in summary.skipped:
        context.note(entry.problem)
    columns = item_columns(project)
    mine = columns.id[columns.source_id == summary.source_id]
    set_splits(project, np.setdiff1d(mine, before), Split.NEW, reason=f"new parts for run {run.id}")
    return summary.source_id, mine


def _imported(project: Project, run: RunRecord, path: Path, context: JobContext) -> ImportSummary:
    if run.kind is Kind.IMAGE:
        return import_folder(project, scan_folder(path, context), context)
    findings = inspect_table(path)
    form = form_from_json(run.input or {})
    columns = columns_like(findings.columns, form.features, path=path) if isinstance(form, TableForm) else findings.columns
    return import_table(project, path, findings.format, columns, context)


def columns_like(columns: Sequence[TableColumn], features: Sequence[TableColumn], *, path: Path) -> tuple[TableColumn, ...]:
    """`columns` with exactly the `features` of a run as features, whatever was guessed from the few rows of the new table at `path`.

    Raises ProblemError TABLE_COLUMN_MISSING.
    """
    known = {unicodedata.normalize("NFC", feature.name): feature for feature in features}
    there = [unicodedata.normalize("NFC", column.name) for column in columns]
    for name in known:
        if name not in there:
            raise ProblemError(ProblemCode.TABLE_COLUMN_MISSING, path=path.name, column=name, columns=", ".join(there))
    chosen = []
    for column in columns:
        feature = known.get(unicodedata.normalize("NFC", column.name))
        if feature is not None:
            chosen.append(replace(column, role=ColumnRole.FEATURE, categories=feature.categories))
        elif column.role is ColumnRole.FEATURE:
            chosen.append(replace(column, role=ColumnRole.IGNORE))
        else:
            chosen.append(column)
    return tuple(chosen)
