"""ResNet-18 (He et al. 2016, layout of torchvision) as a source of features, from random weights or from a file that the user names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, NamedTuple

import torch
from torch import Tensor, nn

from core.networks.convolutional import SMALLEST_SPREAD
from core.problems import ProblemCode, ProblemError

FULL_WIDTH: Final = (64, 128, 256, 512)
_BLOCKS_PER_LAYER: Final = 2
_IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
_IMAGENET_SPREAD: Final = (0.229, 0.224, 0.225)
_LARGEST_FILE: Final = 1_000_000_000  # bytes; the layout itself takes 45 MB
_CLASSIFIER: Final = "fc."  # of the task that the weights were trained for
_COUNTER: Final = "num_batches_tracked"  # older files lack it; nothing depends on it


class ResNetMaps(NamedTuple):
    """Last maps of the four layers, (n, widths[i], height, width), and the mean over the places of the last, (n, widths[3])."""

    layer1: Tensor
    layer2: Tensor
    layer3: Tensor
    layer4: Tensor
    pooled: Tensor


class ResNetFeatures(nn.Module):
    """Pictures (n, channels, height, width) in 0..1, channels 1 or 3, to `ResNetMaps`. Never downloads anything.

    width_share scales the channels 64-128-256-512. `shrink` is by how much the stem makes the picture smaller before layer 1: 4 as
    published (stride 2, then pooling), 2 without the pooling, 1 without both, for small inputs. No `shrink` changes a weight, so
    published weights fit all three. Layers 2 to 4 halve once each, so the smallest useful side is 8 * shrink. Names and shapes of the
    weights are torchvision's, without "fc".
    """

    mean: Tensor
    spread: Tensor

    def __init__(self, channels: int, *, width_share: float = 0.25, shrink: Literal[1, 2, 4] = 4) -> None:
        from torchvision.models.resnet import BasicBlock

        super().__init__()
        self.channels: Final = channels
        self.shrink: Final = shrink
        self.widths: Final = tuple(round(width * width_share) for width in FULL_WIDTH)
        self.register_buffer("mean", torch.full((channels, 1, 1), 0.5))
        self.register_buffer("spread", torch.full((channels, 1, 1), 0.25))
        first = self.widths[0]
        self.conv1 = nn.Conv2d(channels, first, kernel_size=7, stride=1 if shrink == 1 else 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1) if shrink == 4 else nn.Identity()

        def layer(before: int, after: int, stride: int) -> nn.Sequential:
            shortcut = None
            if stride != 1 or before != after:
                shortcut = nn.Sequential(nn.Conv2d(before, after, kernel_size=1, stride=stride, bias=False), nn.BatchNorm2d(after))
            more = [BasicBlock(after, after) for _ in range(_BLOCKS_PER_LAYER - 1)]
            return nn.Sequential(BasicBlock(before, after, stride, shortcut), *more)

        self.layer1 = layer(first, self.widths[0], 1)
        self.layer2 = layer(self.widths[0], self.widths[1], 2)
        self.layer3 = layer(self.widths[1], self.widths[2], 2)
        self.layer4 = layer(self.widths[2], self.widths[3], 2)

    def centre(self, mean: Tensor, spread: float) -> None:
        """Sets the mean of each channel (channels,) and one standard deviation, taken off and divided by before everything else."""
        self.mean.copy_(mean[:, None, None])
        self.spread.fill_(max(spread, SMALLEST_SPREAD))

    def forward(self, pictures: Tensor) -> ResNetMaps:
        stem = self.maxpool(self.relu(self.bn1(self.conv1((pictures - self.mean) / self.spread))))
        layer1 = self.layer1(stem)
        layer2 = self.layer2(layer1)
        layer3 = self.layer3(layer2)
        layer4 = self.layer4(layer3)
        return ResNetMaps(layer1, layer2, layer3, layer4, layer4.mean(dim=(2, 3)))


def load_backbone(network: ResNetFeatures, path: Path) -> None:
    """Puts the weights of a file that the user named into `network` and the normalisation of ImageNet before it.

    .safetensors, or .pth and .pt read as numbers only. Entries of the classifier ("fc.") are left out. The first convolution of a
    colour network is summed over the colours for grey pictures. Raises ProblemError(WEIGHTS_UNREADABLE).
    """
    found = {name: tensor for name, tensor in _read(path).items() if not name.startswith(_CLASSIFIER)}
    wanted = {name: tensor for name, tensor in network.state_dict().items() if name not in ("mean", "spread")}
    found |= {name: tensor for name, tensor in wanted.items() if name.endswith(_COUNTER) and name not in found}
    stem = found.get("conv1.weight")
    if network.channels == 1 and stem is not None and stem.ndim == 4 and stem.shape[1] == 3:
        found["conv1.weight"] = stem.sum(dim=1, keepdim=True)
    _check(found, wanted, path)
    network.load_state_dict(found, strict=False)
    colour = network.channels == 3
    for buffer, values in ((network.mean, torch.tensor(_IMAGENET_MEAN)), (network.spread, torch.tensor(_IMAGENET_SPREAD))):
        buffer.copy_((values if colour else values.mean(dim=0, keepdim=True))[:, None, None])


def _unreadable(path: Path, detail: str) -> ProblemError:
    return ProblemError(ProblemCode.WEIGHTS_UNREADABLE, path=str(path), detail=detail)


def _read(path: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _unreadable(path, "it is too large")
        if path.suffix == ".safetensors":
            found = load_file(path)
        elif path.suffix in (".pth", ".pt"):
            found = torch.load(path, map_location="cpu", weights_only=True)
        else:
            raise _unreadable(path, f"its name ends in {path.suffix or 'nothing'}")
    except ProblemError:
        raise
    except Exception as error:  # a forged archive can fail in any way
        raise _unreadable(path, type(error).__name__) from error
    if not isinstance(found, Mapping) or not all(isinstance(name, str) and isinstance(found[name], Tensor) for name in found):
        raise _unreadable(path, "it is not a list of named arrays")
    return dict(found)


def _check(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor], path: Path) -> None:
    for name, tensor in wanted.items():
        if name not in found:
            raise _unreadable(path, f"{name} is missing")
        if found[name].shape != tensor.shape:
            raise _unreadable(path, f"{name} is {_size(found[name])} instead of {_size(tensor)}")
        if not bool(torch.isfinite(found[name]).all()):
            raise _unreadable(path, f"{name} is not made of finite numbers")
    for name in found:
        if name not in wanted:
            raise _unreadable(path, f"{name} is unknown")


def _size(tensor: Tensor) -> str:
    return " x ".join(str(length) for length in tensor.shape) or "one number"
