"""A list with columns and a chosen line: the basket, results of a search, receipts. Amounts are never cut; names give way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from pos_loyalty.ui.widgets.base import Painted
from pos_loyalty.ui.widgets.cells import elided, placed, plain

CURSOR = "▸"
"""Marks the chosen line, beside its colour."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `end` aligns it at its end (numbers); `grows` takes what is left and is cut where there is too little."""

    title: str
    end: bool = False
    grows: bool = False


class Table(Painted, can_focus=False):
    """Rows of cells, one of them chosen. It has no keys of its own: the screen moves the choice."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"strong", "dim", "head", "cursor"}

    def __init__(self, columns: Sequence[Column], *, id: str | None = None, empty: str = "") -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._styles: tuple[str, ...] = ()
        self._widths: list[int] = []
        self._top = 0
        self._cursor = 0
        self.empty = empty

    @property
    def cursor(self) -> int:
        """The chosen line, from 0."""
        return self._cursor

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """What it shows."""
        return self._rows

    def show(self, rows: Sequence[tuple[str, ...]], cursor: int | None = None, styles: Sequence[str] = ()) -> None:
        """Show these rows; `styles` are component classes, one a row."""
        self._rows = tuple(tuple(map(plain, row)) for row in rows)
        self._styles = tuple(styles)
        self._measure()
        self.choose(self._cursor if cursor is None else cursor)

    def choose(self, index: int) -> None:
        """Choose a line, the nearest one where there is none such."""
        self._cursor = max(min(index, len(self._rows) - 1), 0)
        height = max(self.size.height - 1, 1)
        self._top = max(min(self._top, self._cursor), self._cursor - height + 1)
        self._top = max(min(self._top, len(self._rows) - height), 0)
        self.refresh()

    def move(self, by: int) -> None:
        """Choose another line, so many further down."""
        self.choose(self._cursor + by)

    @property
    def page(self) -> int:
        """Lines that are seen at once."""
        return max(self.size.height - 1, 1)

    def on_resize(self, event: events.Resize) -> None:
        """Share the new width out."""
        self._measure()
        self.choose(self._cursor)

    def _measure(self) -> None:
        """The widths of the columns: as wide as their widest cell, the growing one has the rest."""
        titles = tuple(column.title for column in self._columns)
        self._widths = [max(cell_len(row[i]) for row in (titles, *self._rows)) for i in range(len(self._columns))]
        spare = self.size.width - 2 - sum(self._widths) - 2 * (len(self._columns) - 1)
        for i, column in enumerate(self._columns):
            if column.grows:
                self._widths[i] = max(self._widths[i] + spare, 3)

    def render_line(self, y: int) -> Strip:
        """One painted line: the head, a row, or nothing."""
        width = self.size.width
        base = self.rich_style
        if y == 0:
            unseen = len(self._rows) - self._top - self.page
            mark = "↓" if unseen > 0 else ("↑" if self._top else " ")
            titles = tuple(column.title for column in self._columns)
            return self._strip(self._line(titles, mark), base + self.style_of("head"), width)
        index = self._top + y - 1
        if index >= len(self._rows):
            if not self._rows and y == 1 and self.empty:
                text = placed(elided(self.empty, width - 2), width - 2, self.mode, end=self.mirrored)
                return self._strip(f" {text} ", base + self.style_of("dim"), width)
            return Strip.blank(width, base)
        style = base + self.style_of(self._styles[index] if index < len(self._styles) else "")
        mark = " "
        if index == self._cursor:
            mark, style = CURSOR, style + self.style_of("cursor")
        return self._strip(self._line(self._rows[index], mark), style, width)

    def _line(self, cells: tuple[str, ...], mark: str) -> str:
        parts = [
            placed(cell, width, self.mode, end=column.end != self.mirrored)
            for cell, width, column in zip(cells, self._widths, self._columns, strict=True)
        ]
        if self.mirrored:
            return "  ".join(reversed(parts)) + f" {mark.replace(CURSOR, '◂')}"
        return f"{mark} " + "  ".join(parts)

    def _strip(self, text: str, style: Style, width: int) -> Strip:
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)
