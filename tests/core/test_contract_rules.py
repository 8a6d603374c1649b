"""The rules of the detector contract are sharp enough: every detector of the catalogue, broken on purpose, is caught."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.detectors.autoencoder import Autoencoder
from core.detectors.base import Detector, Scored, TrainingData
from core.detectors.catalog import DETECTORS
from core.detectors.isolation_forest import IsolationForest
from core.networks.usual_error import UsualError
from tests.core import detector_cases as rules

CASES = rules.cases()


def _broken(sound: Detector, change: Any) -> Detector:
    """A copy of a trained detector whose `score` passes through `change(detector, batch, scored)`."""
    kind = type(sound)

    def score(self: Detector, batch: Any) -> Scored:
        return change(self, batch, kind.score(self, batch))

    broken = copy.copy(sound)
    broken.__class__ = type(f"Broken{kind.__name__}", (kind,), {"score": score})
    return broken


def _with_scores(scored: Scored, scores: Any) -> Scored:
    return Scored(scores=scores, maps=scored.maps, reconstructions=scored.reconstructions, contributions=scored.contributions)


MUTATIONS = {
    "flipped sign": (
        lambda self, batch, scored: _with_scores(scored, -scored.scores),
        lambda detector, case, folder: rules.assert_larger_is_worse(detector, case.good, case.defective),
    ),
    "scaled within the batch": (
        lambda self, batch, scored: _with_scores(scored, (scored.scores - scored.scores.min()) / (np.ptp(scored.scores) + 1)),
        lambda detector, case, folder: rules.assert_same_alone_and_in_batches(detector, case.mixed),
    ),
    "clamped": (
        lambda self, batch, scored: _with_scores(scored, np.minimum(scored.scores, np.full(len(batch), np.quantile(scored.scores, 0.4)))),
        lambda detector, case, folder: rules.assert_raw_scores(detector, case.mixed),
    ),
    "float32": (
        lambda self, batch, scored: _with_scores(scored, scored.scores.astype(np.float32)),
        lambda detector, case, folder: rules.assert_raw_scores(detector, case.mixed),
    ),
    "shuffled rows": (
        lambda self, batch, scored: _with_scores(scored, np.sort(scored.scores)),
        lambda detector, case, folder: rules.assert_order_follows_items(detector, case.mixed),
    ),
    "noise when scoring": (
        lambda self, batch, scored: _with_scores(scored, scored.scores + np.random.default_rng().normal(0, 1e-9, len(batch))),
        lambda detector, case, folder: rules.assert_saves_and_loads(detector, case.mixed, folder),
    ),
}


@pytest.mark.parametrize("key", DETECTORS)
def test_rules_catch_every_detector_with_a_broken_score(key: str, tmp_path: Path):
    case = next(case for case in CASES if case.key == key)
    sound = case.fitted()
    for place, (name, (change, rule)) in enumerate(MUTATIONS.items()):
        rule(sound, case, tmp_path / f"{place} sound")
        try:
            rule(_broken(sound, change), case, tmp_path / f"{place} broken")
        except AssertionError:
            continue
        pytest.fail(f"{key}: nothing caught {name}")


def test_rules_catch_train_mode_left_on():
    case = rules.picture_case("autoencoder", rules.GREY)

    class LeftInTrainMode(Autoencoder):
        def score(self, batch: Any) -> Scored:
            self._network.train()
            return super().score(batch)

    with pytest.raises(AssertionError):
        rules.assert_same_alone_and_in_batches(case.fitted(kind=LeftInTrainMode), case.mixed)


def test_rules_catch_a_seed_that_is_ignored():
    case = rules.table_case("isolation_forest")

    class Unseeded(IsolationForest):
        def fit(self, data: TrainingData, context: Any) -> None:
            object.__setattr__(self, "seed", int(np.random.default_rng().integers(1, 2**31)))
            super().fit(data, context)

    with pytest.raises(AssertionError):
        rules.assert_repeats(case, Unseeded)


def test_rules_catch_statistics_that_are_not_saved(tmp_path: Path):
    case = rules.picture_case("autoencoder", rules.GREY)

    class Forgetful(Autoencoder):
        def save(self, folder: Path) -> None:
            self._kind.usual = UsualError.learnt(
                case.data.train, lambda batch: batch[:, 0] * 0, each_place=True, device="cpu", check=lambda: None
            )
            super().save(folder)

    forgetful = case.fitted(kind=Forgetful)
    before = forgetful.score(case.good)
    tmp_path.joinpath("model").mkdir()
    forgetful.save(tmp_path / "model")
    with pytest.raises(AssertionError):
        rules.assert_equal_scored(before, Forgetful.load(tmp_path / "model").score(case.good))
