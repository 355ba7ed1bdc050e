"""What a made store is, on both databases."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Column, Index, MetaData, Table, create_engine

import migrations
from pos_loyalty.storage.engine import SCHEMA
from pos_loyalty.storage.tables import metadata


def differences(url: str, wanted: MetaData) -> list[Any]:
    """What Alembic would have to change in a store."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            return compare_metadata(MigrationContext.configure(connection, opts=options), wanted)
    finally:
        engine.dispose()


def test_the_migrations_make_exactly_the_tables_that_the_program_uses(store_url: str) -> None:
    """Alembic finds no difference between a store that the migrations made and `storage.tables`."""
    assert differences(store_url, metadata) == []


def test_a_difference_would_be_seen(store_url: str) -> None:
    """With a column, an index and a table more than the store has, the comparison names all three: it is no empty one."""
    wanted = MetaData()
    for table in metadata.tables.values():
        table.to_metadata(wanted)
    wanted.tables["lots"].append_column(Column("weight", BigInteger))
    Index("ix_cards_kind", wanted.tables["cards"].c.kind)
    Table("songs", wanted, Column("name", BigInteger, primary_key=True))
    assert sorted(found[0] for found in differences(store_url, wanted)) == ["add_column", "add_index", "add_table"]


def test_on_sqlite_even_the_checks_are_written_alike(sqlite_url: str, tmp_path: Path) -> None:
    """Every table and index of a migrated file has the very text that the tables would have been made with."""
    engine = create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    metadata.create_all(engine)
    engine.dispose()
    made, plain = (_texts(tmp_path / name) for name in ("store.db", "plain.db"))
    del made["alembic_version"]
    assert made == plain


def _texts(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        )
        # In what order a table states its constraints says nothing.
        return {name: sorted(line.strip(" ,\t") for line in re.split(r"\n", sql)) for name, sql in rows}


def test_opening_knows_the_newest_migration() -> None:
    """The schema that `open_store` asks for is the head of the migrations, and there is one head."""
    assert ScriptDirectory(next(iter(migrations.__path__))).get_heads() == [SCHEMA]
