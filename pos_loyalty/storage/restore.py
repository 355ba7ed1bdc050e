"""A backup is put in a store's place: all of it or nothing, only if it verifies, and no sale is lost unasked.

The store that was there is kept beside it, and nobody has it open meanwhile: SQLite lets no one leave the write-ahead mode while
another process has the file, and lets nobody in beside one that then holds it exclusively.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from urllib.parse import quote

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.backup import Backup, copy_pages, examined, file_of, let_the_same, reader_of, same_file
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.faults import refused
from pos_loyalty.storage.findings import Progress
from pos_loyalty.storage.placing import BESIDE, ERRNO, draft_beside, give_name, make_folder, put_in_place
from pos_loyalty.storage.sqlite import Sqlite, sync_folder
from pos_loyalty.storage.tables import cards, catalogue, entries, members, revisions, suspended
from pos_loyalty.storage.verify import verify_store

# What was written down without an entry of the journal; all else follows from the entries.
_OTHERS = (revisions, cards, members, catalogue, suspended)


def restore_store(
    url: str, file: Path, now: datetime, *, force: bool = False, progress: Progress | None = None
) -> Backup:
    """Put a backup in the store's place, all of it or nothing; the store that was there stays beside it, under another name.

    `force`: even if the store holds what the backup lacks, or cannot be read. Refused: backup-server, -missing, -itself, -faulty
    (what `verify_store` finds), store-open (another process has it), store-ahead, store-unreadable, and as `open_store` does.
    """
    database = file_of(url)
    source = Sqlite(Path(os.path.realpath(file)))
    if not source.path.exists():
        raise refused("backup-missing", source.where)
    source.check_there()
    if same_file(source.path, database.path):
        raise refused("backup-itself", source.where)
    try:
        make_folder(database.path.parent)
        mode = 0o600 if database.path.exists() else 0o666
        with draft_beside(database.path, mode) as draft, _held(database, source, force) as holder:
            with closing(reader_of(source, _reading(source.path))) as reader:
                copy_pages(reader, draft, "WAL", source, database.where, progress)
            _prove(draft, source, progress)
            found = examined(draft, source.path, source.where)
            if holder is not None and not force:
                _check_nothing_lost(holder, draft, database, source)
            kept = _set_aside(database.path, now, alone=holder is not None)
            if kept is not None:
                let_the_same(draft, kept)
            put_in_place(draft, database.path, over=kept is not None)
    except FileExistsError:
        raise refused("store-exists", database.where) from None
    except OSError as error:
        raise refused(ERRNO.get(error.errno or 0, "store-unreachable"), database.where) from error
    return replace(found, kept=kept)


def _reading(path: Path) -> str:
    """How to open a file that only is read: one without a log is nobody's, and can be read where nothing can be written."""
    return "ro" if any(Path(f"{path}{suffix}").exists() for suffix in ("-wal", "-journal")) else "ro&immutable=1"


@contextmanager
def _held(database: Sqlite, source: Sqlite, force: bool) -> Iterator[sqlite3.Connection | None]:
    """The store that is there, kept from everyone else, with all of its log in its file; None if there is none that can be read."""
    if not database.path.exists():
        yield None
        return
    there = database.path.stat()
    try:
        holder = _exclusive(database)
    except Refused as refusal:
        if refusal.code not in ("store-damaged", "store-unknown"):
            raise
        if not force:
            raise _unreadable(database, source) from refusal
        yield None
        return
    with closing(holder):
        try:
            yield holder
        finally:
            # Not a file that no longer has the store's name: the log would be made beside the one that has.
            with suppress(OSError, sqlite3.Error):
                if os.path.samestat(there, database.path.stat()):
                    holder.execute("PRAGMA main.locking_mode = NORMAL")
                    holder.execute("PRAGMA main.journal_mode = WAL")


def _exclusive(database: Sqlite) -> sqlite3.Connection:
    """A connection that nobody else's stands beside. Refused: store-open, and as `open_store` does."""
    database.check_there()
    try:
        holder = database.connect(write=True)
        try:
            holder.execute("PRAGMA main.locking_mode = EXCLUSIVE")
            (mode,) = holder.execute("PRAGMA main.journal_mode = DELETE").fetchone()
            if mode != "delete":
                raise refused("store-open", database.where)
            holder.execute("BEGIN EXCLUSIVE")
            holder.execute("COMMIT")  # in this locking mode the lock stays until the connection ends
        except BaseException:
            holder.close()
            raise
    except sqlite3.Error as error:
        refusal = database.refusal(error)
        if isinstance(refusal, Refused) and refusal.code == "store-busy":
            raise refused("store-open", database.where) from error
        raise refusal from error
    return holder


def _prove(draft: Path, source: Sqlite, progress: Progress | None) -> None:
    """Derive everything in a copy anew from its facts. Refused with backup-faulty, or as `open_store` does, of the source."""
    try:
        with closing(open_store(str(draft))) as store:
            faults = verify_store(store, progress).faults
    except Refused as refusal:
        raise refused(refusal.code, source.where) from refusal
    if faults:
        raise Refused(
            "backup-faulty",
            Message(
                N_(
                    "{file} does not verify, so it is not put in place: take an older backup. Faults: {count}, the first at "
                    "{place}: {what}"
                ),
                file=source.where,
                count=len(faults),
                place=faults[0].place,
                what=faults[0].what,
            ),
        )


def _check_nothing_lost(holder: sqlite3.Connection, draft: Path, database: Sqlite, source: Sqlite) -> None:
    try:
        holder.execute("ATTACH ? AS backup", (f"file:{quote(os.fsencode(draft))}?immutable=1",))
        lost = _lacking(holder, entries.name, ("id", "hash"))
        others = sum(_lacking(holder, table.name, tuple(table.columns.keys())) for table in _OTHERS)
        holder.execute("DETACH backup")
    except sqlite3.Error as error:
        raise _unreadable(database, source) from error
    if lost or others:
        raise Refused(
            "store-ahead",
            Message(
                N_(
                    "The store at {where} holds what {file} lacks (entries of the journal: {lost}; cards, holders, goods, rules "
                    "and suspended bills: {others}). Say --force to go back all the same; the store is kept under another name."
                ),
                where=database.where,
                file=source.where,
                lost=lost,
                others=others,
            ),
        )


def _lacking(holder: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> int:
    """How many rows of the store's table are not in the backup just so."""
    same = " AND ".join(f"b.{column} IS a.{column}" for column in columns)
    (count,) = holder.execute(
        f"SELECT count(*) FROM main.{table} a WHERE NOT EXISTS (SELECT 1 FROM backup.{table} b WHERE {same})"  # noqa: S608 - names of our own tables
    ).fetchone()
    return int(count)


def _unreadable(database: Sqlite, source: Sqlite) -> Refused:
    return Refused(
        "store-unreadable",
        Message(
            N_(
                "What stands at {where} cannot be read, so nobody can say what it holds that {file} lacks. Say --force to put the "
                "backup there all the same; what is there now is kept under another name."
            ),
            where=database.where,
            file=source.where,
        ),
    )


def _set_aside(place: Path, now: datetime, *, alone: bool) -> Path | None:
    """Give what stands at a place a second name, which stays to it; where, or None if nothing stands there.

    `alone`: nothing beside it belongs to it. Else a log, even one without its store, is moved away: SQLite would play it into the
    file that comes.
    """
    plain = f"{place}.before-restore-{now:%Y%m%d-%H%M%S}"
    kept = plain
    for number in count(2):
        if not any(os.path.lexists(f"{kept}{suffix}") for suffix in BESIDE):
            break
        kept = f"{plain}-{number}"
    there = place.exists()
    if there:
        give_name(place, Path(kept))
    if not alone:
        for suffix in BESIDE[1:]:
            with suppress(FileNotFoundError):
                os.replace(f"{place}{suffix}", f"{kept}{suffix}")
    sync_folder(place)
    return Path(kept) if there else None
