"""Who comes back: holders by the month of their first purchase, and how many of them bought again so many months later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import MILLION, half_up
from pos_loyalty.reports.frame import COUNT, RATE, Figure, Period, Value, report_of_figures
from pos_loyalty.reports.rules import year_before
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_visits import days_of_holders


def _reckon(books: Books, period: Period) -> Iterator[Value]:
    earliest = min(year_before(period.last), period.first).isoformat()[:7]
    came: Counter[tuple[str, int]] = Counter()
    for _, days in days_of_holders(books, period.last):
        first = days[0][:7]
        if first >= earliest:
            came.update((first, later) for later in {_months(day) - _months(first) for day in days})
    last = _months(period.last.isoformat())
    for cohort in sorted({cohort for cohort, _ in came}):
        size = came[cohort, 0]
        yield Value("cohort", size, COUNT, cohort)
        for later in range(last - _months(cohort) + 1):
            yield Value("retained", half_up(came[cohort, later] * MILLION, size), RATE, cohort, f"{later:02}")


def _months(day: str) -> int:
    """The months since the year 0 of an ISO date, or of its month."""
    return int(day[:4]) * 12 + int(day[5:7])


_SALES = N_("sales with a card, and cards added late")
REPORT = report_of_figures(
    "retention",
    N_("Who comes back"),
    (
        Figure(
            "cohort",
            N_("First bought"),
            N_(
                "holders whose first bill was in that month, of the 12 months to the last day or since the period began"
            ),
            _SALES,
            N_("month"),
        ),
        Figure(
            "retained",
            N_("Bought again"),
            N_("the share of them with a bill in the month so many months later; the last month is the one so far"),
            _SALES,
            N_("month"),
            N_("months later"),
        ),
    ),
    _reckon,
)
