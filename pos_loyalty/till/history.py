"""What history says of a programme's offers, read for one bill: only what its limits and budgets ask for."""

from __future__ import annotations

from pos_loyalty.domain.audience import NOTHING_KNOWN, Known, Scene
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.usage import counted, first_day, is_shared, limited
from pos_loyalty.storage.books import Books


def known_of(books: Books, scene: Scene, *, locked: bool = False) -> Known:
    """How often the offers that could apply were used, and what they gave; `locked` keeps other tills from those that all holders
    share until the transaction ends, so that the last of a budget is given once.
    """
    offers = limited(scene)
    if not offers:
        return NOTHING_KNOWN
    uses: dict[str, int] = {}
    totals: dict[str, int] = {}
    given: dict[str, Minor] = {}
    # In one order at every till, so that two of them never wait for each other.
    for offer in sorted(offers, key=lambda offer: offer.id):
        limit = offer.limit
        if limit.each is not None and scene.account is not None:
            dated = books.uses(scene.account.id, offer.id, first_day(limit.within, scene.day))
            uses[offer.id] = counted(dated, limit.within, scene.day)
        if is_shared(limit):
            totals[offer.id], given[offer.id] = books.offer_total(offer.id, locked=locked)
    return Known(uses, totals, given)
