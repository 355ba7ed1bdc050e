"""What offers brought: uses, cost, sales with them, and the lift against a control group."""

from __future__ import annotations

from datetime import date

import pytest
from figures import figures, only
from shops import ANA, PROGRAMME, Shop

from pos_loyalty.reports.frame import CANNOT_TELL
from pos_loyalty.reports.lift import Lift, lift, student
from pos_loyalty.reports.offers import BROUGHT_LESS, BROUGHT_MORE, verdict
from pos_loyalty.till import cards
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.returns import RefundOrder, refund

POINTS = """
[purse.points]
unit = "points"
worth = "0.01"

[[offer]]
id = "points"
title = "A point for every 1.00"
give = { earn = { points = 1 }, every = "1.00" }
control_group = "50%"
"""
DAY = date(2026, 1, 5)


def test_uses_cost_and_sales(corner: Shop) -> None:
    """Ana pays 95.00 and 190.00 after 5 % off, and gets 2.85 back; half of the 200.00 comes back. Two bills used the tier's
    discount, which cost 15.00 less 5.00; they came to 285.00 less 95.00, and her cashback cost 0.95 and 1.90 less 0.95.
    """
    corner.sell(10_000, ANA)
    sold = corner.sell(20_000, ANA)
    refund(corner.register, RefundOrder(sold.sale.id, lines=((1, 500_000),)))
    found = figures(corner.store, "offers", DAY, DAY)
    discount, cashback = "tier:basic:discount", "tier:basic:cashback"
    assert only(found, "cost") == {(discount, ""): 1_000, (cashback, ""): 190}
    assert only(found, "discounts") == {(discount, ""): 1_000}
    assert only(found, "earned") == {(cashback, ""): 190}
    assert found["sales_with", discount, ""] == (19_000, None)
    assert (found["bills", discount, ""][0], found["used_by", discount, ""][0]) == (2, 1)
    refund(corner.register, RefundOrder(sold.sale.id))
    whole = figures(corner.store, "offers", DAY, DAY)
    assert (whole["bills", discount, ""][0], whole["cost", discount, ""][0]) == (1, 500)
    assert whole["sales_with", discount, ""][0] == 9_500
    assert whole["earned", cashback, ""][0] == 95


def test_too_few_can_tell_nothing(corner: Shop) -> None:
    """Whoever meets the offer is counted as having had it or as held out; with fewer than 30 in each, nothing is told."""
    activate(corner.register, PROGRAMME + POINTS, None, "owner")
    for number in cards.issue(corner.register, count=12):
        corner.sell(1_000, number)
    found = figures(corner.store, "offers", DAY, DAY)
    met, out = found["met", "points", ""][0], found["held_out", "points", ""][0]
    assert isinstance(met, int)
    assert isinstance(out, int)
    assert (met + out, found["used_by", "points", ""][0]) == (12, met)
    assert out > 0
    assert found["verdict", "points", ""][0] == "can't tell yet"
    assert not only(found, "lift")


def test_a_lift_that_is_there_is_told(corner: Shop) -> None:
    """Of 120 holders those who had the offer come again for 100.00, the held out do not. Each paid 9.50 the first time; those who
    had it spent 95.00 more, exactly. One who had met it the day before is in neither group.
    """
    activate(corner.register, PROGRAMME + POINTS, None, "owner")
    corner.sell(1_000, ANA)
    corner.clock.forward(days=1)
    corner.sell(1_000, ANA)
    for number in cards.issue(corner.register, count=120):
        if corner.sell(1_000, number).sale.quote.held_out == ():
            corner.sell(10_000, number)
    found = figures(corner.store, "offers", date(2026, 1, 6), date(2026, 1, 6))
    met, out = found["met", "points", ""][0], found["held_out", "points", ""][0]
    assert isinstance(met, int)
    assert isinstance(out, int)
    assert met + out == 120
    assert min(met, out) >= 30
    assert [found[name, "points", ""][0] for name in ("lift", "lift_low", "lift_high")] == [9_500] * 3
    assert found["verdict", "points", ""][0] == BROUGHT_MORE.template


def test_welch_by_hand() -> None:
    """30 values of 0 and 2 in turn against 30 of 1 and 5: means 1 and 3; variances 30/29 and 120/29, so s²/n are 1/29 and 4/29, the
    standard error is the root of 5/29, 0.41523; v = 25 * 29 / 17 = 42.647; t(0.975, v) = 2.01716; the margin 0.8376.
    """
    scaled = 10_000
    found = lift([0, 2 * scaled] * 15, [1 * scaled, 5 * scaled] * 15)
    assert found is not None
    assert found.difference == -2 * scaled
    assert found.high - found.difference == pytest.approx(8_376, abs=2)
    assert found.difference - found.low == found.high - found.difference
    assert verdict(found) == BROUGHT_LESS
    assert lift([1] * 29, [2] * 300) is None
    assert lift([1] * 300, [2] * 29) is None
    assert verdict(None) == verdict(Lift(1, -1, 3)) == CANNOT_TELL


@pytest.mark.parametrize(("freedom", "quantile"), [(29, 2.04523), (40, 2.02108), (60, 2.00030), (120, 1.97993)])
def test_students_quantile(freedom: int, quantile: float) -> None:
    """It is that of printed tables to five digits."""
    assert student(freedom) == pytest.approx(quantile, abs=1.5e-5)
