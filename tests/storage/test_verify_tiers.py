"""`store verify` derives one tier from the sales, on days on which the rules changed and under clocks that ran ahead too."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from shops import ANA, PROGRAMME, Clock, Shop

from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

GOLD_FOR_900 = PROGRAMME.replace('spend = "500.00"', 'spend = "900.00"')
VIP_FOR_950 = GOLD_FOR_900.replace('spend = "2000.00"', 'spend = "950.00"')
SILVER_FOR_GOLD = PROGRAMME.replace('id = "gold"', 'id = "silver"')


@pytest.fixture
def shop(sqlite_url: str, tmp_path: Path) -> Iterator[Shop]:
    """A register on a fresh store, from noon in Sofia on 5 January 2026, and a holder: gold for 500.00, VIP for 2000.00."""
    clock, store = Clock(), open_store(sqlite_url)
    register = Register(name="till-1", store=store, clock=clock, new_id=lambda: uuid7(clock.now))
    activate(register, PROGRAMME, None, "owner")
    enrol(register, Enrolment("Ana Kovač", ANA))
    yield Shop(register, clock, store, str(tmp_path / "store.db"))
    store.close()


def tier_of(shop: Shop) -> str:
    """What is stored: the tier, and since when."""
    (tier,) = shop.store_values("SELECT tier || ' ' || tier_since FROM accounts")
    return str(tier)


def faults(shop: Shop) -> list[str]:
    """The places and names of what is found."""
    return [f"{fault.place.split()[0]} {fault.what.values['name']}" for fault in verify_store(shop.store).faults]


def found_wrong(shop: Shop, tier: str, since: str) -> bool:
    """Whether another tier, kept as long as such a one is, is found where it is stored in place of the right one."""
    kept_until = None if tier == "basic" else str(date.fromisoformat(since).replace(year=2027))
    put = "UPDATE accounts SET tier = ?, tier_since = ?, tier_kept_until = ?"
    with closing(sqlite3.connect(shop.path)) as connection:
        before = connection.execute("SELECT tier, tier_since, tier_kept_until FROM accounts").fetchone()
        connection.execute(put, (tier, since, kept_until))
        connection.commit()
        found = faults(shop)
        connection.execute(put, before)
        connection.commit()
    assert faults(shop) == []
    return found == ["account tier"]


@pytest.fixture
def two_changes(shop: Shop) -> Shop:
    """A sale before the rules changed on one day, and one after they changed on another: each day has to be read in its own way."""
    shop.sell(60_000, ANA)
    shop.clock.forward(minutes=60)
    activate(shop.register, VIP_FOR_950, None, "owner")
    shop.clock.forward(days=10)
    activate(shop.register, GOLD_FOR_900, None, "owner")
    shop.clock.forward(minutes=60)
    shop.sell(50_000, ANA)
    return shop


def test_bills_on_two_days_of_change_are_no_fault(two_changes: Shop) -> None:
    """Gold by the rules of the one morning, and not VIP by those of the other."""
    assert tier_of(two_changes) == "gold 2026-01-05"
    assert faults(two_changes) == []


@pytest.mark.parametrize(
    ("tier", "since"),
    [("gold", "2026-01-15"), ("vip", "2026-01-15"), ("basic", "2026-01-05"), ("vip", "2026-01-05")],
)
def test_a_wrong_tier_on_a_day_of_change_is_found(two_changes: Shop, tier: str, since: str) -> None:
    """What the rules before or after the change would have made of it is as wrong as anything else."""
    assert found_wrong(two_changes, tier, since)


def test_a_return_on_a_day_of_change_is_no_fault(two_changes: Shop) -> None:
    """The afternoon's goods come back in the evening, then the morning's: each time it is as if they had never been bought."""
    first, second = two_changes.store_values("SELECT id FROM sales ORDER BY number")
    tea = two_changes.sell(1_000, ANA)
    refund(two_changes.register, RefundOrder(str(second)))
    assert tier_of(two_changes) == "gold 2026-01-05"
    assert faults(two_changes) == []
    assert found_wrong(two_changes, "basic", "2026-01-05")
    refund(two_changes.register, RefundOrder(str(first)))
    assert tier_of(two_changes) == "basic 2026-01-05"
    assert faults(two_changes) == []
    assert found_wrong(two_changes, "gold", "2026-01-05")
    refund(two_changes.register, RefundOrder(tea.sale.id))
    assert two_changes.store_values("SELECT tier FROM accounts") == [None]
    assert faults(two_changes) == []
    assert found_wrong(two_changes, "basic", "2026-01-05")


def test_a_bill_of_a_clock_that_ran_ahead_stands_under_the_rules_that_it_knew(shop: Shop) -> None:
    """Rules activated since, which began before the day that the clock showed, would not have made it gold."""
    shop.clock.forward(days=40)
    shop.sell(60_000, ANA)
    shop.clock.forward(days=-40)
    activate(shop.register, GOLD_FOR_900, shop.clock.now + timedelta(days=10), "owner")
    assert tier_of(shop) == "gold 2026-02-14"
    assert faults(shop) == []
    assert found_wrong(shop, "basic", "2026-01-05")
    shop.clock.forward(days=12)
    tea = shop.sell(1_000, ANA)
    assert faults(shop) == []
    refund(shop.register, RefundOrder(tea.sale.id))
    assert tier_of(shop) == "gold 2026-02-14"
    assert faults(shop) == []
    assert found_wrong(shop, "basic", "2026-01-05")


def test_rules_that_came_in_before_those_of_a_bill_may_have_been_known_to_it_or_not(shop: Shop) -> None:
    """A clock ahead sold under rules planned for February; others for January were activated since, and have no gold.

    Whether they had been activated is not on record, so the tier without them and the one with them are right, and no other is.
    """
    activate(shop.register, PROGRAMME, shop.clock.now + timedelta(days=30), "owner")
    shop.sell(60_000, ANA)
    shop.clock.forward(days=40)
    shop.sell(1_000, ANA)
    shop.clock.forward(days=-40)
    activate(shop.register, SILVER_FOR_GOLD, shop.clock.now + timedelta(days=10), "owner")
    assert tier_of(shop) == "gold 2026-01-05"
    assert faults(shop) == []
    shop.clock.forward(days=1)
    shop.sell(1_000, ANA)
    assert tier_of(shop) == "gold 2026-02-04"
    assert faults(shop) == []
    assert found_wrong(shop, "silver", "2026-01-15")
    assert found_wrong(shop, "vip", "2026-02-04")
