"""Pictures inside a page: the part, and its heat map in the one scale of the run, as data URIs."""

from __future__ import annotations

import base64
import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_QUALITY: Final = 82
_OPACITY: Final = 0.65
# Inferno of matplotlib (CC0) at nine places; between them straight lines, which the eye cannot tell.
_INFERNO: Final = np.array(
    [
        (0, 0, 4),
        (31, 12, 72),
        (85, 15, 109),
        (136, 34, 106),
        (186, 54, 85),
        (227, 89, 51),
        (249, 140, 10),
        (249, 201, 50),
        (252, 255, 164),
    ],
    dtype=np.float64,
)


def heat_share(values: NDArray[np.floating], scale: float) -> NDArray[np.float64]:
    """v / (v + t) with v < 0 taken as 0: the same colour is the same evidence on every picture of a run. In [0, 1)."""
    positive = np.maximum(np.asarray(values, dtype=np.float64), 0.0)
    share: NDArray[np.float64] = positive / (positive + scale)
    return share


def heat_colours(share: NDArray[np.float64]) -> NDArray[np.uint8]:
    """RGB colours (..., 3) of shares from 0 to 1."""
    places = np.linspace(0, 1, len(_INFERNO))
    return np.stack([np.interp(share, places, _INFERNO[:, channel]) for channel in range(3)], axis=-1).round().astype(np.uint8)


def heat_overlay(picture: NDArray[np.uint8], evidence: NDArray[np.floating], scale: float) -> NDArray[np.uint8]:
    """The picture (h, w, 3) in grey under its heat map, which is stretched to its size. Little evidence lets the picture through."""
    height, width = picture.shape[:2]
    stretched = Image.fromarray(heat_share(evidence, scale).astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR)
    share = np.asarray(stretched, dtype=np.float64)
    grey = np.repeat(np.asarray(Image.fromarray(picture).convert("L"), dtype=np.float64)[..., None], 3, axis=2)
    opacity = _OPACITY * np.clip(2 * share, 0, 1)[..., None]
    blended = (1 - opacity) * grey + opacity * heat_colours(share)
    overlay: NDArray[np.uint8] = blended.round().astype(np.uint8)
    return overlay


def heat_legend(*, width: int = 160, height: int = 10) -> str:
    """The colours from no evidence to the most, as a data URI."""
    ramp = np.tile(np.linspace(0, 1, width), (height, 1))
    return data_uri(heat_colours(ramp), lossless=True)


def data_uri(picture: NDArray[np.uint8], *, lossless: bool = False) -> str:
    """The picture (h, w, 3) inside a URI, as JPEG or PNG."""
    content = io.BytesIO()
    kind = "png" if lossless else "jpeg"
    Image.fromarray(picture).save(content, format=kind.upper(), **({} if lossless else {"quality": _QUALITY}))
    return f"data:image/{kind};base64,{base64.b64encode(content.getvalue()).decode('ascii')}"
