"""`new`: an empty project."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from core.commands.command import Answer, Command, add_project
from core.commands.terminal import Terminal
from core.project.opening import create_project


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    add_project(parser)


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    del terminal
    with create_project(arguments.project) as project:
        return Answer({"project": str(project.folder), "project_id": project.project_id}, [str(project.folder)])


COMMAND = Command(
    name="new",
    summary="make an empty project",
    description=(
        "Makes an empty project: a folder named PROJECT.flawscope that holds labels, runs and thresholds. Your images and tables stay\n"
        "where they are. Prints the folder. Refuses if it exists already."
    ),
    examples=["new washers", "new ~/projects/washers.flawscope --json"],
    add_arguments=_add_arguments,
    run=_run,
)
