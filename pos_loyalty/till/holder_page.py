"""The page of one holder: all that is known of them, and their journal a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.sale import receipt_number
from pos_loyalty.storage.entry_rows import Consent, EntryLine, Feedback
from pos_loyalty.storage.records import Card, Complaint
from pos_loyalty.till.cards import CardView, view
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.register import Register

NO_CARD = ""
"""The number in the view of a holder who has no card yet."""


@dataclass(frozen=True, slots=True)
class HolderPage:
    """What a holder's page shows beside their journal: `view` is what their card says (that which was asked for, or the newest
    active one), `cards` all of them, the newest first; `joined` the accounts that became part of this one.
    """

    view: CardView
    cards: tuple[Card, ...]
    complaints: tuple[Complaint, ...]
    feedback: tuple[Feedback, ...]
    consents: tuple[Consent, ...]
    joined: tuple[str, ...]


def page(register: Register, *, number: str | None = None, account: str | None = None) -> HolderPage:
    """The page of a card's holder, or of an account. Refused with card-unknown or member-unknown."""
    now = register.clock()
    with register.store.read() as books:
        card = books.card(number) if number is not None else None
        if number is not None and card is None and account is None:
            raise Refused("card-unknown", Message(N_("This card is not known here.")))
        of = card.account if card is not None else account or ""
        cards = books.cards_of(of)
        if card is None:
            card = books.shown_card(of)
        if card is None:
            if books.member(of) is None:
                raise Refused("member-unknown", Message(N_("This card holder is not there any more.")))
            card = Card(NO_CARD, of, "named", "active", now)
        return HolderPage(
            view(books, card, in_force(books, now).programme, now),
            tuple(reversed(cards)),
            books.all_complaints(of),
            books.feedback_of(of),
            books.consents_of(of),
            books.joined_into(of)[1:],
        )


def entries_of(register: Register, account: str, before: EntryLine | None, most: int) -> tuple[EntryLine, ...]:
    """A holder's entries, the newest first, from past one on (None: from the newest)."""
    with register.store.read() as books:
        return books.entry_lines(account, before, most)


def bill_of(entry: EntryLine) -> str | None:
    """The number of the receipt that an entry belongs to."""
    return None if entry.receipt is None else receipt_number(*entry.receipt)
