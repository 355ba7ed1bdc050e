"""Closing a day: what has run out is posted once, in small steps, whatever interrupts it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock, Shop

from pos_loyalty.domain.certificate import certificate_line
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.cards import show
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.closing import FIRST, LONGEST, MOST, DayClosed, Expired, Pace, close_day
from pos_loyalty.till.returns import RefundOrder, refund

EXPIRED = "SELECT count(*) FROM entries WHERE kind = 'expiry'"
HELD = "SELECT sum(held) FROM balances"


def close(shop: Shop, day: date | None = None) -> DayClosed:
    """Close a day without resting."""
    return close_day(shop.register, day, "owner", rest=lambda _: None)


def whole(shop: Shop) -> bool:
    """Whether the store is as its facts say."""
    return verify_store(shop.store).faults == ()


def test_what_is_over_is_posted_once(shop: Shop) -> None:
    """A lot is over on the day after its last; closing that day posts it as breakage, and closing it again posts nothing."""
    cards.issue(shop.register, ANA)
    closed = shop.sell(10_000, ANA)
    last = closed.sale.quote.earned[0].expires
    assert last is not None
    shop.clock.now += timedelta(days=(last - closed.sale.day).days)
    assert close(shop) == DayClosed(last, (), 0)
    shop.clock.forward(days=1)
    over = last + timedelta(days=1)
    first = close(shop)
    assert first == DayClosed(over, (Expired("cashback", 1, 95),), 1)
    assert close(shop) == DayClosed(over, (), 0)
    assert shop.store_values(f"{EXPIRED} AND day = '{over}' AND operator = 'owner'") == [1]
    assert shop.store_values("SELECT amount FROM postings WHERE account = 'breakage:cashback'") == [-95]
    assert whole(shop)


def test_every_holder_and_purse_is_reached(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the steps are, the lots of all holders are posted, each holder's in one entry a step at most."""
    monkeypatch.setattr("pos_loyalty.till.closing.FIRST", 3)
    monkeypatch.setattr("pos_loyalty.till.closing.MOST", 3)
    numbers = cards.issue(shop.register, count=7)
    for number in numbers:
        for _ in range(2):
            shop.sell(10_000, number)
        shop.clock.forward(days=1)
    shop.clock.forward(days=400)
    rested: list[float] = []
    closed = close_day(shop.register, None, "owner", rested.append)
    assert (closed.holders, closed.expired) == (7, (Expired("cashback", 14, 14 * 95),))
    assert len(rested) > 3
    assert shop.store_value(HELD) == 0
    assert whole(shop)


def test_a_step_is_as_big_as_the_machine_is_quick() -> None:
    """After a step that took long the next one has less, down to one lot; after quick ones at most twice as much, up to a bound;
    and tills are let through for as long as each took.
    """
    rested: list[float] = []
    pace = Pace(rested.append)
    sizes = [pace.size]
    for seconds in (2 * LONGEST, 100 * LONGEST, LONGEST, 0.0, 0.0, LONGEST / 2, *[0.0] * 9):
        pace.took(seconds)
        sizes.append(pace.size)
    assert sizes[:7] == [FIRST, FIRST // 2, 1, 1, 2, 4, 8]
    assert sizes[-1] == MOST
    assert rested[:3] == [2 * LONGEST, 100 * LONGEST, LONGEST]


def test_a_day_that_has_not_begun_is_refused(shop: Shop) -> None:
    """What runs out tomorrow can still be spent, so tomorrow is not closed."""
    with pytest.raises(Refused) as refused:
        close(shop, date(2026, 1, 6))
    assert refused.value.code == "day-invalid"


def test_an_earlier_day_takes_only_what_was_over_then(shop: Shop) -> None:
    """Closing a day that went by leaves what could still be spent on it; the entries are of that day."""
    cards.issue(shop.register, ANA)
    cards.issue(shop.register, BORIS)
    shop.sell(10_000, ANA)
    shop.clock.forward(days=10)
    shop.sell(20_000, BORIS)
    shop.clock.forward(days=500)
    first = date(2027, 1, 20)
    assert close(shop, first).expired == (Expired("cashback", 1, 95),)
    assert shop.store_values("SELECT day FROM entries WHERE kind = 'expiry'") == [first.isoformat()]
    assert close(shop, date(2027, 1, 29)).expired == ()
    assert close(shop, date(2027, 1, 30)).expired == (Expired("cashback", 1, 190),)
    assert whole(shop)


def test_a_gift_certificate_past_its_last_day_is_posted_once(make_shop: Callable[..., Shop]) -> None:
    """What is left on a certificate is posted on the day after its last, with the rest of the day, and not again."""
    shop = make_shop(f'{PROGRAMME}[gift_certificate]\nexpires = "1 year"\n')
    bill = Bill(shop.register.new_id(), (certificate_line(2_500),))
    sold = sell(shop.register, bill.order("anna")).sale.quote.certificates[0]
    assert sold.expires == date(2027, 1, 5)
    shop.clock.forward(days=365)
    assert close(shop).certificates == 0
    shop.clock.forward(days=1)
    assert close(shop).certificates == 2_500
    assert close(shop).certificates == 0
    assert whole(shop)


def test_what_is_sold_after_closing_is_as_without_it(make_shop: Callable[..., Shop]) -> None:
    """Two shops with the same bills, one of which closes every day, give the same prices, tiers and balances throughout."""
    shop = make_shop()
    cards.issue(shop.register, ANA)
    cards.issue(shop.register, BORIS)
    for n in range(40):
        shop.clock.forward(days=23)
        # Boris buys what Ana buys; only days on which Ana was closed for can tell them apart
        mine = shop.sell(9_000 + 700 * n % 40_000, ANA)
        close(shop)
        theirs = shop.sell(9_000 + 700 * n % 40_000, BORIS)
        assert mine.sale.quote == theirs.sale.quote
        assert (mine.sale.tier, mine.sale.tier_after) == (theirs.sale.tier, theirs.sale.tier_after)
        assert mine.sale.balances == theirs.sale.balances
    assert whole(shop)


def test_goods_come_back_after_what_they_earned_was_closed(shop: Shop) -> None:
    """What expired when the day was closed is not asked for when the goods come back."""
    cards.issue(shop.register, ANA)
    sold = shop.sell(100_000, ANA)
    shop.clock.forward(days=400)
    close(shop)
    back = refund(shop.register, RefundOrder(sold.sale.id)).refund
    assert (back.taken_back, back.owed, [draw.amount for draw in back.excused]) == ((), (), [950])
    assert whole(shop)


def test_no_balance_is_shown_that_could_not_be_spent(shop: Shop) -> None:
    """A lot past its last day is on no card and no receipt, and cannot be spent, whether or not its day was closed."""
    cards.issue(shop.register, ANA)
    shop.sell(100_000, ANA)
    shop.clock.forward(days=400)
    view = show(shop.register, ANA).purses["cashback"]
    assert (view.balance.available, view.balance.next_expiry, view.lots) == (0, None, ())
    with pytest.raises(Refused) as refused:
        shop.sell(10_000, ANA, {"cashback": 500})
    assert refused.value.code == "balance-too-low"
    (balance,) = shop.sell(10_000, ANA).sale.balances
    assert (balance.available, balance.expiring) == (0, balance.pending)


def test_killed_in_the_middle_it_goes_on(make_shop: Callable[..., Shop]) -> None:
    """The process is killed between two steps: what it posted is whole, and the next run posts the rest and nothing twice."""
    shop = make_shop()
    numbers = cards.issue(shop.register, count=6)
    for number in numbers:
        shop.sell(10_000, number)
    shop.clock.forward(days=400)
    program = f"""
        import os, signal
        from datetime import datetime
        from pos_loyalty.storage.engine import open_store
        from pos_loyalty.till import closing
        from pos_loyalty.till.ids import uuid7
        from pos_loyalty.till.register import Register
        closing.FIRST = closing.MOST = 2
        now = datetime.fromisoformat({shop.clock.now.isoformat()!r})
        register = Register("till-1", open_store({shop.path!r}), lambda: now, lambda: uuid7(now))
        closing.close_day(register, None, "owner", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], env=os.environ, check=False)
    assert ended.returncode != 0
    assert shop.store_value(EXPIRED) == 2
    with closing(sqlite3.connect(shop.path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert close(shop).holders == 4
    assert shop.store_value(EXPIRED) == 6
    assert whole(shop)


def test_two_registers_close_one_day_at_once(make_shop: Callable[..., Shop]) -> None:
    """While one register closes a day another does too, step by step in between: each lot is posted by one of them."""
    one = make_shop()
    numbers = cards.issue(one.register, count=5)
    for number in numbers:
        one.sell(10_000, number)
    one.clock.forward(days=400)
    other = make_shop(PROGRAMME, "till-2", Clock(one.clock.now))
    both: list[DayClosed] = []

    def meanwhile(_: float) -> None:
        if not both:
            both.append(close_day(other.register, None, "owner", lambda _: None))

    first = close_day(one.register, None, "owner", meanwhile)
    assert first.holders + both[0].holders == 5
    assert one.store_value(HELD) == 0
    assert whole(one)
