"""The notes and coins that cash is counted by, so that who counts types pieces and the till adds them up.

From the lists that each currency's own central bank keeps of what is legal tender; rarely seen pieces among them are left out. A
currency that is not here is counted as one sum.
"""

from __future__ import annotations

from collections.abc import Sequence

from pos_loyalty.domain.money import Minor

_TABLE: dict[str, tuple[Minor, ...]] = {
    "AED": (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100, 50, 25),
    "BAM": (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5),
    "BGN": (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "CHF": (100_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5),
    "EUR": (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "GBP": (5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "PLN": (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "RUB": (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 1_000, 500, 200, 100, 50, 10),
    "USD": (10_000, 5_000, 2_000, 1_000, 500, 100, 25, 10, 5, 1),
}


def denominations(currency: str) -> tuple[Minor, ...]:
    """The pieces of a currency in minor units, the largest first; none for a currency that is not known here."""
    return _TABLE.get(currency, ())


def counted(pieces: Sequence[Minor], counts: Sequence[int]) -> Minor:
    """What so many of each piece come to. ValueError where these are not one count a piece, or one is below nothing."""
    if any(count < 0 for count in counts):
        raise ValueError("a count below nothing")
    return sum(piece * count for piece, count in zip(pieces, counts, strict=True))
