"""A list with columns and a chosen line: the basket, results of a search, receipts. Amounts are never cut; names give way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip

from pos_loyalty.ui.widgets.base import Painted
from pos_loyalty.ui.widgets.cells import placed, plain, wrapped

CURSOR = "▸"
"""Marks the chosen line, beside its colour."""
MOST_MADE = 200
"""Lines that are kept as they are painted: more than a screen holds."""


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
        self._kinds: tuple[str, ...] = ()
        self._widths: list[int] = []
        self._made: dict[tuple[tuple[str, ...], str], str] = {}
        self._top = 0
        self._cursor = 0
        self._lines: list[tuple[str, str]] = []
        self._empty = empty

    @property
    def cursor(self) -> int:
        """The chosen line, from 0."""
        return self._cursor

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """What it shows."""
        return self._rows

    def head(self, columns: Sequence[Column]) -> None:
        """Show other columns; the rows for them are shown after it."""
        self._columns = tuple(columns)
        self._rows, self._kinds, self._widths = (), (), []
        self._made.clear()
        self._cursor = self._top = 0

    def say_if_empty(self, text: str) -> None:
        """What stands there while there are no rows."""
        if text != self._empty:
            self._empty = text
            self.choose(self._cursor)

    def entitle(self, columns: Sequence[Column]) -> None:
        """Give the columns other titles; there are as many as before."""
        self._columns = tuple(columns)
        self._made.clear()

    def show(self, rows: Sequence[tuple[str, ...]], cursor: int | None = None, styles: Sequence[str] = ()) -> None:
        """Show these rows; `styles` are component classes, one a row."""
        self._rows = tuple(tuple(map(plain, row)) for row in rows)
        self._kinds = tuple(styles)
        self._measure()
        self.choose(self._cursor if cursor is None else cursor)

    def choose(self, index: int) -> None:
        """Choose a line, the nearest one where there is none such."""
        self._move_to(index)
        before, self._lines = self._lines, self._painted()
        self.repaint(before, self._lines)

    def _move_to(self, index: int) -> None:
        self._cursor = max(min(index, len(self._rows) - 1), 0)
        height = max(self.size.height - 1, 1)
        self._top = max(min(self._top, self._cursor), self._cursor - height + 1)
        self._top = max(min(self._top, len(self._rows) - height), 0)

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
        self._move_to(self._cursor)
        self._lines = self._painted()
        self.refresh()

    def _measure(self) -> None:
        """The widths of the columns: as wide as their widest cell, the growing one has the rest."""
        titles = tuple(column.title for column in self._columns)
        widths = [max(cell_len(row[i]) for row in (titles, *self._rows)) for i in range(len(self._columns))]
        spare = self.size.width - 2 - sum(widths) - 2 * (len(self._columns) - 1)
        for i, column in enumerate(self._columns):
            if column.grows:
                widths[i] = max(widths[i] + spare, 3)
        if widths != self._widths:
            self._widths = widths
            self._made.clear()

    def _painted(self) -> list[tuple[str, str]]:
        """The lines as they are seen, each with its kind: the head, then rows from the top."""
        if not self._widths:
            return []
        unseen = len(self._rows) - self._top - self.page
        mark = "↓" if unseen > 0 else ("↑" if self._top else " ")
        lines = [(self._line(tuple(column.title for column in self._columns), mark), "head")]
        if not self._rows and self._empty:
            room = max(self.size.width - 2, 0)
            for part in wrapped(self._empty, room):
                lines.append((f" {placed(part, room, self.mode, end=self.mirrored, mirrored=self.mirrored)} ", "dim"))
        for index in range(self._top, min(self._top + self.page, len(self._rows))):
            chosen = index == self._cursor
            kind = "cursor" if chosen else (self._kinds[index] if index < len(self._kinds) else "")
            lines.append((self._line(self._rows[index], CURSOR if chosen else " "), kind))
        return lines

    def render_line(self, y: int) -> Strip:
        """One painted line."""
        width = self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, self.base)
        text, kind = self._lines[y]
        style = self.style_of(kind)
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def _line(self, cells: tuple[str, ...], mark: str) -> str:
        """A row as it is painted; made once while the columns are as wide as they are."""
        made = self._made.get((cells, mark))
        if made is None:
            if len(self._made) > MOST_MADE:
                self._made.clear()
            made = self._made[cells, mark] = self._make(cells, mark)
        return made

    def _make(self, cells: tuple[str, ...], mark: str) -> str:
        parts = [
            placed(cell, width, self.mode, end=column.end or self.mirrored, mirrored=self.mirrored)
            for cell, width, column in zip(cells, self._widths, self._columns, strict=True)
        ]
        if self.mirrored:
            return "  ".join(reversed(parts)) + f" {mark.replace(CURSOR, '◂')}"
        return f"{mark} " + "  ".join(parts)
