"""How much more one group of holders spent than another, with the interval that holds the truth in 95 of 100 such measurements.

Welch's interval for two means whose spreads differ (B. L. Welch, Biometrika 34, 1947):

    d ± t(0.975, v) * sqrt(s1²/n1 + s2²/n2),   v = (s1²/n1 + s2²/n2)² / ((s1²/n1)²/(n1 - 1) + (s2²/n2)²/(n2 - 1))

with sample variances s² and Student's quantile t, by its expansion in 1/v (Abramowitz and Stegun, 26.7.5), which is right to five
digits from 29 degrees of freedom on: so many there are at least, since smaller groups are not told. A mean of 30 or more spends is
near enough to normal for that; floats are in place, for it is a statistic and not money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from pos_loyalty.domain.money import Minor

ENOUGH = 30
"""Holders in each group: with fewer nothing is told."""
_SIDES = 0.975


@dataclass(frozen=True, slots=True)
class Lift:
    """The difference of two means in minor units, and the bounds of its interval, each to the nearest."""

    difference: Minor
    low: Minor
    high: Minor


def lift(had: Sequence[Minor], held_out: Sequence[Minor]) -> Lift | None:
    """What the first spent more than the second, per holder; None where either are too few."""
    if min(len(had), len(held_out)) < ENOUGH:
        return None
    first, second = _spread(had), _spread(held_out)
    difference = sum(had) / len(had) - sum(held_out) / len(held_out)
    together = first + second
    margin = 0.0
    if together:
        freedom = together**2 / (first**2 / (len(had) - 1) + second**2 / (len(held_out) - 1))
        margin = student(freedom) * sqrt(together)
    return Lift(round(difference), round(difference - margin), round(difference + margin))


def student(freedom: float) -> float:
    """Student's quantile for 97.5 % with so many degrees of freedom, 29 or more."""
    x = NormalDist().inv_cdf(_SIDES)
    return (
        x
        + (x**3 + x) / (4 * freedom)
        + (5 * x**5 + 16 * x**3 + 3 * x) / (96 * freedom**2)
        + (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / (384 * freedom**3)
    )


def _spread(values: Sequence[Minor]) -> float:
    """The sample variance over the size; its sums are whole numbers until the end, so that nothing cancels."""
    n = len(values)
    return (n * sum(value * value for value in values) - sum(values) ** 2) / (n * (n - 1)) / n
