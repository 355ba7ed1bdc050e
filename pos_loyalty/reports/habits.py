"""How often a holder comes by habit, and what that says: who is active, who is leaving, who is lost.

A usual gap is the middle one of the days between a holder's visits, of an even number the longer. From three visits on it is the
holder's own; before that the shop's, the middle one of all its holders' gaps. Visits of one business day are one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median_high

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.frame import Group

OWN_HABIT = 3
"""Visits from which a holder's own gaps say what is usual: two gaps."""
SHORTEST = 7
"""Days: nobody is missed for a usual gap of less than a week, which a shop's closed days alone make."""
LEAVING, LOST = 2, 4
"""So many usual gaps without a visit, and a holder is leaving, or lost."""

STATES = (
    Group("active", N_("still coming"), N_("away no longer than twice their usual gap")),
    Group("leaving", N_("leaving"), N_("away longer than twice their usual gap, and no longer than four times")),
    Group("lost", N_("lost"), N_("away longer than four times their usual gap")),
    Group("unknown", N_("too early to say"), N_("nobody has come on two days yet, so that no gap is usual")),
)


def usual_gap(gaps: Sequence[int]) -> int:
    """The middle one of some gaps, in days; ValueError (StatisticsError) of none."""
    return median_high(gaps)


def middle_of(counted: Counter[int]) -> int | None:
    """The middle one of counted gaps, of an even number the longer; None of none."""
    half = counted.total() // 2
    for gap in sorted(counted):
        half -= counted[gap]
        if half < 0:
            return gap
    return None


def state(away: int, usual: int | None) -> str:
    """What days without a visit say of somebody whose usual gap is so many days (None: nothing is usual)."""
    if usual is None:
        return "unknown"
    patience = max(usual, SHORTEST)
    if away <= LEAVING * patience:
        return "active"
    return "leaving" if away <= LOST * patience else "lost"
