"""`store verify` and what was put right on records: joined ones and units by hand verify, and each changed row is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock, Shop
from tampering import tamper

from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards
from pos_loyalty.till.adjusting import adjust, undo
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.joining import merge
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund


@dataclass(frozen=True)
class Joined:
    """A store with two joined records, and the ids of what was done."""

    store: object
    keep: str
    other: str
    merge: str
    given: str
    lot: str


@pytest.fixture
def joined(store_url: str, tmp_path: Path) -> Iterator[Joined]:
    """Two holders who bought, one of them given units by hand, joined; then goods of both came back."""
    clock = Clock(datetime(2026, 1, 5, 10, 0, tzinfo=UTC))
    store = open_store(store_url)
    register = Register(name="till-1", store=store, clock=clock, new_id=lambda: uuid7(clock.now))
    activate(register, PROGRAMME, None, "owner")
    shop = Shop(register, clock, store, "")
    cards.issue(register, ANA)
    cards.issue(register, BORIS)
    keep, other = (cards.show(register, card).account for card in (ANA, BORIS))
    shop.sell(50_000, ANA)
    sold = shop.sell(30_000, BORIS).sale
    given = adjust(register, other, "cashback", 500, "Sorry.", "boss").id
    wrong = adjust(register, other, "cashback", 70, "Sorry.", "boss").id
    undo(register, wrong, "A mistake.", "boss")
    done = merge(register, keep, other, "boss").id
    refund(register, RefundOrder(sold.id))
    yield Joined(store, keep, other, done, given, f"{done}/1")
    store.close()


def test_joined_records_and_units_by_hand_verify(joined: Joined) -> None:
    """A store where records were joined and purses adjusted has no fault, and they were looked at."""
    found = verify_store(joined.store)  # type: ignore[arg-type]
    assert found.faults == ()
    assert (found.checked["merges"], found.checked["adjustments"]) == (1, 3)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE merges SET into_id = account_id", "merge {other}"),
        ("DELETE FROM merges", "merge {other}"),
        ("UPDATE spends SET account_id = '{other}'", "spend {other}"),
        ("UPDATE lots SET account_id = '{other}' WHERE id = '{lot}'", "lot {lot}"),
        ("UPDATE lots SET expires = '2030-01-01' WHERE id = '{lot}'", "lot {lot}"),
        ("UPDATE lots SET sale = NULL WHERE parent IS NOT NULL AND sale IS NOT NULL", "entry {merge}"),
        ("UPDATE purchases SET account_id = '{other}'", "till-1-00000"),
        ("UPDATE offer_uses SET account_id = '{other}' WHERE account_id = '{keep}'", "till-1-00000"),
        ("UPDATE accounts SET visits = 1 WHERE id = '{other}'", "account {other}"),
        ("UPDATE accounts SET tier = 'vip' WHERE id = '{keep}'", "account {keep}"),
        ("UPDATE cards SET account_id = '{other}' WHERE number = '2900000000025'", "card 2900000000025"),
        (
            "UPDATE deeds SET facts = replace(facts, '\"amount\":500', '\"amount\":501') WHERE id = '{given}'",
            "entry {given}",
        ),
        ("UPDATE entries SET corrects = NULL WHERE corrects IS NOT NULL AND kind = 'adjustment'", "entry "),
        ("UPDATE postings SET amount = amount + 1 WHERE entry_id = '{given}'", "entry {given}"),
    ],
)
def test_a_changed_row_is_found(joined: Joined, statement: str, place: str) -> None:
    """Whatever of a joining or an adjustment is changed past the laws, the place is named."""
    names = {name: getattr(joined, name) for name in ("keep", "other", "merge", "given", "lot")}
    assert statement.format(**names) != ""
    tamper(Holder(joined.store), statement.format(**names))
    places = [fault.place for fault in verify_store(joined.store).faults]  # type: ignore[arg-type]
    assert any(found.startswith(place.format(**names)) for found in places), places


@dataclass(frozen=True)
class Holder:
    """What `tamper` takes: something with a store."""

    store: object
