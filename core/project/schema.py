"""The tables of a project, as SQLAlchemy Core. Changed only together with an Alembic step in `migrations/versions`.

Sources, items and runs count up and never give an id out again: folders, snapshots and the audit table go on naming them after they are gone.
Times are ISO 8601 text in UTC with offset. Words (label, split, kind, state, role) are spelt as in `core.vocabulary`; no label is NULL.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

project = Table(
    "project",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", String, nullable=False),  # uuid4 as text, survives copying and renaming
    Column("name", String, nullable=False),
    Column("created_at", String, nullable=False),
)

sources = Table(  # a folder of pictures or one table file
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("path", String, nullable=False),  # absolute, exactly as the file system spells it
    Column("layout", String, nullable=False),  # mvtec, class_folders, flat, table
    Column("imported_at", String, nullable=False),
    Column("value_maximum", Integer),  # of pictures with more than 8 bits: the sensor's white, for example 4095
    Column("table_format", Text),  # of tables: encoding, delimiter, decimal sign as JSON
    Column("values_file", String),  # of tables: the file in tables/<id>/ that holds the numbers; a new one for each import
    Column("complete", Boolean, nullable=False),  # false while an import is going on or was cut off
    sqlite_autoincrement=True,
)

table_columns = Table(
    "table_columns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),  # place among the columns of the file
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("categories", Text),  # JSON list of the values of a text feature; NULL for numbers
    UniqueConstraint("source_id", "position"),
)

items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String, nullable=False),
    Column("relative_path", String, nullable=False),  # of pictures, exactly as on disk, with "/"; of rows empty
    Column("position", Integer, nullable=False),  # of rows: row of the table from 0; of pictures: page of the file from 0
    Column("name", String, nullable=False),  # what a person sees: NFC file name, or the id column of a row
    Column("sha256", String, nullable=False),  # of the file's bytes; of rows: of the row's text
    Column("size_bytes", Integer),
    Column("modified_at", String),
    Column("width", Integer),
    Column("height", Integer),
    Column("channels", Integer),
    Column("bit_depth", Integer),
    Column("mask_path", String),  # relative to the source, like relative_path
    Column("label", String),
    Column("defect_type", String),
    Column("labelled_by", String),
    Column("labelled_at", String),
    Column("comment", Text),
    Column("split", String, nullable=False),
    Column("group_id", String),  # items of one group never straddle a split
    Column("lot", String),
    Column("serial", String),
    Column("captured_at", String),
    Column("imported_at", String, nullable=False),
    UniqueConstraint("source_id", "relative_path", "position"),
    sqlite_autoincrement=True,
)

import_problems = Table(  # what an import left out or wants to be known; replaced when the source is imported again
    "import_problems",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE")),
    Column("relative_path", String, nullable=False),
    Column("problem", Text, nullable=False),  # Problem.to_json()
)

snapshots = Table(  # which items, labels and splits a run was trained on; never changed
    "snapshots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String, nullable=False, unique=True),
    Column("created_at", String, nullable=False),
)

snapshot_items = Table(
    "snapshot_items",
    metadata,
    Column("snapshot_id", ForeignKey("snapshots.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", Integer, primary_key=True),  # no foreign key: the record stays when an item leaves the project
    Column("sha256", String, nullable=False),
    Column("label", String),
    Column("split", String, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("detector", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("parameters", Text, nullable=False),  # JSON, all values, defaults too
    Column("preset", String),
    Column("seed", Integer, nullable=False),
    Column("device", String, nullable=False),
    Column("request", Text, nullable=False),  # JSON: what was asked for, enough to start again
    Column("snapshot_id", ForeignKey("snapshots.id")),
    Column("input", Text),  # JSON: ImageInput or TableInput
    Column("created_at", String, nullable=False),
    Column("started_at", String),
    Column("finished_at", String),
    Column("stopped_early", Boolean, nullable=False),
    Column("environment", Text),  # JSON: os, python, packages
    Column("heat_scale", Float),  # the t of v / (v + t), one for the whole run
    Column("pixel_threshold", Float),
    Column("model_sha256", String),
    Column("problem", Text),  # Problem.to_json() of a failed run
    sqlite_autoincrement=True,
)

scores = Table(
    "scores",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("score", Float, nullable=False),
    Column("part", Integer, nullable=False),  # runs/<run>/scored/<part>/ holds the arrays
    Column("row", Integer, nullable=False),  # row of those arrays
    sqlite_with_rowid=False,
)

thresholds = Table(  # every threshold ever set; the newest of a run holds
    "thresholds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("t1", Float, nullable=False),
    Column("t2", Float, nullable=False),
    Column("rule", String, nullable=False),  # hand, good_only, overkill, escape, cheapest, best_f1
    Column("rule_value", Float),
    Column("basis", Text, nullable=False),  # JSON: split, n_good, n_defective, sentence arguments
    Column("set_by", String, nullable=False),
    Column("set_at", String, nullable=False),
    Column("reason", Text),
)

audit = Table(  # append-only: triggers refuse UPDATE and DELETE
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("utc_time", String, nullable=False),
    Column("user", String, nullable=False),
    Column("computer", String, nullable=False),
    Column("action", String, nullable=False),
    Column("object_type", String, nullable=False),
    Column("object_id", String, nullable=False),
    Column("old_value", Text),
    Column("new_value", Text),
    Column("reason", Text),
    Column("app_version", String, nullable=False),
)

Index("ix_items_sha256", items.c.sha256)
Index("ix_scores_item_id", scores.c.item_id)
Index("ix_import_problems_item_id", import_problems.c.item_id)
Index("ix_audit_object_type", audit.c.object_type, audit.c.object_id)
