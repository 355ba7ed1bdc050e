"""A store that is thrown away: the same tables, statements and laws, and nothing of what makes a real one durable.

Everything happens on one connection, each action in a savepoint of its own, so that what is refused leaves nothing behind; only
every so many actions the file is written to. Whoever is broken off deletes the file: it is never opened again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.sqlite import Sqlite

TOGETHER = 1_000
"""Actions that are written to the file at once."""
_SETTINGS = (
    "PRAGMA journal_mode = MEMORY",
    "PRAGMA synchronous = OFF",
    "PRAGMA foreign_keys = OFF",  # the till's own order of writing is what real stores check
    "PRAGMA cache_size = -131072",
)


class ScratchFile(Sqlite):
    """One SQLite file whose writer waits for no disk."""

    def connect(self, *, write: bool, mode: str = "rw") -> sqlite3.Connection:
        """A connection that reads and writes."""
        connection = self._opened(mode)
        for setting in _SETTINGS:
            connection.execute(setting)
        return connection


class Scratch(Store):
    """An open store that is thrown away, for one thread."""

    def __init__(self, path: Path) -> None:
        super().__init__(ScratchFile(path))
        self._connection: sqlite3.Connection = ScratchFile(path).connect(write=True)
        self._connection.execute("BEGIN IMMEDIATE")
        self._actions = 0

    @contextmanager
    def read(self) -> Iterator[Books]:
        """The books as they are now."""
        books = self._books()
        try:
            yield books
        except self.database.errors as error:
            raise self.database.refusal(error) from error
        finally:
            books.end()

    @contextmanager
    def write(self) -> Iterator[Books]:
        """The books to change: all of it stays when the block ends, none of it if anything is raised."""
        books = self._books()
        try:
            self._connection.execute("SAVEPOINT action")
            try:
                yield books
            except BaseException:
                books.end()
                self._connection.execute("ROLLBACK TO action")
                self._connection.execute("RELEASE action")
                raise
            books.end()
            self._connection.execute("RELEASE action")
            self._actions += 1
            if self._actions % TOGETHER == 0:
                self._connection.execute("COMMIT")
                self._connection.execute("BEGIN IMMEDIATE")
        except self.database.errors as error:
            raise self.database.refusal(error) from error

    def _books(self) -> Books:
        connection = self._connection
        return Books(connection.cursor(), connection.cursor, self._compiled)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        super().close()
