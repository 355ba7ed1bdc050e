"""Offers that can never apply, whoever comes and whatever they buy, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.programme.offers import CouponGiven, EarnRate, EarnUnits, Goods, Multiply, Offer
from pos_loyalty.domain.programme.rules import Programme


@dataclass(frozen=True, slots=True)
class Never:
    """What keeps an offer from ever being given: the key that says so, and what to do about it."""

    key: str
    message: Message
    mend: Message


def never(programme: Programme) -> dict[str, Never]:
    """The offers that can never apply, by id, each with the first reason."""
    dead: dict[str, Never] = {}
    living: list[Offer] = []
    waiting: list[Offer] = []
    for offer in programme.offers:
        reason = next(_reasons(offer, programme), None)
        if reason is None:
            waiting.append(offer)
        else:
            dead[offer.id] = reason
    while True:  # what lives on an offer that can apply can apply too
        starved = [offer for offer in waiting if _starved(offer, living, programme) is not None]
        if len(starved) == len(waiting):
            break
        hungry = {offer.id for offer in starved}
        living += [offer for offer in waiting if offer.id not in hungry]
        waiting = starved
    for offer in waiting:
        reason = _starved(offer, living, programme)
        if reason is not None:
            dead[offer.id] = reason
    return dead


def filled(offers: Collection[Offer]) -> set[str]:
    """The purses that offers earn into, by themselves."""
    purses = {purse for offer in offers for purse in offer.referrer}
    for offer in offers:
        match offer.give:
            case EarnRate(purse, _):
                purses.add(purse)
            case EarnUnits(units, _):
                purses |= set(units)
            case _:
                pass
    return purses


def _starved(offer: Offer, living: Collection[Offer], programme: Programme) -> Never | None:
    """What an offer lacks where these are all that can apply: a coupon, or anything in a purse."""
    if offer.needs.coupon and not any(_gives_coupon(other, offer.id) for other in living):
        return Never(
            "needs",
            Message(N_("It needs a coupon, and no other offer that can apply gives one for it.")),
            Message(N_('Write an [[offer]] with give = {{ coupon = "{offer}" }}.'), offer=offer.id),
        )
    shared = {programme.partners.purse} if programme.partners else set()
    empty = [purse for purse in offer.costs if purse not in filled(living) | shared]
    if empty:
        return Never(
            "costs",
            Message(N_('Nothing in this file fills the purse "{purse}", so nobody can ever have it.'), purse=empty[0]),
            Message(N_("Write an [[offer]] that earns into it.")),
        )
    if isinstance(offer.give, Multiply) and not filled(living) & set(offer.give.factors):
        return Never(
            "give",
            Message(N_("No other offer earns into what this multiplies.")),
            Message(N_("Write an [[offer]] that earns into it.")),
        )
    return None


def _gives_coupon(offer: Offer, wanted: str) -> bool:
    return isinstance(offer.give, CouponGiven) and offer.give.offer == wanted


def _reasons(offer: Offer, programme: Programme) -> Iterator[Never]:
    yield from _who(offer, programme)
    yield from _which(offer, programme)
    when = offer.when
    if when.weekdays and when.first is not None and when.until is not None and (when.until - when.first).days < 7:
        span = range((when.until - when.first).days + 1)
        if not any((when.first + timedelta(days=day)).weekday() in when.weekdays for day in span):
            yield Never(
                "when",
                Message(
                    N_("None of these weekdays lies between {first} and {until}."), first=when.first, until=when.until
                ),
                Message(N_("Take weekdays out, or choose other days.")),
            )
    if offer.control_group == MILLION:
        yield Never(
            "control_group",
            Message(N_("All holders are in the control group, so nobody gets this.")),
            Message(N_('Write a part of them, for instance "10%".')),
        )


def _who(offer: Offer, programme: Programme) -> Iterator[Never]:
    who = offer.audience
    ladder = programme.tiers.ladder if programme.tiers else ()
    mend = Message(N_("Take one of the two out."))
    if who.first_visit:
        earlier = [
            key
            for key, named in (
                ("not_seen_for", who.not_seen_for is not None),
                ("bought", who.bought is not None),
                ("coupon", offer.needs.coupon),
                ("tiers", bool(who.tiers) and ladder[0].id not in who.tiers),
                ("clubs", bool(who.clubs) and not any(_by_hand(programme, club) for club in who.clubs)),
            )
            if named
        ]
        if earlier:
            yield Never(
                "for",
                Message(
                    N_('Nobody is on a first visit and has what "{key}" asks for from an earlier one.'), key=earlier[0]
                ),
                mend,
            )
    if who.cards == "bearer":
        if who.birthday_within is not None or who.referred:
            yield Never("for", Message(N_("Nothing is known of who holds a bearer card.")), mend)
        if who.tiers and all(tier.named_only for tier in ladder if tier.id in who.tiers):
            yield Never(
                "for", Message(N_("A bearer card stays below these tiers: they are for named cards only.")), mend
            )


def _by_hand(programme: Programme, club_id: str) -> bool:
    return any(club.id == club_id and club.spend is None and club.fee is None for club in programme.clubs)


def _which(offer: Offer, programme: Programme) -> Iterator[Never]:
    goods = offer.goods
    if goods is None:
        return
    if (goods.departments and goods.departments <= goods.except_departments) or (
        goods.skus and goods.skus <= goods.except_skus
    ):
        yield Never(
            "on",
            Message(N_("All the goods that are named are excepted again.")),
            Message(N_("Take them out of one of the two.")),
        )
    elif all(_is_excluded(one, programme) for one in _single(goods)):
        yield Never(
            "on",
            Message(N_("All of these goods are excluded by an [[exclude]]: they are only paid for.")),
            Message(N_("Name other goods, or let these take part.")),
        )


def _single(goods: Goods) -> list[Goods]:
    """The same goods, one department or one SKU at a time, as far as they are named."""
    departments = [frozenset({one}) for one in goods.departments] or [goods.departments]
    skus = [frozenset({one}) for one in goods.skus] or [goods.skus]
    if len(departments) * len(skus) > 10_000:
        return [Goods()]  # so many that an owner has made them from a list, and no slip of a word
    return [Goods(department, sku, reduced=goods.reduced) for department in departments for sku in skus]


def _is_excluded(goods: Goods, programme: Programme) -> bool:
    return any(
        (not rule.departments or (goods.departments and goods.departments <= rule.departments))
        and (not rule.skus or (goods.skus and goods.skus <= rule.skus))
        and (rule.reduced is None or rule.reduced == goods.reduced)
        for rule in programme.exclude
    )
