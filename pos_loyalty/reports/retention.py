"""Who comes back: holders by the month of their first purchase, how many bought again so many months later, what they are worth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import MILLION, half_up
from pos_loyalty.reports.frame import COUNT, RATE, Figure, Period, Value, report_of_figures
from pos_loyalty.reports.rules import rules_on, year_before
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_holders import cohorts


def _reckon(books: Books, period: Period) -> Iterator[Value]:
    unit = rules_on(books, period.last).currency
    earliest = min(_months(year_before(period.last)), _months(period.first))
    last = _months(period.last)
    for cohort in cohorts(books, period.last, earliest):
        name = f"{(cohort.month - 1) // 12:04}-{(cohort.month - 1) % 12 + 1:02}"
        size = cohort.came[0]
        yield Value("cohort", size, COUNT, name)
        for later in range(last - cohort.month + 1):
            yield Value("retained", half_up(cohort.came.get(later, 0) * MILLION, size), RATE, name, f"{later:02}")
        yield Value("worth", half_up(cohort.spent, size), unit, name)


def _months(day: date) -> int:
    """The months since the year 0."""
    return day.year * 12 + day.month


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
        Figure(
            "worth",
            N_("Lifetime value so far"),
            N_("what those holders have spent until the last day on goods that earn, on average"),
            N_("sales with a card, and qualifying spend less what came back of it"),
            N_("month"),
        ),
    ),
    _reckon,
)
