"""Which of the gifts that a return asks back are really there: each comes back, or is kept and paid for."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.ui.commands import Command, bindings
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.table import Column, Table


class GiftsDialog(Dialog[frozenset[str]], Listing[frozenset[str]]):
    """Answers with the offers whose gifts are kept. `gifts` is what each offer gave."""

    NAME = N_("Gifts that are asked back")
    KEYS = (
        Command("enter", "change", N_("Alter"), N_("The chosen gift comes back, or is kept and paid for.")),
        Command("escape", "answer", N_("Done"), N_("Back to the return, as it is shown.")),
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, gifts: Mapping[str, str], kept: frozenset[str]) -> None:
        super().__init__()
        self._gifts = dict(gifts)
        self._kept = kept

    def body(self) -> ComposeResult:
        """The gifts, and what becomes of each."""
        yield Table((Column(self.text("Gift"), grows=True), Column(self.text("What of it"))))

    def begin(self) -> None:
        """List them."""
        back, kept = "↩ " + self.text("comes back"), "! " + self.text("is kept")
        self.table.show([(name, kept if offer in self._kept else back) for offer, name in self._gifts.items()])

    def action_change(self) -> None:
        """The other way."""
        self._kept = self._kept ^ {list(self._gifts)[self.table.cursor]}
        self.begin()

    def action_answer(self) -> None:
        """As it is shown."""
        self.dismiss(self._kept)
