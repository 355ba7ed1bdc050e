"""Opening a store, and its transactions: one action is one transaction, durable when `write` ends, undone if anything was raised.

A store is named by the path of an SQLite file or by an address (sqlite:///PATH, postgresql://USER@HOST/NAME). Opening one reads
its schema's version and no more: migrations are only loaded by `schema`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.connections import Connections, Database
from pos_loyalty.storage.faults import FactRefused, refused
from pos_loyalty.storage.postgres import Postgres
from pos_loyalty.storage.sqlite import Sqlite
from pos_loyalty.storage.statements import compiler

SCHEMA = "0003"
"""The newest migration: the only schema that this version reads and writes."""
READERS = 8
"""Threads of one process that may read at once; the next one waits."""

UNSOUND = frozenset({"store-unreachable", "store-readonly", "store-damaged"})
"""After these a connection is not used again: SQLite may have opened its file read-only while the disk failed, and stay so."""


def database_at(url: str) -> Database:
    """The database that a path or an address names (store-url where it names none)."""
    if "://" not in url:
        if not url or url == ":memory:":
            raise refused("store-url", url or "''")
        return Sqlite(Path(url).absolute())
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise refused("store-url", url) from None
    if parsed.drivername.split("+")[0] == "sqlite" and parsed.database and parsed.database != ":memory:":
        return Sqlite(Path(parsed.database).absolute())
    if parsed.drivername.split("+")[0] in ("postgresql", "postgres") and parsed.database:
        return Postgres(parsed)
    raise refused("store-url", parsed.render_as_string(hide_password=True))


def open_store(url: str) -> Store:
    """The store at a path or address, ready to sell.

    Refused: store-missing, -unknown, -older, -newer, -damaged, -busy, -readonly, -unreachable, -url, -driver.
    """
    database = database_at(url)
    database.check_there()
    store = Store(database)
    try:
        store.check_schema()
    except Refused:
        store.close()
        raise
    return store


class Store:
    """An open store. Its transactions may be used from any thread: reads side by side, writes one after the other.

    `where` is its address as a person may read it (no password), `kind` "sqlite" or "postgresql".
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.where = database.where
        self.kind = database.kind
        self._compiled = compiler(database.dialect)
        self._written = False
        self._writers = Connections(database, write=True, limit=database.writers)
        self._readers = Connections(database, write=False, limit=READERS)

    def read(self) -> AbstractContextManager[Books]:
        """The books as they are at one moment; nothing can be changed through them. Reads may stand inside one another."""
        return self._transaction(self._readers, self.database.begin_read)

    def write(self) -> AbstractContextManager[Books]:
        """The books to change: all of it is durable when the block ends, none of it if anything is raised.

        It must not stand inside another `write` of the same thread: it would wait for itself until store-busy.
        """
        self._written = True
        return self._transaction(self._writers, self.database.begin_write)

    @contextmanager
    def _transaction(self, connections: Connections, begin: str) -> Iterator[Books]:
        database = self.database
        connection = connections.take()
        try:
            cursor = connection.cursor()
        except database.errors as error:
            connections.undo(connection, keep=False)
            raise database.refusal(error) from error
        books = Books(cursor, lambda: database.stream(connection), self._compiled)
        try:
            if begin:
                cursor.execute(begin)
            yield books
            books.end()
            connection.commit()
        except database.errors as error:
            refusal = database.refusal(error)
            books.end()
            connections.undo(connection, keep=isinstance(refusal, FactRefused) or refusal.code not in UNSOUND)
            raise refusal from error
        except BaseException:
            books.end()
            connections.undo(connection)
            raise
        else:
            connections.give(connection)

    def idle(self) -> None:
        """Tidy up while nothing is being sold: empties SQLite's log into the file. Cheap when nothing was written since."""
        if not self._written:
            return
        self._written = False
        connection = self._readers.take()
        try:
            self.database.checkpoint(connection)
        except self.database.errors as error:
            raise self.database.refusal(error) from error
        finally:
            self._readers.give(connection)

    def check_schema(self) -> None:
        """Refuse a store that is not of this version's schema (store-unknown, -older, -newer), or cannot be read at all."""
        with self._transaction(self._readers, self.database.begin_read) as books:
            there = books.row(self.database.has_schema)
            version = books.schema_version() if there and there[0] else None
        if there and not there[0]:
            raise refused(self.database.no_schema, self.where)
        if version is None or not version.isdecimal():
            raise refused("store-unknown", self.where)
        if version != SCHEMA:
            raise refused("store-older" if version < SCHEMA else "store-newer", self.where)

    def close(self) -> None:
        """Give every connection back; SQLite's log is emptied into the file and goes."""
        self._readers.close()
        self._writers.close()
