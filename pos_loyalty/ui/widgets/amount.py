"""An amount in big digits: the largest thing on the screen."""

from __future__ import annotations

from rich.segment import Segment
from textual.renderables.digits import DIGITS, DIGITS3X3_BOLD
from textual.strip import Strip

from pos_loyalty.ui.widgets.base import Painted

HEIGHT = 3
_KNOWN = str.maketrans("\u00a0\u202f\u2212", "  -")


class Amount(Painted, can_focus=False):
    """Big digits at the right, in Textual's own drawing of them. A character that it does not have stands small at the bottom."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._value = ""
        self._lines = _big("")

    @property
    def value(self) -> str:
        """What it shows."""
        return self._value

    def show(self, text: str) -> None:
        """Show an amount as the reader's language writes it."""
        text = text.translate(_KNOWN)
        if text != self._value:
            self._value = text
            before, self._lines = self._lines, _big(text)
            self.repaint(before, self._lines)

    def render_line(self, y: int) -> Strip:
        """One of the three lines."""
        width = self.size.width
        text = self._lines[y] if y < HEIGHT else ""
        return Strip([Segment(text.rjust(width)[-width:], self.base)], width)


def _big(text: str) -> tuple[str, str, str]:
    """The three lines of an amount."""
    lines: tuple[list[str], ...] = ([], [], [])
    for character in text.replace(".", "•"):
        place = DIGITS.find(character) * HEIGHT
        for y, line in enumerate(lines):
            if place < 0:
                line.append(character if y == HEIGHT - 1 else " ")
            else:
                line.append(DIGITS3X3_BOLD[place + y].ljust(HEIGHT))
    first, second, third = ("".join(line) for line in lines)
    return first, second, third
