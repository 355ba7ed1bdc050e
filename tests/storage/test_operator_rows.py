"""Who works here, and the list of what was done, in both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pos_loyalty.domain.operator import Operator
from pos_loyalty.storage.audit_rows import NEWEST, Deed
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.facts import moment
from pos_loyalty.storage.faults import FactRefused

NOW = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
ZOE = Operator("019b0000-0000-7000-8000-000000000001", "Zoë", "owner")
ANNA = Operator("019b0000-0000-7000-8000-000000000002", "Anna", "cashier")


def test_operators_are_found_by_their_folded_name(store: Store) -> None:
    """Case and accents do not matter; the list is by name; nobody else may take the name."""
    with store.write() as books:
        assert not books.has_operators()
        books.lock_operators()
        books.add_operator(ZOE, "hash of Zoë", NOW)
        books.add_operator(ANNA, "hash of Anna", NOW)
    with store.read() as books:
        assert books.has_operators()
        assert books.operators() == (ANNA, ZOE)
        assert books.operator("ZOE") == ZOE
        assert books.operator("Zed") is None
        assert books.operator_pin(ZOE.id) == "hash of Zoë"
        with pytest.raises(KeyError):
            books.operator_pin("nobody")
    with pytest.raises(FactRefused), store.write() as books:
        books.add_operator(Operator("019b0000-0000-7000-8000-000000000003", "zoe", "cashier"), "-", NOW)


def test_a_new_pin_forgets_what_was_typed_wrong(store: Store) -> None:
    """Tries and locks are kept, and go with the old PIN; role and whether they work here change by themselves."""
    until = NOW + timedelta(minutes=4)
    with store.write() as books:
        books.add_operator(ANNA, "old", NOW)
        books.count_tries(ANNA.id, 7, until)
        books.change_operator(ANNA.id, "manager", False, None)
    with store.write() as books:
        assert books.operator("anna") == Operator(ANNA.id, "Anna", "manager", False, None, 7, until)
        books.set_operator_pin(ANNA.id, "new")
        assert books.operator("anna") == Operator(ANNA.id, "Anna", "manager", False)
        assert books.operator_pin(ANNA.id) == "new"


def test_deeds_are_read_back_newest_first_in_stretches(store: Store) -> None:
    """Each stretch goes on where the one before ended, also among deeds of one moment; none is there twice or missing."""
    deeds = [
        Deed(
            f"019b0000-0000-7000-8000-{n:012d}",
            NOW + timedelta(minutes=n // 3),
            "till-1",
            "Anna",
            "note",
            detail={"n": str(n)},
        )
        for n in range(10)
    ]
    with store.write() as books:
        for deed in deeds:
            books.note_deed(deed)
    place, found = NEWEST, []
    with store.read() as books:
        while stretch := books.deeds(None, NOW, place, 4):
            found += stretch
            place = (moment(stretch[-1].at), stretch[-1].id)
        assert found == deeds[::-1]
        assert books.deeds(None, NOW + timedelta(minutes=3), NEWEST, 4) == [deeds[9]]
        assert books.deeds("nobody", NOW, NEWEST, 4) == []
        assert books.entries_done(None, date(2026, 1, 1), NEWEST, 4) == []
