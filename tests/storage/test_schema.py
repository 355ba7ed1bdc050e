"""What a made store is, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from pos_loyalty.storage.engine import SCHEMA
from pos_loyalty.storage.tables import metadata


def test_the_migrations_make_exactly_the_tables_that_the_program_uses(store_url: str) -> None:
    """Alembic finds no difference between a store that the migrations made and `storage.tables`."""
    engine = create_engine(store_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_opening_knows_the_newest_migration() -> None:
    """The schema that `open_store` asks for is the head of the migrations, and there is one head."""
    import migrations

    assert ScriptDirectory(next(iter(migrations.__path__))).get_heads() == [SCHEMA]
