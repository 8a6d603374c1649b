"""PNG with 16 bits per sample and more than one sample per pixel, which Pillow would cut down to 8 bits.

Follows the PNG specification (ISO/IEC 15948), sections 7 to 10. Interlaced files are left to the caller.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
SAMPLES: Final = {2: 3, 4: 2, 6: 4}  # by colour type: RGB, grey with alpha, RGB with alpha


def is_deep_colour(head: bytes) -> bool:
    """Whether a file that starts with `head` (at least 29 bytes) is a PNG of the kind that `decode` reads."""
    return len(head) >= 29 and head.startswith(SIGNATURE) and head[12:16] == b"IHDR" and head[24] == 16 and head[25] in SAMPLES


def size(head: bytes) -> tuple[int, int]:
    """Width and height that the header claims."""
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def is_interlaced(head: bytes) -> bool:
    return head[28] != 0


def decode(content: bytes) -> NDArray[np.uint16]:
    """The samples as stored, of shape (height, width, 2 to 4). Raises ValueError for a file that is cut off or damaged."""
    width, height = size(content)
    samples = SAMPLES[content[25]]
    row_bytes = width * samples * 2
    expected = height * (row_bytes + 1)
    unpacked = zlib.decompressobj().decompress(_pixel_data(content), expected)
    if len(unpacked) < expected:
        raise ValueError("pixel data ends early")
    rows = np.frombuffer(unpacked, np.uint8).reshape(height, row_bytes + 1)
    filters = rows[:, 0]
    if filters.max(initial=0) > 4:
        raise ValueError("unknown row filter")
    restored = _undo_filters(rows[:, 1:].reshape(height, width, samples * 2), filters)
    deep: NDArray[np.uint16] = restored.reshape(height, width, samples, 2).view(">u2")[..., 0].astype(np.uint16)
    return deep


def _pixel_data(content: bytes) -> bytes:
    parts: list[bytes] = []
    position = len(SIGNATURE)
    while position + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[position : position + 8])
        body = content[position + 8 : position + 8 + length]
        checksum = content[position + 8 + length : position + 12 + length]
        if kind == b"IEND":
            break
        if kind == b"IDAT":
            if len(checksum) < 4 or zlib.crc32(kind + body) != struct.unpack(">I", checksum)[0]:
                raise ValueError("a block of pixel data is damaged")
            parts.append(body)
        position += 12 + length
    return b"".join(parts)


def _undo_filters(filtered: NDArray[np.uint8], filters: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Adds the predictions back. `filtered` is (height, width, bytes per pixel), `filters` one type per row.

    A pixel needs its left, upper and upper left neighbour, so all pixels of one anti-diagonal are independent of each other: the rows
    are sheared until the anti-diagonals lie in rows, and the loop runs over width + height of those.
    """
    height, width, depth = filtered.shape
    sheared = np.zeros((width + height + 1, height + 1, depth), np.int16)  # two empty rows before, one empty column before
    row, column = np.indices((height, width), sparse=True)
    sheared[row + column + 2, row + 1] = filtered
    kind = filters.astype(np.intp)[:, None]
    for diagonal in range(2, width + height + 1):
        first, last = max(0, diagonal - 1 - width), min(height, diagonal - 1)
        here = slice(first + 1, last + 1)
        above = slice(first, last)
        prediction = _predict(kind[first:last], sheared[diagonal - 1, here], sheared[diagonal - 1, above], sheared[diagonal - 2, above])
        sheared[diagonal, here] += prediction
        sheared[diagonal, here] &= 255
    restored: NDArray[np.uint8] = sheared[row + column + 2, row + 1].astype(np.uint8)
    return restored


def _predict(kind: NDArray[np.intp], left: NDArray[np.int16], upper: NDArray[np.int16], corner: NDArray[np.int16]) -> NDArray[np.int16]:
    toward_left, toward_upper = np.abs(upper - corner), np.abs(left - corner)
    toward_corner = np.abs(left + upper - 2 * corner)
    paeth = np.where(
        (toward_left <= toward_upper) & (toward_left <= toward_corner), left, np.where(toward_upper <= toward_corner, upper, corner)
    )
    chosen: NDArray[np.int16] = np.choose(kind, [np.zeros_like(left), left, upper, (left + upper) >> 1, paeth])
    return chosen
