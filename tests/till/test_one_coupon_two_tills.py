"""One coupon and the points of one mug, wanted at several tills at the same moment: each is used once, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from shops import ANA, PROGRAMME, Clock

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.schema import create_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.cards import issue
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register

TILLS = 4
OFFERS = (
    PROGRAMME
    + """
[purse.points]
unit = "points"

[[offer]]
id = "points"
title = "Points"
give = { earn = { points = 5 }, every = "1.00" }
limit = { each = 1 }

[[offer]]
id = "mug"
title = "A mug for 200 points"
costs = { points = 200 }
give = { gift = "MUG" }

[[offer]]
id = "give"
title = "A coupon"
needs = { spend = "40.00" }
give = { coupon = "half-off" }

[[offer]]
id = "half-off"
title = "Half off"
needs = { coupon = true }
give = { discount = "50%" }
"""
)


@pytest.fixture(params=["sqlite", "postgresql"])
def tills(request: Any, tmp_path: Path) -> Iterator[list[Register]]:
    """Four registers on one store with a programme in force, each with a connection of its own."""
    if request.param == "sqlite":
        url = str(tmp_path / "shop.db")
        create_store(url)
    else:
        url = request.getfixturevalue("postgres_url")
    clock = Clock()
    with ExitStack() as stack:
        stores = [open_store(url) for _ in range(TILLS)]
        for store in stores:
            stack.callback(store.close)
        registers = [Register(f"till-{n}", store, clock, lambda: uuid7(clock.now)) for n, store in enumerate(stores, 1)]
        activate(registers[0], OFFERS, None, "owner")
        issue(registers[0], ANA)
        yield registers


def bill(register: Register, price: int, **wishes: Any) -> Any:
    """A sale of one line at that till."""
    item = LineItem("Goods", price, MILLION, "GOODS", "food", vat=200_000)
    return sell(register, Bill(register.new_id(), (item,), ANA, **wishes).order("anna"))


def at_once(tills: list[Register], **wishes: Any) -> list[str]:
    """What comes of the same wish at every till at the same moment."""

    def attempt(register: Register) -> str:
        try:
            bill(register, 1_000, **wishes)
        except Refused as refused:
            return refused.code
        return "sold"

    with ThreadPoolExecutor(TILLS) as pool:
        return sorted(pool.map(attempt, tills))


def test_a_coupon_is_used_once(tills: list[Register]) -> None:
    """One till sells with it, three are told that it was used, and the store verifies."""
    (coupon,) = bill(tills[0], 5_000).sale.quote.coupons
    assert at_once(tills, coupons=(coupon.number,)) == ["coupon-invalid"] * 3 + ["sold"]
    assert verify_store(tills[0].store).faults == ()


def test_the_points_of_one_mug_buy_one_mug(tills: list[Register]) -> None:
    """235 points: one till gives the mug, three are told that there are too few."""
    bill(tills[0], 5_000)
    assert at_once(tills, take=("mug",)) == ["balance-too-low"] * 3 + ["sold"]
    assert verify_store(tills[0].store).faults == ()
