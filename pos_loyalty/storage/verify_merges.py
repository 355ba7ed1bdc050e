"""Records that were joined: whose each account is now, from the deeds alone, and that nothing was left behind with the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, literal_column, or_, select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, moment, read_merge
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import accounts, cards, deeds, entries, lots, members, merges

Whose: TypeAlias = Callable[[str | None], str | None]
"""The account that an account is part of now; none stays none."""

_is_merge = entries.c.kind == literal_column("'merge'")
_DEEDS = (
    select(
        deeds.c.id,
        deeds.c.facts,
        deeds.c.account_id,
        entries.c.account_id,
        entries.c.at,
        entries.c.recorded_at,
        entries.c.day,
        entries.c.operator,
    )
    .join(entries, entries.c.id == deeds.c.id)
    .where(_is_merge)
    .order_by(deeds.c.id)
)
_STORED = select(merges.c.account_id, merges.c.into_id, merges.c.entry_id)
_parents = lots.alias("parents")
# A lot that moved is the lot that it was: of that account, and with the same earning and days.
_CHANGED_ON_THE_WAY = (
    select(lots.c.id)
    .select_from(
        lots.join(entries, entries.c.id == lots.c.entry_id)
        .outerjoin(_parents, _parents.c.id == lots.c.parent)
        .outerjoin(merges, merges.c.account_id == _parents.c.account_id)
    )
    .where(
        _is_merge,
        or_(
            merges.c.account_id.is_(literal_column("NULL")),
            *(
                lots.c[name].is_distinct_from(_parents.c[name])
                for name in ("purse", "sale", "offer", "filled_at", "available", "expires")
            ),
        ),
    )
    .order_by(lots.c.id)
)
_joined = select(merges.c.account_id)
_nothing: ColumnElement[int] = literal_column("0")
_LEFT_BEHIND = {
    "lot": select(lots.c.id).where(lots.c.account_id.in_(_joined), lots.c.remaining > _nothing).order_by(lots.c.id),
    "card": select(cards.c.number).where(cards.c.account_id.in_(_joined)).order_by(cards.c.number),
    "member": select(members.c.account_id).where(members.c.account_id.in_(_joined)).order_by(members.c.account_id),
    "account": (
        select(accounts.c.id).where(accounts.c.id.in_(_joined), accounts.c.visits != _nothing).order_by(accounts.c.id)
    ),
}


def whose_now(books: Books) -> Whose:
    """Whose each account is now, by what the deeds say of all joinings; those that cannot be read are said by `check_merges`."""
    direct: dict[str, str] = {}
    for _, facts, *_ in books.pages(_DEEDS):
        try:
            merge = read_merge(facts)
        except UNREADABLE:
            continue
        direct[merge.other] = merge.account

    def whose(account: str | None) -> str | None:
        seen: set[str] = set()
        while account is not None and account in direct and account not in seen:
            seen.add(account)
            account = direct[account]
        return account

    return whose


def check_merges(books: Books, findings: Findings) -> None:
    """Each deed is what its entry says, the table is what the deeds say, and of a joined account nothing is left."""
    whose = whose_now(books)
    derived: dict[str, tuple[str | None, str]] = {}
    for deed_id, facts, *row in books.pages(_DEEDS):
        findings.count("merges")
        place = f"entry {deed_id}"
        try:
            merge = read_merge(facts)
        except UNREADABLE as error:
            findings.fault(place, Message(N_("Its deed cannot be read: {error}"), error=str(error)))
            continue
        said: tuple[Any, ...] = (
            merge.account,
            merge.account,
            moment(merge.at),
            moment(merge.recorded_at),
            merge.day.isoformat(),
            merge.operator,
        )
        names = ("account_id", "account_id", "at", "recorded_at", "day", "operator")
        for name, stored, right in zip(names, row, said, strict=True):
            findings.differs(place, name, stored, right)
        findings.differs(place, "id", merge.id, deed_id)
        derived[merge.other] = (whose(merge.other), deed_id)
    for account, into, entry_id in books.rows(_STORED):
        right_into, right_entry = derived.pop(account, (None, None))
        findings.differs(f"merge {account}", "into_id", into, right_into)
        findings.differs(f"merge {account}", "entry_id", entry_id, right_entry)
    for account in sorted(derived):
        findings.fault(f"merge {account}", Message(N_("It is missing from the store.")))
    for (lot,) in books.pages(_CHANGED_ON_THE_WAY):
        findings.fault(f"lot {lot}", Message(N_("It is not the lot that moved here from another account.")))
    for what, statement in _LEFT_BEHIND.items():
        for (key,) in books.pages(statement):
            findings.fault(
                f"{what} {key}", Message(N_("It is of an account that became part of another, and did not follow it."))
            )
