"""A table of cohorts: a line for those who began in a month, a column for so many months later, the share as number and shade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pos_loyalty.domain.money import MILLION, half_up
from pos_loyalty.ui.widgets.drawn import Cell, Hand, Line, in_columns, in_line, widest

SHADES = " ░▒▓█"
"""From below a tenth on, by quarters of what is most: beside the number, so that a falling shade is seen at a glance."""
WIDE, CLOSE = 5, 4
"""Cells of one column: a shade, a hundred, and a gap where there is room for it."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who began in one month: how many they are, and the share (millionths) of them by months later."""

    label: str
    size: str
    shares: Mapping[int, int | None]


def shade(share: int) -> str:
    """One cell for a share in millionths."""
    return SHADES[min(max(half_up(share * 4, MILLION), 0), 4)]


def percent(share: int | None) -> str:
    """A shade and whole percents; nothing where nothing is known."""
    return "" if share is None else f"{shade(share)}{half_up(share * 100, MILLION):>3}"


@dataclass(frozen=True, slots=True)
class CohortTable:
    """The cohorts, oldest first; `heads` are the titles of the first two columns, `later` that of the others."""

    cohorts: tuple[Cohort, ...]
    heads: tuple[str, str]
    later: str

    def lines(self, width: int, hand: Hand) -> list[Line]:
        """A title line, and a line a cohort; the months that there is no room for are left out, which is marked."""
        label = widest([self.heads[0], *(one.label for one in self.cohorts)])
        size = widest([self.heads[1], *(one.size for one in self.cohorts)])
        last = max((later for one in self.cohorts for later in one.shares), default=0)
        left = width - label - size - 9
        wide = WIDE if left >= (last + 1) * WIDE else CLOSE
        room = max(left // wide, 1)
        shown = range(min(last + 1, room))
        cut = "…" if last + 1 > room else ""
        found = [
            Line(in_line([Cell(f"  {self.later}", width)], width, hand), "dim"),
            self._line(self.heads, [f"{later:>4}" for later in shown], cut, (label, size, wide), width, hand, "head"),
        ]
        for one in self.cohorts:
            cells = [percent(one.shares.get(later)) for later in shown]
            found.append(self._line((one.label, one.size), cells, "", (label, size, wide), width, hand))
        return found

    def _line(
        self,
        begin: tuple[str, str],
        cells: list[str],
        cut: str,
        widths: tuple[int, int, int],
        width: int,
        hand: Hand,
        style: str = "",
    ) -> Line:
        first, second = begin
        columns = in_columns(cells, widths[2], Hand("off", hand.mirrored))
        line = [Cell(f"  {first}", widths[0] + 2), Cell(second, widths[1], end=True), columns, Cell(cut, 1)]
        return Line(in_line(line, width, hand), style)
