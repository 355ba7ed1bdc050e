"""What the owner watches, by cashier: their bills and returns, and all that is out of the ordinary among them.

None of it is a fault by itself: it says where to look. `seen_by` gives the single things behind a line, each with its receipt.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import half_up, plain_rate
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.reports.frame import Cell, Column, Period, Report
from pos_loyalty.reports.rules import Rules, rules_on
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_watch import WATCHED, Seen, Span, Watched, bills_by_cashier, seen

MANY_BILLS = 6
"""Bills of one holder a day past which one more is listed, where the programme's [guard] names no number."""
_TENTH = 1_000
"""A tenth of a percent in millionths: shares are said no finer."""
_EARLIEST, _LATEST = date(2000, 1, 2), date(9999, 12, 30)
"""Days within which every moment of a business day can be written."""

TITLES: dict[Watched, str] = {
    "return": N_("Return"),
    "by-hand": N_("Discount by hand"),
    "own-card": N_("Own card"),
    "many-bills": N_("Many bills a day"),
    "late-card": N_("Card added late"),
    "spent-back": N_("Return after spending"),
    "adjustment": N_("Adjustment"),
    "drawer": N_("Drawer without a sale"),
    "allowed": N_("Allowed by a manager"),
}
_MEANINGS: dict[Watched, str] = {
    "return": N_("returns that they took"),
    "by-hand": N_("bills with a discount by hand"),
    "own-card": N_("bills with their own card on them: the one of their record, or of a holder of their whole name"),
    "many-bills": N_("bills of a holder past the number that the programme allows in a day (six where it names none)"),
    "late-card": N_("cards added to a bill that was closed"),
    "spent-back": N_("returns of goods whose earnings had been spent already"),
    "adjustment": N_("purses changed by hand"),
    "drawer": N_("the drawer opened without a sale, pay-ins and pay-outs"),
    "allowed": N_("what somebody else had to allow them"),
}


def span_of(books: Books, period: Period) -> tuple[Span, Programme]:
    """A period with the moments at which it begins and ends, and the programme at its end."""
    first, last = max(period.first, _EARLIEST), min(period.last, _LATEST)
    rules: Rules = rules_on(books, last)
    return Span(first, last, rules.begins(first), rules.begins(last + timedelta(days=1))), rules.programme


def seen_by(books: Books, period: Period, operator: str | None = None) -> list[Seen]:
    """All that is watched of one cashier (None: of all), the newest first."""
    span, programme = span_of(books, period)
    most = programme.guard.bills_per_card_per_day or MANY_BILLS
    found = [one for one in seen(books, span, most) if operator is None or one.operator == operator]
    return sorted(found, key=lambda one: (one.at, one.receipt or ""), reverse=True)


def _rows(books: Books, period: Period) -> list[tuple[Cell, ...]]:
    span, programme = span_of(books, period)
    made = bills_by_cashier(books, span)
    counts: dict[str, Counter[Watched]] = {operator: Counter() for operator in made}
    given: Counter[str] = Counter()
    for one in seen(books, span, programme.guard.bills_per_card_per_day or MANY_BILLS):
        counts.setdefault(one.operator, Counter())[one.what] += 1
        if one.what == "by-hand":
            given[one.operator] += one.amount or 0
    rows: list[tuple[Cell, ...]] = []
    for operator in sorted(counts):
        bills = made.get(operator, Counter())["sale"]
        returns = counts[operator]["return"]
        share = plain_rate(half_up(returns * 1_000, bills) * _TENTH) if bills else None
        if bills or counts[operator]:
            figures = [counts[operator][what] for what in WATCHED[1:]]
            rows.append((operator, bills, returns, share, given[operator], *figures))
    return rows


REPORT = Report(
    "watch",
    N_("What to look at, by cashier"),
    (
        Column("cashier", N_("Cashier"), N_("who did it")),
        Column("bills", N_("Bills"), N_("bills that they closed"), "count"),
        Column("return", N_("Returns"), _MEANINGS["return"], "count"),
        Column("returns_share", N_("Returns, %"), N_("returns as a share of their bills")),
        Column("by_hand_amount", N_("Given by hand"), N_("what their discounts by hand came to"), "money"),
        *(Column(what.replace("-", "_"), TITLES[what], _MEANINGS[what], "count") for what in WATCHED[1:]),
    ),
    _rows,
)
