"""What holds the house together: layers, sizes, and what must never be imported."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.packaging_scripts import ROOT

SOURCES = sorted(path for floor in ("core", "desktop", "packaging") for path in (ROOT / floor).rglob("*.py"))
NAMES = [path.relative_to(ROOT).as_posix() for path in SOURCES]
LONGEST_FILE, LONGEST_CLASS, LONGEST_FUNCTION = 400, 300, 60
FORBIDDEN_IMPORTS = {
    "pickle",
    "cPickle",
    "_pickle",
    "dill",
    "joblib",
    "cloudpickle",
    "shelve",
    "marshal",
    "socket",
    "http",
    "urllib",
    "requests",
}


def test_core_imports_no_qt() -> None:
    modules = [
        name[:-3].replace("/", ".").removesuffix(".__init__") for name in NAMES if name.startswith("core/") and "/versions/" not in name
    ]
    modules = [name for name in modules if not name.endswith((".env", "__main__"))]  # Alembic runs env.py in its own context
    code = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('PySide6', 'shiboken6', 'pyqtgraph', 'desktop')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_nothing_can_unpickle_or_reach_the_network(path: object) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):  # type: ignore[attr-defined]
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec"}
        elif isinstance(node, ast.keyword) and node.arg in {"allow_pickle", "weights_only"}:
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is (node.arg == "weights_only")
    assert not imported & FORBIDDEN_IMPORTS


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_sizes(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= (LONGEST_CLASS if isinstance(node, ast.ClassDef) else LONGEST_FUNCTION), f"{node.name} has {length} lines"


def test_main_window_stays_small() -> None:
    tree = ast.parse((ROOT / "desktop" / "window.py").read_text(encoding="utf-8"))
    (window,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "MainWindow"]
    assert sum(isinstance(node, ast.FunctionDef) for node in window.body) <= 30


def test_readme_lists_every_detector():
    from core.detectors.catalog import DETECTORS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [key for key in DETECTORS if f"| `{key}` |" not in text] == []
