"""What was kept as long as the shop wants to keep it goes by itself, when a day is closed.

Nobody loses anything by it that they were not told of: a holder whose purses still hold something, whose complaint is open or whose
prize waits is not forgotten. What was done is done: it can be broken off anywhere and run again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pos_loyalty.domain.retention import Retention
from pos_loyalty.till.audit import note
from pos_loyalty.till.erasing import erase_within, write_off
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.register import Register

PAGE = 100
"""Holders that are looked at before the next are read."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many holders were erased, and how many notes, complaints and words of feedback were taken away."""

    holders: int = 0
    words: int = 0


def forget_old(
    register: Register, keep: Retention, operator: str, rest: Callable[[float], None] = time.sleep
) -> Forgotten:
    """Erase holders and words that are past the shop's limits today, and write off what erased holders were given back.

    Refused with programme-missing. `rest` as for `close_day`.
    """
    now = register.clock()
    with register.store.read() as books:
        programme = in_force(books, now).programme
    today = programme.business_day(now)
    words = 0
    if keep.words_after is not None:
        first = keep.words_after.first_before(today)
        before = datetime.combine(first, programme.day_starts, ZoneInfo(programme.time_zone))
        with register.store.write() as books:
            words = books.drop_old_words(before)
            if words:
                note(books, register, operator, "words-forgotten", words=str(words))
    with register.store.read() as books:
        nameless = books.held_by_nobody()
    for account in nameless:
        with register.store.write() as books:
            books.lock(register.name, account)
            write_off(books, register, account, operator)
    holders = 0
    if keep.forget_after is not None:
        last = keep.forget_after.first_before(today) - timedelta(days=1)
        for account in _candidates(register, last):
            began = time.monotonic()
            with register.store.write() as books:
                books.lock(register.name)
                books.lock_account(account)
                if books.may_be_forgotten(account, last) and books.member(account) is not None:
                    erase_within(books, register, account, operator, None, "forget_after")
                    holders += 1
            rest(time.monotonic() - began)
    return Forgotten(holders, words)


def _candidates(register: Register, last: date) -> Iterator[str]:
    """Registered holders not seen since a day, page by page: each page is read before it is changed."""
    seen, never = ("", ""), ""
    while True:
        with register.store.read() as books:
            page = books.long_gone(last, seen, PAGE)
        if not page:
            break
        seen = page[-1]
        yield from (account for _, account in page)
    while True:
        with register.store.read() as books:
            accounts = books.never_came(last, never, PAGE)
        if not accounts:
            return
        never = accounts[-1]
        yield from accounts
