"""The time a training is said to take, against the time it takes; and that trying leaves no trace."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from core.cli import main
from core.detectors.catalog import DETECTORS, detector_class
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError
from core.project import runs
from core.training.estimate import estimate_run
from core.training.run import train
from core.vocabulary import Kind
from tests.core.run_cases import picture_project, request, table_project


def test_a_training_takes_about_as_long_as_was_said(tmp_path: Path):
    """Both are measured on the same machine, one after the other; a factor of three leaves room for other work on it."""
    asked = request("autoencoder", parameters={"epochs": 150})
    with picture_project(tmp_path, good=40) as project:
        said = estimate_run(project, asked, QuietContext())
        began = time.perf_counter()
        train(project, asked, QuietContext())
        took = time.perf_counter() - began
    assert took / 3 < said.seconds < took * 3
    assert said.training > 0.5 * said.seconds


def test_twice_the_epochs_take_twice_as_long_without_being_trained(tmp_path: Path):
    with picture_project(tmp_path) as project:
        shorter, longer = (estimate_run(project, request("autoencoder", parameters={"epochs": n}), QuietContext()) for n in (500, 2000))
        began = time.perf_counter()
        assert 2 < longer.training / shorter.training < 8
        assert longer.training > 20 > time.perf_counter() - began
        assert not runs.records(project)


def test_a_table_is_tried_whole(tmp_path: Path):
    with table_project(tmp_path) as project:
        found = estimate_run(project, request("isolation_forest"), QuietContext())
    assert 0 < found.training < 10 and found.reading == 0 and found.device


def test_what_would_stop_the_run_is_said_at_once(tmp_path: Path):
    with picture_project(tmp_path, good=3, test_good=1) as project, pytest.raises(ProblemError) as caught:
        estimate_run(project, request("autoencoder"), QuietContext())
    assert caught.value.problem.code is ProblemCode.TOO_FEW_GOOD
    context = QuietContext()
    context.cancelled = True
    with picture_project(tmp_path / "more") as project, pytest.raises(Cancelled):
        estimate_run(project, request("autoencoder"), context)


@pytest.mark.parametrize("key", DETECTORS)
def test_every_long_detector_says_what_its_shortest_training_is(key: str):
    """Without it the trial of the scoring would train for as long as the user asked."""
    declaration = detector_class(key).declaration
    declaration.parameters.model_validate(declaration.shortest)
    assert declaration.shortest.keys() <= declaration.parameters.model_fields.keys()
    counted = {"epochs", "steps", "rounds", "trees"} & declaration.parameters.model_fields.keys()
    assert bool(declaration.shortest) or not counted


def test_the_command_line_says_it_for_each_preset(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with table_project(tmp_path) as project:
        folder = project.folder
    assert main(["estimate", str(folder), "--detector", "isolation_forest", "--kind", Kind.ROW.value, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer["presets"]) == ["quick", "standard", "thorough"]
    assert answer["presets"]["quick"]["seconds"] < answer["presets"]["thorough"]["seconds"]
