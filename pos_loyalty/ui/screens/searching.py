"""A list that follows what is typed: each letter looks again, which takes a millisecond."""

from __future__ import annotations

from typing import TypeVar

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.message import Refused
from pos_loyalty.ui.screens.listing import Listing
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.table import Column, Table

R = TypeVar("R")


class Searching(Listing[R]):
    """One line to type in, and what it finds below it."""

    HINT = ""
    EMPTY = ""

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self._words = words

    def columns(self) -> tuple[Column, ...]:
        """The columns of what is found."""
        return ()

    def search(self, words: str) -> list[tuple[str, ...]]:
        """What is found, as rows."""
        return []

    def at_first(self) -> list[tuple[str, ...]]:
        """What stands there while nothing is typed, as rows."""
        return []

    def body(self) -> ComposeResult:
        """The line and the list."""
        yield Entry(self.text(self.HINT), id="entry")
        yield Table(self.columns())

    def begin(self) -> None:
        """Begin with what was typed before."""
        entry = self.query_one(Entry)
        entry.focus()
        entry.value = self._words
        entry.cursor_position = len(self._words)
        self.look(self._words)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look again."""
        event.stop()
        self.look(event.value)

    def look(self, words: str) -> None:
        """Show what these words find."""
        try:
            rows = self.search(words.strip()) if words.strip() else self.at_first()
        except Refused as refused:
            self.refuse(refused.message)
            return
        self.table.say_if_empty(self.text(self.EMPTY) if words.strip() else "")
        self.table.show(rows, 0)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the chosen line."""
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Take the chosen line."""
