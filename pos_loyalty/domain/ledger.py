"""The journal's values: entries whose postings balance, and the lots that purses are made of.

An `Entry` that does not balance to zero in each unit cannot exist. Amounts are debits above zero and credits below: a purse is
what the shop owes, so what a lot still holds is minus the sum of its postings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, TypeAlias

from pos_loyalty.domain.money import Minor

EntryKind: TypeAlias = Literal["sale", "refund", "expiry", "adjustment", "club", "late-card", "merge"]


@dataclass(frozen=True, slots=True)
class Posting:
    """One amount on one account of the books, in one unit (a currency code, or a purse's id where it is not money).

    `holder` is the account of the member that it concerns, `lot` the lot that it fills or draws on, `offer` what caused it.
    """

    account: str
    unit: str
    amount: int
    holder: str | None = None
    lot: str | None = None
    offer: str | None = None


class Unbalanced(ValueError):
    """The postings of an entry do not add up to zero in each unit: a fault of the program, never of a person."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, once and for good. `at` is business time, `recorded_at` the clock's; a correction names what it `corrects`."""

    id: str
    kind: EntryKind
    at: datetime
    recorded_at: datetime
    day: date
    operator: str
    holder: str | None
    postings: tuple[Posting, ...]
    corrects: str | None = None

    def __post_init__(self) -> None:
        sums: dict[str, int] = {}
        for posting in self.postings:
            sums[posting.unit] = sums.get(posting.unit, 0) + posting.amount
        if any(sums.values()):
            raise Unbalanced(f"entry {self.id} does not balance: {sums}")


@dataclass(frozen=True, slots=True)
class Lot:
    """A part of a purse that one sale and offer filled: its amount, what it still holds, and between which days.

    `available` is the first day on which it can be spent, `expires` the last, included. `expired` is what it lost by expiring
    and was not yet excused from a return. `parent` is the lot whose spending was given back as this one with a longer life, or that
    moved here from another account.
    """

    id: str
    purse: str
    amount: Minor
    remaining: Minor
    available: date
    expires: date | None
    filled_at: datetime
    sale: str | None = None
    offer: str | None = None
    parent: str | None = None
    expired: Minor = 0

    def is_open(self, day: date) -> bool:
        """Whether it can be spent on that day."""
        return self.remaining > 0 and self.available <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether its last day has passed."""
        return self.expires is not None and self.expires < day


def spending_order(lot: Lot) -> tuple[date, date, datetime, str]:
    """Soonest expiring first, then soonest available, then oldest."""
    return (lot.expires or date.max, lot.available, lot.filled_at, lot.id)


@dataclass(frozen=True, slots=True)
class Draw:
    """So many units taken from a lot, or given back to it."""

    lot: str
    amount: Minor


@dataclass(frozen=True, slots=True)
class Holding:
    """What a holder has in one purse: its lots that hold something, and what the holder owes to it."""

    purse: str
    lots: tuple[Lot, ...] = ()
    owed: Minor = 0

    def available(self, day: date) -> Minor:
        """What can be spent on that day."""
        return sum(lot.remaining for lot in self.lots if lot.is_open(day))

    def pending(self, day: date) -> Minor:
        """What has been earned and can be spent only later."""
        return sum(lot.remaining for lot in self.lots if lot.available > day and not lot.is_over(day))

    def draw(self, amount: Minor, lots: Iterable[Lot]) -> tuple[Draw, ...]:
        """Take `amount` from these lots in spending order; they must hold it (ValueError)."""
        draws: list[Draw] = []
        for lot in sorted(lots, key=spending_order):
            if amount == 0:
                break
            taken = min(amount, lot.remaining)
            if taken:
                draws.append(Draw(lot.id, taken))
                amount -= taken
        if amount:
            raise ValueError(f"{amount} units more than the lots of {self.purse} hold")
        return tuple(draws)

    def after(self, draws: Iterable[Draw] = (), filled: Iterable[Lot] = (), owed: Minor = 0) -> Holding:
        """The holding once these draws were taken (below zero: given back), these lots filled, and `owed` more is owed."""
        taken: dict[str, int] = {}
        for draw in draws:
            taken[draw.lot] = taken.get(draw.lot, 0) + draw.amount
        lots = tuple(
            replace(lot, remaining=lot.remaining - taken[lot.id]) if lot.id in taken else lot
            for lot in (*self.lots, *filled)
        )
        return Holding(self.purse, lots, self.owed + owed)


@dataclass(frozen=True, slots=True)
class Balance:
    """What a purse comes to on a day, in units: never more than could be spent, now or when its time comes."""

    purse: str
    available: Minor
    pending: Minor
    owed: Minor
    next_expiry: date | None = None
    expiring: Minor = 0


def balance(holding: Holding, day: date) -> Balance:
    """The figures of a purse on a day, with the lots that run out next."""
    living = [lot for lot in holding.lots if lot.remaining > 0 and not lot.is_over(day)]
    soonest = min((lot.expires for lot in living if lot.expires is not None), default=None)
    expiring = sum(lot.remaining for lot in living if soonest is not None and lot.expires == soonest)
    return Balance(holding.purse, holding.available(day), holding.pending(day), holding.owed, soonest, expiring)
