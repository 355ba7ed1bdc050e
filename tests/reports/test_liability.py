"""What is owed to holders: by purse, age and month of expiry, now and as it was, and what may lapse."""

from __future__ import annotations

from datetime import date, timedelta

from figures import figures, only
from shops import ANA, BORIS, Shop

from pos_loyalty.till.closing import close_day
from pos_loyalty.till.returns import RefundOrder, refund


def test_what_is_owed_by_age_and_expiry(corner: Shop) -> None:
    """On 5 January 100.00 less 5 % earns 0.95; on 5 March 200.00 earns 1.90, of which half comes back on 7 March.

    On 10 March 0.95 (64 days old, to 19 January 2027) and 1.90 (5 days old, to 19 March 2027) were owed, before it 2.85, and in
    the period before, on the last day of January, 0.95 of 26 days. No lot was ever spent or expired: no share can be told.
    """
    corner.sell(10_000, ANA)
    corner.clock.forward(days=59)  # 5 March
    sold = corner.sell(20_000, BORIS)
    found = figures(corner.store, "liability", date(2026, 2, 1), date(2026, 3, 6))
    assert found["owed", "cashback", ""] == (285, 95)
    assert only(found, "age") == {("cashback", "0-30"): 190, ("cashback", "31-90"): 95}
    assert found["age", "cashback", "0-30"] == (190, 95)
    assert only(found, "expiry") == {("cashback", "2027-01"): 95, ("cashback", "2027-03"): 190}
    corner.clock.forward(days=2)
    refund(corner.register, RefundOrder(sold.sale.id, lines=((1, 500_000),)))
    after = figures(corner.store, "liability", date(2026, 3, 7), date(2026, 3, 10))
    assert after["owed", "cashback", ""] == (190, 285)
    assert after["age", "cashback", "0-30"] == (95, 190)
    assert figures(corner.store, "liability", date(2026, 2, 1), date(2026, 3, 6)) == found
    assert after["breakage", "cashback", ""] == ("can't tell yet", "can't tell yet")


def test_age_turns_with_the_business_day(corner: Shop) -> None:
    """What was earned on 5 January is 30 days old on 4 February and 31 on the 5th."""
    corner.sell(10_000, ANA)
    at_thirty = figures(corner.store, "liability", date(2026, 2, 4), date(2026, 2, 4))
    assert only(at_thirty, "age") == {("cashback", "0-30"): 95}
    a_day_later = figures(corner.store, "liability", date(2026, 2, 5), date(2026, 2, 5))
    assert only(a_day_later, "age") == {("cashback", "31-90"): 95}


def test_what_ran_out_is_no_debt(corner: Shop) -> None:
    """The last day of 5 January's 0.95 is 19 January 2027: on the 20th it is owed no more, whether or not the day was closed."""
    corner.sell(10_000, ANA)
    last = date(2027, 1, 19)
    day = timedelta(days=1)
    corner.clock.forward(days=(last + day - corner.clock.now.date()).days)
    waiting = figures(corner.store, "liability", last + day, last + day)
    assert waiting["owed", "cashback", ""] == (None, 95)
    assert waiting["lapsed", "cashback", ""] == (95, None)
    close_day(corner.register, None, "owner", lambda _: None)
    closed = figures(corner.store, "liability", last + day, last + day)
    assert closed["owed", "cashback", ""] == (None, 95)
    assert ("lapsed", "cashback", "") not in closed


def test_expected_breakage_is_told_once_enough_has_ended(corner: Shop) -> None:
    """30 lots of 0.95 expire: with nothing spent, all that ended lapsed, and so will the 0.95 that is owed; 29 cannot tell."""
    for n in range(30):
        corner.sell(10_000, ANA)
        if n == 28:
            corner.clock.forward(days=400)
            close_day(corner.register, None, "owner", lambda _: None)
            day = corner.clock.now.date()
            found = figures(corner.store, "liability", day, day)
            assert found["breakage_share", "cashback", ""][0] == "can't tell yet"
            corner.clock.forward(days=-399)
    corner.clock.forward(days=399)
    close_day(corner.register, None, "owner", lambda _: None)
    corner.clock.forward(days=1)
    corner.sell(10_000, BORIS)
    day = corner.clock.now.date()
    found = figures(corner.store, "liability", day, day)
    assert found["breakage_share", "cashback", ""][0] == 1_000_000
    assert found["breakage", "cashback", ""] == (95, 0)
