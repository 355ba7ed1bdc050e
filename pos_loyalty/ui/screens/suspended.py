"""Bills put aside: a word to know one by, and the list of those that wait."""

from __future__ import annotations

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.till.suspending import Suspended
from pos_loyalty.ui.commands import BACK, HELP, bindings
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.listing import MOVES, TAKE, Listing
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row
from pos_loyalty.ui.widgets.table import Column, Table


class LabelDialog(Question[str]):
    """A word to know the bill by."""

    NAME = N_("Put the bill aside")
    HINT = N_("red coat, table 4 … or nothing")

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label

    def begin(self) -> None:
        """The holder's name is there already."""
        super().begin()
        self.query_one(Entry).value = self._label

    def question(self) -> list[Row]:
        """What the word is for."""
        return [Row(self.text("A word to know it by:"))]

    def read(self, typed: str) -> str:
        """Any word, or none."""
        return typed[:100]


class SuspendedScreen(Listing[str]):
    """Answers with the id of the bill that is taken up."""

    NAME = N_("Bills that wait")
    KEYS = (HELP, TAKE, BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, waiting: tuple[Suspended, ...]) -> None:
        super().__init__()
        self._waiting = waiting

    def body(self) -> ComposeResult:
        """The bills, when and by whom they were put aside."""
        text = self.text
        yield Table(
            (
                Column(text("Since")),
                Column(text("Known as"), grows=True),
                Column(text("Lines"), end=True),
                Column(text("Cashier")),
                Column(text("Register")),
            )
        )

    def begin(self) -> None:
        """List them."""
        language, local = self.language, self.desk.local
        self.table.show(
            [
                (language.moment(local(b.at)), b.label, language.number(b.lines), b.operator, b.register)
                for b in self._waiting
            ]
        )

    def action_take(self) -> None:
        """Take this one up."""
        self.dismiss(self._waiting[self.table.cursor].id)
