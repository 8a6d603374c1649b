"""Run by Alembic for every command; `core.project.migrations.upgrade` puts the connection into the configuration."""

from __future__ import annotations

from alembic import context

from core.project.schema import metadata


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,  # SQLite cannot alter most things in place
    )
    # The caller began the transaction and ends it, so that all steps succeed or none does.
    context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic loads this file; a plain import does nothing
    run()
