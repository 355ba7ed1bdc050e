"""A confidence interval as a bar: ├──●──┤ from at least to at most, the measured value on it, and a line where nothing is."""

from __future__ import annotations

from dataclasses import dataclass

from pos_loyalty.reports.scale import Scale
from pos_loyalty.ui.widgets.bars import LEAST_TRACK, MOST_LABEL, MOST_TRACK
from pos_loyalty.ui.widgets.drawn import GAP, Cell, Hand, Line, in_line, widest

AXIS, POINT = "│", "●"


def interval(low: int, value: int, high: int, scale: Scale, width: int) -> str:
    """The interval on a scale, exactly `width` cells; the axis is seen where it is not crossed, and ┼ where it is."""
    if width <= 0:
        return ""
    first, place, last = (min(scale.at(at, width - 1), width - 1) for at in (low, value, high))
    zero = min(scale.at(0, width - 1), width - 1)
    cells = [" "] * width
    cells[zero] = AXIS
    for at in range(first, last + 1):
        cells[at] = "┼" if at == zero and first < zero < last else "─"
    if first < last:
        cells[first], cells[last] = "├", "┤"
    cells[place] = POINT
    return "".join(cells)


def nothing_told(scale: Scale, width: int) -> str:
    """The same line of a value that cannot be told yet: dots, and the axis."""
    zero = min(scale.at(0, width - 1), width - 1)
    return "".join(AXIS if at == zero else "·" for at in range(width))


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval: its bounds as low, value, high (None: it cannot be told yet), and what it says in words."""

    label: str
    bounds: tuple[int, int, int] | None
    text: str


@dataclass(frozen=True, slots=True)
class Intervals:
    """Intervals below each other on one scale."""

    rows: tuple[Interval, ...]
    scale: Scale

    def lines(self, width: int, hand: Hand) -> list[Line]:
        """A line an interval; the words are whole, the drawing has what is left."""
        label = widest((row.label for row in self.rows), MOST_LABEL)
        words = min(widest(row.text for row in self.rows), max(width - label - 6, 1))
        room = min(width - 2 - label - words - 2 * len(GAP), MOST_TRACK)
        found = []
        for row in self.rows:
            cells = [Cell(f"  {row.label}", label + 2)] if label else [Cell("", 2)]
            if room >= LEAST_TRACK:
                drawn = interval(*row.bounds, self.scale, room) if row.bounds else nothing_told(self.scale, room)
                cells.append(Cell(drawn, room, kind="drawing"))
            cells.append(Cell(row.text, words))
            found.append(Line(in_line(cells, width, hand)))
        return found
