"""Card numbers wanted at several tills at the same moment: each is handed out once, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from shops import PROGRAMME, Clock

from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.card_prints import order_cards
from pos_loyalty.till.cards import issue
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register

TILLS = 4


@pytest.fixture
def tills(store_url: str) -> Iterator[list[Register]]:
    """Four registers on one store with a programme in force, each with a connection of its own."""
    clock = Clock()
    with ExitStack() as stack:
        stores = [open_store(store_url) for _ in range(TILLS)]
        for store in stores:
            stack.callback(store.close)
        found = [Register(f"till-{n}", store, clock, lambda: uuid7(clock.now)) for n, store in enumerate(stores, 1)]
        activate(found[0], PROGRAMME, None, "owner")
        yield found


def test_no_two_tills_hand_out_one_number(tills: list[Register]) -> None:
    """Four tills issue fifteen times each at once: sixty numbers that follow one another, and no till was turned away."""
    with ThreadPoolExecutor(TILLS) as pool:
        issued = list(pool.map(lambda till: [issue(till)[0] for _ in range(15)], tills))
    places = sorted(tills[0].cards.first.place(number) or 0 for numbers in issued for number in numbers)
    assert places == list(range(1, 61))


def test_an_order_asked_for_at_several_tills_is_made_once(tills: list[Register]) -> None:
    """One of them makes it, and all get the same numbers."""
    with ThreadPoolExecutor(TILLS) as pool:
        made = list(pool.map(lambda till: order_cards(till, "spring", 20), tills))
    assert sorted(new for _, new in made) == [False, False, False, True]
    assert len({order.numbers for order, _ in made}) == 1
    assert len(issue(tills[0], count=1)) == 1
