"""The working size of pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core.detectors.base import ImageInput


def usual_input(sizes: Sequence[tuple[int, int]], channels: int, *, image_size: int, multiple: int, smallest: int) -> ImageInput:
    """Keeps the usual aspect ratio of pictures of the given (height, width) sizes; about `image_size` squared pixels, but not more than
    the pictures have. Both sides are multiples of `multiple` and at least `smallest`."""
    heights, widths = np.asarray(sizes, dtype=np.float64).T
    ratio = float(np.exp(np.median(np.log(widths / heights))))
    side = min(float(image_size), float(np.median(np.sqrt(heights * widths))))

    def stepped(length: float) -> int:
        return max(smallest, round(length / multiple) * multiple)

    return ImageInput(height=stepped(side / math.sqrt(ratio)), width=stepped(side * math.sqrt(ratio)), channels=channels)


def square_input(channels: int, *, image_size: int) -> ImageInput:
    """A square, for networks that need one: pictures of other shapes are stretched into it."""
    return ImageInput(height=image_size, width=image_size, channels=channels)
