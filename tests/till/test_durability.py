"""Nothing that was acknowledged is lost: a real process on a real store, killed again and again in the middle of selling."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shops import ANA, Clock, Shop

from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards

SUPPORT = Path(__file__).parent.parent / "support"


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
