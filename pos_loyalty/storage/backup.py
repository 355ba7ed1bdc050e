"""A store is copied while selling goes on; only a whole and durable copy ever has its name.

A backup is what the store was at one moment, in one file that needs nothing beside it. SQLite starts a copy by pieces anew
whenever somebody writes (measured: it never ends while sales go on), unless the reader stands in a transaction of its own, as here.
Each piece is synced as soon as it is written: 200 MB at once would keep the disk from the next sale's own sync for longer than the
copy takes.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text as sql

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import database_at, open_store
from pos_loyalty.storage.facts import read_moment
from pos_loyalty.storage.faults import FactRefused, refused
from pos_loyalty.storage.findings import Progress
from pos_loyalty.storage.placing import BESIDE, ERRNO, draft_beside, put_in_place
from pos_loyalty.storage.sqlite import Sqlite

PAGES = 2_000
"""Pages of 4 KiB (8 MB) that are copied and synced at a time: a sale waits for one of them at most, some 30 ms."""
COPIED = "copied"
"""What `progress` is told to count while it is copied: hundredths of the store."""

_QUICK_CHECK = sql("PRAGMA quick_check(1)")
_NEWEST = sql(
    "SELECT coalesce(sum(r.last_entry), 0), max(e.recorded_at) FROM registers r "
    "LEFT JOIN entries e ON e.register = r.name AND e.seq = r.last_entry"
)
_FROM_SOURCE = frozenset({sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS})


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made or put in place: its size in bytes, how many entries its journals hold, and when the newest of them
    was recorded. `kept` is where the replaced store lies since."""

    file: Path
    size: int
    entries: int
    newest: datetime | None
    kept: Path | None = None


def backup_store(url: str, file: Path, *, over: bool = False, progress: Progress | None = None) -> Backup:
    """Copy the store to a file, durably; it holds every sale that was acknowledged before. `over`: a file there may be replaced.

    Refused: backup-server, -exists, -folder, -itself, -in-use, all that `open_store` says of the store, and store-full, -readonly
    and -unreachable of the file. Only a whole and readable copy ever has the file's name.
    """
    source = file_of(url)
    target = Path(os.path.realpath(file))
    with closing(open_store(url)):  # says what is wrong with the store itself, in its own words
        _check_target(source, target, over)
    try:
        with draft_beside(target, 0o600) as draft:
            with closing(reader_of(source)) as reader:
                copy_pages(reader, draft, "DELETE", source, str(target), progress)
            made = examined(draft, target, source.where)
            let_the_same(draft, source.path)
            put_in_place(draft, target, over=over)
    except FileExistsError:
        raise refused("backup-exists", str(target)) from None
    except OSError as error:
        raise refused(ERRNO.get(error.errno or 0, "backup-unreachable"), str(target)) from error
    return made


def file_of(url: str) -> Sqlite:
    """The store's own file, where links to it lead. Refused: backup-server."""
    database = database_at(url)
    if not isinstance(database, Sqlite):
        raise refused("backup-server", database.where)
    return Sqlite(Path(os.path.realpath(database.path)))


def _check_target(source: Sqlite, target: Path, over: bool) -> None:
    if not target.parent.is_dir():
        raise refused("backup-folder", str(target.parent))
    if any(same_file(target, Path(f"{source.path}{suffix}")) for suffix in BESIDE):
        raise refused("backup-itself", str(target))
    if any(Path(f"{target}{suffix}").exists() for suffix in BESIDE[1:]):
        # A log beside a file belongs to it: SQLite would play it into the backup.
        raise refused("backup-in-use", str(target))
    if target.exists() and not (over and target.is_file()):
        raise refused("backup-exists", str(target))


def same_file(one: Path, other: Path) -> bool:
    """Whether two names are those of one file."""
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False


def reader_of(source: Sqlite, mode: str = "rw") -> sqlite3.Connection:
    """A connection to a file that is copied."""
    try:
        return source.connect(write=False, mode=mode)
    except sqlite3.Error as error:
        raise source.refusal(error) from error


def copy_pages(
    reader: sqlite3.Connection, draft: Path, mode: str, source: Sqlite, target: str, progress: Progress | None
) -> None:
    """Every page of what `reader` sees now into a draft, synced piece by piece, to be opened in that journal mode."""
    sync = getattr(os, "fdatasync", os.fsync)  # macOS has only the latter
    try:
        with draft.open("rb+") as file, closing(sqlite3.connect(draft, isolation_level=None)) as writer:
            # A draft that is not finished is thrown away: it needs no log of its own.
            writer.execute("PRAGMA journal_mode = OFF")
            writer.execute("PRAGMA synchronous = OFF")

            def synced(_: int, left: int, pages: int) -> None:
                sync(file.fileno())
                if progress is not None and pages:
                    progress(COPIED, 100 * (pages - left) // pages)

            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            reader.backup(writer, pages=PAGES, progress=synced)
            reader.execute("ROLLBACK")
            writer.execute(f"PRAGMA journal_mode = {mode}")
    except sqlite3.Error as error:
        where = source if getattr(error, "sqlite_errorcode", 0) in _FROM_SOURCE else Sqlite(Path(target))
        raise where.refusal(error) from error


def examined(draft: Path, file: Path, source: str) -> Backup:
    """What a copy holds, once it was opened and every page was looked at. Refused as `open_store` does, of its source."""
    try:
        with closing(open_store(str(draft))) as store, store.read() as books:
            said = books.row(_QUICK_CHECK)
            if said is None or said[0] != "ok":
                raise refused("store-damaged", source)
            found, newest = books.row(_NEWEST) or (0, None)
    except FactRefused as error:
        raise refused("store-damaged", source) from error
    except Refused as refusal:
        raise refused(refusal.code, source) from refusal
    return Backup(file, draft.stat().st_size, int(found), read_moment(newest) if newest else None)


def let_the_same(draft: Path, model: Path) -> None:
    """Who may read and write the model may do so with the draft: a backup holds as many names and phones as the store."""
    there = model.stat()
    draft.chmod(there.st_mode & 0o777)
    if hasattr(os, "chown"):
        with suppress(PermissionError):  # only root gives files away
            os.chown(draft, there.st_uid, there.st_gid)
