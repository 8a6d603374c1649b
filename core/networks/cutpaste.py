"""The classifier of CutPaste: tells good pictures from pictures with a piece pasted over, and so learns what parts of the product look like."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from core.job_context import JobContext
from core.networks.loop import Trainee
from core.networks.pictures import PictureStore
from core.networks.resnet import ResNetFeatures
from core.networks.seeds import torch_generator
from core.synthesis.colours import jittered
from core.synthesis.cutpaste import cut_paste, cut_scar, random_crops, translated

CLASSES: Final[Mapping[str, int]] = {"3-way": 3, "binary": 2, "scar": 2}
_MOVED: Final = 1 / 32  # of the sides: "random translation" has no size in the paper; large moves would teach that edges repeat
_MOMENTUM: Final = 0.9
_DECAY: Final = 3e-5
_SIDE: Final = 256  # of the pictures that scars are measured on
_WATCHED: Final = 64  # calibration pictures whose loss is followed
_WATCHING: Final = 2_000_000  # place in the seed's tree, far from every epoch number
_FINE_SHARE: Final = 1 / 300  # published for weights trained elsewhere: 1e-4 for them, 0.03 for the head


class CutPasteClassifier(nn.Module):
    """Pictures (n, channels, height, width) in 0..1 to logits: good first, then each kind of made-up defect.

    The head is one hidden layer as wide as the features; the paper does not state its depth.
    """

    def __init__(self, backbone: ResNetFeatures, classes: int) -> None:
        super().__init__()
        self.backbone = backbone
        width = backbone.widths[-1]
        self.head = nn.Sequential(nn.Linear(width, width, bias=False), nn.BatchNorm1d(width), nn.ReLU(), nn.Linear(width, classes))

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.head(self.backbone(pictures).pooled)
        return logits

    def attention(self, maps: Tensor) -> Tensor:
        """Grad-CAM (Selvaraju et al. 2017) of "not good": layer 4's maps (n, d, height, width) to (n, height, width), none below 0.

        The weight of a channel is the mean over its places of the gradient of the log-odds of any defect. All places of the mean
        have the same gradient, so that of the pooled features, divided by their number, is enough.
        """
        with torch.inference_mode(False), torch.enable_grad():
            pooled = maps.mean(dim=(2, 3)).clone().requires_grad_()
            logits = self.head(pooled)
            odds = torch.logsumexp(logits[:, 1:], dim=1) - logits[:, 0]
            (gradient,) = torch.autograd.grad(odds.sum(), pooled)
        weights = gradient[:, :, None, None] / (maps.shape[2] * maps.shape[3])
        return (weights * maps).sum(dim=1).clamp(min=0)


def with_made_up_defects(
    pictures: Tensor, variant: str, generator: torch.Generator, *, scale: float, jitter: float
) -> tuple[Tensor, Tensor]:
    """The pictures followed by a defective copy of each for each kind of defect of the variant; also the classes, int64 (n,).

    scale: pixels of the pictures per pixel of one of 256 x 256, for the size of scars. jitter: of the colours of what is pasted.
    """
    shown = [pictures]
    if variant != "scar":
        shown.append(cut_paste(pictures, generator, jitter=jitter)[0])
    if variant != "binary":
        shown.append(cut_scar(pictures, generator, scale=scale, jitter=jitter)[0])
    return torch.cat(shown), torch.arange(len(shown), device=pictures.device).repeat_interleave(len(pictures))


class CutPasteTraining(Trainee):
    """SGD with momentum on the cross-entropy of good pictures, slightly moved and recoloured, and defective copies of the same.

    crop: side of the crops that are learnt from in place of whole pictures; None for whole pictures.
    """

    def __init__(
        self,
        classifier: CutPasteClassifier,
        *,
        train: NDArray[np.uint8],
        calibration: NDArray[np.uint8],
        parameters: Any,
        crop: int | None,
        seed: int,
        device: str,
        context: JobContext,
    ) -> None:
        self._classifier = classifier
        self._variant = str(parameters.variant)
        self._store = PictureStore(train, device)
        self._watched = PictureStore(calibration[:_WATCHED], device)
        self._jitter = float(parameters.colour_change)
        self._crop = crop
        self._scale = math.sqrt(train.shape[1] * train.shape[2]) / _SIDE
        self._seed, self._device = seed, device
        self._context = context
        rate = float(parameters.learning_rate)
        groups = [
            {"params": list(classifier.backbone.parameters()), "lr": rate * (_FINE_SHARE if parameters.weights_file else 1)},
            {"params": list(classifier.head.parameters()), "lr": rate},
        ]
        self._optimiser = torch.optim.SGD(groups, momentum=_MOMENTUM, weight_decay=_DECAY)
        self.networks = {"classifier": classifier}
        self.optimisers = {"sgd": self._optimiser}

    def step(self, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        loss = self._loss(self._store, indices, generator)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        return loss

    def end_epoch(self, epoch: int) -> None:
        """The same made-up defects of calibration pictures each time."""
        if not self._watched.count:
            return
        self._context.check()
        with torch.inference_mode():
            generator = torch_generator(self._device, self._seed, _WATCHING)
            loss = self._loss(self._watched, np.arange(self._watched.count), generator)
        self._context.metric("calibration_loss", epoch, float(loss))

    def _loss(self, store: PictureStore, indices: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        pictures = store.batch(indices)
        if self._crop is None:
            pictures = translated(pictures, generator, share=_MOVED)
        else:
            pictures = random_crops(pictures, generator, height=self._crop, width=self._crop)
        good = jittered(pictures, generator)
        shown, classes = with_made_up_defects(good, self._variant, generator, scale=self._scale, jitter=self._jitter)
        return functional.cross_entropy(self._classifier(shown), classes)
