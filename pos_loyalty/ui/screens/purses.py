"""Which purse to spend from, where the programme has several."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.redemption import Allowance
from pos_loyalty.ui.commands import BACK, bindings
from pos_loyalty.ui.paying import worth
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.screens.listing import MOVES, TAKE, Listing
from pos_loyalty.ui.widgets.table import Column, Table


class PurseDialog(Dialog[str], Listing[str]):
    """Answers with the purse's id."""

    NAME = N_("Spend from a purse")
    KEYS = (TAKE, BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, spendable: Mapping[str, Allowance]) -> None:
        super().__init__()
        self._spendable = dict(spendable)

    def body(self) -> ComposeResult:
        """The purses, what they hold, and what of it can be spent here."""
        text = self.text
        yield Table(
            (Column(text("Purse"), grows=True), Column(text("Holds"), end=True), Column(text("Here"), end=True))
        )

    def begin(self) -> None:
        """List them."""
        units = self.language.units
        self.table.show(
            [
                (self.desk.purse(p), units(may.available, p), worth(self.desk, p, may.possible))
                for p, may in self._spendable.items()
            ]
        )

    def action_take(self) -> None:
        """This one."""
        self.dismiss(list(self._spendable)[self.table.cursor])
