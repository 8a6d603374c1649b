"""DCGAN's networks: shapes for pictures of all forms, where there is batch normalisation, and the weights that they begin with."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.networks.dcgan import Discriminator, Generator, from_signed, halvings, initialise_gan, to_signed


@pytest.mark.parametrize(("form", "count"), [((64, 64), 4), ((32, 32), 3), ((32, 48), 3), ((56, 72), 3), ((128, 128), 5), ((16, 200), 2)])
def test_sides_are_halved_down_to_about_four(form: tuple[int, int], count: int):
    assert halvings(*form) == count


@pytest.mark.parametrize("form", [(7, 8), (6, 64), (9, 9)])
def test_sides_that_cannot_be_halved_are_refused(form: tuple[int, int]):
    with pytest.raises(ValueError, match="halved"):
        Generator(height=form[0], width=form[1], channels=1, base=4, latent=3)


@settings(max_examples=25, deadline=None)
@given(height=st.integers(2, 8), width=st.integers(2, 8), channels=st.sampled_from([1, 3]), latent=st.integers(1, 9))
def test_pictures_of_all_forms_come_out_and_go_in(height: int, width: int, channels: int, latent: int):
    form = {"height": 8 * height, "width": 8 * width, "channels": channels, "base": 4}
    with torch.no_grad():
        made = Generator(**form, latent=latent).eval()(3 * torch.ones(2, latent))
        judged = Discriminator(**form, outputs=5).eval()(made)
    assert made.shape == (2, channels, 8 * height, 8 * width) and judged.shape == (2, 5)


def test_normalisation_is_everywhere_but_at_the_pictures():
    """DCGAN, section 3: neither at the generator's output nor at the discriminator's input."""
    made = [type(layer) for layer in Generator(height=32, width=32, channels=1, base=4, latent=3).layers]
    read = [type(layer) for layer in Discriminator(height=32, width=32, channels=1, base=4).features]
    rise, fall = [nn.ConvTranspose2d, nn.BatchNorm2d, nn.ReLU], [nn.Conv2d, nn.BatchNorm2d, nn.LeakyReLU]
    assert made == [nn.Linear, nn.Unflatten, nn.BatchNorm2d, nn.ReLU, *rise, *rise, nn.ConvTranspose2d, nn.Tanh]
    assert read == [nn.Conv2d, nn.LeakyReLU, *fall, *fall]


def test_generated_pictures_stay_inside_the_range_of_tanh():
    generator = Generator(height=32, width=32, channels=1, base=8, latent=4)
    initialise_gan(generator, 0)
    with torch.no_grad():
        made = generator(torch.randn(16, 4, generator=torch.Generator().manual_seed(0)))
    assert bool((made.abs() < 1).all()) and float(made.std()) > 0.01


def test_weights_begin_as_dcgan_says():
    """Weights N(0, 0.02), gains N(1, 0.02), biases 0; each seed its own, torch's own random state untouched."""
    network, same, other = (Discriminator(height=64, width=64, channels=3, base=64) for _ in range(3))
    torch.manual_seed(3)
    state = torch.get_rng_state()
    for whole in (network, same, other):
        whole.requires_grad_(False)
    initialise_gan(network, 5)
    initialise_gan(same, 5)
    initialise_gan(other, 6)
    assert torch.equal(torch.get_rng_state(), state)
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            assert float(module.weight.std()) == pytest.approx(0.02, rel=0.05) and abs(float(module.weight.mean())) < 0.002
        elif isinstance(module, nn.BatchNorm2d):
            assert float(module.weight.mean()) == pytest.approx(1, abs=0.01) and float(module.weight.std()) == pytest.approx(0.02, rel=0.3)
        if isinstance(module, (nn.Conv2d, nn.Linear, nn.BatchNorm2d)) and module.bias is not None:
            assert not module.bias.any()
    for one, again, unlike in zip(network.parameters(), same.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, again)
        assert one.ndim == 1 or not torch.equal(one, unlike)


def test_signed_pictures_come_back():
    pictures = torch.rand(2, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    assert float(to_signed(torch.zeros(1))) == -1 and float(to_signed(torch.ones(1))) == 1
    torch.testing.assert_close(from_signed(to_signed(pictures)), pictures)
