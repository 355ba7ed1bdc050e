"""Z reports of days at random: what they say is what the postings and bills between their entries add up to, read another way."""

# ruff: noqa: S608 - what is put into statements here stands in this file
from __future__ import annotations

import random
from collections import Counter

import pytest
from histories import History
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_loyalty.domain.deed import LateCard
from pos_loyalty.domain.money import plain_rate
from pos_loyalty.domain.sale import PurseShare, Refund, Sale
from pos_loyalty.domain.shift import ShiftReport
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import read_late_card, read_refund, read_sale
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.shifts import close_shift, open_shift, pay, x_report

_BETWEEN = "e.register = 'till-1' AND e.seq BETWEEN :first AND :last"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 1_000_000), st.integers(0, 10**6), st.integers(-5_000, 5_000))
def test_z_totals_are_what_the_entries_add_up_to(
    tmp_path_factory: pytest.TempPathFactory, seed: int, opening: int, off: int
) -> None:
    """Two shifts of a random shop, with everything that its programme has; between them the journal goes on without a shift."""
    history = History(seed, tmp_path_factory.mktemp("shift"))
    chance = random.Random(seed)
    register = history.register
    history.run(3)
    for _ in range(2):
        open_shift(register, opening, "anna")
        history.run(8)
        into = chance.randrange(1, 9_999)
        pay(register, into, "coins", "anna")
        expected = x_report(register, "anna").drawer.expected
        report = close_shift(register, max(expected + off, 0), "anna")
        with history.store.read() as books:
            is_what_the_entries_say(books, report, opening + into)
        assert report.drawer.expected == expected
        assert report.drawer.variance == max(expected + off, 0) - expected
        history.run(1)
    verified = verify_store(history.store)
    assert verified.faults == ()
    assert verified.checked["shifts"] == 2
    history.store.close()


def is_what_the_entries_say(books: Books, report: ShiftReport, put_in: int) -> None:
    """The report against its postings one by one, and against its bills, read whole."""
    span = {"first": report.first_entry, "last": report.last_entry}
    postings: Counter[str] = Counter()
    of_kind: Counter[tuple[str, str]] = Counter()
    query = f"SELECT e.kind, p.account, p.unit, p.amount FROM entries e JOIN postings p ON p.entry_id = e.id WHERE {_BETWEEN}"
    for kind, account, unit, amount in books.rows(text(query), **span):
        if unit == report.currency:
            postings[account] += amount
            of_kind[kind, account.partition(":")[0]] += amount
    sales, refunds, late = bills(books, span)
    assert (report.bills, report.returns, report.late_cards) == (len(sales), len(refunds), len(late))
    # money
    for tender in report.tenders:
        if tender.kind != "certificate":
            assert tender.taken - tender.given_back == postings[f"tender:{tender.kind}"]
    kinds = {tender.kind for tender in report.tenders}
    assert not [a for a, sum_ in postings.items() if a.startswith("tender:") and sum_ and a[7:] not in kinds]
    assert report.rounding == -postings["rounding"]
    assert report.net == -postings["sales"]
    assert {f"vat:{plain_rate(one.rate)}": -one.vat for one in report.vat if one.vat} == {
        account: sum_ for account, sum_ in postings.items() if account.startswith("vat:") and sum_
    }
    assert report.gross - report.discounts - report.spent == report.due
    assert report.due == sum(line.paid for sale in sales for line in sale.quote.lines)
    assert sum(one.amount for one in report.by_offer) == report.discounts
    assert report.discounts == sum(line.discount for sale in sales for line in sale.quote.lines)
    taken = sum(tender.taken for tender in report.tenders)
    assert taken == report.due + sum(sale.settlement.rounding for sale in sales)
    assert report.change == sum(sale.settlement.change for sale in sales)
    back = sum(tender.given_back for tender in report.tenders)
    assert back == sum(tender.amount for refund in refunds for tender in refund.money_back)
    assert report.drawer.expected == put_in + postings["tender:cash"]
    # purses
    earned: Counter[str] = Counter()
    redeemed: Counter[str] = Counter()
    for quote in (*(sale.quote for sale in sales), *late):
        for one in (*quote.earned, *(thanked.earned for thanked in quote.referrer)):
            earned[one.purse] += one.amount
    for sale in sales:
        for spent in sale.quote.spent:
            redeemed[spent.purse] += spent.amount
    assert {purse.purse: purse.earned for purse in report.purses if purse.earned} == +earned
    assert {purse.purse: purse.redeemed for purse in report.purses if purse.redeemed} == +redeemed
    assert {p.purse: p.taken_back for p in report.purses if p.taken_back} == +Counter(
        {p: sum(s.amount for r in refunds for s in taken_from(r) if s.purse == p) for p in earned_ever(refunds)}
    )
    # certificates and receipts
    assert report.certificates_sold_for == sum(sold.amount for sale in sales for sold in sale.quote.certificates)
    numbers = [bill.number for bill in (*sales, *refunds)]
    assert (report.first_receipt, report.last_receipt) == (min(numbers, default=None), max(numbers, default=None))


def taken_from(refund: Refund) -> tuple[PurseShare, ...]:
    return (*refund.taken_back, *(refund.referrer.taken_back if refund.referrer else ()))


def earned_ever(refunds: list[Refund]) -> set[str]:
    return {share.purse for refund in refunds for share in taken_from(refund)}


def bills(books: Books, span: dict[str, int]) -> tuple[list[Sale], list[Refund], list[LateCard]]:
    def facts(table: str) -> list[str]:
        query = f"SELECT t.facts FROM entries e JOIN {table} t ON t.id = e.id WHERE {_BETWEEN}"
        return [row[0] for row in books.rows(text(query), **span)]

    late = [one for one in facts("deeds") if '"sale":' in one]
    return (
        [read_sale(one) for one in facts("sales")],
        [read_refund(one) for one in facts("refunds")],
        [read_late_card(one) for one in late],
    )
