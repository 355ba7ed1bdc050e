"""What each line earns: on what is really paid for it, exact until it is rounded down once an offer.

Earning is worked out exactly for all offers first, so that multipliers multiply what the others earn exactly, never one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import lcm

from pos_loyalty.domain.counter import Counter
from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import MILLION, Minor, split
from pos_loyalty.domain.programme.offers import EarnRate, EarnUnits, Multiply, Offer
from pos_loyalty.domain.programme.rules import Programme, Purse
from pos_loyalty.domain.sale import Earned


@dataclass(frozen=True, slots=True)
class Exact:
    """What an offer earns into a purse, exactly: each line's part as a numerator over one `denominator`."""

    purse: str
    lines: tuple[int, ...]
    denominator: int

    @property
    def amount(self) -> int:
        """Whole units: rounded down once."""
        return sum(self.lines) // self.denominator


def exact(offer: Offer, counter: Counter, bases: Sequence[Minor], lines: Sequence[int]) -> tuple[Exact, ...]:
    """What an offer (no multiplier) earns on its lines; `bases` is what is really paid on each line of the bill, in minor units."""
    match offer.give:
        case None:
            return ()
        case EarnRate(purse, rate):
            parts = [0] * len(bases)
            for i in lines:
                parts[i] = bases[i] * rate
            return (Exact(purse, tuple(parts), MILLION),)
        case EarnUnits(units, every):
            weights = [0] * len(bases)
            for i in lines:
                weights[i] = (counter.pieces[i] if bases[i] else 0) if every == "item" else bases[i]
            total = sum(weights)
            steps = (1 if total else 0) if every is None else total if every == "item" else total // every
            if offer.limit.a_bill is not None:
                steps = min(steps, offer.limit.a_bill)
            if steps <= 0:
                return ()
            return tuple(
                Exact(purse, tuple(steps * count * weight for weight in weights), total)
                for purse, count in units.items()
            )
        case _:
            raise ValueError(f"offer {offer.id} earns nothing by itself")


def to_the_first_step(offer: Offer, bases: Sequence[Minor], lines: Sequence[int]) -> Minor:
    """What is still to be paid on its goods until an offer that earns for `every` so much earns at all; 0 for any other."""
    match offer.give:
        case EarnUnits(_, int(every)):
            return max(every - sum(bases[i] for i in lines), 0)
        case _:
            return 0


def for_referrer(offer: Offer, bases: Sequence[Minor], lines: Sequence[int]) -> tuple[Exact, ...]:
    """What an offer gives to who sent this holder, once a bill; it lies on the offer's lines as what is paid on them does."""
    weights = [0] * len(bases)
    for i in lines:
        weights[i] = bases[i]
    total = sum(weights)
    if total <= 0:
        return ()
    return tuple(
        Exact(purse, tuple(units * weight for weight in weights), total) for purse, units in offer.referrer.items()
    )


def multiplied(give: Multiply, others: Sequence[Exact], lines: Sequence[int], length: int) -> tuple[Exact, ...]:
    """What a multiplier adds: its factor less one, times what the other offers earn exactly on its lines into each purse."""
    found = []
    for purse, factor in give.factors.items():
        same = [other for other in others if other.purse == purse]
        common = lcm(*(other.denominator for other in same))
        parts = [0] * length
        for other in same:
            for i in lines:
                parts[i] += other.lines[i] * (common // other.denominator)
        found.append(Exact(purse, tuple(part * (factor - MILLION) for part in parts), common * MILLION))
    return tuple(found)


def worth(programme: Programme, earned: Sequence[Exact]) -> Minor:
    """What earnings are worth in minor units: money as it is, points at their worth, other units nothing."""
    found = ((programme.purse(part.purse), part.amount) for part in earned)
    return sum(purse.value(amount, programme.currency) for purse, amount in found if purse is not None)


def held_to(programme: Programme, earned: Sequence[Exact], most: Minor) -> tuple[Exact, ...]:
    """The same earnings, worth no more than `most` minor units in all: the last to draw on a budget gets what is left of it."""
    total = worth(programme, earned)
    if total <= most:
        return tuple(earned)
    return tuple(
        Exact(part.purse, tuple(line * most for line in part.lines), part.denominator * total) for part in earned
    )


def as_earned(offer: Offer, title: Message, part: Exact, purse: Purse, day: date) -> Earned | None:
    """What is earned in whole units, split over the lines by largest remainder, and between which days; None if it is nothing."""
    amount = part.amount
    if amount <= 0:
        return None
    available = purse.available_on(day)
    return Earned(
        purse=purse.id,
        offer=offer.id,
        title=title,
        amount=amount,
        lines=tuple(split(amount, part.lines)),
        available=available,
        expires=purse.expires_on(available),
    )
