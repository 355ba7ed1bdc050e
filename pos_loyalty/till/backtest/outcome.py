"""What a backtest found: figures of what happened, of the programme in force and of the draft, and who of the holders fares how."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import Currency, Minor

BANDS = (100, 1_000, 10_000)
"""Minor units up to which a change of a holder's is counted as small, middling or large; above, as largest."""


@dataclass(frozen=True, slots=True)
class PurseFigures:
    """What moved in a purse in the period, in its units, and what it holds at the end. `adjusted` was given by hand, less what was
    taken so; `redeemed` is less what returns restored, `expired` holds what had run out and was not posted yet; `worth` is what
    `held` can pay, in minor units.
    """

    purse: str
    unit: str
    issued: int
    adjusted: int
    redeemed: int
    expired: int
    taken_back: int
    held: int
    worth: Minor


@dataclass(frozen=True, slots=True)
class Figures:
    """One programme's figures. `turnover` is what goods were paid for with money, certificates and purses that count as tenders,
    less returns; `cost` what its offers took off bills, gave as gifts and filled purses with, and what was given by hand, less
    what came back and expired.
    """

    programme: str
    bills: int
    turnover: Minor
    discounts: dict[str, Minor]
    uses: dict[str, int]
    gifts: Minor
    coupons: int
    coupons_used: int
    purses: tuple[PurseFigures, ...]
    liability: Minor
    cost: Minor
    tiers: dict[str, int]
    tier_names: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Refusals:
    """What a programme refused of what was sold: bills by code with one reason each, what was skipped with them (returns of them
    and cards added to them, and what undoes what was refused), other things refused by code, and bills and adjustments on which not
    all could be had that was wanted.
    """

    bills: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, tuple[str, Message]] = field(default_factory=dict)
    skipped: int = 0
    others: Counter[str] = field(default_factory=Counter)
    other_reasons: dict[str, Message] = field(default_factory=dict)
    short: int = 0


@dataclass(slots=True)
class Tally:
    """What one holder paid in the period, less what went back, and what the gifts that they kept are priced at (minor units)."""

    paid: Minor = 0
    gifts: Minor = 0


@dataclass(slots=True)
class Replayed:
    """What a replay did: how many bills, by holder what they paid, and what was refused (`hurt`: whose bills). `others` counts
    entries that are not replayed.
    """

    bills: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    refusals: Refusals = field(default_factory=Refusals)
    hurt: set[str] = field(default_factory=set)
    others: int = 0


@dataclass(frozen=True, slots=True)
class HolderChange:
    """What one holder has more (or less, below zero) under the draft than under the programme in force, in minor units: `paid` less
    for the same goods, `held` more in purses at the end, `gifts` more.
    """

    account: str
    card: str
    paid: Minor
    held: Minor
    gifts: Minor

    @property
    def total(self) -> Minor:
        """All of it together."""
        return self.paid + self.held + self.gifts


@dataclass(frozen=True, slots=True)
class Backtest:
    """The whole answer. `bands` counts holders by how their change falls among `BANDS`: -4 is a loss above the last, 0 no change at
    all, 4 a gain above it. `left_out` are holders with a bill that one of the programmes refuses. `not_replayed` counts entries of
    other kinds (draws).
    """

    first: date
    last: date
    currency: Currency
    replayed: int
    happened: Figures
    in_force: Figures
    draft: Figures
    refused_in_force: Refusals
    refused: Refusals
    not_replayed: int
    bands: dict[int, int]
    left_out: int
    winners: tuple[HolderChange, ...]
    losers: tuple[HolderChange, ...]


def band_of(change: Minor) -> int:
    """The band that a change falls into."""
    if change == 0:
        return 0
    size = 1 + sum(abs(change) > bound for bound in BANDS)
    return size if change > 0 else -size
