"""What each line earns: on what is really paid for it, exact until it is rounded down once an offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import MILLION, Minor, split
from pos_loyalty.domain.programme.rules import Offer, Purse
from pos_loyalty.domain.sale import Earned


def earn(offer: Offer, title: Message, purse: Purse, bases: Sequence[Minor], day: date) -> Earned | None:
    """What a percentage offer earns on the bases (minor units paid on each line, nothing on excluded ones); None if nothing.

    Rounded down once over the whole bill, then split over the lines by largest remainder.
    """
    amount = sum(bases) * offer.earn // MILLION
    if amount <= 0:
        return None
    available = purse.available_on(day)
    return Earned(
        purse=purse.id,
        offer=offer.id,
        title=title,
        amount=amount,
        lines=tuple(split(amount, bases)),
        available=available,
        expires=purse.expires_on(available),
    )
