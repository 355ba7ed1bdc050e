"""What a programme's gifts are called and cost, from the catalogue."""

from __future__ import annotations

from dataclasses import replace

from pos_loyalty.domain.audience import Known, Scene, missing
from pos_loyalty.domain.money import MILLION, Minor
from pos_loyalty.domain.programme.offers import Gift
from pos_loyalty.storage.books import Books


def with_gifts(books: Books, known: Known, scene: Scene) -> Known:
    """What is known, with the gifts that this holder could be given now; those that the catalogue lacks are left out.

    A price finer than the currency's coins is rounded down: more than that is never kept for a gift.
    """
    skus = {
        offer.give.sku
        for offer in scene.programme.offers
        if isinstance(offer.give, Gift) and missing(offer, scene) is None
    }
    goods: dict[str, tuple[str, Minor]] = {}
    for sku in sorted(skus):
        item = books.item(sku)
        if item is not None:
            goods[sku] = (item.name, (item.price or 0) * 10**scene.programme.currency.digits // MILLION)
    return replace(known, goods=goods) if goods else known
