"""The life of a card: blocked, unblocked, replaced, brought back, and one more card for an account.

What a card opens stays when the card changes: nothing moves, only the number does. Each change is noted with who made it.
"""

from __future__ import annotations

from dataclasses import replace as copied

from pos_loyalty.domain.card import CardStatus, masked
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Card
from pos_loyalty.till.audit import note
from pos_loyalty.till.cards import check_number, known, next_numbers, next_state
from pos_loyalty.till.operators import permit
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import refuse_erased


def block(register: Register, number: str, operator: str = "", *, allowed_by: str | None = None) -> Card:
    """Block a card: nothing moves, but it opens its account no longer. Refused with card-unknown or card-state."""
    return _change(register, number, "block", operator, allowed_by)


def unblock(register: Register, number: str, operator: str = "", *, allowed_by: str | None = None) -> Card:
    """Let a blocked card open its account again. Refused with card-unknown or card-state."""
    return _change(register, number, "unblock", operator, allowed_by)


def replace(
    register: Register,
    number: str,
    operator: str = "",
    *,
    new_number: str | None = None,
    allowed_by: str | None = None,
) -> Card:
    """Give a holder another card (None: the next free number): the account stays, the old number opens it no longer.

    Refused with card-unknown, card-state, card-invalid, card-check-digit or card-taken.
    """
    with register.store.write() as books:
        books.lock(register.name)
        permit(books, "card", operator, allowed_by)
        old = known(books, number)
        books.lock_account(old.account)
        refuse_erased(books, old.account)
        next_state(old, "replace")
        card = _fresh(books, register, old.account, old.kind == "named", new_number)
        books.set_card_status(number, "replaced", card.number)
        _note(books, register, operator, "card-replace", old, allowed_by, new=masked(card.number))
        return card


def bring_back(register: Register, number: str, operator: str = "", *, allowed_by: str | None = None) -> Card:
    """Undo a replacement: the old number opens the account again, and the card that took its place is the replaced one.

    Refused with card-unknown, or card-state where it was not replaced, or its successor was replaced in turn.
    """
    with register.store.write() as books:
        books.lock(register.name)
        permit(books, "card", operator, allowed_by)
        old = known(books, number)
        books.lock_account(old.account)
        refuse_erased(books, old.account)
        status = next_state(old, "bring-back")
        successor = known(books, old.replaced_by or "")
        next_state(successor, "replace")
        books.set_card_status(old.number, status)
        books.set_card_status(successor.number, "replaced", old.number)
        _note(books, register, operator, "card-bring-back", old, allowed_by, new=masked(successor.number))
        return copied(old, status=status, replaced_by=None)


def add_card(
    register: Register, account: str, operator: str = "", *, number: str | None = None, allowed_by: str | None = None
) -> Card:
    """One more key to an account, as for the family (None: the next free number).

    Refused with member-unknown where there is no such account, card-invalid, card-check-digit or card-taken.
    """
    with register.store.write() as books:
        books.lock(register.name, account)
        permit(books, "card", operator, allowed_by)
        refuse_erased(books, account)
        cards = books.cards_of(account)
        member = books.member(account)
        if not cards and member is None:
            raise Refused(
                "member-unknown", Message(N_("No card holder has the card or account {key}."), key=account[:40])
            )
        named = member is not None or any(card.kind == "named" for card in cards)
        card = _fresh(books, register, account, named, number)
        _note(books, register, operator, "card-add", card, allowed_by)
        return card


def _fresh(books: Books, register: Register, account: str, named: bool, number: str | None) -> Card:
    books.lock_numbers()
    fresh = number if number is not None else next_numbers(books, register, 1)[0]
    check_number(fresh, register)
    if books.card(fresh) is not None:
        raise Refused("card-taken", Message(N_("Card {card} is in use already: take another one."), card=masked(fresh)))
    card = Card(fresh, account, "named" if named else "bearer", "active", register.clock())
    books.add_card(card)
    return card


def _change(register: Register, number: str, event: str, operator: str, allowed_by: str | None) -> Card:
    with register.store.write() as books:
        books.lock(register.name)
        permit(books, "card", operator, allowed_by)
        card = known(books, number)
        books.lock_account(card.account)
        refuse_erased(books, card.account)
        status: CardStatus = next_state(card, event)
        books.set_card_status(number, status)
        _note(books, register, operator, f"card-{event}", card, allowed_by)
        return copied(card, status=status)


def _note(
    books: Books, register: Register, operator: str, action: str, card: Card, allowed_by: str | None, **detail: str
) -> None:
    note(
        books,
        register,
        operator,
        action,
        account=card.account,
        subject=masked(card.number),
        allowed_by=allowed_by,
        **detail,
    )
