"""Visits, baskets and turnover, with a card and without; the best fifth and a holder's worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from figures import figures
from shops import ANA, BORIS, PROGRAMME, Shop

from pos_loyalty.reports.frame import Period
from pos_loyalty.till import cards
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.returns import RefundOrder, refund


def test_with_a_card_and_without(corner: Shop) -> None:
    """Ana pays 95.00 and 190.00 (5 % off), nobody known 30.00 and 50.00; a card comes late to the 50.00: three visits with a
    card that came to 335.00, 111.67 each. In February 50 % of the 200.00 comes back: 95.00, against a turnover of nothing.
    """
    activate(corner.register, PROGRAMME + '\n[guard]\nlate_card = "10 minutes"\n', None, "owner")
    corner.clock.forward(minutes=1)
    corner.sell(10_000, ANA)
    big = corner.sell(20_000, ANA)
    corner.sell(3_000)
    forgotten = corner.sell(5_000)
    add_card(corner.register, LateOrder(forgotten.sale.id, BORIS, "anna"))
    corner.clock.forward(days=31)
    refund(corner.register, RefundOrder(big.sale.id, lines=((1, 500_000),)))
    found = figures(corner.store, "visits", date(2026, 2, 1), date(2026, 2, 28))
    assert found["visits", "with", ""] == (0, 3)
    assert found["visits", "without", ""] == (0, 1)
    assert found["basket", "with", ""] == ("can't tell yet", 11_167)
    assert found["basket", "without", ""] == ("can't tell yet", 3_000)
    assert found["turnover", "with", ""] == (-9_500, 33_500)
    assert found["returned", "with", ""] == (9_500, 0)
    assert found["turnover", "without", ""] == (0, 3_000)
    assert found["lifetime_value", "", ""][0] == (9_500 + 19_000 - 9_500 + 5_000 + 1) // 2


def test_the_best_fifth(corner: Shop) -> None:
    """Of six holders who spent 95.00 five times and 475.00 once (5 % off), the best two (a fifth of six, rounded up) brought
    570.00 of 950.00: 60 %. With four nothing can be told.
    """
    numbers = [ANA, BORIS, *cards.issue(corner.register, count=4)]
    for number in numbers[:4]:
        corner.sell(10_000, number)
    day = date(2026, 1, 5)
    assert figures(corner.store, "visits", day, day)["best_fifth", "", ""] == ("can't tell yet", "can't tell yet")
    corner.sell(10_000, numbers[4])
    corner.sell(50_000, numbers[5])
    assert figures(corner.store, "visits", day, day)["best_fifth", "", ""][0] == 600_000


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ((date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28))),
        ((date(2026, 1, 1), date(2026, 6, 30)), (date(2025, 7, 1), date(2025, 12, 31))),
        ((date(2026, 3, 2), date(2026, 3, 8)), (date(2026, 2, 23), date(2026, 3, 1))),
        ((date(2026, 3, 2), date(2026, 3, 2)), (date(2026, 3, 1), date(2026, 3, 1))),
    ],
)
def test_the_period_before(period: tuple[date, date], before: tuple[date, date]) -> None:
    """Whole months are beside as many months, other days beside as many days; a period without an end has none before."""
    assert Period(*period).before() == Period(*before)
    with pytest.raises(ValueError, match="without an end"):
        replace(Period(*period), last=date.max).before()
