"""Nothing is lost and nothing is spent twice: real processes on one real store, some of them killed."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pos_loyalty.storage.verify import verify_store
from shops import ANA, PROGRAMME, Clock, Shop

from pos_loyalty.till import cards

SUPPORT = Path(__file__).parent.parent / "support"


def test_two_processes_cannot_spend_one_balance_twice(make_shop: Callable[..., Shop]) -> None:
    """Two tills that spend from one card at once spend what it holds, to the cent, and the books agree."""
    shop = make_shop(
        PROGRAMME.replace('hold = "14 days"', 'hold = "0 days"').replace('up_to = "50%"', 'up_to = "100%"')
    )
    cards.issue(shop.register, ANA)
    shop.sell(400_000, ANA)
    held = cards.show(shop.register, ANA).purses["cashback"].balance.available
    command = [sys.executable, str(SUPPORT / "spender.py"), shop.path]
    tills = [
        subprocess.Popen([*command, name, ANA], stdout=subprocess.PIPE, text=True) for name in ("till-2", "till-3")
    ]
    spent = [int(till.communicate(timeout=120)[0]) for till in tills]
    shop.clock.now = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    earned_since = shop.store_value("SELECT SUM(amount) FROM lots") - held
    left = cards.show(shop.register, ANA).purses["cashback"].balance.available
    assert sum(spent) + left == held + earned_since
    assert left < 100
    assert all(spent), "one process did all the spending: the test saw no contention"
    assert verify_store(shop.store).faults == ()


@pytest.mark.parametrize("kills", [8, pytest.param(200, marks=pytest.mark.soak)])
def test_killed_process_loses_no_acknowledged_sale(make_shop: Callable[..., Shop], kills: int) -> None:
    """However often the process is killed in the middle of selling, each sale that was acknowledged is there, whole."""
    shop = make_shop(clock=Clock(datetime(2026, 3, 1, 9, 0, tzinfo=UTC)))
    cards.issue(shop.register, ANA)
    chance = random.Random(kills)
    acknowledged: list[str] = []
    for _ in range(kills):
        seller = subprocess.Popen(
            [sys.executable, str(SUPPORT / "seller.py"), shop.path, ANA], stdout=subprocess.PIPE, text=True
        )
        assert seller.stdout is not None
        lines = [seller.stdout.readline() for _ in range(5 + chance.randrange(20))]
        seller.kill()
        rest, _ = seller.communicate()
        said = "".join(lines) + rest
        done = [line.strip() for line in said.splitlines(keepends=True) if line.endswith("\n")]
        assert len(done) >= 5, "the process died by itself: the test saw nothing"
        acknowledged += done
    stored = shop.store_values("SELECT id FROM sales")
    assert set(acknowledged) <= set(stored)
    assert len(stored) - len(acknowledged) <= kills
    assert verify_store(shop.store).faults == ()
