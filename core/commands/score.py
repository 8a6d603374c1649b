"""`score`: a run's model on items, those of the project or new ones."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.commands.command import Answer, Command, add_project, add_run, opened, path_argument
from core.commands.new_items import import_new_items
from core.commands.terminal import Terminal
from core.project.opening import Project
from core.reports.judgement import done_run, judge
from core.training.scoring import score_items

_SHOWN: Final = 10


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    add_project(parser)
    add_run(parser)
    parser.add_argument("--source", metavar="PATH", type=path_argument, help="a folder or table of new parts: imported first, then scored")


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    with opened(arguments, terminal) as project:
        run = done_run(project, arguments.run)
        source_id, ids = None, None
        if arguments.source is not None:
            source_id, ids = import_new_items(project, run, arguments.source, terminal)
        count = score_items(project, run.id, ids, terminal)
        return _answer(project, run.id, source_id, ids, count)


def _answer(project: Project, run_id: int, source_id: int | None, ids: NDArray[np.int64] | None, count: int) -> Answer:
    judgement = judge(project, run_id)
    verdicts = judgement.verdicts()
    mine = judgement.found >= 0
    if ids is not None:
        mine &= np.isin(judgement.ids, ids)
    order = np.flatnonzero(mine)
    order = order[np.argsort(-judgement.scores[order], kind="stable")]
    items = [
        {
            "item_id": int(judgement.ids[index]),
            "name": str(judgement.items.name[judgement.places[index]]),
            "score": float(judgement.scores[index]),
            "verdict": str(verdicts[index]),
        }
        for index in order
    ]
    counts = {word: int(np.sum(verdicts[mine] == word)) for word in ("OK", "REVIEW", "NG")}
    data: dict[str, Any] = {
        "run": run_id,
        "source_id": source_id,
        "scored": count,
        "t1": judgement.threshold.t1,
        "t2": judgement.threshold.t2,
        "verdicts": {word.lower(): number for word, number in counts.items()},
        "items": items,
    }
    lines = [
        f"{count:,} items scored: " + ", ".join(f"{number:,} {word}" for word, number in counts.items()),
        *(f"{item['score']:>12.6g}  {item['verdict']:<6}  {item['name']}" for item in items[:_SHOWN]),
    ]
    if len(items) > _SHOWN:
        lines.append(f"and {len(items) - _SHOWN:,} with smaller scores; `export` writes all of them to items.csv")
    return Answer(data, lines)


COMMAND = Command(
    name="score",
    summary="score items with a run's model, new lots too",
    description=(
        "Scores every item of the run's kind with its model; with --source, a folder or table of new parts is imported first (split\n"
        "new) and only its items are scored. Same model, same thresholds: nothing is trained. Prints the verdicts and the largest scores."
    ),
    examples=[
        "score washers --run 1",
        "score washers --run 1 --source ~/pictures/lot_2611",
        "score washers --run 1 --source lot.csv --json",
    ],
    add_arguments=_add_arguments,
    run=_run,
)
