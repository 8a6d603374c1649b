"""The whole loop by the command line on real pictures and a real table, where they are at hand (../shared/data)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from core import cli
from tests.packaging_scripts import ROOT

DATA = ROOT.parent / "shared" / "data"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    capsys.readouterr()
    assert cli.main([*map(str, words), "--json"]) == 0, capsys.readouterr().err
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.skipif(not (DATA / "ai4i2020").is_dir(), reason="the real table is not here")
def test_machine_failures_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "ai4i.flawscope"
    run(capsys, "new", project)
    run(capsys, "import", project, DATA / "ai4i2020" / "train_normal.csv")
    run(capsys, "import", project, DATA / "ai4i2020" / "test.csv", "--label-column", "label")
    run(capsys, "train", project, "--detector", "isolation_forest", "--seed", "0")
    figures = run(capsys, "evaluate", project, "--run", "1")
    assert figures["image_auroc"] == pytest.approx(0.83, abs=0.03)  # README of the data: 0.837 on the five numeric columns
    assert (figures["n_good"], figures["n_defective"]) == (3865, 339)


@pytest.mark.skipif(not (DATA / "cookies").is_dir(), reason="the real pictures are not here")
def test_photographs_are_imported_scored_and_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "쿠키.flawscope"
    run(capsys, "new", project)
    run(capsys, "import", project, DATA / "cookies")
    run(capsys, "train", project, "--detector", "autoencoder", "--preset", "quick", "--param", "epochs=4")
    figures = run(capsys, "evaluate", project, "--run", "1")
    assert (figures["n_good"], figures["n_defective"]) == (14, 40)
    assert figures["pixel_auroc"] is not None
    run(capsys, "export", project, "--run", "1", "--out", tmp_path / "out")
    with (tmp_path / "out" / "items.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 85
    assert all(row["score"] for row in rows)
    assert {row["outcome"] for row in rows if row["label"] == "defective"} <= {"escape", "correct_ng", "in_review"}
