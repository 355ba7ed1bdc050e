"""What is stored of gift certificates: moved with their postings, held to what is on them, and every changed row found."""

# ruff: noqa: S608 - what is put into statements here stands in this file
from __future__ import annotations

from datetime import timedelta

import pytest
from shops import PROGRAMME, Clock
from sqlalchemy import text

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.certificate import Certificate, certificate_line, nth_number
from pos_loyalty.domain.ledger import Entry, Posting
from pos_loyalty.domain.sale import Sale, Tender
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

ONE, TWO, THREE = (nth_number(n) for n in (1, 2, 3))
GOODS = LineItem("Goods", 10_000)


@pytest.fixture
def register(store: Store) -> Register:
    """Three certificates of 25.00: one paid 10.00 and got them back late, one came back, one is as it was. On both databases."""
    clock, numbers = Clock(), iter((1, 2, 3))
    made = Register("till-1", store, clock, lambda: uuid7(clock.now), new_secret=lambda below: next(numbers))
    activate(made, f"{PROGRAMME}\n[gift_certificate]\nexpires = '24 months'\n", None, "owner")
    ring(made, certificate_line(2_500))
    sale = ring(made, certificate_line(2_500))
    ring(made, certificate_line(2_500))
    paid = ring(made, GOODS, tenders=(Tender("certificate", 1_000, ONE), Tender("cash", 9_000)))
    refund(made, RefundOrder(sale.id))
    clock.forward(days=800)
    refund(made, RefundOrder(paid.id))
    return made


def ring(register: Register, *lines: LineItem, tenders: tuple[Tender, ...] | None = None) -> Sale:
    return sell(register, Bill(register.new_id(), lines).order("anna", tenders)).sale


def change(register: Register, statement: str) -> None:
    """Change what is stored past the program's back."""
    with register.store.write() as books:
        assert books.run(text(statement)) == 1


def places(register: Register) -> list[str]:
    return [fault.place for fault in verify_store(register.store).faults]


def test_what_is_stored_is_what_happened(register: Register) -> None:
    """15.00 of the first ran out before its 10.00 came back; the second is void; the third holds what nobody has posted yet."""
    with register.store.read() as books:
        found = books.certificates([THREE, ONE, TWO, ONE, nth_number(4)])
    first, day = found[ONE], register.clock().date()
    assert first == Certificate(ONE, 2_500, 1_000, day + timedelta(days=30))
    assert (found[TWO].remaining, found[TWO].void) == (0, True)
    assert (found[THREE].remaining, found[THREE].left(day)) == (2_500, 0)
    assert list(found) == [ONE, TWO, THREE]


def test_a_whole_store_has_no_fault_and_every_certificate_was_looked_at(register: Register) -> None:
    """Three."""
    verified = verify_store(register.store)
    assert verified.faults == ()
    assert verified.checked["certificates"] == 3


@pytest.mark.parametrize(
    ("number", "changed"),
    [
        (ONE, "remaining = 2500"),
        (THREE, "remaining = 2499"),
        (ONE, "amount = 2600"),
        (THREE, "expires = NULL"),
        (ONE, "expires = '2028-01-05'"),
        (THREE, "expires = '2029-01-05'"),
        (TWO, "void_by = NULL"),
        (THREE, "void_by = (SELECT void_by FROM certificates WHERE number = '{two}')"),
        (THREE, "entry_id = (SELECT entry_id FROM certificates WHERE number = '{one}')"),
    ],
)
def test_a_row_that_was_changed_is_found(register: Register, number: str, changed: str) -> None:
    """What is left, the amount, the last day, whether it is void, and which sale sold it."""
    change(register, f"UPDATE certificates SET {changed.format(one=ONE, two=TWO)} WHERE number = '{number}'")
    assert set(places(register)) == {f"certificate *{number[-4:]}"}


def test_a_row_that_is_gone_or_was_never_sold_is_found(register: Register) -> None:
    """Postings name the one; no sale knows the other."""
    change(register, f"DELETE FROM certificates WHERE number = '{THREE}'")
    assert places(register) == [f"certificate *{THREE[-4:]}"]
    other = nth_number(77)
    columns = "number, entry_id, amount, remaining"
    change(
        register,
        f"INSERT INTO certificates ({columns}) SELECT '{other}', entry_id, 2500, 0 FROM certificates WHERE number = '{ONE}'",
    )
    assert places(register) == [f"certificate *{THREE[-4:]}", f"certificate *{other[-4:]}"]


def posting(register: Register, number: str, amount: int) -> None:
    """Post on a certificate, without asking what is on it."""
    now = register.clock()
    postings = (Posting(f"certificate:{number}", "EUR", amount), Posting("sales", "EUR", -amount))
    with register.store.write() as books:
        books.lock("till-1")
        entry = Entry(register.new_id(), "adjustment", now, now, now.date(), "anna", None, postings)
        books.post("till-1", entry)


@pytest.mark.parametrize(("number", "amount"), [(ONE, 1_001), (ONE, -1_501), (TWO, 1), (nth_number(9), 1)])
def test_the_store_itself_refuses_what_is_not_there(register: Register, number: str, amount: int) -> None:
    """A till that forgot to ask cannot take more than is on one, give back more than it was sold for, or draw on one unknown."""
    with pytest.raises(FactRefused):
        posting(register, number, amount)
    assert places(register) == []
    posting(register, ONE, 1_000)
    assert places(register) == []


def test_the_index_of_certificates_is_used(sqlite_store: Store) -> None:
    """What moved a certificate is found without reading every posting of a shop's years."""
    seen: list[str] = []
    with sqlite_store.read() as books:
        books._cursor.connection.set_trace_callback(seen.append)
        books.certificate_moves(ONE)
        (asked,) = [one for one in seen if "certificate" in one]
        plan = "\n".join(row[-1] for row in books._cursor.connection.execute(f"EXPLAIN QUERY PLAN {asked}"))
    assert "USING INDEX ix_postings_certificate" in plan.replace("COVERING ", "")
