"""A receipt as data: rows in reading order, in one language, that know nothing of paper.

Text, printer bytes and picture are all made from these rows through `layout`, so they cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Shop:
    """Whose receipt it is: what stands at its head and foot, as the shop writes it."""

    name: str
    address: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Words, and at the far side what belongs to them (mostly an amount). `indent` is in cells; `large` is twice the size."""

    left: str
    right: str = ""
    align: Literal["start", "center"] = "start"
    emphasis: bool = False
    large: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class Table:
    """Two columns or more: the first starts the line, the others are aligned at their ends."""

    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Barcode:
    """A Code 128 of printable ASCII, with its text below."""

    code: str


Row: TypeAlias = "Text | Rule | Gap | Table | Barcode"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Rows in reading order; `rtl` when they are read from right to left."""

    rows: tuple[Row, ...]
    rtl: bool = False
