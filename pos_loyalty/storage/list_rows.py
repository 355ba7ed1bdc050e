"""Lists of holders to act on, page by page: each page goes on behind the key of the last row of the one before, by an index.

Only who is nearly in a tier has no index to be found by; that reads the spends of all holders once, as a stream.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal_column, or_, select

from pos_loyalty.storage.facts import day_or_none, read_moment
from pos_loyalty.storage.records import Complaint, Person, Prize
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import accounts, cards, complaints, consents, draws, lots, members, prizes, spends

MAILING = "mailing"
"""The purpose that a holder must have agreed to before they are written to."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Birthdays are looked for by their whole date, so that the index of birthdays finds them."""

_null: ColumnElement[Any] = literal_column("NULL")
_nothing: ColumnElement[Any] = literal_column("0")
_account: ColumnElement[Any] = bindparam("account")
_agreed = (
    select(consents.c.given)
    .where(consents.c.account_id == _account, consents.c.purpose == literal_column(f"'{MAILING}'"))
    .order_by(consents.c.id.desc())
    .limit(literal_column("1"))
    .scalar_subquery()
)
_opening = (
    select(cards.c.number)
    .where(cards.c.account_id == _account)
    .order_by(
        case((cards.c.status == literal_column("'active'"), _nothing), else_=literal_column("1")),
        cards.c.issued_at.desc(),
        cards.c.number,
    )
    .limit(literal_column("1"))
    .scalar_subquery()
)
_PERSON = (
    select(members.c.name, members.c.email, members.c.phone, members.c.language, _opening, _agreed)
    .select_from(accounts.outerjoin(members, members.c.account_id == accounts.c.id))
    .where(accounts.c.id == _account)
)
_years = [literal_column(f"'{year}-'").concat(bindparam("md")) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
_BORN = (
    select(members.c.account_id, members.c.birthday)
    .where(members.c.birthday.in_(_years), members.c.account_id > bindparam("after_"))
    .order_by(members.c.account_id)
    .limit(bindparam("most"))
)
# The longest away last: whoever has just stopped coming is the likeliest to come back.
_ABSENT = (
    select(accounts.c.last_visit, accounts.c.id, accounts.c.visits)
    .where(
        accounts.c.last_visit >= bindparam("first"),
        accounts.c.last_visit <= bindparam("from_"),
        or_(accounts.c.last_visit < bindparam("from_"), accounts.c.id > bindparam("after_")),
    )
    .order_by(accounts.c.last_visit.desc(), accounts.c.id)
    .limit(bindparam("most"))
)
_runs_out = (lots.c.remaining > _nothing, lots.c.expires.is_not(_null))
_NEXT_LAST_DAY = select(func.min(lots.c.expires)).where(
    *_runs_out, lots.c.expires >= bindparam("from_"), lots.c.expires <= bindparam("last")
)
# A day at a time: the lots of all days would have to be sorted before the first could be shown.
_EXPIRING = (
    select(lots.c.account_id, lots.c.purse, func.sum(lots.c.remaining))
    .where(
        *_runs_out,
        lots.c.expires == bindparam("day_"),
        or_(
            lots.c.account_id > bindparam("after_"),
            and_(lots.c.account_id == bindparam("after_"), lots.c.purse > bindparam("purse_")),
        ),
    )
    .group_by(lots.c.account_id, lots.c.purse)
    .order_by(lots.c.account_id, lots.c.purse)
    .limit(bindparam("most"))
)
_spent = func.sum(spends.c.amount)
_SPENT = (
    select(spends.c.account_id, _spent)
    .where(spends.c.day >= bindparam("first"), spends.c.day <= bindparam("last"))
    .group_by(spends.c.account_id)
    .having(_spent > _nothing, _spent < bindparam("below"))
    .order_by(spends.c.account_id)
)
_STANDS = (
    select(accounts.c.tier, accounts.c.tier_since, accounts.c.tier_kept_until, accounts.c.joined)
    .where(accounts.c.id == _account)
)  # fmt: skip
_NAMED = select(cards.c.number).where(cards.c.account_id == _account, cards.c.kind == literal_column("'named'"))
_OPEN = (
    select(
        complaints.c.id,
        complaints.c.account_id,
        complaints.c.opened_at,
        complaints.c.opened_by,
        complaints.c.text,
        complaints.c.wish,
        complaints.c.promised,
    )
    .where(complaints.c.closed_at.is_(_null))
    .order_by(func.coalesce(complaints.c.promised, literal_column("'9999'")), complaints.c.opened_at, complaints.c.id)
)
_WAITING = (
    select(draws.c.drawn_at, prizes.c.draw, draws.c.title, prizes.c.place, prizes.c.prize, prizes.c.ticket)
    .add_columns(prizes.c.account_id)
    .join(draws, draws.c.draw == prizes.c.draw)
    .where(prizes.c.handed_at.is_(_null))
    .order_by(draws.c.drawn_at, prizes.c.draw, prizes.c.place)
)


class ListRows(Transaction):
    """Holders by what is to be done for them. Days are business days, both ends included."""

    __slots__ = ()

    def person(self, account: str) -> Person:
        """Who holds an account, and whether they may be written to. KeyError if there is no such account."""
        row = self.row(_PERSON, account=account)
        if row is None:
            raise KeyError(account)
        name, email, phone, language, card, agreed = row
        return Person(account, name, email, phone, language, card, agreed == 1)

    def born_on(self, month_day: str, after: str, most: int) -> tuple[tuple[str, date], ...]:
        """Holders whose birthday is that "MM-DD" of any year, with it, behind an account in their order."""
        rows = self.rows(_BORN, md=month_day, after_=after, most=most)
        return tuple((account, date.fromisoformat(day)) for account, day in rows)

    def absent(self, first: date, last: date, after: str, most: int) -> tuple[tuple[date, str, int], ...]:
        """Holders last seen between two days, the latest first, each with their visits; `after` is an account of `last`."""
        rows = self.rows(_ABSENT, first=first.isoformat(), from_=last.isoformat(), after_=after, most=most)
        return tuple((date.fromisoformat(day), account, int(visits)) for day, account, visits in rows)

    def next_last_day(self, first: date, last: date) -> date | None:
        """The first of these days at whose end something runs out."""
        row = self.row(_NEXT_LAST_DAY, from_=first.isoformat(), last=last.isoformat())
        return None if row is None or row[0] is None else date.fromisoformat(row[0])

    def expiring(self, day: date, after: tuple[str, str], most: int) -> tuple[tuple[str, str, int], ...]:
        """What runs out at the end of a day, by holder and purse, behind a holder and purse in their order."""
        rows = self.rows(_EXPIRING, day_=day.isoformat(), after_=after[0], purse_=after[1], most=most)
        return tuple((account, purse, int(amount)) for account, purse, amount in rows)

    def spent_between(self, first: date, last: date, below: int) -> Iterator[tuple[str, int]]:
        """What each holder spent that counts on these days, where it is more than nothing and below an amount, as a stream."""
        for account, amount in self.pages(_SPENT, first=first.isoformat(), last=last.isoformat(), below=below):
            yield account, int(amount)

    def stands(self, account: str) -> tuple[str | None, date | None, date | None, date, bool]:
        """The stored tier of an account, since when and until when, when it joined, and whether a named card opens it."""
        row = self.row(_STANDS, account=account)
        if row is None:
            raise KeyError(account)
        tier, since, kept_until, joined = row
        named = self.row(_NAMED, account=account) is not None
        return tier, day_or_none(since), day_or_none(kept_until), date.fromisoformat(joined), named

    def complaints_open(self) -> Sequence[Complaint]:
        """All complaints that nobody closed: the soonest promised first, those without a promise last."""
        return [
            Complaint(id_, account, read_moment(at), by, words, wish, day_or_none(promised))
            for id_, account, at, by, words, wish, promised in self.rows(_OPEN)
        ]

    def prizes_to_hand_out(self) -> Sequence[tuple[str, Prize]]:
        """All prizes that wait for their winners, the oldest draw first, each with when it was drawn."""
        return [
            (drawn_at, Prize(draw, title, place, prize, ticket, account))
            for drawn_at, draw, title, place, prize, ticket, account in self.rows(_WAITING)
        ]
