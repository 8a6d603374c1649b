"""GANomaly: a picture whose code changes when it is rebuilt and read again is suspicious."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import Declaration, Detector, Gives, ImageInput, LearnsFrom, Parameters, Scored, TrainingData, parameter
from core.detectors.picture_input import usual_input
from core.job_context import JobContext, PartContext
from core.networks.dcgan import Discriminator, from_signed, initialise_gan, to_signed
from core.networks.error_maps import gaussian_blur
from core.networks.ganomaly import STEP, GanomalyGenerator, GanomalyTrainee, Weights, ganomaly_discriminator
from core.networks.loop import Schedule, optimise
from core.networks.pictures import PictureStore, apply_in_batches, to_pictures
from core.networks.seeds import derived_seed
from core.networks.usual_error import UsualError
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_GENERATOR_WEIGHTS, _DISCRIMINATOR_WEIGHTS = 1_000_000, 1_000_001  # places in the seed's tree, far from every epoch number
_EPOCH_STEPS: Final = 50  # between two checkpoints and sample pictures
_RATED: Final = 160  # pictures rebuilt in the time of one training step
_SHOWN: Final = 8  # sample pictures after each epoch
_WATCHED: Final = 256  # calibration pictures whose loss is followed
_BLUR: Final = 0.01  # of the side: what the map of differences is smoothed by
_LIBRARY: Final = 200_000_000  # bytes that torch itself takes once it works
_PLANES: Final = 36  # of the outermost layer, for each picture: five passes, three activations each, twice with all deeper layers; measured

# The values of `code_difference`, marked for translation.
_DIFFERENCES: Final = (QT_TRANSLATE_NOOP("Parameter", "absolute"), QT_TRANSLATE_NOOP("Parameter", "squared"))


class GanomalyParameters(Parameters):
    """Settings of GANomaly; the defaults of the weights, the code and the learning rate are the authors'."""

    image_size: int = common.image_size(64, high=256)
    steps: int = parameter(
        1500,
        title=QT_TRANSLATE_NOOP("Parameter", "Training steps"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Batches that the networks learn from. More are needed for larger images and for wider networks."
        ),
        ge=1,
        le=200_000,
    )
    latent_size: int = common.latent_size(100)
    learning_rate: float = common.learning_rate(0.0002)
    batch_size: int = common.batch_size(32)
    code_difference: Literal["absolute", "squared"] = parameter(
        "absolute",
        title=QT_TRANSLATE_NOOP("Parameter", "Difference of the codes"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Absolute: the score is the sum of all differences, as the paper has it. Squared: the mean of their squares, as the authors' program has it; a single large difference weighs more.",
        ),
        advanced=True,
    )
    adversarial_weight: float = parameter(
        1.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Weight of looking real"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "How much it counts in training that a rebuilt image looks to the discriminator like the real one."
        ),
        ge=0,
        le=1000,
        advanced=True,
    )
    image_weight: float = parameter(
        50.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Weight of the pixels"),
        help=QT_TRANSLATE_NOOP("Parameter", "How much the difference of the pixels counts in training."),
        ge=0,
        le=1000,
        advanced=True,
    )
    code_weight: float = parameter(
        1.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Weight of the codes"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "How much the difference of the two codes of a good image counts in training. Too much makes all codes, and with them all scores, alike.",
        ),
        ge=0,
        le=1000,
        advanced=True,
    )
    width: int = common.width(16)


class Ganomaly(Detector):
    """Score: how far the code z = G_E(x) of a picture is from the code z' = E(G_D(z)) of what was rebuilt from it.

    Akcay, Atapour-Abarghouei & Breckon, ACCV 2018: the sum of |z - z'|; with `code_difference` "squared" the mean of (z - z')^2, which
    the authors' program uses. Nothing is rescaled by the items that are scored: paper, program and ports take the smallest and the
    largest score of the test set for 0 and 1, so that one new picture changes the scores of all others. The networks judge in eval mode;
    the authors' program leaves them in train mode, where a score depends on the other pictures of its batch, and where batches of one
    class alone tell the answer. Pictures are in -1..1, all of which tanh can reach; the MNIST pipeline of the program asks for 2.8.

    A code has no places. The map is the difference between a picture and its reconstruction, mean over the channels of |x - x'|, blurred
    and measured in the spread that each place has in good pictures.

    Where the training differs from the authors': the learning rate falls to a hundredth along a half cosine, without which the score of
    the last step hangs on chance; the last layers cover the whole innermost map, so that pictures need not be square; the discriminator
    that has won is drawn anew as theirs is, from the seed of the run. The deck prints no score; its caption is AnoGAN's. On real parts
    the score may be no better than chance or even upside down (`detectors.md` 8.1): it is here to be compared, not to be recommended.
    """

    declaration = Declaration(
        key="ganomaly",
        title=QT_TRANSLATE_NOOP("Detector", "GANomaly"),
        summary=QT_TRANSLATE_NOOP(
            "Detector",
            "Rebuilds an image from a short code and reads the code again. If the code has changed, the image is suspicious. Results vary much from run to run: compare it with others.",
        ),
        takes=frozenset({Kind.IMAGE}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.MAP, Gives.RECONSTRUCTION}),
        source="Akcay, Atapour-Abarghouei & Breckon 2018",
        parameters=GanomalyParameters,
        presets={
            "quick": {"image_size": 32, "steps": 750},
            "standard": {},
            "thorough": {"steps": 4000, "width": 32},
        },
        shortest={"steps": 2},
        minimum_good=8,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._input: ImageInput
        self._network: GanomalyGenerator
        self._usual: UsualError

    def image_input(self, sizes: Sequence[tuple[int, int]], channels: int) -> ImageInput:
        return usual_input(sizes, channels, image_size=self.parameters.image_size, multiple=STEP, smallest=2 * STEP)

    def memory_needed(self, data: TrainingData) -> int:
        """Activations of a batch in five passes; weights, their slopes and two moments of Adam."""
        assert isinstance(data.input, ImageInput)
        with torch.device("meta"):
            networks = self._built(data.input), self._built_discriminator(data.input)
        weights = sum(weight.numel() for network in networks for weight in network.parameters())
        activations = _PLANES * data.input.height * data.input.width * self.parameters.width // 4 * self.parameters.batch_size
        return int(4 * (4 * weights + activations)) + _LIBRARY

    def fit(self, data: TrainingData, context: JobContext) -> None:
        assert isinstance(data.input, ImageInput)
        self.require_enough(data)
        self._input = data.input
        self._network = self._built(data.input)
        discriminator = self._built_discriminator(data.input)
        initialise_gan(self._network, derived_seed(self.seed, _GENERATOR_WEIGHTS))
        initialise_gan(discriminator, derived_seed(self.seed, _DISCRIMINATOR_WEIGHTS))
        epochs = -(-self.parameters.steps // _EPOCH_STEPS)
        per_epoch = -(-self.parameters.steps // epochs)
        total = epochs * per_epoch + -(-len(data.train) // _RATED)
        self._network.to(self.device)
        discriminator.to(self.device)
        optimise(
            _Learning(self._network, discriminator, data, parameters=self.parameters, device=self.device, context=context),
            count=len(data.train),
            schedule=Schedule(epochs=epochs, steps_per_epoch=per_epoch, batch_size=self.parameters.batch_size, seed=self.seed),
            device=self.device,
            context=PartContext(context, start=0, total=total),
            checkpoint=self.checkpoints / "training.safetensors" if self.checkpoints else None,
        )
        self._usual = UsualError.learnt(
            data.train,
            lambda pictures: self._differences(to_signed(pictures))[0],
            each_place=True,
            device=self.device,
            check=context.check,
        )
        context.progress(total, total)

    def score(self, batch: NDArray[Any]) -> Scored:
        scores, maps, rebuilt = apply_in_batches(batch, self._judge, device=self.device, check=self.check)
        return Scored(scores=scores, maps=maps, reconstructions=rebuilt)

    def save(self, folder: Path) -> None:
        files.write_head(folder, self, self._input)
        weights = {f"network.{name}": tensor.cpu().numpy() for name, tensor in self._network.state_dict().items()}
        files.write_arrays(folder / "weights.safetensors", weights | self._usual.arrays())

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        form = detector._input = files.image_input_of(head, folder)
        if form.height % STEP or form.width % STEP:
            raise files.damaged(folder / files.HEAD_FILE, "its picture size is not valid")
        with torch.device("meta"):  # shapes only: a forged size must not fill the memory
            shapes = {f"network.{name}": tuple(tensor.shape) for name, tensor in detector._built(form).state_dict().items()}
        path = folder / "weights.safetensors"
        arrays = files.read_arrays(path, shapes | UsualError.shapes(form.height, form.width))
        if any(name.endswith("running_var") and array.min() < 0 for name, array in arrays.items()):
            raise files.damaged(path, "a variance is negative")
        detector._network = detector._built(form)
        detector._network.load_state_dict({name.removeprefix("network."): torch.from_numpy(arrays[name]) for name in shapes})
        detector._network.to(device).eval()
        detector._usual = UsualError.from_arrays(arrays, path, device)
        return detector

    def _built(self, form: ImageInput) -> GanomalyGenerator:
        return GanomalyGenerator(
            height=form.height, width=form.width, channels=form.channels, base=self.parameters.width, latent=self.parameters.latent_size
        )

    def _built_discriminator(self, form: ImageInput) -> Discriminator:
        return ganomaly_discriminator(height=form.height, width=form.width, channels=form.channels, base=self.parameters.width)

    def _differences(self, signed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Blurred differences (n, height, width) and what was rebuilt, of pictures in -1..1; the difference of the codes (n, latent)."""
        rebuilt, code, code_again = self._network(signed)
        sigma = _BLUR * math.sqrt(self._input.height * self._input.width)
        return gaussian_blur((signed - rebuilt).abs().mean(dim=1), sigma), rebuilt, code_again - code

    def _judge(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        errors, rebuilt, moved = self._differences(to_signed(pictures))
        moved = moved.cpu().double()
        scores = moved.abs().sum(dim=1) if self.parameters.code_difference == "absolute" else moved.square().mean(dim=1)
        return scores, self._usual.measured(errors), torch.from_numpy(to_pictures(from_signed(rebuilt)))


class _Learning(GanomalyTrainee):
    """The training with its curves and sample pictures."""

    def __init__(
        self,
        generator: GanomalyGenerator,
        discriminator: Discriminator,
        data: TrainingData,
        *,
        parameters: Any,
        device: str,
        context: JobContext,
    ) -> None:
        weights = Weights(adversarial=parameters.adversarial_weight, image=parameters.image_weight, code=parameters.code_weight)
        store = PictureStore(data.train, device)
        super().__init__(generator, discriminator, store, weights=weights, learning_rate=parameters.learning_rate)
        self._watched = np.asarray(data.calibration[:_WATCHED])
        self._shown = self._watched[:_SHOWN] if len(self._watched) else np.ascontiguousarray(data.train[:_SHOWN])
        self._device = device
        self._context = context

    def end_epoch(self, epoch: int) -> None:
        self._context.metric("discriminator_loss", epoch, self.discriminator_loss())
        if len(self._watched):
            losses = apply_in_batches(self._watched, self._loss, device=self._device, check=self._context.check)[0]
            self._context.metric("calibration_loss", epoch, float(losses.mean(dtype=np.float64)))
        rebuilt = apply_in_batches(self._shown, self._rebuilt, device=self._device)[0]
        self._context.picture("input", self._shown)
        self._context.picture("reconstruction", rebuilt)

    def _loss(self, pictures: Tensor) -> tuple[Tensor]:
        return (self.losses(to_signed(pictures))[0],)

    def _rebuilt(self, pictures: Tensor) -> tuple[Tensor]:
        rebuilt = self.generator(to_signed(pictures))[0]
        return (torch.from_numpy(to_pictures(from_signed(rebuilt))),)
