"""`split`: which items train, calibrate and test."""

from __future__ import annotations

import unicodedata
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from core.commands.command import Answer, Command, UsageError, add_project, add_seed, opened
from core.commands.terminal import Terminal
from core.problems import ProblemCode, ProblemError
from core.project.importing import split_project
from core.project.items import item_columns, item_records, set_splits
from core.project.opening import Project
from core.vocabulary import Split, split_from_text, text_of


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    add_project(parser)
    add_seed(parser, "another number divides otherwise (default: 0)")
    parser.add_argument("--anew", action="store_true", help="divide all labelled items, also those that have a split")
    parser.add_argument("--into", choices=[text_of(split) for split in Split], help="divide nothing, but put the items named here there")
    parser.add_argument(
        "--items", nargs="+", metavar="NAME", help="with --into: paths of images below their folder, names of rows; * stands for any part"
    )


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    if bool(arguments.into) != bool(arguments.items) or (arguments.into and arguments.anew):
        raise UsageError("--into needs --items, --items needs --into, and neither goes with --anew")
    data: dict[str, Any] = {"seed": arguments.seed}
    with opened(arguments, terminal) as project:
        if arguments.into:
            data = {"moved": _move(project, arguments.items, split_from_text(arguments.into))}
            splits = item_columns(project).split
            counts = {text_of(split): int((splits == split).sum()) for split in Split}
        else:
            counts = split_project(project, seed=arguments.seed, keep=not arguments.anew)
    return Answer({**data, "splits": counts}, [", ".join(f"{count:,} {name}" for name, count in counts.items())])


def _move(project: Project, patterns: Sequence[str], split: Split) -> int:
    """How many items changed their split. Raises ProblemError(ITEM_UNKNOWN) for a name that no item has; nothing is moved then."""
    columns = item_columns(project)
    paths = [record.relative_path for record in item_records(project)]
    shown = np.where(columns.is_row, columns.name, np.array(paths, dtype=object))
    names = [unicodedata.normalize("NFC", str(name)) for name in shown]
    chosen = np.zeros(len(columns), dtype=np.bool_)
    for pattern in patterns:
        wanted = unicodedata.normalize("NFC", pattern)
        found = np.array([name == wanted or fnmatchcase(name, wanted) for name in names], dtype=np.bool_)
        if not found.any():
            raise ProblemError(ProblemCode.ITEM_UNKNOWN, name=pattern)
        chosen |= found
    return set_splits(project, columns.id[chosen], split, reason="by hand")


COMMAND = Command(
    name="split",
    summary="divide new items into train, calibration and test",
    description=(
        "Gives every labelled item that has no split yet one: good ones 60/20/20 % to train, calibration and test, defective ones\n"
        "0/40/60 %. Splits that came with the data stay unless --anew; if no good item calibrates, a quarter of the training items does\n"
        "from now on. "
        "Items of one group (serial number, lot) stay together. The same seed divides the same way.\n"
        "With --into, chosen items are put into one split by hand: a detector that learns from defective items needs some to train on."
    ),
    examples=[
        "split washers",
        "split washers --seed 3 --json",
        "split washers --anew",
        'split washers --into train --items "test/scratch/00*"',
    ],
    add_arguments=_add_arguments,
    run=_run,
)
