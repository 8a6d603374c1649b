"""Preferences of the person at this desk. Thresholds, parameters and seeds are not here: they belong to the project."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from PySide6.QtCore import QObject, QSettings, Signal

from core.wording import QT_TRANSLATE_NOOP

HOME_VARIABLE: Final = "FLAWSCOPE_HOME"
PROGRAM: Final = "flawscope"
RECENT_LIMIT: Final = 8
LAYOUT_VERSION: Final = 1
_REPLACE_ATTEMPTS: Final = 5
_log = logging.getLogger(__name__)


class Language(StrEnum):
    SYSTEM = "system"
    ENGLISH = "en"
    KOREAN = "ko"


class ColourScheme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Preferences(BaseModel):
    """Titles and descriptions are source texts of context "Preferences"; the dialog is made from them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Language = Field(
        default=Language.SYSTEM,
        title=QT_TRANSLATE_NOOP("Preferences", "Language"),
        description=QT_TRANSLATE_NOOP("Preferences", "Changes at once, nothing is lost."),
    )
    colour_scheme: ColourScheme = Field(
        default=ColourScheme.SYSTEM,
        title=QT_TRANSLATE_NOOP("Preferences", "Colours"),
        description=QT_TRANSLATE_NOOP("Preferences", "Light or dark, or as the desktop is set."),
    )
    reopen_last: bool = Field(
        default=False,
        title=QT_TRANSLATE_NOOP("Preferences", "Open the last project at start"),
        description=QT_TRANSLATE_NOOP("Preferences", "Otherwise the start page with recent projects is shown."),
    )
    thumbnail_edge: int = Field(
        default=128,
        ge=64,
        le=320,
        title=QT_TRANSLATE_NOOP("Preferences", "Size of thumbnails"),
        description=QT_TRANSLATE_NOOP("Preferences", "Edge length in pixels, 64 to 320."),
    )
    recent_projects: tuple[str, ...] = ()


def _folder(kind: str) -> Path:
    """A folder of this program; all of them lie in `FLAWSCOPE_HOME` if that is set."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home) / kind
    return Path(getattr(platformdirs, f"user_{kind}_dir")(PROGRAM, appauthor=False))


def preferences_path() -> Path:
    return _folder("config") / "preferences.json"


def data_folder() -> Path:
    """Where the sample project lies."""
    return _folder("data")


def log_folder() -> Path:
    return _folder("log")


def layout_settings() -> QSettings:
    """Places and sizes of windows, apart from the preferences and with a version, so that they can be thrown away."""
    settings = QSettings(str(_folder("config") / "layout.ini"), QSettings.Format.IniFormat)
    if settings.value("version") not in (LAYOUT_VERSION, str(LAYOUT_VERSION)):
        settings.clear()
        settings.setValue("version", LAYOUT_VERSION)
    return settings


def write_atomically(path: Path, text: str) -> None:
    """Writes beside, flushes, renames: the file is the old or the new one, never half of it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _replace(Path(temporary), path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _replace(source: Path, target: Path) -> None:
    for attempt in range(_REPLACE_ATTEMPTS):
        try:
            source.replace(target)
            return
        except PermissionError:  # on Windows a virus scanner may hold the target for a moment
            if attempt == _REPLACE_ATTEMPTS - 1:
                raise
            time.sleep(0.05 * 2**attempt)


def read_preferences(path: Path) -> Preferences:
    """The stored preferences. A missing or unreadable file and every bad value fall back to the default."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError) as error:
        _log.info("preferences in %s are not readable, defaults are used: %s", path, error)
        return Preferences()
    if not isinstance(stored, dict):
        return Preferences()
    return _accepted(stored)


def _accepted(stored: Mapping[str, Any]) -> Preferences:
    values = dict(stored)
    while True:
        try:
            return Preferences.model_validate(values)
        except ValidationError as error:
            bad = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
            _log.info("preferences fall back to the default: %s", ", ".join(sorted(bad)))
            values = {name: value for name, value in values.items() if name not in bad}


class Settings(QObject):
    """The preferences in force. `changed` follows every change, after it is on disk."""

    changed = Signal()

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Final = path or preferences_path()
        self._preferences = read_preferences(self._path)

    @property
    def preferences(self) -> Preferences:
        return self._preferences

    def update(self, **changes: Any) -> None:
        """Changes, checks and stores preferences. A disk that cannot be written to only costs the memory of them.

        Raises pydantic.ValidationError for a bad value.
        """
        changed = Preferences.model_validate({**self._preferences.model_dump(), **changes})
        if changed == self._preferences:
            return
        self._preferences = changed
        differing = changed.model_dump(mode="json", exclude_defaults=True)
        try:
            write_atomically(self._path, json.dumps(differing, ensure_ascii=False, indent=1))
        except OSError as error:
            _log.info("preferences could not be stored in %s: %s", self._path, error)
        self.changed.emit()

    def remember_project(self, folder: Path) -> None:
        """Puts a project first in the list of recent ones."""
        others = [path for path in self._preferences.recent_projects if path != str(folder)]
        self.update(recent_projects=(str(folder), *others)[:RECENT_LIMIT])

    def forget_project(self, folder: Path) -> None:
        self.update(recent_projects=tuple(path for path in self._preferences.recent_projects if path != str(folder)))
