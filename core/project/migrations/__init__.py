"""The steps from each schema to the next, and the code that takes them.

Alembic is driven from here: there is no ini file, and the steps are found inside the package.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection


@dataclass(frozen=True)
class Steps:
    """Where the steps lie, and all schema versions they lead through, oldest first: so opening a current project need not load Alembic."""

    location: str
    revisions: tuple[str, ...]

    @property
    def newest(self) -> str:
        return self.revisions[-1]


STEPS: Final = Steps("core.project:migrations", ("0001",))

_one_at_a_time = threading.Lock()  # Alembic hands the connection to env.py through module globals


def upgrade(connection: Connection, steps: Steps) -> None:
    """Takes all steps that are missing, inside the transaction that `connection` is in.

    Foreign keys must be off on this connection: changing a table drops and recreates it, and the children would be deleted with it.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", steps.location.replace("%", "%%"))
    config.attributes["connection"] = connection
    with _one_at_a_time:
        command.upgrade(config, steps.newest)
