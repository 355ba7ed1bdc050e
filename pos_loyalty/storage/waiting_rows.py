"""Bills put aside until their customer is back."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from pos_loyalty.storage.facts import moment, read_moment
from pos_loyalty.storage.journal_rows import JournalRows
from pos_loyalty.storage.records import SuspendedBill
from pos_loyalty.storage.statements import Row
from pos_loyalty.storage.tables import suspended

_ADD = insert(suspended)
_BILL = select(
    suspended.c.id,
    suspended.c.register,
    suspended.c.at,
    suspended.c.operator,
    suspended.c.label,
    suspended.c.bill,
)
_ALL = _BILL.order_by(suspended.c.at.desc(), suspended.c.id)
_ONE = _BILL.where(suspended.c.id == bindparam("id_"))
_TAKE_OUT = delete(suspended).where(suspended.c.id == bindparam("id_"))


class WaitingRows(JournalRows):
    """Bills that wait; no money has moved for them."""

    __slots__ = ()

    def suspend(self, bill: SuspendedBill) -> None:
        """Put a bill aside."""
        self.lock(bill.register)
        self.run(
            _ADD,
            id=bill.id,
            register=bill.register,
            at=moment(bill.at),
            operator=bill.operator,
            label=bill.label,
            bill=bill.bill,
        )

    def suspended(self, register: str | None = None) -> tuple[SuspendedBill, ...]:
        """The bills put aside, at one register or at all, the newest first."""
        bills = map(_suspended, self.rows(_ALL))
        return tuple(bill for bill in bills if register is None or bill.register == register)

    def recall(self, bill_id: str) -> SuspendedBill | None:
        """Take a bill out again; None if another till has taken it."""
        row = self.row(_ONE, id_=bill_id)
        if row is None or not self.run(_TAKE_OUT, id_=bill_id):
            return None
        return _suspended(row)


def _suspended(row: Row) -> SuspendedBill:
    bill, register, at, operator, label, text = row
    return SuspendedBill(bill, register, read_moment(at), operator, label, text)
