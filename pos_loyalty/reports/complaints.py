"""Which complaints nobody has closed: those that an answer was promised for first, the soonest (or longest overdue) at the top."""

from __future__ import annotations

from collections.abc import Sequence

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.acting import ActList, Ask, Found, Key, report_of
from pos_loyalty.reports.frame import Column
from pos_loyalty.reports.rules import rules_on
from pos_loyalty.storage.books import Books


def _page(books: Books, ask: Ask, after: Key, most: int) -> Sequence[Found]:
    if after:
        return ()
    rules = rules_on(books, ask.today)
    found = []
    for one in books.complaints_open():
        overdue = (ask.today - one.promised).days if one.promised and one.promised < ask.today else None
        opened = rules.programme.business_day(one.opened_at)
        found.append(Found(one.account, (one.id,), (one.promised, overdue, opened, one.text)))
    return found


LIST = ActList(
    "complaints",
    N_("Open complaints"),
    N_("which answers are waited for"),
    (
        Column("promised", N_("Promised"), N_("the day until which an answer was promised"), "day"),
        Column("overdue", N_("Overdue"), N_("how many days ago that was"), "count"),
        Column("since", N_("Since"), N_("the day on which they complained"), "day"),
        Column("words", N_("Complaint"), N_("what they complained of; no export carries it")),
    ),
    _page,
    kept_in=("words",),
)
REPORT = report_of(LIST)
