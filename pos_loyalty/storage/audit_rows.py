"""What was done: deeds that are no entry of the journal, added in the transaction that did them and never changed; and both of
them read back, newest first, a stretch at a time.

A stretch goes along an index and holds so many rows at most, whatever is looked for: no question makes a big store read itself
whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy import bindparam, insert, or_, select

from pos_loyalty.domain.sale import receipt_number
from pos_loyalty.storage.facts import canonical, moment, read_moment
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import audit, entries, refunds, sales

Place: TypeAlias = tuple[str, str]
"""Where reading goes on, going back: before this day or moment, and before this id in it."""
NEWEST: Place = ("9999", "")
"""Before which everything lies."""

_ADD = insert(audit)
AUDITED = ("id", "at", "register", "operator", "allowed_by", "action", "account_id", "subject", "detail")
"""What a row's digest is of, in this order."""
_DEEDS = (
    select(
        audit.c.id,
        audit.c.at,
        audit.c.register,
        audit.c.operator,
        audit.c.action,
        audit.c.account_id,
        audit.c.subject,
        audit.c.allowed_by,
        audit.c.detail,
    )
    .where(
        audit.c.at >= bindparam("first"),
        audit.c.at <= bindparam("place"),
        or_(audit.c.at < bindparam("place"), audit.c.id < bindparam("id_")),
    )
    .order_by(audit.c.at.desc(), audit.c.id.desc())
    .limit(bindparam("most"))
)
_DEEDS_OF = _DEEDS.where(audit.c.account_id == bindparam("account"))
_ENTRIES = (
    select(
        entries.c.id,
        entries.c.at,
        entries.c.day,
        entries.c.register,
        entries.c.operator,
        entries.c.kind,
        entries.c.account_id,
    )
    .where(
        entries.c.day >= bindparam("first"),
        entries.c.day <= bindparam("place"),
        or_(entries.c.day < bindparam("place"), entries.c.id < bindparam("id_")),
    )
    .order_by(entries.c.day.desc(), entries.c.id.desc())
    .limit(bindparam("most"))
)
_ENTRIES_OF = _ENTRIES.where(entries.c.account_id == bindparam("account"))
_SALE_NUMBER = select(sales.c.register, sales.c.number).where(sales.c.id == bindparam("id_"))
_REFUND_NUMBER = select(refunds.c.register, refunds.c.number).where(refunds.c.id == bindparam("id_"))


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


class EntryDone(NamedTuple):
    """An entry of the journal as something that was done."""

    id: str
    at: datetime
    day: date
    register: str
    operator: str
    kind: str
    account: str | None


def audit_digest(row: Sequence[str | None]) -> str:
    """The SHA-256 of what stands in `AUDITED`: a row that was changed behind the program's back does not go with its own."""
    return hashlib.sha256(canonical(list(row))).hexdigest()


class AuditRows(Transaction):
    """The audit list."""

    __slots__ = ()

    def note_deed(self, deed: Deed) -> None:
        """Add to the list."""
        detail = json.dumps(deed.detail, ensure_ascii=False, sort_keys=True) if deed.detail else None
        row = (
            deed.id,
            moment(deed.at),
            deed.register,
            deed.operator,
            deed.allowed_by,
            deed.action,
            deed.account,
            deed.subject,
            detail,
        )
        self.run(_ADD, **dict(zip(AUDITED, row, strict=True)), digest=audit_digest(row))

    def deeds(self, account: str | None, first: datetime, before: Place, most: int) -> list[Deed]:
        """A stretch of deeds (of one account, unless None) from a moment on and before a place, the newest first."""
        rows = self.rows(
            _DEEDS if account is None else _DEEDS_OF,
            first=moment(first),
            place=before[0],
            id_=before[1],
            most=most,
            account=account,
        )
        return [
            Deed(
                id_, read_moment(at), register, operator, action, of, subject, by, json.loads(detail) if detail else {}
            )
            for id_, at, register, operator, action, of, subject, by, detail in rows
        ]

    def entries_done(self, account: str | None, first: date, before: Place, most: int) -> list[EntryDone]:
        """A stretch of the journal (of one account, unless None) from a day on and before a place, the newest day first."""
        rows = self.rows(
            _ENTRIES if account is None else _ENTRIES_OF,
            first=first.isoformat(),
            place=before[0],
            id_=before[1],
            most=most,
            account=account,
        )
        return [
            EntryDone(id_, read_moment(at), date.fromisoformat(day), register, operator, kind, of)
            for id_, at, day, register, operator, kind, of in rows
        ]

    def receipt_of(self, entry: str, kind: str) -> str | None:
        """The receipt's number of a sale or return; None for what has none."""
        if kind not in {"sale", "refund"}:
            return None
        row = self.row(_SALE_NUMBER if kind == "sale" else _REFUND_NUMBER, id_=entry)
        return None if row is None else receipt_number(row[0], row[1])
