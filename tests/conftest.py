"""What must be in place before any test module is imported."""

from __future__ import annotations

import os
import sys

import pytest

if sys.platform == "win32":
    # On Windows torch 2.9 and later fails to load c10.dll once any Qt library is in the process (pytorch#166628).
    import torch  # noqa: F401

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform says so of every window that has a smallest size.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")
