"""The networks of AnoGAN and f-AnoGAN, and their trainings for `core.networks.loop.optimise`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import softplus

from core.networks.dcgan import Discriminator, Generator
from core.networks.loop import Trainee
from core.networks.pictures import PictureStore

_FIRST_MOMENT: Final = 0.5  # of Adam: more makes a GAN swing (DCGAN, section 4)
_ENCODER_RATE: Final = 1e-3
SMALLEST_REACH: Final = 0.02  # five grey levels: pictures that are all the same


class GanWithEncoder(nn.Module):
    """Generator, discriminator and f-AnoGAN's encoder, which has the shape of the discriminator and a linear code; None without one.

    All three know pictures in the range of tanh, -1..1: `scaled` brings those in 0..1 there.
    """

    mean: Tensor
    reach: Tensor

    def __init__(self, *, height: int, width: int, channels: int, base: int, latent: int, with_encoder: bool) -> None:
        super().__init__()
        self.register_buffer("mean", torch.full((channels, height, width), 0.5))
        self.register_buffer("reach", torch.full((1,), 0.5))
        self.generator = Generator(height=height, width=width, channels=channels, base=base, latent=latent)
        self.discriminator = Discriminator(height=height, width=width, channels=channels, base=base)
        self.encoder: Discriminator | None = None
        if with_encoder:
            self.encoder = Discriminator(height=height, width=width, channels=channels, base=base, outputs=latent)

    def centre(self, mean: Tensor, reach: float) -> None:
        """Lets -1..1 stand for the picture `mean` (channels, height, width) in 0..1 and what is within `reach` of it."""
        self.mean.copy_(mean)
        self.reach.fill_(max(reach, SMALLEST_REACH))

    def scaled(self, pictures: Tensor) -> Tensor:
        """Pictures in 0..1 for the networks."""
        return (pictures - self.mean) / self.reach

    def unscaled(self, pictures: Tensor) -> Tensor:
        """Inverse of `scaled`."""
        return pictures * self.reach + self.mean

    def squared_loss(self, pictures: Tensor, made: Tensor, feature_weight: float) -> Tensor:
        """izi_f of each picture, (n,): mean squared difference of the pixels + `feature_weight` times that of the features."""
        loss = (pictures - made).square().flatten(1).mean(dim=1)
        if not feature_weight:
            return loss
        difference: Tensor = self.discriminator.features(pictures) - self.discriminator.features(made)
        return loss + feature_weight * difference.square().flatten(1).mean(dim=1)

    def absolute_loss(self, pictures: Tensor, made: Tensor, feature_share: float) -> Tensor:
        """AnoGAN's A of each picture, (n,), with means for sums."""
        loss = (1 - feature_share) * mean_difference(pictures, made)
        if not feature_share:
            return loss
        features = self.discriminator.features
        return loss + feature_share * mean_difference(features(pictures), features(made))


class GanTrainee(Trainee):
    """Alternating steps of DCGAN: the discriminator minimises -log D(x) - log(1 - D(G(z))), then the generator -log D(G(z)).

    The loss that is told is the discriminator's: 2 log 2 = 1.386 when it cannot tell real from made. `after_epoch` is called with the
    number of the epoch and the generator's mean loss in it.
    """

    def __init__(
        self, networks: GanWithEncoder, store: PictureStore, *, learning_rate: float, after_epoch: Callable[[int, float], None]
    ) -> None:
        self._generator, self._discriminator, self._scaled = networks.generator, networks.discriminator, networks.scaled
        self._store = store
        self._after_epoch = after_epoch
        self._losses: list[Tensor] = []
        betas = (_FIRST_MOMENT, 0.999)
        self._generator_steps = torch.optim.Adam(self._generator.parameters(), lr=learning_rate, betas=betas)
        self._discriminator_steps = torch.optim.Adam(self._discriminator.parameters(), lr=learning_rate, betas=betas)
        self.networks = {"generator": self._generator, "discriminator": self._discriminator}
        self.optimisers = {"generator": self._generator_steps, "discriminator": self._discriminator_steps}

    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        real = self._scaled(self._store.batch(indices))
        codes = torch.randn(len(real), self._generator.latent, generator=generator, device=real.device)
        made = self._generator(codes)
        told = softplus(-self._discriminator(real)).mean() + softplus(self._discriminator(made.detach())).mean()
        _descend(self._discriminator_steps, told)
        self._discriminator.requires_grad_(False)  # the generator's step does not need its slopes
        fooled = softplus(-self._discriminator(made)).mean()
        _descend(self._generator_steps, fooled)
        self._discriminator.requires_grad_(True)
        self._losses.append(fooled.detach())
        return told.detach()

    def end_epoch(self, epoch: int) -> None:
        mean = float(torch.stack(self._losses).mean())
        self._losses.clear()
        self._after_epoch(epoch, mean)


class EncoderTrainee(Trainee):
    """Trains the encoder by izi_f, with generator and discriminator frozen and in eval mode. `after_epoch` gets the number of the epoch."""

    def __init__(self, networks: GanWithEncoder, store: PictureStore, *, feature_weight: float, after_epoch: Callable[[int], None]) -> None:
        assert networks.encoder is not None
        self._whole, self._encoder = networks, networks.encoder
        self._store = store
        self._feature_weight = feature_weight
        self._after_epoch = after_epoch
        self._steps = torch.optim.Adam(self._encoder.parameters(), lr=_ENCODER_RATE)
        self.networks = {"encoder": self._encoder}
        self.optimisers = {"encoder": self._steps}

    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        pictures = self._whole.scaled(self._store.batch(indices))
        made = self._whole.generator(self._encoder(pictures))
        loss = self._whole.squared_loss(pictures, made, self._feature_weight).mean()
        _descend(self._steps, loss)
        return loss.detach()

    def end_epoch(self, epoch: int) -> None:
        self._after_epoch(epoch)


def mean_difference(ones: Tensor, others: Tensor) -> Tensor:
    """Mean absolute difference of each item, (n,)."""
    return (ones - others).abs().flatten(1).mean(dim=1)


def _descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
