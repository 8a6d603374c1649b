"""Preferences: bad values fall back, and a file is the old or the new one, never half of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from PySide6.QtCore import QSettings

from desktop import settings as module
from desktop.dialogs.preferences import PreferencesDialog
from desktop.settings import (
    RECENT_LIMIT,
    ColourScheme,
    Language,
    Preferences,
    Settings,
    layout_settings,
    preferences_path,
    read_preferences,
    recent_path,
    write_atomically,
)


def test_folders_follow_the_home_variable(home: Path) -> None:
    for path in (preferences_path(), recent_path(), module.data_folder(), module.log_folder()):
        assert path.is_relative_to(home)


def test_only_what_differs_is_stored(qapp: object) -> None:
    settings = Settings()
    settings.update(language=Language.KOREAN)
    assert json.loads(preferences_path().read_text(encoding="utf-8")) == {"language": "한국어"}
    assert Settings().preferences == Preferences(language=Language.KOREAN)
    settings.update(language=Language.SYSTEM)
    assert json.loads(preferences_path().read_text(encoding="utf-8")) == {}


def test_change_is_told_once(qapp: object, qtbot: Any) -> None:
    settings = Settings()
    with qtbot.waitSignal(settings.changed):
        settings.update(colour_scheme=ColourScheme.DARK)
    with qtbot.assertNotEmitted(settings.changed):
        settings.update(colour_scheme=ColourScheme.DARK)


def test_bad_change_is_refused_and_changes_nothing(qapp: object) -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.update(reopen_last="perhaps")
    assert settings.preferences == Preferences()
    assert not preferences_path().exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe\x00", b"[" * 100_000])
def test_unreadable_file_falls_back(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "preferences.json"
    path.write_bytes(content)
    assert read_preferences(path) == Preferences()


def test_one_bad_value_does_not_cost_the_others(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    path.write_text('{"language": "Klingon", "colour_scheme": "dark", "reopen_last": true, "from_the_future": 1}', encoding="utf-8")
    assert read_preferences(path) == Preferences(colour_scheme=ColourScheme.DARK, reopen_last=True)


@given(
    stored=st.dictionaries(
        st.sampled_from(list(Preferences.model_fields)) | st.text(max_size=5),
        st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=2),
    )
)
def test_nothing_that_is_stored_stops_the_start(tmp_path_factory: pytest.TempPathFactory, stored: dict[str, object]) -> None:
    path = tmp_path_factory.mktemp("preferences") / "preferences.json"
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert isinstance(read_preferences(path), Preferences)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "preferences.json"
    write_atomically(path, "old")

    def disk_full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), disk_full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_replace_is_tried_again_when_a_scanner_holds_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, refusals, replace = tmp_path / "preferences.json", [1, 2], Path.replace

    def held(self: Path, target: Path) -> Path:
        if refusals:
            refusals.pop()
            raise PermissionError(13, "held")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert refusals == []


def test_disk_that_cannot_be_written_to_costs_only_the_memory(qapp: object, home: Path) -> None:
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file where the folder should be", encoding="utf-8")
    settings = Settings()
    settings.update(reopen_last=True)
    settings.remember_project(Path("somewhere"))
    assert settings.preferences.reopen_last
    assert settings.recent_projects == (Path("somewhere"),)


def test_recent_projects_are_few_and_newest_first(qapp: object, tmp_path: Path) -> None:
    settings = Settings()
    folders = [tmp_path / f"제품 {number}.flawscope" for number in range(RECENT_LIMIT + 3)]
    for folder in folders:
        settings.remember_project(folder)
    settings.remember_project(folders[5])
    expected = (folders[5], *[folder for folder in reversed(folders) if folder != folders[5]])[:RECENT_LIMIT]
    assert Settings().recent_projects == expected
    settings.forget_project(folders[5])
    assert Settings().recent_projects == expected[1:]


@pytest.mark.parametrize("content", ["", "{}", "[1, null]", "nonsense"])
def test_bad_list_of_recent_projects_is_empty(qapp: object, content: str) -> None:
    recent_path().parent.mkdir(parents=True)
    recent_path().write_text(content, encoding="utf-8")
    assert Settings().recent_projects == ()


def test_layout_of_another_version_is_thrown_away(home: Path) -> None:
    settings = layout_settings()
    settings.setValue("geometry", b"x")
    settings.sync()
    assert layout_settings().value("geometry") is not None
    raw = QSettings(str(home / "config" / "layout.ini"), QSettings.Format.IniFormat)
    raw.setValue("version", 0)
    raw.sync()
    assert layout_settings().value("geometry") is None


def test_dialog_takes_effect_at_once(qapp: object, qtbot: Any) -> None:
    settings = Settings()
    dialog = PreferencesDialog(settings)
    qtbot.addWidget(dialog)
    assert dialog.form.names() == list(Preferences.model_fields)
    with qtbot.waitSignal(settings.changed):
        dialog.form.set_values({"colour_scheme": "dark"})
    assert read_preferences(preferences_path()).colour_scheme is ColourScheme.DARK
