"""`demo`: the whole work on the sample project."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict

from core.commands.command import Answer, Command, path_argument
from core.commands.evaluate import assessment_lines, assessment_values
from core.commands.terminal import Terminal
from core.demo import run_demo


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del words
    parser.add_argument("--out", metavar="DIR", type=path_argument, required=True, help="the folder for sample, project and reports")
    parser.add_argument("--project", metavar="DIR", type=path_argument, help="the project (default: sample.flawscope in DIR of --out)")


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    folder, done = run_demo(arguments.out, terminal, project_folder=arguments.project)
    runs = []
    lines = [f"project: {folder}"]
    for run in done:
        files = {name: str(path) for name, path in asdict(run.files).items()}
        runs.append({"detector": run.detector, **assessment_values(run.assessment), "files": files})
        lines += [
            "",
            f"{run.detector}:",
            *(f"  {line}" for line in assessment_lines(run.assessment)),
            *(f"  {path}" for path in files.values()),
        ]
    return Answer({"project": str(folder), "runs": runs}, lines)


COMMAND = Command(
    name="demo",
    summary="do the whole work on a made-up sample",
    description=(
        "Makes the sample (images of turned washers and the record of their lathe), imports it into a new project, trains the\n"
        "autoencoder on the images and the Isolation Forest on the table, sets thresholds, evaluates and exports. Takes a minute or two."
    ),
    examples=["demo --out demo", "demo --out demo --json"],
    add_arguments=_add_arguments,
    run=_run,
)
