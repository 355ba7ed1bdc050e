"""Random histories of one holder: sales, spends, expiries and returns, with every law of the books held after each step."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from bills import DAY, Ledger, lot, random_lines, random_programme, random_tenders
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.reversal import left_to_return

SEEDS = st.integers(0, 2**64)


def history(seed: int, steps: int = 14) -> Ledger:
    """A history that anything may happen in, checked after every step."""
    rng = random.Random(seed)
    ledger = Ledger(random_programme(rng))
    day = date(2026, 1, 1) + timedelta(days=rng.randrange(365))
    gifts = rng.choice((0, 0, 0, 2))  # who gets much is seldom found owing
    quick = rng.choice(((0, 0, 1), (0, 0, 1, 3, 14, 40)))
    for _ in range(steps):
        day += timedelta(days=rng.choice(quick))
        match rng.choice(("sell", "sell", "sell", "refund", "refund", "expire", *["give"] * gifts)):
            case "sell":
                asks = {
                    p: rng.choice(("max", "max", "max", 1, 50)) for p in ("cashback", "bonus") if rng.random() < 0.7
                }
                lines = random_lines(rng, 4)
                try:
                    before = len(ledger.entries)
                    ledger.sell(day, lines, asks, None)
                except Refused as refused:
                    assert refused.code in {"balance-too-low", "limit-reached", "amount-invalid"}  # noqa: PT017
                    assert len(ledger.entries) == before
            case "refund":
                open_ = [s for s in ledger.sales.values() if any(left_to_return(s, ledger.refunds[s.id]))]
                if open_:
                    sale = rng.choice(open_)
                    left = left_to_return(sale, ledger.refunds[sale.id])
                    asked = [(n, rng.randrange(1, rest + 1)) for n, rest in enumerate(left, 1) if rest]
                    rng.shuffle(asked)
                    asked = asked[: rng.randrange(1, len(asked) + 1)]
                    ledger.refund(
                        sale, day, rng.choice((None, asked)), rng.choice((None, "owe", "withhold", "forgive"))
                    )
            case "give":
                purse = rng.choice(("cashback", "bonus"))
                lives = rng.choice((None, day + timedelta(days=rng.randrange(30))))
                given_ = lot(
                    purse, str(rng.randrange(1, 300)), available=day, expires=lives, id=f"gift-{len(ledger.filled)}"
                )
                if not ledger.holdings()[purse].owed:
                    ledger.give(given_)
            case "expire":
                ledger.expire(day)
                assert all(not each.is_over(day) for each in ledger.lots().values() if each.remaining)
        ledger.check(day)
    return ledger


def all_goods_back(seed: int) -> None:
    """Once all goods are back there are no sales and no VAT, and in the tenders is only what was withheld."""
    ledger = history(seed, 8)
    day = DAY + timedelta(days=2_000)
    for sale in ledger.sales.values():
        if any(left_to_return(sale, ledger.refunds[sale.id])):
            ledger.refund(sale, day)
            ledger.check(day)
    assert ledger.total("sales") == 0
    assert ledger.total("vat:") == 0
    assert ledger.total("tender:") == ledger.total("rounding") * -1 + ledger.withheld
    for purse in ("cashback", "bonus"):
        assert ledger.total(f"redeemed:{purse}") == 0


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS)
def test_every_law_holds_after_every_step(seed: int) -> None:
    """Entries balance, lots and debts are never below zero, purses are what their postings say, and value comes of nothing."""
    history(seed)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_when_all_goods_are_back_nothing_was_sold(seed: int) -> None:
    """After every bill has come back, in whatever pieces, sales, VAT and what purses paid are all zero."""
    all_goods_back(seed)


@pytest.mark.soak
def test_ten_thousand_histories() -> None:
    """The same laws over ten thousand histories."""
    for seed in range(10_000):
        history(seed, 20)
        all_goods_back(seed)


def test_tenders_of_every_kind_are_in_the_books() -> None:
    """Bills paid by several tenders, returned in pieces: each tender's account is what moved through it."""
    for seed in range(60):
        rng = random.Random(seed)
        ledger = Ledger(random_programme(rng))
        for _ in range(4):
            lines = random_lines(rng)
            fork = ledger.fork()
            try:
                due = fork.sell(DAY, lines).quote.due
            except Refused:
                continue
            sale = ledger.sell(DAY, lines, tenders=random_tenders(rng, due))
            ledger.check(DAY)
            while any(left := left_to_return(sale, ledger.refunds[sale.id])):
                number = rng.choice([n for n, rest in enumerate(left, 1) if rest])
                ledger.refund(
                    sale,
                    DAY,
                    [(number, rng.randrange(1, left[number - 1] + 1) if rng.random() < 0.5 else left[number - 1])],
                )
                ledger.check(DAY)
