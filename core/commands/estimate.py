"""`estimate`: how long a training would take on this computer, tried for a few seconds."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from core.commands.command import Answer, Command, opened
from core.commands.terminal import Terminal, duration_text
from core.commands.train import add_request, request_of
from core.detectors.base import PRESETS
from core.training.estimate import Estimate, estimate_run


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    presets = PRESETS if arguments.preset is None else (arguments.preset,)
    with opened(arguments, terminal) as project:
        found = {preset: estimate_run(project, request_of(arguments, preset=preset), terminal) for preset in presets}
    device = next(iter(found.values())).device
    lines = [f"{preset:10} about {duration_text(estimate.seconds)}" for preset, estimate in found.items()]
    data = {"device": device, "presets": {preset: _described(estimate) for preset, estimate in found.items()}}
    return Answer(data, [f"on {device}", *lines])


def _described(estimate: Estimate) -> dict[str, Any]:
    return {
        "seconds": estimate.seconds,
        "reading": estimate.reading,
        "training": estimate.training,
        "scoring": estimate.scoring,
    }


COMMAND = Command(
    name="estimate",
    summary="how long a training would take here, tried for a few seconds",
    description=(
        "Begins the training, watches its pace for about two seconds, and stops it. Prints the time from start to result for each preset,\n"
        "or for the one named. Takes the same arguments as `train` and changes nothing in the project. Off by up to a third; more if other\n"
        "programs are busy now or later."
    ),
    examples=["estimate washers --detector autoencoder", "estimate washers --detector cutpaste --preset thorough --json"],
    add_arguments=add_request,
    run=_run,
)
