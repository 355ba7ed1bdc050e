"""For how much a gift certificate is sold: one of the programme's amounts, or any that is typed."""

from __future__ import annotations

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.language import parse_amount
from pos_loyalty.ui.commands import BACK, bindings
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.screens.listing import MOVES, TAKE, Listing
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
    """Answers with one of the amounts that the programme sells certificates of."""

    NAME = N_("Gift certificate")
    KEYS = (TAKE, BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, amounts: tuple[Minor, ...]) -> None:
        super().__init__()
        self._amounts = amounts

    def body(self) -> ComposeResult:
        """The amounts."""
        yield Table((Column(self.text("For how much?"), grows=True), Column(self.text("Amount"), end=True)))

    def begin(self) -> None:
        """List them."""
        self.table.show([(self.text("Gift certificate"), self.desk.money(amount)) for amount in self._amounts])

    def action_take(self) -> None:
        """This one."""
        self.dismiss(self._amounts[self.table.cursor])
