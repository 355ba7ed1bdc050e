"""Rewards, gifts and coupons at a register on a real store: taken, given, used once, and given back; and the store verifies."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import chain, count
from typing import Any

import pytest
from shops import ANA, BORIS, PROGRAMME, Shop

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.coupons import new_number
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.sale import AskedBack, CouponUsed, PurseShare
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.cards import issue, show
from pos_loyalty.till.checkout import Closed, price, sell
from pos_loyalty.till.returns import RefundOrder, preview, refund
from pos_loyalty.till.scanning import CouponScanned, NotRecognised, recognise
from pos_loyalty.till.suspending import recall, suspend

OFFERS = (
    PROGRAMME
    + """
[purse.points]
unit = "points"
worth = "0.01"

[purse.coffee]
unit = "stamps"

[[offer]]
id = "points"
title = "Ten points a euro"
give = { earn = { points = 10 }, every = "1.00" }

[[offer]]
id = "stamp"
title = "A stamp for every coffee"
on = { departments = ["coffee"] }
give = { earn = { coffee = 1 }, every = "item" }

[[offer]]
id = "tenth-coffee"
title = "The tenth coffee is free"
on = { departments = ["coffee"] }
costs = { coffee = 9 }
give = { discount = "100%", items = 1 }
automatic = true

[[offer]]
id = "mug"
title = "A mug for 200 points"
costs = { points = 200 }
give = { gift = "MUG" }

[[offer]]
id = "tote"
title = "A tote bag with 60 euros"
needs = { spend = "60.00" }
give = { gift = "TOTE" }
limit = { each = 1 }

[[offer]]
id = "pen"
title = "A pen with paper"
on = { departments = ["paper"] }
for = { everyone = true }
give = { gift = "PEN" }

[[offer]]
id = "next-visit"
title = "A coupon for the next visit"
needs = { spend = "40.00" }
give = { coupon = "half-off", valid = "30 days" }

[[offer]]
id = "half-off"
title = "Your half"
needs = { coupon = true }
give = { discount = "50%" }
group = "card"
"""
)


def goods(price_: int, count_: int = 1, department: str = "food") -> LineItem:
    return LineItem("Goods", price_, count_ * MILLION, "GOODS", department, vat=200_000)


@pytest.fixture
def offers(make_shop: Callable[..., Shop]) -> Shop:
    """A shop with two holders and a mug of 8.00 in the catalogue; it has no tote bag."""
    shop = make_shop(OFFERS)
    issue(shop.register, ANA)
    issue(shop.register, BORIS)
    with shop.store.write() as books:
        books.put_items([CatalogueItem("MUG", "Mug", "gifts", 8 * MILLION, 200_000, "pc", False)])
    return shop


def ring(
    shop: Shop, *lines: LineItem, card: str | None = ANA, take: Iterable[str] = (), coupons: Iterable[str] = ()
) -> Closed:
    bill = Bill(shop.register.new_id(), lines, card, take=tuple(take), coupons=tuple(coupons))
    return sell(shop.register, bill.order("anna"))


def back(shop: Shop, sold: Closed, *lines: tuple[int, int], **more: Any) -> Any:
    named = {"lines": tuple((line, n * MILLION) for line, n in lines)} if lines else {}
    return refund(shop.register, RefundOrder(sold.sale.id, operator="anna", **named, **more)).refund


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.code


def faults(shop: Shop) -> list[str]:
    return [fault.place for fault in verify_store(shop.store).faults]


def coupon_of(sold: Closed) -> str:
    (coupon,) = sold.sale.quote.coupons
    assert coupon.number is not None
    return coupon.number


def open_coupons(shop: Shop, card: str = ANA) -> list[str]:
    return [coupon.number for coupon in show(shop.register, card).coupons]


def available(shop: Shop, purse: str) -> int:
    return show(shop.register, ANA).purses[purse].balance.available


# ---- rewards and gifts ----


def test_a_mug_is_offered_taken_and_given_back(offers: Shop) -> None:
    """38.00 earn 380 points, which offer one mug; it is taken on the next bill, and its points return with it."""
    ring(offers, goods(4_000))
    bill = Bill(offers.register.new_id(), (goods(1_000),), ANA)
    priced = price(offers.register, bill.order("anna"))
    assert [(one.offer, one.costs, one.times) for one in priced.offered] == [("mug", {"points": 200}, 1)]
    assert priced.spendable["points"].available == 380
    taken = bill.with_reward("mug")
    assert price(offers.register, taken.order("anna")).spendable["points"].available == 180
    sold = sell(offers.register, taken.order("anna"))
    (gift,) = sold.sale.quote.gifts
    assert (gift.name, gift.value, sold.sale.quote.due) == ("Mug", 800, 950)
    assert available(offers, "points") == 380 - 200 + 90
    returned = back(offers, sold)
    assert returned.restored == (PurseShare("points", "mug", 200),)
    assert returned.asked_back == (AskedBack("mug", gift="MUG"),)
    assert available(offers, "points") == 380
    assert faults(offers) == []


def test_a_mug_that_is_kept_is_paid_for_from_the_money(offers: Shop) -> None:
    """9.50 less the mug's 8.00; a preview says so and stores nothing."""
    ring(offers, goods(4_000))
    sold = ring(offers, goods(1_000), take=["mug"])
    order = RefundOrder(sold.sale.id, gifts_kept=("mug",))
    assert preview(offers.register, order).refund.withheld == 800
    returned = back(offers, sold, gifts_kept=("mug",))
    assert (returned.money_back[0].amount, returned.withheld) == (150, 800)
    assert available(offers, "points") == 380
    assert faults(offers) == []
    assert refused(lambda: back(offers, sold, gifts_kept=("mug",))) == "line-invalid"


def test_the_tenth_coffee_is_free_by_itself(offers: Shop) -> None:
    """Nine coffees fill nine stamps; the tenth is free for them, and earns no stamp for nothing is paid on it."""
    ring(offers, goods(300, 9, "coffee"))
    sold = ring(offers, goods(300, 1, "coffee"))
    assert (sold.sale.quote.due, available(offers, "coffee")) == (0, 0)
    assert [(one.purse, one.offer, one.amount) for one in sold.sale.quote.spent] == [("coffee", "tenth-coffee", 9)]
    assert back(offers, sold).restored == (PurseShare("coffee", "tenth-coffee", 9),)
    assert available(offers, "coffee") == 9
    assert faults(offers) == []


def test_a_gift_is_limited_to_a_holder_and_given_again_after_a_whole_return(offers: Shop) -> None:
    """One tote bag a holder, under its SKU for the catalogue lacks it; the bill returned whole gives the limit back."""
    sold = ring(offers, goods(10_000))
    assert [(gift.offer, gift.name, gift.value) for gift in sold.sale.quote.gifts] == [("tote", "TOTE", 0)]
    assert ring(offers, goods(10_000)).sale.quote.gifts == ()
    assert back(offers, sold).asked_back[0] == AskedBack("tote", gift="TOTE")
    assert len(ring(offers, goods(10_000)).sale.quote.gifts) == 1
    assert faults(offers) == []


def test_a_gift_without_a_card_is_asked_back_too(offers: Shop) -> None:
    """A pen of 1.50 with paper, for everyone; kept, it is taken off the money."""
    with offers.store.write() as books:
        books.put_items([CatalogueItem("PEN", "Pen", "gifts", 1_500_000, 200_000, "pc", False)])
    sold = ring(offers, goods(500, 2, "paper"), card=None)
    assert [gift.name for gift in sold.sale.quote.gifts] == ["Pen"]
    assert back(offers, sold, (1, 1)).asked_back == ()
    last = back(offers, sold, gifts_kept=("pen",))
    assert (last.asked_back[0].withheld, last.money_back[0].amount) == (150, 350)
    assert faults(offers) == []


def test_a_gift_stays_while_none_of_its_goods_came_back(make_shop: Callable[..., Shop]) -> None:
    """A mug with 50.00, of which another reward then takes 10.00 off: it is not asked back with the tobacco, but with the food."""
    needs = OFFERS.replace("costs = { points = 200 }", 'costs = { points = 200 }\nneeds = { spend = "50.00" }')
    ten = '\n[[offer]]\nid = "ten"\ntitle = "Ten off"\ncosts = { points = 100 }\ngive = { discount = "10.00" }\n'
    shop = make_shop(needs + ten)
    issue(shop.register, ANA)
    ring(shop, goods(4_000))
    sold = ring(shop, goods(2_900, 2), goods(100, department="tobacco"), take=["mug", "ten"])
    assert [gift.offer for gift in sold.sale.quote.gifts] == ["mug"]
    assert back(shop, sold, (2, 1)).asked_back == ()
    assert back(shop, sold, (1, 1)).asked_back[0] == AskedBack("mug", gift="MUG")
    assert faults(shop) == []


def test_what_cannot_be_taken_leaves_nothing_behind(offers: Shop) -> None:
    """Unknown, without a card, and for more points than there are: refused, and no sale is stored."""
    assert refused(lambda: ring(offers, goods(100), take=["jug"])) == "offer-invalid"
    assert refused(lambda: ring(offers, goods(100), card=None, take=["mug"])) == "card-needed"
    assert refused(lambda: ring(offers, goods(100), take=["mug"])) == "balance-too-low"
    assert offers.store_value("SELECT count(*) FROM sales") == 0


def test_the_same_points_buy_one_mug_at_two_tills(offers: Shop, make_shop: Callable[..., Shop]) -> None:
    """Both tills saw 380 points; the first takes the mug for 200, the second is refused."""
    ring(offers, goods(4_000))
    other = make_shop(name="till-2", clock=offers.clock)
    bills = [Bill(shop.register.new_id(), (goods(90),), ANA, take=("mug",)) for shop in (offers, other)]
    for shop, bill in zip((offers, other), bills, strict=True):
        price(shop.register, bill.order("anna"))
    sell(offers.register, bills[0].order("anna"))
    assert refused(lambda: sell(other.register, bills[1].order("anna"))) == "balance-too-low"


# ---- coupons ----


def test_a_coupon_is_given_shown_and_used_once(offers: Shop) -> None:
    """50.00 give one until 4 February; it takes half off the next bill instead of the tier's 5 %, and then is used."""
    given = ring(offers, goods(5_000))
    number = coupon_of(given)
    (shown,) = show(offers.register, ANA).coupons
    assert (shown.number, shown.coupon, shown.given_by, shown.valid) == (
        number,
        "half-off",
        "next-visit",
        date(2026, 2, 4),
    )
    assert recognise(offers.register, number.lower()) == CouponScanned(number)
    used = ring(offers, goods(1_000), coupons=[number.lower()])
    assert (used.sale.quote.due, used.sale.warnings) == (500, ())
    assert used.sale.quote.coupons_used == (CouponUsed("half-off", number),)
    assert open_coupons(offers) == []
    assert refused(lambda: ring(offers, goods(1_000), coupons=[number])) == "coupon-invalid"
    assert faults(offers) == []


def test_a_coupon_is_its_holders_alone(offers: Shop) -> None:
    """Refused on another holder's card, without a card, and past its last day."""
    number = coupon_of(ring(offers, goods(5_000)))
    for card in (BORIS, None):
        assert refused(lambda card=card: ring(offers, goods(1_000), card=card, coupons=[number])) == "coupon-invalid"
    assert refused(lambda: ring(offers, goods(1_000), coupons=["C0000000000"])) == "coupon-invalid"
    offers.clock.forward(days=31)
    assert refused(lambda: ring(offers, goods(1_000), coupons=[number])) == "coupon-invalid"
    assert open_coupons(offers) == []


def test_a_coupon_that_opens_nothing_stays_with_a_word(offers: Shop) -> None:
    """On tobacco it takes nothing off: the sale goes on, the cashier is told, and it can be used on the next bill."""
    number = coupon_of(ring(offers, goods(5_000)))
    idle = ring(offers, goods(1_000, department="tobacco"), coupons=[number])
    (warning,) = idle.sale.warnings
    assert warning.values["number"] == number
    assert open_coupons(offers) == [number]
    assert ring(offers, goods(1_000), coupons=[number]).sale.quote.due == 500
    assert faults(offers) == []


def test_of_two_coupons_one_is_used(offers: Shop) -> None:
    """The one that ends first; the other one stays."""
    first = coupon_of(ring(offers, goods(5_000)))
    offers.clock.forward(days=1)
    second = coupon_of(ring(offers, goods(5_000)))
    sold = ring(offers, goods(1_000), coupons=[second, first])
    assert sold.sale.quote.coupons_used == (CouponUsed("half-off", first),)
    assert len(sold.sale.warnings) == 1
    assert open_coupons(offers) == [second]


def test_a_bill_returned_whole_gives_back_the_coupon_that_it_used(offers: Shop) -> None:
    """Usable again, and used again on another bill."""
    number = coupon_of(ring(offers, goods(5_000)))
    used = ring(offers, goods(1_000, 2), coupons=[number])
    assert back(offers, used, (1, 1)).coupons_back == ()
    assert open_coupons(offers) == []
    assert back(offers, used).coupons_back == (number,)
    assert open_coupons(offers) == [number]
    assert ring(offers, goods(1_000), coupons=[number]).sale.quote.due == 500
    assert faults(offers) == []


def test_a_coupon_goes_with_the_goods_that_it_came_with(offers: Shop) -> None:
    """Void, and refused from then on; one that was used is left, and is not usable again when the bill that used it comes back."""
    given = ring(offers, goods(1_000, 5))
    number = coupon_of(given)
    assert back(offers, given, (1, 1)).asked_back == (AskedBack("next-visit", coupon=number),)
    assert open_coupons(offers) == []
    assert refused(lambda: ring(offers, goods(1_000), coupons=[number])) == "coupon-invalid"
    again = ring(offers, goods(5_000))
    used = ring(offers, goods(1_000), coupons=[coupon_of(again)])
    back(offers, again)
    assert back(offers, used).coupons_back == ()
    assert open_coupons(offers) == []
    assert faults(offers) == []


def test_a_number_that_is_taken_is_drawn_again(offers: Shop) -> None:
    """Chance gives the same number twice; the second coupon gets the next one."""
    drawn = chain([7, 7], count(8))
    offers.register = replace(offers.register, new_secret=lambda below: next(drawn) % below)
    numbers = [coupon_of(ring(offers, goods(5_000))) for _ in range(2)]
    assert numbers == [new_number(lambda _: 7), new_number(lambda _: 8)]


def test_what_looks_like_a_coupon_and_is_none(offers: Shop) -> None:
    """A wrong check digit, and a number that was never given: both say so."""
    number = new_number(lambda _: 1)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for code in (number, wrong):
        found = recognise(offers.register, code)
        assert isinstance(found, NotRecognised)
        assert "oupon" in found.message.template


# ---- the open bill ----


def test_an_open_bill_forgets_another_holders_wishes(offers: Shop) -> None:
    """Rewards and coupons go with the card; a coupon that was scanned before any card stays for it. Put aside, all waits."""
    bill = Bill("0193f5c4-8a00-7000-8000-000000000001", (goods(100),)).with_coupon("C1").with_coupon("C1")
    assert bill.coupons == ("C1",)
    mine = bill.with_card(ANA).with_reward("mug").with_reward("cup").with_reward("mug")
    assert (mine.coupons, mine.take) == (("C1",), ("mug", "cup", "mug"))
    assert mine.with_card(ANA) == mine
    assert (mine.with_card(BORIS).coupons, mine.with_card(BORIS).take) == ((), ())
    assert mine.without_card() == replace(bill, coupons=())
    less = mine.without_reward("mug").without_reward("jug").without_coupon("C1")
    assert (less.coupons, less.take) == ((), ("mug", "cup"))
    suspend(offers.register, mine, "anna")
    assert recall(offers.register, mine.id) == mine


# ---- the store's own check ----


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE coupons SET valid = '2027-01-01'",
        "UPDATE coupons SET coupon = 'other'",
        "UPDATE coupons SET given_by = 'other'",
        "UPDATE coupons SET account_id = (SELECT account_id FROM cards WHERE number = '2900000000025')",
        "UPDATE coupons SET used_by = NULL",
        "UPDATE coupons SET used_by = entry_id",
        "UPDATE coupons SET void_by = NULL",
        "UPDATE coupons SET void_by = (SELECT id FROM refunds) WHERE void_by IS NULL",
        "UPDATE coupons SET entry_id = (SELECT max(id) FROM sales)",
        "UPDATE coupons SET number = 'C0000000000' WHERE used_by IS NOT NULL",
        "DELETE FROM coupons WHERE used_by IS NOT NULL",
        "DELETE FROM coupons WHERE void_by IS NOT NULL",
    ],
)
def test_verify_finds_a_coupon_that_was_changed(offers: Shop, change: str) -> None:
    """One coupon was used, one taken back, one is open; whatever is changed of them is found."""
    used, taken = ring(offers, goods(5_000)), ring(offers, goods(5_000))
    ring(offers, goods(5_000))
    ring(offers, goods(1_000), coupons=[coupon_of(used)])
    back(offers, taken)
    assert faults(offers) == []
    with closing(sqlite3.connect(offers.path)) as db, db:
        db.execute(change)
    assert any(place.startswith("coupon ") for place in faults(offers))
