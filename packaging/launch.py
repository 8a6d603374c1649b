#!/usr/bin/env python3
"""Starts Flawscope from a fresh clone: makes .venv, installs what is needed, and runs.

    python3 packaging/launch.py            open the sample project and do the program's main job
    python3 packaging/launch.py test       run every check and every test
    python3 packaging/launch.py open ...   open Flawscope with the given arguments

Uses the standard library only. A .venv that is up to date is used as it is.
"""

# No newer syntax than Python 3.7 in this file: an old Python must get far enough to say that it is too old.
from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "flawscope.json"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
OUTPUT = ROOT / "output"
OLDEST = (3, 11)
# Measured on Linux, where torch brings its CUDA libraries: 6.2 GB installed and 3 GB while pip unpacks.
NEEDED_BYTES = 10 * 10**9
LIBRARY_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
CHECKS = (
    ("style", ("-m", "ruff", "check", ".")),
    ("format", ("-m", "ruff", "format", "--check", ".")),
    ("types", ("-m", "mypy")),
    ("layers", ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")),
)


class Trouble(Exception):  # noqa: N818 - the word for what a person can mend
    """Something the reader can mend; the text says how."""


def say(text: str) -> None:
    print("flawscope: " + text, flush=True)


def environment_python() -> Path:
    """The interpreter inside .venv."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def origin() -> dict[str, str]:
    """What a .venv is made from: when any of it changes, the .venv is out of date."""
    inputs = (ROOT / "pyproject.toml").read_bytes() + CONSTRAINTS.read_bytes()
    return {"inputs": hashlib.sha256(inputs).hexdigest(), "python": platform.python_version(), "root": str(ROOT)}


def is_up_to_date(extras: tuple[str, ...]) -> bool:
    """Whether .venv holds at least what is wanted: a .venv with the test extra serves for running, too."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return stamp["origin"] == origin() and set(extras) <= set(stamp["extras"]) and environment_python().exists()
    except (OSError, ValueError, KeyError):
        return False


def require_python() -> None:
    if sys.version_info[:2] < OLDEST:
        raise Trouble(
            "This is Python {}, and Flawscope needs {}.{} or newer. Install it from python.org and start packaging/launch.py with it.".format(
                platform.python_version(), *OLDEST
            )
        )


def require_space() -> None:
    free = shutil.disk_usage(str(ROOT)).free
    if free < NEEDED_BYTES:
        raise Trouble(
            f"The disk that holds {ROOT} has {free / 1e9:.1f} GB free, and installing needs about {NEEDED_BYTES / 1e9:.0f} GB. Free some space and start again."
        )


def install(extras: tuple[str, ...]) -> None:
    """Makes .venv and installs Flawscope with the tested set of versions. Raises Trouble with the way out."""
    if is_up_to_date(extras):
        return
    if STAMP.exists():
        STAMP.unlink()
    if not environment_python().exists():
        require_space()
        say(f"making {ENVIRONMENT}")
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if made.returncode:
            raise Trouble(
                "Python cannot make a virtual environment. On Debian or Ubuntu install it with: sudo apt install python3-venv. Python said: "
                + made.stdout.decode("utf-8", "replace").strip()[-300:]
            )
    say("installing (the first time takes some minutes: torch is large)")
    requirement = str(ROOT) + ("[{}]".format(",".join(extras)) if extras else "")
    run_pip(["install", "--disable-pip-version-check", "--editable", requirement, "--constraint", str(CONSTRAINTS)])
    STAMP.write_text(json.dumps({"origin": origin(), "extras": extras}, indent=1), encoding="utf-8")


def run_pip(arguments: list[str]) -> None:
    """Runs pip, showing one short line for each package it takes. Raises Trouble if it fails."""
    environment = dict(os.environ, PYTHONUTF8="1", PIP_PROGRESS_BAR="off", PIP_NO_INPUT="1")
    process = subprocess.Popen(
        [str(environment_python()), "-m", "pip", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    lines: list[str] = []
    assert process.stdout is not None
    for raw in process.stdout:
        line = raw.decode("utf-8", "replace").rstrip()
        lines.append(line)
        if line.startswith(("Collecting", "Installing collected", "Successfully")):
            print("  " + line[:100], flush=True)
    if process.wait():
        raise Trouble(explain_pip("\n".join(lines)))


def explain_pip(output: str) -> str:
    """One plain sentence for what pip said."""
    lowered = output.lower()
    if "no space left" in lowered or "not enough space" in lowered:
        return f"The disk that holds {ROOT} is full. Free about {NEEDED_BYTES / 1e9:.0f} GB and start again."
    unreachable = ("connection", "name resolution", "timed out", "proxyerror", "newconnectionerror", "getaddrinfo", "ssl")
    if any(word in lowered for word in unreachable):
        return (
            "The package registry cannot be reached. Check the network, or tell pip about your proxy or mirror "
            "(pip config set global.index-url ...), and start again."
        )
    last = [line for line in output.splitlines() if line.strip()][-6:]
    return "Installing failed. Delete the folder {} and start again; if that does not help, pip's last words were:\n  {}".format(
        ENVIRONMENT, "\n  ".join(last)
    )


def has_display() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def qt_fault(platform_name: str | None) -> str | None:
    """What keeps Qt from starting on the given platform plugin (None: the system's own), as a sentence, or None."""
    environment = dict(os.environ)
    if platform_name:
        environment["QT_QPA_PLATFORM"] = platform_name
    probe = "from PySide6.QtGui import QGuiApplication; import PySide6.QtWidgets, PySide6.QtSvg; QGuiApplication([])"
    done = subprocess.run(
        [str(environment_python()), "-c", probe], check=False, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode == 0:
        return None
    output = done.stdout.decode("utf-8", "replace")
    if '"xcb"' in output:
        output += missing_of_xcb()
    missing = [name for name in LIBRARY_PACKAGES if name in output]
    if missing:
        return "Qt needs the system library {}. On Debian or Ubuntu install it with: sudo apt install {}".format(
            ", ".join(missing), " ".join(LIBRARY_PACKAGES[name] for name in missing)
        )
    return "Qt does not start: " + " ".join(output.split())[-300:]


def missing_of_xcb() -> str:
    """The libraries that Qt's plugin for X11 lacks: Qt itself only says that it could not load the plugin."""
    lines: list[str] = []
    for plugin in ENVIRONMENT.glob("lib/python*/site-packages/PySide6/Qt/plugins/platforms/libqxcb.so"):
        listed = subprocess.run(["ldd", str(plugin)], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        lines += [line for line in listed.stdout.decode("utf-8", "replace").splitlines() if "not found" in line]
    return "\n".join(lines)


def require_qt() -> bool:
    """Checks that Qt starts. Returns whether a window can be shown; raises Trouble if not even an invisible one can."""
    fault = qt_fault("offscreen")
    if fault:
        raise Trouble(fault + " Then start again.")
    if not has_display():
        say("there is no display, so the same job is done without a window")
        return False
    fault = qt_fault(None)
    if fault:
        say("no window can be shown, so the job is done without one. " + fault)
    return not fault


def call(arguments: list[str], environment: dict[str, str] | None = None) -> int:
    """Runs the interpreter of .venv in the project's root, passing on its exit code."""
    try:
        return subprocess.call([str(environment_python()), *arguments], cwd=str(ROOT), env=environment)
    except KeyboardInterrupt:
        return 130


def run_program(arguments: list[str]) -> int:
    environment = dict(os.environ, PYTHONUTF8="1")
    if not require_qt():
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return call(["-m", "desktop", *arguments], environment)


def run_checks(arguments: list[str]) -> int:
    """Lint, types, layers, tests: all of them, even if an early one fails. Returns 0 only if all passed."""
    environment = dict(os.environ, PYTHONUTF8="1", QT_QPA_PLATFORM="offscreen", OMP_NUM_THREADS="1")  # one test process per core
    fault = qt_fault("offscreen")
    if fault:
        raise Trouble(fault + " Then start again.")
    failed = []
    for name, command in (*CHECKS, ("tests", ("-m", "pytest", "-n", str(min(4, os.cpu_count() or 1)), *tuple(arguments)))):
        started = time.time()
        say("checking " + name)
        if call(list(command), environment):
            failed.append(name)
        say(f"{name} took {time.time() - started:.0f} s")
    say("failed: " + ", ".join(failed) if failed else "every check and test passed")
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", nargs="?", choices=("demo", "test", "open"), default="demo", help="default: demo")
    job, rest = parser.parse_known_args()
    try:
        require_python()
        install(("test",) if job.job == "test" else ())
        if job.job == "test":
            return run_checks(rest)
        if job.job == "demo":
            return run_program(["--demo", "--out", str(OUTPUT), *rest])
        return run_program(rest)
    except Trouble as trouble:
        print("flawscope: " + str(trouble), file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
