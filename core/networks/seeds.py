"""Independent random streams from one seed, so that nothing depends on how many numbers were drawn before.

The numbers of epoch 7 are the same whether epochs 1 to 6 ran just before or were read from a checkpoint.
"""

from __future__ import annotations

import numpy as np
import torch


def derived_seed(seed: int, *path: int) -> int:
    """A seed of 63 bits for one purpose: `path` names it, for example (epoch,). Different paths give unrelated seeds."""
    return int(np.random.SeedSequence(entropy=seed, spawn_key=path).generate_state(1, np.uint64)[0] >> np.uint64(1))


def torch_generator(device: str, seed: int, *path: int) -> torch.Generator:
    """A generator on `device` for one purpose."""
    return torch.Generator(device=device).manual_seed(derived_seed(seed, *path))


def numpy_generator(seed: int, *path: int) -> np.random.Generator:
    """A numpy generator for one purpose."""
    return np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=path))
