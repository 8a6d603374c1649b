"""`train`: a run from items to stored scores and a first threshold. Its flags come from the declaration of the detector."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any, Final

from core.commands.command import Answer, Command, UsageError, add_project, add_seed, opened, whole_number
from core.commands.detectors import limits_text
from core.commands.terminal import Terminal
from core.commands.threshold import threshold_sentence
from core.detectors.base import PRESETS, unit_of
from core.detectors.catalog import DETECTORS, detector_class
from core.project.runs import record
from core.project.thresholds import current_threshold
from core.training.request import SMALLEST_TILE, TrainingRequest
from core.training.run import train
from core.vocabulary import Kind

_FLAG: Final = "parameter_"
_OWN_FLAGS: Final = frozenset({"--help", "--detector", "--preset", "--param", "--seed", "--device", "--tile-size", "--kind", "--json"})


def add_request(parser: ArgumentParser, words: Sequence[str]) -> None:
    """Everything that a `TrainingRequest` holds; `words` is the whole command line."""
    add_project(parser)
    parser.add_argument("--detector", metavar="KEY", required=True, help=f"one of: {', '.join(DETECTORS)}")
    parser.add_argument("--preset", choices=PRESETS, help="parameters for a quick look, for every day, or for the last bit")
    parser.add_argument("--param", metavar="NAME=VALUE", action="append", default=[], help="one parameter; may be given several times")
    add_seed(parser, "the run's random numbers; the same seed repeats it (default: 0)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (default: auto, the fastest there is)")
    parser.add_argument(
        "--tile-size",
        metavar="PIXELS",
        type=lambda text: whole_number(text, SMALLEST_TILE, 100_000),
        help="show the detector overlapping square tiles of that many pixels instead of whole images, for small defects on large images",
    )
    parser.add_argument(
        "--kind", choices=[kind.value for kind in Kind], help="what to learn from, for detectors that take both (default: image)"
    )
    key = _named_detector(words)
    if key in DETECTORS:
        _add_parameters(parser, key)


def _named_detector(words: Sequence[str]) -> str | None:
    """The detector on the command line, looked up before parsing because the flags depend on it."""
    if not words or words[0] not in ("train", "estimate"):
        return None
    early = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument("--detector", nargs="?")
    found: str | None = early.parse_known_args(list(words))[0].detector
    return found


def _add_parameters(parser: ArgumentParser, key: str) -> None:
    declaration = detector_class(key).declaration
    schema = declaration.parameters.model_json_schema()["properties"]
    group = parser.add_argument_group(f"parameters of {key}", "the same as --param NAME=VALUE")
    for name, info in declaration.parameters.model_fields.items():
        flag = "--" + name.replace("_", "-")
        if flag in _OWN_FLAGS:
            continue
        facts = ", ".join(fact for fact in (limits_text(schema[name]), unit_of(info), f"default: {info.default}") if fact)
        text = f"{info.description} ({facts})".replace("%", "%%")
        group.add_argument(flag, metavar="VALUE", dest=_FLAG + name, default=SUPPRESS, help=text)


def _parameters(arguments: Namespace) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for word in arguments.param:
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise UsageError(f"--param {word}: write NAME=VALUE")
        chosen[name.strip().replace("-", "_")] = value.strip()
    flags = {name.removeprefix(_FLAG): value for name, value in vars(arguments).items() if name.startswith(_FLAG)}
    return chosen | flags


def request_of(arguments: Namespace, *, preset: str | None) -> TrainingRequest:
    """What the arguments of `add_request` ask for, with another preset."""
    return TrainingRequest(
        detector=arguments.detector,
        parameters=_parameters(arguments),
        preset=preset,
        seed=arguments.seed,
        device=arguments.device,
        kind=None if arguments.kind is None else Kind(arguments.kind),
        tile_size=arguments.tile_size,
    )


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    request = request_of(arguments, preset=arguments.preset)
    with opened(arguments, terminal) as project:
        run_id = train(project, request, terminal)
        run, threshold = record(project, run_id), current_threshold(project, run_id)
    data = {
        "run": run.id,
        "detector": run.detector,
        "kind": run.kind.value,
        "state": run.state.value,
        "parameters": dict(run.parameters),
        "preset": run.preset,
        "seed": run.seed,
        "device": run.device,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "model_sha256": run.model_sha256,
    }
    if threshold is not None:
        sentence = threshold_sentence(threshold)
        data["threshold"] = {"t1": threshold.t1, "t2": threshold.t2, "rule": threshold.rule, "sentence": sentence}
        terminal.say(f"T1 = {threshold.t1:.6g}, T2 = {threshold.t2:.6g}. {sentence}")
    return Answer(data, [str(run.id)])


COMMAND = Command(
    name="train",
    summary="train a detector, score everything, set a first threshold",
    description=(
        "Trains a detector on the training split, scores every item of its kind, and sets a first threshold from the calibration split.\n"
        "Prints the number of the run, which the other commands take as --run. Items that have no split yet are divided first, and the\n"
        "command says so. Ctrl+C cancels; the run is then marked cancelled. `train --detector KEY --help` lists KEY's parameters."
    ),
    examples=[
        "train washers --detector autoencoder",
        "train washers --detector autoencoder --preset quick --seed 1 --param epochs=20",
        "train process --detector isolation_forest --trees 500 --json",
        "train --detector autoencoder --help",
    ],
    add_arguments=add_request,
    run=_run,
)
