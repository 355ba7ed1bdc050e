"""What on a bill takes a right: discounts that the cashier gives by hand, and bills that somebody allowed.

Who allowed a discount stands on its line, in the sale's facts; the audit list names both beside the sale's entry.
"""

from __future__ import annotations

from collections.abc import Iterable

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.sale import Sale
from pos_loyalty.storage.books import Books
from pos_loyalty.till.audit import note
from pos_loyalty.till.operators import permit
from pos_loyalty.till.register import Register


def check_rights(books: Books, operator: str, items: Iterable[LineItem]) -> None:
    """Refuse (right-missing) a bill with a discount by hand that neither the operator may give nor anybody allowed who may."""
    for allowed_by in {item.by_hand.allowed_by for item in items if item.by_hand is not None}:
        permit(books, "discount", operator, allowed_by)


def note_allowed(books: Books, register: Register, sale: Sale, guard_by: str | None) -> None:
    """Note what of a bill somebody else allowed, by the number of its receipt."""
    by_hand = {line.item.by_hand.allowed_by for line in sale.quote.lines if line.item.by_hand is not None}
    named = [("discount", by) for by in sorted(by for by in by_hand if by)]
    if guard_by:
        named.append(("guard", guard_by))
    for action, by in named:
        note(
            books,
            register,
            sale.operator,
            action,
            account=sale.account,
            subject=sale.receipt_number,
            allowed_by=by,
            entry=sale.id,
        )
