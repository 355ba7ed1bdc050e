"""Receipts that were issued, to be looked at and printed again: one by its number, or a register's last ones."""

from __future__ import annotations

from dataclasses import dataclass

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.sale import Refund, Sale, receipt_number
from pos_loyalty.storage.books import Books
from pos_loyalty.till.audit import note
from pos_loyalty.till.register import Register


@dataclass(frozen=True, slots=True)
class Issued:
    """A receipt that was issued: of a sale, or of a return (`refund`) of that sale. `holder` is the name that it shows."""

    sale: Sale
    refund: Refund | None
    holder: str | None

    @property
    def number(self) -> str:
        """The number on the receipt."""
        return self.refund.receipt_number if self.refund is not None else self.sale.receipt_number

    @property
    def id(self) -> str:
        """The id of the sale or return."""
        return self.refund.id if self.refund is not None else self.sale.id


def issued(register: Register, number: str) -> Issued:
    """A receipt by its number, or by the id of its sale or return. Refused with sale-unknown."""
    with register.store.read() as books:
        found = _issued(books, number)
    if found is None:
        raise Refused(
            "sale-unknown",
            Message(N_("There is no receipt {number} here: look at its number, or scan its barcode."), number=number),
        )
    return found


def latest(register: Register, limit: int = 20) -> tuple[Issued, ...]:
    """The last receipts that this register issued, the newest first.

    A register's numbers have no gaps, so the last one is found by halving: some forty look-ups in a store of millions.
    """
    with register.store.read() as books:
        high = 1
        while _issued(books, receipt_number(register.name, high)) is not None:
            high *= 2
        low = high // 2
        while low + 1 < high:
            middle = (low + high) // 2
            if _issued(books, receipt_number(register.name, middle)) is None:
                high = middle
            else:
                low = middle
        numbers = range(low, max(low - limit, 0), -1)
        found = [_issued(books, receipt_number(register.name, number)) for number in numbers]
    return tuple(one for one in found if one is not None)


def _issued(books: Books, number: str) -> Issued | None:
    sold = books.sale(number)
    if sold is not None:
        return Issued(sold[0], None, sold[1])
    back = books.refund(number)
    if back is None:
        return None
    refund, holder = back
    of = books.sale(refund.sale)
    return None if of is None else Issued(of[0], refund, holder)


def copied(register: Register, receipt: Issued, operator: str) -> None:
    """Note that a receipt was printed once more."""
    account = receipt.refund.account if receipt.refund is not None else receipt.sale.account
    with register.store.write() as books:
        note(books, register, operator, "receipt-copy", account=account, subject=receipt.number)
