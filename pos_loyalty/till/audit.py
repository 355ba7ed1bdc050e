"""Noting what was done, by whom and who allowed it, in the transaction that did it."""

from __future__ import annotations

from pos_loyalty.storage.audit_rows import Deed
from pos_loyalty.storage.books import Books
from pos_loyalty.till.register import Register


def note(
    books: Books,
    register: Register,
    operator: str,
    action: str,
    *,
    account: str | None = None,
    subject: str | None = None,
    allowed_by: str | None = None,
    **detail: str,
) -> None:
    """Note an action by its stable word ("card-block"). Neither `subject` nor `detail` may hold a holder's name, phone or card."""
    books.note_deed(
        Deed(register.new_id(), register.clock(), register.name, operator, action, account, subject, allowed_by, detail)
    )
