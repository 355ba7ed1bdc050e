"""Bills and what they came to, with a card and without; what a holder is worth, and how much the best fifth of them brings."""

from __future__ import annotations

from collections.abc import Iterator

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import MILLION, half_up
from pos_loyalty.reports.frame import CANNOT_TELL, RATE, Figure, Group, Period, Value, report_of_figures
from pos_loyalty.reports.rules import rules_on
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_holders import ever_bought
from pos_loyalty.storage.figure_visits import Turnover, spent, spent_ever, turnover

BEST = 5
"""The best fifth: Pareto's 20 %."""

_CARDS = (Group("with", N_("with a card")), Group("without", N_("without a card")))
_REVENUE = N_("postings of sales and vat")
_SPENDS = N_("qualifying spend of holders, less what came back of it")


def _reckon(books: Books, period: Period) -> Iterator[Value]:
    unit = rules_on(books, period.last).currency
    for group, found in zip(_CARDS, turnover(books, period.first, period.last), strict=True):
        yield from _bills(found, unit, group.name)
    spends = sorted((amount for _, amount in spent(books, period.first, period.last) if amount > 0), reverse=True)
    total = sum(spends)
    if len(spends) < BEST:
        yield Value("best_fifth", CANNOT_TELL, RATE)
    else:
        best = sum(spends[: -(-len(spends) // BEST)])
        yield Value("best_fifth", half_up(best * MILLION, total), RATE)
    bought = ever_bought(books, period.last)
    yield Value("lifetime_value", half_up(spent_ever(books, period.last), bought) if bought else CANNOT_TELL, unit)


def _bills(found: Turnover, unit: str, group: str) -> Iterator[Value]:
    yield Value("visits", found.bills, of=group)
    yield Value("basket", half_up(found.sold, found.bills) if found.bills else CANNOT_TELL, unit, group)
    yield Value("turnover", found.net, unit, group)
    yield Value("returned", found.returned, unit, group)


REPORT = report_of_figures(
    "visits",
    N_("Visits and turnover"),
    (
        Figure(
            "visits",
            N_("Visits"),
            N_("bills closed, whether or not goods came back later; one whose card was added late is one with a card"),
            N_("sales, and cards added late"),
            N_("card"),
            groups=_CARDS,
        ),
        Figure(
            "basket",
            N_("Average bill"),
            N_(
                "what bills came to, VAT included, after discounts and without gift certificates sold, divided by the visits"
            ),
            _REVENUE,
            N_("card"),
            groups=_CARDS,
        ),
        Figure(
            "turnover",
            N_("Turnover"),
            N_("what bills came to, VAT included, less what came back in the period, whenever it was sold"),
            _REVENUE,
            N_("card"),
            groups=_CARDS,
        ),
        Figure(
            "returned",
            N_("Returned"),
            N_("what came back in the period, at the price that was paid for it"),
            _REVENUE,
            N_("card"),
            groups=_CARDS,
        ),
        Figure(
            "best_fifth",
            N_("Share of the best 20 %"),
            N_(
                "of what holders spent in the period on goods that earn, the part of the 20 % who spent most (rounded up to a whole"
                " holder); told from five holders on who spent anything"
            ),
            _SPENDS,
        ),
        Figure(
            "lifetime_value",
            N_("Lifetime value so far"),
            N_("what a holder who ever bought has spent until the last day on goods that earn, on average"),
            _SPENDS,
        ),
    ),
    _reckon,
)
