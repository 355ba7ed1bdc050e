"""The connections of a store: made when first needed, kept, and lent to one transaction at a time.

SQLAlchemy's pool does the same at ten microseconds a loan, which on the path of a sale is a sixth of what SQLite itself needs; a
queue of permits and a list cost one.
"""

from __future__ import annotations

import queue
import time
from contextlib import suppress
from typing import Any, TypeAlias

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.faults import refused
from pos_loyalty.storage.postgres import Postgres
from pos_loyalty.storage.sqlite import BUSY_SECONDS, Sqlite

Database: TypeAlias = Sqlite | Postgres


class Connections:
    """At most `limit` connections to a database, all for writing or all for reading; safe to use from any thread."""

    def __init__(self, database: Database, *, write: bool, limit: int) -> None:
        self._database = database
        self._write = write
        self._permits: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._idle: list[tuple[Any, float]] = []
        for _ in range(limit):
            self._permits.put(None)

    def take(self) -> Any:
        """A connection for one transaction: the one used last, if it still answers. Refused: store-busy, -unreachable, …"""
        try:
            self._permits.get(timeout=BUSY_SECONDS)
        except queue.Empty:
            raise refused("store-busy", self._database.where) from None
        try:
            while self._idle:
                connection, used = self._idle.pop()
                if self._database.usable(connection, time.monotonic() - used):
                    return connection
                connection.close()
            return self._database.connect(write=self._write)
        except self._database.errors as error:
            self._permits.put(None)
            raise self._database.refusal(error) from error
        except Refused:
            self._permits.put(None)
            raise

    def give(self, connection: Any) -> None:
        """Take a connection back whose transaction has ended."""
        self._idle.append((connection, time.monotonic()))
        self._permits.put(None)

    def undo(self, connection: Any, *, keep: bool = True) -> None:
        """Roll a transaction back and take its connection back; one that cannot even do that, or is not to be kept, is closed."""
        with suppress(*self._database.errors):
            connection.rollback()
            if keep:
                self.give(connection)
                return
        connection.close()
        self._permits.put(None)

    def close(self) -> None:
        """Close what is not lent."""
        while self._idle:
            self._idle.pop()[0].close()
