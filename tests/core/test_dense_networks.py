"""The dense autoencoder of rows, the variational wrapper, and the discriminator of codes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.distributions import Normal, kl_divergence

from core.networks.code_discriminator import CodeDiscriminator
from core.networks.convolutional import ConvolutionalAutoencoder, initialise
from core.networks.dense import DenseAutoencoder
from core.networks.variational import CODE_BOUNDS, VariationalAutoencoder, WarmUp, bounded, divergence_from_prior, surprise


def _random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# ---- dense ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("columns", "hidden"), [(3, 32), (64, 32), (200, 100)])
def test_layers_are_those_of_the_facts(columns: int, hidden: int):
    """detectors.md 6.1 (b): d - max(32, d / 2) - k - max(32, d / 2) - d."""
    network = DenseAutoencoder(columns=columns, latent=2)
    widths = [(layer.in_features, layer.out_features) for layer in network.modules() if isinstance(layer, nn.Linear)]
    assert widths == [(columns, hidden), (hidden, 2), (2, hidden), (hidden, columns)]


def test_rows_do_not_see_each_other_and_nothing_is_cut_off():
    network = DenseAutoencoder(columns=6, latent=3)
    initialise(network, 0)
    rows = 100 * _random(5, 6).float()
    whole = network(rows)
    torch.testing.assert_close(network(rows[2:3]), whole[2:3])
    assert whole.abs().max() > 10


# ---- variational -----------------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 1000), st.floats(0.1, 4))
@settings(max_examples=50, deadline=None)
def test_divergence_is_that_of_torch_and_never_cut_off(seed: int, scale: float):
    """P11: closed form to 1e-12. PyOD's would be 0 for all of these."""
    mean, log_variance = scale * _random(4, 7, seed=seed), scale * _random(4, 7, seed=seed + 1)
    ours = divergence_from_prior(mean, log_variance)
    theirs = kl_divergence(Normal(mean, (0.5 * log_variance).exp()), Normal(torch.zeros_like(mean), torch.ones_like(mean))).sum(dim=1)
    torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)
    assert bool((ours > 0).all())


def test_divergence_is_0_for_the_prior_alone_and_pulls_means_back():
    zeros = torch.zeros(2, 5, dtype=torch.float64)
    assert divergence_from_prior(zeros, zeros).tolist() == [0, 0]
    mean = _random(2, 5).requires_grad_()
    divergence_from_prior(mean, zeros).sum().backward()
    torch.testing.assert_close(mean.grad, mean.detach(), rtol=1e-14, atol=0)


def test_surprise_is_the_negative_log_density():
    values, means, log_variances = _random(3, 4, seed=1), _random(3, 4, seed=2), _random(3, 4, seed=3)
    theirs = -Normal(means, (0.5 * log_variances).exp()).log_prob(values)
    torch.testing.assert_close(surprise(values, means, log_variances), theirs, rtol=1e-12, atol=1e-12)


@given(st.floats(-1e4, 1e4))
def test_bounds_hold_and_bend(value: float):
    bent = bounded(torch.tensor(value, dtype=torch.float64), CODE_BOUNDS)
    assert CODE_BOUNDS[0] - 1e-9 <= bent <= CODE_BOUNDS[1] + 1e-4
    if -5 < value < 1:
        assert abs(float(bent) - value) < 0.06


def test_bounds_have_a_gradient_on_both_sides():
    outside = torch.tensor([-12.0, 7.0], dtype=torch.float64, requires_grad=True)
    bounded(outside, CODE_BOUNDS).sum().backward()
    assert outside.grad is not None and bool((outside.grad > 1e-3).all())


@pytest.mark.parametrize("variance", [None, 0.25])
def test_wrapped_networks_rebuild_from_the_middle_of_the_cloud(variance: float | None):
    plain = ConvolutionalAutoencoder(height=32, width=48, channels=3, base=4, latent=5, code_parts=2, output_parts=1 if variance else 2)
    network = VariationalAutoencoder(plain, variance=variance)
    initialise(network, 3)
    network.eval()
    pictures = torch.rand(2, 3, 32, 48, generator=torch.Generator().manual_seed(0))
    mean, log_variance = network.posterior(network.standardised(pictures))
    assert mean.shape == log_variance.shape == (2, 5)
    values, variances = network.likelihood(mean)
    assert values.shape == variances.shape == pictures.shape
    torch.testing.assert_close(network(pictures), network.in_units(values))
    if variance:
        assert variances.unique().tolist() == pytest.approx([math.log(variance)])


def test_reconstruction_probability_settles_as_draws_grow():
    """The variance of a mean over L draws falls as 1 / L (detectors.md 6.3 f)."""
    network = VariationalAutoencoder(DenseAutoencoder(columns=6, latent=2, code_parts=2, output_parts=2), variance=None)
    initialise(network, 0)
    rows = _random(1, 6).float()
    with torch.inference_mode():
        mean, log_variance = network.posterior(rows)
        normals = torch.randn(40_000, 2, generator=torch.Generator().manual_seed(0))
        codes = mean + (0.5 * log_variance).exp() * normals
        single = surprise(rows, *network.likelihood(codes)).sum(dim=1).double()
    of_10, of_100 = (single.reshape(-1, draws).mean(dim=1).var().item() for draws in (10, 100))
    assert of_10 / of_100 == pytest.approx(10, rel=0.3)


def test_the_bound_lies_above_the_surprise_of_importance_sampling():
    """-ELBO >= -log p(x) (detectors.md 6.3 f)."""
    network = VariationalAutoencoder(DenseAutoencoder(columns=4, latent=2, code_parts=2, output_parts=2), variance=None).double()
    initialise(network, 1)
    row = _random(1, 4)
    with torch.inference_mode():
        mean, log_variance = network.posterior(row)
        spread = (0.5 * log_variance).exp()
        codes = mean + spread * torch.randn(50_000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        unexpected = surprise(row, *network.likelihood(codes)).sum(dim=1)
        bound = unexpected.mean() + divergence_from_prior(mean, log_variance)[0]
        log_ratio = Normal(0.0, 1.0).log_prob(codes).sum(dim=1) - Normal(mean, spread).log_prob(codes).sum(dim=1)
        truth = -(torch.logsumexp(log_ratio - unexpected, dim=0) - math.log(len(codes)))
    assert bound > truth


def test_warm_up_rises_evenly_and_its_count_is_kept():
    warm_up = WarmUp(4)
    assert [warm_up.next_weight() for _ in range(3)] == [0, 0.25, 0.5]
    resumed = WarmUp(4)
    resumed.load_state_dict(warm_up.state_dict())
    assert [resumed.next_weight() for _ in range(3)] == [0.75, 1, 1]
    assert WarmUp(0).next_weight() == 1


# ---- adversarial -----------------------------------------------------------------------------------------------------------------------


def test_discriminator_begins_without_an_opinion_and_learns_one():
    """Its loss starts near 2 ln 2 = 1.386 (detectors.md 6.4 f)."""
    discriminator = CodeDiscriminator(length=4, width=64)
    initialise(discriminator, 0)
    discriminator.quieten()
    drawn, codes = _random(256, 4).float(), 3 + 0.5 * _random(256, 4, seed=1).float()
    assert discriminator.loss(drawn, codes).item() == pytest.approx(2 * math.log(2), abs=0.05)
    before = discriminator.deception(codes).item()
    optimiser = torch.optim.Adam(discriminator.parameters(), lr=0.01)
    for _ in range(50):
        optimiser.zero_grad()
        loss = discriminator.loss(drawn, codes)
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.3
    assert discriminator.deception(codes).item() > before + 1
    assert bool((discriminator(drawn) > 0).float().mean() > 0.9) and bool((discriminator(codes) < 0).float().mean() > 0.9)
    assert np.isfinite(discriminator.loss(drawn, 1e6 * codes).item())
