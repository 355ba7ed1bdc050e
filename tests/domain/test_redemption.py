"""What may be spent: from which lots, how much of a bill, and refusals that say what is possible."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from bills import DAY, eur, goods, holder, lot, pct, programme

from pos_loyalty.domain.ledger import Draw, Holding, Lot
from pos_loyalty.domain.message import Amount, Refused
from pos_loyalty.domain.money import MILLION, Currency
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.rules import Purse, Spend
from pos_loyalty.domain.redemption import Allowance, allowance, redeem
from pos_loyalty.domain.sale import Spent

EUR = Currency.of("EUR")
TODAY, TOMORROW, YESTERDAY = DAY, DAY + timedelta(days=1), DAY - timedelta(days=1)


def purse(**spend: Any) -> Purse:
    return Purse("cashback", spend=Spend(**spend))


def holding(*lots: Lot) -> Holding:
    return Holding("cashback", lots)


def spend(rules: Purse, held: Holding, ask: Any, to_pay: int, payable: int | None = None) -> Spent | None:
    may = allowance(rules, held, DAY, to_pay, to_pay if payable is None else payable, EUR)
    return redeem(rules, held, DAY, ask, may, [to_pay], EUR)


TEN = lot(amount="10.00", id="ten")


@pytest.mark.parametrize(
    ("to_pay", "payable", "up_to", "minimum", "possible"),
    [
        (5_000, 5_000, "100", 0, 1_000),  # all that there is
        (700, 700, "100", 0, 700),  # all that is to be paid
        (700, 650, "100", 0, 650),  # what another purse left of it
        (999, 999, "50", 0, 499),  # half of it, rounded down
        (3, 3, "33.3333", 0, 0),
        (999, 999, "0", 0, 0),
        (999, 999, "50", 499, 499),  # the minimum itself is enough
        (999, 999, "50", 500, 0),  # less than the minimum is nothing
        (0, 0, "100", 0, 0),
        (100, -5, "100", 0, 0),  # never less than nothing
    ],
)
def test_what_is_possible(to_pay: int, payable: int, up_to: str, minimum: int, possible: int) -> None:
    """Of what can be spent, of what was to be paid, of what is left of it; and less than the minimum is nothing."""
    rules = purse(up_to=pct(up_to), minimum=minimum)
    may = allowance(rules, holding(TEN), DAY, to_pay, payable, EUR)
    most = max(min(to_pay * rules.spend.up_to // MILLION, payable), 0)
    assert may == Allowance(possible, 1_000, most, max(minimum, 1))


@pytest.mark.parametrize(
    ("available", "expires", "can"),
    [
        (TODAY, TODAY, True),  # both days included
        (TODAY, None, True),
        (date(2020, 1, 1), TOMORROW, True),
        (TOMORROW, None, False),
        (date(2020, 1, 1), YESTERDAY, False),
    ],
)
def test_a_lot_can_be_spent_from_its_first_to_its_last_day(available: date, expires: date | None, can: bool) -> None:
    """Pending before, lapsed after."""
    held = holding(lot(amount="1.00", available=available, expires=expires))
    assert allowance(purse(), held, DAY, 5_000, 5_000, EUR).available == (100 if can else 0)
    assert (spend(purse(), held, "max", 5_000) is not None) == can


def test_max_takes_what_is_possible_and_no_more() -> None:
    """10.00 of a bill of 50.00, 5.00 of a bill of 10.00 that may be half paid; nothing where nothing is possible."""
    assert spend(purse(), holding(TEN), "max", 5_000) == Spent(
        "cashback", 1_000, "discount", (1_000,), (1_000,), (Draw("ten", 1_000),)
    )
    half = spend(purse(up_to=pct("50"), counts_as="tender"), holding(TEN), "max", 1_000)
    assert half == Spent("cashback", 500, "tender", (500,), (500,), (Draw("ten", 500),))
    assert spend(purse(), holding(), "max", 1_000) is None
    assert spend(purse(minimum=2_000), holding(TEN), "max", 5_000) is None
    assert spend(purse(), holding(TEN), 0, 5_000) is None


@pytest.mark.parametrize(
    ("rules", "ask", "to_pay", "code", "possible"),
    [
        (purse(), 1_001, 5_000, "balance-too-low", 1_000),
        (purse(up_to=pct("50")), 1_001, 1_000, "balance-too-low", 500),
        (purse(), 701, 700, "limit-reached", 700),
        (purse(up_to=pct("50")), 501, 1_000, "limit-reached", 500),
        (purse(minimum=100), 99, 5_000, "limit-reached", 1_000),
        (purse(minimum=100), 99, 50, "limit-reached", 0),
        (purse(minimum=600, up_to=pct("50")), 600, 1_000, "limit-reached", 0),
        (purse(), -1, 5_000, "limit-reached", 1_000),
    ],
)
def test_a_request_that_is_too_high_is_refused_with_what_is_possible(
    rules: Purse, ask: int, to_pay: int, code: str, possible: int
) -> None:
    """More than there is, than the bill, than its part, less than the minimum, less than nothing."""
    with pytest.raises(Refused) as refused:
        spend(rules, holding(TEN), ask, to_pay)
    assert refused.value.code == code
    assert refused.value.message.values["possible"] == Amount(possible, "EUR")


def test_the_minimum_itself_is_spent() -> None:
    """At least 1.00 at once: 1.00 is enough."""
    spent = spend(purse(minimum=100), holding(TEN), 100, 5_000)
    assert spent is not None
    assert spent.amount == 100


def test_what_was_earned_on_this_bill_cannot_be_spent_on_it() -> None:
    """A purse pays with what it held before the bill, though its hold is of no days."""
    rules = programme("0", "100", purses=(purse(),))
    priced = quote((goods("10.00"),), rules, DAY, holder(), {"cashback": "max"})
    assert (priced.spent, priced.due, priced.earned[0].amount) == ((), 1_000, 1_000)


def test_lots_of_the_same_day_are_drawn_oldest_first() -> None:
    """The same first and last day: the one that was filled earlier, then by id, so that every register draws alike."""
    day = date(2026, 5, 1)
    lots = [
        lot(amount="1.00", available=day, id="c"),
        lot(amount="1.00", available=day, id="b"),
        lot(amount="1.00", available=day, filled_at=TEN.filled_at, id="d"),
    ]
    for order in (lots, lots[::-1]):
        spent = spend(purse(), holding(*order), 250, eur("50.00"))
        assert spent is not None
        assert spent.draws == (Draw("d", 100), Draw("b", 100), Draw("c", 50))
