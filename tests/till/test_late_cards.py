"""A card that was forgotten is added to a closed bill: its holder earns what was paid for, and everything else follows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from shops import ANA, BORIS, Clock, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.cards import CardView, show
from pos_loyalty.till.checkout import Closed, Order, OrderLine, sell
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.returns import RefundOrder, refund

PROGRAMME = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Sofia"

[[exclude]]
departments = ["tobacco"]

[purse.cashback]
unit = "money"
expires = "12 months"

[purse.points]
unit = "points"
worth = "0.01"

[[tier]]
id = "basic"
name = "Basic"
spend = "0.00"
discount = "10%"
cashback = "1%"

[[tier]]
id = "gold"
name = "Gold"
spend = "100.00"
discount = "20%"
cashback = "3%"

[[offer]]
id = "sale"
title = "5 off for all"
for = { everyone = true }
needs = { spend = "50.00" }
give = { discount = "5.00" }
limit = { each = 1, total = 5 }

[[offer]]
id = "visit"
title = "Once a day"
give = { earn = { points = 5 } }
limit = { each = 1, within = "1 day", budget = "10.00" }

[[offer]]
id = "friend"
title = "Welcome"
for = { referred = true, first_visit = true }
give = { earn = { points = 10 }, referrer = { points = 50 } }
limit = { each_referrer = 3 }

[[offer]]
id = "coffee"
title = "Coffee lovers"
for = { bought = { departments = ["coffee"] } }
give = { discount = "1.00" }

[guard]
bills_per_card_per_day = 2
own_card = "refuse"
late_card = "10 minutes"
"""


@pytest.fixture
def late_shop(make_shop: Callable[..., Shop]) -> Shop:
    """A register with Ana, and Boris whom she sent."""
    shop = make_shop(PROGRAMME)
    enrol(shop.register, Enrolment("Ana", ANA))
    enrol(shop.register, Enrolment("Boris", BORIS, referred_by=ANA))
    return shop


def ring(shop: Shop, *amounts: int, card: str | None = None) -> Closed:
    """Close a bill of coffee at these prices."""
    lines = tuple(OrderLine(name="Coffee", department="coffee", unit_price=amount, vat=200_000) for amount in amounts)
    return sell(shop.register, Order(lines, card=card, operator="anna"))


def add(shop: Shop, closed: Closed, card: str = BORIS, **more: str) -> None:
    add_card(shop.register, LateOrder(closed.sale.id, card, "anna", **more))


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def held(view: CardView) -> dict[str, int]:
    return {purse: one.balance.available for purse, one in view.purses.items() if one.balance.available}


def whole(shop: Shop) -> None:
    assert verify_store(shop.store).faults == ()


def test_the_holder_earns_on_what_was_paid(late_shop: Shop) -> None:
    """120.00 less the 5.00 for all: 1.15 of 1 %, 15 points, Ana's 50; gold from then on, and nothing more off the bill."""
    closed = ring(late_shop, 12_000)
    add(late_shop, closed)
    view = show(late_shop.register, BORIS)
    assert held(view) == {"cashback": 115, "points": 15}
    assert held(show(late_shop.register, ANA)) == {"points": 50}
    assert view.tier is not None
    assert (view.tier.id, view.tier.spend, view.visits) == ("gold", 11_500, 1)
    assert late_shop.store_value("SELECT count(*) FROM sales") == 1
    whole(late_shop)
    again = ring(late_shop, 1_000, card=BORIS)
    assert [one.offer for one in again.sale.quote.discounts] == ["tier:gold:discount", "coffee"]
    assert [one.offer for one in again.sale.quote.earned] == ["tier:gold:cashback"], "the visit's points were had"
    whole(late_shop)


def test_a_return_takes_back_what_the_late_card_earned(late_shop: Shop) -> None:
    """The bill comes back line by line: in the end nobody holds anything, no spend counts, and every limit is given back."""
    closed = ring(late_shop, 12_000, 4_000)
    add(late_shop, closed)
    refund(late_shop.register, RefundOrder(closed.sale.id, lines=((1, MILLION),)))
    whole(late_shop)
    view = show(late_shop.register, BORIS)
    assert view.tier is not None
    assert (view.tier.id, view.tier.spend) == ("basic", 3_875)
    refund(late_shop.register, RefundOrder(closed.sale.id))
    whole(late_shop)
    for card in (ANA, BORIS):
        assert held(show(late_shop.register, card)) == {}
    assert late_shop.store_value("SELECT sum(uses) + sum(given) FROM offer_uses") == 0
    assert late_shop.store_value("SELECT sum(kept) FROM purchases") == 0
    assert late_shop.store_value("SELECT sum(uses) FROM referrals") == 0


def test_it_is_once_by_its_id(late_shop: Shop) -> None:
    """The same order again answers the same and stores nothing; the id for something else is refused."""
    closed = ring(late_shop, 1_000)
    order = LateOrder(closed.sale.receipt_number, BORIS, "anna", late_shop.register.new_id())
    assert add_card(late_shop.register, order) == add_card(late_shop.register, order)
    other = LateOrder(closed.sale.id, ANA, "anna", order.id)
    assert code(lambda: add_card(late_shop.register, other)) == "id-conflict"
    assert late_shop.store_value("SELECT count(*) FROM deeds") == 1


def test_what_has_a_card_or_came_back_takes_none(late_shop: Shop) -> None:
    """A card was shown, one was added, or goods came back: late-card; a bill that is not there: sale-unknown."""
    shown, bare, returned = ring(late_shop, 1_000, card=ANA), ring(late_shop, 1_000), ring(late_shop, 1_000, 500)
    add(late_shop, bare)
    refund(late_shop.register, RefundOrder(returned.sale.id, lines=((2, MILLION),)))
    for closed in (shown, bare, returned):
        assert code(lambda closed=closed: add(late_shop, closed)) == "late-card"  # type: ignore[misc]
    assert code(lambda: add_card(late_shop.register, LateOrder("till-1-000099", BORIS))) == "sale-unknown"
    whole(late_shop)


def test_ten_minutes_are_ten_minutes(late_shop: Shop) -> None:
    """Ten minutes after the bill was closed a card is taken, eleven after it is not."""
    first, second = ring(late_shop, 1_000), ring(late_shop, 1_000)
    late_shop.clock.forward(minutes=10)
    add(late_shop, first)
    late_shop.clock.forward(minutes=1)
    assert code(lambda: add(late_shop, second, ANA)) == "late-card"


def test_it_is_forbidden_where_the_programme_has_no_time_for_it(make_shop: Callable[..., Shop]) -> None:
    """ "0 minutes", as without a word, forbids it a second after."""
    clock = Clock()
    shop = make_shop(PROGRAMME.replace("10 minutes", "0 minutes"), clock=clock)
    enrol(shop.register, Enrolment("Boris", BORIS))
    closed = ring(shop, 1_000)
    assert code(lambda: add(shop, closed)) == "late-card"
    shop.clock.forward(minutes=1)
    assert code(lambda: add(shop, closed)) == "late-card"


def test_the_guard_watches_it_too(late_shop: Shop) -> None:
    """Two bills a day are two, with a card shown or added; and a cashier's own card is not added either."""
    bills = [ring(late_shop, 1_000) for _ in range(3)]
    assert code(lambda: add_card(late_shop.register, LateOrder(bills[0].sale.id, BORIS, "Boris"))) == "own-card"
    add(late_shop, bills[0])
    add(late_shop, bills[1])
    assert code(lambda: add(late_shop, bills[2])) == "guard"
    add(late_shop, bills[2], allowed_by="Maria")
    assert code(lambda: ring(late_shop, 1_000, card=BORIS)) == "guard"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE spends SET amount = amount + 1",
        "UPDATE offer_uses SET given = given + 1 WHERE offer = 'visit'",
        "UPDATE purchases SET kept = kept + 1",
        "DELETE FROM referrals",
        "UPDATE accounts SET visits = 0",
        "UPDATE accounts SET tier = 'basic' WHERE visits = 1",
    ],
)
def test_a_copy_that_was_changed_is_found(late_shop: Shop, change: str) -> None:
    """What a late card made count is derived from its deed and the bill."""
    add(late_shop, ring(late_shop, 12_000))
    whole(late_shop)
    with closing(sqlite3.connect(late_shop.path)) as db:
        assert db.execute(change).rowcount
        db.commit()
    assert verify_store(late_shop.store).faults
