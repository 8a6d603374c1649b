"""The steps from each schema to the next, and the code that takes them.

Alembic is driven from here: there is no ini file, and the steps are found inside the package.
"""

from __future__ import annotations

import threading
from typing import Final

from sqlalchemy import Connection

REVISIONS: Final = ("0001",)
"""All schema versions this program knows, oldest first. Kept here so that opening a current project need not load Alembic."""

_one_at_a_time = threading.Lock()  # Alembic hands the connection to env.py through module globals


def upgrade(connection: Connection) -> None:
    """Takes all steps that are missing, inside the transaction that `connection` is in.

    Foreign keys must be off on this connection: changing a table drops and recreates it, and the children would be deleted with it.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "core.project:migrations")
    config.attributes["connection"] = connection
    with _one_at_a_time:
        command.upgrade(config, "head")
