"""Pictures on their way into and out of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

SCORING_BATCH: Final = 16
_DEVICE_SHARE: Final = 4  # pictures stay on the device if they fit in this part of its free memory


class ItemStore(Protocol):
    """Items that a network is shown, by their positions."""

    @property
    def count(self) -> int: ...

    def batch(self, indices: NDArray[np.int64]) -> Tensor:
        """float32, first axis as long as `indices`, on the device."""


class PictureStore:
    """uint8 pictures (n, height, width, channels), kept on the device when they fit, handed out as float batches in 0..1.

    A memory map is read batch by batch and never as a whole, unless it goes to the device.
    """

    def __init__(self, pictures: NDArray[np.uint8], device: str) -> None:
        self._pictures: NDArray[np.uint8] | Tensor = pictures
        self._device = torch.device(device)
        self.count: Final = len(pictures)
        if self._device.type == "cuda" and pictures.nbytes * _DEVICE_SHARE < torch.cuda.mem_get_info(self._device)[0]:
            self._pictures = torch.from_numpy(np.ascontiguousarray(pictures)).to(self._device)

    def batch(self, indices: NDArray[np.int64]) -> Tensor:
        """float32 (n, channels, height, width) in 0..1 on the device."""
        if isinstance(self._pictures, Tensor):
            chosen = self._pictures[torch.from_numpy(indices).to(self._device)]
        else:
            chosen = torch.from_numpy(np.ascontiguousarray(self._pictures[indices])).to(self._device)
        return to_network(chosen)


def to_network(pictures: Tensor) -> Tensor:
    """uint8 (n, height, width, channels) to float32 (n, channels, height, width) in 0..1."""
    return pictures.permute(0, 3, 1, 2).contiguous().float().div_(255.0)


def to_pictures(values: Tensor) -> NDArray[np.uint8]:
    """Inverse of `to_network`; values outside 0..1 are cut, which only concerns what is shown."""
    shown = (values.detach().clamp(0, 1) * 255).round().to(torch.uint8)
    pictures: NDArray[np.uint8] = shown.permute(0, 2, 3, 1).cpu().numpy()
    return pictures


def in_fixed_batches(count: int, size: int = SCORING_BATCH) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Index batches of exactly `size`, the last one filled up by repeating its last item; second, how many are real.

    Convolutions round differently for different batch sizes, so a batch that is always of one size is what makes the score of an item
    the same alone and among others.
    """
    for start in range(0, count, size):
        real = min(size, count - start)
        yield np.minimum(np.arange(start, start + size), start + real - 1), real


def apply_in_batches(
    pictures: NDArray[np.uint8],
    function: Callable[..., tuple[Tensor, ...]],
    *,
    device: str,
    check: Callable[[], None] = lambda: None,
    size: int = SCORING_BATCH,
    beside: Sequence[Tensor] = (),
) -> list[NDArray[Any]]:
    """`function` on float batches of `pictures`, its results joined over all items; no gradients.

    Further arguments of `function` are the same items' rows of the tensors in `beside`.
    """
    return apply_to_store(PictureStore(pictures, device), function, check=check, size=size, beside=beside)


def apply_to_store(
    store: ItemStore,
    function: Callable[..., tuple[Tensor, ...]],
    *,
    check: Callable[[], None] = lambda: None,
    size: int,
    beside: Sequence[Tensor] = (),
) -> list[NDArray[Any]]:
    """`apply_in_batches` for items that a store hands out."""
    parts: list[tuple[NDArray[Any], ...]] = []
    with torch.inference_mode():
        for indices, real in in_fixed_batches(store.count, size):
            check()
            results = function(store.batch(indices), *(rows[indices] for rows in beside))
            parts.append(tuple(result[:real].cpu().numpy() for result in results))
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


def moments_in_batches(
    pictures: NDArray[np.uint8], function: Callable[[Tensor], Tensor], *, device: str, check: Callable[[], None] = lambda: None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation over the pictures of what `function` gives for each, place by place, without keeping them all."""
    store = PictureStore(pictures, device)
    total: Any = 0.0
    squares: Any = 0.0
    with torch.inference_mode():
        for indices, real in in_fixed_batches(store.count):
            check()
            values = function(store.batch(indices))[:real].double().cpu().numpy()
            total = total + values.sum(axis=0)
            squares = squares + np.square(values).sum(axis=0)
    mean: NDArray[np.float64] = total / store.count
    return mean, np.sqrt(np.maximum(squares / store.count - mean**2, 0))


def mean_and_spread(pictures: NDArray[np.uint8], check: Callable[[], None] = lambda: None) -> tuple[NDArray[np.float32], float]:
    """The mean picture, float32 (channels, height, width) in 0..1, and the standard deviation around it over all places."""
    total = np.zeros(pictures.shape[1:], dtype=np.float64)
    squares = np.zeros(pictures.shape[1:], dtype=np.float64)
    for picture in pictures:
        check()
        values = picture / 255.0
        total += values
        squares += values * values
    mean = total / len(pictures)
    variance = float(np.mean(squares / len(pictures) - mean * mean))
    return np.ascontiguousarray(mean.transpose(2, 0, 1), dtype=np.float32), max(variance, 0.0) ** 0.5
