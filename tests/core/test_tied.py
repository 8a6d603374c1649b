"""The network of the robust autoencoder's paper."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from core.networks.tied import TiedAutoencoder

ROWS = torch.from_numpy(np.random.default_rng(0).normal(size=(40, 7)).astype(np.float32)) * torch.tensor([1, 1, 1, 3, 1, 1, 0.0])


def network(seed: int = 0) -> TiedAutoencoder:
    made = TiedAutoencoder(columns=7, hidden=5, latent=3)
    made.draw_weights(seed)
    made.set_range(ROWS)
    return made


def test_rows_lie_in_zero_to_one_by_one_range_for_all():
    made = network()
    inside = made.standardised(ROWS)
    assert float(inside.min()) == 0 and float(inside.max()) == 1
    np.testing.assert_allclose(float(made.spread), float((ROWS.max(0).values - ROWS.min(0).values).max()))
    np.testing.assert_allclose(made.in_units(inside), ROWS, atol=1e-6)
    assert not inside[:, 6].any()  # a column that never varies


def test_identical_rows_are_no_division_by_zero():
    made = network()
    made.set_range(ROWS[:1].repeat(5, 1))
    assert torch.isfinite(made(ROWS)).all()


def test_the_decoder_is_the_encoder_turned_round():
    made = network()
    codes = made.encode(made.standardised(ROWS)).detach()
    assert codes.shape == (40, 3) and float(codes.min()) > 0 and float(codes.max()) < 1
    first, second = made.first.weight, made.second.weight
    expected = torch.sigmoid(functional.linear(torch.sigmoid(codes @ second + made.hidden_bias), first.T, made.output_bias))
    torch.testing.assert_close(made.decode(codes), expected)
    assert len(list(made.parameters())) == 6  # two weights, four biases


def test_weights_are_drawn_as_the_authors_draw_them():
    made = TiedAutoencoder(columns=784, hidden=400, latent=200)
    made.draw_weights(3)
    for layer in (made.first, made.second):
        limit = (6 / sum(layer.weight.shape)) ** 0.5
        assert 0.98 * limit < float(layer.weight.detach().abs().max()) <= limit
        np.testing.assert_allclose(float(layer.weight.detach().std()), limit / 3**0.5, rtol=0.02)
    assert 0.09 < float(made.output_bias.detach().abs().max()) <= 0.1
    again, other = network(1).state_dict(), network(2).state_dict()
    assert all(torch.equal(again[name], tensor) for name, tensor in network(1).state_dict().items())
    assert not torch.equal(again["first.weight"], other["first.weight"])


def test_drawing_weights_leaves_the_random_state_of_torch_alone():
    made = network()
    before = torch.get_rng_state()
    made.draw_weights(9)
    assert torch.equal(torch.get_rng_state(), before)
