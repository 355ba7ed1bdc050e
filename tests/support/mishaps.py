"""What can befall a till in the middle of an action: the process dies at a statement, or the disk is full at one.

A store on a real SQLite file whose connections count statements. Only the waiting for the disk is left out (`synchronous = OFF`):
what a cut of power costs is tested elsewhere, here it is what the program does about it.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.sqlite import Sqlite

COMMIT = -1
"""In place of a statement's number: when the transaction ends."""


class Died(BaseException):
    """The process is gone: nobody catches this, and nothing is tidied up."""


class Fate:
    """What will happen to the next transaction that writes, and what became of it.

    `at` is the number of the statement (from 1) before which it strikes, `COMMIT`, or None for never; `after`: once it is done.
    """

    def __init__(self) -> None:
        self.at: int | None = None
        self.kind = ""
        self.after = False
        self.seen = 0
        self.struck = self.committed = self.dead = False

    def set(self, kind: str, at: int | None, *, after: bool = False) -> None:
        self.kind, self.at, self.after = kind, at, after
        self.seen = 0
        self.struck = self.committed = False

    def statement(self) -> None:
        if self.dead:
            raise Died
        self.seen += 1
        if self.seen == self.at:
            self._strike()

    def before_commit(self) -> None:
        if self.dead:
            raise Died
        if self.at == COMMIT and not self.after:
            self._strike()

    def after_commit(self) -> None:
        self.committed = True
        if self.at == COMMIT and self.after:
            self._strike()

    def _strike(self) -> None:
        self.struck = True
        if self.kind == "dies":
            self.dead = True
            raise Died
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error


class _Watched:
    """A cursor or connection as the store uses it, with every statement reported to `Fate`."""

    def __init__(self, real: Any, fate: Fate) -> None:
        self._real, self._fate = real, fate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class _Cursor(_Watched):
    def execute(self, *args: Any) -> Any:
        self._fate.statement()
        return self._real.execute(*args)

    def executemany(self, *args: Any) -> Any:
        self._fate.statement()
        return self._real.executemany(*args)


class _Connection(_Watched):
    def cursor(self) -> _Cursor:
        return _Cursor(self._real.cursor(), self._fate)

    def commit(self) -> None:
        self._fate.before_commit()
        self._real.commit()
        self._fate.after_commit()

    def rollback(self) -> None:
        if self._fate.dead:
            raise sqlite3.OperationalError("nobody is there to roll back")
        self._real.rollback()

    def close(self) -> None:
        if not self._fate.dead:
            self._real.close()


class QuickSqlite(Sqlite):
    """SQLite as the shop uses it, but that nothing waits for the disk, and fate may strike the writer."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.fate = Fate()
        self.left: list[Any] = []

    def connect(self, *, write: bool, mode: str = "rw") -> Any:
        connection = super().connect(write=write, mode=mode)
        connection.execute("PRAGMA synchronous = OFF")
        self.left.append(connection)
        return _Connection(connection, self.fate) if write else connection

    def no_more_pages(self, full: bool) -> None:
        """Let SQLite itself find the disk full: the file may not grow by a page from now on, or may again."""
        for connection in self.left:
            pages = connection.execute("PRAGMA page_count").fetchone()[0] if full else 2**32 - 2
            connection.execute(f"PRAGMA max_page_count = {pages}")


def open_again(database: QuickSqlite) -> tuple[Store, QuickSqlite]:
    """What a new process finds after the old one died: the files as they lay, an open transaction and all."""
    old = database.path
    stem, _, generation = old.stem.partition("-")
    new = old.with_name(f"{stem}-{int(generation or 0) + 1}{old.suffix}")
    shutil.copyfile(old, new)
    log = Path(f"{old}-wal")
    if log.exists():
        shutil.copyfile(log, f"{new}-wal")
    for connection in database.left:
        connection.close()
    for name in (old, log, Path(f"{old}-shm")):
        name.unlink(missing_ok=True)
    fresh = QuickSqlite(new)
    store = Store(fresh)
    store.check_schema()
    return store, fresh
