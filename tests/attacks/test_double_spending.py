"""Several tills spend one card at once, each a process of its own: what is spent is what there was, to the cent."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from scenes import BEFORE, NOW, register_on
from shops import ANA, PROGRAMME

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards, programmes
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell

RACER = Path(__file__).parent.parent / "support" / "racer.py"
GENEROUS = (
    PROGRAMME.replace('minimum = "1.00", up_to = "50%"', 'minimum = "0.01", up_to = "100%"')
    .replace('cashback = "1%"', 'cashback = "50%"')
    .replace('cashback = "3%"', 'cashback = "50%"')
    .replace('cashback = "5%"', 'cashback = "50%"')
    .replace("discount =", "# discount =")
)


@dataclass(frozen=True)
class Race:
    """What came of it: units there were, units that each process says it spent, units left, and what the books say."""

    held: int
    spent: tuple[int, ...]
    left: int
    refused: int
    faults: tuple[str, ...]


def race(url: str, processes: int, units: int, variant: str = "product") -> Race:
    """Fill a card with a number of units in ten lots, and let processes spend it until nothing is left."""
    with closing(open_store(url)) as store:
        register = register_on(store, BEFORE)
        programmes.activate(register, GENEROUS, None, "owner")
        cards.issue(register, ANA)
        for _ in range(10):
            sell(register, Bill(register.new_id(), (LineItem("Coat", units // 5),), ANA).order("anna"))
        programmes.activate(register, GENEROUS.replace('cashback = "50%"', ""), NOW - timedelta(days=1), "owner")
        held = cards.show(register, ANA, NOW).purses["cashback"].balance.available
    most = units // (1_000 if units > 100_000 else 50)
    command = [sys.executable, str(RACER), url]
    tills = [
        subprocess.Popen(
            [*command, f"till-{n}", ANA, str(most), variant], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for n in range(2, processes + 2)
    ]
    for till in tills:
        assert till.stdout is not None
        assert till.stdout.readline() == "ready\n"
    for till in tills:
        assert till.stdin is not None
        till.stdin.write("go\n")
        till.stdin.flush()
    said = [till.communicate(timeout=500)[0].split() for till in tills]
    assert all(till.returncode == 0 for till in tills)
    with closing(open_store(url)) as store:
        left = cards.show(register_on(store), ANA, NOW).purses["cashback"].balance.available
        faults = tuple(f"{fault.place}: {fault.what}" for fault in verify_store(store).faults)
    return Race(held, tuple(int(words[1]) for words in said), left, sum(int(words[3]) for words in said), faults)


@pytest.mark.parametrize(
    ("processes", "units"),
    [
        (2, 3_000),
        (8, 2_000),
        pytest.param(2, 1_000_000, marks=pytest.mark.soak),
        pytest.param(8, 1_000_000, marks=pytest.mark.soak),
    ],
)
def test_one_card_in_many_hands(store_url: str, processes: int, units: int) -> None:
    """However many tills spend one card at once, they spend what it held, to the last cent, and the books agree."""
    found = race(store_url, processes, units)
    print(f"\n{processes} processes: {found}")
    assert found.held == units
    assert sum(found.spent) == units
    assert found.left == 0
    assert sum(map(bool, found.spent)) >= 2, "one process did all the spending: the test saw no contention"
    assert found.refused == 0
    assert found.faults == ()


def test_control_reading_before_locking_meets_the_laws_of_the_store(store_url: str) -> None:
    """A till that reckons before it locks is refused by the store's own laws whenever it would spend a unit twice."""
    found = race(store_url, 2, 1_500, "early")
    assert found.refused > 0, "the processes never met: the test saw nothing"
    assert sum(found.spent) + found.left == found.held


@pytest.mark.parametrize("own_url", ["sqlite_url", "postgres_url"])
def test_control_without_those_laws_money_is_invented(request: pytest.FixtureRequest, own_url: str) -> None:
    """The same till with those laws switched off spends more than there was: the test sees it, and the books say so."""
    url: str = request.getfixturevalue(own_url)
    if url.startswith("postgresql"):
        import psycopg

        with psycopg.connect(url) as connection:
            connection.execute("ALTER TABLE lots DROP CONSTRAINT ck_lots_remaining")
            connection.execute("ALTER TABLE balances DROP CONSTRAINT ck_balances_held")
    found = race(url, 2, 1_500, "blind")
    assert sum(found.spent) > found.held
    assert found.faults
