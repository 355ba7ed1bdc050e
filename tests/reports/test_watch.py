"""What an owner watches, by cashier, on either database: each thing is counted once, for who did it, with its receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from shops import ANA, BORIS, PROGRAMME, Shop
from sqlalchemy import text

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.sale import Sale
from pos_loyalty.reports import NAMES, named
from pos_loyalty.reports.frame import Period
from pos_loyalty.reports.watch import REPORT, seen_by
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.returns import RefundOrder, refund
from pos_loyalty.till.shifts import drawer_opened, open_shift, pay

GUARD = """
[guard]
bills_per_card_per_day = 2
own_card = "allow"
late_card = "10 minutes"
"""
OWN = "2900000000049"
TODAY = date(2026, 1, 5)


THAT_DAY = Period(TODAY, TODAY)


def by_cashier(shop: Shop, period: Period = THAT_DAY) -> dict[str, dict[str, object]]:
    """The report's rows, without what is nothing."""
    with shop.store.read() as books:
        rows = REPORT.rows(books, period)
    names = [column.name for column in REPORT.columns]
    return {str(row[0]): {name: cell for name, cell in zip(names, row, strict=True) if cell} for row in rows}


def ring(shop: Shop, operator: str, card: str | None = None, by_hand: int = 0, **more: object) -> Sale:
    item = LineItem("Goods", 1_000, by_hand=ByHand(amount=by_hand) if by_hand else None)
    order = Bill(shop.register.new_id(), (item,), card).order(operator)
    return sell(shop.register, replace(order, **more)).sale  # type: ignore[arg-type]


@pytest.fixture
def watched(corner: Shop) -> Shop:
    """A day of two cashiers: Anna does a little of everything, Petra sells and takes back."""
    register = corner.register
    activate(register, PROGRAMME + GUARD, None, "owner")
    enrol(register, Enrolment("Ánna", card=OWN))
    ring(corner, "anna", OWN)
    ring(corner, "anna", by_hand=250)
    late = ring(corner, "anna")
    add_card(register, LateOrder(late.id, ANA, "anna"))
    ring(corner, "petra", ANA)
    ring(corner, "anna", ANA, allowed_by="maria")
    spending = ring(corner, "petra", BORIS)
    corner.clock.forward(days=20)
    corner.sell(1_000, BORIS)
    corner.clock.now -= timedelta(days=20)
    refund(register, RefundOrder(spending.id, operator="petra"))
    open_shift(register, 1_000, "anna")
    pay(register, 500, "coins", "anna")
    drawer_opened(register, "petra", "stuck", allowed_by="maria")
    return corner


def test_each_thing_is_counted_for_who_did_it(watched: Shop) -> None:
    """Own card by name in whatever case and accents, by hand, late, one bill too many, what was allowed, the drawer, returns."""
    assert by_cashier(watched) == {
        "anna": {
            "cashier": "anna",
            "bills": 4,
            "returns_share": "0%",
            "by_hand_amount": 250,
            "by_hand": 1,
            "own_card": 1,
            "many_bills": 1,
            "late_card": 1,
            "drawer": 1,
            "allowed": 1,
        },
        "petra": {"cashier": "petra", "bills": 2, "return": 1, "returns_share": "50%", "drawer": 1, "allowed": 1},
    }


def test_each_line_opens_its_receipts(watched: Shop) -> None:
    """The single things behind a line, the newest first, with the receipt that they are about."""
    with watched.store.read() as books:
        found = seen_by(books, Period(TODAY, TODAY), "anna")
        everybody = seen_by(books, Period(TODAY, TODAY))
    receipts = {(one.what, one.receipt) for one in found}
    assert receipts == {
        ("own-card", "till-1-000001"),
        ("by-hand", "till-1-000002"),
        ("late-card", "till-1-000003"),
        ("many-bills", "till-1-000005"),
        ("allowed", "till-1-000005"),
        ("drawer", None),
    }
    assert {one.operator for one in everybody} == {"anna", "petra"}
    assert [one.at for one in everybody] == sorted((one.at for one in everybody), reverse=True)


def test_a_return_after_its_earnings_were_spent_is_told_from_others(corner: Shop) -> None:
    """Boris spends what his coat earned, and brings the coat back: that is what he owes from then on."""
    coat = corner.sell(20_000, BORIS).sale
    corner.clock.forward(days=20)
    corner.sell(500, BORIS, {"cashback": 150})
    refund(corner.register, RefundOrder(coat.id, operator="petra"))
    assert by_cashier(corner, Period(TODAY, date(2026, 2, 1)))["petra"] == {
        "cashier": "petra",
        "return": 1,
        "spent_back": 1,
    }


def test_a_cashiers_own_account_counts_whatever_the_name(watched: Shop) -> None:
    """The account of the record as an operator: Petra's card is Boris's."""
    with watched.store.write() as books:
        books.run(
            text(
                "INSERT INTO operators (id, name, folded, role, pin, active, account_id, failed, created_at)"
                " SELECT 'p', 'Petra', 'petra', 'cashier', '', 1, account_id, 0, '' FROM cards WHERE number = :card"
            ),
            card=BORIS,
        )
    assert by_cashier(watched)["petra"]["own_card"] == 1
    activate(watched.register, (PROGRAMME + GUARD).replace('own_card = "allow"', 'own_card = "warn"'), None, "owner")
    (warning,) = ring(watched, "Petra", BORIS).warnings
    assert warning.values == {"operator": "Petra"}


def test_other_days_and_unbounded_periods(watched: Shop) -> None:
    """A day without anything has no line; without ends it is all there is. The report is known by its name."""
    assert by_cashier(watched, Period(TODAY + timedelta(days=1), TODAY + timedelta(days=2))) == {}
    everything = by_cashier(watched, Period())
    assert everything["anna"]["bills"] == 5
    assert "watch" in NAMES
    assert named("watch") is REPORT


def test_every_query_goes_by_an_index(watched: Shop) -> None:
    """No query of the report reads a table of the journal from end to end."""
    if watched.store.kind != "sqlite":
        pytest.skip("SQLite says how it would read")
    asked: list[str] = []
    with watched.store.read() as books:
        books._cursor.connection.set_trace_callback(asked.append)  # type: ignore[attr-defined]
        REPORT.rows(books, Period(TODAY, TODAY))
        plans = [
            row[-1]
            for one in asked
            if one.lstrip().startswith("SELECT")
            for row in books._cursor.connection.execute(f"EXPLAIN QUERY PLAN {one}")  # type: ignore[attr-defined]
        ]
    scans = [plan for plan in plans if plan.startswith("SCAN") and "revisions" not in plan]
    assert scans == []
    assert len(plans) > 10
