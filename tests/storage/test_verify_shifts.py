"""What is stored of shifts: every changed figure, entry, head and move of a closed one is found."""

# ruff: noqa: S608 - what is put into statements here stands in this file
from __future__ import annotations

import pytest
from shops import PROGRAMME, Clock
from sqlalchemy import text

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.shifts import close_shift, open_shift, pay


@pytest.fixture
def register(store: Store) -> Register:
    """Two closed shifts with a bill each and a pay-in in the first, and an open one. On both databases."""
    clock = Clock()
    made = Register("till-1", store, clock, lambda: uuid7(clock.now))
    activate(made, PROGRAMME, None, "owner")
    for counted in (1_600, 1_000):
        open_shift(made, 500, "anna")
        sell(made, Bill(made.new_id(), (LineItem("Goods", 500, vat=200_000),)).order("anna"))
        if counted == 1_600:
            pay(made, 600, "coins", "anna")
        close_shift(made, counted, "anna")
    open_shift(made, 500, "anna")
    return made


def change(register: Register, statement: str) -> None:
    """Change what is stored past the program's back."""
    with register.store.write() as books:
        assert books.run(text(statement)) == 1


def places(register: Register) -> list[str]:
    return [fault.place for fault in verify_store(register.store).faults]


def test_whole_shifts_have_no_fault_and_each_was_looked_at(register: Register) -> None:
    """Three, one of them still open."""
    verified = verify_store(register.store)
    assert verified.faults == ()
    assert verified.checked["shifts"] == 3


@pytest.mark.parametrize(
    "changed",
    [
        "expected = expected + 1",
        "counted = counted + 1",
        "opening_float = 501",
        "last_entry = 0",
        "first_entry = 2",
        "head = (SELECT hash FROM entries WHERE seq = 2)",
        "closed_by = 'boris'",
        "closed_at = '2026-01-05T10:00:00.001Z'",
        "report = replace(report, 'EUR', 'USD')",
        "report = '{}'",
        "number = 7",
    ],
)
def test_a_shift_that_was_changed_is_found(register: Register, changed: str) -> None:
    """The drawer's figures, its entries, the head of the chain, who and when, the report, its number."""
    change(register, f"UPDATE shifts SET {changed} WHERE number = 1")
    assert any(place.startswith("shift till-1/") for place in places(register))


def test_a_move_of_the_drawer_that_was_changed_is_found(register: Register) -> None:
    """A pay-in that is more than it was is no part of the Z report."""
    change(register, "UPDATE drawer_moves SET amount = 601")
    assert set(places(register)) == {"shift till-1/1"}


def test_a_shift_that_begins_within_another_is_found(register: Register) -> None:
    """No bill is in two shifts."""
    change(register, "UPDATE shifts SET first_entry = 1 WHERE number = 3")
    assert places(register) == ["shift till-1/3"]
