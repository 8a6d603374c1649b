"""AnoGAN and f-AnoGAN: what a generator of good pictures cannot make is suspicious."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
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
from core.detectors.work_shares import work_shares
from core.job_context import JobContext
from core.networks.dcgan import initialise_gan
from core.networks.error_maps import gaussian_blur
from core.networks.gan_training import EncoderTrainee, GanTrainee, GanWithEncoder
from core.networks.latent_search import SIDE_BY_SIDE, LatentSearch, SearchSettings
from core.networks.loop import Schedule, Trainee, optimise
from core.networks.pictures import SCORING_BATCH, PictureStore, apply_in_batches, mean_and_spread, to_network, to_pictures
from core.networks.seeds import derived_seed, torch_generator
from core.problems import Problem, ProblemCode, ProblemError
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_STEP: Final = 8  # sides are multiples of it, so that the networks can halve them three times
_SMALLEST: Final = 16
_INITIAL_WEIGHTS, _STARTS, _SAMPLES = 1_000_000, 1_000_001, 1_000_002  # places in the seed's tree, far from every epoch number
_EPOCH_STEPS: Final = 50  # between two checkpoints and sample pictures
_MAKING_COST, _ENCODING_COST = 12, 8  # passes through one network in a step of each phase
_MAP_BLUR: Final = 0.01  # of the side: single pixels never match
_SHOWN: Final = 8  # sample pictures after each epoch
_PORTION: Final = 128  # pictures that queue for a search together
_SAMPLED: Final = 128  # codes whose pictures tell how much the generator varies
_COLLAPSED: Final = 0.3  # of the spread of the training pictures
_SMALLEST_SPREAD: Final = 1e-3  # pictures that are all the same may well be made all the same

# The values of `mode`, marked for translation.
_MODES: Final = (QT_TRANSLATE_NOOP("Parameter", "encoder"), QT_TRANSLATE_NOOP("Parameter", "search"))


class AnoganParameters(Parameters):
    """Settings of AnoGAN and f-AnoGAN."""

    mode: Literal["encoder", "search"] = parameter(
        "encoder",
        title=QT_TRANSLATE_NOOP("Parameter", "Way to the generated image"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Encoder: a network learns to find it at once. Search: it is searched step by step for every image, as in the first paper; scoring takes a hundred times longer.",
        ),
    )
    image_size: int = common.image_size(64, low=16, high=128)
    steps: int = parameter(
        3000,
        title=QT_TRANSLATE_NOOP("Parameter", "Training steps"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Batches that the generator learns from. More are needed for larger images and for goods that vary much."
        ),
        ge=1,
        le=200_000,
    )
    encoder_steps: int = parameter(
        1500,
        title=QT_TRANSLATE_NOOP("Parameter", "Training steps of the encoder"),
        help=QT_TRANSLATE_NOOP("Parameter", "Batches that the encoder learns from, after the generator. Not used by the search."),
        ge=1,
        le=200_000,
    )
    latent_size: int = common.latent_size(64, high=512)
    learning_rate: float = common.learning_rate(0.0002)
    batch_size: int = common.batch_size(32)
    feature_weight: float = parameter(
        1.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Weight of the features"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "How much a difference in what the discriminator sees counts beside the difference of the pixels, with the encoder. 0 counts pixels only.",
        ),
        ge=0,
        le=100,
        advanced=True,
    )
    feature_share: float = parameter(
        0.1,
        title=QT_TRANSLATE_NOOP("Parameter", "Share of the features"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "How much a difference in what the discriminator sees counts, with the search; the rest is the difference of the pixels.",
        ),
        ge=0,
        le=1,
        advanced=True,
    )
    search_steps: int = parameter(
        100,
        title=QT_TRANSLATE_NOOP("Parameter", "Steps of the search"),
        help=QT_TRANSLATE_NOOP("Parameter", "At most so many for every image. A search ends when it gains no more."),
        ge=1,
        le=2000,
        advanced=True,
    )
    restarts: int = parameter(
        1,
        title=QT_TRANSLATE_NOOP("Parameter", "Starts of the search"),
        help=QT_TRANSLATE_NOOP("Parameter", "Every image is searched from so many starting points; the best result counts."),
        ge=1,
        le=8,
        advanced=True,
    )
    centre: bool = parameter(
        True,
        title=QT_TRANSLATE_NOOP("Parameter", "Start from the mean image"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Only the differences of good images from their mean are learnt, which takes far fewer steps. Turn it off for the method as published.",
        ),
        advanced=True,
    )
    width: int = common.width(16)


class Anogan(Detector):
    """A DCGAN learns to make good pictures; a picture is judged by its difference from the most similar one that the generator makes.

    mode "search" (AnoGAN, Schlegl et al. 2017): the code z of that picture is searched by gradient steps, and the score is the loss that
    the search minimises, A = (1 - lambda) R + lambda D, with R the absolute difference of the pixels and D that of the discriminator's
    last feature map; lambda = 0.1. mode "encoder" (f-AnoGAN, Schlegl et al. 2019): an encoder gives the code at once; it is trained by
    izi_f, and the score is the same expression, mean squared difference of the pixels + kappa mean squared difference of the features;
    kappa = 1.

    Where this differs: both papers give the networks pictures in -1..1. So does `centre` False; else -1..1 are the differences from the
    mean picture that occur in training, so that a generator of parts that all lie alike begins with such a part. Means stand for the 2017 paper's sums, as in the 2019 one, so that lambda means the same for all sizes of
    pictures and networks. A search begins at the closest of a fixed set of codes, keeps its best code instead of its last, stops early
    and never leaves [-3, 3]. The 2019 paper trains a WGAN with gradient penalty and residual blocks, about ten times the work per
    step; here both modes share the DCGAN. Its code squeezes the encoder's output through tanh, which shuts out nearly all codes that
    the generator was trained with; here the code is linear. Adam trains the encoder, not RMSProp for 50,000 steps.
    A popular port of AnoGAN (PyOD) searches nothing when it scores: it compares every item with the last picture of its training.
    """

    declaration = Declaration(
        key="anogan",
        title=QT_TRANSLATE_NOOP("Detector", "AnoGAN"),
        summary=QT_TRANSLATE_NOOP(
            "Detector",
            "Learns to make images of good parts, and compares each image with the most similar one that it can make. Needs many good images and patience.",
        ),
        takes=frozenset({Kind.IMAGE}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.MAP, Gives.RECONSTRUCTION}),
        source="Schlegl et al. 2017 (AnoGAN), 2019 (f-AnoGAN); Radford et al. 2015 (DCGAN)",
        parameters=AnoganParameters,
        presets={
            "quick": {"image_size": 32, "steps": 1500, "encoder_steps": 750},
            "standard": {},
            "thorough": {"mode": "search", "steps": 5000, "width": 32, "search_steps": 500, "restarts": 2},
        },
        shortest={"steps": 1, "encoder_steps": 1},
        minimum_good=8,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._input: ImageInput
        self._networks: GanWithEncoder
        self._search: LatentSearch | None = None

    def image_input(self, sizes: Sequence[tuple[int, int]], channels: int) -> ImageInput:
        return usual_input(sizes, channels, image_size=self.parameters.image_size, multiple=_STEP, smallest=_SMALLEST)

    def memory_needed(self, data: TrainingData) -> int:
        """Weights with slopes and two moments, and for each picture of a batch about twenty planes of the outermost layer."""
        assert isinstance(data.input, ImageInput)
        with torch.device("meta"):
            weights = sum(weight.numel() for weight in self._built(data.input).parameters())
        plane = data.input.height * data.input.width * self.parameters.width / 4
        return 4 * (4 * weights + int(20 * plane * max(self.parameters.batch_size, SIDE_BY_SIDE))) + 200_000_000

    def fit(self, data: TrainingData, context: JobContext) -> None:
        assert isinstance(data.input, ImageInput)
        self.require_enough(data)
        self._input = data.input
        self._networks = self._built(data.input)
        initialise_gan(self._networks, derived_seed(self.seed, _INITIAL_WEIGHTS))
        if self.parameters.centre:
            mean, _ = mean_and_spread(data.train, context.check)
            self._networks.centre(torch.from_numpy(mean), _reach(data.train, mean, context.check))
        self._networks.to(self.device)
        making, encoding = self._schedule(self.parameters.steps), self._schedule(self.parameters.encoder_steps)
        phases = [("train_loss", making.epochs * _MAKING_COST), ("encoder_loss", encoding.epochs * _ENCODING_COST)]
        shares = work_shares(context, phases[: 1 + self._encodes])
        store = PictureStore(data.train, self.device)
        self._teach_making(data, store, making, shares[0])
        self._freeze(context.check)
        self._check_variety(data.train, context)
        if self._encodes:
            self._teach_encoding(data, store, encoding, shares[1])

    def score(self, batch: NDArray[Any]) -> Scored:
        codes = [] if self._search is None else [self._searched(batch, self._search, self.check)]
        scores, maps, made = apply_in_batches(batch, self._judged, device=self.device, check=self.check, beside=codes)
        return Scored(scores=scores, maps=maps, reconstructions=made)

    def save(self, folder: Path) -> None:
        files.write_head(folder, self, self._input)
        arrays = {name: tensor.cpu().numpy() for name, tensor in self._networks.state_dict().items()}
        files.write_arrays(folder / "weights.safetensors", arrays)

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        detector._input = files.image_input_of(head, folder)
        path = folder / "weights.safetensors"
        try:
            with torch.device("meta"):  # shapes only: a forged size must not fill the memory
                shapes = {name: tuple(tensor.shape) for name, tensor in detector._built(detector._input).state_dict().items()}
        except ValueError as error:
            raise files.damaged(folder / files.HEAD_FILE, str(error)) from error
        arrays = files.read_arrays(path, shapes)
        if arrays["reach"].min() <= 0:
            raise files.damaged(path, "a spread is not positive")
        if any(name.endswith("running_var") and array.min() < 0 for name, array in arrays.items()):
            raise files.damaged(path, "a variance is negative")
        detector._networks = detector._built(detector._input)
        detector._networks.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
        detector._networks.to(device)
        detector._freeze()
        return detector

    @property
    def _encodes(self) -> bool:
        return bool(self.parameters.mode == "encoder")

    def _built(self, form: ImageInput) -> GanWithEncoder:
        return GanWithEncoder(
            height=form.height,
            width=form.width,
            channels=form.channels,
            base=self.parameters.width,
            latent=self.parameters.latent_size,
            with_encoder=self._encodes,
        )

    def _schedule(self, steps: int) -> Schedule:
        """About so many steps in epochs of the same length, `_EPOCH_STEPS` at most."""
        epochs = -(-steps // _EPOCH_STEPS)
        return Schedule(
            epochs=epochs, steps_per_epoch=-(-steps // epochs), batch_size=self.parameters.batch_size, seed=self.seed, decay=False
        )

    def _teach_making(self, data: TrainingData, store: PictureStore, schedule: Schedule, context: JobContext) -> None:
        context.phase(QT_TRANSLATE_NOOP("Phase", "Learning to make good images"))
        shown = _sample(data)

        def after_epoch(epoch: int, generator_loss: float) -> None:
            context.metric("generator_loss", epoch, generator_loss)
            codes = self._searched(shown, self._searching(steps=0, check=context.check), context.check)
            _, _, made = apply_in_batches(shown, self._judged, device=self.device, check=context.check, beside=[codes])
            _show(context, shown, made)

        trainee = GanTrainee(self._networks, store, learning_rate=self.parameters.learning_rate, after_epoch=after_epoch)
        self._optimise(trainee, schedule, context, count=store.count, name="generator")

    def _teach_encoding(self, data: TrainingData, store: PictureStore, schedule: Schedule, context: JobContext) -> None:
        context.phase(QT_TRANSLATE_NOOP("Phase", "Learning to find the most similar image"))
        assert self._networks.encoder is not None
        self._networks.encoder.requires_grad_(True)
        shown = _sample(data)

        def after_epoch(epoch: int) -> None:
            _show(context, shown, apply_in_batches(shown, self._judged, device=self.device, check=context.check)[2])

        trainee = EncoderTrainee(self._networks, store, feature_weight=self.parameters.feature_weight, after_epoch=after_epoch)
        self._optimise(trainee, schedule, context, count=store.count, name="encoder")
        self._freeze()

    def _optimise(self, trainee: Trainee, schedule: Schedule, context: JobContext, *, count: int, name: str) -> None:
        checkpoint = self.checkpoints / f"{name}.safetensors" if self.checkpoints else None
        optimise(trainee, count=count, schedule=schedule, device=self.device, context=context, checkpoint=checkpoint)

    def _freeze(self, check: Callable[[], None] = lambda: None) -> None:
        self._networks.eval().requires_grad_(False)
        self._search = None if self._encodes else self._searching(steps=self.parameters.search_steps, check=check)

    def _searching(self, *, steps: int, check: Callable[[], None]) -> LatentSearch:
        settings = SearchSettings(steps=steps, restarts=self.parameters.restarts, feature_share=self.parameters.feature_share)
        starts = torch_generator("cpu", self.seed, _STARTS)
        return LatentSearch(self._networks.generator, self._networks.discriminator, settings, starts=starts, check=check)

    def _searched(self, pictures: NDArray[np.uint8], search: LatentSearch, check: Callable[[], None]) -> Tensor:
        """The best codes found, (n, latent)."""
        found = []
        for start in range(0, len(pictures), _PORTION):
            part = torch.from_numpy(np.ascontiguousarray(pictures[start : start + _PORTION])).to(self.device)
            found.append(search.codes(self._networks.scaled(to_network(part)), check))
        return torch.cat(found)

    def _judged(self, pictures: Tensor, codes: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Scores float64 (n,), maps (n, height, width) and the pictures made, for pictures in 0..1."""
        networks, scaled = self._networks, self._networks.scaled(pictures)
        if codes is None:
            assert networks.encoder is not None
            made = networks.generator(networks.encoder(scaled))
            scores = networks.squared_loss(scaled, made, self.parameters.feature_weight)
        else:
            made = networks.generator(codes)
            scores = networks.absolute_loss(scaled, made, self.parameters.feature_share)
        maps = gaussian_blur((scaled - made).abs().mean(dim=1), _MAP_BLUR * math.sqrt(self._input.height * self._input.width))
        return scores.double(), maps, torch.from_numpy(to_pictures(networks.unscaled(made)))

    def _check_variety(self, pictures: NDArray[np.uint8], context: JobContext) -> None:
        """Notes a generator that makes nearly the same picture from every code: then the score is no more than the distance to it."""
        codes = torch.randn(_SAMPLED, self.parameters.latent_size, generator=torch_generator("cpu", self.seed, _SAMPLES))
        made = []
        with torch.inference_mode():
            for part in torch.split(codes.to(self.device), SCORING_BATCH):
                context.check()
                made.append(self._networks.generator(part))
        spread = float(torch.cat(made).var(dim=0, correction=0).mean()) ** 0.5 * float(self._networks.reach)  # in 0..1, as `usual`
        _, usual = mean_and_spread(pictures, context.check)
        if not math.isfinite(spread):
            raise ProblemError(ProblemCode.TRAINING_DIVERGED)
        if spread < _COLLAPSED * usual and usual > _SMALLEST_SPREAD:
            context.note(Problem(ProblemCode.GENERATED_IMAGES_ALIKE, {"share": round(100 * spread / usual)}))


def _sample(data: TrainingData) -> NDArray[np.uint8]:
    """A few held-out pictures to show, or training pictures if none are held out."""
    return np.ascontiguousarray(data.calibration[:_SHOWN] if len(data.calibration) else data.train[:_SHOWN])


def _reach(pictures: NDArray[np.uint8], mean: NDArray[np.float32], check: Callable[[], None]) -> float:
    """The largest difference of a picture from the mean picture (channels, height, width) in 0..1."""
    largest = 0.0
    for picture in pictures:
        check()
        largest = max(largest, float(np.abs(picture.transpose(2, 0, 1) / 255.0 - mean).max()))
    return largest


def _show(context: JobContext, pictures: NDArray[np.uint8], made: NDArray[np.uint8]) -> None:
    context.picture("input", pictures)
    context.picture("reconstruction", made)
