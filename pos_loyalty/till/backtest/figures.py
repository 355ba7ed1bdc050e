"""The figures of one programme over a period, by the same sums of the same tables for what happened and for each replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pos_loyalty.domain.money import Currency, Minor
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import BY_HAND
from pos_loyalty.domain.tier import Spend, Standing, advance_through, first_standing, held, replay
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import day_or_none
from pos_loyalty.storage.figure_backtest import Stood, coupons_given, stood, uses_of_offers
from pos_loyalty.storage.figure_flow import Flow, flows
from pos_loyalty.storage.figure_given import given
from pos_loyalty.storage.figure_lots import Held, held_on
from pos_loyalty.storage.figure_visits import turnover
from pos_loyalty.till.backtest.outcome import Figures, PurseFigures
from pos_loyalty.till.programmes import InForce, in_force, ladders_begun

NO_TIER = ""
_ONE_DAY = timedelta(days=1)
_NOTHING = Flow(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def figures_of(books: Books, first: date, last: date) -> Figures:
    """What a store says of the business days from one to another, both included; purses and tiers as the last ends."""
    rules = in_force(books, end_of(books, last))
    programme = rules.programme
    with_card, without = turnover(books, first, last)
    offers = given(books, first, last)
    moved = flows(books, first, last)
    coupons, used = coupons_given(books, first, last)
    before = first - _ONE_DAY
    noons = [
        (datetime.combine(day, datetime.min.time(), UTC),) * 3 for day in (last, before)
    ]  # how old lots are is no matter
    now, then = held_on(books, last, noons[0], before, noons[1])
    (holding, lapsed), (_, lapsed_before) = _held(now.held), _held(then.held)
    purses: list[PurseFigures] = []
    cost = sum(one.discounts for offer, one in offers.items() if offer != BY_HAND)
    gifts = sum(one.gifts for one in offers.values())
    for purse, unit in rules.units.items():
        flow = moved.get(purse, _NOTHING)
        expired = flow.expired + lapsed[purse] - lapsed_before[purse]
        cost += worth(programme, purse, flow.issued + flow.adjusted - expired - flow.taken_back - flow.owed)
        cost -= flow.withheld
        purses.append(
            PurseFigures(
                purse,
                unit,
                flow.issued,
                flow.adjusted,
                flow.redeemed - flow.restored,
                expired,
                flow.taken_back,
                holding[purse],
                worth(programme, purse, holding[purse]),
            )
        )
    tiers = Counter(_tiers(books, rules, last))
    return Figures(
        programme=programme.name,
        bills=with_card.bills + without.bills,
        turnover=with_card.net + without.net,
        discounts={offer: one.discounts for offer, one in offers.items() if one.discounts},
        uses=uses_of_offers(books, first, last),
        gifts=gifts,
        coupons=coupons,
        coupons_used=used,
        purses=tuple(purses),
        liability=sum(one.worth for one in purses),
        cost=cost + gifts,
        tiers=dict(tiers),
        tier_names={tier.id: tier.name for tier in programme.tiers.ladder} if programme.tiers is not None else {},
    )


def end_of(books: Books, day: date) -> datetime:
    """The last moment of a business day, by the rules of that day."""
    programme = in_force(books, datetime.combine(day, datetime.min.time(), UTC)).programme
    begins = datetime.combine(day + _ONE_DAY, programme.day_starts, ZoneInfo(programme.time_zone))
    return begins.astimezone(UTC) - timedelta(milliseconds=1)


def worth(programme: Programme, purse_id: str, units: int) -> Minor:
    """What so many units can pay, in minor units, rounded towards nothing; nothing where they cannot be spent like money."""
    purse = programme.purse(purse_id)
    if purse is None:
        return 0
    currency: Currency = programme.currency
    return purse.value(units, currency) if units >= 0 else -purse.value(-units, currency)


def _held(parts: Iterable[Held]) -> tuple[Counter[str], Counter[str]]:
    """What each purse held at the end of a day, and what had run out in it by then and was not posted."""
    holding: Counter[str] = Counter()
    over: Counter[str] = Counter()
    for one in parts:
        (over if one.over else holding)[one.purse] += one.amount
    return holding, over


def _tiers(books: Books, rules: InForce, day: date) -> Iterator[str]:
    """The tier of each holder who had joined by the end of a day."""
    begun = ladders_begun(rules.revisions)
    latest = rules.ladders[-1][1] if rules.ladders else None
    for seen in stood(books, day):
        if latest is None:
            yield NO_TIER
            continue
        standing = _standing(books, rules, begun, seen, day)
        yield held(standing, latest, "named" if seen.named else "bearer").id


def _standing(books: Books, rules: InForce, begun: dict[int, int], seen: Stood, day: date) -> Standing:
    """As the day ended: what is stored is the standing after the last sale, which may be later or have run out since."""
    joined = date.fromisoformat(seen.joined)
    standing: Standing | None = None
    if seen.tier is not None and seen.since is not None:
        standing = Standing(seen.tier, date.fromisoformat(seen.since), day_or_none(seen.kept_until))
        settled = len(rules.ladders) == 1 and (standing.kept_until is None or standing.kept_until >= day)
        if settled and standing.since <= day:
            return standing
    spends: list[Spend] = [
        replace(spend, begun=begun[number])
        for number, spend in books.spends_by_revision(seen.account)
        if spend.day <= day
    ]
    if standing is None or standing.since > day:
        standing = replay(spends, rules.ladders, joined) if standing is not None else None
    if standing is None:
        return first_standing(spends, rules.ladders, joined, day)
    return advance_through(standing, spends, rules.ladders, day)
