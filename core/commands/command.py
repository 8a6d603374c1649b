"""What every command of the command line is made of."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.commands.terminal import Terminal
from core.project.opening import Project, open_project, with_suffix


class UsageError(Exception):
    """The command line contradicts itself: exit code 2."""


@dataclass(frozen=True)
class Answer:
    """The same result twice: as plain JSON values, and as lines for people."""

    data: dict[str, Any]
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Command:
    """`add_arguments` gets the parser and all words of the command line, which some flags depend on."""

    name: str
    summary: str
    description: str
    examples: Sequence[str]
    add_arguments: Callable[[ArgumentParser, Sequence[str]], None]
    run: Callable[[Namespace, Terminal], Answer]


def add_project(parser: ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", type=Path, help='the project folder; ".flawscope" may be left out')


def add_run(parser: ArgumentParser) -> None:
    parser.add_argument("--run", metavar="ID", type=int, required=True, help="the number that `train` printed")


def opened(arguments: Namespace, terminal: Terminal) -> Project:
    """Opens the project that was named, with or without its suffix, and tells what is to be known about it."""
    folder: Path = arguments.project
    project = open_project(folder if folder.is_dir() else with_suffix(folder))
    for note in project.notes:
        terminal.note(note)
    return project
