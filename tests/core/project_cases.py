"""Projects and folders made for tests of `core.project`, and real processes that work on them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image
from sqlalchemy import insert

from core.data.layout import scan_folder
from core.job_context import QuietContext
from core.project import schema
from core.project.identity import utc_now
from core.project.importing import ImportSummary, import_folder
from core.project.opening import Project

ROOT = Path(__file__).resolve().parents[2]


def write_pictures(folder: Path, names: list[str], *, seed: int = 0, edge: int = 16) -> None:
    """Grey pictures of noise; the same seed gives the same bytes."""
    generator = np.random.default_rng(seed)
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(generator.integers(0, 256, (edge, edge), dtype=np.uint8)).save(path)


def add_items(project: Project, count: int, *, label: str | None = None, split: str = "new") -> list[int]:
    """Puts made-up pictures straight into the database; returns their ids."""
    now = utc_now()
    with project.write() as connection:
        made = connection.execute(
            insert(schema.sources).values(kind="image", path=f"/made/{utc_now()}", layout="flat", imported_at=now, complete=True)
        )
        source_id = made.inserted_primary_key[0]
        rows = [
            {
                "source_id": source_id,
                "kind": "image",
                "relative_path": f"part/{place:06}.png",
                "position": 0,
                "name": f"{place:06}.png",
                "sha256": f"{place:064x}",
                "width": 64,
                "height": 48,
                "channels": 1,
                "bit_depth": 8,
                "label": label,
                "split": split,
                "imported_at": now,
            }
            for place in range(count)
        ]
        connection.execute(insert(schema.items), rows)
        query = schema.items.select().where(schema.items.c.source_id == source_id).order_by(schema.items.c.id)
        return [row.id for row in connection.execute(query)]


def bring_in(project: Project, folder: Path) -> ImportSummary:
    return import_folder(project, scan_folder(folder, QuietContext()), QuietContext())


class Worker:
    """A process of its own that runs `tests.core.project_worker` and tells line by line what it did."""

    def __init__(self, *arguments: object) -> None:
        command = [sys.executable, "-W", "error", "-m", "tests.core.project_worker", *map(str, arguments)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    @property
    def output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def lines(self, count: int) -> list[str]:
        """The next lines; fewer if the process ended."""
        read = []
        for line in self.output:
            read.append(line.strip())
            if len(read) == count:
                break
        return read

    def proceed(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def kill(self) -> list[str]:
        """SIGKILL; returns what it had told until then and nobody had read."""
        self.process.kill()
        rest = [line.strip() for line in self.output if line.endswith("\n")]
        self._end()
        return rest

    def finish(self) -> list[str]:
        """Waits for the end, which must be a good one; returns the remaining lines."""
        rest = [line.strip() for line in self.output]
        assert self._end() == 0
        return rest

    def _end(self) -> int:
        code = self.process.wait(timeout=60)
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()
        return code
