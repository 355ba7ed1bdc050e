"""Statements written with SQLAlchemy Core, compiled once a process to the SQL of each database, run on the DBAPI cursor itself.

On the path of a sale the unit of work of an ORM costs eight times the disk, and Core's own execution twice; text that was
compiled once costs a tenth. Values go in by name and come out as plain rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Protocol, TypeAlias

from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import CompilerElement

Statement: TypeAlias = CompilerElement
Value: TypeAlias = str | int | None
Row: TypeAlias = tuple[Any, ...]


class Cursor(Protocol):
    """What both drivers' cursors have in common, as far as the books use it."""

    @property
    def rowcount(self) -> int: ...
    def execute(self, sql: Any, values: Any = ..., /) -> object: ...
    def executemany(self, sql: Any, rows: Any, /) -> object: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def fetchmany(self, size: int, /) -> list[Any]: ...
    def close(self) -> None: ...


def compiler(dialect: Dialect) -> Callable[[Statement], str]:
    """The SQL of a statement in one dialect, each statement compiled the first time that it is asked for."""

    @cache
    def text(statement: Statement) -> str:
        compiled = statement.compile(dialect=dialect)
        bound = [name for name, value in compiled.params.items() if value is not None]
        if bound:
            raise ValueError(f"a constant must be written out (literal_column), not bound: {bound} in {compiled}")
        return str(compiled)

    return text


class Transaction:
    """One transaction of a store: runs statements on its cursor. It begins and ends in `Store`, nowhere else.

    `stream` makes a cursor that brings its rows page by page instead of all at once.
    """

    __slots__ = ("_cursor", "_stream", "_text")

    def __init__(self, cursor: Cursor, stream: Callable[[], Cursor], text: Callable[[Statement], str]) -> None:
        self._cursor = cursor
        self._stream = stream
        self._text = text

    def rows(self, statement: Statement, **values: Value) -> list[Row]:
        """All rows of a query."""
        self._cursor.execute(self._text(statement), values)
        return self._cursor.fetchall()

    def row(self, statement: Statement, **values: Value) -> Row | None:
        """The first row of a query, or None."""
        self._cursor.execute(self._text(statement), values)
        row: Row | None = self._cursor.fetchone()
        return row

    def run(self, statement: Statement, **values: Value) -> int:
        """How many rows a change touched."""
        self._cursor.execute(self._text(statement), values)
        return self._cursor.rowcount

    def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Value]]) -> None:
        """The same change with each of these values, as one batch."""
        if len(rows) == 1:
            self._cursor.execute(self._text(statement), rows[0])
        elif rows:
            self._cursor.executemany(self._text(statement), rows)

    def pages(self, statement: Statement, size: int = 1_000, **values: Value) -> Iterator[Row]:
        """The rows of a long query, a thousand in memory at a time; other statements may run in between."""
        cursor = self._stream()
        try:
            cursor.execute(self._text(statement), values)
            while page := cursor.fetchmany(size):
                yield from page
        finally:
            cursor.close()
