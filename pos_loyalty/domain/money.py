"""Whole minor units, named rounding, and splitting without loss.

Every amount in the project is an `int` of minor units (cents) of the programme's one currency, every rate an `int` of
millionths, every quantity an `int` of millionths of a unit. No float comes near them. What is rounded names its rounding, and
what is split adds up to what was there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Minor: TypeAlias = int
"""Minor units of money, or whole units of a purse that is not money."""
Millionths: TypeAlias = int
"""A rate (5 % is 50,000) or a quantity (1.5 kg is 1,500,000)."""

MILLION = 1_000_000
MAX_MINOR = 10**13
"""The largest amount accepted: a hundred billion euros. Sums of 1,000 such lines still fit a 64-bit integer column."""
MAX_QUANTITY = 1_000_000 * MILLION
"""A million of one thing on a line is a typing error or a scan in the wrong field."""

# ISO 4217, list one: the currencies whose minor unit is not a hundredth.
_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_DECIMAL = re.compile(r"(-?)(\d{1,16})(?:\.(\d{1,9}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 code, and how many decimals its minor unit has."""

    code: str
    digits: int

    @classmethod
    def of(cls, code: str) -> Currency:
        """The currency of an ISO 4217 code; ValueError where it cannot be one."""
        if not re.fullmatch(r"[A-Z]{3}", code):
            raise ValueError(code)
        return cls(code, _DIGITS.get(code, 2))


def parse_decimal(text: str, digits: int) -> int:
    """A plain decimal ("12.50") as a whole number of 10**-digits. ValueError if it is none or has more decimals than that."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if len(fraction) > digits:
        raise ValueError(text)
    value = int(whole + fraction.ljust(digits, "0"))
    return -value if sign else value


def plain(value: int, digits: int) -> str:
    """A whole number of 10**-digits as a plain decimal with exactly that many decimals: 1250 with 2 is "12.50"."""
    if digits == 0:
        return str(value)
    sign = "-" if value < 0 else ""
    whole, fraction = divmod(abs(value), 10**digits)
    return f"{sign}{whole}.{fraction:0{digits}d}"


def plain_millionths(value: Millionths) -> str:
    """A quantity without trailing zeros: 1,500,000 is "1.5"."""
    text = plain(value, 6).rstrip("0").rstrip(".")
    return text or "0"


def plain_rate(rate: Millionths) -> str:
    """A rate as a percentage without trailing zeros: 75,000 is "7.5%"."""
    text = plain(rate, 4).rstrip("0").rstrip(".")
    return f"{text}%"


def parse_rate(text: str) -> Millionths:
    """A percentage ("7.5%", at most four decimals) as millionths. ValueError if it is none."""
    if not text.endswith("%"):
        raise ValueError(text)
    return parse_decimal(text[:-1].rstrip(), 4)


def half_up(numerator: int, denominator: int) -> int:
    """The quotient to the nearest whole number, a half away from zero; the denominator is above zero.

    Away from zero rather than towards plus infinity, so that a deposit taken and the same deposit given back cancel.
    """
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def rounded_to(amount: Minor, step: Minor) -> Minor:
    """The nearest multiple of `step` minor units, a half away from zero: what cash can pay."""
    return half_up(amount, step) * step


def split(amount: Minor, weights: Sequence[int]) -> list[Minor]:
    """Split by largest remainder: whole parts in proportion to the weights, which add up to `amount`.

    On a tie of remainders the earlier part gets the unit first. Weights may be negative (a deposit line in a rate of VAT) as
    long as they do not add up to zero; if they do, only nothing can be split (ValueError otherwise). An amount below zero is
    split as its opposite, so that a deposit taken and the same deposit given back cancel.
    """
    if amount < 0:
        return [-part for part in split(-amount, weights)]
    total = sum(weights)
    if total == 0:
        if amount:
            raise ValueError("nothing to split over")
        return [0] * len(weights)
    if total < 0:
        total, weights = -total, [-weight for weight in weights]
    parts: list[int] = []
    remainders: list[tuple[int, int]] = []
    for index, weight in enumerate(weights):
        part, remainder = divmod(amount * weight, total)
        parts.append(part)
        remainders.append((-remainder, index))
    left = amount - sum(parts)
    if left:
        remainders.sort()
        for _, index in remainders[:left]:
            parts[index] += 1
    return parts


def part_of(figure: Minor, back: Millionths, whole: Millionths, before: Minor) -> Minor:
    """What goes back of a figure when `back` of `whole` (cumulative, this return included) has come back.

    Telescoping: figure * back / whole, half up, less what went back before. Piece by piece therefore comes to the cent to the
    same as all at once.
    """
    return half_up(figure * back, whole) - before
