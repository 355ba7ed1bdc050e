"""The periods that an owner looks at, by number: this month, quarter or year so far, the last month, thirty days, own days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.frame import Period

_DAY = timedelta(days=1)
THIRTY = 30


def this_month(today: date) -> Period:
    """From the first of the month until today."""
    return Period(today.replace(day=1), today)


def last_month(today: date) -> Period:
    """The whole month before."""
    return Period((today.replace(day=1) - _DAY).replace(day=1), today.replace(day=1) - _DAY)


def thirty_days(today: date) -> Period:
    """The thirty days until today."""
    return Period(today - timedelta(days=THIRTY - 1), today)


def quarter(today: date) -> Period:
    """From the first of January, April, July or October until today."""
    return Period(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today)


def year(today: date) -> Period:
    """From the first of January until today."""
    return Period(today.replace(month=1, day=1), today)


PERIODS: tuple[tuple[str, Callable[[date], Period]], ...] = (
    (N_("this month"), this_month),
    (N_("last month"), last_month),
    (N_("30 days"), thirty_days),
    (N_("quarter"), quarter),
    (N_("year"), year),
)
"""By their numbers on the screen, from 1; the number behind them is for days of one's own."""
OWN = N_("own dates")
FIRST = 2
"""Shown at first: the last thirty days, which on the first of a month say more than the month."""
