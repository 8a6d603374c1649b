"""The layout of ResNet-18 is torchvision's; weights come only from files that the user names, and wrong ones are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torchvision.models import resnet18

from core.networks.convolutional import initialise
from core.networks.resnet import ResNetFeatures, load_backbone
from core.problems import ProblemCode, ProblemError


@pytest.fixture(scope="module")
def published() -> torch.nn.Module:
    """torchvision's own network with random weights and statistics."""
    network = resnet18(weights=None)
    initialise(network, 3)
    generator = torch.Generator().manual_seed(4)
    for name, tensor in network.state_dict().items():
        if name.endswith(("running_mean", "running_var", "bn1.weight", "bn2.bias")):
            tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.5)
    return network.eval()


def _pictures(channels: int, height: int = 64, width: int = 96) -> Tensor:
    return torch.rand(2, channels, height, width, generator=torch.Generator().manual_seed(0))


def _standardised(pictures: Tensor) -> Tensor:
    mean, spread = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return (pictures - mean[:, None, None]) / spread[:, None, None]


@pytest.mark.parametrize("suffix", [".pth", ".pt", ".safetensors"])
def test_named_weights_give_torchvisions_features(published: torch.nn.Module, suffix: str, tmp_path: Path):
    path = tmp_path / f"weights{suffix}"
    if suffix == ".safetensors":
        save_file(published.state_dict(), path)
    else:
        torch.save(published.state_dict(), path)
    network = ResNetFeatures(3, width_share=1.0)
    load_backbone(network, path)
    network.eval()
    with torch.inference_mode():
        maps = network(_pictures(3))
        x = published.maxpool(published.relu(published.bn1(published.conv1(_standardised(_pictures(3))))))
        for ours, layer in zip(maps, (published.layer1, published.layer2, published.layer3, published.layer4), strict=False):
            x = layer(x)
            torch.testing.assert_close(ours, x)
        torch.testing.assert_close(maps.pooled, torch.flatten(published.avgpool(x), 1))


def test_grey_pictures_get_the_summed_first_convolution(published: torch.nn.Module, tmp_path: Path):
    torch.save(published.state_dict(), tmp_path / "weights.pth")
    grey = ResNetFeatures(1, width_share=1.0)
    load_backbone(grey, tmp_path / "weights.pth")
    torch.testing.assert_close(grey.conv1.weight, published.conv1.weight.detach().sum(dim=1, keepdim=True))
    same = _pictures(1)
    standardised = (same - grey.mean) / grey.spread
    torch.testing.assert_close(grey.conv1(standardised), published.conv1(standardised.expand(-1, 3, -1, -1)), rtol=1e-4, atol=1e-4)
    assert float(grey.mean) == pytest.approx(0.449, abs=1e-6) and float(grey.spread) == pytest.approx(0.226, abs=1e-6)


def test_files_without_batch_counters_and_classifier_are_taken(published: torch.nn.Module, tmp_path: Path):
    save_file({name: tensor for name, tensor in published.state_dict().items() if "num_batches" not in name}, tmp_path / "old.safetensors")
    network = ResNetFeatures(3, width_share=1.0)
    load_backbone(network, tmp_path / "old.safetensors")
    torch.testing.assert_close(network.layer4[1].conv2.weight, published.layer4[1].conv2.weight)


@pytest.mark.parametrize(("shrink", "side"), [(4, 16), (2, 32), (1, 64)])
def test_shrink_decides_how_many_places_a_map_has(shrink: int, side: int):
    network = ResNetFeatures(1, shrink=shrink).eval()
    maps = network(_pictures(1, 64, 128))
    widths = (16, 32, 64, 128)
    assert [tuple(one.shape) for one in maps[:4]] == [(2, widths[i], side >> i, 2 * side >> i) for i in range(4)]
    assert maps.pooled.shape == (2, 128)
    assert {name: tensor.shape for name, tensor in network.state_dict().items()} == {
        name: tensor.shape for name, tensor in ResNetFeatures(1).state_dict().items()
    }


BROKEN: dict[str, Callable[[dict[str, Tensor]], object]] = {
    "is missing": lambda state: {name: tensor for name, tensor in state.items() if name != "layer3.0.bn1.bias"},
    "instead of 16 x 3 x 7 x 7": lambda state: state | {"conv1.weight": torch.zeros(64, 3, 7, 7)},
    "is unknown": lambda state: state | {"layer5.weight": torch.zeros(1)},
    "finite": lambda state: state | {"bn1.weight": torch.full((16,), torch.nan)},
    "not a list of named arrays": lambda state: state | {"epoch": 3},
    "UnpicklingError": lambda state: {"path": Path("x")},  # an object that is more than numbers is never built
}


@pytest.mark.parametrize("detail", BROKEN)
def test_other_weights_are_refused_with_the_reason(detail: str, tmp_path: Path):
    network = ResNetFeatures(3)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    torch.save(BROKEN[detail](dict(ResNetFeatures(3).state_dict())), tmp_path / "weights.pth")
    with pytest.raises(ProblemError) as caught:
        load_backbone(network, tmp_path / "weights.pth")
    assert caught.value.problem.code is ProblemCode.WEIGHTS_UNREADABLE
    assert detail in caught.value.problem.sentence()
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())


@pytest.mark.parametrize("name", ["weights.pth", "weights.safetensors", "weights.onnx", "gone.pth", "folder.pth"])
def test_files_of_another_kind_are_refused(name: str, tmp_path: Path):
    (tmp_path / "folder.pth").mkdir()
    if name.startswith("weights"):
        (tmp_path / name).write_bytes(b"no weights at all")
    with pytest.raises(ProblemError) as caught:
        load_backbone(ResNetFeatures(1), tmp_path / name)
    assert caught.value.problem.code is ProblemCode.WEIGHTS_UNREADABLE
