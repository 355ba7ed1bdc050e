"""The keys of a screen at its bottom: each one's face and word, in as few lines as they fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from pos_loyalty.ui.commands import Command
from pos_loyalty.ui.direction import in_order
from pos_loyalty.ui.widgets.base import Painted


class KeyBar(Painted, can_focus=False):
    """Function keys and their words."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key"}

    def __init__(self, commands: Iterable[Command] = ()) -> None:
        super().__init__()
        self._commands = tuple(command for command in commands if command.shown)

    def show(self, commands: Iterable[Command]) -> None:
        """Show other keys."""
        self._commands = tuple(command for command in commands if command.shown)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the keys take at this width."""
        return max(len(self._lines(width)), 1)

    def render_line(self, y: int) -> Strip:
        """One line of keys."""
        width = self.size.width
        base = self.base
        lines = self._lines(width)
        if y >= len(lines):
            return Strip.blank(width, base)
        key = self.style_of("key")
        segments: list[Segment] = []
        for face, word, cell in lines[y]:
            pad = " " * max(cell - cell_len(face) - cell_len(word) - 3, 0)
            segments += [Segment(f" {face} ", key), Segment(f" {in_order(word, self.mode)}{pad}", base)]
        return Strip(segments).adjust_cell_length(width, base)

    def _lines(self, width: int) -> list[list[tuple[str, str, int]]]:
        """The keys line by line, each with the cells that it takes: in columns where they all fit, else close together."""
        words = [(command.face, self.language.text(command.label)) for command in self._commands]
        if not words:
            return []
        needs = [cell_len(face) + cell_len(word) + 4 for face, word in words]
        widest = max(needs)
        across = max(width // widest, 1)
        rows = -(-len(words) // across)
        if rows > 2:
            return self._packed(words, needs, width)
        across = -(-len(words) // rows)
        cell = width // across
        cells = [(face, word, cell) for face, word in words]
        return [cells[i : i + across] for i in range(0, len(cells), across)]

    def _packed(self, words: list[tuple[str, str]], needs: list[int], width: int) -> list[list[tuple[str, str, int]]]:
        lines: list[list[tuple[str, str, int]]] = [[]]
        used = 0
        for (face, word), need in zip(words, needs, strict=True):
            if used + need > width and lines[-1]:
                lines.append([])
                used = 0
            lines[-1].append((face, word, need))
            used += need
        return lines
