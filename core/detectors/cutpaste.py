"""CutPaste: learns to find pieces pasted over good pictures, and asks how far a picture lies from good ones in what it learnt to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, Self

import numpy as np
import torch
from numpy.typing import NDArray

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import (
    Declaration,
    Detector,
    Findings,
    Gives,
    ImageInput,
    LearnsFrom,
    Parameters,
    Scored,
    TrainingData,
    parameter,
)
from core.detectors.picture_input import usual_input
from core.job_context import JobContext, PartContext
from core.networks.convolutional import initialise
from core.networks.cutpaste import CLASSES, CutPasteClassifier, CutPasteTraining
from core.networks.cutpaste_levels import Level, PatchLevel, PictureLevel, patch_side
from core.networks.loop import Schedule, optimise
from core.networks.pictures import mean_and_spread
from core.networks.resnet import ResNetFeatures, load_backbone
from core.networks.seeds import derived_seed
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_STEP: Final = 16  # sides of pictures are multiples of it
_INITIAL_WEIGHTS: Final = 1_000_000  # place in the seed's tree, far from every epoch number
_STEPS_PER_EPOCH: Final = 50
_STRIDES: Final[Mapping[str, int]] = {  # patches per patch side
    QT_TRANSLATE_NOOP("Parameter", "fine"): 8,
    QT_TRANSLATE_NOOP("Parameter", "medium"): 4,
    QT_TRANSLATE_NOOP("Parameter", "coarse"): 2,
}
_VARIANTS: Final = (
    QT_TRANSLATE_NOOP("Parameter", "3-way"),
    QT_TRANSLATE_NOOP("Parameter", "binary"),
    QT_TRANSLATE_NOOP("Parameter", "scar"),
)
_LEVELS: Final = (QT_TRANSLATE_NOOP("Parameter", "patches"), QT_TRANSLATE_NOOP("Parameter", "image"))


class CutPasteParameters(Parameters):
    """Settings of CutPaste."""

    level: Literal["patches", "image"] = parameter(
        "patches",
        title=QT_TRANSLATE_NOOP("Parameter", "Looks at"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Patches: every small part is judged by itself, which finds small defects and shows where they are. Image: the whole at a glance, for defects of arrangement; its map is coarse.",
        ),
    )
    variant: Literal["3-way", "binary", "scar"] = parameter(
        "3-way",
        title=QT_TRANSLATE_NOOP("Parameter", "Made-up defects"),
        help=QT_TRANSLATE_NOOP(
            "Parameter", "Binary: pasted patches. Scar: pasted narrow strips. 3-way: both, told apart; the best in the paper."
        ),
    )
    colour_change: float = parameter(
        0.3,
        title=QT_TRANSLATE_NOOP("Parameter", "Colour change of pasted pieces"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "How much brightness, contrast and colour of a pasted piece may change. Raise it if the loss does not fall: then pieces cannot be told from their surroundings.",
        ),
        unit=QT_TRANSLATE_NOOP("Parameter", "of full scale"),
        ge=0,
        le=0.5,
    )
    image_size: int = common.image_size(256)
    patch_size: int = parameter(
        32,
        title=QT_TRANSLATE_NOOP("Parameter", "Patch size"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Side of the patches, in pixels of the working size. A few times the smallest defect. Only when patches are looked at.",
        ),
        unit="px",
        ge=8,
        le=128,
        multiple_of=8,
    )
    detail: Literal["fine", "medium", "coarse"] = parameter(
        "medium",
        title=QT_TRANSLATE_NOOP("Parameter", "Detail of the map"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Patches lie an eighth, a quarter or half of their side apart. Each step up makes scoring four times as slow. Only when patches are looked at.",
        ),
    )
    aligned_parts: bool = parameter(
        True,
        title=QT_TRANSLATE_NOOP("Parameter", "Parts lie alike in every image"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Each place is compared with the same place of good images alone, which also finds what belongs elsewhere. Not for textures and parts that lie anyhow. Only when patches are looked at.",
        ),
    )
    top_share: float = common.top_share(0.5)
    steps: int = parameter(
        2000,
        title=QT_TRANSLATE_NOOP("Parameter", "Training steps"),
        help=QT_TRANSLATE_NOOP("Parameter", "Batches learnt from, in portions of 50. More take longer and find finer defects."),
        ge=10,
        le=100_000,
    )
    learning_rate: float = common.learning_rate(0.03)
    batch_size: int = common.batch_size(32)
    steady_density: bool = parameter(
        True,
        title=QT_TRANSLATE_NOOP("Parameter", "Steady density"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Draws what good images have in common towards the simplest shape (Ledoit-Wolf), as few images ask for. Off: exactly what was seen.",
        ),
        advanced=True,
    )
    network_width: Literal["quarter", "full"] = common.resnet_width()
    weights_file: str = common.weights_file()


class CutPaste(Detector):
    """Score: squared Mahalanobis distance from good features (Li, Sohn, Yoon & Pfister, CVPR 2021).

    A classifier learns to tell good pictures from the same with a piece of themselves pasted over; then a Gaussian is fitted to the
    features of good pictures, un-augmented and in eval mode. Level "image": of whole pictures; the map is Grad-CAM of the classifier,
    as coarse as the last layer, and tells why the classifier would call the picture pasted, not how the score came about. Level
    "patches" (appendix A.5): learns from crops of twice the patch, then judges every patch; distances become a map by receptive-field
    up-sampling. The score is the mean of the map's largest part; a tiny part gives the paper's maximum.

    Where this differs from the paper. Defaults for a computer without a graphics card: quarter width, some thousand steps instead of
    65,000. Pasted pieces change their colour by up to 0.3 instead of 0.1, which costs nothing in the paper's own comparison (95.5 to
    95.2): at 0.1 the classifier learnt nothing at all from crops of a fine texture in 600 steps, at 0.3 at once. Ledoit-Wolf covariance: with fewer pictures than features the sample's has no inverse. Patches a quarter instead of an eighth
    apart unless "fine": the kernel of the up-sampling is wider than either. "Aligned": one Gaussian for each block of half a patch
    rather than for each place, so that it rests on more patches and the file stays small. Size of scars in crops is that in the whole
    picture. The deck's pixel scores are those of the patch model, its formula that of the binary variant.
    """

    declaration = Declaration(
        key="cutpaste",
        title=QT_TRANSLATE_NOOP("Detector", "CutPaste"),
        summary=QT_TRANSLATE_NOOP(
            "Detector",
            "Learns to find pieces pasted over good images, so that it looks at details. What looks unlike good images to it is suspicious.",
        ),
        takes=frozenset({Kind.IMAGE}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.MAP}),
        source="Li, Sohn, Yoon & Pfister 2021",
        parameters=CutPasteParameters,
        presets={
            "quick": {"image_size": 128, "patch_size": 16, "steps": 600},
            "standard": {},
            "thorough": {"image_size": 384, "steps": 6000},
        },
        shortest={"steps": 10},
        minimum_good=8,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._input: ImageInput
        self._classifier: CutPasteClassifier
        self._level: Level
        self._findings = Findings()

    def image_input(self, sizes: Sequence[tuple[int, int]], channels: int) -> ImageInput:
        return usual_input(sizes, channels, image_size=self.parameters.image_size, multiple=_STEP, smallest=2 * _STEP)

    def memory_needed(self, data: TrainingData) -> int:
        """Activations of a batch forward and backward, features of the pictures for the density, and its covariances."""
        assert isinstance(data.input, ImageInput)
        self._build(data.input)
        side = self._level.crop
        pixels = side**2 if side else data.input.height * data.input.width
        shown = pixels * self.parameters.batch_size * CLASSES[self.parameters.variant]
        backbone = self._classifier.backbone
        activations = 8 * shown * backbone.widths[0] * (1 + 20 / backbone.shrink**2)  # numbers per pixel, forward and backward
        return int(activations + self._level.memory_needed(len(data.train))) + 300_000_000

    def fit(self, data: TrainingData, context: JobContext) -> None:
        assert isinstance(data.input, ImageInput)
        self.require_enough(data)
        self._build(data.input)
        self._start(data, context)
        epochs = -(-self.parameters.steps // _STEPS_PER_EPOCH)
        per_epoch = min(self.parameters.steps, _STEPS_PER_EPOCH)
        schedule = Schedule(epochs=epochs, batch_size=self.parameters.batch_size, seed=self.seed, steps_per_epoch=per_epoch)
        measuring = self._level.steps_to_measure(len(data.train), self.parameters.batch_size)
        total = epochs * per_epoch + measuring
        optimise(
            CutPasteTraining(
                self._classifier,
                train=data.train,
                calibration=data.calibration,
                parameters=self.parameters,
                crop=self._level.crop,
                seed=self.seed,
                device=self.device,
                context=context,
            ),
            count=len(data.train),
            schedule=schedule,
            device=self.device,
            context=PartContext(context, start=0, total=total),
            checkpoint=self.checkpoints / "training.safetensors" if self.checkpoints else None,
        )
        rest = PartContext(context, start=total - measuring, total=total)
        codes, items = self._level.measure(data.train, rest, steps=measuring)
        self._findings = Findings(codes=codes, code_items=items)

    def findings(self) -> Findings:
        return self._findings

    def score(self, batch: NDArray[Any]) -> Scored:
        scores, maps = self._level.judge(batch)
        return Scored(scores=scores, maps=maps)

    def save(self, folder: Path) -> None:
        files.write_head(folder, self, self._input)
        weights = {f"network.{name}": tensor.cpu().numpy() for name, tensor in self._classifier.state_dict().items()}
        files.write_arrays(folder / "weights.safetensors", weights | self._level.density.arrays())

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        detector._input = files.image_input_of(head, folder)
        with torch.device("meta"):  # shapes only: a forged size must not fill the memory
            detector._build(detector._input)
            shapes = {f"network.{name}": tuple(tensor.shape) for name, tensor in detector._classifier.state_dict().items()}
        path = folder / "weights.safetensors"
        arrays = files.read_arrays(path, shapes | detector._level.density_shapes())
        if arrays["network.backbone.spread"].min() <= 0:
            raise files.damaged(path, "a spread is not positive")
        detector._build(detector._input)
        detector._classifier.load_state_dict({name.removeprefix("network."): torch.from_numpy(arrays[name]) for name in shapes})
        detector._classifier.to(device).eval()
        detector._level.take_density(arrays, path)
        return detector

    def _build(self, form: ImageInput) -> None:
        """The classifier with weights that mean nothing yet, and the level that it works at."""
        self._input = form
        chosen = self.parameters
        patch = patch_side(chosen.patch_size, height=form.height, width=form.width) if chosen.level == "patches" else None
        share = common.RESNET_WIDTHS[chosen.network_width]
        backbone = ResNetFeatures(form.channels, width_share=share, shrink=4 if patch is None or patch >= 32 else 2 if patch >= 16 else 1)
        self._classifier = CutPasteClassifier(backbone, CLASSES[chosen.variant])
        if share < 1:  # with few channels a third faster on CPUs; with many it is slower
            self._classifier.to(memory_format=torch.channels_last)
        if patch is None:
            self._level = PictureLevel(self._classifier, shrink=chosen.steady_density, device=self.device)
        else:
            self._level = PatchLevel(
                self._classifier,
                height=form.height,
                width=form.width,
                patch=patch,
                stride=patch // _STRIDES[chosen.detail],
                aligned=chosen.aligned_parts,
                top_share=chosen.top_share / 100,
                shrink=chosen.steady_density,
                device=self.device,
            )

    def _start(self, data: TrainingData, context: JobContext) -> None:
        """Random weights around the mean and spread of the pictures, or those of the file that the user named."""
        initialise(self._classifier, derived_seed(self.seed, _INITIAL_WEIGHTS))
        backbone = self._classifier.backbone
        if self.parameters.weights_file:
            load_backbone(backbone, Path(self.parameters.weights_file))
        else:
            mean, spread = mean_and_spread(data.train, context.check)
            backbone.centre(torch.from_numpy(np.ascontiguousarray(mean.mean(axis=(1, 2)))), spread)
        self._classifier.to(self.device)
