"""A page of drawings to look through: one of them is chosen, and scrolled to; longer ones are read on line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from pos_loyalty.ui.widgets.base import Painted
from pos_loyalty.ui.widgets.cells import filled
from pos_loyalty.ui.widgets.drawn import Hand, Laid, Line
from pos_loyalty.ui.widgets.table import CURSOR


@dataclass(frozen=True, slots=True)
class Block:
    """Drawings below each other. The first line of `head` is marked when the block is chosen: it begins with two blank cells."""

    head: Laid
    drawings: tuple[Laid, ...] = ()


class Charts(Painted, can_focus=False):
    """Blocks below each other. It has no keys of its own: the screen moves the choice."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"strong", "dim", "head", "cursor"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()
        self._lines: list[Line] = []
        self._heading: Laid | None = None
        self._head: list[Line] = []
        self._starts: list[int] = []
        self._top = 0
        self._cursor = 0
        self._empty = ""

    @property
    def cursor(self) -> int:
        """The chosen block, from 0."""
        return self._cursor

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return len(self._blocks)

    @property
    def page(self) -> int:
        """Lines that are seen at once."""
        return max(self.size.height - len(self._head), 1)

    def show(self, blocks: Sequence[Block], *, heading: Laid | None = None, empty: str = "") -> None:
        """Show these, the chosen one by its place. `heading` stays above them, `empty` in their place if there are none."""
        self._blocks = tuple(blocks)
        self._heading = heading
        self._empty = empty
        self.choose(self._cursor)

    def choose(self, index: int) -> None:
        """Choose a block, the nearest one where there is none such, and bring it on the screen, its title first."""
        self._cursor = max(min(index, len(self._blocks) - 1), 0)
        self._lay_out()
        self.refresh()
        if self._starts:
            start = self._starts[self._cursor]
            end = self._starts[self._cursor + 1] if self._cursor + 1 < len(self._starts) else len(self._lines)
            self._read_from(min(start, max(self._top, end - self.page)))

    def move(self, by: int) -> None:
        """Choose another one so many further down; a block longer than the screen is read on first."""
        if not self._starts:
            return
        end = self._starts[self._cursor + 1] if self._cursor + 1 < len(self._starts) else len(self._lines)
        start = self._starts[self._cursor]
        if by > 0 and self._top + self.page < end:
            self._read_from(min(self._top + self.page - 1, end - self.page))
        elif by < 0 and self._top > start:
            self._read_from(max(self._top - self.page + 1, start))
        else:
            self.choose(self._cursor + by)
            if by < 0 and self._starts[self._cursor] > self._top:
                self._read_from(self._starts[self._cursor])

    def scroll_page(self, by: int) -> None:
        """Read on by pages; the first block that begins on what is seen is chosen then."""
        self._read_from(self._top + by * max(self.page - 1, 1))
        seen = [n for n, start in enumerate(self._starts) if self._top <= start < self._top + self.page]
        if seen and self._cursor not in seen:
            self._cursor = seen[0] if by > 0 else seen[-1]
            self._lay_out()
            self.refresh()

    def _read_from(self, top: int) -> None:
        self._top = max(min(top, len(self._lines) - self.page), 0)
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Lay all out anew for another width."""
        self.choose(self._cursor)

    def _lay_out(self) -> None:
        width = self.size.width - 1  # the last cell is for the arrows
        self._lines, self._starts = [], []
        if width <= 0:
            return
        hand = Hand(self.mode, self.mirrored)
        self._head = self._heading.lines(width, hand) if self._heading else []
        for number, block in enumerate(self._blocks):
            self._starts.append(len(self._lines))
            chosen = number == self._cursor
            mark = (CURSOR if not self.mirrored else "◂") if chosen else " "
            first, *rest = block.head.lines(width, hand)
            title = f"{first.text[:-2]} {mark}" if self.mirrored else f"{mark} {first.text[2:]}"
            self._lines += [Line(title, "cursor" if chosen else "strong"), *rest]
            for drawing in block.drawings:
                self._lines += drawing.lines(width, hand)
        if not self._blocks and self._empty:
            self._lines = [Line(filled(f"  {self._empty}", "", width, self.mode, mirrored=self.mirrored), "dim")]

    def render_line(self, y: int) -> Strip:
        """One painted line of those scrolled to; the last one says whether there is more below."""
        width = self.size.width
        if y < len(self._head):
            return self._strip(self._head[y].text, " ", "head")
        y -= len(self._head)
        at = self._top + y
        if at >= len(self._lines):
            return Strip.blank(width, self.base)
        line = self._lines[at]
        more = "↓" if y == self.page - 1 and at + 1 < len(self._lines) else ("↑" if y == 0 and self._top else " ")
        return self._strip(line.text, more, line.style)

    def _strip(self, text: str, mark: str, kind: str) -> Strip:
        style = self.style_of(kind)
        text = f"{mark}{text}" if self.mirrored else f"{text}{mark}"
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)
