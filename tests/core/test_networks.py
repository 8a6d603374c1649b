"""The optimisation loop, checkpoints, seeds, batches and error maps that detectors share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter
from torch import nn

from core.job_context import Cancelled, QuietContext
from core.networks.checkpoint import read_checkpoint, write_checkpoint
from core.networks.convolutional import ConvolutionalAutoencoder, initialise
from core.networks.error_maps import gaussian_blur, squared_error_maps, top_mean
from core.networks.loop import Schedule, Trainee, batches_per_epoch, optimise, shuffled_batches
from core.networks.pictures import apply_in_batches, in_fixed_batches, mean_and_spread, moments_in_batches, to_network, to_pictures
from core.networks.seeds import derived_seed
from core.problems import ProblemCode, ProblemError

# ---- the worked example of the reconstruction error ----------------------------------------------------------------------------------


def test_batches_of_a_fixed_number_of_steps_go_round():
    schedule = Schedule(epochs=1, batch_size=4, seed=0, steps_per_epoch=10)
    batches = list(shuffled_batches(7, schedule, 0))
    assert [len(batch) for batch in batches] == [4] * 10 and schedule.batches(7) == 10
    counts = np.bincount(np.concatenate(batches), minlength=7)
    assert counts.max() - counts.min() <= 1


def test_squared_error_of_the_worked_example():
    """detectors.md 0.1: rows give 1, 2.25, 7.25 and 20.25 (with 0.5 in the last place) or 0 (with 5)."""
    original = torch.tensor([[1, 4, 2], [2.5, 5, 3], [1.5, 5, 4], [2, 3, 5]])
    rebuilt = torch.tensor([[1, 3, 2], [2, 4, 2], [0, 4, 2], [2, 3, 0.5]])
    sums = 3 * squared_error_maps(original[:, :, None, None], rebuilt[:, :, None, None]).flatten()
    torch.testing.assert_close(sums, torch.tensor([1, 2.25, 7.25, 20.25]))
    rebuilt[3, 2] = 5
    assert squared_error_maps(original[:, :, None, None], rebuilt[:, :, None, None]).flatten()[3] == 0


# ---- maps --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(40, 40), (33, 57)])
def test_blur_is_scipys(shape: tuple[int, int]):
    maps = np.random.default_rng(0).random((2, *shape))
    ours = gaussian_blur(torch.from_numpy(maps), 1.7).numpy()
    theirs = np.stack([gaussian_filter(one, 1.7, mode="nearest", radius=6) for one in maps])
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_blur_of_nothing_changes_nothing_and_a_constant_stays():
    maps = torch.rand(1, 8, 8, generator=torch.Generator().manual_seed(0))
    assert gaussian_blur(maps, 0) is maps
    torch.testing.assert_close(gaussian_blur(torch.full((1, 8, 8), 3.0), 2.0), torch.full((1, 8, 8), 3.0))


def test_a_planted_dot_keeps_its_place():
    """Peers' trap 18, at odd sizes that are not square."""
    maps = torch.zeros(1, 21, 35)
    maps[0, 4, 29] = 1
    assert int(gaussian_blur(maps, 1.5).argmax()) == 4 * 35 + 29


@given(st.floats(0.001, 1), st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_top_mean_lies_between_mean_and_maximum(share: float, seed: int):
    maps = torch.rand(3, 5, 7, generator=torch.Generator().manual_seed(seed))
    top = top_mean(maps, share)
    flat = maps.flatten(1).double()
    assert bool((top <= flat.amax(1) + 1e-9).all()) and bool((top >= flat.mean(1) - 1e-6).all())


def test_top_mean_at_its_ends():
    maps = torch.rand(3, 5, 7, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(top_mean(maps, 1.0), maps.flatten(1).double().mean(1))
    torch.testing.assert_close(top_mean(maps, 1e-9), maps.flatten(1).double().amax(1))


# ---- pictures ----------------------------------------------------------------------------------------------------------------------


def test_pictures_survive_the_way_to_the_network_and_back():
    pictures = np.random.default_rng(0).integers(0, 256, (3, 5, 7, 3), dtype=np.uint8)
    np.testing.assert_array_equal(to_pictures(to_network(torch.from_numpy(pictures))), pictures)


@given(st.integers(0, 70), st.integers(1, 32))
def test_fixed_batches_hold_every_item_once_and_have_one_size(count: int, size: int):
    seen: list[int] = []
    for indices, real in in_fixed_batches(count, size):
        assert len(indices) == size and 1 <= real <= size
        seen += indices[:real].tolist()
    assert seen == list(range(count))


def test_apply_in_batches_joins_in_order():
    pictures = np.arange(40, dtype=np.uint8)[:, None, None, None]
    (means,) = apply_in_batches(pictures, lambda batch: (batch.flatten(1).mean(1) * 255,), device="cpu", size=16)
    np.testing.assert_allclose(means, np.arange(40), atol=1e-4)


def test_moments_are_numpys():
    pictures = np.random.default_rng(0).integers(0, 256, (37, 5, 7, 3), dtype=np.uint8)
    mean, spread = moments_in_batches(pictures, lambda batch: batch.mean(dim=1), device="cpu")
    values = (pictures / 255).mean(axis=3)
    np.testing.assert_allclose(mean, values.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(spread, values.std(axis=0), atol=1e-6)
    mean_picture, around = mean_and_spread(pictures)
    np.testing.assert_allclose(mean_picture, (pictures / 255).mean(axis=0).transpose(2, 0, 1), atol=1e-6)
    assert around == pytest.approx(np.sqrt((pictures / 255).var(axis=0).mean()))


# ---- seeds and batches -------------------------------------------------------------------------------------------------------------


def test_derived_seeds_differ_by_seed_and_purpose():
    seeds = {derived_seed(seed, epoch, purpose) for seed in range(5) for epoch in range(20) for purpose in range(2)}
    assert len(seeds) == 5 * 20 * 2
    assert derived_seed(0, 3) == derived_seed(0, 3)


@given(st.integers(1, 100), st.integers(2, 40), st.integers(0, 5))
def test_batches_hold_every_item_once_and_never_one_alone(count: int, batch_size: int, epoch: int):
    schedule = Schedule(epochs=9, batch_size=batch_size, seed=1)
    batches = list(shuffled_batches(count, schedule, epoch))
    assert len(batches) == batches_per_epoch(count, batch_size)
    assert sorted(np.concatenate(batches).tolist()) == list(range(count))
    assert count == 1 or min(len(batch) for batch in batches) >= 2


def test_each_epoch_has_its_own_order():
    schedule = Schedule(epochs=9, batch_size=7, seed=1)
    first, again, second = (next(shuffled_batches(50, schedule, epoch)).tolist() for epoch in (0, 0, 1))
    assert first == again != second


# ---- the loop ----------------------------------------------------------------------------------------------------------------------


class _Line(Trainee):
    """Learns y = 3 x - 1 with noise in every step; stops the training when told."""

    def __init__(self, *, stop_after: int | None = None, rate: float = 0.05) -> None:
        self.network = nn.Sequential(nn.Linear(1, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))
        initialise(self.network, 7)
        self.inputs = torch.linspace(-1, 1, 33)[:, None]
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=rate)
        self.networks = {"line": self.network}
        self.optimisers = {"adam": self.optimiser}
        self.stop_after = stop_after
        self.modes: list[bool] = []
        self.rates: list[float] = []

    def step(self, indices: Any, generator: torch.Generator) -> torch.Tensor:
        assert self.network.training
        self.rates.append(self.optimiser.param_groups[0]["lr"])
        inputs = self.inputs[torch.from_numpy(indices)]
        noise = 0.1 * torch.randn(inputs.shape, generator=generator)
        loss = (self.network(inputs + noise) - (3 * inputs - 1)).square().mean()
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return loss

    def end_epoch(self, epoch: int) -> None:
        self.modes.append(self.network.training)
        if self.stop_after == epoch:
            raise KeyboardInterrupt


def _train(trainee: _Line, *, epochs: int = 12, checkpoint: Path | None = None, context: QuietContext | None = None) -> None:
    schedule = Schedule(epochs=epochs, batch_size=8, seed=3)
    optimise(trainee, count=33, schedule=schedule, device="cpu", context=context or QuietContext(), checkpoint=checkpoint)


def _weights(trainee: _Line) -> list[bytes]:
    return [tensor.numpy().tobytes() for tensor in trainee.network.state_dict().values()]


def test_loss_falls_by_ten_and_the_curve_is_told():
    context, trainee = QuietContext(), _Line()
    _train(trainee, epochs=60, context=context)
    curve = [value for name, _, value in context.metrics if name == "train_loss"]
    assert [step for name, step, _ in context.metrics if name == "train_loss"] == list(range(1, 61))
    assert curve[-1] < curve[0] / 10
    assert trainee.modes == [False] * 60 and not trainee.network.training


def test_learning_rate_falls_along_a_half_cosine():
    trainee = _Line()
    _train(trainee)
    assert trainee.rates[0] == pytest.approx(0.05) and trainee.rates[-1] < 0.002
    assert trainee.rates == sorted(trainee.rates, reverse=True)


@pytest.mark.parametrize("stop_after", [1, 5, 12])
def test_resumed_training_ends_with_the_same_weights(stop_after: int, tmp_path: Path):
    whole = _Line()
    _train(whole)
    checkpoint = tmp_path / "state.safetensors"
    cut = _Line(stop_after=stop_after + 1 if stop_after < 12 else 12)
    with pytest.raises(KeyboardInterrupt):
        _train(cut, checkpoint=checkpoint)
    resumed = _Line()
    _train(resumed, checkpoint=checkpoint)
    assert len(resumed.modes) == (12 - stop_after if stop_after < 12 else 1)
    assert _weights(resumed) == _weights(whole)


def test_a_finished_checkpoint_trains_no_further(tmp_path: Path):
    first, second = _Line(), _Line()
    _train(first, checkpoint=tmp_path / "state.safetensors")
    _train(second, checkpoint=tmp_path / "state.safetensors")
    assert second.modes == [] and _weights(second) == _weights(first)


def test_foreign_checkpoint_is_refused(tmp_path: Path):
    path = tmp_path / "state.safetensors"
    path.write_bytes(b"\x80\x04pickled")
    with pytest.raises(ProblemError) as caught:
        _train(_Line(), checkpoint=path)
    assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED
    other = nn.Linear(4, 4)
    write_checkpoint(path, {"line": other}, {}, epoch=1)
    line = _Line()
    with pytest.raises(ProblemError):
        read_checkpoint(path, line.networks, line.optimisers)


def test_a_loss_that_is_no_number_stops_the_training():
    trainee = _Line(rate=0.1)
    trainee.inputs[5] = float("nan")
    with pytest.raises(ProblemError) as caught:
        _train(trainee)
    assert caught.value.problem.code is ProblemCode.TRAINING_DIVERGED


def test_cancel_is_seen_before_the_next_batch():
    context = QuietContext()
    steps: list[int] = []

    class Cancelling(_Line):
        def step(self, indices: Any, generator: torch.Generator) -> torch.Tensor:
            steps.append(1)
            context.cancelled = len(steps) == 3
            return super().step(indices, generator)

    with pytest.raises(Cancelled):
        _train(Cancelling(), context=context)
    assert len(steps) == 3


# ---- networks ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("height", "width", "channels"), [(32, 32, 1), (48, 80, 3)])
def test_autoencoder_gives_back_the_shape(height: int, width: int, channels: int):
    network = ConvolutionalAutoencoder(height=height, width=width, channels=channels, base=4, latent=3)
    assert network(torch.zeros(2, channels, height, width)).shape == (2, channels, height, width)
    with pytest.raises(ValueError, match="multiple"):
        ConvolutionalAutoencoder(height=height + 1, width=width, channels=channels, base=4, latent=3)


def test_weights_come_from_the_seed_alone():
    def weights(seed: int) -> bytes:
        torch.manual_seed(np.random.default_rng().integers(2**31))
        network = ConvolutionalAutoencoder(height=32, width=32, channels=1, base=4, latent=3)
        before = torch.get_rng_state()
        initialise(network, seed)
        assert torch.equal(torch.get_rng_state(), before)
        return b"".join(tensor.numpy().tobytes() for tensor in network.state_dict().values())

    assert weights(0) == weights(0) != weights(1)
