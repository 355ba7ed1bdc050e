"""Units given and taken by hand: each deed against its entry, its postings, and what it undid."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, literal_column, select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, moment, read_adjustment
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import deeds, entries, postings, reasons

_adjusted = case(
    (postings.c.account.like(literal_column("'adjusted:%'")), postings.c.amount), else_=literal_column("0")
)
_ADJUSTMENTS = (
    select(
        deeds.c.id,
        deeds.c.facts,
        func.coalesce(func.sum(_adjusted), literal_column("0")),
        deeds.c.account_id,
        entries.c.account_id,
        entries.c.at,
        entries.c.recorded_at,
        entries.c.day,
        entries.c.operator,
        entries.c.corrects,
    )
    .select_from(deeds.join(entries, entries.c.id == deeds.c.id).outerjoin(postings, postings.c.entry_id == deeds.c.id))
    .where(entries.c.kind == literal_column("'adjustment'"))
    .group_by(
        deeds.c.id,
        deeds.c.facts,
        deeds.c.account_id,
        entries.c.account_id,
        entries.c.at,
        entries.c.recorded_at,
        entries.c.day,
        entries.c.operator,
        entries.c.corrects,
    )
    .order_by(deeds.c.id)
)
# Words belong to an entry that was made by hand.
_REASONS = (
    select(reasons.c.entry_id)
    .select_from(reasons.outerjoin(deeds, deeds.c.id == reasons.c.entry_id))
    .where(deeds.c.id.is_(literal_column("NULL")))
    .order_by(reasons.c.entry_id)
)


def check_adjustments(books: Books, findings: Findings) -> None:
    """Each deed says what its columns, its entry and its postings say, and nothing is undone twice."""
    undone: set[str] = set()
    for deed_id, facts, posted, *row in books.pages(_ADJUSTMENTS):
        findings.count("adjustments")
        place = f"entry {deed_id}"
        try:
            deed = read_adjustment(facts)
        except UNREADABLE as error:
            findings.fault(place, Message(N_("Its deed cannot be read: {error}"), error=str(error)))
            continue
        said: tuple[Any, ...] = (
            deed.account,
            deed.account,
            moment(deed.at),
            moment(deed.recorded_at),
            deed.day.isoformat(),
            deed.operator,
            deed.undoes,
        )
        names = ("account_id", "account_id", "at", "recorded_at", "day", "operator", "corrects")
        for name, stored, right in zip(names, row, said, strict=True):
            findings.differs(place, name, stored, right)
        findings.differs(place, "id", deed.id, deed_id)
        findings.differs(place, "adjusted", int(posted), deed.amount)
        if deed.undoes is not None and deed.undoes in undone:
            findings.fault(place, Message(N_("It undoes what was undone already.")))
        undone.add(deed.undoes or "")
    for (entry_id,) in books.pages(_REASONS):
        findings.fault(f"reason {entry_id}", Message(N_("There is no entry for it.")))
