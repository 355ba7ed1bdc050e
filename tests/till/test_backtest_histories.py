"""The programme in force, tried on a history that was made under it alone, says exactly what happened."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from figures import Figures, figures
from histories import History
from sqlalchemy import text

from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_backtest import held_by_holder
from pos_loyalty.till.backtest import Backtest, Request, backtest
from pos_loyalty.till.backtest.outcome import Replayed
from pos_loyalty.till.backtest.replaying import Replay
from pos_loyalty.till.closing import close_day
from pos_loyalty.till.programmes import current

SEEDS = range(int(os.environ.get("SEED", "1")), int(os.environ.get("SEED", "1")) + int(os.environ.get("SEEDS", "12")))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_programme_gives_the_same_shop(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure, and every holder's purses, lots and standing, come out to the cent; nothing is refused or short, nobody wins or
    loses, the report of the flow says the same, and no file stays.

    But where a birthday offer stands in a programme whose holder was erased: when it was is nobody's to know any more, so that
    what that offer gave is not given again. Both replays agree then, too.
    """
    history = History(seed, tmp_path)
    seen: list[tuple[object, ...]] = []
    run = Replay.run

    def watched(self: Replay, told: Callable[[int], None]) -> Replayed:
        done = run(self, told)
        with self.store.read() as books:
            seen.append(state(books, today))
        return done

    monkeypatch.setattr(Replay, "run", watched)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()
    try:
        history.run(20)
        if seed % 2:
            close_day(history.register)
        history.store.idle()
        today = current(history.register, history.now).programme.business_day(history.now)
        with history.store.read() as books:
            happened = state(books, today)
        found = backtest(Request(str(history.path), history.shop.text, history.now), lambda *_: None)
        flow = figures(history.store, "flow", found.first, found.last)
    finally:
        history.store.close()
    assert list((tmp_path / "room").iterdir()) == []
    assert found.draft == found.in_force
    assert seen[0] == seen[1]
    assert set(found.bands) <= {0}
    flow_agrees(found, flow, closed=bool(seed % 2))
    if history.erased and "birthday_within" in history.shop.text:
        return
    assert replace(found.in_force, programme="") == replace(found.happened, programme="")
    assert not found.refused.bills
    assert not found.refused.others
    assert (found.refused.short, found.refused.skipped, found.left_out, found.not_replayed) == (0, 0, 0, 0)
    assert seen[0] == happened


def state(books: Books, today: date) -> tuple[object, ...]:
    """What holders have and where they stand, by the store's own rows; what ran out is over whether or not it was posted."""
    return (
        sorted(held_by_holder(books, today)),
        books.rows(text("SELECT id, tier, tier_since, tier_kept_until, visits, last_visit FROM accounts ORDER BY id")),
        books.rows(text("SELECT id, gross, due, account_id FROM sales ORDER BY id")),
    )


def flow_agrees(found: Backtest, flow: Figures, *, closed: bool) -> None:
    """What both say of a purse is the same; what ran out once the day is closed, since only a backtest knows of it before."""
    for purse in found.happened.purses:
        said = {name: int(now or 0) for (name, of, by), (now, _) in flow.items() if purse.purse in (of, by)}
        redeemed = said.get("redeemed", 0) - said.get("restored", 0)
        assert (purse.issued, purse.adjusted) == (said.get("issued", 0), said.get("adjusted", 0))
        assert (purse.redeemed, purse.taken_back) == (redeemed, said.get("taken_back", 0))
        assert not closed or purse.expired == said.get("expired", 0)
