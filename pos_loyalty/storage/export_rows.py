"""The whole of a store, subject by subject, in streams: what is handed out in open formats.

Secrets stay: no operator's PIN, and no digest of what a till asked for. Words that holders are found by follow from their names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, literal_column, select

from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import (
    accounts,
    audit,
    balances,
    cards,
    catalogue,
    certificates,
    complaints,
    consents,
    coupons,
    deeds,
    drawer_moves,
    draws,
    entries,
    erasures,
    feedback,
    lots,
    members,
    memberships,
    merges,
    notes,
    offer_uses,
    operators,
    postings,
    prizes,
    purchases,
    reasons,
    referrals,
    refunds,
    registers,
    sales,
    shifts,
    spends,
)

_PRIVATE = frozenset({"pin", "failed", "locked_until", "folded", "request"})


def _all(table: Table, *order: str) -> Select[Any]:
    columns = [column for column in table.c if column.name not in _PRIVATE]
    return select(*columns).order_by(*(table.c[name] for name in order or [key.name for key in table.primary_key]))


# Bills with what their entries say of them.
_bill = (entries.c.at, entries.c.recorded_at, entries.c.operator)
_SUBJECTS: Mapping[str, Select[Any]] = {
    "accounts": select(
        accounts,
        members.c.name,
        members.c.phone,
        members.c.email,
        members.c.birthday,
        members.c.language,
        members.c.referred_by,
        members.c.registered_at,
    )
    .select_from(accounts.outerjoin(members, members.c.account_id == accounts.c.id))
    .order_by(accounts.c.id),
    "cards": _all(cards),
    "purses": _all(balances),
    "lots": _all(lots),
    "entries": _all(entries, "register", "seq"),
    "postings": _all(postings),
    "sales": select(*(column for column in sales.c if column.name != "request"), *_bill)
    .select_from(sales.join(entries, entries.c.id == sales.c.id))
    .order_by(sales.c.id),
    "refunds": select(*(column for column in refunds.c if column.name != "request"), *_bill, entries.c.account_id)
    .select_from(refunds.join(entries, entries.c.id == refunds.c.id))
    .order_by(refunds.c.id),
    "deeds": _all(deeds),
    "reasons": _all(reasons),
    "spends": _all(spends),
    "purchases": _all(purchases),
    "offers_used": _all(offer_uses),
    "referrals": _all(referrals),
    "coupons": _all(coupons),
    "certificates": _all(certificates),
    "memberships": _all(memberships),
    "draws": _all(draws),
    "prizes": _all(prizes),
    "catalogue": _all(catalogue),
    "notes": _all(notes),
    "complaints": _all(complaints),
    "feedback": _all(feedback),
    "consents": _all(consents),
    "joined_records": _all(merges),
    "erasures": _all(erasures),
    "operators": _all(operators),
    "shifts": _all(shifts),
    "drawer_moves": _all(drawer_moves),
    "registers": _all(registers),
    "audit": _all(audit, "at", "id"),
}
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(column.name for column in statement.selected_columns) for name, statement in _SUBJECTS.items()
}
"""Every subject with the names of its columns."""
_nothing: ColumnElement[int] = literal_column("0")
# In the order of accounts, so that one pass over all of them is enough.
_CARDS_BY_ACCOUNT = select(
    cards.c.account_id, cards.c.number, cards.c.kind, cards.c.status, cards.c.replaced_by
).order_by(cards.c.account_id, cards.c.issued_at, cards.c.number)
_OPEN_LOTS = (
    select(lots.c.account_id, lots.c.purse, lots.c.remaining, lots.c.available, lots.c.expires)
    .where(lots.c.remaining > _nothing)
    .order_by(lots.c.account_id, lots.c.purse, lots.c.filled_at, lots.c.id)
)
_OWED = (
    select(balances.c.account_id, balances.c.purse, balances.c.owed)
    .where(balances.c.owed > _nothing)
    .order_by(balances.c.account_id, balances.c.purse)
)
_CONSENTS = select(consents.c.account_id, consents.c.purpose, consents.c.given).order_by(
    consents.c.account_id, consents.c.purpose, consents.c.id
)
_COUNTS = {
    name: select(func.count()).select_from(statement.get_final_froms()[0]) for name, statement in _SUBJECTS.items()
}


class ExportRows(Transaction):
    """All that there is."""

    __slots__ = ()

    def everything(self, subject: str) -> Iterator[Row]:
        """The rows of one of `SUBJECTS`, in the order of its columns there."""
        return self.pages(_SUBJECTS[subject])

    def how_many(self, subject: str) -> int:
        """How many rows a subject has."""
        (found,) = self.rows(_COUNTS[subject])
        return int(found[0])

    def cards_by_account(self) -> Iterator[Row]:
        """Account, number, kind, status, successor of every card, the oldest of an account first."""
        return self.pages(_CARDS_BY_ACCOUNT)

    def lots_by_account(self) -> Iterator[Row]:
        """Account, purse, what is left, first day and last day of every lot that holds something."""
        return self.pages(_OPEN_LOTS)

    def debts_by_account(self) -> Iterator[Row]:
        """Account, purse and units of whatever is owed."""
        return self.pages(_OWED)

    def consents_by_account(self) -> Iterator[Row]:
        """Account, purpose, and whether it was given, of all that holders ever said, the oldest first."""
        return self.pages(_CONSENTS)
