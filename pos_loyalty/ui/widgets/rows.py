"""Lines of words with what belongs to them at the far side: the holder's panel, the sums of a bill, a receipt, the help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from pos_loyalty.ui.widgets.base import Painted
from pos_loyalty.ui.widgets.cells import filled, plain, wrapped


@dataclass(frozen=True, slots=True)
class Row:
    """Words, and at the far side what belongs to them. `style` is a component class of `Painted`; `lines` is how many lines the
    words may take before they are cut (0: as many as they need).
    """

    left: str = ""
    right: str = ""
    style: str = ""
    indent: int = 0
    lines: int = 1


class Rows(ScrollView, Painted, can_focus=False):
    """Rows that are laid out once a change, and painted line by line. `more` stands in the last line where there is no room."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"strong", "dim", "good", "warn", "bad"}

    def __init__(self, *, id: str | None = None, classes: str | None = None, more: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self._rows: tuple[Row, ...] = ()
        self._laid: list[tuple[str, str]] = []
        self._width = 0
        self._more = more

    @property
    def rows(self) -> tuple[Row, ...]:
        """What it shows."""
        return self._rows

    def show(self, rows: Iterable[Row]) -> None:
        """Show these rows; nothing is repainted where they are the same."""
        rows = tuple(rows)
        if rows == self._rows:
            return
        before = len(self._laid)
        self._rows = rows
        self._lay_out()
        if self.styles.height is not None and self.styles.height.is_auto and len(self._laid) != before:
            self.refresh(layout=True)
        else:
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the rows out anew for another width."""
        if event.size.width != self._width:
            self._lay_out()
            self.refresh(layout=bool(self.styles.height and self.styles.height.is_auto))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the rows take at this width."""
        if width != self._width:
            self._lay_out(width)
        return len(self._laid)

    def render_line(self, y: int) -> Strip:
        """One painted line."""
        width = self.size.width
        index = y + self.scroll_offset.y
        base = self.rich_style
        if index >= len(self._laid):
            return Strip.blank(width, base)
        text, name = self._laid[index]
        if self._more and y == self.size.height - 1 and index < len(self._laid) - 1:
            text, name = filled(self._more, "", width, self.mode, mirrored=self.mirrored), "dim"
        return Strip([Segment(text, base + self.style_of(name))], width).adjust_cell_length(width, base)

    def _lay_out(self, width: int | None = None) -> None:
        width = width or self.scrollable_content_region.width or self.size.width
        self._laid = []
        if width <= 0:
            return
        self._width = width
        for row in self._rows:
            self._laid += [(line, row.style) for line in self._lines(row, width)]
        self.virtual_size = Size(width, len(self._laid))

    def _lines(self, row: Row, width: int) -> list[str]:
        left, right = plain(row.left), plain(row.right)
        pad = " " * row.indent
        if row.lines == 1:
            return [filled(pad + left, right, width, self.mode, mirrored=self.mirrored)]
        room = width - row.indent - (len(right) + 1 if right else 0)
        parts = wrapped(left, room, row.lines)
        return [
            filled(pad + part, right if n == len(parts) - 1 else "", width, self.mode, mirrored=self.mirrored)
            for n, part in enumerate(parts)
        ]
