"""`findings`: what a run found out about the items it was trained on."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.commands.command import Answer, Command, add_project, add_run, opened, whole_number
from core.commands.terminal import Terminal
from core.project.items import ItemDetails, item_columns, item_records, sources
from core.project.opening import Project
from core.reports.judgement import done_run
from core.training.findings import RunFindings, read_findings
from core.vocabulary import Kind, text_of

_TOP: Final = 20
_LARGEST_TOP: Final = 2**31 - 1


def _top(text: str) -> int:
    return whole_number(text, 1, _LARGEST_TOP)


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    add_project(parser)
    add_run(parser)
    parser.add_argument("--top", metavar="N", type=_top, default=_TOP, help=f"how many items and columns to list (default: {_TOP})")


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    with opened(arguments, terminal) as project:
        run = done_run(project, arguments.run)
        found = read_findings(project, run.id)
        if found is None:
            none: dict[str, Any] = {"run": run.id, "training_items": None, "suspicious_items": None, "items": [], "columns": []}
            return Answer(none, [f"Run {run.id} has nothing to say about its training items: its detector does not judge them."])
        return _answer(project, run.id, found, arguments.top)


def _answer(project: Project, run_id: int, found: RunFindings, top: int) -> Answer:
    items = _items(project, found, top)
    columns = [
        {"name": column.name, "unit": column.unit, "suspicion": suspicion} for column, suspicion in found.suspicious_features()[:top]
    ]
    judged, suspicious = len(found.suspicion), len(found.suspicious_items())
    data: dict[str, Any] = {
        "run": run_id,
        "training_items": len(found.item_ids),
        "suspicious_items": suspicious if judged else None,
        "items": items,
        "columns": columns,
    }
    lines = [f"{suspicious:,} of {judged:,} training items are suspicious"] if judged else []
    lines += [
        f"{item['suspicion']:>12.6g}  {item['label'] or 'unlabelled':<10}  {item['item_id']:>8}  {_place_text(item)}" for item in items
    ]
    if suspicious > len(items):
        lines.append(f"and {suspicious - len(items):,} less suspicious or no longer in the project; --top lists more")
    if len(found.feature_suspicion):
        lines.append("suspicious columns:" if columns else "no column is suspicious")
        lines += [f"{column['suspicion']:>12.6g}  {column['name']}" for column in columns]
    if len(found.codes):
        lines.append(f"codes of {len(found.codes):,} training items were kept; the window draws them")
    return Answer(data, lines)


def _items(project: Project, found: RunFindings, top: int) -> list[dict[str, Any]]:
    """The most suspicious items that are still in the project."""
    ids = found.suspicious_items()
    listed = ids[np.isin(ids, item_columns(project).id)][:top]
    tables = {source.id: source.path for source in sources(project) if source.kind is Kind.ROW}
    return [
        _item(record, suspicion, tables)
        for record, suspicion in zip(item_records(project, listed.tolist()), found.suspicion_of(listed).tolist(), strict=True)
    ]


def _item(record: ItemDetails, suspicion: float, tables: dict[int, Path]) -> dict[str, Any]:
    is_row = record.kind is Kind.ROW
    return {
        "item_id": record.id,
        "name": record.name,
        "path": str(tables[record.source_id] if is_row else record.path),
        "row": record.position + 1 if is_row else None,
        "label": text_of(record.label),
        "suspicion": suspicion,
    }


def _place_text(item: dict[str, Any]) -> str:
    return str(item["path"]) if item["row"] is None else f"{item['name']}, row {item['row']} of {item['path']}"


COMMAND = Command(
    name="findings",
    summary="training items that a run finds suspicious",
    description=(
        "Lists what a run found out about the items it was trained on: those that do not fit the others, the most suspicious first, and\n"
        "the columns of a table that do not fit. Such an item may be a defect that was taken for good, or a damaged picture: look at it,\n"
        "label it, and train again. Rows are counted from 1, without the headings. Not every detector judges its training items."
    ),
    examples=["findings washers --run 1", "findings washers --run 1 --top 100 --json"],
    add_arguments=_add_arguments,
    run=_run,
)
