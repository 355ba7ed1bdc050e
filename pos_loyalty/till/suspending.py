"""Bills put aside and taken up again, by any register; a bill put aside holds no stock, no card and no purse."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import SuspendedBill
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.register import Register


@dataclass(frozen=True, slots=True)
class Suspended:
    """A bill that waits: when and by whom it was put aside, and the label to know it by."""

    id: str
    at: datetime
    register: str
    operator: str
    label: str
    lines: int


def suspend(register: Register, bill: Bill, operator: str, label: str = "") -> None:
    """Put a bill aside; it survives a restart. Refused with line-invalid where it is empty."""
    if not bill.lines:
        raise Refused("line-invalid", Message(N_("There is nothing on this bill to put aside.")))
    with register.store.write() as books:
        books.lock(register.name)
        books.suspend(
            SuspendedBill(bill.id, register.name, register.clock(), operator, label, msgspec.json.encode(bill).decode())
        )


def suspended(register: Register) -> tuple[Suspended, ...]:
    """The bills that wait, the newest first."""
    with register.store.read() as books:
        return tuple(
            Suspended(b.id, b.at, b.register, b.operator, b.label, len(_bill(b).lines)) for b in books.suspended()
        )


def recall(register: Register, bill_id: str) -> Bill:
    """Take a bill up again; it waits no longer. Refused with bill-unknown where another register was quicker."""
    with register.store.write() as books:
        record = books.recall(bill_id)
        if record is None:
            raise Refused("bill-unknown", Message(N_("This bill is no longer waiting: another register took it up.")))
        return _bill(record)


def without_cards(books: Books, numbers: Collection[str]) -> None:
    """Take these cards off every bill that waits, with what only their holder could have: erasing a holder does so."""
    for record in books.suspended():
        bill = _bill(record)
        if bill.card in numbers:
            books.recall(record.id)
            books.suspend(replace(record, bill=msgspec.json.encode(bill.without_card()).decode()))


def _bill(record: SuspendedBill) -> Bill:
    return msgspec.json.decode(record.bill, type=Bill)
