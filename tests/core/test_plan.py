"""What the window promises before a training, against what the training then does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.detectors.base import Declaration, LearnsFrom
from core.detectors.catalog import detector_class
from core.job_context import QuietContext
from core.problems import ProblemCode
from core.project import runs
from core.project.items import item_columns, set_splits
from core.project.labels import set_labels
from core.project.opening import Project
from core.training.plan import TrainingPlan, learnt_count, plan_training
from core.training.run import train
from core.vocabulary import Label, Split
from tests.core.run_cases import picture_project, request, table_project

AUTOENCODER = detector_class("autoencoder").declaration
FOREST = detector_class("isolation_forest").declaration


def plan(project: Project, declaration: Declaration, **changes: object) -> TrainingPlan:
    return plan_training(item_columns(project), declaration, request(declaration.key, **changes))


@pytest.mark.parametrize(("make", "declaration"), [(picture_project, AUTOENCODER), (table_project, FOREST)])
@pytest.mark.parametrize("seed", [0, 5])
def test_a_plan_is_what_the_run_does(tmp_path, make, declaration, seed) -> None:
    with make(tmp_path) as project:
        promised = plan(project, declaration, seed=seed)
        run = runs.record(project, train(project, request(declaration.key, seed=seed), QuietContext()))
        assert run.snapshot_id is not None
        used = runs.snapshot_content(project, run.snapshot_id)
        counts = {(split, label): sum((item.split, item.label) == (split, label) for item in used) for split in Split for label in Label}
        assert promised.problem is None
        assert promised.good == counts[Split.TRAIN, Label.GOOD] == learnt_count(used, declaration, request(declaration.key))
        assert promised.calibration_good == counts[Split.CALIBRATION, Label.GOOD]
        assert promised.calibration_defective == counts[Split.CALIBRATION, Label.DEFECTIVE]
        assert promised.test_good == counts[Split.TEST, Label.GOOD]
        assert promised.test_defective == counts[Split.TEST, Label.DEFECTIVE]
        assert plan(project, declaration, seed=seed).splits_first is False


def test_planning_changes_nothing(tmp_path) -> None:
    with table_project(tmp_path) as project:
        before = item_columns(project).split
        assert plan(project, FOREST).splits_first
        assert np.array_equal(item_columns(project).split, before)


def test_unlabelled_items_are_taken_as_good_only_where_nothing_is_labelled(tmp_path) -> None:
    with picture_project(tmp_path) as project:
        ids = item_columns(project).id
        set_labels(project, ids, Label.NONE)
        promised = plan(project, AUTOENCODER)
        assert (promised.good, promised.unlabelled > 0) == (0, True)
        assert promised.problem is None
        training = item_columns(project)
        set_labels(project, training.id[training.split == Split.TRAIN][:1], Label.GOOD)
        promised = plan(project, AUTOENCODER)
        assert (promised.good, promised.unlabelled) == (1, 0)
        assert promised.problem is not None
        assert promised.problem.code is ProblemCode.TOO_FEW_GOOD


def test_too_few_of_a_class_is_said_before_the_start(tmp_path) -> None:
    with picture_project(tmp_path) as project:
        columns = item_columns(project)
        set_splits(project, columns.id, Split.TEST, reason="test")
        promised = plan(project, AUTOENCODER)
        assert promised.good == 0
        assert promised.problem is not None
        assert promised.problem.arguments["found"] == 0
        supervised = replace(AUTOENCODER, learns_from=LearnsFrom.LABELLED, minimum_good=0, minimum_defective=3)
        refused = plan(project, supervised).problem
        assert refused is not None
        assert refused.code is ProblemCode.TOO_FEW_DEFECTIVE


def test_only_the_chosen_source_counts(tmp_path) -> None:
    with table_project(tmp_path) as project:
        assert plan(project, FOREST, source_ids=(1,)).good > 0
        nothing = plan(project, FOREST, source_ids=(99,))
        assert (nothing.good, nothing.test_good, nothing.splits_first) == (0, 0, False)
        assert nothing.problem is not None
