"""A card as it is printed: what stands where on its face, and ten faces on a sheet of A4 with marks to cut them by.

Every place and size is a whole number of dots of the printer that the card is made for: a bar that is 1.6 dots wide is one or two,
and scanners misread it. A face knows nothing of files: pictures, SVG and PDF are made from the same marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from rich.cells import cell_len, set_cell_size

from pos_loyalty.domain.card import grouped, symbol_of
from pos_loyalty.receipt.drawing import code128_modules, starts_rtl
from pos_loyalty.receipt.layout import clean

DPIS = (203, 300)
"""Dots an inch of what prints cards: label and card printers have one of these."""
CARD = (85_600, 53_980)
"""Width and height of a card in thousandths of a millimetre: ID-1 (ISO/IEC 7810), as bank cards are."""
A4 = (210_000, 297_000)
ACROSS, DOWN = 2, 5
_GAPS = (4_000, 3_000)
_MARK, _MARK_APART, _MARK_WIDTH = 3_000, 1_000, 100

_EDGE = 5_000
_BAND = 20_000
"""The part of the tier's colour; below it all is black on white, as barcodes must be."""
_PROGRAMME, _TIER, _HOLDER, _NUMBER = (10_200, 3_000), (17_000, 2_100), (26_400, 2_000), (51_200, 1_900)
"""How far down each text stands, and how wide a letter of it is where there is room."""
_SMALLEST = 1_000
_BARS = (29_800, 16_600)
_WIDEST_MODULE = 376
"""The thinnest bar: 3 dots at 203 an inch (0.375 mm) and 4 at 300 (0.339 mm), 114 % and 103 % of an EAN's nominal size."""
_QUIET = 11
"""Thinnest bars of white on each side: what an EAN-13 needs on its left, a little more than a Code 128."""
_NARROWEST = 2
"""Dots of the thinnest bar: of one dot alone, printers make no bar that can be relied on."""

INK, PAPER = "#000000", "#ffffff"
COLOURS = ("#37474f", "#8a6d1f", "#4a2c6d", "#0d5c63", "#7b1e3a", "#1f4e8c")
"""Of the first tier, the second, and so on, where the shop has not chosen others."""


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What stands on a card: without `tier` or `holder` it goes without. `colour` is that of its upper part, as "#204060"."""

    number: str
    programme: str
    colour: str = COLOURS[0]
    tier: str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of one colour, its corner and size in dots."""

    x: int
    y: int
    width: int
    height: int
    colour: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode: "1" is a bar and "0" a gap, each `module` dots wide."""

    x: int
    y: int
    module: int
    height: int
    modules: str

    def runs(self) -> Iterator[tuple[int, int]]:
        """The bars that stand together: where each begins, and how wide it is, in dots."""
        at = 0
        for gap in self.modules.split("0"):
            if gap:
                yield self.x + at * self.module, len(gap) * self.module
            at += len(gap) + 1


Anchor: TypeAlias = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text on its baseline, a letter `cell` dots wide; `x` is its left end, middle or right end."""

    x: int
    baseline: int
    cell: int
    text: str
    anchor: Anchor
    colour: str


Mark: TypeAlias = "Area | Bars | Words"


@dataclass(frozen=True, slots=True)
class Page:
    """Paper or a card, `width` by `height` dots at `dpi` dots an inch, with what is printed on it in that order."""

    width: int
    height: int
    dpi: int
    marks: tuple[Mark, ...]


def face(card: PrintedCard, dpi: int) -> Page:
    """A card alone. ValueError where its number makes more bars than a card has room for."""
    width, height = (dots(side, dpi) for side in CARD)
    edge, room = dots(_EDGE, dpi), width - 2 * dots(_EDGE, dpi)
    ink = INK if _is_light(card.colour) else PAPER
    marks: list[Mark] = [
        Area(0, 0, width, height, PAPER),
        Area(0, 0, width, dots(_BAND, dpi), card.colour),
    ]
    for text, (down, cell), colour in (
        (card.programme, _PROGRAMME, ink),
        (card.tier, _TIER, ink),
        (card.holder, _HOLDER, INK),
    ):
        if text:
            marks.append(_line(text, edge, room, dots(down, dpi), dots(cell, dpi), dots(_SMALLEST, dpi), colour))
    modules = modules_of(card.number)
    module = module_of(modules, dpi)
    if module < _NARROWEST:
        raise ValueError(card.number)
    top, tall = (dots(one, dpi) for one in _BARS)
    marks.append(Bars((width - len(modules) * module) // 2, top, module, tall, modules))
    digits = grouped(card.number)
    cell = min(dots(_NUMBER[1], dpi), room // len(digits))
    marks.append(Words(width // 2, dots(_NUMBER[0], dpi), cell, digits, "middle", INK))
    return Page(width, height, dpi, tuple(marks))


def sheets(cards: Sequence[PrintedCard], dpi: int) -> Iterator[Page]:
    """The cards on sheets of A4, ten a sheet, row by row. ValueError as `face`."""
    wide, high = (dots(side, dpi) for side in CARD)
    width, height = (dots(side, dpi) for side in A4)
    gap, gap_down = (dots(gap, dpi) for gap in _GAPS)
    columns = [(width - ACROSS * wide - (ACROSS - 1) * gap) // 2 + n * (wide + gap) for n in range(ACROSS)]
    rows = [(height - DOWN * high - (DOWN - 1) * gap_down) // 2 + n * (high + gap_down) for n in range(DOWN)]
    cuts = tuple(_cuts(columns, rows, wide, high, dpi))
    for first in range(0, len(cards), ACROSS * DOWN):
        marks: list[Mark] = [Area(0, 0, width, height, PAPER), *cuts]
        for index, card in enumerate(cards[first : first + ACROSS * DOWN]):
            x, y = columns[index % ACROSS], rows[index // ACROSS]
            marks += (_moved(mark, x, y) for mark in face(card, dpi).marks)
        yield Page(width, height, dpi, tuple(marks))


def _cuts(columns: Sequence[int], rows: Sequence[int], wide: int, high: int, dpi: int) -> Iterator[Area]:
    """Short lines outside the cards, in line with each of their edges."""
    long, apart, thin = (dots(length, dpi) for length in (_MARK, _MARK_APART, _MARK_WIDTH))
    above, below = rows[0] - apart - long, rows[-1] + high + apart
    before, behind = columns[0] - apart - long, columns[-1] + wide + apart
    for x in (edge for left in columns for edge in (left, left + wide)):
        yield Area(x, above, thin, long, INK)
        yield Area(x, below, thin, long, INK)
    for y in (edge for top in rows for edge in (top, top + high)):
        yield Area(before, y, long, thin, INK)
        yield Area(behind, y, long, thin, INK)


def dots(thousandths: int, dpi: int) -> int:
    """A length in thousandths of a millimetre as whole dots, to the nearest."""
    return (thousandths * dpi + 12_700) // 25_400


def modules_of(number: str) -> str:
    """The bars of a card number. ValueError for an EAN-13 whose check digit is wrong, which the library would silently mend."""
    if symbol_of(number) == "code-128":
        return code128_modules(number)
    from barcode.ean import EAN13  # noqa: PLC0415 - only where a card is printed

    ean = EAN13(number)
    if ean.get_fullcode() != number:
        raise ValueError(number)
    return str(ean.build()[0])


def module_of(modules: str, dpi: int) -> int:
    """How many dots the thinnest bar takes, so that the code and its white sides fit on a card."""
    return min(dpi * _WIDEST_MODULE // 25_400, dots(CARD[0], dpi) // (len(modules) + 2 * _QUIET))


def _line(text: str, edge: int, room: int, baseline: int, cell: int, smallest: int, colour: str) -> Words:
    """A text from the side where it is begun to be read, smaller where it is long, and cut where it would be too small to read."""
    shown = clean(text).strip()
    if cell_len(shown) * smallest > room:
        shown = set_cell_size(shown, room // smallest - 1).rstrip() + "…"
    cell = min(cell, room // max(cell_len(shown), 1))
    if starts_rtl(shown):
        return Words(edge + room, baseline, cell, shown, "right", colour)
    return Words(edge, baseline, cell, shown, "left", colour)


def _moved(mark: Mark, x: int, y: int) -> Mark:
    if isinstance(mark, Words):
        return replace(mark, x=mark.x + x, baseline=mark.baseline + y)
    return replace(mark, x=mark.x + x, y=mark.y + y)


def _is_light(colour: str) -> bool:
    """Whether black is read better on a colour than white: its brightness as television weighs it (ITU-R BT.601)."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 299 * red + 587 * green + 114 * blue > 150_000
