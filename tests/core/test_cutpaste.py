"""CutPaste: batches of made-up defects, both levels, weights from files, and heat maps that peak at the defect (detectors.md 9.3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from scipy.ndimage import binary_dilation, gaussian_filter
from sklearn.covariance import LedoitWolf

from core.detectors.base import ImageInput, TrainingData
from core.detectors.cutpaste import CutPaste, CutPasteParameters
from core.job_context import Cancelled, QuietContext
from core.networks.convolutional import initialise
from core.networks.cutpaste import CLASSES, CutPasteClassifier, with_made_up_defects
from core.networks.cutpaste_levels import patch_side
from core.networks.pictures import to_network
from core.networks.resnet import ResNetFeatures
from core.problems import ProblemCode, ProblemError
from core.synthesis.cutpaste import cut_paste
from tests.core.detector_cases import GREY, picture_data, pictures

TEXTURE = ImageInput(height=64, width=80, channels=1)


def _texture(count: int, *, seed: int) -> NDArray[np.uint8]:
    """Woven cloth with a little noise: fine, regular, and at another place in every picture."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[: TEXTURE.height, : TEXTURE.width]
    result = np.empty((count, TEXTURE.height, TEXTURE.width, 1), dtype=np.uint8)
    for picture in result:
        down, across = random.uniform(0, 2 * np.pi, 2)
        cloth = np.sin(rows * 0.9 + down) * np.sin(columns * 0.7 + across)
        values = 128 + 40 * cloth + gaussian_filter(random.normal(0, 30, cloth.shape), 1.5)
        picture[..., 0] = values.clip(0, 255)
    return result


def _made(**changes: Any) -> CutPaste:
    quick = {"image_size": 32, "patch_size": 16, "steps": 20, "batch_size": 8}
    return CutPaste(CutPasteParameters.model_validate(quick | changes))


class Trained(NamedTuple):
    detector: CutPaste
    context: QuietContext


@pytest.fixture(scope="module")
def on_texture() -> Trained:
    detector, context = _made(image_size=64, steps=150, batch_size=16, aligned_parts=False), QuietContext()
    detector.fit(TrainingData(input=TEXTURE, train=_texture(60, seed=1), calibration=_texture(8, seed=2)), context)
    return Trained(detector, context)


# ---- what is learnt ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", CLASSES)
def test_a_batch_holds_every_class_as_often(variant: str):
    shown = torch.rand(5, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    batch, classes = with_made_up_defects(shown, variant, torch.Generator().manual_seed(1), scale=1.0, jitter=0.1)
    assert classes.tolist() == [number for number in range(CLASSES[variant]) for _ in range(5)]
    assert batch.shape == (5 * CLASSES[variant], 3, 32, 32)
    assert torch.equal(batch[:5], shown)
    changed = (batch[5:] != shown.repeat(CLASSES[variant] - 1, 1, 1, 1)).any(dim=1)
    assert bool(changed.any(dim=(1, 2)).all())
    if variant != "binary":  # scars are the last class, and smaller than patches would be
        assert float(changed[-5:].double().mean()) < 0.2


def test_the_classifier_learns_to_tell_them(on_texture: Trained):
    """Far below ln 3 = 1.10, which guessing costs, also for pictures that it never saw."""
    curves = {
        name: [value for found, _, value in on_texture.context.metrics if found == name] for name in ("train_loss", "calibration_loss")
    }
    assert len(curves["train_loss"]) == len(curves["calibration_loss"]) == 3
    assert curves["train_loss"][-1] < 0.85 and curves["calibration_loss"][-1] < 0.9


def test_heat_maps_peak_at_pasted_patches(on_texture: Trained):
    """detectors.md 9.3 item 7, for a model that learnt for seconds. The evidence is strongest along the edges of what was pasted, which
    are seen in patches of 16 pixels: a peak counts up to 4 pixels outside. By chance less than 20 % would."""
    clean_items = _texture(100, seed=7)
    defective, masks = cut_paste(to_network(torch.from_numpy(clean_items)), torch.Generator().manual_seed(3), jitter=0.3)
    scored = on_texture.detector.score((defective * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy())
    assert scored.maps is not None
    peaks = scored.maps.reshape(100, -1).argmax(axis=1)
    around = np.stack([binary_dilation(mask, iterations=4) for mask in masks.numpy()])
    assert around.mean() < 0.2
    assert around.reshape(100, -1)[np.arange(100), peaks].mean() > 0.75
    assert (scored.scores > on_texture.detector.score(clean_items).scores).mean() > 0.9


# ---- scores ------------------------------------------------------------------------------------------------------------------------


def test_score_of_an_image_is_scikit_learns_distance_of_its_features():
    data = picture_data(GREY)
    detector = _made(level="image")
    detector.fit(data, QuietContext())
    codes = detector.findings().codes
    assert codes is not None and codes.shape == (40, 128)
    items = pictures(6, GREY, seed=3, defective=True)
    with torch.inference_mode():
        features = detector._classifier.backbone(to_network(torch.from_numpy(items))).pooled.double().numpy()
    theirs = LedoitWolf().fit(codes.astype(np.float64)).mahalanobis(features)
    np.testing.assert_allclose(detector.score(items).scores, theirs, rtol=1e-3)


def test_score_of_patches_is_the_largest_part_of_the_map(on_texture: Trained):
    scored = on_texture.detector.score(_texture(3, seed=9))
    assert scored.maps is not None and scored.maps.shape == (3, 64, 80)
    count = round(0.005 * 64 * 80)
    np.testing.assert_allclose(scored.scores, np.sort(scored.maps.reshape(3, -1))[:, -count:].mean(axis=1), rtol=1e-6)


def test_aligned_parts_find_what_belongs_elsewhere():
    """A bar that is there as ever, but higher up: no patch is new, only its place is."""
    data = picture_data(GREY)
    moved = np.roll(pictures(20, GREY, seed=3), -9, axis=1)
    separated = []
    for aligned in (False, True):
        detector = _made(aligned_parts=aligned, detail="fine")
        detector.fit(data, QuietContext())
        usual, odd = detector.score(pictures(20, GREY, seed=3)).scores, detector.score(moved).scores
        separated.append(float(np.median(odd) / np.median(usual)))
    assert separated[1] > 2 * separated[0]


def test_grad_cam_is_the_gradient_of_the_odds():
    """Against the definition: the gradient with respect to the maps themselves, averaged over the places."""
    classifier = CutPasteClassifier(ResNetFeatures(1), 3).eval()
    initialise(classifier, 2)
    maps = torch.rand(4, 128, 3, 2, generator=torch.Generator().manual_seed(1), requires_grad=True)
    logits = classifier.head(maps.mean(dim=(2, 3)))
    odds = (logits[:, 1:].exp().sum(dim=1) / logits[:, 0].exp()).log()
    (gradient,) = torch.autograd.grad(odds.sum(), maps)
    expected = (gradient.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1).clamp(min=0)
    with torch.inference_mode():
        torch.testing.assert_close(classifier.attention(maps.detach()), expected.detach(), rtol=1e-4, atol=1e-7)
    assert float(expected.detach().max()) > 0


# ---- forms and files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "height", "width", "side"), [(32, 256, 256, 32), (32, 32, 200, 16), (128, 112, 112, 56), (8, 500, 500, 8)]
)
def test_patches_leave_room_for_crops(wanted: int, height: int, width: int, side: int):
    assert patch_side(wanted, height=height, width=width) == side


def test_long_pictures_keep_their_shape():
    form = _made(image_size=256).image_input([(1250, 500)] * 5, 1)
    assert (form.height, form.width) == (400, 160)


@pytest.mark.parametrize("changes", [{"patch_size": 24, "detail": "coarse"}, {"patch_size": 8, "aligned_parts": True}, {"level": "image"}])
def test_forms_that_patches_do_not_divide(changes: dict[str, Any]):
    form = ImageInput(height=48, width=80, channels=3)
    detector = _made(**changes)
    detector.fit(picture_data(form), QuietContext())
    scored = detector.score(pictures(3, form, seed=3))
    assert scored.maps is not None and scored.maps.shape == (3, 48, 80)
    assert np.isfinite(scored.scores).all() and np.isfinite(scored.maps).all()


def test_named_weights_are_where_learning_starts(tmp_path: Path):
    """With a learning rate of almost nothing the features stay those of the file."""
    trained = ResNetFeatures(1)
    initialise(trained, 77)
    save_file(
        {name: tensor.contiguous() for name, tensor in trained.state_dict().items() if name not in ("mean", "spread")},
        tmp_path / "w.safetensors",
    )
    detector = _made(weights_file=str(tmp_path / "w.safetensors"), learning_rate=1e-9)
    detector.fit(picture_data(GREY), QuietContext())
    torch.testing.assert_close(detector._classifier.backbone.layer2[0].conv1.weight, trained.layer2[0].conv1.weight)
    assert float(detector._classifier.backbone.mean) == pytest.approx(0.449)


def test_weights_of_the_wrong_width_are_refused_before_the_training(tmp_path: Path):
    torch.save(ResNetFeatures(1).state_dict(), tmp_path / "w.pth")
    with pytest.raises(ProblemError) as caught:
        _made(weights_file=str(tmp_path / "w.pth"), network_width="full").fit(picture_data(GREY), QuietContext())
    assert caught.value.problem.code is ProblemCode.WEIGHTS_UNREADABLE


class _StopsInTheSecondEpoch(QuietContext):
    def __init__(self) -> None:
        super().__init__()
        self.done = 0

    def progress(self, done: int, total: int) -> None:
        self.done = done

    def check(self) -> None:
        if self.done >= 60:
            raise Cancelled


def test_a_training_that_was_cut_off_ends_as_if_it_had_not_been(tmp_path: Path):
    data, items = picture_data(GREY), pictures(5, GREY, seed=3)
    parameters = _made(steps=100, batch_size=2).parameters
    whole = CutPaste(parameters)
    whole.fit(data, QuietContext())
    with pytest.raises(Cancelled):
        CutPaste(parameters, checkpoints=tmp_path).fit(data, _StopsInTheSecondEpoch())
    resumed = CutPaste(parameters, checkpoints=tmp_path)
    resumed.fit(data, QuietContext())
    np.testing.assert_array_equal(resumed.score(items).scores, whole.score(items).scores)


def test_memory_needed_grows_with_what_is_asked():
    data = picture_data(GREY)
    plain = _made().memory_needed(data)
    assert _made(network_width="full").memory_needed(data) > plain
    large = replace(data, input=ImageInput(height=512, width=512, channels=1))
    assert _made(level="image").memory_needed(large) > 100 * (_made(level="image").memory_needed(data) - 300_000_000)
