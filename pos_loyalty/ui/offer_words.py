"""An offer's rules in sentences for the shop's owner: what it gives, to whom, on what, when, how often, and the test group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pos_loyalty.domain.message import N_, Rate
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import (
    AmountOff,
    CouponGiven,
    EarnRate,
    EarnUnits,
    Gift,
    Goods,
    Multiply,
    Offer,
    PercentOff,
    SetOff,
)
from pos_loyalty.ui.wording import offer_title, worded

if TYPE_CHECKING:
    from pos_loyalty.ui.desk import Desk

_WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))


def offer_words(desk: Desk, offer: Offer) -> list[str]:
    """Sentences, each of one part of the rules; a part that restricts nothing has none."""
    return [
        *_gives(desk, offer),
        *_whom(desk, offer),
        *_goods(desk, offer.goods),
        *_when(desk, offer),
        *_needs(desk, offer),
        *_limits(desk, offer),
        *_tested(desk, offer),
    ]


def _gives(desk: Desk, offer: Offer) -> Iterator[str]:  # noqa: PLR0912 - a case a kind of gift
    text = desk.language.text
    match offer.give:
        case PercentOff(rate, None):
            yield text("Gives {rate} off.", rate=Rate(rate))
        case PercentOff(rate, items):
            yield text("Gives {rate} off the {items} dearest items.", rate=Rate(rate), items=items or 0)
        case AmountOff(amount):
            yield text("Gives {amount} off.", amount=desk.money(amount))
        case SetOff(of, _, price) if price is not None:
            yield text("{of} items cost {price} together.", of=of, price=desk.money(price))
        case SetOff(of, free):
            yield text("Of every {of} items {free} are free.", of=of, free=free)
        case Gift(sku):
            yield text("Gives {goods} along.", goods=sku)
        case CouponGiven(other, valid):
            title = offer_title(desk, other)
            yield text("Gives a coupon for: {offer}.", offer=title)
            if valid is not None:
                yield text("The coupon is valid for {time}.", time=_time(desk, valid))
        case EarnRate(purse, rate):
            yield text("Earns {rate} of what is paid into {purse}.", rate=Rate(rate), purse=desk.purse(purse))
        case EarnUnits(units, None):
            yield text("Earns {units} a bill.", units=_units(desk, units))
        case EarnUnits(units, "item"):
            yield text("Earns {units} for every item.", units=_units(desk, units))
        case EarnUnits(units, every):
            yield text(
                "Earns {units} for every {amount} paid.", units=_units(desk, units), amount=desk.money(int(every or 0))
            )
        case Multiply(factors):
            for purse, factor in factors.items():
                times = desk.language.quantity(factor)
                yield text("Earns {times} times as much into {purse}.", times=times, purse=desk.purse(purse))
    if offer.referrer:
        yield text("Whoever sent the holder gets {units}.", units=_units(desk, offer.referrer))
    if offer.costs:
        yield text("Costs {units}.", units=_units(desk, offer.costs))


def _whom(desk: Desk, offer: Offer) -> Iterator[str]:
    text, audience = desk.language.text, offer.audience
    if audience.everyone:
        yield text("For everyone, also without a card.")
    tiers = desk.programme.tiers
    names = {tier.id: tier.name for tier in tiers.ladder} if tiers else {}
    if offer.tier is not None:
        yield text("For the tier {tiers}.", tiers=names.get(offer.tier, offer.tier))
    elif audience.tiers:
        yield text("For the tier {tiers}.", tiers=", ".join(names.get(tier, tier) for tier in sorted(audience.tiers)))
    if audience.clubs:
        yield text("For members of {clubs}.", clubs=", ".join(desk.club(club) for club in sorted(audience.clubs)))
    if audience.cards == "named":
        yield text("For cards with a name.")
    elif audience.cards is not None:
        yield text("For cards without a name.")
    if audience.birthday_within is not None:
        yield text("Around the holder's birthday, {time} before and after.", time=_time(desk, audience.birthday_within))
    if audience.not_seen_for is not None:
        yield text("For holders who have not come for {time}.", time=_time(desk, audience.not_seen_for))
    if audience.first_visit:
        yield text("For the first purchase.")
    if audience.referred:
        yield text("For holders whom another holder sent.")
    if audience.bought is not None:
        bought = audience.bought
        yield text("For holders who bought such goods before, in {n} bills at least.", n=bought.times)
        yield from _goods(desk, bought.goods)
        if bought.within is not None:
            yield text("Bought within {time}.", time=_time(desk, bought.within))


def _goods(desk: Desk, goods: Goods | None) -> Iterator[str]:
    if goods is None:
        return
    text = desk.language.text
    on, but = sorted(goods.departments | goods.skus), sorted(goods.except_departments | goods.except_skus)
    if on:
        yield text("On {goods}.", goods=", ".join(on))
    if but:
        yield text("Not on {goods}.", goods=", ".join(but))
    if goods.reduced is not None:
        yield text("On reduced goods only.") if goods.reduced else text("Not on reduced goods.")


def _when(desk: Desk, offer: Offer) -> Iterator[str]:
    text, when = desk.language.text, offer.when
    if when.weekdays:
        yield text("On {days}.", days=", ".join(text(_WEEKDAYS[day]) for day in sorted(when.weekdays)))
    if when.hours is not None:
        first, end = when.hours
        yield text("From {first} to {end}.", first=f"{first:%H:%M}", end=f"{end:%H:%M}")
    if when.first is not None:
        yield text("From {day} on.", day=when.first)
    if when.until is not None:
        yield text("Until {day}.", day=when.until)


def _needs(desk: Desk, offer: Offer) -> Iterator[str]:
    text, needs = desk.language.text, offer.needs
    if needs.spend:
        yield text("From {amount} on.", amount=desk.money(needs.spend))
    if needs.items:
        yield text("From {n} items on.", n=needs.items)
    if needs.coupon:
        yield text("With its coupon.")


def _limits(desk: Desk, offer: Offer) -> Iterator[str]:
    text, limit = desk.language.text, offer.limit
    if limit.a_bill is not None:
        yield text("At most {n} times a bill.", n=limit.a_bill)
    if limit.each is not None and limit.within is not None:
        yield text("At most {n} times a holder within {time}.", n=limit.each, time=_time(desk, limit.within))
    elif limit.each is not None:
        yield text("At most {n} times a holder.", n=limit.each)
    if limit.each_referrer is not None:
        yield text("For at most {n} friends of one holder.", n=limit.each_referrer)
    if limit.total is not None:
        yield text("At most {n} times in all.", n=limit.total)
    if limit.budget is not None:
        yield text("At most {amount} in all.", amount=desk.money(limit.budget))


def _tested(desk: Desk, offer: Offer) -> Iterator[str]:
    text = desk.language.text
    if offer.group is not None:
        yield text("Of the group {group} only the best for the customer counts.", group=offer.group)
    if offer.control_group:
        yield text("{share} of the holders are held out, to see what it brings.", share=Rate(offer.control_group))
    else:
        yield text("Nobody is held out, so what it brings cannot be measured.")


def _units(desk: Desk, units: Mapping[str, int]) -> str:
    """So much of each purse: "2.00 (Cashback), 5 points"."""
    return ", ".join(
        f"{worded(desk, n, purse)} ({desk.purse(purse)})" if desk.is_money(purse) else worded(desk, n, purse)
        for purse, n in units.items()
    )


def _time(desk: Desk, time: Duration) -> str:
    language = desk.language
    match time.unit:
        case "day":
            return language.plural("{n} day", "{n} days", time.count)
        case "month":
            return language.plural("{n} month", "{n} months", time.count)
        case _:
            return language.plural("{n} year", "{n} years", time.count)
