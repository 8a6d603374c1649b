"""Files that leave the program: written beside their place, then renamed, so that nobody ever opens half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path
from typing import Final

from core.problems import file_problems

_RETRIES: Final = 20
_PAUSE_SECONDS: Final = 0.1


def make_folder(folder: Path) -> None:
    """Makes the folder with its parents. Raises the ProblemErrors of `file_problems`."""
    with file_problems(folder):
        folder.mkdir(parents=True, exist_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Replaces the file, or leaves it as it was. Raises ProblemError FOLDER_READ_ONLY or DISK_FULL."""
    with file_problems(path):
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o666 & ~_umask())  # mkstemp allows nobody else to read
            _replace(Path(temporary), path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise


def _replace(source: Path, target: Path) -> None:
    """Renames; on Windows a virus scanner or Excel may hold the target for a moment."""
    for _ in range(_RETRIES if os.name == "nt" else 0):
        with contextlib.suppress(PermissionError):
            source.replace(target)
            return
        time.sleep(_PAUSE_SECONDS)
    source.replace(target)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
