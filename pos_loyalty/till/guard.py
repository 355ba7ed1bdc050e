"""What is watched at the till: cards that are used too often in a day, and cashiers who ring up their own card.

A card is the cashier's own where it opens the account that is connected with the operator. Where none is, a name has to do: the
operator's name is its holder's whole name (whatever the case, accents and spaces), or the number of the card.
"""

from __future__ import annotations

from datetime import date

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.folding import fold
from pos_loyalty.till.operators import permit


def watch(
    books: Books,
    card: str | None,
    operator: str,
    allowed_by: str | None,
    account: Account | None,
    programme: Programme,
    day: date,
    *,
    closing: bool,
) -> tuple[Message, ...]:
    """What to warn of on a bill with this card; `closing` is whether it is being closed and not only priced.

    Refused with own-card where the programme refuses a cashier's own card, with guard when a bill is closed past the bills that
    a card may have in a day and nobody allowed it, and with right-missing where who allowed it may not.
    """
    if card is None or account is None:
        return ()
    warnings: list[Message] = []
    rule = programme.guard.own_card
    if rule != "allow" and is_own(books, operator, card, account):
        if rule == "refuse":
            raise Refused(
                "own-card",
                Message(N_("{operator} cannot ring up their own card: let somebody else do it."), operator=operator),
            )
        warnings.append(Message(N_("{operator} rings up their own card."), operator=operator))
    most = programme.guard.bills_per_card_per_day
    if most is None:
        return tuple(warnings)
    before = books.bills_on(account.id, card, day) + books.late_cards_on(account.id, day)
    if before < most:
        return tuple(warnings)
    if allowed_by:
        permit(books, "guard", operator, allowed_by)
        allowed = Message(
            N_("Bill {number} of this card today, allowed by {name}."), number=before + 1, name=allowed_by
        )
        return (*warnings, allowed)
    asked = Message(
        N_("Card {card} has had as many bills today as it may ({count}): ask a manager."),
        card=masked(card),
        count=before,
    )
    if closing:
        raise Refused("guard", asked)
    return (*warnings, asked)


def is_own(books: Books, operator: str, card: str, account: Account) -> bool:
    """Whether a card is the operator's own: of the account that is theirs, else as far as a name can tell."""
    name = fold(operator)
    if not name:
        return False
    known = books.operator(operator)
    if known is not None and known.account is not None:
        return known.account == account.id
    return operator.strip() == card or (account.member is not None and fold(account.member.name) == name)
