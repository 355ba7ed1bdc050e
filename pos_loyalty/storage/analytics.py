"""The analytics engine: DuckDB answers the heavy questions of reports, with the very SQL that SQLite would run, on a copy.

It reads SQLite files with another build of SQLite, and two of those that open one file in one process drop each other's locks
and corrupt it. So it never sees the store: what the questions read is copied by the standard library into a file that only it
opens; and it is loaded in the process of a report alone, never in one that sells (`reports.apart`). The copy holds days, amounts
and the numbers of accounts, no names; it is gone when the report is done. It is of the moment of all else that a report reads.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text as sql

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.figure_holders import HEAVY
from pos_loyalty.storage.sqlite import Sqlite
from pos_loyalty.storage.statements import Row, Statement, Value

if TYPE_CHECKING:
    import duckdb

WORTH = 200 << 20
"""Bytes: a smaller store is asked faster than the engine is loaded."""

_TRIES = 100
"""How often the copy is begun anew because a sale came between the two readers; at a busy till a few are enough."""
_HEADS = "SELECT coalesce(sum(last_entry), 0) FROM registers"
_COPIES = (
    "CREATE TABLE copy.sales AS SELECT NULL AS id, account_id, day FROM main.sales WHERE account_id >= ''",
    # Of the others only those whose card came late: they are found by their id.
    "INSERT INTO copy.sales SELECT s.id, NULL, s.day FROM main.deeds d CROSS JOIN main.sales s ON s.id = d.sale_id",
    "CREATE TABLE copy.deeds AS SELECT account_id, sale_id FROM main.deeds WHERE sale_id IS NOT NULL",
    "CREATE TABLE copy.spends AS SELECT account_id, day, amount FROM main.spends",
    "CREATE TABLE copy.members AS SELECT account_id, referred_by FROM main.members WHERE referred_by IS NOT NULL",
    "CREATE TABLE copy.merges AS SELECT account_id, into_id FROM main.merges",
)


def installed() -> bool:
    """Whether the engine and its reader of SQLite files are there (`pip install 'pos-loyalty[analytics]'`); loads neither."""
    return find_spec("duckdb") is not None and find_spec("duckdb_extension_sqlite_scanner") is not None


def worth_it(store: Store) -> bool:
    """Whether the engine is there, can be used on this store, and is likely to be quicker than the store's own database."""
    database = store.database
    return isinstance(database, Sqlite) and installed() and database.path.stat().st_size >= WORTH


class Analysed(Books):
    """The books of one moment, whose heavy questions the engine answers."""

    __slots__ = ("_engine",)

    def __init__(self, books: Books, engine: duckdb.DuckDBPyConnection) -> None:
        super().__init__(books._cursor, books._stream, books._compiled)
        self._engine = engine

    def rows(self, statement: Statement, **values: Value) -> list[Row]:
        """All rows of a query."""
        if statement not in HEAVY:
            return super().rows(statement, **values)
        compiled = self._compiled(statement)
        found: list[Row] = self._engine.execute(compiled.sql, compiled.in_order(values)).fetchall()
        return found


@contextmanager
def analysed(store: Store) -> Iterator[Analysed]:
    """The books of a store in a file, read through the engine. Refused: engine-missing, engine-store, engine-busy, store-full."""
    database = store.database
    if not isinstance(database, Sqlite):
        raise Refused(
            "engine-store",
            Message(N_("The analytics engine reads stores in a file; leave out --engine for one on a server.")),
        )
    if not installed():
        raise Refused(
            "engine-missing",
            Message(
                N_("The analytics engine is not installed: pip install 'pos-loyalty[analytics]', or leave it out.")
            ),
        )
    # Beside the store: whoever may read that may read the copy, and what it needs is a small part of its size.
    with tempfile.TemporaryDirectory(prefix=".figures-", dir=database.path.parent) as folder:
        copy = Path(folder) / "copy.db"
        for _ in range(_TRIES):
            with closing(_copier(database, copy)) as copier, store.read() as books:
                if not _same_moment(copier, books):
                    continue
                try:
                    _fill(copier)
                except sqlite3.Error as error:
                    raise database.refusal(error) from error
                copier.close()
                with closing(_engine_on(copy)) as engine:
                    yield Analysed(books, engine)
                    return
        raise Refused(
            "engine-busy", Message(N_("The store changed without a pause: ask again, or with `--engine sqlite`."))
        )


def _copier(database: Sqlite, copy: Path) -> sqlite3.Connection:
    """A reader of the store that may write into the copy beside it, and nowhere else."""
    connection = database.connect(write=False)
    connection.execute("ATTACH ? AS copy", (str(copy),))
    connection.execute("PRAGMA copy.journal_mode = OFF")
    connection.execute("PRAGMA copy.synchronous = OFF")
    return connection


def _same_moment(copier: sqlite3.Connection, books: Books) -> bool:
    """Begin a transaction that sees what the books see: no entry was made in between."""
    copier.execute("BEGIN")
    (there,) = copier.execute(_HEADS).fetchone()
    return bool(books.rows(sql(_HEADS))[0][0] == there)


def _fill(copier: sqlite3.Connection) -> None:
    copier.execute("PRAGMA query_only = OFF")
    for statement in _COPIES:
        copier.execute(statement)
    copier.execute("COMMIT")


def _engine_on(copy: Path) -> duckdb.DuckDBPyConnection:
    """The engine with the copy before it. It may fetch nothing from anywhere, and loads its reader from where pip put it."""
    import duckdb  # noqa: PLC0415 - an optional part, and only ever in a process that does not sell

    settings: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    engine = duckdb.connect(":memory:", config=settings)
    found = find_spec("duckdb_extension_sqlite_scanner")
    places = [] if found is None else [Path(place) for place in found.submodule_search_locations or ()]
    for place in places:
        for extension in place.rglob("*.duckdb_extension"):
            engine.load_extension(str(extension))
    engine.execute("SET integer_division = true")  # as SQLite and PostgreSQL divide whole numbers
    engine.execute(f"ATTACH '{str(copy).replace(chr(39), chr(39) * 2)}' AS shop (TYPE sqlite, READ_ONLY)")
    engine.execute("USE shop")
    return engine
