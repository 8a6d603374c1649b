"""Importing a folder of pictures: every file is decoded once, hashed and described; batches are committed as they come.

Cut off at any point, the project holds whole batches and the source is marked incomplete; the same import again goes on from there.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from core.data.images import ImageHeader, inspect_image, sensor_maximum
from core.data.layout import FolderFindings, FoundImage
from core.job_context import Cancelled, JobContext
from core.problems import Problem, ProblemCode, ProblemError
from core.project import audit
from core.project.columns import update_items
from core.project.database import whole_path
from core.project.identity import utc_now
from core.project.import_source import (
    ImportSummary,
    close_source,
    forget_problems,
    label_values,
    open_source,
    record_changes,
    relabelled,
    storable,
    store_problems,
    with_short_path,
)
from core.project.items import ImportProblem
from core.project.opening import Project
from core.project.schema import import_problems, items, scores, sources
from core.vocabulary import Kind, Label, Split, text_of
from core.wording import QT_TRANSLATE_NOOP

PHASE_IMPORT: Final = QT_TRANSLATE_NOOP("Phase", "Importing pictures")
BATCH: Final = 200
_THREADS: Final = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """An item that an earlier import left. It is looked at again if its file seems changed or if there was trouble with it."""

    id: int
    size_bytes: int
    modified_at: str
    troubled: bool
    row: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Inspected:
    """A file that can be used."""

    size_bytes: int
    modified_at: str
    sha256: str
    header: ImageHeader
    largest: int

    def columns(self) -> dict[str, Any]:
        return {
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
            "modified_at": self.modified_at,
            "width": self.header.width,
            "height": self.header.height,
            "channels": self.header.channels,
            "bit_depth": self.header.bit_depth,
        }


_Result = _Inspected | Problem | None
"""None: the file is as it was at the last import."""


def import_folder(
    project: Project,
    findings: FolderFindings,
    context: JobContext,
    *,
    label_all: Label | None = None,
    split_all: Split | None = None,
) -> ImportSummary:
    """Brings the pictures that `scan_folder` found into the project; those that are there already and unchanged are not doubled.

    `label_all` and `split_all` count instead of what the folders say. A label that a person set stays; a picture that changed on disk
    keeps its label and loses its scores. Raises ProblemError NOTHING_TO_IMPORT and those of `Project.write`, and Cancelled, which
    leaves what was imported so far.
    """
    if not findings.images and not findings.problems:
        raise ProblemError(ProblemCode.NOTHING_TO_IMPORT, path=str(findings.root))
    context.phase(PHASE_IMPORT)
    root = whole_path(findings.root)
    wanted = {found.relative_path: _decided(found, label_all, split_all) for found in findings.images}
    source_id = open_source(project, Kind.IMAGE, root, findings.layout)
    known = _known_items(project, source_id)
    _follow_folders(project, wanted, known, move_split=split_all is not None)
    importer = _Importer(project, source_id, root, known)
    importer.leave_out(findings.problems)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="import") as pool:
        try:
            for done, (found, result) in enumerate(_inspect_all(pool, root, list(wanted.values()), known)):
                importer.take(found, result)
                context.progress(done + 1, len(wanted))
                context.check()
        except Cancelled:
            importer.flush()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return importer.finish([known[path] for path in known.keys() - wanted.keys()])


def _decided(found: FoundImage, label_all: Label | None, split_all: Split | None) -> FoundImage:
    label = found.label if label_all is None else label_all
    defect_type = found.defect_type if label is Label.DEFECTIVE else None
    return replace(found, label=label, defect_type=defect_type, split=found.split if split_all is None else split_all)


def _known_items(project: Project, source_id: int) -> dict[str, _Known]:
    troubled = items.c.id.in_(select(import_problems.c.item_id).where(import_problems.c.item_id.is_not(None)))
    query = select(items, troubled.label("troubled")).where(items.c.source_id == source_id)
    with project.read() as connection:
        rows = connection.execute(query).mappings().all()
    return {
        row["relative_path"]: _Known(
            id=row["id"], size_bytes=row["size_bytes"], modified_at=row["modified_at"], troubled=row["troubled"], row=dict(row)
        )
        for row in rows
    }


def _follow_folders(project: Project, wanted: Mapping[str, FoundImage], known: Mapping[str, _Known], *, move_split: bool) -> None:
    """Brings items that are there already up to what the folders now say: a mask that was added, a label where no person judged."""
    changes: dict[int, dict[str, Any]] = {}
    for path in wanted.keys() & known.keys():
        found, row = wanted[path], known[path].row
        values = relabelled(row, found.label, found.defect_type)
        if found.mask_path != row["mask_path"]:
            values["mask_path"] = found.mask_path
        if found.split is not None and row["split"] != text_of(found.split) and (move_split or row["split"] == text_of(Split.NEW)):
            values["split"] = text_of(found.split)
        if values:
            changes[known[path].id] = values
    with project.write() as connection:
        update_items(connection, changes)
        record_changes(connection, {entry.id: entry.row for entry in known.values()}, changes)


# --- files -------------------------------------------------------------------------------------------------------------------------


def _inspect_all(
    pool: ThreadPoolExecutor, root: Path, wanted: list[FoundImage], known: Mapping[str, _Known]
) -> Iterator[tuple[FoundImage, _Result]]:
    """Results in the order of `wanted`, with few files under way at a time so that a cancel is not kept waiting."""
    waiting: deque[tuple[FoundImage, Future[_Result]]] = deque()
    for found in wanted:
        waiting.append((found, pool.submit(_inspect, root, found.relative_path, known.get(found.relative_path))))
        if len(waiting) > 4 * _THREADS:
            first, future = waiting.popleft()
            yield first, future.result()
    for first, future in waiting:
        yield first, future.result()


def _inspect(root: Path, relative_path: str, known: _Known | None) -> _Result:
    path = root / relative_path
    try:
        relative_path.encode("utf-8")
        status = path.stat()
        modified_at = datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="microseconds")
        if known is not None and not known.troubled and (known.size_bytes, known.modified_at) == (status.st_size, modified_at):
            return None
        header, largest = inspect_image(path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except ProblemError as error:
        return with_short_path(error.problem, path, relative_path)
    except FileNotFoundError:
        return Problem(ProblemCode.BROKEN_LINK if path.is_symlink() else ProblemCode.PATH_MISSING, {"path": relative_path})
    except UnicodeEncodeError:  # cannot be kept in a database
        return Problem(ProblemCode.NAME_NOT_TEXT, {"path": storable(relative_path)})
    except OSError:
        return Problem(ProblemCode.PATH_UNREADABLE, {"path": relative_path})
    return _Inspected(size_bytes=status.st_size, modified_at=modified_at, sha256=digest, header=header, largest=largest)


# --- database ----------------------------------------------------------------------------------------------------------------------


class _Importer:
    """Collects results, commits them in batches, and keeps count."""

    def __init__(self, project: Project, source_id: int, root: Path, known: Mapping[str, _Known]) -> None:
        self._project = project
        self._source_id = source_id
        self._root = root
        self._known = known
        self._waiting: list[tuple[FoundImage, _Result]] = []
        self._added = self._changed = self._unchanged = 0
        self._skipped: list[ImportProblem] = []
        self._notes: list[ImportProblem] = []

    def leave_out(self, problems: Iterable[tuple[str, Problem]]) -> None:
        """What the scan of the folder could not use."""
        entries = [self._about(path, None, problem) for path, problem in problems]
        self._skipped += entries
        with self._project.write() as connection:
            store_problems(connection, entries)

    def take(self, found: FoundImage, result: _Result) -> None:
        self._waiting.append((found, result))
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Commits what was taken since the last time."""
        looked_at = [(found, result) for found, result in self._waiting if result is not None]
        self._unchanged += len(self._waiting) - len(looked_at)
        self._waiting = []
        if not looked_at:
            return
        usable = [(found, result) for found, result in looked_at if isinstance(result, _Inspected)]
        with self._project.write() as connection:
            again = [self._known[found.relative_path].id for found, _ in looked_at if found.relative_path in self._known]
            forget_problems(connection, again)
            self._insert(connection, [(found, result) for found, result in usable if found.relative_path not in self._known])
            self._update(connection, [(found, result) for found, result in usable if found.relative_path in self._known])
            skipped = [
                self._about(found.relative_path, self._known.get(found.relative_path), result)
                for found, result in looked_at
                if isinstance(result, Problem)
            ]
            store_problems(connection, skipped)
            self._skipped += skipped
            self._raise_value_maximum(connection, [result for _, result in usable])

    def finish(self, missing: list[_Known]) -> ImportSummary:
        """Commits the rest; notes files that are gone, whose items stay; marks the source complete."""
        self.flush()
        gone = []
        for entry in missing:
            path = entry.row["relative_path"]
            gone.append(self._about(path, entry, Problem(ProblemCode.PATH_MISSING, {"path": path})))
        summary = ImportSummary(
            source_id=self._source_id,
            added=self._added,
            changed=self._changed,
            unchanged=self._unchanged,
            missing=len(gone),
            skipped=tuple(self._skipped),
            notes=(*self._notes, *gone),
        )
        with self._project.write() as connection:
            forget_problems(connection, [entry.id for entry in missing])
            store_problems(connection, gone)
            close_source(connection, summary)
        return summary

    def _about(self, path: str, known: _Known | None, problem: Problem) -> ImportProblem:
        return ImportProblem(
            source_id=self._source_id, item_id=None if known is None else known.id, relative_path=storable(path), problem=problem
        )

    def _insert(self, connection: Connection, results: list[tuple[FoundImage, _Inspected]]) -> None:
        if not results:
            return
        now = utc_now()
        rows = [
            {
                "source_id": self._source_id,
                "kind": Kind.IMAGE.value,
                "relative_path": found.relative_path,
                "position": 0,
                "name": unicodedata.normalize("NFC", found.relative_path.rpartition("/")[2]),
                "mask_path": found.mask_path,
                "split": text_of(found.split or Split.NEW),
                "imported_at": now,
                **label_values(found.label, found.defect_type),
                **result.columns(),
            }
            for found, result in results
        ]
        connection.execute(insert(items), rows)
        self._added += len(rows)
        animated = [(found, result.header.frames) for found, result in results if result.header.frames > 1]
        for found, frames in animated:
            mine = (items.c.source_id == self._source_id) & (items.c.relative_path == found.relative_path)
            item_id = connection.execute(select(items.c.id).where(mine)).scalar_one()
            self._note(connection, item_id, found.relative_path, Problem(ProblemCode.IMAGE_ANIMATED, _frames(found, frames)))

    def _update(self, connection: Connection, results: list[tuple[FoundImage, _Inspected]]) -> None:
        update_items(connection, {self._known[found.relative_path].id: result.columns() for found, result in results})
        for found, result in results:
            path = found.relative_path
            known = self._known[path]
            if result.header.frames > 1:
                self._note(connection, known.id, path, Problem(ProblemCode.IMAGE_ANIMATED, _frames(found, result.header.frames)))
            if result.sha256 == known.row["sha256"]:
                self._unchanged += 1
                continue
            self._changed += 1
            connection.execute(delete(scores).where(scores.c.item_id == known.id))
            audit.record(connection, "content_changed", "item", known.id, old=known.row["sha256"], new=result.sha256)
            self._note(connection, known.id, path, Problem(ProblemCode.IMAGE_CHANGED, {"path": path}))

    def _note(self, connection: Connection, item_id: int, path: str, problem: Problem) -> None:
        entry = ImportProblem(source_id=self._source_id, item_id=item_id, relative_path=path, problem=problem)
        store_problems(connection, [entry])
        self._notes.append(entry)

    def _raise_value_maximum(self, connection: Connection, results: list[_Inspected]) -> None:
        """The sensor's white of a source is that of its brightest deep picture. It never falls: an import looks at new files only."""
        seen = [sensor_maximum(result.largest) for result in results if result.header.bit_depth > 8]
        if seen:
            higher = func.max(func.coalesce(sources.c.value_maximum, 0), max(seen))
            connection.execute(update(sources).where(sources.c.id == self._source_id).values(value_maximum=higher))


def _frames(found: FoundImage, frames: int) -> dict[str, str | int]:
    return {"path": found.relative_path, "frames": frames}
