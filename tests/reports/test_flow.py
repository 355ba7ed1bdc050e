"""What went into purses and out of them, and what offers took off."""

from __future__ import annotations

from datetime import date

from figures import figures, only
from shops import ANA, Shop

from pos_loyalty.till.closing import close_day
from pos_loyalty.till.returns import RefundOrder, refund


def test_a_purse_from_earning_to_forgiving(corner: Shop) -> None:
    """January: 1,000.00 less 5 % (50.00) earns 9.50. February: of 10.00 less 10 % (gold by now) 4.50 are paid with it, the
    rest earns 3 % of 4.50, 0.13. March: all of January's comes back, forgiven what was spent: 5.00 leave the lot, 4.50 are
    forgiven, and
    the 50.00 of discount are taken off again.
    """
    first = corner.sell(100_000, ANA)
    corner.clock.forward(days=31)  # 5 February
    second = corner.sell(1_000, ANA, {"cashback": 450})
    assert second.sale.quote.due == 450
    corner.clock.forward(days=28)  # 5 March
    refund(corner.register, RefundOrder(first.sale.id, when_spent="forgive"))
    february = figures(corner.store, "flow", date(2026, 2, 1), date(2026, 2, 28))
    assert february["issued", "cashback", ""] == (13, 950)
    assert february["redeemed", "cashback", ""] == (450, None)
    assert only(february, "discounts") == {("tier:gold:discount", ""): 100}
    assert february["discounts", "tier:basic:discount", ""] == (None, 5_000)
    march = figures(corner.store, "flow", date(2026, 3, 1), date(2026, 3, 31))
    assert march["taken_back", "cashback", ""] == (500, None)
    assert march["forgiven", "cashback", ""] == (450, None)
    assert march["discounts", "tier:basic:discount", ""] == (-5_000, None)
    assert not only(march, "withheld")
    assert not only(march, "owed")


def test_debts_and_what_is_withheld(corner: Shop) -> None:
    """January: 9.50 (basic) and 27.00 (gold) are earned. February: 30.00 are spent, all of the first lot and 20.50 of the second,
    and 1.80 earned. The first sale comes back, its 9.50 withheld from the money. The second comes back: its lot still holds 6.50,
    the purse 1.80 more, and 18.70 are owed. The next 9.50 (basic again) make good a part of it.
    """
    first = corner.sell(100_000, ANA)
    other = corner.sell(100_000, ANA)
    corner.clock.forward(days=31)
    corner.sell(10_000, ANA, {"cashback": 3_000})
    refund(corner.register, RefundOrder(first.sale.id, when_spent="withhold"))
    refund(corner.register, RefundOrder(other.sale.id, when_spent="owe"))
    corner.sell(100_000, ANA)
    found = figures(corner.store, "flow", date(2026, 2, 1), date(2026, 2, 28))
    of_purse = {name: now for (name, purse, _), (now, _) in found.items() if purse == "cashback" and now is not None}
    assert of_purse == {
        "issued": 180 + 950,
        "redeemed": 3_000,
        "taken_back": 650 + 180,
        "made_good": 950,
        "owed": 1_870,
        "withheld": 950,
    }
    assert found["issued", "cashback", ""] == (1_130, 3_650)


def test_what_ran_out_counts_when_it_is_posted(corner: Shop) -> None:
    """0.95 of January 2026 expires on 19 January 2027 and is posted on 1 February."""
    corner.sell(10_000, ANA)
    corner.clock.forward(days=392)
    assert corner.clock.now.date() == date(2027, 2, 1)
    close_day(corner.register, None, "owner", lambda _: None)
    found = figures(corner.store, "flow", date(2027, 2, 1), date(2027, 2, 28))
    assert found == {("expired", "cashback", ""): (95, None)}
