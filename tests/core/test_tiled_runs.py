"""Runs on tiles: small defects on large pictures, maps without seams, and what belongs to which picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import roc_auc_score

from core.data.layout import scan_folder
from core.data.tiles import TileGrid
from core.detectors.base import Findings, ImageInput, Scored, TrainingData
from core.job_context import QuietContext
from core.problems import ProblemCode, ProblemError
from core.project import items, runs
from core.project.importing import import_folder
from core.project.opening import Project, create_project
from core.training.evidence import load_evidence
from core.training.item_forms import PictureForm, form_from_json, picture_form_of
from core.training.run import queue_run, train
from core.training.run_files import read_training_items
from core.training.scoring import score_items
from core.training.tiled import findings_of_pictures, score_tiled, tiled_data
from core.vocabulary import Label, Split
from tests.core.detector_cases import picture_case
from tests.core.run_cases import ids_of, request

HEIGHT, WIDTH, TILE = 96, 240, 48


def large_picture(random: np.random.Generator, spot: tuple[int, int] | None) -> NDArray[np.uint8]:
    """Stripes at a random phase; the spot is three pixels wide."""
    phase = random.uniform(0, 2 * np.pi)
    stripes = 120 + 40 * np.sin(np.arange(WIDTH) / 4 + phase)[None, :] + random.normal(0, 3, (HEIGHT, WIDTH))
    if spot is not None:
        stripes[spot[0] : spot[0] + 4, spot[1] : spot[1] + 4] -= 70
    picture: NDArray[np.uint8] = stripes.clip(0, 255).astype(np.uint8)
    return picture


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("large")
    random = np.random.default_rng(0)
    for name, count, spoilt in (("train/good", 24, False), ("test/good", 12, False), ("test/spot", 12, True)):
        (folder / "plates" / name).mkdir(parents=True)
        (folder / "plates/ground_truth/spot").mkdir(parents=True, exist_ok=True)
        for place in range(count):
            spot = (int(random.integers(4, HEIGHT - 8)), int(random.integers(4, WIDTH - 8))) if spoilt else None
            Image.fromarray(large_picture(random, spot)).save(folder / "plates" / name / f"{place:03}.png")
            if spot is not None:
                mask = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
                mask[spot[0] : spot[0] + 4, spot[1] : spot[1] + 4] = 255
                Image.fromarray(mask).save(folder / "plates/ground_truth/spot" / f"{place:03}_mask.png")
    made = create_project(folder / "project")
    import_folder(made, scan_folder(folder / "plates", QuietContext()), QuietContext())
    return made


def _run(project: Project, tile_size: int | None) -> int:
    asked = request(
        "autoencoder", tile_size=tile_size, parameters={"image_size": 48, "epochs": 25, "top_share": 0.2, "compare_places": False}
    )
    return train(project, asked, QuietContext())


def _auroc(project: Project, run_id: int) -> float:
    scores = runs.run_scores(project, run_id)
    good, spot = (ids_of(project, split=Split.TEST, label=label) for label in (Label.GOOD, Label.DEFECTIVE))
    values = [scores.score[np.isin(scores.item_id, chosen)] for chosen in (good, spot)]
    return float(roc_auc_score(np.repeat([0, 1], [len(good), len(spot)]), np.concatenate(values)))


def test_tiles_find_what_is_too_small_for_the_whole_picture(project: Project):
    whole, tiled = _run(project, None), _run(project, TILE)
    assert _auroc(project, tiled) > 0.95 > _auroc(project, whole) + 0.1
    for item in items.item_records(project, ids_of(project, label=Label.DEFECTIVE)):
        found = load_evidence(project, tiled, item.id)
        assert found.map is not None and found.reconstruction is not None and item.mask_path is not None
        row, column = np.unravel_index(int(found.map.argmax()), found.map.shape)
        mask = np.asarray(Image.open(item.mask_path)) > 0
        spot = np.argwhere(mask).mean(axis=0) / mask.shape * found.map.shape
        assert np.abs(spot - (row, column)).max() < 6
        assert found.reconstruction.shape[:2] == found.map.shape


def test_scoring_one_by_one_gives_the_same_scores(project: Project):
    run_id = _run(project, TILE)
    before = runs.run_scores(project, run_id)
    for item in before.item_id[:3].tolist():
        score_items(project, run_id, [item], QuietContext())
    np.testing.assert_array_equal(runs.run_scores(project, run_id).score, before.score)
    training = read_training_items(project.run_folder(run_id))
    form = form_from_json(runs.record(project, run_id).input or {})
    assert isinstance(form, PictureForm) and form.grid is not None and form.grid.count > 6
    learnt, counts = np.unique(training, return_counts=True)
    assert set(counts) == {form.grid.count} and set(learnt.tolist()) <= set(ids_of(project, label=Label.GOOD))


def test_a_tile_too_small_is_refused_and_a_large_one_is_the_whole_picture(project: Project):
    with pytest.raises(ProblemError) as caught:
        queue_run(project, request("autoencoder", tile_size=5))
    assert caught.value.problem.code is ProblemCode.PARAMETER_INVALID
    detector = picture_case("autoencoder", ImageInput(height=32, width=32, channels=1)).make()
    assert picture_form_of(detector, [(50, 90)], 1, tile_size=90).grid is None


@pytest.mark.parametrize(("height", "width", "tile"), [(500, 1250, 250), (1250, 500, 600), (333, 217, 100)])
def test_working_size_of_tiles_follows_the_scale(height: int, width: int, tile: int):
    detector = picture_case("autoencoder", ImageInput(height=32, width=32, channels=1)).make()
    form = picture_form_of(detector, [(height, width)] * 3, 3, tile_size=tile)
    assert form.grid is not None and (form.input.height, form.input.width) == (form.grid.tile_height, form.grid.tile_width) == (32, 32)
    side = min(tile, height, width)
    assert form.picture.height / height == pytest.approx(32 / side, rel=0.03) == pytest.approx(form.picture.width / width, rel=0.03)
    assert form_from_json(form.to_json()) == form


def test_defective_tiles_are_those_with_the_defect(tmp_path: Path):
    grid = TileGrid(height=32, width=64, tile_height=32, tile_width=32)
    pictures = np.random.default_rng(0).integers(0, 255, (3, 32, 64, 1), dtype=np.uint8)
    mask = np.zeros((32, 64), dtype=np.uint8)
    mask[10:20, 2:8] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    data = TrainingData(
        input=ImageInput(height=32, width=64, channels=1),
        train=pictures,
        calibration=pictures[:0],
        labels=np.array([0, 1, 1], dtype=np.int8),
    )
    tiled, places = tiled_data(data, grid, [None, tmp_path / "mask.png", None], QuietContext())
    assert tiled.labels is not None
    assert places.tolist() == [0] * grid.count + [1] and tiled.labels.tolist() == [0] * grid.count + [1]
    np.testing.assert_array_equal(tiled.train[-1], pictures[1, :, :32])
    assert len(tiled.calibration) == 0


def test_the_worst_tile_speaks_for_the_picture():
    grid = TileGrid(height=8, width=20, tile_height=8, tile_width=8)

    class Brightness:
        def score(self, batch: NDArray[np.uint8]) -> Scored:
            scores = batch.astype(float).max(axis=(1, 2, 3))
            return Scored(scores=scores, maps=batch[:, ::2, ::2, 0].astype(np.float32), neighbours=scores[:, None].astype(np.int64))

    pictures = np.zeros((2, 8, 20, 1), dtype=np.uint8)
    pictures[0, 3, 4], pictures[1, 5, 19] = 200, 90
    found = score_tiled(Brightness(), grid, pictures)  # type: ignore[arg-type]
    assert found.scores.tolist() == [200, 90] and found.maps is not None and found.maps.shape == (2, 8, 20)
    assert found.neighbours is not None and found.neighbours.tolist() == [[200], [90]]
    findings = Findings(suspicion=np.array([1.0, 5, 2, 0, 0, 3]), code_items=np.array([4, 1]))
    joined = findings_of_pictures(findings, np.repeat([0, 1], 3), 3)
    assert joined.suspicion is not None and joined.suspicion.tolist() == [5, 3, 0]
    assert joined.code_items is not None and joined.code_items.tolist() == [1, 0]
