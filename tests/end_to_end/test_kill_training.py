"""A training whose process is killed: nothing that was committed is lost, the run says what happened, and it can go on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from core.job_context import QuietContext
from core.project import runs
from core.project.labels import set_labels
from core.project.opening import open_project
from core.training.request import TrainingRequest
from core.training.run import execute_run, train
from core.vocabulary import Label, RunState
from tests.core.run_cases import ids_of, picture_project

ROOT = Path(__file__).parents[2]
EPOCHS, KILLED_IN = 12, 5


def _train_and_kill(folder: Path) -> int:
    """Starts a training in another process, kills it at work, and returns the run's id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.end_to_end.training_process", str(folder), str(EPOCHS), str(KILLED_IN)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    with process.stdin, process.stdout as lines:
        run_id = int(lines.readline())
        assert lines.readline() == "waiting\n"
        process.kill()
    process.wait(timeout=30)
    return run_id


def test_killed_training_is_interrupted_and_resumes_to_the_same_scores(tmp_path: Path):
    with picture_project(tmp_path) as project:
        folder = project.folder
        labelled = ids_of(project, label=Label.DEFECTIVE)[:2]
        set_labels(project, labelled, Label.UNSURE)
    run_id = _train_and_kill(folder)
    with open_project(folder) as project:
        assert runs.record(project, run_id).state is RunState.INTERRUPTED
        assert ids_of(project, label=Label.UNSURE) == labelled
        assert len(runs.run_scores(project, run_id)) == 0
        context = QuietContext()
        execute_run(project, run_id, context)
        assert runs.record(project, run_id).state is RunState.DONE
        assert min(step for _, step, _ in context.metrics) == KILLED_IN, "it goes on after the last whole epoch"
        asked = TrainingRequest.from_dict(runs.record(project, run_id).request)
        whole = train(project, asked, QuietContext())
        np.testing.assert_array_equal(runs.run_scores(project, whole).score, runs.run_scores(project, run_id).score)
