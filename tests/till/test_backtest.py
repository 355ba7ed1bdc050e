"""A draft programme on past sales: known changes against figures worked out by hand, and what is refused or broken off."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.backtest import Backtest, Request, apart, backtest, here
from pos_loyalty.till.backtest.outcome import band_of
from pos_loyalty.till.backtest.progress import Stopwatch
from pos_loyalty.till.backtest.table import csv_of, refusals
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

GENEROUS = PROGRAMME.replace('discount = "5%"', 'discount = "10%"').replace('cashback = "1%"', 'cashback = "2%"')


@pytest.fixture(params=["sqlite_url", "emptied_postgres_url"])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    """A register with Ana and Boris, on both databases."""
    url: str = request.getfixturevalue(request.param)
    clock = Clock()
    store = open_store(url)
    register = Register("till-1", store, clock, lambda: uuid7(clock.now))
    activate(register, PROGRAMME, None, "owner")
    enrol(register, Enrolment("Ana Kovač", card=ANA))
    enrol(register, Enrolment("Boris", card=BORIS))
    yield Shop(register, clock, store, url)
    store.close()


def silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


def tried(shop: Shop, draft: str, first: date | None = None, last: date | None = None) -> Backtest:
    return backtest(Request(shop.path, draft, shop.clock.now, first, last), silent)


def test_a_higher_discount_and_cashback(shop: Shop) -> None:
    """Two bills of 100.00 at 5 % and 1 %: 95.00 and 0.95 each. At 10 % and 2 % they are 90.00 and 1.80: the holder pays 10.00
    less and holds 1.70 more, the shop takes 10.00 less and the programme costs 23.60 in place of 11.90.
    """
    shop.sell(10_000, ANA)
    shop.clock.forward(days=1)
    shop.sell(10_000, ANA)
    shop.sell(5_000)  # without a card: the same in both
    found = tried(shop, GENEROUS)
    assert found.in_force == found.happened
    assert (found.replayed, found.first, found.last) == (3, date(2026, 1, 5), date(2026, 1, 6))
    assert [side.turnover for side in (found.happened, found.draft)] == [24_000, 23_000]
    assert [side.cost for side in (found.happened, found.draft)] == [1_190, 2_360]
    assert [side.liability for side in (found.happened, found.draft)] == [190, 360]
    assert found.draft.discounts == {"tier:basic:discount": 2_000}
    assert found.draft.tiers == {"basic": 2}
    (winner,) = found.winners
    assert (winner.total, winner.paid, winner.held, winner.gifts) == (1_170, 1_000, 170, 0)
    assert winner.card == "*********0018"
    assert found.losers == ()
    assert found.bands == {3: 1}
    assert "turnover,,240.00,240.00,230.00" in csv_of(found).splitlines()


def test_a_return_comes_back_under_the_draft(shop: Shop) -> None:
    """What came back whole leaves nothing in either: no discount, nothing earned, and a holder without a change."""
    sold = shop.sell(10_000, ANA)
    refund(shop.register, RefundOrder(sold.sale.id))
    found = tried(shop, GENEROUS)
    assert (found.draft.turnover, found.draft.cost, found.draft.liability) == (0, 0, 0)
    assert found.bands == {0: 1}


def test_what_was_spent_is_spent_again_as_far_as_it_is_there(shop: Shop) -> None:
    """4.75 earned and spent; a draft that gives a fifth of it lets 0.95 be spent, less than the minimum: nothing of it is, and the
    bill is counted as one on which less could be spent.
    """
    shop.sell(50_000, ANA)
    shop.clock.forward(days=20)
    shop.sell(10_000, ANA, {"cashback": 475})
    mean = PROGRAMME.replace('cashback = "1%"', 'cashback = "0.2%"').replace('spend = "500.00"', 'spend = "1000.00"')
    found = tried(shop, mean)
    before, after = ({one.purse: one for one in side.purses}["cashback"] for side in (found.in_force, found.draft))
    assert (before.redeemed, after.redeemed) == (475, 0)
    assert found.refused.short == 1
    assert found.refused_in_force.short == 0


def test_a_draft_from_a_day_on(shop: Shop) -> None:
    """Before that day the programme of then holds, and only from it on it is counted; what was earned before is still there."""
    shop.sell(10_000, ANA)
    shop.clock.forward(days=10)
    shop.sell(10_000, ANA)
    found = tried(shop, GENEROUS, first=date(2026, 1, 15))
    assert found.replayed == 1
    assert (found.happened.turnover, found.draft.turnover) == (9_500, 9_000)
    assert found.draft.liability == 95 + 180
    (winner,) = found.winners
    assert (winner.paid, winner.held) == (500, 85)


def test_until_a_day(shop: Shop) -> None:
    """What came later is not there: neither its bill nor what it earned."""
    shop.sell(10_000, ANA)
    shop.clock.forward(days=10)
    shop.sell(10_000, ANA)
    found = tried(shop, GENEROUS, last=date(2026, 1, 14))
    assert (found.happened.turnover, found.in_force.turnover, found.draft.turnover) == (9_500, 9_500, 9_000)
    assert (found.happened.liability, found.in_force.liability, found.draft.liability) == (95, 95, 180)


def test_a_bill_that_the_draft_refuses_is_said_and_its_holder_left_out(shop: Shop) -> None:
    """A cashier rang up their own card; a draft that refuses that has one bill less, says which and why, and leaves them out of
    winners and losers.
    """
    enrol(shop.register, Enrolment("anna", card="2900000000117"))
    own = shop.sell(10_000, "2900000000117")
    refund(shop.register, RefundOrder(own.sale.id))
    shop.sell(10_000, ANA)
    found = tried(shop, PROGRAMME + '\n[guard]\nown_card = "refuse"\n')
    assert found.refused.bills == {"own-card": 1}
    assert found.refused.skipped == 1
    assert (found.draft.bills, found.in_force.bills, found.left_out) == (1, 2, 1)
    assert found.bands == {0: 1}
    (first, second) = refusals(found.refused)
    assert first.values["receipt"] == own.sale.receipt_number
    assert second.values["count"] == 1


def test_a_holder_is_who_they_were_then(shop: Shop) -> None:
    """A bearer card that was registered later is a bearer's again before: the tier for named cards is not hers there."""
    from pos_loyalty.till.cards import issue

    (card,) = issue(shop.register, kind="bearer")
    shop.sell(300_000, card)
    shop.clock.forward(days=1)
    second = shop.sell(10_000, card).sale
    shop.clock.forward(days=1)
    enrol(shop.register, Enrolment("Vera", card=card))
    third = shop.sell(10_000, card).sale
    assert (second.quote.due, third.quote.due) == (9_000, 8_000)
    found = tried(shop, PROGRAMME)
    assert found.in_force == found.happened
    assert found.bands == {0: 1}


@pytest.mark.parametrize(
    ("draft", "code", "word"),
    [
        ("name = 3", "programme-invalid", "errors"),
        (PROGRAMME.replace("EUR", "BGN"), "programme-invalid", "EUR"),
        (PROGRAMME.replace('unit = "money"', 'unit = "stamps"').split("[tiers]")[0], "programme-invalid", ""),
    ],
)
def test_a_draft_that_cannot_be_used(shop: Shop, draft: str, code: str, word: str) -> None:
    """Errors, another currency and a purse that held something else are refused as activating it would be."""
    shop.sell(10_000, ANA)
    with pytest.raises(Refused) as refused:
        tried(shop, draft)
    assert refused.value.code == code
    assert word in str((refused.value.message.template, refused.value.message.values))


def test_nothing_sold_is_nothing_to_replay(shop: Shop) -> None:
    """A store without sales says so, and so does a period that ends before the draft is in force."""
    with pytest.raises(Refused, match="sale-unknown"):
        tried(shop, GENEROUS)
    shop.sell(10_000, ANA)
    with pytest.raises(Refused, match="sale-unknown"):
        tried(shop, GENEROUS, first=date(2026, 2, 1), last=date(2026, 1, 31))


def test_processes_of_their_own_say_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same store and draft give the same answer, here and side by side, twice; nothing of it stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()
    for _ in range(3):
        shop.sell(10_000, ANA)
        shop.clock.forward(days=1)
    request = Request(shop.path, GENEROUS, shop.clock.now)
    stages: list[str] = []
    found = backtest(request, lambda stage, *_: stages.append(stage), apart)
    assert found == backtest(request, silent, here) == backtest(request, silent, here)
    assert dict.fromkeys(stages) == dict.fromkeys(("reading", "in-force", "draft"))
    assert list((tmp_path / "room").iterdir()) == []


@pytest.mark.parametrize("stage", ["reading", "draft"])
def test_broken_off(shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stage: str) -> None:
    """Ctrl+C while it reads or replays ends its processes, leaves no file, and the store is as it was."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()
    shop.sell(10_000, ANA)

    def told(at: str, done: int, total: int) -> None:
        if at == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backtest(Request(shop.path, GENEROUS, shop.clock.now), told, apart)
    assert multiprocessing.active_children() == []
    assert list((tmp_path / "room").iterdir()) == []
    with shop.store.read() as books:
        assert len(books.revisions()) == 1
    assert shop.sell(10_000, ANA).sale.number == 2


def test_refused_in_a_process_of_its_own(shop: Shop) -> None:
    """What is refused there is refused here, with its code and sentence."""
    with pytest.raises(Refused, match="sale-unknown"):
        backtest(Request(shop.path, GENEROUS, shop.clock.now), silent, apart)


@pytest.mark.parametrize(
    ("change", "band"),
    [(0, 0), (1, 1), (100, 1), (101, 2), (1_000, 2), (10_000, 3), (10_001, 4), (-1, -1), (-101, -2), (-10_001, -4)],
)
def test_bands(change: int, band: int) -> None:
    """A bound belongs to the band below it; losses mirror gains."""
    assert band_of(change) == band


def test_the_rest_is_guessed_from_what_is_done() -> None:
    """A tenth in 10 seconds leaves about 90; before three per cent nothing is said. Both replays are one part."""
    now = [0.0]
    watch = Stopwatch(lambda: now[0])
    assert watch.told("reading", 0, 0).percent == 0
    watch.told("in-force", 0, 100)
    now[0] = 10.0
    watch.told("draft", 0, 100)
    seen = watch.told("in-force", 20, 100)
    assert seen.percent == 10
    assert seen.left is not None
    assert seen.left.values == {"seconds": 91}
    assert Stopwatch(lambda: 0.0).told("draft", 2, 100).left is None
