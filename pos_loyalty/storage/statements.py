"""Statements written with SQLAlchemy Core, compiled once a store to the SQL of its database, run on the DBAPI cursor itself.

On the path of a sale the unit of work of an ORM costs eight times the disk, and Core's own execution twice; text that was
compiled once costs a tenth. Values go in by name and come out as plain rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, Protocol, TypeAlias

from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
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


@dataclass(frozen=True, slots=True)
class Compiled:
    """The text of a statement in one database's SQL, and what puts named values into the order of its places."""

    sql: str
    in_order: Callable[[Mapping[str, Value]], tuple[Value, ...]]


def compiler(dialect: Dialect) -> Callable[[Statement], Compiled]:
    """What compiles statements for one database, each the first time that it is asked for."""

    @cache
    def compiled(statement: Statement) -> Compiled:
        result = statement.compile(dialect=dialect)
        if not isinstance(result, SQLCompiler):
            raise TypeError(f"no statement with values: {result}")
        # LIMIT and OFFSET are bound as constants whatever is written; none stands in a statement of a sale.
        constants = {name: value for name, value in result.params.items() if value is not None}
        return Compiled(str(result), _in_order(result.positiontup or (), constants))

    return compiled


def _in_order(
    names: Sequence[str], constants: Mapping[str, Value]
) -> Callable[[Mapping[str, Value]], tuple[Value, ...]]:
    if constants:
        return lambda values: tuple(constants[name] if name in constants else values[name] for name in names)
    if not names:
        return lambda values: ()
    if len(names) == 1:
        (only,) = names
        return lambda values: (values[only],)
    return itemgetter(*names)


class Transaction:
    """One transaction of a store: runs statements on its cursor. It begins and ends in `Store`, nowhere else.

    `stream` makes a cursor that brings its rows page by page instead of all at once.
    """

    __slots__ = ("_compiled", "_cursor", "_open", "_stream")

    def __init__(self, cursor: Cursor, stream: Callable[[], Cursor], compiled: Callable[[Statement], Compiled]) -> None:
        self._cursor = cursor
        self._stream = stream
        self._open: list[Cursor] = []
        self._compiled = compiled

    def rows(self, statement: Statement, **values: Value) -> list[Row]:
        """All rows of a query."""
        compiled = self._compiled(statement)
        self._cursor.execute(compiled.sql, compiled.in_order(values))
        return self._cursor.fetchall()

    def row(self, statement: Statement, **values: Value) -> Row | None:
        """The first row of a query, or None."""
        compiled = self._compiled(statement)
        self._cursor.execute(compiled.sql, compiled.in_order(values))
        row: Row | None = self._cursor.fetchone()
        return row

    def run(self, statement: Statement, **values: Value) -> int:
        """How many rows a change touched."""
        compiled = self._compiled(statement)
        self._cursor.execute(compiled.sql, compiled.in_order(values))
        return self._cursor.rowcount

    def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Value]]) -> None:
        """The same change with each of these values, as one batch."""
        compiled = self._compiled(statement)
        if len(rows) == 1:
            self._cursor.execute(compiled.sql, compiled.in_order(rows[0]))
        elif rows:
            self._cursor.executemany(compiled.sql, list(map(compiled.in_order, rows)))

    def pages(self, statement: Statement, size: int = 1_000, **values: Value) -> Iterator[Row]:
        """The rows of a long query, a thousand in memory at a time; other statements may run in between."""
        cursor = self._stream()
        self._open.append(cursor)
        try:
            compiled = self._compiled(statement)
            cursor.execute(compiled.sql, compiled.in_order(values))
            while page := cursor.fetchmany(size):
                yield from page
        finally:
            if cursor in self._open:
                self._open.remove(cursor)
                cursor.close()

    def end(self) -> None:
        """Close the queries that nobody read to their end, so that none outlives the transaction."""
        while self._open:
            self._open.pop().close()
