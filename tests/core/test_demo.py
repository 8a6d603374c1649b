"""The main job on the sample, with trainings cut short."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.demo import REQUESTS, run_demo
from core.job_context import QuietContext
from core.project.items import item_columns
from core.project.opening import open_project
from core.project.runs import records
from core.training.request import TrainingRequest
from core.vocabulary import Kind, RunState, Split

SHORT = (
    TrainingRequest(detector="autoencoder", parameters={"epochs": 1, "image_size": 32}, device="cpu"),
    TrainingRequest(detector="isolation_forest", parameters={"trees": 40}, device="cpu", kind=Kind.ROW),
)


@pytest.mark.slow
def test_the_demo_goes_from_nothing_to_reports_and_may_be_repeated(tmp_path: Path):
    folder, first = run_demo(tmp_path / "시연", QuietContext(), requests=SHORT)
    assert folder == tmp_path / "시연" / "sample.flawscope"
    assert [run.detector for run in first] == [request.detector for request in REQUESTS]
    for run in first:
        assert run.assessment.n_good >= 60
        assert run.assessment.n_defective >= 50
        assert run.files.items_csv.stat().st_size > 10_000
        assert run.files.report_html.is_file()
    assert first[0].assessment.pixel_auroc is not None
    assert first[1].assessment.auroc is not None
    assert first[1].assessment.auroc > 0.7
    again, second = run_demo(tmp_path / "시연", QuietContext(), requests=SHORT)
    assert again == folder
    assert [run.assessment.auroc for run in second] == [run.assessment.auroc for run in first]  # same seed, same scores
    with open_project(folder) as project:
        columns = item_columns(project)
        assert len(columns) == 360 + 2000
        assert not (columns.split == Split.NEW).any()
        assert [(run.kind, run.state) for run in records(project)] == [(Kind.IMAGE, RunState.DONE), (Kind.ROW, RunState.DONE)] * 2
