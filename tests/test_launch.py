"""The start from a fresh clone: what packaging/launch.py says when something is missing."""

from __future__ import annotations

import collections
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.packaging_scripts import ROOT, load_script

launch = load_script("launch")


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "is full"),
        (
            "WARNING: Retrying ... NewConnectionError('Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')",
            "registry cannot",
        ),
        ("ProxyError('Cannot connect to proxy.')", "proxy"),
        ("ERROR: ResolutionImpossible", "ResolutionImpossible"),
    ],
)
def test_failed_install_is_explained(output: str, expected: str) -> None:
    assert expected in launch.explain_pip(output)


def test_old_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch.sys, "version_info", (3, 10, 4))
    with pytest.raises(launch.Trouble, match=r"3\.11 or newer"):
        launch.require_python()


def test_full_disk_is_refused_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = collections.namedtuple("usage", "total used free")
    monkeypatch.setattr(launch.shutil, "disk_usage", lambda path: usage(10**10, 10**10, 10**6))
    with pytest.raises(launch.Trouble, match="GB free"):
        launch.require_space()


def test_environment_is_reused_until_the_project_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(launch, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(launch, "environment_python", lambda: Path(sys.executable))
    assert not launch.is_up_to_date(())
    launch.STAMP.write_text(json.dumps({"origin": launch.origin(), "extras": ["test"]}), encoding="utf-8")
    assert launch.is_up_to_date(())
    assert launch.is_up_to_date(("test",))
    launch.STAMP.write_text(json.dumps({"origin": {**launch.origin(), "inputs": "older"}, "extras": ["test"]}), encoding="utf-8")
    assert not launch.is_up_to_date(())


def test_missing_system_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = subprocess.CompletedProcess([], 1, stdout=b"ImportError: libEGL.so.1: cannot open shared object file")
    monkeypatch.setattr(launch.subprocess, "run", lambda *_, **__: answer)
    assert "apt install libegl1" in launch.qt_fault("offscreen")


def test_script_uses_only_the_standard_library() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-I", str(ROOT / "packaging" / "launch.py"), "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "test" in done.stdout


def test_constraints_pin_every_dependency() -> None:
    pinned = {line.split("==")[0].lower() for line in (ROOT / "packaging" / "constraints.txt").read_text().splitlines() if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    wanted = {re.match(r"[A-Za-z0-9_-]+", requirement).group().lower() for requirement in requirements}  # type: ignore[union-attr]
    assert {"torch", "numpy", "alembic"} <= wanted
    assert {name.replace("-", "_") for name in wanted} <= {name.replace("-", "_") for name in pinned}
