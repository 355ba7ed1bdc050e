"""What history says of a programme's offers, read for one bill: only what its offers, limits and budgets ask for."""

from __future__ import annotations

from dataclasses import replace

from pos_loyalty.domain.audience import Known, Scene
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.usage import counted, first_day, is_shared, limited
from pos_loyalty.storage.books import Books


def known_of(books: Books, scene: Scene, *, locked: bool = False) -> Known:
    """How often the offers that could apply were used, and what they gave; `locked` keeps other tills from those that all holders
    share until the transaction ends, so that the last of a budget is given once.
    """
    history = _history(books, scene)
    offers = limited(scene if history is scene.known else replace(scene, known=history))
    if not offers:
        return history
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
    return replace(history, uses=uses, totals=totals, given=given)


def _history(books: Books, scene: Scene) -> Known:
    """What the holder bought, as far as an offer asks for it, and for how many other friends who sent them was thanked."""
    account = scene.account
    if account is None:
        return scene.known
    bought: dict[str, int] = {}
    friends: dict[str, int] = {}
    for offer in scene.programme.offers:
        if offer.audience.bought is not None:
            bought[offer.id] = books.times_bought(account.id, offer.audience.bought, scene.day)
        most = offer.limit.each_referrer
        if offer.referrer and most is not None and account.referrer is not None:
            friends[offer.id] = books.friends_of(account.referrer, offer.id, account.id, most)
    return replace(scene.known, bought=bought, friends=friends) if bought or friends else scene.known
