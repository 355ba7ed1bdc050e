"""RFM: how recently, how often and how much holders bought, each scored from 1 to 5 against the shop's other holders.

Scores are quintiles by rank: 1 + 5 x (how many are below) / (how many there are), rounded down, so equal values have equal scores.
The ten segments are those that are in common use for the pair of recency and frequency; spend alone tells none of them apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.frame import Group

FIFTHS = 5

SEGMENTS = (
    Group("champions", N_("champions"), N_("recency 5, frequency 4 or 5: they come often, and came just now")),
    Group("loyal", N_("loyal"), N_("recency 3 or 4, frequency 4 or 5: they come often")),
    Group(
        "potential", N_("could become loyal"), N_("recency 4 or 5, frequency 2 or 3: they came lately, more than once")
    ),
    Group("new", N_("new customers"), N_("recency 5, frequency 1: they came just now, seldom before")),
    Group("promising", N_("promising"), N_("recency 4, frequency 1: they came lately, seldom before")),
    Group("attention", N_("need attention"), N_("recency 3, frequency 3: in the middle of both")),
    Group("sleepy", N_("about to sleep"), N_("recency 3, frequency 1 or 2: not lately, and seldom")),
    Group(
        "cannot-lose",
        N_("not to be lost"),
        N_("recency 1 or 2, frequency 5: came most often, and have been away for long"),
    ),
    Group("at-risk", N_("at risk"), N_("recency 1 or 2, frequency 3 or 4: came often, and have been away for long")),
    Group("hibernating", N_("hibernating"), N_("recency 1 or 2, frequency 1 or 2: came seldom, and long ago")),
)

_BY_SCORES = (  # a row is a recency from 1 up, a place in it a frequency from 1 up
    ("hibernating", "hibernating", "at-risk", "at-risk", "cannot-lose"),
    ("hibernating", "hibernating", "at-risk", "at-risk", "cannot-lose"),
    ("sleepy", "sleepy", "attention", "loyal", "loyal"),
    ("promising", "potential", "potential", "loyal", "loyal"),
    ("new", "potential", "potential", "champions", "champions"),
)


def segment(recency: int, frequency: int) -> str:
    """The segment of two scores from 1 to 5."""
    return _BY_SCORES[recency - 1][frequency - 1]


def scores(values: Sequence[int]) -> list[int]:
    """The score of each value, the higher the better: its fifth by rank, equal values alike."""
    ordered = sorted(values)
    known: dict[int, int] = {}
    for value in set(values):
        known[value] = 1 + FIFTHS * bisect_left(ordered, value) // len(ordered)
    return [known[value] for value in values]
