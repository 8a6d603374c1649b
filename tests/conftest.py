"""What must be in place before any test module is imported."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    # On Windows torch 2.9 and later fails to load c10.dll once any Qt library is in the process (pytorch#166628).
    import torch  # noqa: F401

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
