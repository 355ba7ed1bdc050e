"""What runs out in the coming days: so much of which purse, by its last day, the soonest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.acting import ActList, Ask, Found, Key, report_of
from pos_loyalty.reports.frame import Column
from pos_loyalty.storage.books import Books


def _page(books: Books, ask: Ask, after: Key, most: int) -> Sequence[Found]:
    first, account, purse = (date.fromisoformat(after[0]), after[1], after[2]) if after else (ask.period.first, "", "")
    found: list[Found] = []
    while len(found) < most and (day := books.next_last_day(first, ask.period.last)) is not None:
        behind = (account, purse) if day == first else ("", "")
        found += [
            Found(whose, (day.isoformat(), whose, of), (of, amount, day))
            for whose, of, amount in books.expiring(day, behind, most - len(found))
        ]
        first, account, purse = day + timedelta(days=1), "", ""
    return found


LIST = ActList(
    "expiring",
    N_("Running out"),
    N_("what can be spent no longer after the coming days"),
    (
        Column("purse", N_("Purse"), N_("the purse that it is in")),
        Column("units", N_("Units"), N_("how much of it runs out"), "count"),
        Column("last_day", N_("Last day"), N_("the last day on which it can be spent"), "day"),
    ),
    _page,
    span="ahead",
    days=30,
)
REPORT = report_of(LIST)
