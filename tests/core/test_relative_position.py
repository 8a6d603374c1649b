"""Relative patch position as a detector: what it learns on structure and on noise, what labelled defects add, and that it can go on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from core.data.chosen import ChosenItems
from core.detectors import files
from core.detectors.base import ImageInput, TrainingData
from core.detectors.relative_position import RelativePosition
from core.job_context import Cancelled, QuietContext
from core.networks.labelled_evidence import LabelledEvidence, Scale
from core.networks.patches import CHANCE_LOSS
from core.networks.pictures import to_network
from core.networks.relative_position import DefectJudge, SmallTower, pooled_log_odds
from core.problems import ProblemCode, ProblemError

SIDE = 48
FORM = ImageInput(height=SIDE, width=SIDE, channels=1)
SMALL: dict[str, Any] = {
    "image_size": SIDE,
    "patch_share": 16.0,
    "steps": 60,
    "batch_size": 4,
    "bank_size": 300,
    "tuning_steps": 20,
    "width": 8,
}


def made(folder: Path | None = None, *, seed: int = 0, **changes: Any) -> RelativePosition:
    parameters = RelativePosition.declaration.parameters.model_validate(SMALL | changes)
    return RelativePosition(parameters, seed=seed, checkpoints=folder)


def noise(count: int, seed: int) -> NDArray[np.uint8]:
    """No place in it is like or unlike any other."""
    return np.random.default_rng(seed).normal(128, 25, (count, SIDE, SIDE, 1)).clip(0, 255).astype(np.uint8)


def striped(count: int, seed: int) -> NDArray[np.uint8]:
    """The same noise with stripes of one pixel in a square, no stronger than the noise."""
    random = np.random.default_rng(seed)
    pictures = noise(count, seed + 1000).astype(np.float64)
    for picture in pictures:
        top, left = random.integers(0, SIDE - 16, 2)
        picture[top : top + 16, left : left + 16, 0] += 25 * (-1.0) ** np.arange(16)
    return pictures.clip(0, 255).astype(np.uint8)


def parts(count: int, seed: int, *, spot: bool = False) -> NDArray[np.uint8]:
    """A disc and a bar that lie the same way on a shaded ground in every picture, a little noise; `spot`: a grey square on the ground at a random place."""
    random = np.random.default_rng(seed)
    rows, columns = np.indices((SIDE, SIDE))
    clean = 20 + 80 * ((rows - 16) ** 2 + (columns - 14) ** 2 < 90) + 60 * (abs(columns - 36) < 4) + 2 * rows + columns
    pictures = clean + random.normal(0, 5, (count, SIDE, SIDE))
    for picture in pictures if spot else ():
        top, left = random.integers(8, SIDE - 16, 2)
        picture[top : top + 7, left : left + 7] = 255 - picture[top : top + 7, left : left + 7]
    return pictures[..., None].clip(0, 255).astype(np.uint8)


def data_of(good: NDArray[np.uint8], calibration: NDArray[np.uint8], defective: NDArray[np.uint8] | None = None) -> TrainingData:
    if defective is None:
        return TrainingData(input=FORM, train=good, calibration=calibration)
    labels = np.repeat(np.array([0, 1], dtype=np.int8), [len(good), len(defective)])
    order = np.random.default_rng(9).permutation(len(labels))  # good and defective items come in any order
    train = np.concatenate([good, defective])[order]
    return TrainingData(input=FORM, train=train, calibration=calibration, labels=labels[order])


def auroc(detector: RelativePosition, good: NDArray[np.uint8], defective: NDArray[np.uint8]) -> float:
    scores = np.concatenate([detector.score(good).scores, detector.score(defective).scores])
    return float(roc_auc_score(np.repeat([0, 1], [len(good), len(defective)]), scores))


@pytest.fixture(scope="module")
def labelled() -> TrainingData:
    return data_of(noise(40, 1), noise(16, 2), striped(25, 3))


# ---- the first stage ---------------------------------------------------------------------------------------------------------------


def test_directions_are_learnt_where_there_is_structure_and_noise_is_named():
    losses = {}
    for name, pictures in (("parts", parts), ("noise", noise)):
        context = QuietContext()
        made(steps=200).fit(data_of(pictures(24, 1), pictures(16, 2)), context)
        losses[name] = [value for metric, _, value in context.metrics if metric == "calibration_loss"][-1]
        assert [note.code for note in context.notes] == ([ProblemCode.PATCH_PLACE_UNKNOWN] if name == "noise" else [])
    assert losses["parts"] < 0.8 * CHANCE_LOSS < 0.95 * CHANCE_LOSS < losses["noise"]


@pytest.mark.parametrize("judged_by", ["nearest", "density", "direction"])
def test_each_score_finds_spots_where_they_are(judged_by: str):
    detector = made(judged_by=judged_by, steps=120)
    detector.fit(data_of(parts(24, 1), parts(16, 2)), QuietContext())
    assert auroc(detector, parts(20, 3), parts(20, 4, spot=True)) > 0.9
    spotted, clean = parts(12, 5, spot=True), parts(12, 5)
    maps = detector.score(spotted).maps
    assert maps is not None and maps.shape == (12, SIDE, SIDE)
    inside = 0
    for spot, without, found in zip(spotted.astype(int), clean.astype(int), maps, strict=True):
        rows, columns = np.nonzero(np.abs(spot - without)[..., 0] > 30)
        row, column = np.unravel_index(found.argmax(), found.shape)
        inside += bool(rows.min() - 4 <= row <= rows.max() + 4 and columns.min() - 4 <= column <= columns.max() + 4)
    assert inside >= (9 if judged_by == "direction" else 11)  # the neighbours of a spot are as surprised as the spot itself


def test_closeness_pulls_but_does_not_collapse():
    apart, features = [], to_network(torch.from_numpy(parts(4, 3)))
    for closeness in (0.0, 10.0):
        detector = made(closeness=closeness)
        detector.fit(data_of(parts(24, 1), parts(16, 2)), QuietContext())
        with torch.inference_mode():
            maps = detector._network.tower.on_grid(features)
        apart.append(float((maps[..., 1:] - maps[..., :-1]).norm(dim=1).mean() / maps.std()))
        assert float(maps.std(dim=(0, 2, 3)).mean()) > 0.3
    assert apart[1] < 0.9 * apart[0]


def test_a_training_picture_lies_in_the_bank_and_is_its_own_nearest():
    data = data_of(noise(10, 1), noise(8, 2), striped(6, 3))
    detector = made(bank_size=100_000, steps=10)
    detector.fit(data, QuietContext())
    assert data.labels is not None
    good = np.flatnonzero(data.labels == 0)
    scored = detector.score(data.train[good])
    assert scored.neighbours is not None
    np.testing.assert_array_equal(scored.neighbours[:, 0], good)
    with torch.inference_mode():
        features = detector._network.tower.on_grid(to_network(torch.from_numpy(data.train[good[:4]])))
        assert max(float(detector._novelty.bank.nearest(one.flatten(1).T).max()) for one in features) < 1e-5


@pytest.mark.parametrize("judged_by", ["nearest", "density", "direction"])
def test_scores_of_pictures_with_many_patches_do_not_depend_on_the_batch(judged_by: str):
    """Large matrix products round differently for other shapes, and for other places in them."""
    form = ImageInput(height=128, width=176, channels=1)
    pictures = np.random.default_rng(0).integers(0, 256, (14, 128, 176, 1), dtype=np.uint8)
    labels = np.repeat(np.array([0, 1], dtype=np.int8), [10, 4])
    detector = made(patch_share=12.5, steps=2, tuning_steps=4, bank_size=2000, judged_by=judged_by)
    detector.fit(TrainingData(input=form, train=pictures, calibration=pictures[:0], labels=labels), QuietContext())
    together = detector.score(pictures[::-1])
    assert together.maps is not None and together.maps.shape == (14, 128, 176)
    for place in range(14):
        one = detector.score(pictures[place : place + 1])
        assert one.maps is not None and one.scores[0] == together.scores[13 - place]
        np.testing.assert_array_equal(one.maps[0], together.maps[13 - place])


# ---- sizes -------------------------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(4, 3000), st.integers(4, 3000)), min_size=1, max_size=4),
    st.integers(2, 32).map(lambda count: 16 * count),
    st.floats(2, 25),
    st.floats(25, 100),
    st.sampled_from(["small", "ResNet-18"]),
)
@settings(max_examples=150, deadline=None)
def test_patches_with_neighbours_fit_into_the_working_size_of_any_pictures(
    sizes: list[tuple[int, int]], image_size: int, share: float, gap: float, network: str
):
    detector = made(image_size=image_size, patch_share=share, gap=gap, network=network)
    form = detector.image_input(sizes, 1)
    grid = detector.parameters.grid(form)
    assert 3 * grid.patch + 2 * grid.gap <= min(form.height, form.width)


def test_patches_grow_with_the_working_size():
    sizes = [
        made(image_size=side, patch_share=12.5).parameters.grid(ImageInput(height=side, width=side, channels=1)).patch
        for side in (64, 128, 256, 512)
    ]
    assert sizes == [8, 16, 32, 64]


def test_a_forged_picture_size_or_bank_is_refused(tmp_path: Path):
    detector = made(steps=2)
    detector.fit(data_of(parts(8, 1), parts(8, 2)), QuietContext())
    detector.save(tmp_path)
    head = json.loads((tmp_path / files.HEAD_FILE).read_text(encoding="utf-8"))
    forgeries = (
        {"image": {"height": 16, "width": 48, "channels": 1}},
        {"values": {"patches": 10**12, "judge": False}},
        {"values": {"patches": 300, "judge": True}},
        {"values": {"patches": 300}},
    )
    for forged in forgeries:
        (tmp_path / files.HEAD_FILE).write_text(json.dumps(head | forged), encoding="utf-8")
        with pytest.raises(ProblemError) as caught:
            RelativePosition.load(tmp_path)
        assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED


def test_a_file_of_weights_that_is_gone_stops_the_training_at_once(tmp_path: Path):
    with pytest.raises(ProblemError) as caught:
        made(weights_file=str(tmp_path / "gone.pth")).fit(data_of(parts(8, 1), parts(8, 2)), QuietContext())
    assert caught.value.problem.code is ProblemCode.WEIGHTS_UNREADABLE


# ---- labelled defects --------------------------------------------------------------------------------------------------------------


def test_labelled_defects_find_what_novelty_misses_and_leave_novel_defects_novel(labelled: TrainingData):
    good, known = noise(40, 4), striped(40, 5)
    unknown = good.copy()
    unknown[:, 20:30, 20:30] = 255  # like nothing that was labelled
    found = {}
    for name, changes in (("without", {"labelled_defects": 0}), ("taught", {"tuning_steps": 240})):
        detector = made(**changes)
        detector.fit(labelled, QuietContext())
        found[name] = auroc(detector, good, known), auroc(detector, good, unknown)
    assert found["taught"][0] > 0.95 > 0.85 > found["without"][0]
    assert found["without"][1] > 0.95 and found["taught"][1] > 0.95


def test_no_labelled_defect_is_the_same_as_none_allowed_bit_by_bit(labelled: TrainingData):
    assert labelled.labels is not None
    good = labelled.train[labelled.labels == 0]
    scores = []
    for data, allowed in ((labelled, 0), (replace(labelled, train=good, labels=np.zeros(len(good), dtype=np.int8)), 25)):
        detector = made(labelled_defects=allowed)
        detector.fit(data, QuietContext())
        scores.append(detector.score(noise(10, 4)).scores)
    np.testing.assert_array_equal(*scores)


def test_only_as_many_labelled_defects_as_allowed_are_looked_at_and_more_hold_the_fewer(labelled: TrainingData):
    assert labelled.labels is not None
    few, more = (made(labelled_defects=count)._divided(labelled)[1] for count in (5, 10))
    assert len(few) == 5 and len(more) == 10 and set(few) < set(more)
    assert bool(labelled.labels[more].all())
    assert set(made(seed=1, labelled_defects=5)._divided(labelled)[1]) != set(few)
    unused = np.setdiff1d(np.flatnonzero(labelled.labels), few)
    other = labelled.train.copy()
    other[unused] = 255 - other[unused]
    scores = []
    for train in (labelled.train, other):
        detector = made(labelled_defects=5)
        detector.fit(replace(labelled, train=train), QuietContext())
        scores.append(detector.score(noise(10, 4)).scores)
    np.testing.assert_array_equal(*scores)


@given(st.lists(st.floats(-20, 20), min_size=4, max_size=4), st.floats(0, 10), st.floats(0, 10))
@settings(max_examples=60, deadline=None)
def test_more_novelty_or_more_evidence_never_lowers_a_score(values: list[float], novelty: float, odds: float):
    judge = DefectJudge(SmallTower(1, patch=8, width=4, without_axis=False))
    evidence = LabelledEvidence(judge, novelty=Scale(mean=values[0], spread=1.5), odds=Scale(mean=values[1], spread=0.5))
    places = torch.full((1, 2, 3), values[2], dtype=torch.float64)
    before = torch.tensor([values[3]], dtype=torch.float64)
    score = float(evidence.scores(before, places))
    assert float(evidence.scores(before + novelty, places)) >= score
    assert float(evidence.scores(before, places + odds)) >= score
    assert score >= (values[3] - values[0]) / 1.5  # what novelty alone says


def test_the_odds_of_a_picture_lie_between_the_mean_and_the_worst_of_its_patches():
    odds = torch.randn(5, 6, 7, generator=torch.Generator().manual_seed(0))
    pooled = pooled_log_odds(odds)
    assert bool((pooled > odds.mean(dim=(1, 2))).all()) and bool((pooled < odds.amax(dim=(1, 2))).all())
    torch.testing.assert_close(pooled_log_odds(torch.full((1, 6, 7), 2.0)), torch.tensor([2.0]))


# ---- going on after a break ----------------------------------------------------------------------------------------------------------


class _Breaks(QuietContext):
    """Cancelled when so much of the training is done, in hundredths."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def progress(self, done: int, total: int) -> None:
        self.cancelled = self.cancelled or done >= self._share * total


@pytest.mark.parametrize(("phase", "share"), [("directions", 0.4), ("all_layers", 0.85)])
def test_a_training_that_was_cut_off_ends_with_the_same_model(phase: str, share: float, labelled: TrainingData, tmp_path: Path):
    lengths = {"directions": {"steps": 300, "tuning_steps": 4}, "all_layers": {"steps": 20, "tuning_steps": 400}}[phase]
    quick = {**lengths, "width": 4, "batch_size": 2, "bank_size": 50}
    whole = made(**quick)
    whole.fit(labelled, QuietContext())
    with pytest.raises(Cancelled):
        made(tmp_path, **quick).fit(labelled, _Breaks(share))
    assert (tmp_path / f"{phase}.safetensors").exists()
    resumed = made(tmp_path, **quick)
    resumed.fit(labelled, QuietContext())
    np.testing.assert_array_equal(resumed.score(striped(6, 7)).scores, whole.score(striped(6, 7)).scores)


# ---- some of many items ------------------------------------------------------------------------------------------------------------


def test_chosen_items_are_those_of_the_array():
    items, places = np.arange(60).reshape(10, 2, 3), np.array([7, 1, 4])
    chosen = ChosenItems(items, places)
    assert len(chosen) == 3 and chosen.shape == (3, 2, 3) and chosen.nbytes == items[places].nbytes and chosen.dtype == items.dtype
    np.testing.assert_array_equal(np.asarray(chosen), items[places])
    np.testing.assert_array_equal(np.stack(list(chosen)), items[places])
    for key in (1, slice(1, 3), np.array([2, 0, 2])):
        np.testing.assert_array_equal(chosen[key], items[places][key])
