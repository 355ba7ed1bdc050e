"""Who owes whom among partners, as the report reads it from either database."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from shops import ANA, Clock, Shop

from pos_loyalty.reports import NAMES, named
from pos_loyalty.reports.frame import Period
from pos_loyalty.reports.settlement import REPORT
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.closing import Expired, close_day
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

RULES = """
[programme]
name = "Three shops"
currency = "EUR"
time_zone = "Europe/Sofia"

[purse.cashback]
unit = "money"
expires = "3 months"

[[offer]]
id = "tenth"
title = "A tenth back"
give = { earn = { cashback = "1.00" }, every = "10.00" }

[returns]
when_spent = "owe"

[partners]
purse = "cashback"
members = ["corner-shop", "fit-club"]
"""


@pytest.fixture
def members(store: Store) -> tuple[Shop, Shop]:
    """A register of each of two partners on one store, on both databases, with one clock; Ana has a card."""
    clock = Clock()

    def shop(name: str, member: str) -> Shop:
        return Shop(Register(name, store, clock, lambda: uuid7(clock.now), shop=member), clock, store, "")

    corner, club = shop("till-1", "corner-shop"), shop("till-2", "fit-club")
    activate(corner.register, RULES, None, "owner")
    cards.issue(corner.register, ANA)
    return corner, club


def rows(shop: Shop, first: date = date.min, last: date = date.max) -> list[tuple[object, ...]]:
    """The report's rows for some days."""
    with shop.store.read() as books:
        return list(REPORT.rows(books, Period(first, last)))


def test_each_way_and_netted_by_period(members: tuple[Shop, Shop]) -> None:
    """What each accepted of the other's, and the difference, of the days asked for; a return counts on its own day."""
    corner, club = members
    corner.sell(30_000, ANA)
    club.sell(5_000, ANA, {"cashback": 2_000})
    first = corner.clock.now.date()
    corner.clock.forward(days=1)
    club.sell(20_000, ANA)
    sold = corner.sell(5_000, ANA, {"cashback": 1_500})
    corner.clock.forward(days=1)
    refund(corner.register, RefundOrder(sold.sale.id))
    day = timedelta(days=1)
    assert rows(corner, first, first) == [("corner-shop", "fit-club", 2_000, 0, 2_000)]
    drawn = sold.sale.quote.spent[0].draws
    assert [draw.amount for draw in drawn] == [1_000, 300, 200]
    of_club = 500
    assert rows(corner, first + day, first + day) == [("fit-club", "corner-shop", of_club, 0, of_club)]
    assert rows(corner, first, first + day) == [("corner-shop", "fit-club", 2_000, of_club, 2_000 - of_club)]
    assert rows(corner, first + 2 * day) == [("corner-shop", "fit-club", 0, -of_club, of_club)]
    assert rows(corner) == [("corner-shop", "fit-club", 2_000, 0, 2_000)]
    assert rows(corner, last=first - day) == []
    assert verify_store(corner.store).faults == ()


def test_days_close_and_debts_are_made_good_on_either_database(members: tuple[Shop, Shop]) -> None:
    """A debt to the corner shop is made good by what the club issues; the rest expires as the club's breakage; all verifies."""
    corner, club = members
    sold = corner.sell(30_000, ANA)
    club.sell(5_000, ANA, {"cashback": 3_000})
    refund(corner.register, RefundOrder(sold.sale.id))
    made_good = club.sell(40_000, ANA).sale.settled
    assert [one.amount for one in made_good] == [2_800]
    assert rows(corner) == [("corner-shop", "fit-club", 3_000, 3_000, 0)]
    corner.clock.forward(days=200)
    closed = close_day(corner.register, None, "owner", lambda _: None)
    assert closed.expired == (Expired("cashback", 1, 1_200),)
    assert rows(corner, corner.clock.now.date()) == []
    assert verify_store(corner.store).faults == ()


def test_every_report_says_what_it_counts() -> None:
    """Each report that is listed is there under its name, with one key a column, a title and a meaning for each."""
    for name in NAMES:
        report = named(name)
        assert report.name == name
        assert len({column.name for column in report.columns}) == len(report.columns)
        assert all(column.title and column.meaning for column in report.columns)
    with pytest.raises(KeyError):
        named("gossip")


def test_the_manual_defines_every_figure() -> None:
    """docs/reports.md has each figure with its definition and source, word for word as the program says them."""
    manual = (Path(__file__).parent.parent.parent / "docs" / "reports.md").read_text(encoding="utf-8")
    for name in NAMES:
        for figure in named(name).figures:
            assert figure.meaning
            assert f"| {figure.meaning} | {figure.source} |" in manual, figure.name
            assert all(f"- `{group.name}`: {group.meaning}" in manual for group in figure.groups if group.meaning)
