"""AnoGAN's search: it finds what the generator can make, leaves the networks alone, and no picture sees another."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.job_context import Cancelled
from core.networks.latent_search import LARGEST_CODE
from tests.core.gan_cases import networks, random_codes, scaled, searching, some_pictures


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_pictures_that_the_generator_can_make_are_found(share: float):
    """From a random code, as the paper starts, to the end: the loss falls by more than 95 % (P17)."""
    whole = networks(spread=6)
    with torch.no_grad():
        pictures = whole.generator(random_codes(8, 4, seed=2))
        begun = whole.absolute_loss(pictures, whole.generator(random_codes(8, 4, seed=5)), share)
        found = searching(whole, steps=300, share=share, least_gain=0.0).codes(pictures)
        ended = whole.absolute_loss(pictures, whole.generator(found), share)
    assert float((ended / begun).median()) < 0.05
    assert bool((ended <= begun).all())


def test_no_picture_ends_with_a_greater_loss_than_it_had_before_or_after_fewer_steps():
    whole = networks(spread=6)
    with torch.no_grad():
        pictures = whole.generator(random_codes(12, 4, seed=2)) * 0.9
    losses = []
    for steps in (0, 1, 5, 40):
        found = searching(whole, steps=steps, least_gain=0.0).codes(pictures)
        with torch.no_grad():
            losses.append(whole.absolute_loss(pictures, whole.generator(found), 0.1))
    for more, fewer in zip(losses[1:], losses, strict=False):
        assert bool((more <= fewer * (1 + 1e-5)).all())
    assert float((losses[-1] / losses[0]).mean()) < 0.7


def test_more_starts_are_never_worse():
    whole = networks(spread=6)
    pictures = scaled(whole, some_pictures(10))
    losses = []
    for restarts in (1, 4):
        found = searching(whole, steps=15, restarts=restarts).codes(pictures)
        with torch.no_grad():
            losses.append(whole.absolute_loss(pictures, whole.generator(found), 0.1))
    assert bool((losses[1] <= losses[0] * (1 + 1e-5)).all()) and bool((losses[1] < losses[0] * 0.999).any())


@pytest.mark.parametrize("restarts", [1, 3])
def test_pictures_searched_together_find_what_each_finds_alone(restarts: int):
    """Although they are more than the places, end at different times and take over each other's places."""
    whole = networks(spread=6)
    search = searching(whole, steps=30, restarts=restarts, patience=4)
    pictures = scaled(whole, some_pictures(22))
    together = search.codes(pictures)
    alone = torch.cat([search.codes(picture[None]) for picture in pictures])
    assert torch.equal(together, alone)


def test_one_at_a_time_differs_from_side_by_side_by_rounding_only():
    whole = networks(spread=6)
    search = searching(whole, steps=10, least_gain=0.0)
    pictures = scaled(whole, some_pictures(6))
    torch.testing.assert_close(search.codes(pictures, size=1), search.codes(pictures, size=16), rtol=0, atol=1e-3)


def test_the_search_moves_as_adam_does():
    whole = networks(spread=6).requires_grad_(False)
    pictures = whole.generator(random_codes(2, 4, seed=2))
    begun, ended = (searching(whole, steps=steps, least_gain=0.0).codes(pictures) for steps in (0, 8))
    codes = begun.clone().requires_grad_()
    adam = torch.optim.Adam([codes], lr=0.05)
    seen: list[tuple[Tensor, Tensor]] = []
    for _ in range(8):
        loss = whole.absolute_loss(pictures, whole.generator(codes), 0.1)
        seen.append((loss.detach(), codes.detach().clone()))
        adam.zero_grad()
        loss.sum().backward()
        adam.step()
    best = torch.stack([loss for loss, _ in seen]).argmin(dim=0)
    expected = torch.stack([seen[step][1][place] for place, step in enumerate(best.tolist())])
    assert float((ended - begun).abs().max()) > 0.1
    torch.testing.assert_close(ended, expected, rtol=0, atol=1e-3)


def test_a_search_that_gains_no_more_ends_early():
    whole = networks(spread=6)
    steps = []
    for patience in (3, 9):
        calls = 0

        def check() -> None:
            nonlocal calls
            calls += 1

        searching(whole, steps=500, patience=patience, least_gain=0.999).codes(scaled(whole, some_pictures(2)), check)
        steps.append(calls)
    assert steps[1] - steps[0] == 6 and steps[0] < 10


def test_an_ended_search_keeps_its_code_and_none_leaves_the_usual_range():
    whole = networks(spread=6)
    outside = torch.where(random_codes(4, 4, seed=1) > 0, 40.0, -40.0)
    with torch.no_grad():
        pictures = whole.generator(outside)
    found = searching(whole, steps=200, least_gain=0.0).codes(pictures)
    assert 2.5 < float(found.abs().max()) <= LARGEST_CODE


def test_the_search_looks_at_the_cancel_button_at_every_step():
    whole = networks()
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        searching(whole, steps=1000, least_gain=0.0).codes(scaled(whole, some_pictures(2)), check)


def test_the_search_uses_networks_that_compute_the_same():
    """Batch normalisations are folded into convolutions; running statistics must not be those of a fresh network to tell."""
    whole = networks(spread=6)
    whole.train()
    with torch.no_grad():
        whole.discriminator(whole.generator(random_codes(16, 4, seed=3)))
    whole.eval()
    search = searching(whole, steps=0)
    codes, pictures = random_codes(5, 4, seed=4), scaled(whole, some_pictures(5 + 1))[:5]
    with torch.no_grad():
        ours = search.loss(codes, pictures, whole.discriminator.features(pictures))
        plain = whole.absolute_loss(pictures, whole.generator(codes), 0.1)
    torch.testing.assert_close(ours, plain, rtol=1e-4, atol=1e-6)
