"""What the shop owes to those who hold its purses and gift certificates, how old that is, when it runs out, what may lapse.

All as it stood at the end of the period's last day. What has run out and was not posted yet is no debt any more: it cannot be
spent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import MILLION, half_up
from pos_loyalty.reports.frame import CANNOT_TELL, RATE, Figure, Group, Period, Value, report_of_both
from pos_loyalty.reports.rules import Rules, rules_on, year_before
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.figure_flow import Flow, flows, joined
from pos_loyalty.storage.figure_lots import Standing, certificates_on, held_on

BANDS = (30, 90, 365)
"""Days: the ages that lots are told apart by, each with its last day."""
ENOUGH = 30
"""Spendings and expiries of lots within a year: with fewer, one more or less moves their shares by percents."""

AGES = (
    Group("0-30", N_("up to 30 days")),
    Group("31-90", N_("31 to 90 days")),
    Group("91-365", N_("91 to 365 days")),
    Group("366-", N_("more than 365 days")),
)
NEVER = Group("never", N_("never"))

_LOTS = N_("lots: what they hold, less the postings of later days; those whose last day had passed are left out")


def _reckon(books: Books, period: Period, before: Period) -> tuple[Iterator[Value], Iterator[Value]]:
    now, then = (rules_on(books, day) for day in (period.last, before.last))
    standing = held_on(books, period.last, _bands(now, period.last), before.last, _bands(then, before.last))
    moves = _years(books, period.last, before.last)
    return (
        _values(books, period.last, now, standing[0], moves[0]),
        _values(books, before.last, then, standing[1], moves[1]),
    )


def _bands(rules: Rules, day: date) -> list[datetime]:
    return [rules.begins(day - timedelta(days=days)) for days in BANDS]


def _years(books: Books, last: date, before: date) -> tuple[dict[str, Flow], dict[str, Flow]]:
    """What moved in the twelve months to each of two days; what is in both is read once."""
    first, first_before, one_day = year_before(last), year_before(before), timedelta(days=1)
    if before < first:
        return flows(books, first, last), flows(books, first_before, before)
    both = flows(books, first, before)
    return (
        joined((both, flows(books, before + one_day, last))),
        joined((flows(books, first_before, first - one_day), both)),
    )


def _values(books: Books, day: date, rules: Rules, standing: Standing, year: dict[str, Flow]) -> Iterator[Value]:
    purses: Counter[str] = Counter()
    ages: Counter[tuple[str, str]] = Counter()
    months: Counter[tuple[str, str]] = Counter()
    lapsed: Counter[str] = Counter()
    for held in standing.held:
        if held.over:
            lapsed[held.purse] += held.amount
        else:
            purses[held.purse] += held.amount
            ages[held.purse, AGES[held.band].name] += held.amount
            months[held.purse, held.month or NEVER.name] += held.amount
    unit = {purse: rules.units.get(purse, purse) for purse in {*purses, *lapsed, *rules.units}}
    for purse, amount in purses.items():
        yield Value("owed", amount, unit[purse], purse)
    for (purse, age), amount in ages.items():
        yield Value("age", amount, unit[purse], purse, age)
    for (purse, month), amount in months.items():
        yield Value("expiry", amount, unit[purse], purse, month)
    for purse, amount in lapsed.items():
        yield Value("lapsed", amount, unit[purse], purse)
    certificates: Counter[str] = Counter()
    for month, over, amount in certificates_on(books, day):
        if not over:
            certificates[month or NEVER.name] += amount
    if certificates:
        yield Value("certificates", sum(certificates.values()), rules.currency)
    for month, amount in certificates.items():
        yield Value("certificates_expiry", amount, rules.currency, by=month)
    yield from _breakage(year, standing.ran_out, purses, unit)


def _breakage(
    year: dict[str, Flow], ran_out: frozenset[str], purses: Counter[str], unit: dict[str, str]
) -> Iterator[Value]:
    for purse, flow in year.items():
        if purse not in unit:  # gift certificates are no purse
            continue
        ended = flow.expired + flow.redeemed - flow.restored
        if purse not in ran_out or flow.endings < ENOUGH or ended <= 0:
            yield Value("breakage_share", CANNOT_TELL, RATE, purse)
            yield Value("breakage", CANNOT_TELL, unit[purse], purse)
        else:
            yield Value("breakage_share", half_up(flow.expired * MILLION, ended), RATE, purse)
            yield Value("breakage", half_up(flow.expired * purses[purse], ended), unit[purse], purse)


REPORT = report_of_both(
    "liability",
    N_("What is owed to holders"),
    (
        Figure(
            "owed",
            N_("Owed to holders"),
            N_("what holders' purses held on the last day, to be spent then or once their hold is over"),
            _LOTS,
            N_("purse"),
        ),
        Figure(
            "age",
            N_("By age"),
            N_("the same by the days since it was earned"),
            _LOTS,
            N_("purse"),
            N_("age"),
            AGES,
        ),
        Figure(
            "expiry",
            N_("By month of expiry"),
            N_("the same by the month of the last day on which it can be spent"),
            _LOTS,
            N_("purse"),
            N_("month"),
            (NEVER,),
        ),
        Figure(
            "lapsed",
            N_("Run out, not posted yet"),
            N_("what could no longer be spent because its last day had passed, and waited for the day to be closed"),
            N_("lots whose last day had passed: what they hold, less the postings of later days"),
            N_("purse"),
        ),
        Figure(
            "certificates",
            N_("Gift certificates"),
            N_("what gift certificates that had not run out could still pay"),
            N_("certificates: what is left on them, less the postings of later days"),
        ),
        Figure(
            "certificates_expiry",
            N_("Gift certificates by month of expiry"),
            N_("the same by the month of the last day on which they can pay"),
            N_("certificates: what is left on them, less the postings of later days"),
            by=N_("month"),
            groups=(NEVER,),
        ),
        Figure(
            "breakage_share",
            N_("Share that lapses"),
            N_(
                "of what ended its life in the 12 months to the last day, spent (less what returns gave back) or expired, the share"
                " that expired; told once a lot has run out and 30 lots or parts of lots have ended"
            ),
            N_("postings of purse, owed and breakage in those months"),
            N_("purse"),
        ),
        Figure(
            "breakage",
            N_("Expected to lapse"),
            N_("what is owed times that share: what will expire if holders go on as they did"),
            N_("the two figures above"),
            N_("purse"),
        ),
    ),
    _reckon,
)
