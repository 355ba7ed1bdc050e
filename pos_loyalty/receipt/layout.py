"""Rows laid out in columns of cells: nothing is ever wider than the paper, and nothing is left out to make it fit.

A cell is what one Latin letter takes; combining marks take none, CJK takes two. Names wrap between words, or inside one that is too
long; an amount stands at the far side of the last line of its words. A no-break space holds an amount together and is a plain space
on paper.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rich.cells import cell_len, chop_cells

from pos_loyalty.receipt.rows import Barcode, Gap, Receipt, Row, Rule, Table, Text

MIN_COLUMNS = 16
"""Fewer than that is no receipt paper; wide lines on 32 columns are this wide."""
_SHORTEST_LABEL = 8
"""A label is not squeezed into fewer cells than this beside what belongs to it."""
_NO_BREAK = str.maketrans("\u00a0\u202f\u2007", "   ")
# Kept although their category is Cf: they shape Arabic, Persian and emoji.
_JOINERS = frozenset("\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that starts in cell `start` (from the side where reading starts) and takes `width` cells."""

    start: int
    text: str
    width: int


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of paper, `columns` cells of its own size: a `large` line has half as many, each twice as wide and high."""

    pieces: tuple[Piece, ...]
    columns: int
    emphasis: bool = False
    large: bool = False

    def in_order(self) -> str:
        """The line in reading order, its pieces spaced apart, without spaces at its end."""
        return _joined(self.pieces)

    def from_left(self, rtl: bool) -> tuple[Piece, ...]:
        """The pieces as they stand on paper, counted from the left: a right-to-left receipt is mirrored."""
        if not rtl:
            return self.pieces
        return tuple(
            Piece(self.columns - piece.start - piece.width, piece.text, piece.width) for piece in reversed(self.pieces)
        )


Laid: TypeAlias = "PaperLine | Barcode"


def lay_out(receipt: Receipt, columns: int, *, large: bool = True) -> tuple[Laid, ...]:
    """The lines of a receipt on paper of so many columns; without `large` all lines have the one size.

    ValueError for paper of fewer than MIN_COLUMNS.
    """
    check_columns(columns)
    return tuple(line for row in receipt.rows for line in _kept(row, columns, large))


def check_columns(columns: int) -> None:
    """ValueError for paper of fewer than MIN_COLUMNS."""
    if columns < MIN_COLUMNS:
        raise ValueError(f"{columns} columns are fewer than the {MIN_COLUMNS} that a receipt needs")


def lay_out_row(row: Row, columns: int, large: bool) -> tuple[Laid, ...]:
    """The lines of one row, as `lay_out` has them."""
    match row:
        case Text():
            return _text(row, columns, large)
        case Table():
            return tuple(_table(row, columns))
        case Rule():
            return (PaperLine((Piece(0, "-" * columns, columns),), columns),)
        case Gap():
            return (PaperLine((), columns),)
        case Barcode():
            return (row,)


# Most rows of a receipt stood on the one before it too: the shop, the cashier, the goods that sell.
_kept = lru_cache(maxsize=512)(lay_out_row)


def caption(barcode: Barcode, columns: int) -> tuple[PaperLine, ...]:
    """What stands below a barcode: its text, for who has to type it."""
    return _text(Text(barcode.code, align="center"), columns, large=False)


def joined_from_left(line: PaperLine, rtl: bool) -> str:
    """The line as its characters stand on paper, from the left."""
    return _joined(line.from_left(rtl))


@lru_cache(maxsize=1024)
def clean(text: str) -> str:
    """A text that paper can hold: composed, on one line, without control codes and marks of direction.

    What a shop or a holder typed must not be able to command the printer.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_clean_character, unicodedata.normalize("NFC", text)))


def _clean_character(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp" | "Zs":
            return character if character in "\u00a0\u202f\u2007" else " "
        case "Cf":
            return character if character in _JOINERS else ""
        case "Cs":
            return "\ufffd"
        case _:
            return character


def _cells(text: str) -> int:
    """The cells that a clean text takes."""
    return len(text) if text.isascii() else cell_len(text)


def _text(row: Text, columns: int, large: bool) -> tuple[PaperLine, ...]:
    left, right = clean(row.left), clean(row.right)
    is_large = row.large and large and columns // 2 >= max(_cells(right), _SHORTEST_LABEL)
    width = columns // 2 if is_large else columns
    laid = _center(left, width) if row.align == "center" else _pair(left, right, width, row.indent)
    return tuple(PaperLine(pieces, width, row.emphasis, is_large) for pieces in laid)


def _center(text: str, width: int) -> list[tuple[Piece, ...]]:
    return [(_piece((width - _cells(line)) // 2, line),) for line in wrap(text, width)]


def _pair(left: str, right: str, width: int, indent: int) -> list[tuple[Piece, ...]]:
    """Words, and at the far side of their last line what belongs to them; below them where there is no room beside."""
    room = width - indent - (_cells(right) + 1 if right else 0)
    beside = room >= min(_SHORTEST_LABEL, _cells(left))
    lines = wrap(left, room if beside else width - indent)
    found: list[tuple[Piece, ...]] = [(_piece(indent, line),) for line in (lines[:-1] if beside else lines)]
    if beside:
        last = (_piece(indent, lines[-1]),) if lines[-1] else ()
        found.append((*last, _ending(width, right)) if right else last)
    else:
        found.extend((_ending(width, line),) for line in wrap(right, width))
    return found


def _table(table: Table, columns: int) -> Iterator[PaperLine]:
    lines = [tuple(clean(cell) for cell in line) for line in (table.head, *table.lines)]
    widths = [max(_cells(line[i]) for line in lines) for i in range(len(table.head))]
    spare = columns - sum(widths)
    if spare < len(widths) - 1:
        # Too wide to stand side by side: each cell on a line of its own, after what its column is called.
        for line in lines[1:]:
            for name, cell in zip(lines[0], line, strict=True):
                for pieces in _pair(name, cell, columns, 0):
                    yield PaperLine(pieces, columns)
        return
    # The columns share the paper, so that amounts of both stand as far apart as they can.
    last = len(widths) - 1
    ends = [columns - sum(widths[i + 1 :]) - spare * (last - i) // last for i in range(1, last + 1)]
    for line in lines:
        cells = [_piece(0, line[0]), *map(_ending, ends, line[1:])]
        yield PaperLine(tuple(cell for cell in cells if cell.text), columns)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, one at least: broken at spaces, and inside a word only where it is longer than a line."""
    if _cells(text) <= width and "  " not in text and text == text.strip(" "):
        return [text]
    lines: list[str] = []
    line = ""
    for word in filter(None, text.split(" ")):
        longer = f"{line} {word}" if line else word
        if _cells(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = chop_cells(word, width) or [""]
        lines += full
    return [*lines, line]


def _piece(start: int, text: str) -> Piece:
    if text.isascii():
        return Piece(start, text, len(text))
    return Piece(start, text.translate(_NO_BREAK), cell_len(text))


def _ending(end: int, text: str) -> Piece:
    return _piece(end - _cells(text), text)


def _joined(pieces: tuple[Piece, ...]) -> str:
    text, at = "", 0
    for piece in pieces:
        text += " " * (piece.start - at) + piece.text
        at = piece.start + piece.width
    return text
