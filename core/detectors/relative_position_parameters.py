"""Settings of relative patch position."""

from __future__ import annotations

from typing import Final, Literal

from core.detectors import common_parameters as common
from core.detectors.base import ImageInput, Parameters, parameter
from core.networks.patch_novelty import JudgedBy
from core.networks.patches import PatchGrid, patch_grid
from core.networks.relative_position import ResNetTower, SmallTower, Tower, resnet_step, small_step
from core.wording import QT_TRANSLATE_NOOP

_CHOICES: Final = (  # as a person reads them
    QT_TRANSLATE_NOOP("Parameter", "nearest"),
    QT_TRANSLATE_NOOP("Parameter", "density"),
    QT_TRANSLATE_NOOP("Parameter", "direction"),
    QT_TRANSLATE_NOOP("Parameter", "small"),
    QT_TRANSLATE_NOOP("Parameter", "ResNet-18"),
)


class RelativePositionParameters(Parameters):
    """Settings of relative patch position."""

    image_size: int = common.image_size(256)
    patch_share: float = parameter(
        12.5,
        title=QT_TRANSLATE_NOOP("Parameter", "Patch size"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Side of a patch as part of the working size; the nearest of 8, 16, 32 and 64 pixels is taken. Small defects need small patches, missing parts large ones.",
        ),
        unit=QT_TRANSLATE_NOOP("Parameter", "% of the side"),
        ge=2,
        le=25,
    )
    gap: float = parameter(
        50.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Gap between patches"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Between neighbouring patches, as part of a patch. Without a gap the network follows lines across the border and learns nothing else.",
        ),
        unit="%",
        ge=25,
        le=100,
        advanced=True,
    )
    jitter: float = parameter(
        15.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Jitter of patches"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Each patch is moved at random by up to this part of the gap while training, for the same reason. Never when scoring.",
        ),
        unit="%",
        ge=0,
        le=50,
        advanced=True,
    )
    steps: int = parameter(
        2000,
        title=QT_TRANSLATE_NOOP("Parameter", "Training steps"),
        help=QT_TRANSLATE_NOOP("Parameter", "How many batches of patches are learnt from."),
        ge=1,
        le=200_000,
    )
    batch_size: int = common.batch_size(16)
    learning_rate: float = common.learning_rate(0.001)
    closeness: float = parameter(
        0.0,
        title=QT_TRANSLATE_NOOP("Parameter", "Weight of closeness"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "How strongly a patch and the same patch moved by a pixel are pulled together, as in Patch SVDD. 0 for not at all; too much makes all patches look the same.",
        ),
        ge=0,
        le=10,
        advanced=True,
    )
    judged_by: JudgedBy = parameter(
        "nearest",
        title=QT_TRANSLATE_NOOP("Parameter", "Patches are judged by"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "nearest: distance from the most similar good patch. density: distance from the middle of all good patches. direction: how badly the network can tell where the neighbours lie; only where parts lie the same way in every image.",
        ),
    )
    bank_size: int = parameter(
        5000,
        title=QT_TRANSLATE_NOOP("Parameter", "Good patches to compare with"),
        help=QT_TRANSLATE_NOOP("Parameter", "Drawn at random from all good training images. More make scores steadier and scoring slower."),
        ge=50,
        le=200_000,
        advanced=True,
    )
    compare_places: bool = common.compare_places()
    top_share: float = common.top_share(1.0)
    labelled_defects: int = parameter(
        10_000,
        title=QT_TRANSLATE_NOOP("Parameter", "Labelled defects to learn from"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "At most so many of the defective training images are learnt from, drawn at random; 0 learns from good images only. Try 5, 10 and 25 to see what labelling more is worth.",
        ),
        ge=0,
        le=10_000,
    )
    tuning_steps: int = parameter(
        400,
        title=QT_TRANSLATE_NOOP("Parameter", "Steps with labelled defects"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Batches of good and defective images: one half for the last layer alone, the other for all layers with small steps.",
        ),
        ge=2,
        le=20_000,
        advanced=True,
    )
    network: Literal["small", "ResNet-18"] = parameter(
        "small",
        title=QT_TRANSLATE_NOOP("Parameter", "Network"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "small is made for patches and quick. A ResNet-18 takes several times as long; a file with weights always asks for one.",
        ),
        advanced=True,
    )
    width: int = common.width(16)
    network_width: Literal["quarter", "full"] = common.resnet_width()
    weights_file: str = common.weights_file()
    ignore_fringes: bool = parameter(
        True,
        title=QT_TRANSLATE_NOOP("Parameter", "Ignore colour fringes"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Lenses spread green and magenta apart towards the edges, which tells where a patch lies. Turn it off if just these colours show a defect.",
        ),
        advanced=True,
    )

    @property
    def uses_small_tower(self) -> bool:
        """A file with weights asks for a ResNet, whatever `network` says."""
        return self.network == "small" and not self.weights_file

    @property
    def tower_cost(self) -> float:
        """Time of a patch compared to a small tower of width 16, measured on one core."""
        return self.width / 16 if self.uses_small_tower else {"quarter": 5.0, "full": 60.0}[self.network_width]

    @property
    def labelled_batch(self) -> int:
        """Good pictures of a batch of the second stage, and as many defective ones; few where each takes long."""
        return 4 if self.uses_small_tower else 2

    def grid(self, form: ImageInput) -> PatchGrid:
        """Raises ValueError if the pictures are too small for patches with neighbours."""
        return patch_grid(
            form.height,
            form.width,
            share=self.patch_share / 100,
            gap=self.gap / 100,
            jitter=self.jitter / 100,
            step_of=small_step if self.uses_small_tower else resnet_step,
        )

    def tower(self, channels: int, *, patch: int) -> Tower:
        """An untrained one."""
        without_axis = channels == 3 and self.ignore_fringes
        if self.uses_small_tower:
            return SmallTower(channels, patch=patch, width=self.width, without_axis=without_axis)
        return ResNetTower(channels, patch=patch, width_share=common.RESNET_WIDTHS[self.network_width], without_axis=without_axis)
