"""What the till says: one message that stays until the next key or scan, with a mark and a word as well as a colour."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pos_loyalty.ui.widgets.rows import Row, Rows

Kind: TypeAlias = Literal["refused", "warning", "done", "told"]

_LOOKS: dict[Kind, tuple[str, str]] = {
    "refused": ("✖ ", "bad"),
    "warning": ("! ", "warn"),
    "done": ("✓ ", "good"),
    "told": ("· ", ""),
}


class Bar(Rows):
    """Two lines at the bottom, kept free so that nothing moves when something is said."""

    kind: Kind | None = None

    def say(self, kind: Kind, text: str) -> None:
        """Say something until it is cleared."""
        mark, style = _LOOKS[kind]
        self.kind = kind
        self.show([Row(mark + text, style=style, lines=2)])
        self.set_class(kind == "refused", "refused")

    def clear(self) -> None:
        """Say nothing more."""
        self.kind = None
        self.show([])
        self.set_class(False, "refused")
