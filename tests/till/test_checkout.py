"""Ringing up a sale on a real store: what a cashier may count on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from shops import ANA, BORIS, PROGRAMME, Shop

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.sale import Tender
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import card_life, cards, holders
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import Order, OrderLine, price, sell, selling
from pos_loyalty.till.programmes import activate

FIVE_PERCENT_BACK = """
[programme]
name = "Seed"
currency = "EUR"
time_zone = "Europe/Sofia"
[purse.cashback]
unit = "money"
[[tier]]
id = "card"
name = "Card"
spend = "0.00"
cashback = "5%"
"""


def _entries(shop: Shop) -> list[tuple[str, ...]]:
    return [tuple(str(row).split()) for row in shop.store_values("SELECT kind || ' ' || seq FROM entries ORDER BY seq")]


def test_seed_example(make_shop: Callable[..., Shop]) -> None:
    """5000.00 on a card with 5 % cashback earns 250.00."""
    shop = make_shop(FIVE_PERCENT_BACK)
    cards.issue(shop.register, ANA)
    closed = shop.sell(500_000, ANA)
    assert [earned.amount for earned in closed.sale.quote.earned] == [25_000]
    assert closed.sale.balances[0].available == 25_000


def test_same_id_twice_is_once(shop: Shop) -> None:
    """The same bill sent again answers with the first result and stores nothing."""
    holders.enrol(shop.register, holders.Enrolment("Ana Kovač", ANA))
    order = Bill(shop.register.new_id(), (LineItem("Tea", 350),), ANA).order("anna")
    first = sell(shop.register, order)
    before = _entries(shop)
    shop.clock.forward(minutes=5)
    again = sell(shop.register, order)
    assert (again.sale, again.holder) == (first.sale, first.holder)
    assert again.repeated
    assert _entries(shop) == before


def test_same_id_with_other_content_is_refused(shop: Shop) -> None:
    """An id that was used for one bill can't be used for another."""
    bill = Bill(shop.register.new_id(), (LineItem("Tea", 350),))
    sell(shop.register, bill.order("anna"))
    with pytest.raises(Refused) as refused:
        sell(shop.register, bill.add(LineItem("Cup", 900)).order("anna"))
    assert refused.value.code == "id-conflict"


def test_refused_sale_stores_nothing(shop: Shop) -> None:
    """A bill that is refused leaves no entry, no receipt number and no change of a purse."""
    cards.issue(shop.register, ANA)
    shop.sell(10_000, ANA)
    before = _entries(shop)
    with pytest.raises(Refused) as refused:
        shop.sell(10_000, ANA, {"cashback": 100})
    assert refused.value.code == "balance-too-low"
    assert _entries(shop) == before
    assert shop.sell(100).sale.number == 2


def test_price_stores_nothing_and_is_what_sell_does(shop: Shop) -> None:
    """A quote leaves no trace, and closing the bill comes to the same."""
    cards.issue(shop.register, ANA)
    order = Bill(shop.register.new_id(), (LineItem("Tea", 350),), ANA).order("anna")
    before = _entries(shop)
    quoted = price(shop.register, order)
    assert _entries(shop) == before
    assert sell(shop.register, order).sale.quote == quoted.sale.quote


@pytest.mark.parametrize("moment", ["first", "last", "wrong first", "twice"])
def test_when_the_card_is_scanned_changes_nothing(shop: Shop, moment: str) -> None:
    """Scanning the card late, twice, or a wrong one first gives the same bill as the right one at the start."""
    holders.enrol(shop.register, holders.Enrolment("Ana", ANA))
    holders.enrol(shop.register, holders.Enrolment("Boris", BORIS))
    shop.sell(60_000, BORIS)
    tea, cup = LineItem("Tea", 350, sku="T"), LineItem("Cup", 900, sku="C")
    empty = Bill(shop.register.new_id())
    bill = {
        "first": empty.with_card(ANA).add(tea).add(cup),
        "last": empty.add(tea).add(cup).with_card(ANA),
        "wrong first": empty.with_card(BORIS)
        .with_spend("cashback", 100)
        .add(tea)
        .add(cup)
        .without_card()
        .with_card(ANA),
        "twice": empty.with_card(ANA).add(tea).with_card(ANA).add(cup),
    }[moment]
    quote = price(shop.register, bill.order("anna")).sale.quote
    assert (quote.gross, quote.due, [e.amount for e in quote.earned]) == (1250, 1187, [11])


def test_pending_is_not_spent_and_available_is(shop: Shop) -> None:
    """What was earned can be spent from the fourteenth day on, not a day before."""
    cards.issue(shop.register, ANA)
    shop.sell(100_000, ANA)
    shop.clock.forward(days=13)
    with pytest.raises(Refused):
        shop.sell(10_000, ANA, {"cashback": 950})
    shop.clock.forward(days=1)
    assert shop.sell(10_000, ANA, {"cashback": 950}).sale.quote.spent[0].amount == 950


def test_lapsed_lots_are_posted_at_the_next_touch(shop: Shop) -> None:
    """What ran out is taken off by an entry of its own before the sale that touched the card, and can't be spent."""
    cards.issue(shop.register, ANA)
    first = shop.sell(100_000, ANA)
    expires = first.sale.quote.earned[0].expires
    assert expires == date(2027, 1, 19)
    shop.clock.now += timedelta(days=(expires - first.sale.day).days)
    assert price(shop.register, Bill("", (LineItem("Tea", 350),), ANA).order("")).spendable["cashback"].available == 950
    shop.clock.forward(days=1)
    second = shop.sell(10_000, ANA)
    assert [kind for kind, _ in _entries(shop)] == ["sale", "expiry", "sale"]
    (balance,) = second.sale.balances
    assert balance.available == 0


def test_receipts_and_entries_are_numbered_without_gaps(make_shop: Callable[..., Shop]) -> None:
    """Each register numbers its own receipts and entries from 1 without gaps, refusals in between or not."""
    one = make_shop()
    two = make_shop(name="till-2")
    cards.issue(one.register, ANA)
    numbers = []
    for shop in (one, two, one, one, two):
        with pytest.raises(Refused):
            shop.sell(100, "2900000000001")
        numbers.append(shop.sell(100, ANA).sale.receipt_number)
    assert numbers == ["till-1-000001", "till-2-000001", "till-1-000002", "till-1-000003", "till-2-000002"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("2900000000995", "card-unknown"),
        ("2900000000019", "card-check-digit"),
        (ANA, "card-blocked"),
        (BORIS, "card-replaced"),
    ],
)
def test_card_that_does_not_open_stops_the_sale(shop: Shop, number: str, code: str) -> None:
    """An unknown, misread, blocked or replaced card stops the sale with its reason; it is never a sale without a card."""
    cards.issue(shop.register, ANA)
    cards.issue(shop.register, BORIS)
    card_life.block(shop.register, ANA)
    card_life.replace(shop.register, BORIS)
    with pytest.raises(Refused) as refused:
        shop.sell(100, number)
    assert refused.value.code == code
    assert _entries(shop) == []


def test_tier_rises_with_the_sale_and_counts_from_the_next(shop: Shop) -> None:
    """A sale that carries the holder over a threshold is still priced at the old tier; the next one at the new."""
    holders.enrol(shop.register, holders.Enrolment("Ana Kovač", ANA))
    first = shop.sell(500_000, ANA).sale
    assert first.tier is not None
    assert first.tier_after is not None
    assert (first.tier.id, first.tier_after.id, first.quote.due) == ("basic", "vip", 475_000)
    assert shop.sell(10_000, ANA).sale.quote.due == 8_000


def test_bearer_card_stays_below_named_tiers_until_registered(shop: Shop) -> None:
    """A bearer card stops at Gold whatever it spends; registered in a name, it is VIP at once."""
    cards.issue(shop.register, ANA, kind="bearer")
    after = shop.sell(500_000, ANA).sale.tier_after
    assert after is not None
    assert after.id == "gold"
    holders.enrol(shop.register, holders.Enrolment("Ana Kovač", ANA))
    tier = shop.sell(100, ANA).sale.tier
    assert tier is not None
    assert tier.id == "vip"


def test_sale_before_the_newest_entry_is_taken_as_it_is(shop: Shop) -> None:
    """A bill whose time lies before the newest entry is stored, priced with the purses as they stand."""
    cards.issue(shop.register, ANA)
    shop.sell(60_000, ANA)
    earlier = shop.clock.now - timedelta(days=30)
    line = OrderLine(name="Tea", unit_price=350)
    closed = sell(shop.register, Order((line,), at=earlier, card=ANA))
    assert (closed.sale.at, closed.sale.recorded_at) == (earlier, shop.clock.now)
    assert [kind for kind, _ in _entries(shop)] == ["sale", "sale"]


def test_discount_by_hand_and_mixed_tenders(shop: Shop) -> None:
    """A discount that the cashier gives is listed as by_hand; card and cash pay together and only cash gives change."""
    bill = Bill(shop.register.new_id(), (LineItem("Coat", 10_000, by_hand=ByHand(amount=500)),))
    sale = sell(shop.register, bill.order("anna", (Tender("card", 5_000), Tender("cash", 5_000)))).sale
    assert [(d.offer, d.amount) for d in sale.quote.discounts] == [("by_hand", 500)]
    assert (sale.quote.due, sale.settlement.paid, sale.settlement.change) == (9_500, 10_000, 500)


def test_programme_without_tiers_leaves_the_tier_for_the_next(shop: Shop) -> None:
    """While a programme without tiers is in force nothing is taken from a holder's tier; the next programme finds it."""
    holders.enrol(shop.register, holders.Enrolment("Ana Kovač", ANA))
    shop.sell(500_000, ANA)
    shop.clock.forward(days=1)
    activate(shop.register, PROGRAMME.split("[tiers]")[0], None, "owner")
    assert shop.sell(10_000, ANA).sale.tier is None
    shop.clock.forward(days=1)
    activate(shop.register, PROGRAMME, None, "owner")
    tier = shop.sell(10_000, ANA).sale.tier
    assert tier is not None
    assert tier.id == "vip"
    assert verify_store(shop.store).faults == ()


def test_a_bill_whose_answer_cannot_be_written_is_not_stored(shop: Shop) -> None:
    """Around a sale nothing is durable before the block ends: what is raised in it undoes all of it."""
    before = _entries(shop)

    def broken() -> None:
        with selling(shop.register, Order((OrderLine(name="Tea", unit_price=350),))) as closed:
            assert closed.sale.quote.due == 350
            raise OSError("no paper")

    with pytest.raises(OSError, match="no paper"):
        broken()
    assert _entries(shop) == before
    sold = sell(shop.register, Order((OrderLine(name="Tea", unit_price=350),)))
    assert sold.sale.number == 1
