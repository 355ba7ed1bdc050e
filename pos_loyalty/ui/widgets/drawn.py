"""Drawings of figures as lines of cells: what all of them are made of, in both directions of reading.

Nothing here knows of a screen: a drawing is laid out for a width, and every line that it answers with is exactly that wide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from rich.cells import cell_len

from pos_loyalty.ui.direction import Mode
from pos_loyalty.ui.widgets.cells import placed, plain, wrapped

GAP = "  "
"""Between columns."""


@dataclass(frozen=True, slots=True)
class Hand:
    """How a reader's words are painted: who puts them in order, and whether reading starts at the right."""

    mode: Mode = "off"
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One painted line, and its kind: a component class of `Drawn`."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in so many cells, at the start of their column or at its `end`. A `drawing` is no words and is turned as a whole where
    reading starts at the right; `painted` ones stand as they are.
    """

    text: str
    width: int
    end: bool = False
    kind: Literal["words", "drawing", "painted"] = "words"


class Laid(Protocol):
    """Anything that can be laid out."""

    def lines(self, width: int, hand: Hand) -> list[Line]:
        """Its lines, each exactly `width` cells."""
        ...


def in_line(cells: Iterable[Cell], width: int, hand: Hand) -> str:
    """Cells beside each other as one line of exactly `width` cells."""
    parts = [_placed(cell, hand) for cell in cells]
    text = GAP.join(reversed(parts) if hand.mirrored else parts)
    return placed(text, width, "off", end=hand.mirrored)


def _placed(cell: Cell, hand: Hand) -> str:
    if cell.kind != "words":
        return mirror(cell.text) if hand.mirrored and cell.kind == "drawing" else cell.text
    words = plain(cell.text)
    indent = len(words) - len(words.lstrip(" ")) if words.strip() else 0
    room = max(cell.width - indent, 0)
    text = placed(words.lstrip(" "), room, hand.mode, end=cell.end or hand.mirrored, mirrored=hand.mirrored)
    blank = " " * (cell.width - room)
    return f"{text}{blank}" if hand.mirrored else f"{blank}{text}"


_TURNED = str.maketrans("▏▎▍▌├┤└┘╶╴", "▕▕▐▐┤├┘└╴╶")


def mirror(drawing: str) -> str:
    """A line of a drawing as whoever reads from the right sees it."""
    return drawing[::-1].translate(_TURNED)


def widest(texts: Iterable[str], most: int = 10_000) -> int:
    """The cells that the longest of some words takes, `most` at most."""
    return min(max((cell_len(text) for text in texts), default=0), most)


@dataclass(frozen=True, slots=True)
class Texts:
    """Words in lines of their own, after `indent` blank cells; broken into as many lines as they need if they `wrap`."""

    texts: Sequence[str]
    style: str = ""
    indent: int = 2
    wrap: bool = False

    def lines(self, width: int, hand: Hand) -> list[Line]:
        """A line each, cut where it is too long for one."""
        blank = " " * self.indent
        room = max(width - self.indent, 1)
        texts = [part for text in self.texts for part in (wrapped(plain(text), room) if self.wrap else [text])]
        return [Line(in_line([Cell(f"{blank}{text}", width)], width, hand), self.style) for text in texts]


@dataclass(frozen=True, slots=True)
class Columns:
    """One line of a table: words in columns whose widths are given, the first giving way; `ends` stand at their end."""

    texts: Sequence[str]
    widths: Sequence[int]
    ends: Sequence[bool]
    style: str = ""

    def lines(self, width: int, hand: Hand) -> list[Line]:
        """One line."""
        spare = width - 2 - sum(self.widths) - len(GAP) * (len(self.widths) - 1)
        widths = [max(self.widths[0] + min(spare, 0), 1), *self.widths[1:]]
        first, *rest = [
            Cell(text, wide, end=end) for text, wide, end in zip(self.texts, widths, self.ends, strict=True)
        ]
        return [Line(in_line([Cell(f"  {first.text}", first.width + 2), *rest], width, hand), self.style)]


def in_columns(texts: Iterable[str], wide: int, hand: Hand, *, end: bool = False) -> Cell:
    """Words in columns without a gap, `wide` cells each, as they are painted."""
    parts = [placed(text, wide, hand.mode, end=end or hand.mirrored, mirrored=hand.mirrored) for text in texts]
    row = "".join(reversed(parts) if hand.mirrored else parts)
    return Cell(row, len(parts) * wide, kind="painted")
