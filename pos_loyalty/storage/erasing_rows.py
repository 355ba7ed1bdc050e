"""Taking a person out of the books: who they were goes, the journal's facts stay as they are.

What goes stands in no hash: the person and what they are found by, words, consents, and the card and name beside a bill's facts.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, literal_column, or_, select, update

from pos_loyalty.storage.facts import moment
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import (
    accounts,
    cards,
    complaints,
    consents,
    entries,
    erasures,
    feedback,
    lots,
    member_words,
    members,
    merges,
    notes,
    operators,
    prizes,
    reasons,
    sales,
)

_null: ColumnElement[Any] = literal_column("NULL")
_empty: ColumnElement[Any] = literal_column("''")
_of: ColumnElement[Any] = bindparam("account")
_ERASED = select(erasures.c.account_id).where(erasures.c.account_id == _of)
_ADD = insert(erasures)
_INTO = select(merges.c.into_id).where(merges.c.account_id == _of)
_JOINED = select(merges.c.account_id).where(merges.c.into_id == _of).order_by(merges.c.account_id)
_THERE = select(accounts.c.id).where(accounts.c.id == _of)
_COUNTS = {
    "sales": select(func.count()).where(sales.c.account_id == _of),
    "notes": select(func.count()).where(notes.c.account_id == _of),
    "complaints": select(func.count()).where(complaints.c.account_id == _of),
    "feedback": select(func.count()).where(feedback.c.account_id == _of),
    "prizes": select(func.count()).where(prizes.c.account_id == _of, prizes.c.handed_at.is_(_null)),
}
_entries_of = select(entries.c.id).where(entries.c.account_id == _of)
_GONE = (
    delete(member_words).where(member_words.c.account_id == _of),
    delete(members).where(members.c.account_id == _of),
    delete(consents).where(consents.c.account_id == _of),
    delete(reasons).where(reasons.c.entry_id.in_(_entries_of)),
    update(feedback).where(feedback.c.account_id == _of).values(text=_null),
    update(operators).where(operators.c.account_id == _of).values(account_id=_null),
    update(cards)
    .where(cards.c.account_id == _of, cards.c.status == literal_column("'active'"))
    .values(status=literal_column("'blocked'")),
    update(sales)
    .where(sales.c.account_id == _of, or_(sales.c.card.is_not(_null), sales.c.holder.is_not(_null)))
    .values(card=_null, holder=_null),
)
_CLOSE = (
    update(complaints)
    .where(complaints.c.account_id == _of, complaints.c.closed_at.is_(_null))
    .values(closed_at=bindparam("at"), closed_by=bindparam("by"), solution=_empty)
)
_SILENCE = (
    update(complaints)
    .where(complaints.c.account_id == _of)
    .values(
        text=_empty,
        wish=_null,
        solution=_empty,
    )
)
# Who has not been seen for long, in the order of the index, and may be forgotten: nothing is left to them that somebody waits for.
_LONG_GONE = (
    select(accounts.c.last_visit, accounts.c.id)
    .join(members, members.c.account_id == accounts.c.id)
    .where(
        accounts.c.last_visit <= bindparam("last"),
        accounts.c.last_visit >= bindparam("from_"),
        or_(accounts.c.last_visit > bindparam("from_"), accounts.c.id > bindparam("after_")),
    )
    .order_by(accounts.c.last_visit, accounts.c.id)
    .limit(bindparam("most"))
)
_NEVER_CAME = (
    select(accounts.c.joined, accounts.c.id)
    .join(members, members.c.account_id == accounts.c.id)
    .where(
        accounts.c.last_visit.is_(_null), accounts.c.joined <= bindparam("last"), accounts.c.id > bindparam("after_")
    )
    .order_by(accounts.c.id)
    .limit(bindparam("most"))
)
_WAITS = (
    select(lots.c.id).where(lots.c.account_id == _of, lots.c.remaining > literal_column("0")),
    select(complaints.c.id).where(complaints.c.account_id == _of, complaints.c.closed_at.is_(_null)),
    select(prizes.c.draw).where(prizes.c.account_id == _of, prizes.c.handed_at.is_(_null)),
)
_STILL_GONE = select(accounts.c.id).where(
    accounts.c.id == _of, func.coalesce(accounts.c.last_visit, accounts.c.joined) <= bindparam("last")
)
_HELD_BY_NOBODY = (
    select(lots.c.account_id)
    .join(erasures, erasures.c.account_id == lots.c.account_id)
    .where(lots.c.remaining > literal_column("0"))
    .distinct()
    .order_by(lots.c.account_id)
)
_OLD_WORDS = (
    delete(notes).where(notes.c.at < bindparam("before")),
    update(complaints)
    .where(complaints.c.closed_at < bindparam("before"), complaints.c.text != _empty)
    .values(text=_empty, wish=_null, solution=_empty),
    update(feedback).where(feedback.c.at < bindparam("before"), feedback.c.text.is_not(_null)).values(text=_null),
)


class ErasingRows(Transaction):
    """Erasing, and what was erased."""

    __slots__ = ()

    def is_erased(self, account: str) -> bool:
        """Whether the holder of an account was erased."""
        return self.row(_ERASED, account=account) is not None

    def has_account(self, account: str) -> bool:
        """Whether there is such an account."""
        return self.row(_THERE, account=account) is not None

    def joined_accounts(self, account: str) -> tuple[str, ...]:
        """The account that this one became part of at last, and then all that became part of it: one person's accounts."""
        seen = {account}
        while (row := self.row(_INTO, account=account)) is not None and row[0] not in seen:
            account = str(row[0])
            seen.add(account)
        found = [account]
        for one in found:
            found += [row[0] for row in self.rows(_JOINED, account=one) if row[0] not in found]
        return tuple(found)

    def count_of(self, account: str, what: str) -> int:
        """How many of "sales", "notes", "complaints", "feedback" or waiting "prizes" are an account's."""
        row = self.row(_COUNTS[what], account=account)
        return 0 if row is None else int(row[0])

    def silence_complaints(self, account: str, at: datetime, operator: str) -> None:
        """Take the words of an account's complaints away; that there were some, and when they were closed, stays."""
        self.run(_CLOSE, account=account, at=moment(at), by=operator)
        self.run(_SILENCE, account=account)

    def take_person_out(self, account: str) -> None:
        """Take away who holds an account, and block its cards. For its complaints there is `silence_complaints`."""
        for statement in _GONE:
            self.run(statement, account=account)

    def mark_erased(self, account: str, at: datetime, operator: str, entry: str | None) -> None:
        """Note that the holder was erased."""
        self.run(_ADD, account_id=account, at=moment(at), operator=operator, entry_id=entry)

    def long_gone(self, last: date, after: tuple[str, str], most: int) -> tuple[tuple[str, str], ...]:
        """Registered holders last seen on a day or before, as (day, account); `after` is the last one that is known already."""
        from_, account = after
        return tuple(self.rows(_LONG_GONE, last=last.isoformat(), from_=from_, after_=account, most=most))

    def never_came(self, last: date, after: str, most: int) -> tuple[str, ...]:
        """Registered holders who joined on a day or before and were never seen."""
        rows = self.rows(_NEVER_CAME, last=last.isoformat(), after_=after, most=most)
        return tuple(account for _, account in rows)

    def may_be_forgotten(self, account: str, last: date) -> bool:
        """Whether a holder is still not seen since a day, holds nothing in any purse, and waits for no answer and no prize."""
        return self.row(_STILL_GONE, account=account, last=last.isoformat()) is not None and all(
            self.row(statement, account=account) is None for statement in _WAITS
        )

    def held_by_nobody(self) -> tuple[str, ...]:
        """Accounts of erased holders that goods which came back have filled again."""
        return tuple(row[0] for row in self.rows(_HELD_BY_NOBODY))

    def drop_old_words(self, before: datetime) -> int:
        """Take away notes, words of closed complaints and words of feedback from before a moment; of how many."""
        return sum(self.run(statement, before=moment(before)) for statement in _OLD_WORDS)
