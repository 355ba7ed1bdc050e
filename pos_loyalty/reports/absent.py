"""Who has not been seen for so many days: of those who ever came, whoever has just stopped coming first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.acting import ActList, Ask, Found, Key, report_of
from pos_loyalty.reports.frame import Column
from pos_loyalty.storage.books import Books


def _page(books: Books, ask: Ask, after: Key, most: int) -> Sequence[Found]:
    last, account = (date.fromisoformat(after[0]), after[1]) if after else (ask.period.last, "")
    return [
        Found(whose, (day.isoformat(), whose), (day, (ask.today - day).days, visits))
        for day, whose, visits in books.absent(ask.period.first, last, account, most)
    ]


LIST = ActList(
    "absent",
    N_("Not seen"),
    N_("who has not been here for so many days"),
    (
        Column("last_visit", N_("Last visit"), N_("the last day on which they bought something"), "day"),
        Column("days", N_("Days"), N_("how many days ago that was"), "count"),
        Column("visits", N_("Visits"), N_("how many bills they had"), "count"),
    ),
    _page,
    span="behind",
    days=90,
)
REPORT = report_of(LIST)
