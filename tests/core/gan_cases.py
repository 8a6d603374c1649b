"""Small networks, codes and pictures for the tests of AnoGAN and its search."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.networks.dcgan import initialise_gan
from core.networks.gan_training import GanWithEncoder
from core.networks.latent_search import LatentSearch, SearchSettings
from core.networks.pictures import to_network
from tests.core import detector_cases as rules


def networks(*, base: int = 8, latent: int = 4, with_encoder: bool = False, spread: float = 1.0) -> GanWithEncoder:
    """Networks for grey pictures of 32 x 32, in eval mode; `spread` multiplies the small weights that GANs begin with."""
    whole = GanWithEncoder(height=32, width=32, channels=1, base=base, latent=latent, with_encoder=with_encoder)
    initialise_gan(whole, 3)
    with torch.no_grad():
        for module in whole.modules():
            if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
                module.weight *= spread
    return whole.eval()


def searching(whole: GanWithEncoder, *, steps: int, restarts: int = 1, share: float = 0.1, **more: Any) -> LatentSearch:
    settings = SearchSettings(steps=steps, restarts=restarts, feature_share=share, **more)
    return LatentSearch(whole.generator, whole.discriminator, settings, starts=torch.Generator().manual_seed(1))


def some_pictures(count: int, seed: int = 6) -> NDArray[np.uint8]:
    """Half of them with a defect."""
    return np.concatenate([rules.pictures(count // 2, rules.GREY, seed=seed, defective=defective) for defective in (False, True)])


def scaled(whole: GanWithEncoder, pictures: NDArray[np.uint8]) -> Tensor:
    return whole.scaled(to_network(torch.from_numpy(pictures)))


def state(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def assert_same_state(before: dict[str, Tensor], network: nn.Module) -> None:
    after = network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


def random_codes(count: int, latent: int, seed: int) -> Tensor:
    return torch.randn(count, latent, generator=torch.Generator().manual_seed(seed)).clamp(-2, 2)
