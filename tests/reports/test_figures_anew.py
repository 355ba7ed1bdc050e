"""A second reckoning: after random histories, what is owed, what moved and what was sold follow from the bills.

Nothing of the journal is asked: the facts of sales, returns, late cards and adjustments, and for what lots hold the lots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from figures import Figures, figures, only
from histories import History
from sqlalchemy import select

from pos_loyalty.domain.deed import Adjustment, LateCard
from pos_loyalty.domain.sale import Refund, Sale
from pos_loyalty.storage.facts import read_adjustment, read_late_card, read_refund, read_sale
from pos_loyalty.storage.tables import deeds, entries, refunds, sales

FIRST, LAST = date(2026, 3, 1), date(2028, 3, 1)


def facts(history: History) -> tuple[list[Sale], list[Refund], list[LateCard]]:
    """All bills of a history."""
    with history.store.read() as books:
        return (
            [read_sale(row[0]) for row in books.rows(select(sales.c.facts))],
            [read_refund(row[0]) for row in books.rows(select(refunds.c.facts))],
            [read_late_card(row[0]) for row in books.rows(select(deeds.c.facts).where(deeds.c.sale_id.is_not(None)))],
        )


def adjustments(history: History) -> list[Adjustment]:
    """What was given and taken by hand."""
    by_hand = select(deeds.c.facts).join(entries, entries.c.id == deeds.c.id).where(entries.c.kind == "adjustment")
    with history.store.read() as books:
        return [read_adjustment(row[0]) for row in books.rows(by_hand)]


def moved(found: Figures, name: str) -> dict[str, int]:
    """A figure of purses."""
    return {of: int(amount or 0) for (of, _), amount in only(found, name).items() if of != "certificates"}


@pytest.fixture(scope="module", params=range(1, 13))
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    """A history of 25 steps, with its store open."""
    made = History(request.param, tmp_path_factory.mktemp("history"))
    made.run(25)
    yield made
    made.store.close()


def test_what_moved_follows_from_the_bills(history: History) -> None:
    """Issued, redeemed, given back, taken back, owed, withheld, forgiven and made good are the sums that bills state."""
    sold, back, late = facts(history)
    found = figures(history.store, "flow", FIRST, LAST)
    sums: dict[str, Counter[str]] = {name: Counter() for name in _MOVES}
    for bill in (*(sale.quote for sale in sold), *late):
        for earned in (*bill.earned, *(one.earned for one in bill.referrer)):
            sums["issued"][earned.purse] += earned.amount
    for sale in sold:
        for spent in sale.quote.spent:
            sums["redeemed"][spent.purse] += spent.amount
    withheld = 0
    for refund in back:
        theirs = refund.referrer
        for restored in refund.restored:
            sums["restored"][restored.purse] += restored.amount
        for taken in (*refund.taken_back, *(theirs.taken_back if theirs else ())):
            sums["taken_back"][taken.purse] += taken.amount
        for owed in (*refund.owed, *(theirs.owed if theirs else ())):
            sums["owed"][owed.purse] += owed.amount
        for forgiven in refund.forgiven:
            sums["forgiven"][forgiven.purse] += forgiven.amount
        withheld += refund.withheld - sum(asked.withheld for asked in refund.asked_back)
    for adjustment in adjustments(history):
        sums["adjusted"][adjustment.purse] += adjustment.amount + adjustment.owed
        sums["owed"][adjustment.purse] += adjustment.owed
    for name, reckoned in sums.items():
        assert moved(found, name) == {purse: amount for purse, amount in reckoned.items() if amount}, name
    assert sum(moved(found, "withheld").values()) == withheld


def test_purses_hold_what_went_in_less_what_came_out(history: History) -> None:
    """Issued and given back less all that left a purse is what its lots hold, told by liability with what has run out."""
    found = figures(history.store, "flow", FIRST, LAST)
    held: Counter[str] = Counter()
    for name, sign in (
        ("issued", 1),
        ("adjusted", 1),
        ("restored", 1),
        ("redeemed", -1),
        ("expired", -1),
        ("taken_back", -1),
        ("made_good", -1),
    ):
        for purse, amount in moved(found, name).items():
            held[purse] += sign * amount
    last = history.now.date() + timedelta(days=1)
    owed = figures(history.store, "liability", last, last)
    told: Counter[str] = Counter()
    for name in ("owed", "lapsed"):
        told.update(moved(owed, name))
    assert {purse: amount for purse, amount in told.items() if amount} == {
        purse: amount for purse, amount in held.items() if amount
    }
    for split in ("age", "expiry"):
        parts: Counter[str] = Counter()
        for (purse, _), amount in only(owed, split).items():
            parts[purse] += int(amount or 0)
        assert dict(parts) == moved(owed, "owed")


def test_what_was_owed_is_what_it_was_then(history: History) -> None:
    """What is owed on a day of the past, run out or not, is what had moved until then."""
    for day in sorted({sale.day for sale in history.sales})[::3]:
        until = figures(history.store, "flow", FIRST, day)
        held: Counter[str] = Counter()
        for name, sign in (
            ("issued", 1),
            ("adjusted", 1),
            ("restored", 1),
            ("redeemed", -1),
            ("expired", -1),
            ("taken_back", -1),
            ("made_good", -1),
        ):
            for purse, amount in moved(until, name).items():
                held[purse] += sign * amount
        then = figures(history.store, "liability", day, day)
        told = Counter(moved(then, "owed"))
        told.update(moved(then, "lapsed"))
        assert +told == +held


def test_turnover_follows_from_the_bills(history: History) -> None:
    """Bills with a card and without, what they came to and what came back, line by line from the facts."""
    sold, back, late = facts(history)
    added = {one.sale for one in late}
    found = figures(history.store, "visits", FIRST, LAST)
    by_id = {sale.id: sale for sale in sold}
    for group, held in (("with", True), ("without", False)):
        ours = [sale for sale in sold if (sale.account is not None or sale.id in added) == held]
        came_to = sum(
            sum(line.paid + line.spent_as_tender for line in sale.quote.lines)
            - sum(one.amount for one in sale.quote.certificates)
            for sale in ours
        )
        returned = 0
        for refund in back:
            sale = by_id[refund.sale]
            if sale in ours:
                certificates = {one.line for one in sale.quote.certificates}
                returned += sum(
                    line.paid + line.spent_as_tender for line in refund.lines if line.line not in certificates
                )
        assert found["visits", group, ""][0] == len(ours)
        assert found["returned", group, ""][0] == returned
        assert found["turnover", group, ""][0] == came_to - returned
        if ours:
            basket = found["basket", group, ""][0]
            assert isinstance(basket, int)
            assert abs(2 * basket * len(ours) - 2 * came_to) <= len(ours)


def test_discounts_follow_from_the_bills(history: History) -> None:
    """What each offer took off, less the part of what came back: once all of a bill is back, nothing of it is left."""
    sold, back, _ = facts(history)
    found = figures(history.store, "flow", FIRST, LAST)
    returned: dict[str, Counter[int]] = {}
    for refund in back:
        of_sale = returned.setdefault(refund.sale, Counter())
        for line in refund.lines:
            of_sale[line.line - 1] += line.quantity
    sums: Counter[str] = Counter()
    for sale in sold:
        for discount in sale.quote.discounts:
            for n, part in enumerate(discount.lines):
                whole = sale.quote.lines[n].item.quantity
                kept_back = (2 * part * returned.get(sale.id, Counter())[n] + whole) // (2 * whole)
                sums[discount.offer] += part - kept_back
    told = {offer: amount for (offer, _), amount in only(found, "discounts").items()}
    assert told == {offer: amount for offer, amount in sums.items() if amount}


_MOVES = ("issued", "adjusted", "redeemed", "restored", "taken_back", "owed", "forgiven")
