"""Closing a day: what has run out is posted when its time comes, and not only when its card is next shown.

It goes through all holders in transactions of some hundredths of a second, and rests after each for as long as it took, so that no
till waits for long. What was posted is done: it can be broken off anywhere, run again, and run at two registers at once.
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
from pos_loyalty.domain.tier import Standing
from pos_loyalty.storage.books import Books
from pos_loyalty.till.certificates import expire_certificates
from pos_loyalty.till.partners import with_issuers
from pos_loyalty.till.programmes import InForce, in_force
from pos_loyalty.till.register import Register
from pos_loyalty.till.standing import standing_on

FIRST, MOST = 10, 200
"""Holders or lots of the first transaction, and of any: how many the next one has follows from how long the last one took."""
LONGEST = 0.025
"""Seconds that a transaction should take: a till that waits for it is not noticed to wait."""
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
    """What closing a day did: what expired by purse, of how many holders, and how many have another tier now. `certificates` is
    what gift certificates lost, in minor units.
    """

    day: date
    expired: tuple[Expired, ...]
    holders: int
    tier_changes: int
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
    return DayClosed(run.day, found, len(holders), _step_down(run), certificates)


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


def _step_down(run: _Closing) -> int:
    """Store the tier of every holder whose own is no longer kept; how many there were."""
    tiers = run.rules.programme.tiers
    if tiers is None:
        return 0
    with run.register.store.read() as books:
        gone = [tier for tier in books.tiers_stored() if tiers.index(tier) is None]
    return sum(_step_down_some(run, tier) for tier in gone or [""])


def _step_down_some(run: _Closing, gone: str) -> int:
    """Of those whose tier is past its time, or is `gone` from the ladder."""
    stepped, after = 0, ""
    while True:
        with run.register.store.read() as books:
            page = books.standings(after, run.day, gone, PAGE)
            fallen = [account for account in page if _fallen(run, books, account) is not None]
        if not page:
            return stepped
        after = page[-1]
        while fallen:
            size = run.pace.size
            stepped += _store_lower(run, fallen[:size])
            fallen = fallen[size:]


def _fallen(run: _Closing, books: Books, account: str) -> Standing | None:
    """The tier of a holder on the day, where it is not the one that is stored."""
    joined, stored = books.standing(account)
    if stored is None:
        return None
    found = standing_on(stored, joined, books.spends(account), run.rules, run.day)
    return found if found != stored else None


def _store_lower(run: _Closing, accounts: Sequence[str]) -> int:
    stepped = 0
    with run.register.store.write() as books:
        books.lock(None, *accounts)
        began = time.monotonic()
        for account in accounts:
            lower = _fallen(run, books, account)
            if lower is not None:
                books.set_standing(account, lower)
                stepped += 1
    run.pace.took(time.monotonic() - began)
    return stepped
