"""`detectors`: everything that the declarations say."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any

from core.commands.command import Answer, Command
from core.commands.terminal import Terminal
from core.detectors.base import Declaration, unit_of
from core.detectors.catalog import declarations


def _add_arguments(parser: ArgumentParser, words: Sequence[str]) -> None:
    del parser, words


def _described(declaration: Declaration) -> dict[str, Any]:
    schema = declaration.parameters.model_json_schema()
    parameters = [
        {
            "name": name,
            "title": schema["properties"][name].pop("title", name),
            "help": info.description,
            "unit": unit_of(info),
            "default": info.default,
            "advanced": bool(schema["properties"][name].get("advanced", False)),
            "schema": schema["properties"][name],
        }
        for name, info in declaration.parameters.model_fields.items()
    ]
    return {
        "key": declaration.key,
        "title": declaration.title,
        "summary": declaration.summary,
        "takes": sorted(kind.value for kind in declaration.takes),
        "learns_from": declaration.learns_from.value,
        "gives": sorted(gift.value for gift in declaration.gives),
        "source": declaration.source,
        "minimum_good": declaration.minimum_good,
        "minimum_defective": declaration.minimum_defective,
        "presets": {name: dict(values) for name, values in declaration.presets.items()},
        "parameters": parameters,
        "parameter_schema": declaration.parameters.model_json_schema(),
    }


def limits_text(schema: dict[str, Any]) -> str:
    """The range of a parameter in words, from its JSON schema; empty if it has none."""
    parts = []
    for key, text in (
        ("minimum", "from {}"),
        ("exclusiveMinimum", "above {}"),
        ("maximum", "to {}"),
        ("exclusiveMaximum", "below {}"),
        ("multipleOf", "in steps of {}"),
    ):
        if key in schema:
            parts.append(text.format(f"{schema[key]:g}"))
    if "enum" in schema:
        parts.append("one of " + ", ".join(str(value) for value in schema["enum"]))
    return " ".join(parts)


def _lines(detector: dict[str, Any]) -> list[str]:
    head = f"{detector['key']}: {detector['title']}. {detector['summary']}"
    facts = f"  takes {', '.join(detector['takes'])}; learns from {detector['learns_from']} items; gives {', '.join(detector['gives'])}"
    lines = [head, facts, f"  source: {detector['source']}"]
    for parameter in detector["parameters"]:
        unit = f" {parameter['unit']}" if parameter["unit"] else ""
        limits = limits_text(parameter["schema"])
        lines.append(f"  {parameter['name']} = {parameter['default']}{unit}{f' ({limits})' if limits else ''}: {parameter['help']}")
    return [*lines, ""]


def _run(arguments: Namespace, terminal: Terminal) -> Answer:
    del arguments, terminal
    found = [_described(declaration) for declaration in declarations()]
    return Answer({"detectors": found}, [line for detector in found for line in _lines(detector)][:-1])


COMMAND = Command(
    name="detectors",
    summary="list the detectors and their parameters",
    description=(
        "Lists every detector: what it takes (images, table rows), which items it learns from, what it tells besides the score,\n"
        "its presets, and each parameter with default, range and unit."
    ),
    examples=["detectors", "detectors --json"],
    add_arguments=_add_arguments,
    run=_run,
)
