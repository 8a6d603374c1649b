"""What every command of the command line is made of."""

from __future__ import annotations

import errno
import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core.commands.terminal import Terminal
from core.project.database import DATABASE_NAME, whole_path
from core.project.opening import Project, open_project, with_suffix

_LARGEST_SEED: Final = 2**31 - 1  # as in the window
_LARGEST_ID: Final = 2**63 - 1  # of the database


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


def path_argument(text: str) -> Path:
    """A path that a file system could hold; argparse turns anything else into wrong usage."""
    if not text:
        raise ArgumentTypeError("a path must not be empty")
    try:
        os.lstat(text)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise ArgumentTypeError("a path has a name that is too long") from error
    return Path(text)


def whole_number(text: str, low: int, high: int) -> int:
    """The number in a word of the command line; argparse turns anything else into wrong usage."""
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise ArgumentTypeError(f"{text} is not a whole number from {low} to {high}")
    return number


def _seed(text: str) -> int:
    return whole_number(text, 0, _LARGEST_SEED)


def _run_id(text: str) -> int:
    return whole_number(text, 1, _LARGEST_ID)


def add_project(parser: ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", type=path_argument, help='the project folder; ".flawscope" may be left out')


def add_run(parser: ArgumentParser) -> None:
    parser.add_argument("--run", metavar="ID", type=_run_id, required=True, help="the number that `train` printed")


def add_seed(parser: ArgumentParser, help: str) -> None:
    parser.add_argument("--seed", metavar="N", type=_seed, default=0, help=help)


def opened(arguments: Namespace, terminal: Terminal) -> Project:
    """Opens the project that was named, with or without its suffix, and tells what is to be known about it.

    A folder of pictures may have the same name: it is the one with the suffix that is meant.
    """
    named = whole_path(arguments.project)
    is_whole = named.name == DATABASE_NAME or (named / DATABASE_NAME).is_file()
    project = open_project(named if is_whole else with_suffix(named))
    for note in project.notes:
        terminal.note(note)
    return project
