"""Who it is, and their PIN: chosen by number or name, then the PIN, all on the number pad."""

from __future__ import annotations

from typing import TypeVar

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.operator import Operator
from pos_loyalty.storage.folding import fold
from pos_loyalty.till.operators import ROLE_NAMES
from pos_loyalty.ui.screens.listing import Listing
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

R = TypeVar("R")

BY_ONE_DIGIT = 9
"""So many people are told apart by one digit, which then needs no Enter."""


class WhoAndPin(Listing[R]):
    """Lists people; `check` is asked with who was chosen and what they typed as their PIN, which is shown nowhere."""

    people: tuple[Operator, ...] = ()
    who: Operator | None = None

    def body(self) -> ComposeResult:
        """What is asked, the people, and the line to type in."""
        text = self.text
        yield Rows(id="question")
        yield Table((Column(text("No."), end=True), Column(text("Name"), grows=True), Column(text("Role"))))
        yield Entry(id="entry", limit=100)

    def question(self) -> list[Row]:
        """Why it is asked."""
        return []

    def check(self, who: Operator, pin: str) -> None:
        """Go on with who it is, or refuse."""
        raise AssertionError("each screen checks for its own purpose")

    def begin(self) -> None:
        """List them."""
        rows = [(str(number), one.name, self.text(ROLE_NAMES[one.role])) for number, one in enumerate(self.people, 1)]
        self.table.show(rows)
        self.query_one(Entry).focus()
        self._ask()

    def _ask(self) -> None:
        entry = self.query_one(Entry)
        entry.value = ""
        entry.password = self.who is not None
        if self.who is None:
            entry.placeholder = self.text("Number or name, then Enter")
            rows = self.question()
        else:
            entry.placeholder = self.text("PIN, then Enter")
            rows = [Row(self.text("{name}: type your PIN.", name=self.who.name), style="strong")]
        self.query_one("#question", Rows).show(rows)

    def forget(self) -> None:
        """Ask who it is once more."""
        self.who = None
        self._ask()

    def action_back(self) -> None:
        """From the PIN back to who it is; from there away."""
        if self.who is not None:
            self.forget()
        else:
            super().action_back()

    def on_input_changed(self, event: Input.Changed) -> None:
        """One digit is enough for few people."""
        event.stop()
        if self.who is None and len(self.people) <= BY_ONE_DIGIT and len(event.value) == 1:
            self._choose(event.value, at_once=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Who it is, or their PIN."""
        event.stop()
        if self.till.busy:
            return
        typed = self.query_one(Entry).take()
        if self.who is not None:
            self.check(self.who, typed)
        elif typed:
            self._choose(typed)
        elif self.people:
            self._chosen(self.people[self.table.cursor])

    def _choose(self, typed: str, *, at_once: bool = False) -> None:
        if typed.isdecimal():
            number = int(typed)
            if 1 <= number <= len(self.people):
                self._chosen(self.people[number - 1])
                return
        elif not at_once:
            words = fold(typed)
            same = [one for one in self.people if fold(one.name) == words]
            like = same or [one for one in self.people if words and fold(one.name).startswith(words)]
            if len(like) == 1:
                self._chosen(like[0])
                return
        if not at_once:
            self.refuse(Message(N_("Nobody here is called so: choose a number from the list.")))

    def _chosen(self, who: Operator) -> None:
        self.who = who
        self.table.choose(self.people.index(who))
        self._ask()

    def wrong(self, refused: Refused) -> None:
        """Say why it was refused, and take the PIN again; after too many wrong ones, ask who it is."""
        if refused.code != "pin-wrong":
            self.forget()
        self.refuse(refused.message)
