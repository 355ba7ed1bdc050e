"""Closing a day: what has run out is posted when its time comes, and not only when its card is next shown.

It goes through all holders in small transactions and rests after each for as long as that took, so that no till waits for long.
What was posted is done: it can be broken off anywhere, run again, and run at two registers at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pos_loyalty.domain.bookkeeping import expiry_postings
from pos_loyalty.domain.ledger import Draw, Entry, Lot
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.rules import Tiers
from pos_loyalty.domain.tier import Standing
from pos_loyalty.storage.books import Books
from pos_loyalty.till.partners import with_issuers
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import standing_on

BATCH = 100
"""Lots of one transaction: some 20 ms of a small computer's disk and processor."""
PAGE = 2_000
"""Holders looked at in one read, which keeps no till waiting."""


@dataclass(frozen=True, slots=True)
class Expired:
    """What one purse lost: so many units, of so many lots."""

    purse: str
    lots: int
    amount: Minor


@dataclass(frozen=True, slots=True)
class DayClosed:
    """What closing a day did: what expired by purse, of how many holders, and how many went down a tier."""

    day: date
    expired: tuple[Expired, ...]
    holders: int
    stepped_down: int


@dataclass(frozen=True, slots=True)
class _Closing:
    """One run: what every entry of it says. `at` is the business time, `now` the clock's."""

    register: Register
    rules: InForce
    day: date
    at: datetime
    now: datetime
    operator: str
    rest: Callable[[float], None]


def close_day(
    register: Register,
    day: date | None = None,
    operator: str = "",
    rest: Callable[[float], None] = time.sleep,
) -> DayClosed:
    """Post what is over on a business day (None: today's): lots past their last day, and tiers that are no longer kept.

    A lot's last day is its own, included: it is over on the day after. Refused with day-invalid for a day that has not begun, and
    programme-missing. `rest` is given the seconds for which tills are let through.
    """
    now = register.clock()
    with register.store.read() as books:
        today = in_force(books, now)
        latest = today.programme.business_day(now)
        if day is not None and day > latest:
            raise Refused(
                "day-invalid",
                Message(N_("{day} has not begun yet: what runs out then can still be spent."), day=day),
            )
        at = now
        if day is not None and day < latest:
            programme = today.programme
            at = datetime.combine(day, programme.day_starts, ZoneInfo(programme.time_zone))
        rules = in_force(books, at)
    run = _Closing(register, rules, day or latest, at, now, operator, rest)
    expired: dict[str, Expired] = {}
    holders = set[str]()
    for account, lots in _expire(run):
        holders.add(account)
        for lot in lots:
            before = expired.get(lot.purse, Expired(lot.purse, 0, 0))
            expired[lot.purse] = Expired(lot.purse, before.lots + 1, before.amount + lot.remaining)
    found = tuple(expired[purse] for purse in sorted(expired))
    return DayClosed(run.day, found, len(holders), _step_down(run))


def _expire(run: _Closing) -> Iterator[tuple[str, tuple[Lot, ...]]]:
    """Post what all holders' lots lost, some lots at a time, those first that ran out first."""
    after = ("", "")
    while True:
        with run.register.store.read() as books:
            page = books.lots_over(run.day, after, BATCH)
        if not page:
            return
        after = page[-1].expires, page[-1].lot
        began = time.monotonic()
        with run.register.store.write() as books:
            accounts = sorted({found.account for found in page})
            books.lock(run.register.name, *accounts)
            posted = [(account, _expire_one(run, books, account)) for account in accounts]
        yield from ((account, lots) for account, lots in posted if lots)
        run.rest(time.monotonic() - began)


def _expire_one(run: _Closing, books: Books, account: str) -> tuple[Lot, ...]:
    """Post what one holder's lots lost: read anew, now that nobody else can move them."""
    lots = books.lots_past(account, run.day)
    gone: dict[str, list[Draw]] = {}
    for lot in lots:
        gone.setdefault(lot.purse, []).append(Draw(lot.id, lot.remaining))
    postings = expiry_postings(run.rules.units, account, gone)
    if postings:
        entry = Entry(
            id=run.register.new_id(),
            kind="expiry",
            at=run.at,
            recorded_at=run.now,
            day=run.day,
            operator=run.operator,
            holder=account,
            postings=tuple(with_issuers(books, postings)),
        )
        books.post(run.register.name, entry)
    return lots


def _step_down(run: _Closing) -> int:
    """Store the tier of every holder whose own is no longer kept; how many there were."""
    tiers = run.rules.programme.tiers
    if tiers is None:
        return 0
    stepped, after = 0, ""
    while True:
        with run.register.store.read() as books:
            page = books.standings(after, PAGE)
            fallen = [
                account for account, found in page if _may_fall(found, tiers, run.day) and _fallen(run, books, account)
            ]
        if not page:
            return stepped
        after = page[-1][0]
        for begin in range(0, len(fallen), BATCH):
            stepped += _store_lower(run, fallen[begin : begin + BATCH])


def _may_fall(standing: Standing, tiers: Tiers, day: date) -> bool:
    """Whether a tier can be another on that day without a sale: it is past its time, or the ladder no longer has it."""
    return (standing.kept_until is not None and standing.kept_until < day) or tiers.index(standing.tier) is None


def _fallen(run: _Closing, books: Books, account: str) -> Standing | None:
    """The tier of a holder on the day, where it is not the one that is stored."""
    joined, stored = books.standing(account)
    if stored is None:
        return None
    found = standing_on(stored, joined, books.spends(account), run.rules, run.day)
    return found if found != stored else None


def _store_lower(run: _Closing, accounts: Sequence[str]) -> int:
    began = time.monotonic()
    stepped = 0
    with run.register.store.write() as books:
        books.lock(None, *accounts)
        for account in accounts:
            lower = _fallen(run, books, account)
            if lower is not None:
                books.set_standing(account, lower)
                stepped += 1
    run.rest(time.monotonic() - began)
    return stepped
