"""What a folder holds, from its names alone: pictures, tables, labels, splits and masks.

Three layouts are told apart. "mvtec": folders named for splits, in them folders named for labels or defect types, masks beside them in
`ground_truth`. "class_folders": folders named for labels, and beside them folders named for defect types. "flat": anything else; there
the beginning or end of a file name may tell the label.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from core.data.images import IMAGE_SUFFIXES
from core.data.words import is_number_like, label_from_stem, label_from_word, plain, split_from_word
from core.job_context import JobContext
from core.problems import Problem, ProblemCode, ProblemError
from core.vocabulary import Label, Split

__all__ = ["TABLE_SUFFIXES", "FolderFindings", "FoundImage", "label_from_word", "scan_folder"]

Layout = Literal["mvtec", "class_folders", "flat"]

TABLE_SUFFIXES: Final = frozenset({".csv", ".tsv"})

_MASK_FOLDERS: Final = frozenset(["ground-truth", "groundtruth", "gt", "mask", "masks", "마스크"])
_MASK_ENDING: Final = re.compile(r"[_\-. ](mask|gt|label)$", re.IGNORECASE)
_SAYS_NOTHING: Final = frozenset(["image", "images", "img", "imgs", "picture", "pictures", "photo", "photos", "data", "이미지", "사진"])
_NOT_OURS: Final = frozenset({"__macosx", "thumbs.db"})


@dataclass(frozen=True, kw_only=True)
class FoundImage:
    """A picture of the folder. Paths are relative to it, with "/", and spelt exactly as on disk; the defect type is NFC."""

    relative_path: str
    label: Label
    defect_type: str | None
    split: Split | None
    mask_path: str | None


@dataclass(frozen=True, kw_only=True)
class FolderFindings:
    """Images and tables sorted by path; `problems` are pairs of relative path and what is wrong there."""

    root: Path
    layout: Layout
    images: tuple[FoundImage, ...]
    tables: tuple[Path, ...]
    problems: tuple[tuple[str, Problem], ...]


@dataclass
class _Names:
    """All that lies under the root: picture names by folder, where a folder is the tuple of its names below the root."""

    images: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    folders: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    tables: list[Path] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)


@dataclass(frozen=True)
class _Meaning:
    label: Label
    defect_type: str | None
    split: Split | None


def scan_folder(root: Path, context: JobContext) -> FolderFindings:
    """Reads names only, so it is fast; broken links and unreadable folders are listed, the rest goes on.

    Raises ProblemError: PATH_MISSING, PATH_UNREADABLE for the root itself, NOTHING_TO_IMPORT if nothing at all was found, Cancelled.
    """
    names = _collect(root, context)
    if not names.images and not names.tables and not names.problems:
        raise ProblemError(ProblemCode.NOTHING_TO_IMPORT, path=str(root))
    pictures, masks = _part_masks(names.images)
    used_folders = {folder[:depth] for folder in pictures for depth in range(len(folder) + 1)}
    siblings = _siblings(used_folders)
    layout = _layout(used_folders, siblings)
    meanings = {folder: _meaning(folder, siblings, layout) for folder in pictures}
    found: list[FoundImage] = []
    for folder, files in pictures.items():
        context.check()
        found.extend(_found_image(folder, name, meanings[folder], layout, masks) for name in files)
    return FolderFindings(
        root=root,
        layout=layout,
        images=tuple(sorted(found, key=lambda image: _natural(image.relative_path))),
        tables=tuple(sorted(names.tables)),
        problems=tuple(sorted(names.problems, key=lambda entry: entry[0])),
    )


def _natural(path: str) -> list[tuple[int, int, str]]:
    """Sorts "2.png" before "10.png"."""
    return [(0, int(part), part) if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", path)]


# --- walking -----------------------------------------------------------------------------------------------------------------------


def _collect(root: Path, context: JobContext) -> _Names:
    """Walks the tree; folders behind links come last and each folder is entered once, so that a loop of links ends."""
    if not root.exists():
        raise ProblemError(ProblemCode.BROKEN_LINK if root.is_symlink() else ProblemCode.PATH_MISSING, path=str(root))
    if not root.is_dir():
        raise ProblemError(ProblemCode.NOTHING_TO_IMPORT, path=str(root))
    names = _Names()
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[str, ...]] = [()]
    linked: list[tuple[str, ...]] = []
    count = 0
    while waiting or linked:
        context.check()
        folder = waiting.pop() if waiting else linked.pop(0)
        try:
            status = root.joinpath(*folder).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(root.joinpath(*folder)) as entries:
                listed = sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            if not folder:
                raise ProblemError(ProblemCode.PATH_UNREADABLE, path=str(root)) from error
            names.problems.append(("/".join(folder), Problem(ProblemCode.PATH_UNREADABLE, {"path": "/".join(folder)})))
            continue
        for entry in listed:
            _take(entry, folder, names, waiting, linked)
        count += len(listed)
        context.progress(count, 0)
    return names


def _take(
    entry: os.DirEntry[str], folder: tuple[str, ...], names: _Names, waiting: list[tuple[str, ...]], linked: list[tuple[str, ...]]
) -> None:
    name = entry.name
    if name.startswith(".") or name.casefold() in _NOT_OURS or name.endswith(".flawscope"):
        return
    here = (*folder, name)
    if entry.is_dir():
        names.folders.setdefault(folder, []).append(name)
        (linked if entry.is_symlink() else waiting).append(here)
        return
    suffix = os.path.splitext(name)[1].casefold()  # noqa: PTH122 - a Path for each of 100,000 names is slow
    if suffix not in IMAGE_SUFFIXES and suffix not in TABLE_SUFFIXES:
        return
    if not entry.is_file():  # a link to nothing; a pipe or a device, on which reading would wait for ever
        relative = "/".join(here)
        code = ProblemCode.BROKEN_LINK if entry.is_symlink() else ProblemCode.NOT_AN_IMAGE
        names.problems.append((relative, Problem(code, {"path": relative})))
    elif suffix in TABLE_SUFFIXES:
        names.tables.append(Path(entry.path))
    else:
        names.images.setdefault(folder, []).append(name)


# --- masks -------------------------------------------------------------------------------------------------------------------------

_MaskKey = tuple[str, str]  # plain name of the folder with the pictures (empty: any), plain stem of the picture


def _part_masks(images: dict[tuple[str, ...], list[str]]) -> tuple[dict[tuple[str, ...], list[str]], dict[_MaskKey, str]]:
    """Parts masks from pictures. A mask lies in a folder for masks, or beside its picture with "_mask" after the name."""
    pictures: dict[tuple[str, ...], list[str]] = {}
    masks: dict[_MaskKey, str] = {}
    only_masks = all(_mask_depth(folder) is not None for folder in images)
    for folder, files in images.items():
        depth = None if only_masks else _mask_depth(folder)
        if depth is not None:
            below = plain(folder[-1]) if len(folder) > depth + 1 else ""
            masks.update({(below, _mask_stem(name)): _relative(folder, name) for name in files})
            continue
        stems = {_stem(name): name for name in files}
        beside = [name for name in files if _MASK_ENDING.search(_stem(name)) and _MASK_ENDING.sub("", _stem(name)) in stems]
        masks.update({(_beside_key(folder), _mask_stem(name)): _relative(folder, name) for name in beside})
        kept = sorted(set(files) - set(beside))
        if kept:
            pictures[folder] = kept
    return pictures, masks


def _mask_depth(folder: tuple[str, ...]) -> int | None:
    return next((depth for depth, name in enumerate(folder) if plain(name) in _MASK_FOLDERS), None)


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _mask_stem(name: str) -> str:
    return plain(_MASK_ENDING.sub("", _stem(name)))


def _relative(folder: tuple[str, ...], name: str) -> str:
    return "/".join((*folder, name))


def _beside_key(folder: tuple[str, ...]) -> str:
    return "beside:" + "/".join(folder)


# --- labels and splits -------------------------------------------------------------------------------------------------------------


_Siblings = dict[tuple[str, ...], set[str]]  # names of the used folders inside a folder


def _layout(folders: Iterable[tuple[str, ...]], siblings: _Siblings) -> Layout:
    listed = [folder for folder in folders if folder]
    if any(split_from_word(folder[-1]) is not None for folder in listed):
        return "mvtec"
    if any(_folder_label(folder[-1], siblings[folder[:-1]]) for folder in listed):
        return "class_folders"
    return "flat"


def _siblings(folders: Iterable[tuple[str, ...]]) -> _Siblings:
    siblings: _Siblings = defaultdict(set)
    for folder in folders:
        if folder:
            siblings[folder[:-1]].add(folder[-1])
    return siblings


def _folder_label(name: str, siblings: set[str]) -> Label | None:
    """The label a folder is named for. 0 and 1 count only among themselves: ten folders 0 to 9 are something else."""
    meaning = label_from_word(name)
    if meaning is None or (is_number_like(name) and not all(is_number_like(other) for other in siblings)):
        return None
    return meaning[0]


def _meaning(folder: tuple[str, ...], siblings: _Siblings, layout: Layout) -> _Meaning:
    split_depth = next((depth for depth, name in enumerate(folder) if split_from_word(name) is not None), None)
    split = split_from_word(folder[split_depth]) if split_depth is not None else None
    start = 0 if split_depth is None else split_depth + 1
    for depth in range(start, len(folder)):
        beside = siblings[folder[:depth]]
        label = _folder_label(folder[depth], beside)
        if label is not None:
            deeper = folder[depth + 1] if len(folder) > depth + 1 and label is Label.DEFECTIVE else None
            return _Meaning(label, _defect_type(deeper), split)
        named_class = any(_folder_label(other, beside) is not None for other in beside)
        under_split = split_depth is not None and depth == start and not _has_label_below(folder, depth, siblings)
        if layout != "flat" and (named_class or under_split) and _defect_type(folder[depth]):
            return _Meaning(Label.DEFECTIVE, _defect_type(folder[depth]), split)
    return _Meaning(Label.NONE, None, split)


def _has_label_below(folder: tuple[str, ...], depth: int, siblings: _Siblings) -> bool:
    return any(_folder_label(folder[below], siblings[folder[:below]]) is not None for below in range(depth + 1, len(folder)))


def _defect_type(name: str | None) -> str | None:
    """The name in NFC, unless it is one that tells nothing, such as "images" or a date."""
    if name is None or plain(name) in _SAYS_NOTHING or not any(character.isalpha() for character in name):
        return None
    return unicodedata.normalize("NFC", name).strip()


def _found_image(folder: tuple[str, ...], name: str, meaning: _Meaning, layout: Layout, masks: dict[_MaskKey, str]) -> FoundImage:
    if layout == "flat":
        meaning = replace(meaning, label=label_from_stem(_stem(name)) or Label.NONE)
    stem = plain(_stem(name))
    own_folder = plain(folder[-1]) if folder else ""
    mask = masks.get((_beside_key(folder), stem)) or masks.get((own_folder, stem))
    if mask is None and meaning.label is not Label.GOOD:
        mask = masks.get(("", stem))
    return FoundImage(
        relative_path=_relative(folder, name),
        label=meaning.label,
        defect_type=meaning.defect_type,
        split=meaning.split,
        mask_path=mask,
    )
