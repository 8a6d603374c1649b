"""Networks that look at patches: towers that describe one, the classifier of directions, and the judge that few labelled defects teach."""

from __future__ import annotations

import copy
import math
from abc import ABC, abstractmethod
from typing import Final, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.networks.patches import COARSEST_STEP, DIRECTIONS, PatchGrid, all_patches, without_green_magenta
from core.networks.resnet import ResNetFeatures

PICTURES_AT_ONCE: Final = 4  # whole pictures through a tower: few, so that a cancel takes effect soon
FEATURES: Final = 64  # numbers that describe a patch, as in Patch SVDD
SMALLEST_SPREAD: Final = 1e-3  # a quarter of a grey level: pictures that are all the same
_HIDDEN: Final = 128
_SLOPE: Final = 0.1
_SHARPNESS: Final = 3.0
# (kernel, stride) of each convolution: without padding a patch of that side becomes one place, and a picture one place per quarter patch.
_LAYERS: Final = {
    8: ((4, 2), (3, 1)),
    16: ((4, 2), (3, 2), (3, 1)),
    32: ((4, 2), (3, 2), (3, 1), (3, 2), (2, 1)),
    64: ((4, 2), (3, 2), (3, 1), (3, 2), (3, 1), (2, 2), (2, 1)),
}


class Tower(nn.Module, ABC):
    """Patches of pictures in 0..1 to `FEATURES` numbers each. Over the training patches these have mean 0 and variance 1 (batch
    normalisation without scale and shift), so that no weight on closeness can shrink them all to nothing.

    patch: side in pixels; step: pixels between the patches of its grid. without_axis: colours lose their green-magenta part first.
    """

    def __init__(self, *, patch: int, step: int, without_axis: bool) -> None:
        super().__init__()
        self.patch: Final = patch
        self.step: Final = step
        self._without_axis: Final = without_axis

    def forward(self, patches: Tensor) -> Tensor:
        """(n, channels, patch, patch) to (n, FEATURES)."""
        return self._on_grid(self._coloured(patches)).flatten(1)

    def on_grid(self, pictures: Tensor) -> Tensor:
        """The features of every patch of pictures (n, channels, height, width): (n, FEATURES, rows, columns)."""
        return self._on_grid(self._coloured(pictures))

    def centre(self, mean: Tensor, spread: float) -> None:
        """Tells the mean of each channel (channels,) of the pictures, and their standard deviation."""
        self._centre(self._coloured(mean[None, :, None, None])[0], max(spread, SMALLEST_SPREAD))

    @abstractmethod
    def _on_grid(self, pictures: Tensor) -> Tensor: ...

    @abstractmethod
    def _centre(self, mean: Tensor, spread: float) -> None: ...

    def _coloured(self, pictures: Tensor) -> Tensor:
        if not self._without_axis:
            return pictures
        return torch.einsum("dc,nchw->ndhw", without_green_magenta().to(pictures), pictures)


class SmallTower(Tower):
    """A few convolutions without padding, in the manner of Patch SVDD's encoder: over a whole picture they give the features of all its
    patches at once, the same as patch by patch."""

    mean: Tensor
    spread: Tensor

    def __init__(self, channels: int, *, patch: int, width: int, without_axis: bool) -> None:
        super().__init__(patch=patch, step=small_step(patch), without_axis=without_axis)
        self.register_buffer("mean", torch.zeros(channels, 1, 1))
        self.register_buffer("spread", torch.ones(1, 1, 1))
        layers: list[nn.Module] = []
        before = channels
        for level, (kernel, stride) in enumerate(_LAYERS[patch]):
            after = width * min(2**level, 4)
            layers += [nn.Conv2d(before, after, kernel, stride, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(_SLOPE)]
            before = after
        self.layers = nn.Sequential(*layers, nn.Conv2d(before, FEATURES, 1, bias=False), nn.BatchNorm2d(FEATURES, affine=False))

    def _on_grid(self, pictures: Tensor) -> Tensor:
        features: Tensor = self.layers((pictures - self.mean) / self.spread)
        return features

    def _centre(self, mean: Tensor, spread: float) -> None:
        self.mean.copy_(mean)
        self.spread.fill_(spread)


class ResNetTower(Tower):
    """ResNet-18 on one patch at a time, for its padding tells a patch from the inside of a picture; hence a coarser grid."""

    def __init__(self, channels: int, *, patch: int, width_share: float, without_axis: bool) -> None:
        super().__init__(patch=patch, step=resnet_step(patch), without_axis=without_axis)
        self.resnet = ResNetFeatures(channels, width_share=width_share, shrink=2)
        self.describe = nn.Linear(self.resnet.widths[-1], FEATURES, bias=False)
        self.normalise = nn.BatchNorm1d(FEATURES, affine=False)

    def forward(self, patches: Tensor) -> Tensor:
        return self._described(self._coloured(patches))

    def _on_grid(self, pictures: Tensor) -> Tensor:
        rows, columns = ((length - self.patch) // self.step + 1 for length in pictures.shape[2:])
        # one picture at a time: the rounding of a picture's features must not depend on the others
        features = torch.stack([self._described(all_patches(picture, self.patch, self.step)) for picture in pictures])
        return features.mT.reshape(len(pictures), FEATURES, rows, columns)

    def _described(self, patches: Tensor) -> Tensor:
        features: Tensor = self.normalise(self.describe(self.resnet(patches).pooled))
        return features

    def _centre(self, mean: Tensor, spread: float) -> None:
        self.resnet.mean.copy_(mean)
        self.resnet.spread.fill_(spread)


def small_step(patch: int) -> int:
    """What the strides of `SmallTower` multiply to."""
    return math.prod(stride for _, stride in _LAYERS[patch])


def resnet_step(patch: int) -> int:
    """Half a patch: every pixel is seen four times; a ResNet on four times as many patches would take minutes for each hundred pictures."""
    return min(patch // 2, COARSEST_STEP)


class RelativePositionNetwork(nn.Module):
    """A tower shared by both patches of a pair, and a classifier of the direction from one to the other that sees both descriptions."""

    def __init__(self, tower: Tower) -> None:
        super().__init__()
        self.tower = tower
        self.classifier = nn.Sequential(
            nn.Linear(2 * FEATURES, _HIDDEN),
            nn.LeakyReLU(_SLOPE),
            nn.Linear(_HIDDEN, _HIDDEN),
            nn.LeakyReLU(_SLOPE),
            nn.Linear(_HIDDEN, len(DIRECTIONS)),
        )

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Logits (n, 8) of the direction from patches to others, both as features (n, FEATURES)."""
        logits: Tensor = self.classifier(torch.cat([first, second], dim=1))
        return logits

    def surprise(self, features: Tensor, grid: PatchGrid) -> Tensor:
        """(rows, columns): for each patch of one picture the mean over its neighbours inside it of -log p(true direction), in nats.

        features: (FEATURES, rows, columns).
        """
        total, neighbours = features.new_zeros(grid.rows, grid.columns), features.new_zeros(grid.rows, grid.columns)
        for direction in range(len(DIRECTIONS)):
            near, far = grid.facing(direction)
            first, second = features[:, *near], features[:, *far]
            logits = self(first.flatten(1).T, second.flatten(1).T)
            total[near] -= functional.log_softmax(logits, dim=1)[:, direction].reshape(first.shape[1:])
            neighbours[near] += 1
        return total / neighbours


class DefectJudge(nn.Module):
    """A copy of a trained tower and one linear layer: log-odds of being defective for every patch of a picture.

    Batch normalisation keeps the statistics of the good patches, because a few defective pictures have none worth having. The new layer
    begins with zeros: no patch is suspicious before something was learnt.
    """

    def __init__(self, tower: Tower) -> None:
        super().__init__()
        self.tower = copy.deepcopy(tower)
        self.head = nn.Linear(FEATURES, 1)
        for parameter in self.head.parameters():
            nn.init.zeros_(parameter)

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        for module in self.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                module.eval()
        return self

    def forward(self, pictures: Tensor) -> Tensor:
        """Log-odds (n, rows, columns) of the patches of pictures in 0..1."""
        return self.log_odds(self.tower.on_grid(pictures))

    def log_odds(self, features: Tensor) -> Tensor:
        """The same of the features (n, FEATURES, rows, columns) of the patches.

        Added up place by place: a matrix product with one column rounds differently for other places in the batch.
        """
        return (features * self.head.weight[0, :, None, None]).sum(dim=1) + self.head.bias


def pooled_log_odds(odds: Tensor) -> Tensor:
    """(n, rows, columns) to (n,): between the mean and the maximum of the patches, (1/r) log mean exp(r x) with r = 3 (Pinheiro &
    Collobert 2015), so that a few patches can decide while all of them learn."""
    pooled: Tensor = ((_SHARPNESS * odds).flatten(1).logsumexp(dim=1) - math.log(odds[0].numel())) / _SHARPNESS
    return pooled
