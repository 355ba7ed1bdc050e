"""For how much a gift certificate is sold: one of the programme's amounts, or any that is typed."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.language import Unreadable, parse_amount
from pos_loyalty.ui.commands import BACK, Command, bindings
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row
from pos_loyalty.ui.widgets.table import Column, Table


class AmountDialog(Question[Minor]):
    """Answers with the amount that was typed."""

    NAME = N_("Gift certificate")
    HINT = N_("The amount, like 25.00")

    def question(self) -> list[Row]:
        """What is sold."""
        return [Row(self.text("For how much?"))]

    def read(self, typed: str) -> Minor:
        """An amount above zero."""
        amount = parse_amount(typed, self.desk.digits)
        if amount <= 0:
            raise Refused("certificate-invalid", Message(N_("A gift certificate is for an amount above zero.")))
        return amount


class AmountsDialog(Dialog[Minor], Listing[Minor]):
    """Answers with one of the amounts that the programme sells certificates of: chosen in the list, or typed."""

    NAME = N_("Gift certificate")
    KEYS = (Command("enter", "", N_("Take"), N_("Take the chosen line.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, amounts: tuple[Minor, ...]) -> None:
        super().__init__()
        self._amounts = amounts

    def body(self) -> ComposeResult:
        """The amounts, and a line for who rather types one."""
        yield Table((Column(self.text("For how much?"), grows=True), Column(self.text("Amount"), end=True)))
        yield Entry(self.text("Choose with the arrow keys, or type the amount"), id="entry", limit=24)

    def begin(self) -> None:
        """List them."""
        self.query_one(Entry).focus()
        self.table.show([(self.text("Gift certificate"), self.desk.money(amount)) for amount in self._amounts])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """What was typed, if the programme sells certificates of it; nothing typed is the chosen one."""
        event.stop()
        typed = self.query_one(Entry).take()
        if not typed:
            self.dismiss(self._amounts[self.table.cursor])
            return
        try:
            amount = parse_amount(typed, self.desk.digits)
        except Unreadable as unreadable:
            self.refuse(unreadable.message)
            return
        if amount in self._amounts:
            self.dismiss(amount)
        else:
            self.refuse(Message(N_("The programme sells no certificate of this amount: take one of the list.")))
