"""The commands of `flawscope-cli`, one module each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.commands import demo, detectors, estimate, evaluate, export, findings, import_items, new, score, split, threshold, train
from core.commands.command import Command

COMMANDS: Final[Sequence[Command]] = tuple(
    module.COMMAND for module in (detectors, new, import_items, split, estimate, train, score, threshold, evaluate, findings, export, demo)
)
