"""The histogram of good and defective scores with T1 and T2, as SVG that stands inside a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

WIDTH: Final = 760
HEIGHT: Final = 250
_LEFT: Final = 46
_RIGHT: Final = 16
_TOP: Final = 26
_MIDDLE: Final = 116
_BOTTOM: Final = 206
_BINS: Final = 60
_LEAST_SPAN: Final = 1e-9
_LEAST_SCORE: Final = 1e-300
_GOOD: Final = "#2f6fb0"
_DEFECTIVE: Final = "#c7631b"


@dataclass(frozen=True, kw_only=True)
class HistogramWords:
    """The words on the picture, in the language of the page."""

    good: str
    defective: str
    score: str
    title: str


def histogram_svg(
    good: NDArray[np.float64], defective: NDArray[np.float64], *, t1: float, t2: float, words: HistogramWords
) -> Markup | None:
    """Good parts upwards, defective parts downwards, each on a scale of its own; None without a single score."""
    scores = np.concatenate([good, defective])
    if not scores.size:
        return None
    edges = _edges(scores, t1, t2)
    place = _placement(edges)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(words.title)}" '
        'font-family="inherit" font-size="11">',
        _hatching(),
        *_bars(np.histogram(good, edges)[0], edges, place, up=True),
        *_bars(np.histogram(defective, edges)[0], edges, place, up=False),
        f'<line x1="{_LEFT}" y1="{_MIDDLE}" x2="{WIDTH - _RIGHT}" y2="{_MIDDLE}" stroke="#444"/>',
        *_axis(edges, place, words),
        *_threshold_lines(t1, t2, place),
        "</svg>",
    ]
    return Markup("".join(parts))


def _edges(scores: NDArray[np.float64], t1: float, t2: float) -> NDArray[np.float64]:
    """Bins from the lowest score to the 99.5 % quantile or twice T2's distance; what is farther out stands in the last bin."""
    low = min(float(scores.min()), t1)
    high = max(float(np.quantile(scores, 0.995)), t2 + 0.05 * abs(t2 - low))
    if high - low <= _LEAST_SPAN * max(abs(low), abs(high), _LEAST_SCORE):  # alike but for rounding: 60 bins find no room
        margin = abs(low) / 2 or 0.5
        low, high = low - margin, low + margin
    edges = np.linspace(low, high, _BINS + 1)
    edges[-1] = max(high, float(scores.max()))
    return edges


def _placement(edges: NDArray[np.float64]) -> Callable[[float], float]:
    low = float(edges[0])
    step = float(edges[1] - edges[0])
    span = step * _BINS

    def place(score: float) -> float:
        share = min(max((score - low) / span, 0.0), 1.0)
        return _LEFT + share * (WIDTH - _LEFT - _RIGHT)

    return place


def _hatching() -> str:
    return (
        '<defs><pattern id="hatching" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="5" height="5" fill="{_DEFECTIVE}"/><line x1="0" y1="0" x2="0" y2="5" stroke="#fff" stroke-width="1.6"/>'
        "</pattern></defs>"
    )


def _bars(counts: NDArray[np.int64], edges: NDArray[np.float64], place: Callable[[float], float], *, up: bool) -> list[str]:
    highest = int(counts.max())
    room = _MIDDLE - _TOP if up else _BOTTOM - _MIDDLE
    fill = _GOOD if up else "url(#hatching)"
    bars = []
    for index in np.flatnonzero(counts):
        left, right = place(float(edges[index])), place(float(edges[index + 1]))
        height = max(1.0, room * int(counts[index]) / highest)
        top = _MIDDLE - height if up else _MIDDLE
        bars.append(
            f'<rect x="{left + 0.5:.1f}" y="{top:.1f}" width="{max(right - left - 1, 1):.1f}" height="{height:.1f}" fill="{fill}">'
            f"<title>{int(counts[index])}</title></rect>"
        )
    if highest:
        line = _TOP + 4 if up else _BOTTOM
        bars.append(f'<text x="{_LEFT - 6}" y="{line}" text-anchor="end" fill="#444">{highest}</text>')
    return bars


def _axis(edges: NDArray[np.float64], place: Callable[[float], float], words: HistogramWords) -> list[str]:
    low, step = float(edges[0]), float(edges[1] - edges[0])
    ticks = _round_numbers(low, low + step * _BINS)
    marks = [
        f'<line x1="{place(tick):.1f}" y1="{_BOTTOM + 4}" x2="{place(tick):.1f}" y2="{_BOTTOM + 8}" stroke="#444"/>'
        f'<text x="{place(tick):.1f}" y="{_BOTTOM + 20}" text-anchor="middle" fill="#444">{tick:g}</text>'
        for tick in ticks
    ]
    middle_up, middle_down = (_TOP + _MIDDLE) / 2, (_MIDDLE + _BOTTOM) / 2
    sides = [
        f'<text x="14" y="{y:.0f}" text-anchor="middle" fill="{colour}" transform="rotate(-90 14 {y:.0f})">{escape(word)}</text>'
        for y, colour, word in ((middle_up, _GOOD, words.good), (middle_down, _DEFECTIVE, words.defective))
    ]
    caption = f'<text x="{WIDTH - _RIGHT}" y="{HEIGHT - 6}" text-anchor="end" fill="#444">{escape(words.score)} →</text>'
    return [*marks, *sides, caption]


def _round_numbers(low: float, high: float) -> Sequence[float]:
    raw = (high - low) / 6
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
    first = np.ceil(low / step)
    return [float(np.round(step * (first + index), 12)) for index in range(8) if step * (first + index) <= high]


def _threshold_lines(t1: float, t2: float, place: Callable[[float], float]) -> list[str]:
    named = [("T1 = T2", t1)] if t1 == t2 else [("T1", t1), ("T2", t2)]
    lines = []
    for number, (name, value) in enumerate(named):
        x = place(value)
        anchor, shift = ("end", -5) if len(named) == 2 and number == 0 else ("start", 5)
        if x > WIDTH - 160:
            anchor, shift = "end", -5
        lines.append(
            f'<line x1="{x:.1f}" y1="{_TOP - 14}" x2="{x:.1f}" y2="{_BOTTOM + 4}" stroke="#111" stroke-width="1.6" stroke-dasharray="6 3"/>'
            f'<text x="{x + shift:.1f}" y="{_TOP - 6}" text-anchor="{anchor}" font-weight="bold">{name} {value:.4g}</text>'
        )
    return lines
