"""`split`: which items train, calibrate and test."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from core.commands.command import Answer, Command, add_project, add_seed, opened
from core.commands.terminal import Terminal
from core.project.importing import split_project


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    add_project(parser)
    add_seed(parser, "another number divides otherwise (default: 0)")
    parser.add_argument("--anew", action="store_true", help="divide all labelled items, also those that have a split")


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    with opened(arguments, terminal) as project:
        counts = split_project(project, seed=arguments.seed, keep=not arguments.anew)
    return Answer({"seed": arguments.seed, "splits": counts}, [", ".join(f"{count:,} {name}" for name, count in counts.items())])


COMMAND = Command(
    name="split",
    summary="divide new items into train, calibration and test",
    description=(
        "Gives every labelled item that has no split yet one: good ones 60/20/20 % to train, calibration and test, defective ones\n"
        "0/40/60 %. Splits that came with the data stay unless --anew; if no good item calibrates, a quarter of the training items does\n"
        "from now on. "
        "Items of one group (serial number, lot) stay together. The same seed divides the same way."
    ),
    examples=["split washers", "split washers --seed 3 --json", "split washers --anew"],
    add_arguments=_add_arguments,
    run=_run,
)
