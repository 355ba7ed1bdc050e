"""Which accounts each event touches, posting by posting for bills worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bills import AT_ONCE, DAY, Ledger, days, eur, goods, holder, lot, programme, sale_of

from pos_loyalty.domain.bookkeeping import (
    expiry_postings,
    lots_filled,
    sale_postings,
    settle_from_lots,
    settled_sums,
)
from pos_loyalty.domain.ledger import Draw, Lot, Posting
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.rules import Purse, Spend
from pos_loyalty.domain.sale import Owed, Tender

UNITS = {"cashback": "EUR"}


def sums(postings: tuple[Posting, ...]) -> dict[str, int]:
    """The postings of an entry, summed by account."""
    found: dict[str, int] = {}
    for posting in postings:
        found[posting.account] = found.get(posting.account, 0) + posting.amount
    return found


def last(ledger: Ledger) -> dict[str, int]:
    return sums(ledger.entries[-1].postings)


def test_the_jacket_in_the_books() -> None:
    """Paid with 5000.00 in cash: 4750.00 stay in the drawer, 791.67 are the state's, 47.50 are owed to the holder."""
    rules = programme("5", "1")
    sale = sale_of(quote((goods("5000.00"),), rules, DAY, holder()), rules, tenders=[Tender("cash", eur("5000"))])
    assert lots_filled(sale) == (
        Lot(
            "sale/1",
            "cashback",
            4_750,
            4_750,
            DAY + timedelta(days=14),
            sale.quote.earned[0].expires,
            sale.at,
            "sale",
            "tier:basic:cashback",
        ),
    )
    assert sale_postings(sale, UNITS) == (
        Posting("tender:cash", "EUR", eur("4750.00")),
        Posting("vat:20%", "EUR", -eur("791.67")),
        Posting("sales", "EUR", -eur("3958.33")),
        Posting("purse:cashback", "EUR", -4_750, "ana", "sale/1", "tier:basic:cashback"),
        Posting("issued:cashback", "EUR", 4_750, "ana", None, "tier:basic:cashback"),
    )


def test_the_jacket_comes_back_in_the_books() -> None:
    """The same the other way round, with the offer whose lot is emptied."""
    ledger = Ledger(programme("5", "1"))
    sale = ledger.sell(DAY, [goods("5000.00")])
    ledger.refund(sale, DAY)
    assert ledger.entries[-1].postings == (
        Posting("tender:cash", "EUR", -eur("4750.00")),
        Posting("vat:20%", "EUR", eur("791.67")),
        Posting("sales", "EUR", eur("3958.33")),
        Posting("purse:cashback", "EUR", 4_750, "ana", "sale-1/1", "tier:basic:cashback"),
        Posting("issued:cashback", "EUR", -4_750, "ana", None, "tier:basic:cashback"),
    )


def test_the_change_comes_out_of_the_cash() -> None:
    """Of two lots of cash, and not of the card beside them; rounding is a gain or a loss of its own."""
    rules = programme(cash_rounding=5)
    tenders = [Tender("cash", 100), Tender("card", 500), Tender("cash", 1_000)]
    sale = sale_of(quote((goods("9.98", vat="0"),), rules, DAY), rules, account=None, tenders=tenders)
    assert sale.settlement.change == 600
    assert sums(sale_postings(sale, UNITS)) == {"tender:cash": 500, "tender:card": 500, "rounding": -2, "sales": -998}


@pytest.mark.parametrize(
    ("counts_as", "books"),
    [
        (
            "discount",
            {
                "tender:cash": 6_000,
                "vat:20%": -1_000,
                "sales": -5_000,
                "purse:cashback": 6_000,
                "redeemed:cashback": -6_000,
            },
        ),
        ("tender", {"tender:cash": 6_000, "vat:20%": -2_000, "sales": -10_000, "purse:cashback": 6_000}),
    ],
)
def test_what_a_purse_pays(counts_as: str, books: dict[str, int]) -> None:
    """As a discount no revenue stands for it, as a tender it is revenue like any other; a return undoes either."""
    spend = Spend(counts_as="tender" if counts_as == "tender" else "discount")
    ledger = Ledger(programme(purses=(Purse("cashback", spend=spend),)))
    ledger.give(lot(amount="60.00"))
    sale = ledger.sell(DAY, [goods("120.00")], {"cashback": "max"})
    assert last(ledger) == books
    assert [p.lot for p in ledger.entries[-1].postings if p.account == "purse:cashback"] == ["cashback-60.00-None"]
    ledger.refund(sale, DAY)
    assert last(ledger) == {account: -amount for account, amount in books.items()}


def test_what_lapses_is_breakage() -> None:
    """Each lot by its name; nothing of what holds nothing."""
    postings = expiry_postings(
        {"cashback": "EUR", "bonus": "EUR"}, "ana", {"cashback": [Draw("a", 100), Draw("b", 0)], "bonus": []}
    )
    assert postings == (
        Posting("purse:cashback", "EUR", 100, "ana", "a"),
        Posting("breakage:cashback", "EUR", -100, "ana"),
    )


def test_a_debt_is_made_good_by_what_comes_in() -> None:
    """2.50 owed, 3.00 earned: the lot is filled with 3.00, and 2.50 of it pay the debt in the same entry."""
    ledger = Ledger(programme(cashback="10", purses=(AT_ONCE,)))
    first = ledger.sell(DAY, [goods("25.00", vat="0")])
    ledger.sell(DAY, [goods("2.50", department="food")], {"cashback": "max"})
    ledger.refund(first, DAY)
    assert last(ledger) == {"tender:cash": -2_500, "sales": 2_500, "owed:cashback": 250, "issued:cashback": -250}
    sale = ledger.sell(DAY, [goods("30.00", vat="0")])
    assert sale.settled == (Owed("cashback", 250),)
    assert last(ledger) == {
        "tender:cash": 3_000,
        "sales": -3_000,
        "purse:cashback": -50,
        "issued:cashback": 300,
        "owed:cashback": -250,
    }
    ledger.check(DAY)


def test_lots_make_good_no_more_than_is_owed_and_only_to_their_purse() -> None:
    """In their order; what is left of the second stays, and the other purse is not touched."""
    lots = [lot("a", "1.00", id="1"), lot("a", "2.00", id="2"), lot("b", "9.00", id="3")]
    settled = settle_from_lots(lots, {"a": 250}, DAY)
    assert settled == [("a", Draw("1", 100)), ("a", Draw("2", 150))]
    assert settled_sums(settled) == (Owed("a", 250),)
    assert settle_from_lots([lot("a", expires=DAY - timedelta(days=1))], {"a": 250}, DAY) == []


@pytest.mark.parametrize(
    ("when_spent", "books"),
    [
        ("owe", {"tender:cash": -1_000, "sales": 1_000, "owed:cashback": 100, "issued:cashback": -100}),
        ("withhold", {"tender:cash": -900, "sales": 1_000, "issued:cashback": -100}),
        ("forgive", {"tender:cash": -1_000, "sales": 1_000}),
    ],
)
def test_what_was_earned_and_spent_in_the_books(when_spent: str, books: dict[str, int]) -> None:
    """Owed to the purse, or kept from the money and no longer a cost, or left as the cost that it was."""
    ledger = Ledger(programme(cashback="10", purses=(AT_ONCE,), when_spent=when_spent))
    sale = ledger.sell(DAY, [goods("10.00", vat="0")])
    ledger.sell(DAY, [goods("1.00")], {"cashback": "max"})
    ledger.refund(sale, DAY)
    assert last(ledger) == books
    ledger.check(DAY)


def test_what_lives_longer_is_a_lot_of_its_own_in_the_books() -> None:
    """Drawn from a lot that ends today, given back as one that ends in 30 days; the purse account is as before."""
    ledger = Ledger(programme(purses=(Purse("cashback"),), restored_for=days(30)))
    ledger.give(lot(amount="5.00", expires=DAY, id="old"))
    sale = ledger.sell(DAY, [goods("8.00", "2", vat="0")], {"cashback": "max"})
    refund = ledger.refund(sale, DAY, [(1, MILLION)])
    (posting,) = [p for p in ledger.entries[-1].postings if p.account == "purse:cashback"]
    assert (posting.amount, posting.lot) == (-250, f"{refund.id}/1")
    assert ledger.filled[f"{refund.id}/1"].parent == "old"
    ledger.check(DAY)


def test_vat_is_kept_by_rate() -> None:
    """An account for each rate, written as people write it; none for what is nothing."""
    rules = programme()
    lines = (goods("12.00"), goods("10.90", vat="9"), goods("10.55", vat="5.5"), goods("1.00", vat="0"))
    postings = sums(sale_postings(sale_of(quote(lines, rules, DAY), rules, account=None), UNITS))
    assert postings == {"tender:cash": 3_445, "vat:20%": -200, "vat:9%": -90, "vat:5.5%": -55, "sales": -3_100}
