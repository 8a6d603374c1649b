"""`flawscope-cli`: every step of the work without a window.

Exit codes: 0 done, 1 expected trouble (one sentence), 2 wrong usage, 130 cancelled.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from core.commands import COMMANDS
from core.commands.command import Command, UsageError
from core.commands.terminal import Terminal, prepare_streams
from core.job_context import Cancelled
from core.problems import ProblemError
from core.project.identity import application_version

DONE: Final = 0
TROUBLE: Final = 1
CANCELLED: Final = 130

_DESCRIPTION: Final = """\
Finds defective products: import images or tables, train a detector on good ones, set the threshold, hand over a report.
Everything the window does can be scripted with these commands. Results go to standard output, progress to standard error.
"""
_EPILOG: Final = """\
the usual order:
  flawscope-cli new washers                               a project folder washers.flawscope
  flawscope-cli import washers ~/pictures/washers         a folder of images, or a CSV file
  flawscope-cli train washers --detector autoencoder      prints the number of the run, here 1
  flawscope-cli evaluate washers --run 1                  figures on the test split
  flawscope-cli export washers --run 1 --out report       items.csv, summary.csv, report.html, run.json
  flawscope-cli score washers --run 1 --source new_lot    the same model and thresholds on new parts

`flawscope-cli COMMAND --help` explains each command. With --json a command prints one JSON object and nothing else.
Exit codes: 0 done, 1 trouble that the message says how to mend, 2 wrong usage, 130 cancelled with Ctrl+C.
"""

# Wide enough that no name of a command or flag stands on a line of its own.
_FORMATTER: Final = partial(RawDescriptionHelpFormatter, max_help_position=28, width=110)


def build_parser(words: Sequence[str]) -> ArgumentParser:
    """The parser for these words; the flags of `train` depend on the detector among them."""
    parser = ArgumentParser(prog="flawscope-cli", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=_FORMATTER, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"flawscope {application_version()}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        _add_command(commands.add_parser, command, words)
    return parser


def _add_command(add_parser: Callable[..., Any], command: Command, words: Sequence[str]) -> None:
    examples = "".join(f"  flawscope-cli {example}\n" for example in command.examples)
    subparser: ArgumentParser = add_parser(
        command.name,
        help=command.summary,
        description=command.description,
        epilog=f"examples:\n{examples}",
        formatter_class=_FORMATTER,
        allow_abbrev=False,
    )
    command.add_arguments(subparser, words)
    subparser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    subparser.set_defaults(run_command=command.run, parser=subparser)


def _with_numbers(words: Sequence[str]) -> list[str]:
    """Joins a negative number to its flag, for argparse takes "-1e-05" for a flag of its own."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1].startswith("--") and _is_negative(word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _is_negative(word: str) -> bool:
    try:
        return float(word) < 0 and word.startswith("-")
    except ValueError:
        return False


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code. Raises SystemExit only for --help, --version and wrong usage."""
    prepare_streams()
    words = _with_numbers(sys.argv[1:] if argv is None else argv)
    arguments = build_parser(words).parse_args(words)
    terminal = Terminal(as_json=arguments.json)
    try:
        with terminal.interruptible():
            return _answered(arguments, terminal)
    except (Cancelled, KeyboardInterrupt):
        terminal.say("Cancelled.")
        return CANCELLED


def _answered(arguments: Namespace, terminal: Terminal) -> int:
    try:
        answer = arguments.run_command(arguments, terminal)
    except UsageError as error:
        arguments.parser.error(str(error))
    except ProblemError as error:
        problem = error.problem
        terminal.say(problem.sentence())
        if terminal.as_json:
            told = {"code": problem.code.value, "arguments": dict(problem.arguments), "sentence": problem.sentence()}
            terminal.answer({"error": told}, [])
        return TROUBLE
    terminal.answer(answer.data, answer.lines)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
