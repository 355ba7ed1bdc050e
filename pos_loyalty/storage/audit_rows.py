"""What was done that is no entry of the journal: added in the transaction that did it, and never changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert

from pos_loyalty.storage.facts import moment
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import audit

_ADD = insert(audit)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done. `subject` is what it was done to where that is no account: a masked card, a receipt's number, an operator.

    `detail` is what else is to be known of it; never a name, phone or whole card number of a holder.
    """

    id: str
    at: datetime
    register: str
    operator: str
    action: str
    account: str | None = None
    subject: str | None = None
    allowed_by: str | None = None
    detail: dict[str, str] = field(default_factory=dict)


class AuditRows(Transaction):
    """The audit list."""

    __slots__ = ()

    def note_deed(self, deed: Deed) -> None:
        """Add to the list."""
        self.run(
            _ADD,
            id=deed.id,
            at=moment(deed.at),
            register=deed.register,
            operator=deed.operator,
            allowed_by=deed.allowed_by,
            action=deed.action,
            account_id=deed.account,
            subject=deed.subject,
            detail=json.dumps(deed.detail, ensure_ascii=False, sort_keys=True) if deed.detail else None,
        )
