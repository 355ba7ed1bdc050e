"""The journal's values: an entry that does not balance cannot exist, and purses are sums of lots."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from bills import DAY, at, eur, lot
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.expiry import lapsed
from pos_loyalty.domain.ledger import Balance, Draw, Entry, Holding, Posting, Unbalanced, balance

ANY_POSTING = st.builds(Posting, st.sampled_from("abc"), st.sampled_from(("EUR", "points")), st.integers(-5, 5))


def entry(*postings: Posting) -> Entry:
    return Entry("e", "sale", at(DAY), at(DAY), DAY, "boris", None, postings)


@given(st.lists(ANY_POSTING, max_size=6))
def test_an_entry_balances_in_each_unit_or_cannot_be_made(postings: list[Posting]) -> None:
    """Euros do not make up for points."""
    sums = [sum(p.amount for p in postings if p.unit == unit) for unit in ("EUR", "points")]
    if any(sums):
        with pytest.raises(Unbalanced, match="does not balance"):
            entry(*postings)
    else:
        assert entry(*postings).postings == tuple(postings)


def test_what_a_purse_comes_to_on_a_day() -> None:
    """Available, pending, and what runs out next; what has lapsed is in none of them, expired or not yet."""
    lots = (
        lot(amount="1.00", expires=DAY - timedelta(days=1), id="lapsed"),
        lot(amount="2.00", expires=DAY + timedelta(days=9), id="soon"),
        lot(amount="3.00", available=DAY + timedelta(days=1), expires=DAY + timedelta(days=9), id="pending"),
        lot(amount="4.00", id="never"),
        replace(lot(amount="5.00", expires=DAY, id="empty"), remaining=0),
    )
    holding = Holding("cashback", lots, 7)
    assert balance(holding, DAY) == Balance("cashback", 600, 300, 7, DAY + timedelta(days=9), 500)
    more = (*lots, lot(amount="6.00", expires=DAY + timedelta(days=10), id="after that"))
    assert balance(Holding("cashback", more), DAY) == Balance("cashback", 1_200, 300, 0, DAY + timedelta(days=9), 500)
    assert balance(Holding("cashback"), DAY) == Balance("cashback", 0, 0, 0, None, 0)
    assert balance(Holding("cashback", lots[3:4]), DAY) == Balance("cashback", 400, 0, 0, None, 0)


def test_what_lapses_is_what_is_past_its_last_day() -> None:
    """Not on the last day itself, and not what never ends; a lot that is pending for ever lapses like another."""
    lots = (
        lot(amount="1.00", expires=DAY, id="today"),
        lot(amount="2.00", id="never"),
        replace(lot(amount="3.00", expires=date(2026, 2, 1), id="empty"), remaining=0),
        lot(amount="4.00", available=date(2026, 11, 1), expires=date(2026, 11, 21), id="yesterday"),
    )
    assert lapsed(Holding("cashback", lots), DAY) == (Draw("yesterday", 400),)
    assert lapsed(Holding("cashback", lots), DAY + timedelta(days=1)) == (Draw("today", 100), Draw("yesterday", 400))


def test_no_more_can_be_drawn_than_the_lots_hold() -> None:
    """A fault of the program, since what is asked for was checked before."""
    holding = Holding("cashback", (lot(amount="1.00"), lot(amount="2.00")))
    assert sum(draw.amount for draw in holding.draw(300, holding.lots)) == eur("3.00")
    with pytest.raises(ValueError, match="1 units more"):
        holding.draw(301, holding.lots)


def test_a_holding_after_what_happened_to_it() -> None:
    """Drawn on, given back to, filled, and owed."""
    holding = Holding("cashback", (lot(amount="3.00", id="a"), lot(amount="2.00", id="b")), 5)
    after = holding.after(
        [Draw("a", 100), Draw("a", 50), Draw("b", -20), Draw("c", 10)], [lot(amount="1.00", id="c")], 4
    )
    assert {each.id: each.remaining for each in after.lots} == {"a": 150, "b": 220, "c": 90}
    assert after.owed == 9
