"""The command `flawscope`: opens the window."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

if sys.platform == "win32":
    # On Windows torch 2.9 and later fails to load c10.dll once any Qt library is in the process (pytorch#166628), so it comes first
    # there. Elsewhere it is left out of the start, which it would make seconds longer.
    import torch  # noqa: F401

EPILOG = """examples:
  flawscope                          the start page: new project, recent projects, sample project
  flawscope line3/bracket.flawscope  opens a project
  flawscope --demo --out output      makes the sample project, trains, sets a threshold, writes the report

Every step that the window does can be scripted as well: see flawscope-cli --help.
Preferences, log and sample project lie in the folders of your account; FLAWSCOPE_HOME puts all of them into one folder.
"""


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="flawscope",
        description=(
            "Finds defective products: load images or tables of measurements, label them, train a detector on what is good,\n"
            "look at what it flags, set the limit, and hand over a report."
        ),
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("project", metavar="PROJECT", nargs="?", type=Path, help="a project folder, NAME.flawscope")
    parser.add_argument("--demo", action="store_true", help="drive the window through the whole job on the sample project")
    parser.add_argument("--out", metavar="DIR", type=Path, help="with --demo: where reports and screenshots go (default: output)")
    parser.add_argument("--version", action="version", version=f"flawscope {_version()}")
    return parser


def _version() -> str:
    from importlib import metadata

    try:
        return metadata.version("flawscope")
    except metadata.PackageNotFoundError:
        return "0 (not installed)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 closed by a person or demo done, 1 trouble, 2 wrong usage."""
    parser = make_parser()
    chosen = parser.parse_args(arguments)
    if chosen.out is not None and not chosen.demo:
        parser.error("--out belongs to --demo")
    if chosen.demo and chosen.project is not None:
        parser.error("--demo uses its own sample project")
    if chosen.demo:
        from desktop.demo import run_demo

        return run_demo(chosen.out or Path("output"))
    from desktop.application import run_window

    return run_window(chosen.project)


if __name__ == "__main__":
    sys.exit(main())
