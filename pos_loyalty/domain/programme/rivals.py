"""Offers against one another: who always loses in a group, and which discounts add up past the maximum.

Only what is certain is said: an offer is called a loser where another one of its group is given in every case in which it could
be, and takes off no less. What depends on the basket or on limits is left to the till.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import time

from pos_loyalty.domain.money import MILLION, Millionths
from pos_loyalty.domain.programme.offers import (
    AmountOff,
    Audience,
    EarnRate,
    EarnUnits,
    Goods,
    Limit,
    Offer,
    PercentOff,
    When,
)
from pos_loyalty.domain.programme.rules import Programme

MAX_NAMED = 10
"""Offers that one sentence names: those that take off most."""


def losers(programme: Programme, dead: Collection[str]) -> Iterator[tuple[Offer, Offer]]:
    """Offers that never come out best of their group, each with one that beats it; `dead` ones never apply at all."""
    members: dict[str, list[Offer]] = {}
    for offer in programme.offers:
        if offer.group is not None and offer.id not in dead and not offer.costs:
            members.setdefault(offer.group, []).append(offer)
    tiers = [tier.id for tier in programme.tiers.ladder] if programme.tiers else []
    for rivals in members.values():
        for place, offer in enumerate(rivals):
            stronger = [
                other
                for number, other in enumerate(rivals)
                if other is not offer
                and _gives_no_less(other, offer, number < place, programme.maximum_discount)
                and _is_wider(other, offer)
            ]
            cases = _cases(offer.audience, tiers)
            beaten = [next((one for one in stronger if _who_covers(one.audience, case)), None) for case in cases]
            winner = beaten[0]
            if winner is not None and all(beaten):
                yield offer, winner


def _cases(audience: Audience, tiers: Sequence[str]) -> list[Audience]:
    """An audience, tier by tier: every card stands in one of them."""
    if audience.everyone or not tiers:
        return [audience]
    return [
        replace(audience, tiers=frozenset({tier})) for tier in tiers if not audience.tiers or tier in audience.tiers
    ]


def _gives_no_less(one: Offer, other: Offer, is_first: bool, cap: Millionths) -> bool:
    """Whether `one` gives no less than `other` where both are given, and is the one taken."""
    is_first = is_first if (one.goods is None) == (other.goods is None) else one.goods is not None
    match one.give, other.give:
        case PercentOff(rate, items), PercentOff(other_rate, other_items):
            more, less = min(rate, cap), min(other_rate, cap)
            if items is not None and (other_items is None or items < other_items or one.goods != other.goods):
                return False
        case (AmountOff(more), AmountOff(less)):
            pass
        case EarnRate(purse, more), EarnRate(other_purse, less):
            if purse != other_purse:
                return False
        case EarnUnits(units, every), EarnUnits(other_units, other_every):
            if len(units) != 1 or units.keys() != other_units.keys() or every != other_every:
                return False
            if every is not None and one.limit.a_bill is not None:
                return False
            more, less = sum(units.values()), sum(other_units.values())
        case _:
            return False
    return more > less or (more == less and is_first)


def _is_wider(one: Offer, other: Offer) -> bool:
    """Whether `one` is given wherever `other` could be, to holders that both are for."""
    return (
        not one.control_group
        and not one.needs.coupon
        and one.limit in (Limit(), Limit(a_bill=one.limit.a_bill))
        and one.needs.spend <= other.needs.spend
        and one.needs.items <= other.needs.items
        and _when_covers(one.when, other.when)
        and _goods_cover(one.goods, other.goods)
    )


def _who_covers(wide: Audience, narrow: Audience) -> bool:
    if wide.everyone or narrow.everyone:
        return wide.everyone
    return (
        _names_no_more(wide.tiers, narrow.tiers)
        and _names_no_more(wide.clubs, narrow.clubs)
        and wide.cards in {None, narrow.cards}
        and (narrow.first_visit or not wide.first_visit)
        and (narrow.referred or not wide.referred)
        and wide.birthday_within in {None, narrow.birthday_within}
        and wide.not_seen_for in {None, narrow.not_seen_for}
        and wide.bought in {None, narrow.bought}
    )


def _when_covers(wide: When, narrow: When) -> bool:
    return (
        _names_no_more(wide.weekdays, narrow.weekdays)
        and _minutes(narrow.hours) & ~_minutes(wide.hours) == 0
        and (wide.first is None or (narrow.first is not None and wide.first <= narrow.first))
        and (wide.until is None or (narrow.until is not None and narrow.until <= wide.until))
    )


def _goods_cover(wide: Goods | None, narrow: Goods | None) -> bool:
    if wide is None or wide == narrow:
        return True
    if narrow is None:
        return False
    return (
        _names_no_more(wide.departments, narrow.departments)
        and _names_no_more(wide.skus, narrow.skus)
        and wide.except_departments <= narrow.except_departments
        and wide.except_skus <= narrow.except_skus
        and wide.reduced in {None, narrow.reduced}
    )


def _names_no_more(wide: frozenset[str] | frozenset[int], narrow: frozenset[str] | frozenset[int]) -> bool:
    return not wide or (bool(narrow) and narrow <= wide)


def _minutes(hours: tuple[time, time] | None) -> int:
    """The minutes of a day, a bit each; all of them without hours."""
    day = (1 << 1440) - 1
    if hours is None:
        return day
    begins, ends = ((1 << (at.hour * 60 + at.minute)) - 1 for at in hours)  # what lies before each
    return ends & ~begins if hours[0] < hours[1] else (day & ~begins) | ends


def adding_up(programme: Programme, dead: Collection[str]) -> tuple[tuple[Offer, ...], Millionths] | None:
    """Percentages of different groups that can meet on a line and come to more than the maximum: those that come to most in one
    tier, and what they would take off; None where there are none. One that is past the maximum by itself is not looked at.
    """
    cap = programme.maximum_discount
    able = [
        (offer.give.rate, offer)
        for offer in programme.offers
        if isinstance(offer.give, PercentOff) and offer.give.rate <= cap and not offer.costs and offer.id not in dead
    ]
    able.sort(key=lambda one: -one[0])
    worst: tuple[tuple[Offer, ...], Millionths] | None = None
    ladder = programme.tiers.ladder if programme.tiers else ()
    for step in range(max(len(ladder), 1)):
        meeting: list[Offer] = []
        left = MILLION
        for rate, offer in able:
            who = offer.audience
            if who.tiers and ladder[step].id not in who.tiers:
                continue
            if (who.first_visit and step) or (who.cards == "bearer" and ladder and ladder[step].named_only):
                continue
            if offer.group is not None and any(other.group == offer.group for other in meeting):
                continue
            if len(meeting) < MAX_NAMED and _can_meet([*meeting, offer]):
                meeting.append(offer)
                left = left * (MILLION - rate) // MILLION
        if len(meeting) > 1 and MILLION - left > max(cap, worst[1] if worst else 0):
            worst = tuple(meeting), MILLION - left
    return worst


def _can_meet(offers: Sequence[Offer]) -> bool:
    """Whether one line of one bill can be meant by all of them, as far as their words say."""
    who = [offer.audience for offer in offers]
    when = [offer.when for offer in offers]
    goods = [offer.goods for offer in offers if offer.goods is not None]
    if {"named", "bearer"} <= {one.cards for one in who}:
        return False
    if any(one.first_visit for one in who) and (
        any(one.not_seen_for or one.bought for one in who) or any(offer.needs.coupon for offer in offers)
    ):
        return False
    if any(one.cards == "bearer" for one in who) and any(one.birthday_within or one.referred for one in who):
        return False
    minutes = _minutes(None)
    for one in when:
        minutes &= _minutes(one.hours)
    first = max((one.first for one in when if one.first), default=None)
    until = min((one.until for one in when if one.until), default=None)
    return (
        minutes != 0
        and _in_common([one.weekdays for one in when], frozenset())
        and (first is None or until is None or first <= until)
        and _in_common(
            [one.departments for one in goods], frozenset().union(*(one.except_departments for one in goods))
        )
        and _in_common([one.skus for one in goods], frozenset().union(*(one.except_skus for one in goods)))
        and len({one.reduced for one in goods} - {None}) < 2
    )


def _in_common(named: Sequence[frozenset[str] | frozenset[int]], excepted: frozenset[str]) -> bool:
    """Whether something is in every list that names anything, and is not excepted."""
    lists = [one for one in named if one]
    return not lists or bool(frozenset.intersection(*lists) - excepted)
