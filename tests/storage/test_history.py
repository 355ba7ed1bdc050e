"""What is kept beside the bills for what offers ask, on both databases: purchases, memberships, referrals and deeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text

from migrations.versions import r0002_whole_programme as migration
from pos_loyalty.domain.club import Joining
from pos_loyalty.domain.deed import ClubJoined
from pos_loyalty.domain.ledger import Entry
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import Bought, Goods
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.history_rows import read_term, written_term
from pos_loyalty.storage.verify import verify_store


def bought(times: int = 9, within: Duration | None = None, **goods: str) -> Bought:
    return Bought(Goods(**{key: frozenset({value}) for key, value in goods.items()}), times, within)


def times(shop: Any, account: str, wanted: Bought, day: date) -> int:
    with shop.store.read() as books:
        return int(books.times_bought(account, wanted, day))


def test_what_was_bought_is_counted_by_sale(shop: Any) -> None:
    """Three sales of jackets, one given back: two; of another holder or other goods none, and none that is older than asked."""
    account, other = shop.holder(), shop.holder("2900000000025", "Boris")
    first = shop.sell(account)
    shop.now += timedelta(days=10)
    shop.sell(account)
    back = shop.sell(account)
    shop.refund(back)
    today = shop.now.date()
    jackets = bought(skus="JACKET")
    assert times(shop, account, jackets, today) == 2
    assert times(shop, account, replace(jackets, times=1), today) == 1
    assert times(shop, account, jackets, first.day) == 1
    assert times(shop, account, bought(within=Duration(10, "day"), skus="JACKET"), today) == 1
    assert times(shop, account, bought(within=Duration(11, "day"), skus="JACKET"), today) == 2
    assert times(shop, account, bought(skus="JACKET", departments="coffee"), today) == 0
    assert times(shop, account, bought(departments="coffee"), today) == 0
    assert times(shop, other, jackets, today) == 0


def deed(shop: Any, account: str, until: date | None = None) -> ClubJoined:
    day = shop.now.date()
    return ClubJoined(shop.id(), account, shop.now, shop.now, day, "owner", "staff", None, until, day, until)


def join(shop: Any, joined: ClubJoined) -> None:
    with shop.store.write() as books:
        books.lock("till-1", joined.account)
        books.add_joining(joined, "a" * 64)
        books.post("till-1", Entry(joined.id, "club", shop.now, shop.now, joined.day, "owner", joined.account, ()))


def test_a_joining_by_hand_is_an_entry_with_its_deed(shop: Any) -> None:
    """It is found again by the holder and by its id, and the store is whole."""
    account = shop.holder()
    joined = deed(shop, account, date(2027, 6, 30))
    join(shop, joined)
    with shop.store.read() as books:
        assert books.joinings(account) == (Joining("staff", joined.day, joined.id, "hand", date(2027, 6, 30)),)
        assert books.action(joined.id).joined == joined
    assert verify_store(shop.store).faults == ()


def test_an_entry_of_a_club_needs_its_deed(shop: Any) -> None:
    """Without one nothing is posted."""
    account = shop.holder()
    entry = Entry(shop.id(), "club", shop.now, shop.now, shop.now.date(), "owner", account, ())
    with shop.store.write() as books:
        books.lock("till-1", account)
        with pytest.raises(FactRefused, match="entry-without-bill"):
            books.post("till-1", entry)


@pytest.mark.parametrize("term", [None, Duration(12, "month"), Duration(1, "day"), date(2026, 2, 28)])
def test_a_term_reads_back(term: Any) -> None:
    """For good, so long, or until a day."""
    assert read_term(written_term(term)) == term


def test_an_upgrade_knows_what_was_bought_before(shop: Any) -> None:
    """Purchases made anew from the facts, as for a store of the release before, are those that selling left behind."""
    if shop.store.kind == "postgresql":
        pytest.skip("one statement for both, tried on the one that needs no server")
    account = shop.holder()
    shop.sell(account)
    shop.refund(shop.sell(account))
    shop.sell()
    path = shop.store.database.path
    everything = text("SELECT account_id, department, day, entry_id, sku, kept FROM purchases ORDER BY entry_id")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        before = connection.execute(everything).fetchall()
        connection.execute(text("DELETE FROM purchases"))
        with Operations.context(MigrationContext.configure(connection)):
            migration._purchases_so_far()
        assert connection.execute(everything).fetchall() == before
    engine.dispose()
    assert [row.kept for row in before] == [1_000_000, 0]
