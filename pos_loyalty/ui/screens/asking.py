"""A small question with one line to answer it."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Refused
from pos_loyalty.language import Unreadable
from pos_loyalty.ui.commands import Command, bindings
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows

R = TypeVar("R")


class Question(Dialog[R]):
    """One line is typed and read; what cannot be read is refused, and asked again."""

    HINT: ClassVar[str] = ""
    KEYS = (
        Command("enter", "", N_("Take it"), N_("Take what was typed.")),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS)

    def body(self) -> ComposeResult:
        """The question and its line."""
        yield Rows(id="question")
        yield Entry(self.text(self.HINT), id="entry")

    def begin(self) -> None:
        """Ask."""
        self.query_one("#question", Rows).show(self.question())
        self.query_one(Entry).focus()

    def question(self) -> list[Row]:
        """What is asked about."""
        return []

    def read(self, typed: str) -> R:
        """The answer that was typed. Unreadable or Refused where it is none."""
        raise AssertionError("every question reads its own answer")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the answer."""
        event.stop()
        try:
            answer = self.read(event.value.strip())
        except (Unreadable, Refused) as wrong:
            self.refuse(wrong.message)
            return
        self.dismiss(answer)
