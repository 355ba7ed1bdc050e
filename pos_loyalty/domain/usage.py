"""What a bill counts for its offers, and which of them ask what was counted before: the limits and budgets of a programme.

A bill counts once for each offer that gave something; what was given is in minor units, points at their worth. A bill that came
back whole gives both back. What history says is read only for offers that could apply and name a limit, so a programme without
limits reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pos_loyalty.domain.audience import Scene, missing
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import Limit, Offer
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import Earned, Quote


@dataclass(frozen=True, slots=True)
class Use:
    """What one bill did with an offer: `uses` 1 (or -1 when it came back whole), `given` minor units, `held_out` 1 if withheld."""

    offer: str
    uses: int
    given: Minor
    held_out: int = 0


def uses_of(quote: Quote, programme: Programme) -> tuple[Use, ...]:
    """What a bill counts for its offers, by their ids; a bill of the release before this one says of none that it used it."""
    given = dict.fromkeys(quote.used, 0)
    for discount in quote.discounts:
        if discount.offer in given:
            given[discount.offer] += discount.amount
    for earned in (*quote.earned, *(one.earned for one in quote.referrer)):
        if earned.offer in given:
            given[earned.offer] += _worth(earned, programme)
    for gift in quote.gifts:
        if gift.offer in given:
            given[gift.offer] += gift.value
    held_out = (Use(offer, 0, 0, 1) for offer in quote.held_out)
    return tuple(
        sorted((*(Use(offer, 1, amount) for offer, amount in given.items()), *held_out), key=lambda use: use.offer)
    )


def given_back(quote: Quote, programme: Programme, unused: Iterable[str]) -> tuple[Use, ...]:
    """What a bill that came back whole takes off again: of the offers that it had used."""
    back = set(unused)
    return tuple(Use(use.offer, -use.uses, -use.given) for use in uses_of(quote, programme) if use.offer in back)


def limited(scene: Scene) -> tuple[Offer, ...]:
    """The offers whose limits decide whether this holder gets them now: all else that they ask for is there."""
    return tuple(
        offer
        for offer in scene.programme.offers
        if (_each(offer.limit, scene) or is_shared(offer.limit)) and missing(offer, scene) is None
    )


def is_shared(limit: Limit) -> bool:
    """Whether all holders draw on it together."""
    return limit.total is not None or limit.budget is not None


def first_day(within: Duration | None, day: date) -> date:
    """No sale before this day counts on `day` for a limit within so long (None: ever); some after it may not count either."""
    if within is None:
        return date.min
    reach = within.longest_days
    return day - timedelta(days=reach) if reach < day.toordinal() else date.min


def counted(dated: Iterable[tuple[date, int]], within: Duration | None, day: date) -> int:
    """How many of a holder's dated uses are less than that long ago: "1 day" counts those of the same day."""
    return sum(uses for used, uses in dated if within is None or day < within.after(used))


def _each(limit: Limit, scene: Scene) -> bool:
    return limit.each is not None and scene.account is not None


def _worth(earned: Earned, programme: Programme) -> Minor:
    purse = programme.purse(earned.purse)
    return 0 if purse is None else purse.value(earned.amount, programme.currency)
