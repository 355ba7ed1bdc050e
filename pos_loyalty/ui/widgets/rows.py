"""Lines of words with what belongs to them at the far side: the holder's panel, the sums of a bill, a receipt, the help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from pos_loyalty.ui.widgets.base import Painted
from pos_loyalty.ui.widgets.cells import filled, plain, wrapped


@dataclass(frozen=True, slots=True)
class Row:
    """Words, and at the far side what belongs to them. `style` is a component class of `Painted`; `lines` is how many lines the
    words may take before they are cut (0: as many as they need). `ordered` words are in the order in which they are painted.
    """

    left: str = ""
    right: str = ""
    style: str = ""
    indent: int = 0
    lines: int = 1
    ordered: bool = False


class Rows(Painted, can_focus=False):
    """Rows that are laid out once a change, and painted line by line. `more` stands in the last line where there is no room."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"strong", "dim", "good", "warn", "bad"}

    def __init__(self, *, id: str | None = None, classes: str | None = None, more: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self._rows: tuple[Row, ...] = ()
        self._laid: list[tuple[str, str]] = []
        self._wide = 0
        self._more = more

    @property
    def rows(self) -> tuple[Row, ...]:
        """What it shows."""
        return self._rows

    @property
    def overflows(self) -> bool:
        """Whether it shows more than there is room for."""
        return len(self._laid) > self.size.height

    @property
    def grows(self) -> bool:
        """Whether it is as high as what it shows."""
        return self.styles.height is not None and self.styles.height.is_auto

    def show(self, rows: Iterable[Row]) -> None:
        """Show these rows; only the lines that changed are painted anew."""
        rows = tuple(rows)
        if rows == self._rows:
            return
        before = self._seen()
        self._rows = rows
        self._lay_out(self._wide or self.size.width)
        self.laid_out(before)

    def laid_out(self, before: list[tuple[str, str]]) -> None:
        """Paint what changed; where the height follows the lines, all is laid out anew when their number changed."""
        if self.grows and len(self._laid) != len(before):
            self.refresh(layout=True)
        else:
            self.repaint(before, self._seen())

    def on_resize(self, event: events.Resize) -> None:
        """Lay the rows out anew for another width."""
        if self.size.width != self._wide:
            self._lay_out(self.size.width)
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the rows take at this width."""
        if width != self._wide:
            self._lay_out(width)
        return len(self._laid)

    def _seen(self) -> list[tuple[str, str]]:
        """The lines that there is room for."""
        height = self.size.height
        if not self._more or len(self._laid) <= height:
            return list(self._laid)
        return [*self._laid[: max(height - 1, 0)], (self._line(Row(self._more), self._wide), "dim")]

    def render_line(self, y: int) -> Strip:
        """One painted line."""
        return self.painted(self._seen(), y)

    def painted(self, lines: list[tuple[str, str]], y: int) -> Strip:
        """One of these lines, painted."""
        width = self.size.width
        if y >= len(lines):
            return Strip.blank(width, self.base)
        text, name = lines[y]
        return Strip([Segment(text, self.style_of(name))]).adjust_cell_length(width, self.base)

    def _lay_out(self, width: int) -> None:
        self._laid = []
        if width <= 0:
            return
        self._wide = width
        for row in self._rows:
            self._laid += [(line, row.style) for line in self._lines(row, width)]

    def _line(self, row: Row, width: int) -> str:
        left = " " * row.indent + plain(row.left)
        if row.ordered:
            return filled(left, "", width, "off", mirrored=False)
        return filled(left, plain(row.right), width, self.mode, mirrored=self.mirrored)

    def _lines(self, row: Row, width: int) -> list[str]:
        if row.lines == 1:
            return [self._line(row, width)]
        room = width - row.indent - (cell_len(row.right) + 1 if row.right else 0)
        *first, last = wrapped(plain(row.left), room, row.lines)
        parts = [replace(row, left=part, right="") for part in first]
        return [self._line(part, width) for part in (*parts, replace(row, left=last))]


class Page(Rows, ScrollView, can_focus=False):
    """Rows that may be longer than the screen, and are scrolled: a receipt, a holder's page, the help."""

    COMPONENT_CLASSES: ClassVar[set[str]] = Rows.COMPONENT_CLASSES

    def laid_out(self, before: list[tuple[str, str]]) -> None:
        """Their number is how far it scrolls."""
        self.virtual_size = Size(self._wide, len(self._laid))
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the rows out anew for another width, and prevent that `Rows.on_resize`, which Textual calls too, does so again."""
        event.prevent_default()
        self._lay_out(self.scrollable_content_region.width)
        self.virtual_size = Size(self._wide, len(self._laid))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Painted as Textual does it: what is kept of it must know of the scrolling."""
        return ScrollView.render_lines(self, crop)

    def render_line(self, y: int) -> Strip:
        """One painted line of those scrolled to."""
        return self.painted(self._laid, y + self.scroll_offset.y)
