"""Offers over days of sales and returns on a real store: limits, budgets and hours, and what a return gives back of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from bills import goods
from shops import ANA, BORIS, Clock, Shop
from written import TIER, text_of

from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.sale import Quote
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import price, sell
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.programmes import activate, history
from pos_loyalty.till.returns import RefundOrder, refund

TEN = 'give = { discount = "10%" }'
VISIT = "give = { earn = { points = 5 } }"


@pytest.fixture
def offer(make_shop: Callable[..., Shop]) -> Callable[..., Shop]:
    """A maker of a shop with one offer, "o", and two holders; its store must be whole however the test leaves it."""

    def make(keys: str, clock: Clock | None = None) -> Shop:
        shop = make_shop(text_of({"o": keys}), clock=clock)
        enrol(shop.register, Enrolment("Ana Kovač", ANA))
        enrol(shop.register, Enrolment("Boris Babić", BORIS))
        return shop

    return make


def off(quote: Quote) -> int:
    return sum(discount.amount for discount in quote.discounts)


def points(quote: Quote) -> int:
    return sum(earned.amount for earned in quote.earned)


def give_back(shop: Shop, sale: str, pieces: int | None = None) -> None:
    lines = None if pieces is None else ((1, pieces * MILLION),)
    refund(shop.register, RefundOrder(sale, shop.register.new_id(), lines=lines, operator="anna"))


def quoted(shop: Shop, card: str | None = ANA) -> Quote:
    """What a bill of 10.00 would come to now."""
    bill = Bill(shop.register.new_id(), (goods("10.00", department="food"),), card)
    return price(shop.register, bill.order("anna")).sale.quote


# ---- each holder ----


def test_once_a_day(offer: Callable[..., Shop]) -> None:
    """Five points for dropping in, on the first bill of a day, for each holder."""
    shop = offer(f'{VISIT}\nlimit = {{ each = 1, within = "1 day" }}')
    earned = [points(shop.sell(1_000, card).sale.quote) for card in (ANA, ANA, BORIS)]
    shop.clock.forward(days=1)
    earned.append(points(shop.sell(1_000, ANA).sale.quote))
    assert earned == [5, 0, 5, 5]
    assert verify_store(shop.store).faults == ()


def test_each_within_so_many_days(offer: Callable[..., Shop]) -> None:
    """Twice in thirty days: on day 0 and 10; again on day 30, when the first is thirty days ago; not on 39, but on 40."""
    shop = offer(f'{TEN}\nlimit = {{ each = 2, within = "30 days" }}')
    given = {}
    day = 0
    for wanted in (0, 10, 29, 30, 39, 40):
        shop.clock.forward(days=wanted - day)
        day = wanted
        given[day] = off(shop.sell(1_000, ANA).sale.quote)
    assert given == {0: 100, 10: 100, 29: 0, 30: 100, 39: 0, 40: 100}


def test_each_once_and_for_all(offer: Callable[..., Shop]) -> None:
    """Without `within` there is no second time, years later."""
    shop = offer(f"{TEN}\nlimit = {{ each = 1 }}")
    assert off(shop.sell(1_000, ANA).sale.quote) == 100
    shop.clock.forward(days=4_000)
    assert off(shop.sell(1_000, ANA).sale.quote) == 0
    assert [why.applied for why in quoted(shop).why] == [False]


def test_a_quote_says_what_the_sale_will_be_and_counts_nothing(offer: Callable[..., Shop]) -> None:
    """Priced as often as the cashier likes, the offer is still there."""
    shop = offer(f'{TEN}\nlimit = {{ each = 1, total = 1, budget = "5.00" }}')
    assert [off(quoted(shop)) for _ in range(3)] == [100, 100, 100]
    assert off(shop.sell(1_000, ANA).sale.quote) == 100
    assert off(quoted(shop)) == off(quoted(shop, BORIS)) == 0


# ---- all holders ----


def test_in_total(offer: Callable[..., Shop]) -> None:
    """The first two bills of whoever they are, with a card or without."""
    shop = offer(f"for = {{ everyone = true }}\n{TEN}\nlimit = {{ total = 2 }}")
    assert [off(shop.sell(1_000, card).sale.quote) for card in (ANA, None, BORIS)] == [100, 100, 0]
    assert verify_store(shop.store).faults == ()


def test_the_last_gets_what_is_left_of_a_budget(offer: Callable[..., Shop]) -> None:
    """2.50: 1.00, 1.00, 0.50 and nothing."""
    shop = offer(f'{TEN}\nlimit = {{ budget = "2.50" }}')
    assert [off(shop.sell(1_000, card).sale.quote) for card in (ANA, BORIS, ANA, BORIS)] == [100, 100, 50, 0]
    assert verify_store(shop.store).faults == ()


def test_a_budget_of_points(offer: Callable[..., Shop]) -> None:
    """0.12 are twelve points: five, five and two."""
    shop = offer(f'{VISIT}\nlimit = {{ budget = "0.12" }}')
    assert [points(shop.sell(1_000, ANA).sale.quote) for _ in range(4)] == [5, 5, 2, 0]


def test_two_tills_share_what_is_left(make_shop: Callable[..., Shop], offer: Callable[..., Shop]) -> None:
    """What one gives the other has no longer."""
    first = offer(f"for = {{ everyone = true }}\n{TEN}\nlimit = {{ total = 3 }}")
    second = make_shop(name="till-2")
    assert [off(till.sell(1_000).sale.quote) for till in (first, second, first, second)] == [100, 100, 100, 0]


def test_a_limit_that_comes_later_counts_what_was_given_before(offer: Callable[..., Shop]) -> None:
    """Two sales under rules without one, then a total of three."""
    shop = offer(TEN)
    for _ in range(2):
        shop.sell(1_000, ANA)
    activate(shop.register, text_of({"o": f"{TEN}\nlimit = {{ total = 3 }}"}), None, "owner")
    assert [off(shop.sell(1_000, ANA).sale.quote) for _ in range(2)] == [100, 0]
    assert verify_store(shop.store).faults == ()


# ---- returns ----


@pytest.mark.parametrize("limit", ["each = 1", "total = 1", 'budget = "1.00"'])
def test_a_bill_that_comes_back_whole_gives_its_limits_back(offer: Callable[..., Shop], limit: str) -> None:
    """At once or in pieces; the offer is there again."""
    shop = offer(f"{TEN}\nlimit = {{ {limit} }}")
    for _ in range(2):
        sold = shop.sell(1_000, ANA).sale
        assert (off(sold.quote), off(quoted(shop))) == (100, 0)
        give_back(shop, sold.id)
        assert off(quoted(shop)) == 100
    assert verify_store(shop.store).faults == ()


def test_a_part_that_comes_back_gives_nothing_of_the_limits_back(offer: Callable[..., Shop]) -> None:
    """The last piece does."""
    shop = offer(f'{TEN}\nlimit = {{ each = 1, within = "1 year" }}')
    bill = Bill(shop.register.new_id(), (goods("5.00", "2", department="food"),), ANA)
    sold = sell(shop.register, bill.order("anna")).sale
    give_back(shop, sold.id, 1)
    assert off(quoted(shop)) == 0
    give_back(shop, sold.id, 1)
    assert off(quoted(shop)) == 100
    assert verify_store(shop.store).faults == ()


def test_what_comes_back_counts_off_on_the_day_of_its_sale(offer: Callable[..., Shop]) -> None:
    """Sold on day 0, had again on day 30, brought back on day 31: the one of day 30 still counts."""
    shop = offer(f'{TEN}\nlimit = {{ each = 1, within = "30 days" }}')
    first = shop.sell(1_000, ANA).sale
    shop.clock.forward(days=30)
    assert off(shop.sell(1_000, ANA).sale.quote) == 100
    shop.clock.forward(days=1)
    give_back(shop, first.id)
    assert off(quoted(shop)) == 0


# ---- times ----


def test_hours_are_of_the_shops_clock_and_days_of_its_business_day(offer: Callable[..., Shop]) -> None:
    """07:30 in London is 09:30 in Sofia; at 23:30 of a Sunday in London it is Monday there."""
    clock = Clock(datetime(2026, 1, 5, 7, 30, tzinfo=UTC))
    shop = offer(f'when = {{ weekdays = ["mon"], hours = "09:00-12:00" }}\n{TEN}', clock)
    assert off(quoted(shop)) == 100
    clock.now = datetime(2026, 1, 5, 6, 59, tzinfo=UTC)
    assert off(quoted(shop)) == 0
    clock.now = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
    assert off(quoted(shop)) == 0


def test_a_night_belongs_to_the_day_before_it(make_shop: Callable[..., Shop]) -> None:
    """With days that start at 04:00, half past one on Sunday morning is still Saturday, and half past one by the clock."""
    night = text_of({"o": f'when = {{ weekdays = ["sat"], hours = "22:00-02:00" }}\n{TEN}'})
    shop = make_shop(night.replace('time_zone = "Europe/Sofia"', 'time_zone = "UTC"\nday_starts = "04:00"'))
    enrol(shop.register, Enrolment("Ana Kovač", ANA))
    said = {}
    for hour, minute in ((1, 30), (2, 0), (22, 30)):
        shop.clock.now = datetime(2026, 1, 11, hour, minute, tzinfo=UTC)
        said[hour] = off(quoted(shop))
    assert said == {1: 100, 2: 0, 22: 0}


def test_who_stayed_away_is_missed_once(make_shop: Callable[..., Shop]) -> None:
    """From the ninetieth day on; the sale itself ends it."""
    shop = make_shop(text_of({"o": f'for = {{ not_seen_for = "90 days" }}\n{TEN}'}, TIER))
    enrol(shop.register, Enrolment("Ana Kovač", ANA))
    given = []
    for days in (0, 89, 90, 0):
        shop.clock.forward(days=days)
        discounts = shop.sell(1_000, ANA).sale.quote.discounts
        given.append([discount.offer for discount in discounts])
    assert given == [[tier := "tier:basic:discount"], [tier], [tier, "o"], [tier]]


# ---- what is counted ----


def test_a_control_group_is_counted(offer: Callable[..., Shop]) -> None:
    """With half of the holders held out, each bill counts on one side or the other, and the sides stay."""
    shop = offer(f'{TEN}\ncontrol_group = "50%"')
    cards = [f"CARD-{n}" for n in range(12)]
    for n, card in enumerate(cards):
        enrol(shop.register, Enrolment(f"Holder {n}", card))
    sides = [[off(shop.sell(1_000, card).sale.quote) for card in cards] for _ in range(2)]
    assert sides[0] == sides[1]
    given = sum(1 for each in sides[0] if each)
    assert 0 < given < len(cards)
    assert shop.store_value("SELECT sum(uses) FROM offer_uses") == 2 * given
    assert shop.store_value("SELECT sum(held_out) FROM offer_uses") == 2 * (len(cards) - given)
    assert verify_store(shop.store).faults == ()


def test_a_purse_of_points_pays_at_its_worth_and_comes_back(offer: Callable[..., Shop]) -> None:
    """500 points pay 5.00 of 10.00; returned, the points are there again."""
    shop = offer('give = { earn = { points = 1 }, every = "1.00" }')
    shop.sell(50_000, ANA)
    paid = shop.sell(1_000, ANA, {"points": 500}).sale
    assert (paid.quote.due, paid.quote.spent[0].amount, paid.quote.spent[0].lines) == (500, 500, (500,))
    assert paid.balances[1].available == 5
    give_back(shop, paid.id)
    held = price(shop.register, Bill(shop.register.new_id(), (goods("1.00"),), ANA).order("anna")).account
    assert held is not None
    assert held.holding("points").available(paid.day) == 500
    assert verify_store(shop.store).faults == ()


@pytest.mark.parametrize(("purse", "unit"), [("points", "money"), ("cashback", "stamps")])
def test_a_purse_holds_money_or_units_for_good(offer: Callable[..., Shop], purse: str, unit: str) -> None:
    """What is held would be something else from one day to the next: such rules are not activated, and those before stay."""
    shop = offer(TEN)
    lines = text_of({"o": TEN}).replace('worth = "0.01"\n', "").splitlines()
    lines[lines.index(f"[purse.{purse}]") + 1] = f'unit = "{unit}"'
    with pytest.raises(Refused) as refused:
        activate(shop.register, "\n".join(lines), None, "owner")
    assert (refused.value.code, refused.value.message.values) == ("programme-invalid", {"purse": purse})
    assert len(history(shop.register)) == 1
