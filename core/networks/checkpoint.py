"""The state of a training between two epochs, as one safetensors file that is replaced as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.problems import ProblemCode, ProblemError

_SIDE_FILE = ".new"


def write_checkpoint(path: Path, networks: Mapping[str, nn.Module], optimisers: Mapping[str, Optimizer], *, epoch: int) -> None:
    """Keeps weights, optimiser states and the number of finished epochs. A kill at any moment leaves the old or the new file whole."""
    from safetensors.torch import save_file

    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in _state(networks, optimisers).items()}
    side = path.with_name(path.name + _SIDE_FILE)
    save_file(tensors, str(side), metadata={"epoch": str(epoch)})
    side.replace(path)


def read_checkpoint(path: Path, networks: Mapping[str, nn.Module], optimisers: Mapping[str, Optimizer]) -> int:
    """Puts the kept state back and returns the number of finished epochs; 0 if there is no file.

    Raises ProblemError(MODEL_DAMAGED) if the file does not fit these networks.
    """
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        return 0
    try:
        with safe_open(str(path), framework="pt") as file:
            epoch = int((file.metadata() or {})["epoch"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
        for name, network in networks.items():
            network.load_state_dict(_under(tensors, f"network.{name}."))
        for name, optimiser in optimisers.items():
            _restore_optimiser(optimiser, _under(tensors, f"optimiser.{name}."))
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise ProblemError(ProblemCode.MODEL_DAMAGED, path=path.name, detail=type(error).__name__) from error
    return epoch


def _state(networks: Mapping[str, nn.Module], optimisers: Mapping[str, Optimizer]) -> dict[str, Tensor]:
    state: dict[str, Tensor] = {}
    for name, network in networks.items():
        state |= {f"network.{name}.{key}": tensor for key, tensor in network.state_dict().items()}
    for name, optimiser in optimisers.items():
        for place, values in optimiser.state_dict()["state"].items():
            state |= {f"optimiser.{name}.{place}.{key}": torch.as_tensor(value) for key, value in values.items()}
    return state


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _restore_optimiser(optimiser: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    values: dict[int, dict[str, Any]] = {}
    for name, tensor in tensors.items():
        place, _, key = name.partition(".")
        values.setdefault(int(place), {})[key] = tensor
    optimiser.load_state_dict({"state": values, "param_groups": optimiser.state_dict()["param_groups"]})
