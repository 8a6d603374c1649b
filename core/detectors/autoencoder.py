"""Convolutional autoencoder for pictures: what cannot be rebuilt from a short code is suspicious."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import Declaration, Detector, Gives, ImageInput, LearnsFrom, Parameters, Scored, TrainingData, parameter
from core.detectors.picture_input import usual_input
from core.job_context import JobContext
from core.networks.convolutional import ConvolutionalAutoencoder, initialise
from core.networks.error_maps import gaussian_blur, squared_error_maps, top_mean
from core.networks.loop import Schedule, Trainee, optimise
from core.networks.pictures import PictureStore, apply_in_batches, mean_and_spread, to_pictures
from core.networks.seeds import derived_seed
from core.networks.usual_error import UsualError
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_DEPTH: Final = 4
_STEP: Final = 2**_DEPTH
_INITIAL_WEIGHTS: Final = 1_000_000  # place in the seed's tree, far from every epoch number
_SHOWN: Final = 8  # sample pictures after each epoch
_WATCHED: Final = 256  # calibration pictures whose loss is followed


class AutoencoderParameters(Parameters):
    """Settings of the convolutional autoencoder."""

    image_size: int = common.image_size(128)
    latent_size: int = common.latent_size(64)
    epochs: int = common.epochs(30)
    learning_rate: float = common.learning_rate(0.003)
    batch_size: int = common.batch_size(8)
    noise: float = parameter(
        0.05,
        title=QT_TRANSLATE_NOOP("Parameter", "Denoising"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Noise added while training, which the network must take off again. 0 makes a plain autoencoder. Never added when scoring.",
        ),
        unit=QT_TRANSLATE_NOOP("Parameter", "of full scale"),
        ge=0,
        le=1,
    )
    blur: float = common.blur()
    top_share: float = common.top_share()
    compare_places: bool = common.compare_places()
    width: int = common.width(16)


class Autoencoder(Detector):
    """Score: mean of the largest part of the blurred squared error, each place measured in the spread that it has in good pictures."""

    declaration = Declaration(
        key="autoencoder",
        title=QT_TRANSLATE_NOOP("Detector", "Autoencoder"),
        summary=QT_TRANSLATE_NOOP("Detector", "Learns to rebuild good images from a short code. What it cannot rebuild is suspicious."),
        takes=frozenset({Kind.IMAGE}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.MAP, Gives.RECONSTRUCTION}),
        source="Hinton & Salakhutdinov 2006; denoising: Vincent et al. 2008",
        parameters=AutoencoderParameters,
        presets={
            "quick": {"image_size": 64, "epochs": 15},
            "standard": {},
            "thorough": {"image_size": 256, "epochs": 60},
        },
        minimum_good=8,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._input: ImageInput
        self._network: ConvolutionalAutoencoder
        self._usual: UsualError

    def image_input(self, sizes: Sequence[tuple[int, int]], channels: int) -> ImageInput:
        return usual_input(sizes, channels, image_size=self.parameters.image_size, multiple=_STEP, smallest=2 * _STEP)

    def memory_needed(self, data: TrainingData) -> int:
        """Activations of a batch, forward and backward, take about twelve planes of the first layer for each picture."""
        assert isinstance(data.input, ImageInput)
        pixels = data.input.height * data.input.width
        return int(4 * 12 * pixels * self.parameters.width * self.parameters.batch_size / 4) + 200_000_000

    def fit(self, data: TrainingData, context: JobContext) -> None:
        assert isinstance(data.input, ImageInput)
        self.require_enough(data)
        self._input = data.input
        self._network = self._built()
        initialise(self._network, derived_seed(self.seed, _INITIAL_WEIGHTS))
        mean, spread = mean_and_spread(data.train, context.check)
        self._network.centre(torch.from_numpy(mean), spread)
        self._network.to(self.device)
        learning = _Learning(self._network, data, self.parameters, self.device, context)
        optimise(
            learning,
            count=len(data.train),
            schedule=Schedule(epochs=self.parameters.epochs, batch_size=self.parameters.batch_size, seed=self.seed),
            device=self.device,
            context=context,
            checkpoint=self.checkpoints / "training.safetensors" if self.checkpoints else None,
        )
        self._usual = UsualError.learnt(
            data.train,
            lambda pictures: self._error_maps(pictures)[0],
            each_place=self.parameters.compare_places,
            device=self.device,
            check=context.check,
        )

    def score(self, batch: NDArray[Any]) -> Scored:
        scores, maps, rebuilt = apply_in_batches(batch, self._judge, device=self.device)
        return Scored(scores=scores, maps=maps, reconstructions=rebuilt)

    def save(self, folder: Path) -> None:
        files.write_head(folder, self, self._input)
        weights = {f"network.{name}": tensor.cpu().numpy() for name, tensor in self._network.state_dict().items()}
        files.write_arrays(folder / "weights.safetensors", weights | self._usual.arrays())

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        detector._input = files.image_input_of(head, folder)
        with torch.device("meta"):  # shapes only: a forged size must not fill the memory
            shapes = {f"network.{name}": tuple(tensor.shape) for name, tensor in detector._built().state_dict().items()}
        path = folder / "weights.safetensors"
        arrays = files.read_arrays(path, shapes | UsualError.shapes(detector._input.height, detector._input.width))
        if arrays["network.spread"] <= 0:
            raise files.damaged(path, "a spread is not positive")
        detector._network = detector._built()
        detector._network.load_state_dict({name.removeprefix("network."): torch.from_numpy(arrays[name]) for name in shapes})
        detector._network.to(device).eval()
        detector._usual = UsualError.from_arrays(arrays, path, device)
        return detector

    def _built(self) -> ConvolutionalAutoencoder:
        return ConvolutionalAutoencoder(
            height=self._input.height,
            width=self._input.width,
            channels=self._input.channels,
            base=self.parameters.width,
            latent=self.parameters.latent_size,
            depth=_DEPTH,
        )

    def _sigma(self) -> float:
        return float(self.parameters.blur) / 100 * math.sqrt(self._input.height * self._input.width)

    def _error_maps(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        rebuilt = self._network(pictures)
        return gaussian_blur(squared_error_maps(pictures, rebuilt), self._sigma()), rebuilt

    def _judge(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        errors, rebuilt = self._error_maps(pictures)
        maps = self._usual.measured(errors)
        shown = torch.from_numpy(to_pictures(rebuilt))
        return top_mean(maps, self.parameters.top_share / 100), maps, shown


class _Learning(Trainee):
    """One training: takes noise off pictures with Adam."""

    def __init__(self, network: ConvolutionalAutoencoder, data: TrainingData, parameters: Any, device: str, context: JobContext) -> None:
        self._network = network
        self._noise = float(parameters.noise)
        self._store = PictureStore(data.train, device)
        self._watched = data.calibration[:_WATCHED]
        self._shown = self._watched[:_SHOWN] if len(self._watched) else data.train[:_SHOWN]
        self._device = device
        self._context = context
        self._optimiser = torch.optim.Adam(network.parameters(), lr=parameters.learning_rate, weight_decay=1e-5)
        self.networks = {"autoencoder": network}
        self.optimisers = {"adam": self._optimiser}

    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        clean = self._store.batch(indices)
        loss = self._network.loss(self._noisy(clean, generator), clean)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        return loss

    def end_epoch(self, epoch: int) -> None:
        watched = self._watched if len(self._watched) else self._shown
        errors, rebuilt = apply_in_batches(watched, self._rebuilt, device=self._device, check=self._context.check)
        if len(self._watched):
            self._context.metric("calibration_loss", epoch, float(errors.mean(dtype=np.float64) / float(self._network.spread) ** 2))
        self._context.picture("input", np.ascontiguousarray(self._shown))
        self._context.picture("reconstruction", rebuilt[:_SHOWN])

    def _rebuilt(self, clean: Tensor) -> tuple[Tensor, Tensor]:
        rebuilt = self._network(clean)
        return squared_error_maps(clean, rebuilt).flatten(1).mean(1), torch.from_numpy(to_pictures(rebuilt))

    def _noisy(self, clean: Tensor, generator: torch.Generator) -> Tensor:
        if self._noise == 0:
            return clean
        return clean + self._noise * torch.randn(clean.shape, generator=generator, device=clean.device)
