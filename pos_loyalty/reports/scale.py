"""Where a value lies between the least and the most of a drawing, in whole cells or dots: nothing is rounded away to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high`, with nothing (0) always among them."""

    low: int = 0
    high: int = 0

    @classmethod
    def of(cls, values: Iterable[int | None]) -> Scale:
        """The scale on which all of these fit."""
        known = [value for value in values if value is not None]
        return cls(min([0, *known]), max([0, *known]))

    def at(self, value: int, size: int) -> int:
        """How far along `size` a value lies, to the nearest; what is not nothing lies at least one away from where nothing lies.

        A value beyond the scale lies at its end.
        """
        reach = self.high - self.low
        if reach == 0 or size <= 0:
            return 0
        zero = _nearest(-self.low * size, reach)
        place = min(max(_nearest((value - self.low) * size, reach), 0), size)
        if place == zero and value > 0 and zero < size:
            return zero + 1
        if place == zero and value < 0 and zero > 0:
            return zero - 1
        return place


def _nearest(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
