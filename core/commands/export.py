"""`export`: the tables and the report of a run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict

from core.commands.command import Answer, Command, add_project, add_run, opened, path_argument
from core.commands.terminal import Terminal
from core.reports.export import export_run
from core.wording import LANGUAGES


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    add_project(parser)
    add_run(parser)
    parser.add_argument("--out", metavar="DIR", type=path_argument, required=True, help="the folder to write to, made if it is not there")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the report (default: en); tables are always English")


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    with opened(arguments, terminal) as project:
        files = export_run(project, arguments.run, arguments.out, terminal, language=arguments.language)
    paths = {name: str(path) for name, path in asdict(files).items()}
    return Answer({"run": arguments.run, "files": paths}, list(paths.values()))


COMMAND = Command(
    name="export",
    summary="write items.csv, summary.csv, report.html and run.json",
    description=(
        "Writes what leaves the program about one run: items.csv (a row per item with score, verdict and outcome, ready for Excel),\n"
        "summary.csv (each figure with its interval), report.html (one page with pictures inside, which needs no network) and run.json\n"
        "(parameters, seed, versions, hashes). Files of an earlier export are replaced; nothing is ever half written."
    ),
    examples=["export washers --run 1 --out report", "export washers --run 1 --out report --language ko"],
    add_arguments=_add_arguments,
    run=_run,
)
