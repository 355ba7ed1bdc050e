"""A store in one SQLite file: durable at every commit, one writer at a time, and readers that never wait.

The write-ahead log with `synchronous = FULL` syncs once a transaction, so what was answered survives a power cut. Exactly one
SQLite library may ever touch a live file from one process: closing any of its files drops the locks of all.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text as sql
from sqlalchemy.dialects import sqlite as dialect_module
from sqlalchemy.engine import Dialect

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.faults import FactRefused, refused

BUSY_SECONDS = 5
"""How long a writer waits for another one before it says store-busy: longer than any backup or checkpoint holds the lock."""
WAL_PAGES = 4_000
"""Past so many pages of 4 KiB in the log (16 MB, some 300 sales) a commit empties it by itself; before, `idle` does."""

# What file systems answer that make names durable by themselves, or not at all (some network ones).
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF})
_MAGIC = b"SQLite format 3\x00"
# Result codes (sqlite.org/rescode.html), each with what it means at a till: primary ones, and one that is told apart.
_CODES = {
    sqlite3.SQLITE_IOERR_SHMSIZE: "store-full",  # the log's index cannot grow: for want of room, wherever it was seen
    sqlite3.SQLITE_PERM: "store-readonly",
    sqlite3.SQLITE_BUSY: "store-busy",
    sqlite3.SQLITE_LOCKED: "store-busy",
    sqlite3.SQLITE_READONLY: "store-readonly",
    sqlite3.SQLITE_IOERR: "store-unreachable",
    sqlite3.SQLITE_CORRUPT: "store-damaged",
    sqlite3.SQLITE_FULL: "store-full",
    sqlite3.SQLITE_CANTOPEN: "store-unreachable",
    sqlite3.SQLITE_NOTADB: "store-unknown",
    sqlite3.SQLITE_TOOBIG: "store-full",
}
_SETTINGS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # macOS: fsync alone does not reach the platter; elsewhere it does nothing
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # or INSERT OR REPLACE would delete past the delete triggers
    "PRAGMA cache_size = -2048",  # KiB a connection: what a sale touches; the system keeps the rest of the file at hand
    f"PRAGMA wal_autocheckpoint = {WAL_PAGES}",
)


_open_here: Counter[tuple[int, int]] = Counter()
_counting = threading.Lock()


class _Connection(sqlite3.Connection):
    """A connection that is counted while it is open, by the file that it reads (device and inode)."""

    counted: tuple[int, int] | None = None

    def count(self, file: tuple[int, int] | None) -> None:
        """Say which file it is."""
        if file is not None:
            with _counting:
                _open_here[file] += 1
            self.counted = file

    def close(self) -> None:
        """Close it; a second time does nothing, as with any connection."""
        super().close()
        file, self.counted = self.counted, None
        if file is not None:
            with _counting:
                _open_here[file] -= 1


def sync_folder(path: Path) -> None:
    """Make the names beside a file durable. SQLite does so for its log too, but overlooks it when that fails (OSError here)."""
    if os.name != "posix":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(folder)


class Sqlite:
    """One SQLite file: how to connect to it, and what its errors mean."""

    kind = "sqlite"
    errors = (sqlite3.Error,)
    writers = 1
    begin_read = "BEGIN"
    begin_write = "BEGIN IMMEDIATE"
    has_schema = sql("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
    no_schema = "store-unknown"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = self.address = str(path)
        self.dialect: Dialect = dialect_module.dialect()

    def check_there(self) -> None:
        """Refuse what is no SQLite file before SQLite itself would make or lock one (store-missing, store-unknown).

        A file that this process has open is not looked at: to close it again would drop the locks of all its connections, and the
        next process to end would take the log, with every sale in it, for one that nobody uses any more.
        """
        if _open_here[self._identity() or (0, 0)] > 0:
            return
        try:
            with self.path.open("rb") as file:
                head = file.read(len(_MAGIC))
        except (FileNotFoundError, NotADirectoryError):
            raise refused("store-missing", self.where) from None
        except IsADirectoryError:
            raise refused("store-unknown", self.where) from None
        except PermissionError:
            raise refused("store-readonly", self.where) from None
        except OSError as error:
            raise refused("store-unreachable", self.where) from error
        if head != _MAGIC:
            raise refused("store-unknown", self.where)

    def connect(self, *, write: bool, mode: str = "rw") -> sqlite3.Connection:
        """A connection in autocommit, set up to be durable; one that only reads can do nothing else.

        Whoever opened the file while `restore` held it, and got to read it only when another stood in its place, opens that one.
        """
        while True:
            before = self._identity()
            connection = self._opened(mode)
            if self._identity() == before:
                break
            connection.close()
        try:
            if write:
                connection.execute("PRAGMA journal_mode = WAL")
                sync_folder(self.path)
            else:
                connection.execute("PRAGMA query_only = ON")
        except sqlite3.Error:
            connection.close()
            raise
        except OSError as error:
            connection.close()
            raise refused("store-unreachable", self.where) from error
        return connection

    def _opened(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(self.path))}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=_Connection,
        )
        connection.count(self._identity())
        try:
            for setting in _SETTINGS:
                connection.execute(setting)
            connection.execute("PRAGMA schema_version").fetchone()  # the first that waits for whoever holds the file
        except sqlite3.Error:
            connection.close()
            raise
        except UnicodeDecodeError as error:  # SQLite names what it cannot read, and that name is what is damaged
            connection.close()
            raise refused("store-damaged", self.where) from error
        return connection

    def _identity(self) -> tuple[int, int] | None:
        """Which file stands at the path now."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def usable(self, connection: sqlite3.Connection, idle: float) -> bool:
        """A connection to a file cannot be cut off by anyone else."""
        return True

    def stream(self, connection: sqlite3.Connection) -> sqlite3.Cursor:
        """A cursor of its own: SQLite brings every row only when it is fetched."""
        return connection.cursor()

    def checkpoint(self, connection: sqlite3.Connection) -> None:
        """Empty the log into the file as far as readers allow, without making anyone wait."""
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def settle(self) -> None:
        """Put all of the log into the file, which alone is the store then. Closing does so too, but overlooks when it fails."""
        try:
            connection = self.connect(write=True)
            try:
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise self.refusal(error) from error
        if busy:
            raise refused("store-busy", self.where)

    def refusal(self, error: BaseException) -> Refused | FactRefused:
        """What an error of this database means."""
        code = getattr(error, "sqlite_errorcode", None)
        if isinstance(error, sqlite3.IntegrityError):
            return FactRefused(str(error))
        if code is None:
            # A text that is not UTF-8 in a text column has no code of its own: only a damaged page holds one.
            damaged = re.search(r"decode|malformed", str(error)) is not None
            return refused("store-damaged", self.where) if damaged else FactRefused(str(error))
        primary = code & 0xFF
        if primary == sqlite3.SQLITE_ERROR and "no such" in str(error):
            return refused("store-damaged", self.where)
        if primary == sqlite3.SQLITE_CANTOPEN and not self._may_write():
            return refused("store-readonly", self.where)
        meaning = _CODES.get(code) or _CODES.get(primary)
        return refused(meaning, self.where) if meaning else FactRefused(str(error))

    def _may_write(self) -> bool:
        """Whether the file, and the log that SQLite keeps beside it, can be written."""
        return os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
