"""Draws turned steel washers as a grey camera above a dark plate would see them, good or with one of four defects.

A picture is made as the camera makes it: the lit part (face with turning grooves, two chamfers), then lens blur, exposure, sensor
noise. The mask of a defect is exact: the same part is drawn with and without it, and the mask is where the two differ visibly (small
gaps closed).
Lengths are pixels, brightness is 0 to 1, angles are radians.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_closing, binary_fill_holes, gaussian_filter, uniform_filter1d

EDGE: Final = 256  # pictures are square

Pixels = NDArray[np.float32]

_VISIBLE: Final = 6 / 255  # a smaller change of brightness drowns in the sensor noise
_FACE_TEXTURE: Final = (160, 720)  # radial, angular


@dataclass(frozen=True, kw_only=True)
class Part:
    """One washer before the lens, and what a defect needs to know of it. `metal` is 1 on the part, 0 beside it, between on its edges."""

    scene: Pixels
    metal: Pixels
    background: Pixels
    across: Pixels  # x from the centre of the part
    down: Pixels  # y from the centre of the part
    inner: float  # radius of the hole
    outer: float  # radius of the part
    light: float  # angle towards the lamp


@dataclass(frozen=True, kw_only=True)
class _Camera:
    """How the picture is taken: the same for a part with and without its defect."""

    shading: Pixels
    blur: float

    def expose(self, scene: Pixels) -> Pixels:
        exposed: Pixels = gaussian_filter(scene * self.shading, self.blur)
        return exposed


def draw_good(generator: np.random.Generator) -> NDArray[np.uint8]:
    """A picture of a good part, uint8 (256, 256)."""
    return _sense(_draw_camera(generator).expose(draw_part(generator).scene), generator)


def draw_defective(defect: str, generator: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A picture of a part with `defect`, a key of `DEFECTS`, and the mask of the defect, both (256, 256)."""
    camera = _draw_camera(generator)
    part = draw_part(generator)
    without = camera.expose(part.scene)
    with_defect = camera.expose(DEFECTS[defect](part, generator))
    changed = np.abs(with_defect - without) >= _VISIBLE
    # Between the bright and the dark side of a dent there is a line that did not change; it belongs to the dent all the same.
    mask = binary_fill_holes(binary_closing(changed, iterations=2))
    return _sense(with_defect, generator), mask


# --- the good part -----------------------------------------------------------------------------------------------------------------


def draw_part(generator: np.random.Generator) -> Part:
    """A good part: place, size, turn, light and surface vary as they do on a line."""
    row, column = np.indices((EDGE, EDGE), dtype=np.float32)
    centre_x, centre_y = EDGE / 2 - 0.5 + generator.uniform(-2, 2, 2)
    across, down = column - np.float32(centre_x), row - np.float32(centre_y)
    outer, inner = 104 * generator.normal(1, 0.004), 47 * generator.normal(1, 0.006)
    light = np.pi * 1.25 + generator.normal(0, 0.08)
    radius, angle = np.hypot(across, down), np.arctan2(down, across)
    metal = _step(radius - inner) * _step(outer - radius)
    background = _draw_background(radius, across, down, outer=outer, light=light, generator=generator)
    surface = _draw_surface(radius, angle, inner=inner, outer=outer, light=light, generator=generator)
    surface += _draw_dust(across, down, generator)
    return Part(
        scene=background * (1 - metal) + surface * metal,
        metal=metal,
        background=background,
        across=across,
        down=down,
        inner=inner,
        outer=outer,
        light=light,
    )


def _cloud(cells: int, generator: np.random.Generator) -> Pixels:
    """Smooth noise of about unit spread with `cells` hills across the picture."""
    coarse = Image.fromarray(generator.standard_normal((cells, cells), dtype=np.float32))
    return np.asarray(coarse.resize((EDGE, EDGE), Image.Resampling.BICUBIC), dtype=np.float32)


def _step(distance: Pixels, width: float = 1.0) -> Pixels:
    """0 below zero, 1 above, with a ramp of `width` between."""
    ramp: Pixels = np.clip(distance / width + 0.5, 0, 1).astype(np.float32, copy=False)
    return ramp


def _draw_background(radius: Pixels, across: Pixels, down: Pixels, *, outer: float, light: float, generator: np.random.Generator) -> Pixels:
    """A dark plate with a little grain, and the shadow of the part on the side away from the lamp."""
    grain = gaussian_filter(generator.standard_normal((EDGE, EDGE), dtype=np.float32), 1.2) * 0.012
    plate = 0.085 + grain + 0.008 * _cloud(5, generator)
    away = np.hypot(across + 7 * np.float32(np.cos(light)), down + 7 * np.float32(np.sin(light)))
    shadow = _step(outer + 2 - away, 14) * (radius > outer - 2) + _step(60 - radius, 30) * 0.5
    background: Pixels = np.maximum(plate * (1 - 0.55 * shadow), 0.01).astype(np.float32)
    return background


def _draw_surface(radius: Pixels, angle: Pixels, *, inner: float, outer: float, light: float, generator: np.random.Generator) -> Pixels:
    towards = np.cos(angle - np.float32(light))
    texture = _face_texture(radius, angle, generator)
    # Grooves run around the part, so they glint where they lie across the light: a bow tie of two lobes.
    lobe = np.exp(-(((1 - np.abs(towards)) / 0.33) ** 2))
    glint = lobe * np.where(towards > 0, np.float32(0.30), np.float32(0.22)) * generator.normal(1, 0.06)
    pitch, phase = generator.normal(4.2, 0.12), generator.uniform(0, 2 * np.pi)
    groove = np.sin(2 * np.pi * radius / np.float32(pitch) - angle + np.float32(phase))  # a spiral, as the tool leaves it
    face = (0.40 + glint) * (1 + 0.055 * groove * (0.4 + lobe) + texture)
    outer_slope = 0.30 + 0.50 * np.clip(towards, 0, None) ** 2 + 0.10 * np.clip(-towards, 0, None) ** 2
    inner_slope = 0.26 + 0.46 * np.clip(-towards, 0, None) ** 2 + 0.08 * np.clip(towards, 0, None) ** 2
    on_outer = _step(radius - np.float32(outer - 5.5), 1.2)
    on_inner = _step(np.float32(inner + 5) - radius, 1.2)
    surface = face * (1 - on_outer) * (1 - on_inner) + outer_slope * on_outer + inner_slope * on_inner
    lit: Pixels = (surface * (1 + 0.35 * texture * (on_outer + on_inner))).astype(np.float32)
    return lit


def _face_texture(radius: Pixels, angle: Pixels, generator: np.random.Generator) -> Pixels:
    """Fine streaks along the turning direction, uneven in width, and slow changes around the part. Mean 0, in shares of brightness."""
    fine = generator.standard_normal(_FACE_TEXTURE, dtype=np.float32)
    rings = generator.standard_normal((_FACE_TEXTURE[0], 1), dtype=np.float32)
    slow = generator.standard_normal((1, _FACE_TEXTURE[1]), dtype=np.float32)
    for _ in range(2):  # two running means are nearly a bell
        fine = uniform_filter1d(fine, 44, axis=1, mode="wrap")
        rings = uniform_filter1d(rings, 3, axis=0)
        slow = uniform_filter1d(slow, 120, axis=1, mode="wrap")
    polar = 0.30 * fine + 0.04 * rings + 0.28 * slow
    across_rings = np.clip((radius - 40) * (_FACE_TEXTURE[0] / 72), 0, _FACE_TEXTURE[0] - 1).astype(np.intp)
    around = ((angle + np.pi) * (_FACE_TEXTURE[1] / (2 * np.pi))).astype(np.intp) % _FACE_TEXTURE[1]
    texture: Pixels = polar[across_rings, around]
    return texture


def _draw_dust(across: Pixels, down: Pixels, generator: np.random.Generator) -> Pixels:
    """Up to four specks of about a pixel, as any part has that was not blown off."""
    dust = np.zeros_like(across)
    for _ in range(generator.integers(0, 5)):
        x, y = generator.uniform(-100, 100), generator.uniform(-100, 100)
        size, strength = generator.uniform(0.6, 1.1), generator.uniform(-0.16, 0.10)
        window = _around(across, down, x, y, reach=6)
        distance = (across[window] - x) ** 2 + (down[window] - y) ** 2
        dust[window] += strength * np.exp(-distance / (2 * size**2))
    return dust


def _around(across: Pixels, down: Pixels, x: float, y: float, *, reach: int) -> tuple[slice, slice]:
    """The window of the picture within `reach` of the point (x, y) of the part."""
    row, column = round(float(y - down[0, 0])), round(float(x - across[0, 0]))
    return slice(max(0, row - reach), row + reach + 1), slice(max(0, column - reach), column + reach + 1)


def _draw_camera(generator: np.random.Generator) -> _Camera:
    """Exposure, the fall of light across the picture, and focus."""
    place = np.linspace(-1, 1, EDGE, dtype=np.float32)
    tilt_x, tilt_y = generator.normal(0, 0.035, 2)
    falling = 1 + np.float32(tilt_x) * place[None, :] + np.float32(tilt_y) * place[:, None]
    vignette = 1 - 0.07 * (place[None, :] ** 2 + place[:, None] ** 2)
    exposure = np.float32(np.clip(generator.normal(1, 0.07), 0.82, 1.18))
    return _Camera(shading=exposure * falling * vignette, blur=float(generator.uniform(0.65, 0.95)))


def _sense(exposed: Pixels, generator: np.random.Generator) -> NDArray[np.uint8]:
    """Shot noise grows with the root of the light; a little more comes from reading out."""
    spread = np.sqrt(np.clip(exposed, 0, None) * np.float32(0.00022) + np.float32(0.00004))
    sensed = exposed + spread * generator.standard_normal(exposed.shape, dtype=np.float32)
    picture: NDArray[np.uint8] = np.rint(np.clip(sensed, 0, 1) * 255).astype(np.uint8)
    return picture


# --- defects -----------------------------------------------------------------------------------------------------------------------


def _place_on_face(part: Part, margin: float, generator: np.random.Generator) -> tuple[float, float]:
    """A point of the face at least `margin` from its edges."""
    radius = generator.uniform(part.inner + 6 + margin, part.outer - 7 - margin)
    angle = generator.uniform(0, 2 * np.pi)
    return float(radius * np.cos(angle)), float(radius * np.sin(angle))


def _ragged_outline(across: Pixels, down: Pixels, *, size: float, roughness: float, generator: np.random.Generator) -> Pixels:
    """Depth inside an irregular outline around (0, 0): about 1 at the centre, 0 on the outline, negative outside."""
    angle = np.arctan2(down, across)
    outline = np.ones_like(across)
    for wave in range(2, 8):
        strength, phase = generator.normal(0, roughness / wave**0.8), generator.uniform(0, 2 * np.pi)
        outline += np.float32(strength) * np.sin(wave * angle + np.float32(phase))
    depth: Pixels = 1 - np.hypot(across, down) / (np.float32(size) * np.clip(outline, 0.35, None))
    return depth


def _scratch(part: Part, generator: np.random.Generator) -> Pixels:
    """A curved scratch across the grooves: a bright burr along a dark furrow."""
    x, y = _place_on_face(part, 12, generator)
    heading = np.arctan2(y, x) + generator.uniform(-1.1, 1.1)
    length, bend = generator.uniform(50, 90), generator.normal(0, 7)
    along = np.linspace(-0.5, 0.5, 72)
    aside = bend * (1 - 4 * along**2)
    path_x = x + length * along * np.cos(heading) - aside * np.sin(heading)
    path_y = y + length * along * np.sin(heading) + aside * np.cos(heading)
    pressure = np.sqrt(np.clip(1 - (2 * along) ** 4, 0, 1)) * generator.uniform(0.8, 1.0)
    width = generator.uniform(1.7, 2.4)
    burr = _stroke(part, path_x, path_y, pressure, width)
    furrow = _stroke(part, path_x - 2.8 * np.sin(heading), path_y + 2.8 * np.cos(heading), pressure, width)
    scratched: Pixels = part.scene + part.metal * (0.48 * burr - 0.28 * furrow * (1 - burr))
    return scratched


def _stroke(part: Part, path_x: NDArray[np.float64], path_y: NDArray[np.float64], pressure: NDArray[np.float64], width: float) -> Pixels:
    """A line of soft round stamps along a path; where stamps overlap the strongest counts."""
    stroke = np.zeros_like(part.scene)
    reach = int(4 * width) + 1
    for x, y, strength in zip(path_x, path_y, pressure, strict=True):
        window = _around(part.across, part.down, x, y, reach=reach)
        distance = (part.across[window] - x) ** 2 + (part.down[window] - y) ** 2
        stroke[window] = np.maximum(stroke[window], strength * np.exp(-distance / (2 * width**2)))
    return stroke


def _dent(part: Part, generator: np.random.Generator) -> Pixels:
    """A round or oval hollow: its far wall faces the lamp and shines, its near wall lies in shade."""
    size = generator.uniform(8, 13)
    x, y = _place_on_face(part, size * 0.9, generator)
    turn, stretch = generator.uniform(0, np.pi), generator.uniform(1.0, 1.35)
    across, down = part.across - np.float32(x), part.down - np.float32(y)
    cosine, sine = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    long = (across * cosine + down * sine) / np.float32(stretch)
    short = (down * cosine - across * sine) * np.float32(stretch)
    depth = np.exp(-(((long**2 + short**2) / np.float32(size**2)) ** 1.5))
    slope_y, slope_x = np.gradient(depth)
    facing = -(slope_x * np.cos(part.light) + slope_y * np.sin(part.light)) * np.float32(size)
    strength = generator.uniform(0.30, 0.36)
    dented = part.scene * (1 - 0.25 * depth) - strength * np.tanh(facing * 1.2)
    return np.asarray(part.scene + part.metal * (np.clip(dented, 0.03, 1.1) - part.scene), dtype=np.float32)


def _stain(part: Part, generator: np.random.Generator) -> Pixels:
    """A patch of dried oil: darker than the steel, blotchy, darkest towards its rim, the grooves showing through."""
    size = generator.uniform(15, 23)
    x, y = _place_on_face(part, size * 0.4, generator)
    across, down = part.across - np.float32(x), part.down - np.float32(y)
    inside = _ragged_outline(across, down, size=size, roughness=0.11, generator=generator)
    cover = _step(inside - 0.08, 0.34)
    rim = np.exp(-(((inside - 0.16) / 0.13) ** 2))
    blotches = _cloud(12, generator)
    dark = generator.uniform(0.40, 0.52)
    share = cover * (dark + 0.10 * blotches) + 0.14 * rim
    stained: Pixels = part.scene * (1 - part.metal * np.clip(share, 0, 0.8))
    return stained


def _chip(part: Part, generator: np.random.Generator) -> Pixels:
    """A piece broken out of the outer edge or the hole's: the plate shows, and the facets of the fracture glint along the break."""
    at_hole = generator.random() < 0.3
    size = generator.uniform(14, 21)
    angle = generator.uniform(0, 2 * np.pi)
    radius = part.inner - 2 if at_hole else part.outer + 2
    across = part.across - np.float32(radius * np.cos(angle))
    down = part.down - np.float32(radius * np.sin(angle))
    inside = _ragged_outline(across, down, size=size, roughness=0.13, generator=generator)
    gone = _step(inside - 0.22, 0.08)
    fracture = _step(inside, 0.08) * (1 - gone)
    away = np.cos(np.arctan2(down, across) - np.float32(part.light))
    facets = 0.34 - 0.26 * away + 0.16 * _cloud(40, generator)
    broken = part.scene + part.metal * fracture * (np.clip(facets, 0.05, 0.95) - part.scene)
    chipped: Pixels = broken + part.metal * gone * (0.8 * part.background - broken)
    return chipped


DEFECTS: Final[Mapping[str, Callable[[Part, np.random.Generator], Pixels]]] = {
    "scratch": _scratch,
    "dent": _dent,
    "stain": _stain,
    "chip": _chip,
}
