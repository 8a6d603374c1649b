"""What factories hand over, through the command line: each bad file is listed with its reason, the good ones go on to a result."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core import cli
from core.problems import ProblemCode
from tests.core.bad_inputs import NFC_NAME, NFD_NAME, BadFile, write_bad_folder, write_bad_tables

GOODS, DEFECTIVES = 24, 6


class Shell:
    """The command line as a script uses it."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object, code: int = 0) -> dict[str, Any]:
        """Runs one command; returns its JSON answer."""
        self._capsys.readouterr()
        found = cli.main([*map(str, words), "--json"])
        out, told = self._capsys.readouterr()
        assert found == code, told
        answer: dict[str, Any] = json.loads(out)
        return answer


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(capsys)


def write_plain(folder: Path, count: int, *, seed: int, spoilt: bool) -> None:
    folder.mkdir(parents=True)
    generator = np.random.default_rng(seed)
    for number in range(count):
        picture = generator.normal(120, 6, (48, 64, 3)).clip(0, 255).astype(np.uint8)
        if spoilt:
            picture[12:28, 20:36] = 250
        Image.fromarray(picture).save(folder / f"{number:02}.png")


@pytest.fixture
def delivery(tmp_path: Path) -> tuple[Path, list[BadFile]]:
    """Folders of goods and defectives, named in both forms of Unicode, and among the goods every bad file there is."""
    root = tmp_path / "납품 2611"
    write_plain(root / NFC_NAME, GOODS, seed=1, spoilt=False)
    write_plain(root / NFD_NAME, DEFECTIVES, seed=2, spoilt=True)
    return root, write_bad_folder(root / NFC_NAME / "그 밖")


def test_every_bad_picture_is_listed_and_the_good_ones_become_a_finished_run(
    shell: Shell, tmp_path: Path, delivery: tuple[Path, list[BadFile]]
) -> None:
    root, files = delivery
    refused = {file.path.relative_to(root).as_posix(): file.problem for file in files if file.problem is not None}
    usable = sum(file.problem is None for file in files)
    assert set(refused.values()) == {
        ProblemCode.IMAGE_DAMAGED,
        ProblemCode.FILE_EMPTY,
        ProblemCode.NOT_AN_IMAGE,
        ProblemCode.IMAGE_TOO_LARGE,
        ProblemCode.IMAGE_FORMAT_UNSUPPORTED,
        *([ProblemCode.BROKEN_LINK] if os.name == "posix" else []),
    }
    shell("new", "검사")
    imported = shell("import", "검사", root.name)
    assert {entry["path"]: entry["code"] for entry in imported["skipped"]} == refused
    for entry in imported["skipped"]:
        reason, remedy = entry["sentence"].removeprefix(entry["path"]).strip().split(". ", 1)
        assert reason
        assert remedy.endswith(".")
    assert [entry["code"] for entry in imported["remarks"]] == ["image_animated"]
    assert imported["added"] == GOODS + DEFECTIVES + usable
    assert imported["labels"] == {"unlabelled": 0, "good": GOODS + usable, "defective": DEFECTIVES, "unsure": 0}
    again = shell("import", "검사", root)
    assert (again["added"], again["unchanged"], len(again["skipped"])) == (0, imported["added"], len(refused))

    flags = ["--param", "epochs=2", "--param", "image_size=32", "--param", "width=4", "--device", "cpu"]
    trained = shell("train", "검사", "--detector", "autoencoder", *flags)
    assert trained["state"] == "done"
    figures = shell("evaluate", "검사", "--run", trained["run"])
    assert figures["n_unscored"] == 0
    assert figures["n_good"] > 5
    assert figures["n_defective"] == 4
    exported = shell("export", "검사", "--run", trained["run"], "--out", "보고서")
    text = Path(exported["files"]["items_csv"]).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == imported["added"]
    assert all(row["score"] for row in rows)
    for path in exported["files"].values():
        assert str(tmp_path) not in Path(path).read_text(encoding="utf-8")


def test_every_bad_table_is_refused_with_its_reason_and_the_others_are_imported(shell: Shell, tmp_path: Path) -> None:
    shell("new", "p")
    for file in write_bad_tables(tmp_path / "표"):
        if file.problem is None:
            assert shell("import", "p", file.path)["added"] >= 2, file.path
        else:
            error = shell("import", "p", file.path, code=1)["error"]
            assert error["code"] == file.problem, file.path
            assert file.path.name in error["sentence"]
            assert error["sentence"].count(". ") >= 1  # what is wrong, and what to do
