"""Gifts: goods that an offer gives along, by what is left of its lines after all discounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bills import AT_ONCE, DAY, eur, goods, holder, lot, programme

from pos_loyalty.domain.audience import Known
from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Amount, Message
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.offers import Gift, Goods, Limit, Needs, Offer
from pos_loyalty.domain.sale import Quote
from pos_loyalty.domain.usage import Use, uses_of

TOTE = Offer("tote", "A tote bag with 60 euros", Gift("TOTE"), needs=Needs(spend=eur("60.00")))
KNOWN = Known(goods={"TOTE": ("Tote bag", eur("4.90")), "PEN": ("Pen", eur("1.20"))})


def bill(*lines: LineItem, offers: tuple[Offer, ...] = (TOTE,), known: Known = KNOWN, **more: Any) -> Quote:
    rules = programme(more.pop("discount", "0"), purses=(AT_ONCE,), extra=offers)
    return quote(lines, rules, DAY, more.pop("account", holder()), more or None, known=known)


def why(priced: Quote, offer: str) -> Message:
    return next(one.reason for one in priced.why if one.offer == offer)


def test_a_tote_bag_with_60_euros() -> None:
    """60.00: the bag is given, named and priced as in the catalogue; nothing that is paid changes."""
    priced = bill(goods("60.00"))
    (gift,) = priced.gifts
    assert (gift.offer, gift.sku, gift.name, gift.quantity, gift.value) == ("tote", "TOTE", "Tote bag", 1, 490)
    assert (priced.due, priced.used) == (eur("60.00"), ("tote",))


def test_what_is_missing_to_a_gift_is_said() -> None:
    """57.60: 2.40 more for a tote bag."""
    priced = bill(goods("57.60"))
    assert priced.gifts == ()
    assert why(priced, "tote").values["missing"] == Amount(240, "EUR")


def test_its_needs_are_what_is_left_after_discounts_and_before_purses() -> None:
    """5 % off 63.00 leave 59.85: no bag. 64.00 leave 60.80: a bag, though 10.00 of it are paid from a purse."""
    assert bill(goods("63.00"), discount="5").gifts == ()
    priced = bill(goods("64.00"), discount="5", account=holder(lot(amount="10.00")), cashback="max")
    assert (priced.due, len(priced.gifts)) == (eur("50.80"), 1)


def test_excluded_goods_and_other_goods_count_for_nothing() -> None:
    """50.00 of clothes and 20.00 of tobacco are 50.00; and a gift for soap needs soap, though it names no amount."""
    assert bill(goods("50.00"), goods("20.00", department="tobacco")).gifts == ()
    pen = Offer("pen", "A pen with soap", Gift("PEN"), goods=Goods(skus=frozenset({"SOAP"})))
    assert bill(goods("9.00"), offers=(pen,)).gifts == ()
    assert [g.sku for g in bill(goods("9.00", sku="SOAP"), offers=(pen,)).gifts] == ["PEN"]


def test_so_many_items_are_needed() -> None:
    """Three of the offer's goods, two of them on one line."""
    three = replace(TOTE, needs=Needs(items=3))
    assert bill(goods("1.00", "2"), offers=(three,)).gifts == ()
    assert len(bill(goods("1.00", "2"), goods("2.00"), offers=(three,)).gifts) == 1


def test_goods_that_the_catalogue_lacks() -> None:
    """The gift goes by its SKU and is worth nothing, so that no budget holds it."""
    offer = replace(TOTE, limit=Limit(budget=1))
    (gift,) = bill(goods("60.00"), offers=(offer,), known=Known()).gifts
    assert (gift.name, gift.value) == ("TOTE", 0)


def test_of_a_group_the_dearest_gift() -> None:
    """The first on a tie; what is dearer than the rest of its budget is no rival."""
    pen = Offer("pen", "A pen", Gift("PEN"), group="gifts")
    tote = replace(TOTE, needs=Needs(), group="gifts")
    also = replace(tote, id="also")
    assert [g.offer for g in bill(goods("1.00"), offers=(pen, tote, also)).gifts] == ["tote"]
    spent = replace(KNOWN, given={"tote": 511, "also": 511})
    held = tuple(replace(one, limit=Limit(budget=1_000)) for one in (tote, also))
    assert [g.offer for g in bill(goods("1.00"), offers=(pen, *held), known=spent).gifts] == ["pen"]


def test_limits_count_a_gift_at_its_catalogue_price() -> None:
    """A bill uses the offer once, for 4.90; a holder who had it is not given it again, and none without a card."""
    offer = replace(TOTE, limit=Limit(each=1, budget=1_000))
    rules = programme(purses=(AT_ONCE,), extra=(offer,))
    assert uses_of(bill(goods("60.00"), offers=(offer,)), rules) == (Use("tote", 1, 490),)
    assert bill(goods("60.00"), offers=(offer,), known=replace(KNOWN, uses={"tote": 1})).gifts == ()
    assert bill(goods("60.00"), account=None).gifts == ()


@pytest.mark.parametrize("share", [0, MILLION])
def test_the_control_group_gets_no_gift(share: int) -> None:
    """It is counted as held out instead."""
    priced = bill(goods("60.00"), offers=(replace(TOTE, control_group=share),))
    assert (len(priced.gifts), priced.held_out) == ((0, ("tote",)) if share else (1, ()))
