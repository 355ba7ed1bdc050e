"""What can be done with one card, and the number of a new one."""

from __future__ import annotations

from typing import Literal, TypeAlias

from textual.app import ComposeResult

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import N_
from pos_loyalty.storage.records import Card
from pos_loyalty.till.cards import STATUS_NAMES
from pos_loyalty.ui.commands import BACK, Command, bindings
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.rows import Row
from pos_loyalty.ui.widgets.table import Column, Table

CardAct: TypeAlias = Literal["block", "unblock", "replace", "bring-back", "add"]

_WORDS: dict[CardAct, tuple[str, str]] = {
    "block": (N_("Block"), N_("it was lost or misused: it opens the record no longer")),
    "unblock": (N_("Unblock"), N_("it was found: it opens the record again")),
    "replace": (N_("Replace"), N_("a new number takes its place; nothing moves")),
    "bring-back": (N_("Bring back"), N_("the replacement was a mistake: this one again")),
    "add": (N_("One more card"), N_("for the family: it opens the same record")),
}
_POSSIBLE: dict[str, tuple[CardAct, ...]] = {
    "active": ("block", "replace", "add"),
    "blocked": ("unblock", "replace", "add"),
    "replaced": ("bring-back", "add"),
}


class CardActsDialog(Dialog[CardAct], Listing[CardAct]):
    """Answers with what is to be done."""

    NAME = N_("Card")
    KEYS = (Command("enter", "take", N_("Do it"), N_("Do what is chosen.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, card: Card | None) -> None:
        super().__init__()
        self._card = card
        self._acts = _POSSIBLE[card.status] if card is not None else ("add",)

    def body(self) -> ComposeResult:
        """What its state allows."""
        yield Table((Column(self.text("Do")), Column(self.text("What it means"), grows=True)))

    def begin(self) -> None:
        """List it."""
        self.table.show([(self.text(_WORDS[act][0]), self.text(_WORDS[act][1])) for act in self._acts])
        if self._card is not None:
            status = self.text(STATUS_NAMES[self._card.status])
            self.tell(N_("Card {card}: {status}."), card=masked(self._card.number), status=status)

    def action_take(self) -> None:
        """This."""
        self.dismiss(self._acts[self.table.cursor])


class NewCardDialog(Question[str]):
    """Answers with the number of the card that is handed out; nothing is the next free one."""

    NAME = N_("Which card is handed out?")
    HINT = N_("scan it; nothing takes the next free number")

    def question(self) -> list[Row]:
        """What is asked."""
        return [Row(self.text("Scan the new card, or press Enter for the next free number."), lines=2)]

    def read(self, typed: str) -> str:
        """A number, or nothing; the till says whether it can be one."""
        return typed.upper()

    def take_scan(self, code: str) -> None:
        """The card that was scanned."""
        self.dismiss(code)
