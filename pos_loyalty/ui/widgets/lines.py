"""A line over months, drawn as columns of eighths of a cell, with the months below it and the most and the least beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from pos_loyalty.reports.scale import Scale
from pos_loyalty.ui.widgets.drawn import Cell, Hand, Line, in_columns, in_line, widest

EIGHTHS = " ▁▂▃▄▅▆▇█"
MISSING = "·"
"""Stands where there is nothing to say of a month."""
HEIGHT = 4
MOST_WIDE = 9
"""Cells of one month."""


def columns(values: Sequence[int | None], height: int, wide: int) -> list[str]:
    """Columns `wide` cells each (the last of them blank where there are more than two), from the top line to the bottom one.

    Where values are below nothing the columns hang from a line where nothing is; what is not nothing is seen.
    """
    scale = Scale.of(values)
    zero = scale.at(0, height)
    rows = []
    for row in range(height - 1, -1, -1):
        cells = [_cell(value, row, zero, scale, height) for value in values]
        rows.append("".join(_broad(cell, wide) for cell in cells))
    return rows


def _broad(cell: str, wide: int) -> str:
    if cell == MISSING:
        return cell.center(wide)
    return cell * wide if wide <= 2 else cell * (wide - 1) + " "


def _cell(value: int | None, row: int, zero: int, scale: Scale, height: int) -> str:
    """What a column has in one row (0 is the lowest); `zero` is the row that begins where nothing is."""
    if value is None:
        return MISSING if row == min(zero, height - 1) else " "
    if value >= 0:
        top = Scale(0, scale.high).at(value, (height - zero) * 8) if value else 0
        return EIGHTHS[min(max(top - (row - zero) * 8, 0), 8)] if row >= zero else " "
    depth = Scale(0, -scale.low).at(-value, zero * 2)
    return (" ", "▀", "█")[min(max(depth - (zero - 1 - row) * 2, 0), 2)] if row < zero else " "


def sparkline(values: Sequence[int | None]) -> str:
    """The same in one line, a cell a month."""
    return columns(values, 1, 1)[0] if values else ""


@dataclass(frozen=True, slots=True)
class Lines:
    """One figure over months: each month's value (None: nothing to say), `texts` as it is written, `most` and `least` beside it."""

    months: tuple[str, ...]
    values: tuple[int | None, ...]
    texts: tuple[str, ...]
    most: str = ""
    least: str = ""
    height: int = HEIGHT

    def lines(self, width: int, hand: Hand) -> list[Line]:
        """The columns, the months, and what each comes to where there is room for that; the oldest months give way."""
        side = widest((self.most, self.least), max(width // 4, 1))
        room = max(width - side - 5, 1)
        wide = min(room // max(len(self.months), 1), MOST_WIDE)
        start = 0
        if wide == 0:
            start, wide = len(self.months) - room, 1
        months, values, texts = self.months[start:], self.values[start:], self.texts[start:]
        drawn = columns(values, self.height, wide)
        sides = [self.most, *[""] * (self.height - 2), self.least]
        found = [
            self._line(beside, Cell(f"│{row}", len(row) + 1, kind="drawing"), side, width, hand)
            for beside, row in zip(sides, drawn, strict=True)
        ]
        foot = "└" + "─" * len(drawn[0])
        found.append(self._line("", Cell(foot, len(foot), kind="drawing"), side, width, hand))
        found.append(self._below(_months(months, wide), side, width, hand, "dim"))
        if all(cell_len(text) < wide for text in texts):
            found.append(self._below((texts, wide), side, width, hand))
        return found

    def _line(self, beside: str, drawn: Cell, side: int, width: int, hand: Hand, style: str = "") -> Line:
        return Line(in_line([Cell(f"  {beside}", side + 2, end=True), drawn], width, hand), style)

    def _below(self, words: tuple[Sequence[str], int], side: int, width: int, hand: Hand, style: str = "") -> Line:
        cell = in_columns(*words, hand)
        axis = f"{cell.text} " if hand.mirrored else f" {cell.text}"
        return self._line("", Cell(axis, cell.width + 1, kind="painted"), side, width, hand, style)


def _months(months: Sequence[str], wide: int) -> tuple[Sequence[str], int]:
    """The months below their columns: what there is room for, or only the first and the last; and how wide each is."""
    if wide >= 8:
        return months, wide
    if wide >= 3:
        return [month[5:] for month in months], wide
    span = len(months) * wide
    if span >= 16:
        return [months[0], months[-1].rjust(span // 2)], span // 2
    return months[-1:], span
