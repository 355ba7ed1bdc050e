"""The offers' counters: what is read of a holder, the totals that all holders share, and tills that come to them at once."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta
from typing import Any

from pos_loyalty.domain.usage import Use

OFFER = "come-back"
DAY = date(2026, 11, 22)


def use(shop: Any, account: str | None = None, *uses: Use, day: date = DAY) -> None:
    """A bill that counts so."""
    sale = shop.sell(account)
    with shop.store.write() as books:
        books.add_uses(f"{sale.id}", account, day, uses)


def test_a_holders_uses_by_day_from_one_on(shop: Any) -> None:
    """Each holder's own, of that offer alone; what came back is gone, and who was held out had none."""
    ana, boris = shop.holder(), shop.holder("2900000000025", "Boris Babić")
    use(shop, ana, Use(OFFER, 1, 50), Use("other", 1, 10))
    use(shop, ana, Use(OFFER, 1, 50), day=DAY - timedelta(days=40))
    use(shop, ana, Use(OFFER, 1, 50), day=DAY - timedelta(days=1))
    use(shop, ana, Use(OFFER, -1, -50), day=DAY - timedelta(days=1))
    use(shop, ana, Use(OFFER, 1, 50))
    use(shop, boris, Use(OFFER, 1, 50))
    use(shop, boris, Use(OFFER, 0, 0, 1))
    with shop.store.read() as books:
        assert sorted(books.uses(ana, OFFER)) == [(DAY - timedelta(days=40), 1), (DAY, 2)]
        assert books.uses(ana, OFFER, DAY) == ((DAY, 2),)
        assert books.uses(boris, OFFER) == ((DAY, 1),)


def test_a_total_is_kept_once_it_is_asked_for(shop: Any) -> None:
    """It is made from every use so far, and moves with each that comes; before that it is added up when it is read."""
    use(shop, None, Use(OFFER, 1, 50))
    with shop.store.read() as books:
        assert books.offer_total(OFFER) == (1, 50)
        assert books.offer_total("never") == (0, 0)
    for counts in ((1, 50), (1, 50)):
        with shop.store.write() as books:
            assert books.offer_total(OFFER, locked=True) == counts
    use(shop, None, Use("other", 1, 10), Use(OFFER, 1, 30))
    use(shop, None, Use(OFFER, -1, -50))
    with shop.store.read() as books:
        assert books.offer_total(OFFER) == (1, 30)


def _ask(shop: Any, said: list[tuple[int, int]]) -> threading.Thread:
    def ask() -> None:
        with shop.store.write() as books:
            said.append(books.offer_total(OFFER, locked=True))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_a_total_waits_for_the_till_that_has_it(shop: Any) -> None:
    """Whoever locks it second sees what the first counted: the last of a budget is given once."""
    with shop.store.write() as books:
        books.offer_total(OFFER, locked=True)
    sale = shop.sell()
    said: list[tuple[int, int]] = []
    with shop.store.write() as books:
        assert books.offer_total(OFFER, locked=True) == (0, 0)
        asking = _ask(shop, said)
        time.sleep(0.2)
        assert said == []
        books.add_uses(sale.id, None, DAY, [Use(OFFER, 1, 50)])
    asking.join()
    assert said == [(1, 50)]


def test_a_total_that_is_made_waits_for_uses_that_are_being_counted(shop: Any) -> None:
    """A till that still sells under rules without the limit is not left out of it."""
    sale = shop.sell()
    said: list[tuple[int, int]] = []
    with shop.store.write() as books:
        books.add_uses(sale.id, None, DAY, [Use(OFFER, 1, 50)])
        asking = _ask(shop, said)
        time.sleep(0.2)
        assert said == []
    asking.join()
    assert said == [(1, 50)]
