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
from pydantic import BaseModel, ConfigDict, ValidationError
from PySide6.QtCore import QObject, QSettings, Signal

from core.detectors.base import parameter
from core.wording import QT_TRANSLATE_NOOP

HOME_VARIABLE: Final = "FLAWSCOPE_HOME"
PROGRAM: Final = "flawscope"
RECENT_LIMIT: Final = 8
LAYOUT_VERSION: Final = 1
_REPLACE_ATTEMPTS: Final = 5
_log = logging.getLogger(__name__)


class Language(StrEnum):
    """Each language is named in its own words, so that it can be found by those who read no other."""

    SYSTEM = QT_TRANSLATE_NOOP("Parameter", "as the system")
    ENGLISH = "English"
    KOREAN = "한국어"


class ColourScheme(StrEnum):
    SYSTEM = QT_TRANSLATE_NOOP("Parameter", "as the system")
    LIGHT = QT_TRANSLATE_NOOP("Parameter", "light")
    DARK = QT_TRANSLATE_NOOP("Parameter", "dark")


class Preferences(BaseModel):
    """Declared like the parameters of a detector, and asked for by the same form."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Language = parameter(
        Language.SYSTEM,
        title=QT_TRANSLATE_NOOP("Parameter", "Language"),
        help=QT_TRANSLATE_NOOP("Parameter", "Changes at once; nothing is lost."),
    )
    colour_scheme: ColourScheme = parameter(
        ColourScheme.SYSTEM,
        title=QT_TRANSLATE_NOOP("Parameter", "Colours"),
        help=QT_TRANSLATE_NOOP("Parameter", "Light or dark, or as the desktop is set."),
    )
    reopen_last: bool = parameter(
        False,
        title=QT_TRANSLATE_NOOP("Parameter", "Open the last project at start"),
        help=QT_TRANSLATE_NOOP("Parameter", "Otherwise the start page with the recent projects is shown."),
    )


def _folder(kind: str) -> Path:
    """A folder of this program; all of them lie in `FLAWSCOPE_HOME` if that is set."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home) / kind
    return Path(getattr(platformdirs, f"user_{kind}_dir")(PROGRAM, appauthor=False))


def preferences_path() -> Path:
    return _folder("config") / "preferences.json"


def recent_path() -> Path:
    return _folder("config") / "recent.json"


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
    except (OSError, ValueError, RecursionError) as error:
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


def _read_recent(path: Path) -> tuple[Path, ...]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ()
    return tuple(Path(entry) for entry in stored if isinstance(entry, str))[:RECENT_LIMIT] if isinstance(stored, list) else ()


def _store(path: Path, value: object) -> None:
    """A disk that cannot be written to only costs the memory of what is stored here."""
    try:
        write_atomically(path, json.dumps(value, ensure_ascii=False, indent=1))
    except OSError as error:
        _log.info("%s could not be stored: %s", path, error)


class Settings(QObject):
    """The preferences in force and the projects opened last. The signals follow every change, after it is on disk."""

    changed = Signal()
    recent_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Final = preferences_path()
        self._recent_path: Final = recent_path()
        self._preferences = read_preferences(self._path)
        self._recent = _read_recent(self._recent_path)

    @property
    def preferences(self) -> Preferences:
        return self._preferences

    def update(self, **changes: Any) -> None:
        """Changes, checks and stores preferences. Raises pydantic.ValidationError for a bad value."""
        changed = Preferences.model_validate({**self._preferences.model_dump(), **changes})
        if changed != self._preferences:
            self._preferences = changed
            _store(self._path, changed.model_dump(mode="json", exclude_defaults=True))
            self.changed.emit()

    @property
    def recent_projects(self) -> tuple[Path, ...]:
        """The folders of the projects opened last, the last one first; some may be gone."""
        return self._recent

    def remember_project(self, folder: Path) -> None:
        self._set_recent((folder, *(path for path in self._recent if path != folder))[:RECENT_LIMIT])

    def forget_project(self, folder: Path) -> None:
        self._set_recent(tuple(path for path in self._recent if path != folder))

    def _set_recent(self, recent: tuple[Path, ...]) -> None:
        if recent != self._recent:
            self._recent = recent
            _store(self._recent_path, [str(path) for path in recent])
            self.recent_changed.emit()
