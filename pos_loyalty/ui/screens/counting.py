"""Counting the cash in the drawer: how many of each note and coin, or one sum; the till adds up."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.denominations import counted, denominations
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import MAX_MINOR, Minor
from pos_loyalty.language import Unreadable, parse_amount
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.amount import Amount
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.places import Across, Down
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

MOST = 1_000_000
"""Pieces of one kind: more is a slip of the fingers."""


class CountScreen(Listing[Minor]):
    """Answers with what was counted."""

    NAME = N_("Count the cash")
    KEYS = (
        HELP,
        Command("enter", "", N_("Take it"), N_("Take what was typed, and go on to the next line.")),
        Command("f12", "finish", N_("Done"), N_("All is counted.")),
        BACK,
    )
    NOTES = (
        (N_("12 Enter"), N_("Twelve of the chosen note or coin; the next one is chosen.")),
        (N_("Enter"), N_("None of them, or as many as stand there already.")),
        (N_("the first line"), N_("The whole sum at once, where it was counted elsewhere.")),
    )
    BINDINGS = bindings(*(command for command in KEYS if command.action), *MOVES)

    def __init__(self, why: str = N_("Count the drawer")) -> None:
        super().__init__()
        self._why = why
        self._sum: Minor | None = None
        self._pieces: tuple[Minor, ...] = ()
        self._counts: list[int] = []

    def body(self) -> ComposeResult:
        """The pieces at the left, the sum at the right, and a line for counts."""
        text = self.text
        with Across(id="closed"):
            yield Table(
                (Column(text("Each"), grows=True), Column(text("How many"), end=True), Column(text("Amount"), end=True))
            )
            with Down(id="outcome"):
                yield Rows(id="outcome-label")
                yield Amount(id="outcome-amount")
                yield Rows(id="outcome-words")
        yield Entry(text("How many of it; on the first line the whole sum"), id="entry")

    def begin(self) -> None:
        """Begin with the largest note."""
        currency = self.desk.programme.currency
        self._pieces = denominations(currency.code)
        self._counts = [0] * len(self._pieces)
        self.query_one("#outcome-label", Rows).show([Row(f"{self.text(self._why)}, {currency.code}", style="strong")])
        self.query_one("#outcome-words", Rows).show([Row(), Row(self.text("F12: all is counted."), lines=2)])
        self._draw(1 if self._pieces else 0)
        self.query_one(Entry).focus()

    @property
    def _total(self) -> Minor:
        return counted(self._pieces, self._counts) if self._sum is None else self._sum

    def _draw(self, line: int) -> None:
        money, number = self.desk.money, self.language.number
        one_sum = "" if self._sum is None else money(self._sum)
        rows = [(self.text("One sum"), "", one_sum)]
        rows += [
            (money(piece), number(count) if count else "", money(piece * count) if count else "")
            for piece, count in zip(self._pieces, self._counts, strict=True)
        ]
        self.table.show(rows, line)
        self.query_one("#outcome-amount", Amount).show(money(self._total))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A count, or the whole sum."""
        event.stop()
        typed, line = self.query_one(Entry).take(), self.table.cursor
        try:
            if typed and line == 0:
                self._sum = self._read_sum(typed)
                self._counts = [0] * len(self._pieces)
            elif typed:
                self._counts[line - 1] = self._read_count(typed)
                self._sum = None
        except Unreadable as wrong:
            self.refuse(wrong.message)
            return
        self._draw(line if line == 0 else min(line + 1, len(self._pieces)))

    def _read_sum(self, typed: str) -> Minor:
        amount = parse_amount(typed, self.desk.digits)
        if amount < 0:
            raise Unreadable(Message(N_("There cannot be less than nothing in the drawer.")))
        return amount

    def _read_count(self, typed: str) -> int:
        if not (typed.isascii() and typed.isdecimal() and int(typed) <= MOST):
            raise Unreadable(Message(N_("Type how many there are, as a whole number.")))
        return int(typed)

    def action_finish(self) -> None:
        """Done; what still stands in the line is taken first."""
        if self.query_one(Entry).value.strip():
            self.refuse(Message(N_("Enter takes what was typed; then F12.")))
        elif self._total > MAX_MINOR:
            self.refuse(Message(N_("That is no amount that a drawer can hold.")))
        else:
            self.dismiss(self._total)
