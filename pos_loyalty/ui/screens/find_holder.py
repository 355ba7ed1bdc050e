"""A card holder who forgot the card: found by name, by the end of the phone number, or by the card's number."""

from __future__ import annotations

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.till.cards import STATUS_NAMES
from pos_loyalty.till.holders import find
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.screens.listing import MOVES
from pos_loyalty.ui.screens.searching import Searching
from pos_loyalty.ui.widgets.table import Column

MOST_FOUND = 20


class FindHolderScreen(Searching[str]):
    """Answers with the number of the card that is put on the bill."""

    NAME = N_("Find a card holder")
    HINT = N_("Name, last digits of the phone, or card number")
    EMPTY = N_("Nobody is called so: try fewer letters, or the phone number. F9 on the sale makes a new holder.")
    KEYS = (HELP, Command("enter", "", N_("Take"), N_("Put this holder's card on the bill.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def columns(self) -> tuple[Column, ...]:
        """Name, phone, card."""
        text = self.text
        return (
            Column(text("Name"), grows=True),
            Column(text("Phone")),
            Column(text("Card")),
            Column(text("State")),
        )

    def search(self, words: str) -> list[tuple[str, ...]]:
        """Holders with these words."""
        self._found = find(self.desk.register, words, MOST_FOUND)
        return [
            (
                holder.name or self.text("Bearer card, no name yet"),
                # Enough to ask the customer for the rest; a screen is read by others too.
                masked(holder.phone)[-6:] if holder.phone else "",
                masked(holder.card)[-6:] if holder.card else self.text("none"),
                self.text(STATUS_NAMES[holder.status]) if holder.status else "",
            )
            for holder in self._found
        ]

    def action_take(self) -> None:
        """This one."""
        if not self.table.rows:
            return
        card = self._found[self.table.cursor].card
        if card is None:
            self.refuse(Message(N_("This holder has no card yet: hand one out first.")))
        else:
            self.dismiss(card)
