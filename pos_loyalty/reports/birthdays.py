"""Whose birthday is in the coming days; 29 February is kept on the 28th where there is none."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.acting import ActList, Ask, Found, Key, report_of
from pos_loyalty.reports.frame import Column
from pos_loyalty.storage.books import Books

MOST = 365
"""Days: then everybody's birthday was, and nobody's twice."""


def _page(books: Books, ask: Ask, after: Key, most: int) -> Sequence[Found]:
    found: list[Found] = []
    day, account = (date.fromisoformat(after[0]), after[1]) if after else (ask.period.first, "")
    last = min(ask.period.last, ask.period.first + timedelta(days=MOST - 1))
    while day <= last and len(found) < most:
        born = dict(books.born_on(day.strftime("%m-%d"), account, most))
        if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year):
            born |= dict(books.born_on("02-29", account, most))
        for whose in sorted(born)[: most - len(found)]:
            turns = day.year - born[whose].year
            found.append(Found(whose, (day.isoformat(), whose), (day, turns if turns > 0 else None)))
        day, account = day + timedelta(days=1), ""
    return found


LIST = ActList(
    "birthdays",
    N_("Birthdays"),
    N_("whose birthday is in the coming days"),
    (
        Column("birthday", N_("Birthday"), N_("the day in these days on which they have their birthday"), "day"),
        Column("turns", N_("Turns"), N_("how old they become"), "count"),
    ),
    _page,
    span="ahead",
    days=7,
)
REPORT = report_of(LIST)
