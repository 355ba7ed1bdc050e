"""Past sales taken over as history, on both kinds of database: tiers and visits count them, purses do not move."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from shops import ANA, PROGRAMME, Clock, Shop

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund
from pos_loyalty.till.transfer.sales import Past, take_sales_in

FILE = f"""day;time;card;receipt;sku;name;department;quantity;price;paid;vat
1.12.2025;17:30;{ANA};A-1;TEA;Tea;food;2;150,00;285,00;20%
1.12.2025;17:30;{ANA};A-1;SMOKE;Smoke;tobacco;1;9,00;;20%
2025-12-03;;{ANA};A-2;CUP;Cup;;1;300.00;;
2025-12-04;;;;CUP;Cup;;1;3.00;;
2025-12-04;;;;CUP;Cup;;1;3.00;;
"""


@pytest.fixture
def shop(store_url: str) -> Iterator[Shop]:
    """A shop with a programme since yesterday and one card, on each kind of database."""
    clock = Clock()
    store = open_store(store_url)
    register = Register(name="till-1", store=store, clock=clock, new_id=lambda: uuid7(clock.now))
    activate(register, PROGRAMME, datetime(2026, 1, 4, tzinfo=UTC), "owner")
    cards.issue(register, ANA)
    yield Shop(register, clock, store, "")
    store.close()


def taken(shop: Shop, text: str, *, dry: bool = False) -> tuple[Past, list[int]]:
    bad: list[int] = []
    outcome = take_sales_in(shop.register, io.BytesIO(text.encode()), "anna", lambda row: bad.append(row.line), dry=dry)
    return outcome, bad


def test_history_counts_for_tiers_and_moves_no_purse(shop: Shop) -> None:
    """Four bills, two of them alike; what counts is what was paid without tobacco; a second time nothing is added."""
    outcome, bad = taken(shop, FILE)
    assert (outcome.rows, outcome.taken, outcome.paid, bad) == (5, 4, 60_000, [])
    view = cards.show(shop.register, ANA)
    assert view.tier is not None
    assert (view.tier.id, view.tier.spend) == ("gold", 58_500)
    assert (view.visits, view.last_visit) == (2, date(2025, 12, 3))
    assert view.purses["cashback"].balance.available == view.purses["cashback"].balance.pending == 0
    again, _ = taken(shop, FILE)
    assert (again.taken, again.there) == (0, 4)
    assert verify_store(shop.store).faults == ()
    with shop.store.read() as books:
        assert {row[1] for row in books.everything("sales")} == {"history"}
        assert books.how_many("lots") == 0


def test_a_past_sale_comes_back_for_its_money(shop: Shop) -> None:
    """A return gives back what was paid, and what it counted for the tier; there is nothing to take from any purse."""
    taken(shop, FILE)
    with shop.store.read() as books:
        found = books.sale("history-000001")
    assert found is not None
    back = refund(shop.register, RefundOrder(sale=found[0].id)).refund
    assert [tender.amount for tender in back.money_back] == [29_400]
    assert (back.taken_back, back.restored) == ((), ())
    assert verify_store(shop.store).faults == ()


def test_every_bad_row_is_said_and_nothing_stored(shop: Shop) -> None:
    """Unknown cards, days to come, times, amounts in two readings, receipts that are torn apart or disagree, too much paid."""
    text = FILE + "".join(
        f"{row}\n"
        for row in (
            "2025-12-05;;2900000000025;;X;X;;1;1;;",
            "2027-12-05;;;;X;X;;1;1;;",
            "2025-12-05;25:00;;;X;X;;1;1;;",
            "12/05/2025;;;;X;X;;1;1;;",
            "2025-12-05;;;;X;X;;1;1.250;;",
            "2025-12-05;;;;X;X;;1;1;2;",
            "2025-12-05;;;;X;X;;0;1;;",
            f"1.12.2025;17:30;{ANA};A-1;TEA;Tea;food;1;1;;",
            "2025-12-06;10:00;;B-1;X;X;;1;1;;",
            "2025-12-06;11:00;;B-1;X;X;;1;1;;",
            "2025-12-05;;;;X;;;1;1;;",
            "2025-12-05;;;;X;X;tobacco;1;2;1;",
        )
    )
    for dry in (True, False):
        outcome, bad = taken(shop, text, dry=dry)
        assert bad == [7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18]
        assert outcome.bad == len(bad)
    with shop.store.read() as books:
        assert books.how_many("sales") == 0
    with pytest.raises(Refused):
        taken(shop, "day;name\n1.1.2025;Tea\n")
