"""GANomaly's networks and training (Akcay, Atapour-Abarghouei & Breckon, ACCV 2018). Pictures are in -1..1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import softplus

from core.networks.dcgan import Discriminator, Generator, initialise_gan, to_signed
from core.networks.loop import Trainee
from core.networks.pictures import PictureStore

STEP: Final = 16  # both sides are multiples of it
_SETTLED: Final = 1e-5  # a discriminator that errs less has nothing more to tell the generator
_BETAS: Final = (0.5, 0.999)


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much each part of the generator's loss counts. The defaults are the paper's."""

    adversarial: float = 1.0
    image: float = 50.0
    code: float = 1.0


class GanomalyGenerator(nn.Module):
    """Pictures through a code and back, and the code of what came out: z = G_E(x), x' = G_D(z), z' = E(x').

    The last convolution of the encoders covers the whole innermost map, so that a picture of any shape has one code. Raises ValueError
    for sides that are not multiples of `STEP`.
    """

    def __init__(self, *, height: int, width: int, channels: int, base: int, latent: int) -> None:
        super().__init__()
        if height % STEP or width % STEP:
            raise ValueError(f"{height} x {width} is not a multiple of {STEP}")
        self.encoder = Discriminator(height=height, width=width, channels=channels, base=base, outputs=latent, bias=False)
        self.decoder = Generator(height=height, width=width, channels=channels, base=base, latent=latent, bias=False)
        self.second_encoder = Discriminator(height=height, width=width, channels=channels, base=base, outputs=latent, bias=False)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Pictures (n, channels, height, width) to x' of the same shape, z and z' (n, latent)."""
        codes = self.encoder(pictures)
        rebuilt = self.decoder(codes)
        return rebuilt, codes, self.second_encoder(rebuilt)


def ganomaly_discriminator(*, height: int, width: int, channels: int, base: int) -> Discriminator:
    """The discriminator; its `features` before the last layer are f of the adversarial loss."""
    return Discriminator(height=height, width=width, channels=channels, base=base, bias=False)


def generator_loss(
    weights: Weights, *, real: Tensor, rebuilt: Tensor, codes: tuple[Tensor, Tensor], features: tuple[Tensor, Tensor]
) -> Tensor:
    """(n,): w_adv ||f(x) - f(x')||^2 + w_con |x - x'| + w_enc ||z - z'||^2, each the mean over a picture, its features or its code.

    `codes` are z and z', `features` f(x) and f(x'). Means, and squares in place of the paper's L2 norms, as in the authors' code: the
    weights 1, 50, 1 belong to them. f(x) counts as a constant, because it does not change with the generator.
    """
    adversarial = (features[1] - features[0].detach()).square().flatten(1).mean(dim=1)
    image = (rebuilt - real).abs().flatten(1).mean(dim=1)
    return weights.adversarial * adversarial + weights.image * image + weights.code * (codes[1] - codes[0]).square().mean(dim=1)


def discriminator_loss(judged_real: Tensor, judged_made: Tensor) -> Tensor:
    """Half the cross-entropies of log-odds of being real: -log D(x) and -log(1 - D(x')). log 2 if it cannot tell them apart."""
    return (softplus(-judged_real).mean() + softplus(judged_made).mean()) / 2


class GanomalyTrainee(Trainee):
    """One step updates generator and discriminator from the same forward pass, as the authors' code does, without running it twice.

    A discriminator whose loss falls below 1e-5 has won, and is drawn anew. The loss that is told is the generator's. Left to a subclass:
    `end_epoch`, which must ask for `discriminator_loss` once.
    """

    def __init__(
        self,
        generator: GanomalyGenerator,
        discriminator: Discriminator,
        store: PictureStore,
        *,
        weights: Weights,
        learning_rate: float,
    ) -> None:
        self.generator: Final = generator
        self.discriminator: Final = discriminator
        self._store = store
        self._weights = weights
        self._told: list[float] = []
        self.networks = {"generator": generator, "discriminator": discriminator}
        self._weights_of = {name: list(network.parameters()) for name, network in self.networks.items()}
        # Fused moves the weights in one pass over the memory. Older versions of torch lack it for MPS.
        fused = next(generator.parameters()).device.type != "mps"
        self.optimisers = {
            name: torch.optim.Adam(parameters, lr=learning_rate, betas=_BETAS, fused=fused) for name, parameters in self._weights_of.items()
        }

    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        real = to_signed(self._store.batch(indices))
        losses, told = self.losses(real)
        loss = losses.mean()
        for optimiser in self.optimisers.values():
            optimiser.zero_grad(set_to_none=True)
        # Both slopes before either step, each for its own weights alone: neither network learns from the other's loss.
        loss.backward(inputs=self._weights_of["generator"], retain_graph=True)  # type: ignore[no-untyped-call]
        told.backward(inputs=self._weights_of["discriminator"])  # type: ignore[no-untyped-call]
        for optimiser in self.optimisers.values():
            optimiser.step()
        self._told.append(float(told.detach()))
        if self._told[-1] < _SETTLED:
            self._start_again(generator)
        return loss.detach()

    def losses(self, real: Tensor) -> tuple[Tensor, Tensor]:
        """The generator's loss (n,) and the discriminator's mean loss, for pictures in -1..1."""
        rebuilt, code, code_again = self.generator(real)
        seen = self.discriminator.features(real), self.discriminator.features(rebuilt)
        losses = generator_loss(self._weights, real=real, rebuilt=rebuilt, codes=(code, code_again), features=seen)
        return losses, discriminator_loss(self.discriminator.judgement(seen[0]), self.discriminator.judgement(seen[1]))

    def discriminator_loss(self) -> float:
        """The discriminator's mean loss since this was last asked for."""
        mean = float(np.mean(self._told))
        self._told.clear()
        return mean

    def _start_again(self, generator: torch.Generator) -> None:
        """The new weights hang on the step's generator alone, so that a resumed training draws the same."""
        seed = int(torch.randint(2**62, (), generator=generator, device=generator.device))
        initialise_gan(self.discriminator, seed)
