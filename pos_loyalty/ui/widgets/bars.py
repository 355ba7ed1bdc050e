"""Bars: one a line, what it was before told from what is new by the shade, and the numbers beside it.

█ is what was there in both periods, ▓ what is more than before, ░ what was there before and is no more: no colour says anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos_loyalty.reports.scale import Scale
from pos_loyalty.ui.widgets.drawn import GAP, Cell, Hand, Line, in_line, widest

BOTH, MORE, LESS, AXIS = "█", "▓", "░", "│"
MOST_LABEL = 26
"""Cells of a label; a longer one is cut."""
LEAST_TRACK = 6
"""Cells: a narrower bar says nothing, and gives its place to the words."""
MOST_TRACK = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `now` and `before` are what it is as long as (None: there is none), the texts what stands beside it;
    `said` stands in the place of a bar that nothing can be told of yet.
    """

    label: str
    now: int | None
    before: int | None
    texts: tuple[str, str, str]
    said: str = ""


def track(now: int | None, before: int | None, scale: Scale, width: int) -> str:
    """The bar alone, exactly `width` cells; where values below nothing are about, an axis stands where nothing is."""
    zero = scale.at(0, width)
    first, second = _span(now, zero, scale, width), _span(before, zero, scale, width)
    cells = [
        BOTH if at in first and at in second else MORE if at in first else LESS if at in second else " "
        for at in range(width)
    ]
    if before is None:
        cells = [BOTH if cell == MORE else cell for cell in cells]
    if scale.low < 0 and zero < width and cells[zero] == " ":
        cells[zero] = AXIS
    return "".join(cells)


def _span(value: int | None, zero: int, scale: Scale, width: int) -> range:
    if not value:
        return range(0)
    place = scale.at(value, width)
    return range(min(zero, place), max(zero, place))


@dataclass(frozen=True, slots=True)
class Widths:
    """How wide the columns are, so that bars of several figures stand below each other."""

    label: int
    texts: tuple[int, int, int]

    @classmethod
    def of(cls, bars: Sequence[Bar], titles: tuple[str, str, str] = ("", "", "")) -> Widths:
        """As wide as the widest of each."""
        now, before, change = (widest([titles[n], *(bar.texts[n] for bar in bars)]) for n in range(3))
        return cls(widest((bar.label for bar in bars), MOST_LABEL), (now, before, change))

    def track(self, width: int) -> int:
        """What they leave for the bars; 0 where that would be too little."""
        taken = 2 + self.label + sum(self.texts) + 4 * len(GAP)
        left = min(width - taken, MOST_TRACK)
        return left if left >= LEAST_TRACK else 0

    def label_room(self, width: int) -> int:
        """The cells of a label: fewer than it wants where even without bars there are too few."""
        spare = width - 2 - self.label - sum(self.texts) - 3 * len(GAP)
        return self.label + min(spare, 0)

    def lead(self, width: int) -> int:
        """The cells before the numbers: the label's and the bar's."""
        room = self.track(width)
        return 2 + self.label + len(GAP) + room if room else 2 + self.label_room(width)

    def line(self, label: str, drawn: str, texts: tuple[str, str, str], width: int, hand: Hand, said: str = "") -> str:
        """One line of these columns; nothing drawn leaves its place to the label; what is `said` takes that of bar and value."""
        room = self.track(width)
        if said:
            place = room + len(GAP) + self.texts[0] if room else widest((said,))
            cells = [Cell(f"  {label}", self.lead(width) + len(GAP) + self.texts[0] - place - len(GAP))]
            cells.append(Cell(said, place, end=True))
            cells += [Cell(text, wide, end=True) for text, wide in zip(texts[1:], self.texts[1:], strict=True)]
            return in_line(cells, width, hand)
        if room and drawn:
            cells = [Cell(f"  {label}", self.label + 2), Cell(drawn.ljust(room), room, kind="drawing")]
        else:
            cells = [Cell(f"  {label}", self.lead(width))]
        cells += [Cell(text, wide, end=True) for text, wide in zip(texts, self.texts, strict=True)]
        return in_line(cells, width, hand)


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one figure, on one scale; `widths` are those of the whole page."""

    bars: tuple[Bar, ...]
    widths: Widths
    scale: Scale

    def lines(self, width: int, hand: Hand) -> list[Line]:
        """A line a bar."""
        room = self.widths.track(width)
        return [
            Line(
                self.widths.line(
                    bar.label,
                    track(bar.now, bar.before, self.scale, room) if room else "",
                    bar.texts,
                    width,
                    hand,
                    bar.said,
                )
            )
            for bar in self.bars
        ]


@dataclass(frozen=True, slots=True)
class Heads:
    """The titles of the columns of numbers, and before them, in the place of labels and bars, what the shades mean."""

    legend: str
    titles: tuple[str, str, str]
    widths: Widths

    def lines(self, width: int, hand: Hand) -> list[Line]:
        """One line."""
        return [Line(self.widths.line(self.legend, "", self.titles, width, hand), "head")]
