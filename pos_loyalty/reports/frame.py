"""What a report is: a title, columns that each say what they count, and a function that reads its rows.

A row is a tuple of plain values, one a column. How they are written is for whoever shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from pos_loyalty.storage.books import Books

Cell: TypeAlias = str | int | date | None
Kind: TypeAlias = Literal["text", "money", "count", "day"]
"""What a column holds: money is minor units of the programme's currency."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` is its key for programs, `title` and `meaning` are for people (templates to translate)."""

    name: str
    title: str
    meaning: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Period:
    """Business days, both included."""

    first: date = date.min
    last: date = date.max


@dataclass(frozen=True, slots=True)
class Report:
    """A question of the owner's, and how it is answered from the books."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Books, Period], Sequence[tuple[Cell, ...]]]
