"""An amount in big digits: the largest thing on the screen."""

from __future__ import annotations

from textual.widgets import Digits

_DIGIT_SPACE = str.maketrans("\u00a0\u202f\u2212", "  -")


class Amount(Digits):
    """Big digits that repaint in place: the widget always has the room of the longest amount, so nothing is laid out anew."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id)

    def show(self, text: str) -> None:
        """Show an amount as the reader's language writes it."""
        text = text.translate(_DIGIT_SPACE)
        if text != self._value:
            self._value = text
            self.refresh()
