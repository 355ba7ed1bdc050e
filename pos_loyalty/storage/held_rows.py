"""Everything that the books hold on one account, table by table, read in streams: what its holder may ask to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, or_, select, union

from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import (
    accounts,
    audit,
    balances,
    cards,
    complaints,
    consents,
    coupons,
    deeds,
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
    postings,
    prizes,
    purchases,
    reasons,
    referrals,
    refunds,
    sales,
    spends,
)

_of: ColumnElement[Any] = bindparam("account")


def _all(table: Table, *order: str) -> Select[Any]:
    return select(table).where(table.c.account_id == _of).order_by(*(table.c[name] for name in order))


_entries_of = select(entries.c.id).where(entries.c.account_id == _of)
# A draw, or the sale of a friend whom they sent, is no entry of this account, and moved something of it all the same.
_touching = union(
    _entries_of,
    select(lots.c.entry_id).where(lots.c.account_id == _of),
    select(referrals.c.entry_id).where(referrals.c.referrer == _of),
    select(draws.c.entry_id),
).subquery()
_SECTIONS: Mapping[str, Select[Any]] = {
    "person": _all(members, "account_id"),
    "account": select(accounts).where(accounts.c.id == _of),
    "cards": _all(cards, "issued_at", "number"),
    "balances": _all(balances, "purse"),
    "lots": _all(lots, "filled_at", "id"),
    "sales": _all(sales, "day", "id"),
    # Also what came back of a bill whose card was added late.
    "returns": select(refunds)
    .join(entries, entries.c.id == refunds.c.id)
    .where(entries.c.account_id == _of)
    .order_by(refunds.c.day, refunds.c.id),
    "deeds": _all(deeds, "id"),
    "entries": _all(entries, "day", "id"),
    "postings": select(postings)
    .join(entries, entries.c.id == postings.c.entry_id)
    .where(
        postings.c.entry_id.in_(_touching.select()),
        or_(postings.c.holder == _of, entries.c.account_id == _of),
    )
    .order_by(postings.c.entry_id, postings.c.n),
    "spends": _all(spends, "day", "entry_id"),
    "purchases": _all(purchases, "day", "entry_id", "sku"),
    "offer_uses": _all(offer_uses, "day", "entry_id", "offer"),
    "coupons": _all(coupons, "number"),
    "memberships": _all(memberships, "day", "entry_id"),
    "prizes": _all(prizes, "draw", "place"),
    # Of friends whom they sent, only that there were some: who they are is the friends' own.
    "referrals": select(referrals.c.offer, referrals.c.entry_id, referrals.c.uses)
    .where(referrals.c.referrer == _of)
    .order_by(referrals.c.entry_id),
    "notes": _all(notes, "at"),
    "complaints": _all(complaints, "opened_at", "id"),
    "feedback": _all(feedback, "at", "id"),
    "consents": _all(consents, "id"),
    "reasons": select(reasons).where(reasons.c.entry_id.in_(_entries_of)).order_by(reasons.c.entry_id),
    "merges": _all(merges, "account_id"),
    "erasures": _all(erasures, "account_id"),
    "audit": _all(audit, "at", "id"),
}
SECTIONS = tuple(_SECTIONS)
"""The parts of what is held on an account, in the order in which they are shown."""
_PRIVATE = frozenset({"request", "folded"})
"""Columns that say nothing of a person: digests of what a till asked for, and a name once more as the search has it."""


class HeldRows(Transaction):
    """What is held on one account."""

    __slots__ = ()

    def held_of(self, section: str, account: str) -> Iterator[dict[str, Any]]:
        """The rows of one of `SECTIONS`, each as its columns by name."""
        statement = _SECTIONS[section]
        names = [column.name for column in statement.selected_columns]
        for row in self.pages(statement, account=account):
            yield {name: value for name, value in zip(names, row, strict=True) if name not in _PRIVATE}
