"""A holder's journal as a person reads it, and all that was ever said of them, closed complaints too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select, tuple_

from pos_loyalty.domain.money import Minor
from pos_loyalty.storage.facts import read_moment
from pos_loyalty.storage.journal_rows import OWED, PURSE
from pos_loyalty.storage.merge_rows import MergeRows
from pos_loyalty.storage.recognition_rows import COMPLAINT_COLUMNS, read_complaint
from pos_loyalty.storage.records import Complaint
from pos_loyalty.storage.tables import (
    complaints,
    consents,
    deeds,
    entries,
    feedback,
    postings,
    reasons,
    referrals,
    refunds,
    sales,
)

_past = tuple_(entries.c.day, entries.c.id) < tuple_(bindparam("day_"), bindparam("id_"))
_of_late_card = sales.alias()
_ENTRY: Select[Any] = select(
    entries.c.id,
    entries.c.kind,
    entries.c.at,
    entries.c.day,
    entries.c.operator,
    entries.c.account_id,
    entries.c.corrects,
    func.coalesce(sales.c.register, refunds.c.register, _of_late_card.c.register),
    func.coalesce(sales.c.number, refunds.c.number, _of_late_card.c.number),
    reasons.c.text,
).select_from(
    entries.outerjoin(sales, sales.c.id == entries.c.id)
    .outerjoin(refunds, refunds.c.id == entries.c.id)
    .outerjoin(deeds, deeds.c.id == entries.c.id)
    .outerjoin(_of_late_card, _of_late_card.c.id == deeds.c.sale_id)
    .outerjoin(reasons, reasons.c.entry_id == entries.c.id)
)
_OWN = (
    _ENTRY.where(entries.c.account_id == bindparam("account"), _past)
    .order_by(entries.c.day.desc(), entries.c.id.desc())
    .limit(bindparam("most"))
)
# Bills of friends that thanked who sent them: few, and found by whom they thanked.
_thanked = select(referrals.c.entry_id).where(referrals.c.referrer == bindparam("account"))
_THANKED = (
    _ENTRY.where(entries.c.id.in_(_thanked), _past)
    .order_by(entries.c.day.desc(), entries.c.id.desc())
    .limit(bindparam("most"))
)
_MOVES = select(postings.c.account, postings.c.amount, postings.c.holder).where(
    postings.c.entry_id == bindparam("entry"), postings.c.holder.is_not(literal_column("NULL"))
)
_CORRECTED_BY = (
    select(entries.c.id)
    .where(entries.c.account_id == bindparam("account"), entries.c.corrects == bindparam("entry"))
    .limit(literal_column("1"))
)
_COMPLAINTS = (
    select(*COMPLAINT_COLUMNS)
    .where(complaints.c.account_id == bindparam("account"))
    .order_by(complaints.c.opened_at.desc())
)
_FEEDBACK = (
    select(
        feedback.c.at,
        feedback.c.satisfaction,
        feedback.c.recommendation,
        feedback.c.text,
        feedback.c.operator,
        sales.c.register,
        sales.c.number,
    )
    .select_from(feedback.outerjoin(sales, sales.c.id == feedback.c.sale_id))
    .where(feedback.c.account_id == bindparam("account"))
    .order_by(feedback.c.at.desc(), feedback.c.id.desc())
)
_CONSENTS = (
    select(consents.c.purpose, consents.c.given, consents.c.at, consents.c.operator, consents.c.wording)
    .where(consents.c.account_id == bindparam("account"))
    .order_by(consents.c.purpose, consents.c.id)
)


@dataclass(frozen=True, slots=True)
class Change:
    """By how much one entry changed what a purse holds and what is owed to it, in its units."""

    purse: str
    held: Minor
    owed: Minor


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of the journal as one holder sees it: `receipt` is the register and number of its bill, `words` why it was made by
    hand, `undone_by` the entry that took it back.
    """

    id: str
    kind: str
    at: datetime
    day: date
    operator: str
    corrects: str | None
    receipt: tuple[str, int] | None
    words: str | None
    changes: tuple[Change, ...]
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a holder thought of a visit."""

    at: datetime
    satisfaction: int | None
    recommendation: int | None
    text: str | None
    operator: str
    receipt: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Consent:
    """What a holder agreed to, or took back (`given` is false), for a purpose, and in which words they were asked."""

    purpose: str
    given: bool
    at: datetime
    operator: str
    wording: str


class EntryRows(MergeRows):
    """What the page of one holder reads."""

    __slots__ = ()

    def joined_into(self, account: str) -> tuple[str, ...]:
        """An account, and those that became part of it."""
        return (account, *self.parts_of(account))

    def entry_lines(self, account: str, before: EntryLine | None, most: int) -> tuple[EntryLine, ...]:
        """Entries of a holder, the newest first, from past one on (None: from the newest); also those of accounts that were joined
        with it, and bills of friends that thanked them.
        """
        accounts = self.joined_into(account)
        past = {"day_": before.day.isoformat(), "id_": before.id} if before else {"day_": "9999-12-31", "id_": "~"}
        found: dict[str, Any] = {}
        for one in accounts:
            for statement in (_OWN, _THANKED):
                found |= {row[0]: row for row in self.rows(statement, account=one, most=most, **past)}
        newest = sorted(found.values(), key=lambda row: (row[3], row[0]), reverse=True)[:most]
        return tuple(self._line(row, accounts) for row in newest)

    def _line(self, row: Any, accounts: tuple[str, ...]) -> EntryLine:
        id_, kind, at, day, operator, holder, corrects, register, number, words = row
        undone = self.row(_CORRECTED_BY, account=holder, entry=id_) if kind == "adjustment" else None
        return EntryLine(
            id_,
            kind,
            read_moment(at),
            date.fromisoformat(day),
            operator,
            corrects,
            None if number is None else (register, number),
            words,
            _changes(self.rows(_MOVES, entry=id_), accounts),
            None if undone is None else str(undone[0]),
        )

    def all_complaints(self, account: str) -> tuple[Complaint, ...]:
        """All that a holder ever complained of, the newest first."""
        return tuple(map(read_complaint, self.rows(_COMPLAINTS, account=account)))

    def feedback_of(self, account: str) -> tuple[Feedback, ...]:
        """What a holder thought of their visits, the newest first."""
        return tuple(
            Feedback(read_moment(at), content, friend, words, by, None if number is None else (register, number))
            for at, content, friend, words, by, register, number in self.rows(_FEEDBACK, account=account)
        )

    def consents_of(self, account: str) -> tuple[Consent, ...]:
        """What a holder agreed to and took back, by purpose, the oldest first: the last of a purpose counts."""
        return tuple(
            Consent(purpose, bool(given), read_moment(at), by, wording)
            for purpose, given, at, by, wording in self.rows(_CONSENTS, account=account)
        )


def _changes(moves: Iterable[Any], accounts: tuple[str, ...]) -> tuple[Change, ...]:
    """What postings change for these accounts together; a purse that they leave as it was is left out."""
    sums: dict[str, list[int]] = {}
    for account, amount, holder in moves:
        if holder not in accounts:
            continue
        if account.startswith(PURSE):
            sums.setdefault(account[len(PURSE) :], [0, 0])[0] -= amount
        elif account.startswith(OWED):
            sums.setdefault(account[len(OWED) :].partition(":")[0], [0, 0])[1] += amount
    return tuple(Change(purse, held, owed) for purse, (held, owed) in sums.items() if held or owed)
