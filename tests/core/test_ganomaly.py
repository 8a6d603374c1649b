"""GANomaly against its formulas, and its shared forward pass against the plain way of doing it twice."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from torch.nn import functional

from core.detectors.base import TrainingData
from core.detectors.ganomaly import Ganomaly
from core.job_context import Cancelled, QuietContext
from core.networks.dcgan import Discriminator, initialise_gan, to_signed
from core.networks.ganomaly import (
    GanomalyGenerator,
    GanomalyTrainee,
    Weights,
    discriminator_loss,
    ganomaly_discriminator,
    generator_loss,
)
from core.networks.pictures import PictureStore, to_network
from tests.core import detector_cases as rules

RATE = 2e-3


class Training(GanomalyTrainee):
    """One without curves."""

    def end_epoch(self, epoch: int) -> None:
        self.discriminator_loss()


def networks(*, height: int = 32, width: int = 32, channels: int = 1, base: int = 4) -> tuple[GanomalyGenerator, Discriminator]:
    generator = GanomalyGenerator(height=height, width=width, channels=channels, base=base, latent=6)
    discriminator = ganomaly_discriminator(height=height, width=width, channels=channels, base=base)
    initialise_gan(generator, 1)
    initialise_gan(discriminator, 2)
    return generator, discriminator


def training(generator: GanomalyGenerator, discriminator: Discriminator, *, weights: Weights | None = None) -> Training:
    store = PictureStore(rules.pictures(16, rules.GREY, seed=6), "cpu")
    return Training(generator, discriminator, store, weights=weights or Weights(), learning_rate=RATE)


def some_steps(trainee: Training, count: int = 3) -> None:
    random = torch.Generator().manual_seed(0)
    for place in range(count):
        trainee.step(np.arange(8) + 4 * (place % 3), random)


def weights_of(network: nn.Module) -> Tensor:
    return torch.cat([weight.detach().flatten() for weight in network.parameters()])


@pytest.fixture(scope="module")
def case() -> rules.Case:
    return rules.picture_case("ganomaly", rules.GREY)


@pytest.fixture(scope="module")
def fitted(case: rules.Case) -> Ganomaly:
    detector = case.fitted()
    assert isinstance(detector, Ganomaly)
    return detector


# ---- the networks ------------------------------------------------------------------------------------------------------------------


def test_first_convolutions_start_with_the_spread_that_gans_need():
    """A popular port draws them on the container, where it has no effect: its spreads are 0.003 to 0.084."""
    generator, discriminator = networks(channels=3, base=64, height=64, width=64)
    for encoder in (generator.encoder, generator.second_encoder, discriminator):
        first = next(module for module in encoder.modules() if isinstance(module, nn.Conv2d))
        assert float(first.weight.detach().std()) == pytest.approx(0.02, rel=0.05)


def test_no_layer_but_batch_normalisation_has_a_bias():
    for network in networks():
        biased = {type(module) for module in network.modules() if getattr(module, "bias", None) is not None}
        assert biased == {nn.BatchNorm2d}


@pytest.mark.parametrize(("height", "width"), [(32, 32), (32, 48), (80, 48), (240, 320), (256, 512)])
def test_a_picture_of_any_shape_has_one_code(height: int, width: int):
    """A popular port gives 50 scores for two pictures of 240 x 320."""
    generator, discriminator = networks(height=height, width=width)
    pictures = torch.zeros(2, 1, height, width)
    rebuilt, code, code_again = generator.eval()(pictures)
    assert rebuilt.shape == pictures.shape and code.shape == code_again.shape == (2, 6)
    assert discriminator(pictures).shape == (2, 1)


@pytest.mark.parametrize(("height", "width"), [(40, 32), (32, 28)])
def test_sides_that_are_no_multiple_of_sixteen_are_refused(height: int, width: int):
    with pytest.raises(ValueError, match="multiple of 16"):
        networks(height=height, width=width)


# ---- the losses --------------------------------------------------------------------------------------------------------------------


def test_generator_loss_of_a_batch_by_hand():
    real, rebuilt = torch.zeros(2, 1, 1, 2), torch.tensor([[[[0.5, -0.5]]], [[[0.0, 1.0]]]])
    codes = torch.zeros(2, 2), torch.tensor([[1.0, 3.0], [0.0, 0.0]])
    features = torch.zeros(2, 1, 1, 1), torch.tensor([2.0, 0.0]).reshape(2, 1, 1, 1)
    losses = generator_loss(Weights(), real=real, rebuilt=rebuilt, codes=codes, features=features)
    assert losses.tolist() == [1 * 4 + 50 * 0.5 + 1 * 5, 50 * 0.5]
    uneven = generator_loss(Weights(adversarial=2, image=3, code=5), real=real, rebuilt=rebuilt, codes=codes, features=features)
    assert uneven.tolist() == [2 * 4 + 3 * 0.5 + 5 * 5, 3 * 0.5]


def test_real_features_count_as_a_constant():
    real, made = torch.ones(1, 1, requires_grad=True), torch.zeros(1, 1, requires_grad=True)
    nothing = torch.zeros(1, 1)
    generator_loss(Weights(), real=nothing, rebuilt=nothing, codes=(nothing, nothing), features=(real, made)).sum().backward()
    assert real.grad is None and made.grad is not None


def test_discriminator_loss_is_half_the_cross_entropies():
    real, made = torch.randn(5, 1, generator=torch.Generator().manual_seed(1)), torch.tensor([[-40.0], [40.0], [0.1], [2.0], [-3.0]])
    expected = functional.binary_cross_entropy_with_logits(real, torch.ones_like(real))
    expected = (expected + functional.binary_cross_entropy_with_logits(made, torch.zeros_like(made))) / 2
    torch.testing.assert_close(discriminator_loss(real, made), expected)
    assert float(discriminator_loss(torch.zeros(3, 1), torch.zeros(3, 1))) == pytest.approx(np.log(2))


# ---- a step ------------------------------------------------------------------------------------------------------------------------


def test_a_step_is_what_running_every_network_twice_would_give():
    """The authors' order: the discriminator judges before either network has moved, with forward passes of its own for each loss."""
    ours, plain = networks(), networks()
    some_steps(training(*ours))
    generator, discriminator = plain
    betas = (0.5, 0.999)
    adam = [torch.optim.Adam(network.parameters(), lr=RATE, betas=betas) for network in plain]
    pictures = rules.pictures(16, rules.GREY, seed=6)
    for place in range(3):
        real = to_signed(to_network(torch.from_numpy(pictures[np.arange(8) + 4 * (place % 3)])))
        rebuilt, code, code_again = generator(real)
        judged = [discriminator(real), discriminator(rebuilt.detach())]
        told = sum(
            functional.binary_cross_entropy(torch.sigmoid(one), torch.full_like(one, target)) / 2
            for one, target in zip(judged, (1, 0), strict=True)
        )
        seen = [discriminator.features(real).detach(), discriminator.features(rebuilt)]
        loss = functional.mse_loss(seen[1], seen[0]) + 50 * functional.l1_loss(rebuilt, real) + functional.mse_loss(code_again, code)
        for optimiser in adam:
            optimiser.zero_grad()
        loss.backward()
        adam[1].zero_grad()
        told.backward()
        for optimiser in adam:
            optimiser.step()
    for one, other in zip(ours, plain, strict=True):
        torch.testing.assert_close(weights_of(one), weights_of(other), rtol=0, atol=2e-5)


@pytest.mark.parametrize("still", ["generator", "discriminator"])
def test_neither_update_moves_the_other_network(still: str):
    both, one = networks(), networks()
    trainees = training(*both), training(*one)
    for group in trainees[1].optimisers[still].param_groups:
        group["lr"] = 0.0
    before = {"generator": weights_of(one[0]), "discriminator": weights_of(one[1])}
    for trainee in trainees:
        some_steps(trainee, 1)
    after = {"generator": weights_of(one[0]), "discriminator": weights_of(one[1])}
    moved = {"generator": weights_of(both[0]), "discriminator": weights_of(both[1])}
    other = "discriminator" if still == "generator" else "generator"
    assert torch.equal(after[still], before[still]) and not torch.equal(moved[still], before[still])
    assert torch.equal(after[other], moved[other]) and not torch.equal(after[other], before[other])


def test_with_the_pixels_alone_it_is_an_autoencoder_with_absolute_error():
    ours, plain = networks()[0], networks()[0]
    second = weights_of(ours.second_encoder)
    some_steps(training(ours, networks()[1], weights=Weights(adversarial=0, image=1, code=0)))
    adam = torch.optim.Adam([*plain.encoder.parameters(), *plain.decoder.parameters()], lr=RATE, betas=(0.5, 0.999))
    pictures = rules.pictures(16, rules.GREY, seed=6)
    for place in range(3):
        real = to_signed(to_network(torch.from_numpy(pictures[np.arange(8) + 4 * (place % 3)])))
        adam.zero_grad()
        functional.l1_loss(plain.decoder(plain.encoder(real)), real).backward()
        adam.step()
    torch.testing.assert_close(weights_of(ours.encoder), weights_of(plain.encoder), rtol=0, atol=2e-5)
    torch.testing.assert_close(weights_of(ours.decoder), weights_of(plain.decoder), rtol=0, atol=2e-5)
    assert torch.equal(weights_of(ours.second_encoder), second)


def _certain(discriminator: Discriminator, trainee: Training) -> None:
    """Makes it sure of what it has learnt."""
    for group in trainee.optimisers["discriminator"].param_groups:
        group["lr"] = 0.01
    some_steps(trainee, 12)
    with torch.no_grad():
        for weight in discriminator.judgement.parameters():
            weight *= 1e4


def test_a_discriminator_that_has_won_is_drawn_anew_from_the_steps_own_numbers():
    found = []
    for seed in (3, 3, 4):
        generator, discriminator = networks()
        trainee = training(generator, discriminator)
        _certain(discriminator, trainee)
        assert float(weights_of(discriminator.judgement).std()) > 10
        trainee.step(np.arange(8), torch.Generator().manual_seed(seed))
        found.append(weights_of(discriminator))
        assert float(weights_of(discriminator.judgement).std()) == pytest.approx(0.02, rel=0.1)
    assert torch.equal(found[0], found[1]) and not torch.equal(found[0], found[2])


def test_a_discriminator_that_has_not_won_goes_on():
    generator, discriminator = networks()
    before = weights_of(discriminator)
    some_steps(training(generator, discriminator), 1)
    assert float((weights_of(discriminator) - before).abs().max()) < 1.5 * RATE


# ---- the detector ------------------------------------------------------------------------------------------------------------------


def test_scores_are_what_the_paper_and_the_authors_program_say(case: rules.Case, fitted: Ganomaly):
    _, code, code_again = fitted._network(to_signed(to_network(torch.from_numpy(case.mixed))))
    difference = (code - code_again).detach().double().numpy()
    np.testing.assert_allclose(fitted.score(case.mixed).scores, np.abs(difference).sum(axis=1), rtol=1e-4)
    squared = copy.copy(fitted)
    squared.parameters = fitted.parameters.model_copy(update={"code_difference": "squared"})
    np.testing.assert_allclose(squared.score(case.mixed).scores, np.square(difference).mean(axis=1), rtol=1e-4)


def test_a_picture_that_is_rebuilt_exactly_and_read_in_the_same_way_scores_zero(case: rules.Case, fitted: Ganomaly):
    class Perfect(nn.Module):
        """A decoder that knows what it has to make."""

        def forward(self, codes: Tensor) -> Tensor:
            return to_signed(to_network(torch.from_numpy(np.repeat(case.good[:1], len(codes), axis=0))))

    perfect = copy.copy(fitted)
    perfect._network = copy.deepcopy(fitted._network)
    perfect._network.second_encoder = perfect._network.encoder
    perfect._network.decoder = Perfect()  # type: ignore[assignment]
    assert perfect.score(case.good[:1]).scores == [0]
    assert perfect.score(case.defective[:1]).scores > 0
    np.testing.assert_array_equal(perfect.score(case.good[:1]).reconstructions, case.good[:1])


def test_ranking_does_not_change_by_scaling_to_the_smallest_and_largest(case: rules.Case, fitted: Ganomaly):
    scores = fitted.score(case.mixed).scores
    labels = np.repeat([0, 1], [len(case.good), len(case.defective)])
    assert roc_auc_score(labels, (scores - scores.min()) / np.ptp(scores)) == roc_auc_score(labels, scores) > 0.9


def test_scoring_in_train_mode_would_be_noticed(case: rules.Case, fitted: Ganomaly):
    left = copy.copy(fitted)
    left._network = copy.deepcopy(fitted._network).train()
    with pytest.raises(AssertionError):
        rules.assert_same_alone_and_in_batches(left, case.mixed)


def test_the_map_shows_where(fitted: Ganomaly):
    """The same picture without and with its spot tells where the spot is."""
    found = []
    for seed in range(30, 38):
        plain, spotted = (rules.pictures(1, rules.GREY, seed=seed, defective=defective) for defective in (False, True))
        spot = (plain != spotted)[0, :, :, 0]
        found.append(roc_auc_score(spot.ravel(), fitted.score(spotted).maps.ravel()))
    assert np.mean(found) > 0.9


def test_a_training_that_was_cut_off_ends_the_same(case: rules.Case, tmp_path: Path, fitted: Ganomaly):
    class CutOff(QuietContext):
        def progress(self, done: int, total: int) -> None:
            self.cancelled = done == 70  # in the second of two epochs

    with pytest.raises(Cancelled):
        case.make(checkpoints=tmp_path).fit(case.data, CutOff())
    resumed = case.make(checkpoints=tmp_path)
    resumed.fit(case.data, QuietContext())
    np.testing.assert_array_equal(resumed.score(case.mixed).scores, fitted.score(case.mixed).scores)


def test_thirty_one_photos_are_enough_for_batches_of_thirty_two():
    form = rules.ImageInput(height=48, width=32, channels=3)
    data = TrainingData(input=form, train=rules.pictures(31, form, seed=1), calibration=rules.pictures(0, form, seed=2))
    parameters = Ganomaly.declaration.parameters.model_validate({"steps": 3, "width": 4})
    detector = Ganomaly(parameters)
    detector.fit(data, QuietContext())
    assert np.isfinite(detector.score(data.train).scores).all()


def test_memory_counts_weights_and_activations():
    def needed(**changes: int) -> int:
        form = rules.ImageInput(height=64, width=64, channels=3)
        data = TrainingData(input=form, train=rules.pictures(1, form, seed=1), calibration=rules.pictures(0, form, seed=1))
        return Ganomaly(Ganomaly.declaration.parameters.model_validate(changes)).memory_needed(data)

    assert needed(width=64, batch_size=2) > 16 * 13_000_000  # 13 million weights, their slopes, two moments each
    assert needed(batch_size=64) - needed(batch_size=32) == 2 * (needed(batch_size=32) - needed(batch_size=16))
