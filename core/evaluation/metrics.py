"""How well scores, and maps, separate defective from good. Every figure depends on the order of the scores alone.

Labels here are 1 for defective and 0 for good. A figure that needs both is None when one of them is absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

AUPRO_LIMIT: Final = 0.3
_EIGHT_NEIGHBOURS: Final = np.ones((3, 3), dtype=int)

Pictures = Sequence[NDArray[np.float32]]
Masks = Sequence[NDArray[np.bool_]]


def image_auroc(labels: ArrayLike, scores: ArrayLike) -> float | None:
    """The chance that a defective item scores higher than a good one, ties counting half."""
    from sklearn import metrics  # here, because it takes most of a second, which every command would pay

    truth, values = np.asarray(labels), np.asarray(scores, dtype=np.float64)
    return float(metrics.roc_auc_score(truth, values)) if _both(truth) else None


def average_precision(labels: ArrayLike, scores: ArrayLike) -> float | None:
    """The precision averaged over the recalls of defective items, without interpolation."""
    from sklearn import metrics

    truth, values = np.asarray(labels), np.asarray(scores, dtype=np.float64)
    return float(metrics.average_precision_score(truth, values)) if _both(truth) else None


def pixel_auroc(maps: Pictures, masks: Masks) -> float | None:
    """`image_auroc` over all pixels. Each map has the shape of its mask; a good picture has an empty mask."""
    return image_auroc(*_pixels(maps, masks))


def pixel_average_precision(maps: Pictures, masks: Masks) -> float | None:
    """`average_precision` over all pixels. Where defects are tiny it tells more than `pixel_auroc`, which the many good pixels flatter."""
    return average_precision(*_pixels(maps, masks))


def aupro(maps: Pictures, masks: Masks, *, limit: float = AUPRO_LIMIT) -> float | None:
    """The area under the per-region overlap up to a share `limit` of defect-free pixels flagged, divided by `limit`.

    Every connected region (8 neighbours) counts alike, however large. Bergmann et al., IJCV 129, 2021, section 5.2. Raises ValueError
    unless 0 < limit <= 1.
    """
    if not 0 < limit <= 1:
        raise ValueError(f"limit {limit} is not above 0 and at most 1")
    free, values = _pixels(maps, [~mask for mask in masks])
    weights, regions = _region_weights(masks)
    if not regions or not free.any():
        return None
    descending = np.argsort(values, kind="stable")[::-1]
    last_of_tie = np.append(np.diff(values[descending]) != 0, True)
    flagged = np.cumsum(free[descending], dtype=np.float64)[last_of_tie] / free.sum()
    overlap = np.cumsum(weights[descending])[last_of_tie] / regions
    return _area_up_to(np.append(0.0, flagged), np.append(0.0, overlap), limit) / limit


def _area_up_to(across: NDArray[np.float64], up: NDArray[np.float64], limit: float) -> float:
    inside = across <= limit
    end = np.interp(limit, across, up)
    from sklearn import metrics

    return float(metrics.auc(np.append(across[inside], limit), np.append(up[inside], end)))


def _region_weights(masks: Masks) -> tuple[NDArray[np.float64], int]:
    """For each pixel of all masks 1 / size of its region, 0 outside of regions; and the number of regions."""
    weights, regions = [np.empty(0)], 0
    for mask in masks:
        numbered, count = ndimage.label(mask, structure=_EIGHT_NEIGHBOURS)
        sizes = np.bincount(numbered.ravel(), minlength=count + 1).astype(np.float64)
        shares = np.concatenate([[0.0], 1 / sizes[1:]])
        weights.append(shares[numbered].ravel())
        regions += count
    return np.concatenate(weights), regions


def _pixels(maps: Pictures, masks: Masks) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    for scored, mask in zip(maps, masks, strict=True):
        if scored.shape != mask.shape:
            raise ValueError(f"a map of shape {scored.shape} has a mask of shape {mask.shape}")
    flat_masks = [np.asarray(mask, dtype=bool).ravel() for mask in masks]
    flat_maps = [np.asarray(scored, dtype=np.float32).ravel() for scored in maps]
    return np.concatenate([np.empty(0, bool), *flat_masks]), np.concatenate([np.empty(0, np.float32), *flat_maps])


def _both(truth: NDArray[np.generic]) -> bool:
    return bool(truth.any()) and not bool(truth.all())
