"""Whose prize waits for them: the oldest draw first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.acting import ActList, Ask, Found, Key, report_of
from pos_loyalty.reports.frame import Column
from pos_loyalty.reports.rules import rules_on
from pos_loyalty.storage.books import Books


def _page(books: Books, ask: Ask, after: Key, most: int) -> Sequence[Found]:
    if after:
        return ()
    rules = rules_on(books, ask.today)
    return [
        Found(
            prize.account,
            (prize.draw, str(prize.place)),
            (prize.prize, prize.title, prize.ticket, rules.programme.business_day(datetime.fromisoformat(drawn_at))),
        )
        for drawn_at, prize in books.prizes_to_hand_out()
    ]


LIST = ActList(
    "winners",
    N_("Winners"),
    N_("whose prize waits for them"),
    (
        Column("prize", N_("Prize"), N_("what they have won")),
        Column("draw", N_("Draw"), N_("in which draw")),
        Column("ticket", N_("Ticket"), N_("the number of the ticket that won"), "count"),
        Column("drawn", N_("Drawn"), N_("the day on which it was drawn"), "day"),
    ),
    _page,
)
REPORT = report_of(LIST)
