"""Several tills at once on one store: what is checked under the lock and spent in the same transaction is spent once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pos_loyalty.domain.ledger import Draw
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.verify import verify_store

TILLS = 4


def spender(shop: Any, register: str) -> Any:
    """Another till on the same store: a connection and a register of its own."""
    other = type(shop)(open_store(shop.url), now=shop.now, register=register)
    other.count = 1_000 * int(register[-1])
    return other


@pytest.fixture
def crowded(store_url: str, shop: Any) -> Any:
    """A shop whose one holder has 10.00 in one lot."""
    shop.url = store_url
    shop.account = shop.holder()
    shop.lot = f"{shop.sell(shop.account).id}/1"
    return shop


def test_four_tills_spend_one_balance_once(crowded: Any) -> None:
    """Each takes 0.30 as long as there is so much: 33 spendings in all, 0.10 left, nobody is refused, and the books are whole."""

    def spend(n: int) -> int:
        shop = spender(crowded, f"till-{n + 2}")
        done = 0
        while True:
            with shop.store.write() as books:
                books.lock(shop.register, crowded.account)
                if books.lots([crowded.lot])[crowded.lot].remaining < 30:
                    break
                shop.sale(books, crowded.account, 30, [Draw(crowded.lot, 30)])
                done += 1
        shop.store.close()
        return done

    with ThreadPoolExecutor(TILLS) as tills:
        done = list(tills.map(spend, range(TILLS)))
    assert sum(done) == 33
    with crowded.store.read() as books:
        assert books.lots([crowded.lot])[crowded.lot].remaining == 10
        assert books.balance(crowded.account, "cashback") == (10, 0)
    assert verify_store(crowded.store).faults == ()


def test_a_check_before_the_lock_would_spend_twice(crowded: Any) -> None:
    """The control: two tills that look at the balance first and lock later both want it; the store itself refuses the second."""
    looked = threading.Barrier(2)

    def spend(n: int) -> str:
        shop = spender(crowded, f"till-{n + 2}")
        with shop.store.read() as books:
            held = books.lots([crowded.lot])[crowded.lot].remaining
        looked.wait(10)
        try:
            shop.sell(crowded.account, held, [Draw(crowded.lot, held)])
        except FactRefused:
            return "refused"
        finally:
            shop.store.close()
        return "done"

    with ThreadPoolExecutor(2) as tills:
        assert sorted(tills.map(spend, range(2))) == ["done", "refused"]
    assert verify_store(crowded.store).faults == ()


def test_threads_of_one_till_share_its_store(crowded: Any) -> None:
    """A worker writes while the screen reads: every read sees whole sales only, and every write comes through."""
    stop = threading.Event()

    def read() -> int:
        seen = 0
        while not stop.is_set():
            with crowded.store.read() as books:
                card = books.card("2900000000018")
                account = books.account(crowded.account, card)
                held = sum(lot.remaining for lot in account.holding("cashback").lots)
                assert held == books.balance(crowded.account, "cashback")[0]
                seen += 1
        return seen

    with ThreadPoolExecutor(3) as threads:
        readers = [threads.submit(read) for _ in range(2)]
        for _ in range(30):
            crowded.sell(crowded.account)
        stop.set()
        assert all(reader.result() for reader in readers)
    with crowded.store.read() as books:
        assert books.balance(crowded.account, "cashback") == (31 * 1_000, 0)


def test_a_query_that_nobody_reads_to_its_end_ends_with_its_transaction(store: Any) -> None:
    """It neither keeps SQLite's log from being emptied nor outlives the connection that it came by."""
    from datetime import date

    from sqlalchemy import select

    from pos_loyalty.storage.tables import accounts

    with store.write() as books:
        for n in range(3_000):
            books.add_account(f"{n:036d}", date(2026, 11, 22))
    with store.read() as books:
        rows = books.pages(select(accounts.c.id))
        assert len(next(rows)) == 1
    store.close()
    rows.close()
