"""What the processes of `project_cases.Worker` do. They tell what is done on standard output, one line each, at once."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from pathlib import Path

from sqlalchemy import insert

from core.data.layout import scan_folder
from core.job_context import QuietContext
from core.problems import ProblemError
from core.project import schema
from core.project.identity import utc_now
from core.project.importing import import_folder, import_table
from core.project.items import item_columns
from core.project.labels import set_labels
from core.project.locking import acquire_lock
from core.project.opening import Project, create_project, open_project
from core.project.runs import create_run, start_run
from core.vocabulary import Kind, Label


def tell(text: object) -> None:
    print(text, flush=True)


class TellingContext(QuietContext):
    """Tells its progress, and waits for a word at one point if asked to."""

    def __init__(self, stop_at: int) -> None:
        super().__init__()
        self.stop_at = stop_at

    def progress(self, done: int, total: int) -> None:
        tell(done)
        if done == self.stop_at:
            sys.stdin.readline()


def import_pictures(project: Project, source: str, stop_at: str = "-1") -> None:
    context = TellingContext(int(stop_at))
    import_folder(project, scan_folder(Path(source), QuietContext()), context)


def import_rows(project: Project, source: str, stop_at: str = "-1") -> None:
    from core.data.tables import inspect_table  # pandas would hold up the start of every other worker

    found = inspect_table(Path(source))
    import_table(project, found.path, found.format, found.columns, TellingContext(int(stop_at)))


def label(project: Project, first: str, last: str) -> None:
    """Labels one item after the other, good and defective in turn; tells each when it is committed."""
    for item in range(int(first), int(last)):
        wanted = Label.DEFECTIVE if item % 2 else Label.GOOD
        set_labels(project, [item], wanted)
        tell(f"{item} {wanted.value}")


def write_and_wait(project: Project) -> None:
    """Stays inside a transaction that has written."""
    with project.write() as connection:
        values = {"kind": "image", "path": "/never", "layout": "flat", "imported_at": utc_now(), "complete": False}
        connection.execute(insert(schema.sources), [values] * 500)
        tell("inside")
        sys.stdin.readline()


def read_and_wait(project: Project) -> None:
    with project.read() as connection:
        connection.execute(schema.items.select()).fetchall()
        tell("inside")
        sys.stdin.readline()


def run_and_wait(project: Project) -> None:
    """Works on one run and has another one waiting."""
    for _ in range(2):
        tell(create_run(project, detector="x", kind=Kind.IMAGE, parameters={}, preset=None, seed=0, device="cpu", request={}))
    start_run(project, 1)
    tell("running")
    sys.stdin.readline()


def lock_and_wait(project: Project) -> None:
    acquire_lock(project.folder, "Flawscope")
    tell("locked")
    sys.stdin.readline()


def give_up_override() -> None:
    """Root may write anywhere; without these two capabilities (Linux) permission bits count for it as for anyone."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    library = ctypes.CDLL(None, use_errno=True)
    assert library.capget(header, data) == 0
    data[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH among the effective ones
    assert library.capset(header, data) == 0


def look(folder: str) -> None:
    """Opens a project as a person without permission to write there, and tells how far that goes."""
    give_up_override()
    with open_project(Path(folder)) as project:
        tell(f"read_only {project.read_only}")
        tell(" ".join(note.code for note in project.notes))
        tell(f"items {len(item_columns(project))}")
        with contextlib.suppress(ProblemError):
            set_labels(project, [1], Label.GOOD)
            tell("labelled")


def create(folder: str) -> None:
    give_up_override()
    try:
        create_project(Path(folder)).close()
    except ProblemError as error:
        tell(error.problem.code)


ALONE = {"look": look, "create": create}
INSIDE = {
    "import": import_pictures,
    "import-table": import_rows,
    "label": label,
    "write": write_and_wait,
    "read": read_and_wait,
    "run": run_and_wait,
    "lock": lock_and_wait,
}


def main() -> None:
    action, folder, *arguments = sys.argv[1:]
    if action in ALONE:
        ALONE[action](folder)
        return
    with open_project(Path(folder)) as project:
        INSIDE[action](project, *arguments)


if __name__ == "__main__":
    main()
