"""A fresh store with a programme in force, and registers on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shops import PROGRAMME, Clock, Shop

from pos_loyalty.storage.engine import Store, open_store
from pos_loyalty.storage.schema import create_store
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register


@pytest.fixture
def make_shop(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    """A maker of registers on one fresh SQLite store with a programme in force."""
    opened: list[Store] = []
    path = str(tmp_path / "shop.db")

    def make(programme: str = PROGRAMME, name: str = "till-1", clock: Clock | None = None) -> Shop:
        clock = clock or Clock()
        if not opened:
            create_store(path)
        store = open_store(path)
        opened.append(store)
        register = Register(name=name, store=store, clock=clock, new_id=lambda: uuid7(clock.now))
        shop = Shop(register, clock, store, path)
        if len(opened) == 1:
            activate(register, programme, None, "owner")
        return shop

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def shop(make_shop: Callable[..., Shop]) -> Shop:
    """One register with the example programme."""
    return make_shop()
