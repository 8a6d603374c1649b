"""CutPaste (Li, Sohn, Yoon & Pfister 2021): made-up defects from pieces of the same picture, with their masks.

Everything is drawn for a whole batch on the device of the generator. Pasted places and the part they come from lie fully inside the
picture; the mask tells every place that was pasted over, even if it looks like before.
"""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor

from core.synthesis.colours import jittered, uniform

AREA: Final = (0.02, 0.15)  # of the picture
ASPECT: Final = (0.3, 3.3)  # width / height; half of the patches are taller than wide
SCAR_WIDTH: Final = (2.0, 16.0)  # pixels of a picture of 256 x 256
SCAR_LENGTH: Final = (10.0, 25.0)
SCAR_ANGLE: Final = math.pi / 4
_SIDE: Final = 256
_NARROWEST: Final = 2.0  # pixels: a scar this wide covers the middle of at least one pixel in every row, however it lies


def cut_paste(pictures: Tensor, generator: torch.Generator, *, jitter: float = 0.1) -> tuple[Tensor, Tensor]:
    """Pastes a patch of each picture (n, channels, height, width) elsewhere into it; also the masks, bool (n, height, width).

    Area and aspect as published. In a picture so long that a patch of that aspect would not fit, the aspect gives way, not the area.
    """
    count, _, height, width = pictures.shape
    tall, wide = patch_sizes(count, height, width, generator)
    top, left = _whole(height - tall, generator), _whole(width - wide, generator)
    from_top, from_left = _whole(height - tall, generator), _whole(width - wide, generator)
    rows = torch.arange(height, device=pictures.device) - top[:, None]
    columns = torch.arange(width, device=pictures.device) - left[:, None]
    inside_rows = (rows >= 0) & (rows < tall[:, None])
    inside_columns = (columns >= 0) & (columns < wide[:, None])
    masks = inside_rows[:, :, None] & inside_columns[:, None, :]
    taken = _picked(pictures, (rows + from_top[:, None])[:, :, None], (columns + from_left[:, None])[:, None, :])
    return _pasted(pictures, taken, masks, generator, jitter), masks


def cut_scar(pictures: Tensor, generator: torch.Generator, *, scale: float | None = None, jitter: float = 0.1) -> tuple[Tensor, Tensor]:
    """Pastes a narrow, turned piece of each picture elsewhere into it; also the masks, bool (n, height, width).

    Width 2-16 and length 10-25 pixels of a picture of 256 x 256, times `scale` (None: root of the area / 256; crops keep the scale of
    the picture they come from), turned by -45 to 45 degrees. The paper does not say along which side the length lies: along either, so
    that scars run in all directions.
    """
    count, _, height, width = pictures.shape
    broad, long = scar_sizes(count, height, width, math.sqrt(height * width) / _SIDE if scale is None else scale, generator)
    upright = uniform(count, 0, 1, generator) < 0.5
    tall, wide = torch.where(upright, long, broad), torch.where(upright, broad, long)
    angle = uniform(count, -SCAR_ANGLE, SCAR_ANGLE, generator)
    cosine, sine = angle.cos(), angle.sin()
    reach_down = (tall * cosine + wide * sine.abs()) / 2
    reach_across = (wide * cosine + tall * sine.abs()) / 2
    middle_row = uniform(count, reach_down, height - reach_down, generator)
    middle_column = uniform(count, reach_across, width - reach_across, generator)
    from_row, from_column = uniform(count, tall / 2, height - tall / 2, generator), uniform(count, wide / 2, width - wide / 2, generator)
    down = torch.arange(height, device=pictures.device)[None, :, None] + 0.5 - middle_row[:, None, None]
    across = torch.arange(width, device=pictures.device)[None, None, :] + 0.5 - middle_column[:, None, None]
    rows = cosine[:, None, None] * down - sine[:, None, None] * across  # turned back into the piece as it was cut
    columns = sine[:, None, None] * down + cosine[:, None, None] * across
    masks = (rows.abs() < tall[:, None, None] / 2) & (columns.abs() < wide[:, None, None] / 2)
    taken = _picked(pictures, (rows + from_row[:, None, None]).floor().long(), (columns + from_column[:, None, None]).floor().long())
    return _pasted(pictures, taken, masks, generator, jitter), masks


def translated(pictures: Tensor, generator: torch.Generator, *, share: float) -> Tensor:
    """Moves each picture by up to `share` of its sides, the edge repeated where nothing is left."""
    count, _, height, width = pictures.shape
    down = _whole(torch.full((count,), 2 * int(share * height), device=pictures.device), generator) - int(share * height)
    across = _whole(torch.full((count,), 2 * int(share * width), device=pictures.device), generator) - int(share * width)
    rows = torch.arange(height, device=pictures.device) + down[:, None]
    columns = torch.arange(width, device=pictures.device) + across[:, None]
    return _picked(pictures, rows[:, :, None], columns[:, None, :])


def random_crops(pictures: Tensor, generator: torch.Generator, *, height: int, width: int) -> Tensor:
    """A crop (n, channels, height, width) of each picture, which is at least that large."""
    room = torch.ones(len(pictures), dtype=torch.long, device=pictures.device)
    top = _whole(room * (pictures.shape[2] - height), generator)
    left = _whole(room * (pictures.shape[3] - width), generator)
    rows = torch.arange(height, device=pictures.device) + top[:, None]
    columns = torch.arange(width, device=pictures.device) + left[:, None]
    return _picked(pictures, rows[:, :, None], columns[:, None, :])


def patch_sizes(count: int, height: int, width: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Whole heights and widths of patches, at least one pixel and no larger than the picture."""
    area = uniform(count, *AREA, generator) * height * width
    flat = uniform(count, 1, ASPECT[1], generator)
    steep = uniform(count, ASPECT[0], 1, generator)
    aspect = torch.where(uniform(count, 0, 1, generator) < 0.5, steep, flat)
    aspect = torch.maximum(torch.minimum(aspect, width**2 / area), area / height**2)
    tall, wide = (area / aspect).sqrt().round().long(), (area * aspect).sqrt().round().long()
    return tall.clamp(1, height), wide.clamp(1, width)


def scar_sizes(count: int, height: int, width: int, scale: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Widths and lengths in pixels, so short that the piece fits into the picture however it is turned."""
    longest = min(height, width) / math.sqrt(2)
    broad = (uniform(count, *SCAR_WIDTH, generator) * scale).clamp(_NARROWEST, max(longest / 2, _NARROWEST))
    long = (uniform(count, *SCAR_LENGTH, generator) * scale).clamp(2 * _NARROWEST, max(longest, 2 * _NARROWEST))
    return broad, long


def _whole(highest: Tensor, generator: torch.Generator) -> Tensor:
    """Whole numbers between 0 and `highest`, int64 (n,), both included."""
    drawn = torch.rand(len(highest), generator=generator, device=generator.device)
    return torch.minimum((drawn * (highest + 1)).long(), highest)


def _picked(pictures: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The places at `rows` and `columns`, which broadcast to (n, height, width); the nearest edge for those outside."""
    each = torch.arange(len(pictures), device=pictures.device)[:, None, None]
    rows, columns = rows.clamp(0, pictures.shape[2] - 1), columns.clamp(0, pictures.shape[3] - 1)
    return pictures.permute(0, 2, 3, 1)[each, rows, columns].permute(0, 3, 1, 2).contiguous()


def _pasted(pictures: Tensor, taken: Tensor, masks: Tensor, generator: torch.Generator, jitter: float) -> Tensor:
    return torch.where(masks[:, None], jittered(taken, generator, strength=jitter, where=masks), pictures)
