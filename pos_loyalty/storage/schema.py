"""Making a store and bringing an older one up to date: all of it happens, or nothing does.

The migrations are the package `migrations` that travels in the wheel; this is the only place that loads Alembic.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.connections import Database
from pos_loyalty.storage.engine import SCHEMA, database_at
from pos_loyalty.storage.faults import refused
from pos_loyalty.storage.placing import ERRNO, draft_beside, make_folder, put_in_place
from pos_loyalty.storage.postgres import Postgres
from pos_loyalty.storage.sqlite import Sqlite

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def create_store(url: str) -> None:
    """Make an empty store at a path or address.

    Refused: store-exists, and all that `open_store` may say. An SQLite file is made beside its place and linked into it when it
    is whole; in PostgreSQL the database must be there, and one transaction fills it.
    """
    database = database_at(url)
    if isinstance(database, Postgres):
        with _connected(database) as connection:
            if inspect(connection).get_table_names():
                raise refused("store-exists", database.where)
            _migrate(connection)
        return
    if database.path.exists():
        raise refused("store-exists", database.where)
    try:
        make_folder(database.path.parent)
        with draft_beside(database.path) as draft:
            with _connected(Sqlite(draft)) as connection:
                _migrate(connection)
            Sqlite(draft).settle()
            put_in_place(draft, database.path)
    except FileExistsError:
        raise refused("store-exists", database.where) from None
    except OSError as error:
        raise refused(ERRNO.get(error.errno or 0, "store-unreachable"), database.where) from error
    except Refused as error:
        raise refused(error.code, database.where) from error


def upgrade_store(url: str) -> tuple[str, str]:
    """Bring a store to this version's schema: from which migration, and to which. Refused as `open_store` does."""
    database = database_at(url)
    database.check_there()
    with _connected(database) as connection:
        before = _version(connection, database)
        if before != SCHEMA:
            _migrate(connection)
        return before, SCHEMA


def _version(connection: Connection, database: Database) -> str:
    if not inspect(connection).has_table("alembic_version"):
        raise refused(database.no_schema, database.where)
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if not isinstance(version, str) or not version.isdecimal():
        raise refused("store-unknown", database.where)
    if version > SCHEMA:
        raise refused("store-newer", database.where)
    return version


@cache
def pristine() -> dict[tuple[str, str], str]:
    """The text of every table, index and trigger that the migrations make in SQLite, by kind and name."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            _migrate(connection)
            rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
            return {(kind, name): sql for kind, name, sql in rows}
    finally:
        engine.dispose()


@contextmanager
def _connected(database: Database) -> Iterator[Connection]:
    """A connection of SQLAlchemy's in one transaction, table changes included, that commits at the end."""
    try:
        engine = create_engine(
            "sqlite://" if isinstance(database, Sqlite) else "postgresql+psycopg://",
            creator=lambda: database.connect(write=True),
            poolclass=StaticPool,
        )
        if isinstance(database, Sqlite):
            # sqlite3 is in autocommit here: a transaction begins where SQLAlchemy says so, and holds the changes of tables.
            event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()
    except DBAPIError as error:
        raise database.refusal(error.orig or error) from error
    except database.errors as error:
        raise database.refusal(error) from error


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - loading Alembic takes longer than opening the terminal
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(importlib.resources.files("migrations")).replace("%", "%%"))
    command.upgrade(config, "head")
