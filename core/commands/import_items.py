"""`import`: pictures from a folder, or rows from a table."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.commands.command import Answer, Command, UsageError, add_project, opened, path_argument
from core.commands.terminal import Terminal
from core.data.columns import with_roles
from core.data.images import IMAGE_SUFFIXES
from core.data.layout import FolderFindings, scan_folder
from core.data.tables import TableFindings, inspect_table
from core.problems import Problem, ProblemCode, ProblemError
from core.project.importing import ImportProblem, ImportSummary, import_folder, import_table
from core.project.items import item_columns, sources
from core.project.opening import Project
from core.vocabulary import Label, Split, text_of

_SHOWN: Final = 20
_LABELS: Final = {"good": Label.GOOD, "defective": Label.DEFECTIVE}
_SPLITS: Final = tuple(text_of(split) for split in Split)


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    add_project(parser)
    parser.add_argument("path", metavar="PATH", type=path_argument, help="a folder of images, or a CSV file with one header row")
    parser.add_argument("--label", choices=sorted(_LABELS), help="label everything so, whatever folders and columns say")
    parser.add_argument("--split", choices=_SPLITS, help="put everything into this split, whatever folders and names say")
    tables = parser.add_argument_group("for tables")
    tables.add_argument("--label-column", metavar="NAME", help="the column that says good or defective (0 or 1)")
    tables.add_argument("--id-column", metavar="NAME", help="the column that names the row, such as a serial number")
    tables.add_argument("--group-column", metavar="NAME", help="rows with the same value, such as a lot, stay in one split")
    tables.add_argument("--ignore", metavar="A,B", action="append", default=[], help="columns that are no measurement")


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    found = _found(arguments.path, terminal)
    for_tables = [arguments.label_column, arguments.id_column, arguments.group_column, *arguments.ignore]
    if isinstance(found, FolderFindings) and any(for_tables):
        raise UsageError("--label-column, --id-column, --group-column and --ignore are for tables, and PATH is a folder of images")
    with opened(arguments, terminal) as project:
        if isinstance(found, FolderFindings):
            return _import_folder(project, found, arguments, terminal)
        return _import_table(project, found, arguments, terminal)


def _found(path: Path, terminal: Terminal) -> FolderFindings | Path:
    """What a folder holds, or the table: the one that was named, or the only thing in a folder.

    Raises ProblemError PATH_MISSING, BROKEN_LINK, SINGLE_IMAGE, ONLY_TABLES for several, and those of `scan_folder`.
    """
    if not path.exists():
        raise ProblemError(ProblemCode.BROKEN_LINK if path.is_symlink() else ProblemCode.PATH_MISSING, path=str(path))
    if not path.is_dir():
        if path.suffix.casefold() in IMAGE_SUFFIXES:
            raise ProblemError(ProblemCode.SINGLE_IMAGE, path=str(path))
        return path
    findings = scan_folder(path, terminal)
    if findings.images or not findings.tables:
        return findings
    if len(findings.tables) > 1:
        names = ", ".join(table.name for table in findings.tables)
        raise ProblemError(ProblemCode.ONLY_TABLES, path=str(path), tables=names)
    return findings.tables[0]


def _import_folder(project: Project, findings: FolderFindings, arguments: Namespace, terminal: Terminal) -> Answer:
    summary = import_folder(project, findings, terminal, **_for_all(arguments))
    for table in findings.tables:
        terminal.say(f"There is a table beside the images, {table}: import it by its own name if it belongs here.")
    return _answer(project, summary, {"layout": findings.layout, "tables": [str(table) for table in findings.tables]}, [])


def _import_table(project: Project, path: Path, arguments: Namespace, terminal: Terminal) -> Answer:
    findings = inspect_table(path)
    ignored = [name.strip() for names in arguments.ignore for name in names.split(",") if name.strip()]
    columns = with_roles(
        findings.columns,
        label_column=arguments.label_column,
        id_column=arguments.id_column,
        group_column=arguments.group_column,
        ignore=ignored,
        path=str(path),
    )
    summary = import_table(project, path, findings.format, columns, terminal, **_for_all(arguments))
    roles = [{"name": column.name, "role": column.role.value, "unit": column.unit} for column in columns]
    return _answer(project, summary, {"layout": "table", "columns": roles, **_format(findings)}, _role_lines(roles))


def _for_all(arguments: Namespace) -> dict[str, Any]:
    return {
        "label_all": _LABELS.get(arguments.label),
        "split_all": None if arguments.split is None else Split[arguments.split.upper()],
    }


def _format(findings: TableFindings) -> dict[str, str]:
    found = findings.format
    return {"encoding": found.encoding, "delimiter": found.delimiter, "decimal": found.decimal}


def _role_lines(roles: Sequence[dict[str, str]]) -> list[str]:
    by_role: dict[str, list[str]] = {}
    for column in roles:
        by_role.setdefault(column["role"], []).append(column["name"])
    return [f"  {role}: {', '.join(names)}" for role, names in by_role.items()]


def _answer(project: Project, summary: ImportSummary, about: dict[str, Any], lines: list[str]) -> Answer:
    columns = item_columns(project)
    mine = columns.source_id == summary.source_id
    kind = next(source.kind.value for source in sources(project) if source.id == summary.source_id)
    labels = {text_of(label) or "unlabelled": int(np.sum(mine & (columns.label == label))) for label in Label}
    splits = {text_of(split): int(np.sum(mine & (columns.split == split))) for split in Split}
    data = {
        "source_id": summary.source_id,
        "kind": kind,
        **about,
        "added": summary.added,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "missing": summary.missing,
        "labels": labels,
        "splits": splits,
        "skipped": [_told(entry) for entry in summary.skipped],
        "remarks": [_told(entry) for entry in summary.notes],
    }
    first = (
        f"{summary.added:,} {kind}s added, {summary.changed:,} changed, {summary.unchanged:,} unchanged, {len(summary.skipped):,} skipped"
    )
    counts = [f"  {name}: " + ", ".join(f"{count:,} {word}" for word, count in found.items() if count) for name, found in
              (("labels", labels), ("splits", splits))]  # fmt: skip
    return Answer(data, [first, *counts, *lines, *_problem_lines("skipped", summary.skipped), *_problem_lines("noted", summary.notes)])


def _told(entry: ImportProblem) -> dict[str, Any]:
    return {"path": entry.relative_path, "code": entry.problem.code.value, "sentence": entry.problem.sentence()}


def _problem_lines(word: str, entries: Sequence[ImportProblem]) -> list[str]:
    lines = [f"  {word}: {_named(entry.relative_path, entry.problem)}" for entry in entries[:_SHOWN]]
    return [*lines, f"  and {len(entries) - _SHOWN} more {word}"] if len(entries) > _SHOWN else lines


def _named(path: str, problem: Problem) -> str:
    sentence = problem.sentence()
    return sentence if path in sentence else f"{path}: {sentence}"


COMMAND = Command(
    name="import",
    summary="bring images or a table into the project",
    description=(
        "Brings a folder of images or a CSV file into the project. Folder names are understood: train/test, good, names of defects,\n"
        "ground_truth with masks. In tables encoding, separator, decimal sign and the role of each column are detected; say otherwise\n"
        "with the flags. What cannot be used is listed with the reason, the rest goes on. Importing the same path again doubles nothing."
    ),
    examples=[
        "import washers ~/pictures/washers",
        "import washers measurements.csv --label-column Failure --ignore UDI,Operator",
        "import washers new_normal_parts --label good --split train",
    ],
    add_arguments=_add_arguments,
    run=_run,
)
