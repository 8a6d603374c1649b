"""Pictures as arrays of one size, decoded once.

The cache holds one .npy file per list of pictures and size, and beside it the digests of its rows, so that another list takes over what
it shares instead of decoding it again. Every file in the folder may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from core.data.images import read_image, read_mask_samples, resize_image
from core.job_context import JobContext
from core.problems import ProblemCode, ProblemError, file_problems

CACHE_BYTES: Final = 8 * 1024**3  # older lists are deleted beyond this

_PREPARATION: Final = 1  # raised when decoding or resizing changes its result
_THREADS: Final = min(8, os.cpu_count() or 1)
_AHEAD: Final = 4 * _THREADS  # decoded pictures waiting to be written


@dataclass(frozen=True, kw_only=True)
class PictureReference:
    """A picture by place and content. `value_maximum` is the sensor's white of its source, None for 8 bits."""

    path: Path
    sha256: str
    page: int = 0
    value_maximum: int | None = None

    @property
    def digest(self) -> str:
        """What the decoded pixels depend on, apart from the size."""
        return f"{self.sha256}/{self.page}/{self.value_maximum or ''}"


def load_pictures(
    references: Sequence[PictureReference], *, height: int, width: int, channels: int, cache_folder: Path, context: JobContext
) -> NDArray[np.uint8]:
    """Pictures of shape (n, height, width, channels), channels 1 or 3, as a read-only memory map of a file in `cache_folder`.

    Raises the ProblemError of the first picture that cannot be read, those of `file_problems`, and Cancelled within one picture.
    """
    if not references:
        return np.empty((0, height, width, channels), np.uint8)
    shape = (len(references), height, width, channels)
    folder = cache_folder / "pictures" / f"{height}x{width}x{channels}-{_PREPARATION}"
    digests = [reference.digest for reference in references]
    target = folder / f"{hashlib.sha256(chr(10).join(digests).encode()).hexdigest()[:32]}.npy"
    cached = _open_cached(target, shape)
    if cached is None:
        with file_problems(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _write(target, references, shape, context)
            _forget_oldest(cache_folder / "pictures", spare=target)
        cached = _open_cached(target, shape)
        if cached is None:
            raise ProblemError(ProblemCode.FOLDER_READ_ONLY, path=str(folder))
    return cached


def load_mask(path: Path, *, height: int | None = None, width: int | None = None) -> NDArray[np.bool_]:
    """A mask of shape (height, width), True on the defect; its own size where none is given. Raises ProblemError as `read_image` does.

    A pixel counts where any channel is above 0, because masks come with values 0/1 as well as 0/255; in JPEG, whose compression
    leaves traces around edges, from half brightness on. When shrinking, a pixel is True if any pixel it covers is: small defects stay.
    """
    samples, lossy = read_mask_samples(path)
    marked: NDArray[np.bool_] = np.asarray(samples >= 128 if lossy else samples > 0)
    if marked.ndim == 3:
        marked = np.asarray(marked.any(axis=2))
    for axis, length in enumerate((height, width)):
        if length is not None:
            marked = _resample_mask(marked, axis=axis, length=length)
    return marked


def _resample_mask(mask: NDArray[np.bool_], *, axis: int, length: int) -> NDArray[np.bool_]:
    starts = np.arange(length) * mask.shape[axis] // length
    if length > mask.shape[axis]:
        repeated: NDArray[np.bool_] = np.take(mask, starts, axis=axis)
        return repeated
    covered: NDArray[np.bool_] = np.asarray(np.logical_or.reduceat(mask, starts, axis=axis), dtype=np.bool_)
    return covered


def _open_cached(target: Path, shape: tuple[int, ...]) -> NDArray[np.uint8] | None:
    try:
        cached: NDArray[np.uint8] = np.load(target, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):  # not there, or cut off
        return None
    if cached.shape != shape or cached.dtype != np.uint8:
        return None
    with contextlib.suppress(OSError):
        os.utime(target)  # the newest survive `_forget_oldest`
    return cached


def _write(target: Path, references: Sequence[PictureReference], shape: tuple[int, ...], context: JobContext) -> None:
    """Writes front to back and not through a memory map: a full disk then is an error instead of the end of the process."""
    partial = target.with_name(f"{target.stem}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
            _write_rows(file, references, shape, target.parent, context)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    index = target.with_suffix(".json")
    waiting = index.with_suffix(f".{os.getpid()}.partial")
    waiting.write_text(json.dumps([reference.digest for reference in references]), encoding="utf-8")
    waiting.replace(index)


def _write_rows(file: BinaryIO, references: Sequence[PictureReference], shape: tuple[int, ...], folder: Path, context: JobContext) -> None:
    known = _known_rows(folder, {reference.digest for reference in references}, shape[1:])

    def prepare(reference: PictureReference) -> NDArray[np.uint8]:
        found = known.get(reference.digest)
        if found is not None:
            array, row = found
            return np.asarray(array[row])
        image = read_image(reference.path, page=reference.page, value_maximum=reference.value_maximum)
        return resize_image(image, height=shape[1], width=shape[2], channels=shape[3])

    with ThreadPoolExecutor(_THREADS, thread_name_prefix="decode") as pool:
        waiting: list[Future[NDArray[np.uint8]]] = []
        try:
            for done in range(len(references)):
                context.check()
                while len(waiting) < _AHEAD and done + len(waiting) < len(references):
                    waiting.append(pool.submit(prepare, references[done + len(waiting)]))
                file.write(waiting.pop(0).result().tobytes())
                context.progress(done + 1, len(references))
        finally:
            for future in waiting:
                future.cancel()


def _known_rows(folder: Path, wanted: set[str], shape: tuple[int, ...]) -> dict[str, tuple[NDArray[np.uint8], int]]:
    """Where pictures of this size already lie: array and row by digest."""
    known: dict[str, tuple[NDArray[np.uint8], int]] = {}
    for index in sorted(folder.glob("*.json")):
        try:
            digests = json.loads(index.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        shared = [(row, digest) for row, digest in enumerate(digests) if digest in wanted and digest not in known]
        array = _open_cached(index.with_suffix(".npy"), (len(digests), *shape)) if shared else None
        if array is not None:
            known.update({digest: (array, row) for row, digest in shared})
    return known


def _forget_oldest(pictures: Path, *, spare: Path) -> None:
    """Deletes the lists that were not used for longest, until the rest fits. What another process holds open may refuse; it stays."""
    entries = sorted(((path.stat(), path) for path in pictures.rglob("*.npy") if path != spare), key=lambda entry: entry[0].st_mtime)
    surplus = spare.stat().st_size + sum(status.st_size for status, _ in entries) - CACHE_BYTES
    for status, path in entries:
        if surplus <= 0:
            return
        with contextlib.suppress(OSError):
            path.with_suffix(".json").unlink(missing_ok=True)
            path.unlink()
            surplus -= status.st_size
