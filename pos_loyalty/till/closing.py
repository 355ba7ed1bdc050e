"""Closing a day: what has run out is posted when its time comes, and not only when its card is next shown.

It goes through all holders in transactions of some hundredths of a second, and rests after each for as long as it took, so that no
till waits for long. What was posted is done: it can be broken off anywhere, run again, and run at two registers at once.

Tiers need no closing: what is stored is that after the last sale, and every look at a holder works out the day's from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pos_loyalty.domain.bookkeeping import expiry_postings
from pos_loyalty.domain.ledger import Draw, Entry, Lot
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.storage.books import Books
from pos_loyalty.till.certificates import expire_certificates
from pos_loyalty.till.partners import with_issuers
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register

FIRST, MOST = 10, 200
"""Lots of the first transaction, and of any: how many the next one has follows from how long the last one took."""
LONGEST = 0.025
"""Seconds that a transaction should take: a till that waits for it is not noticed to wait."""


@dataclass(frozen=True, slots=True)
class Expired:
    """What one purse lost: so many units, of so many lots."""

    purse: str
    lots: int
    amount: Minor


@dataclass(frozen=True, slots=True)
class DayClosed:
    """What closing a day did: what expired by purse, and of how many holders. `certificates` is what gift certificates lost, in
    minor units.
    """

    day: date
    expired: tuple[Expired, ...]
    holders: int
    certificates: Minor = 0


class Pace:
    """How much is done in one transaction, and the rest after it."""

    def __init__(self, rest: Callable[[float], None]) -> None:
        self._rest = rest
        self.size = FIRST

    def took(self, seconds: float) -> None:
        """A transaction of `size` took so long: rest for as long, and do more or less in the next one."""
        fitting = int(self.size * LONGEST / max(seconds, LONGEST / 2))  # at most twice as many
        self.size = min(max(fitting, 1), MOST)
        self._rest(seconds)


@dataclass(frozen=True, slots=True)
class _Closing:
    """One run: what every entry of it says. `at` is the business time, `now` the clock's."""

    register: Register
    rules: InForce
    day: date
    at: datetime
    now: datetime
    operator: str
    pace: Pace


def close_day(
    register: Register,
    day: date | None = None,
    operator: str = "",
    rest: Callable[[float], None] = time.sleep,
) -> DayClosed:
    """Post what is over on a business day (None: today's): lots past their last day, and gift certificates.

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
    run = _Closing(register, rules, day or latest, at, now, operator, Pace(rest))
    expired: dict[str, Expired] = {}
    holders = set[str]()
    for account, lots in _expire(run):
        holders.add(account)
        for lot in lots:
            before = expired.get(lot.purse, Expired(lot.purse, 0, 0))
            expired[lot.purse] = Expired(lot.purse, before.lots + 1, before.amount + lot.remaining)
    found = tuple(expired[purse] for purse in sorted(expired))
    with register.store.write() as books:
        certificates = expire_certificates(books, register, run.day, operator)
    return DayClosed(run.day, found, len(holders), certificates)


def _expire(run: _Closing) -> Iterator[tuple[str, tuple[Lot, ...]]]:
    """Post what all holders' lots lost, some lots at a time, those first that ran out first."""
    after = ("", "")
    while True:
        with run.register.store.read() as books:
            page = books.lots_over(run.day, after, run.pace.size)
        if not page:
            return
        after = page[-1].expires, page[-1].lot
        with run.register.store.write() as books:
            accounts = sorted({found.account for found in page})
            books.lock(run.register.name, *accounts)
            began = time.monotonic()
            posted = [(account, _expire_one(run, books, account)) for account in accounts]
        yield from ((account, lots) for account, lots in posted if lots)
        run.pace.took(time.monotonic() - began)


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
