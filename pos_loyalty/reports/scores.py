"""What shares of answers say, and between which bounds the truth lies in 95 of 100 such samples.

The net promoter score is promoters (9 and 10) less detractors (0 to 6) of those who answered whether they would recommend the shop
(F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003). Its interval is the adjusted one of
B. Rocks ("Interval Estimation for the Net Promoter Score", The American Statistician 70, 2016): three answers are added, 3/4 of
them promoters, 3/2 neither, 3/4 detractors. A share's interval is E. B. Wilson's of 1927. Both hold near 0 and 100 % too, where
the plain ones shrink to nothing. Floats are in place: these are statistics and not money.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from pos_loyalty.domain.money import MILLION, half_up

ENOUGH = 30
"""Answers: with fewer the bounds are so far apart that the score says nothing."""
_Z = 1.959964
"""The normal quantile of 97.5 %."""
_ADDED = 0.75


@dataclass(frozen=True, slots=True)
class Score:
    """A share or difference of shares in millionths, and the bounds of its 95 % interval."""

    value: int
    low: int
    high: int


def net_promoters(promoters: int, detractors: int, answered: int) -> Score | None:
    """Promoters less detractors among all who answered; None where those are too few."""
    if answered < ENOUGH:
        return None
    n = answered + 4 * _ADDED
    for_, against = (promoters + _ADDED) / n, (detractors + _ADDED) / n
    middle = for_ - against
    margin = _Z * sqrt((for_ + against - middle**2) / n)
    value = half_up(abs(promoters - detractors) * MILLION, answered)
    return _bounded(value if promoters >= detractors else -value, middle - margin, middle + margin, -MILLION)


def share(part: int, answered: int) -> Score | None:
    """A part of all who answered; None where those are too few."""
    if answered < ENOUGH:
        return None
    p, n = part / answered, answered
    middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    margin = _Z / (1 + _Z**2 / n) * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return _bounded(half_up(part * MILLION, answered), middle - margin, middle + margin, 0)


def _bounded(value: int, low: float, high: float, least: int) -> Score:
    return Score(value, max(least, round(low * MILLION)), min(MILLION, round(high * MILLION)))
