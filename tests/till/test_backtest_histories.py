"""The programme in force, tried on a history that was made under it alone, says exactly what happened."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from histories import History

from pos_loyalty.storage.figure_backtest import held_by_holder
from pos_loyalty.till.backtest import Request, backtest
from pos_loyalty.till.backtest.replaying import Replay

SEEDS = range(int(os.environ.get("SEED", "1")), int(os.environ.get("SEED", "1")) + int(os.environ.get("SEEDS", "12")))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_programme_gives_the_same_shop(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure, and every holder's purses, lots and standing, come out to the cent; nothing is refused or short, and nobody
    wins or loses.
    """
    history = History(seed, tmp_path)
    seen: list[tuple[object, ...]] = []
    run = Replay.run

    def watched(self: Replay, told: object) -> object:
        done = run(self, told)  # type: ignore[arg-type]
        with self.store.read() as books:
            seen.append(state(books))
        return done

    monkeypatch.setattr(Replay, "run", watched)
    try:
        history.run(20)
        history.store.idle()
        with history.store.read() as books:
            happened = state(books)
        found = backtest(Request(str(history.path), history.shop.text, history.now), lambda *_: None)
    finally:
        history.store.close()
    assert replace(found.in_force, programme="") == replace(found.happened, programme="")
    assert found.draft == found.in_force
    assert not found.refused.bills
    assert not found.refused.others
    assert (found.refused.short, found.refused.skipped, found.left_out, found.not_replayed) == (0, 0, 0, 0)
    assert set(found.bands) <= {0}
    assert seen == [happened, happened]


def state(books: object) -> tuple[object, ...]:
    """What holders have and where they stand, by the store's own rows; what ran out is over whether or not it was posted."""
    from sqlalchemy import text

    last = books.row(text("SELECT max(day) FROM entries"))[0]  # type: ignore[attr-defined]
    return (
        sorted(held_by_holder(books, date.fromisoformat(last))),  # type: ignore[arg-type]
        books.rows(text("SELECT id, tier, tier_since, tier_kept_until, visits, last_visit FROM accounts ORDER BY id")),  # type: ignore[attr-defined]
        books.rows(text("SELECT id, gross, due, account_id FROM sales ORDER BY id")),  # type: ignore[attr-defined]
    )
