"""The offers of a programme file: for whom, on what, when, needing what, at what cost, giving what, how often, in which group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme import fields, figures, times
from pos_loyalty.domain.programme.give_reading import give
from pos_loyalty.domain.programme.known import Ids
from pos_loyalty.domain.programme.offers import (
    Audience,
    Bought,
    CouponGiven,
    EarnRate,
    EarnUnits,
    Goods,
    Limit,
    Multiply,
    Needs,
    Offer,
    When,
)
from pos_loyalty.domain.programme.section import Section, own_ids

MAX_OFFERS = 500
"""More than any programme that we know of, and few enough to price a bill in no time."""
KEYS = (
    "id",
    "title",
    "for",
    "on",
    "when",
    "needs",
    "costs",
    "give",
    "limit",
    "group",
    "automatic",
    "control_group",
)
HOLDER = ("tiers", "clubs", "cards", "birthday_within", "not_seen_for", "first_visit", "referred", "bought")
"""What can be said of a holder alone, so not together with `everyone`."""
CARDS: tuple[CardKind, ...] = get_args(CardKind)
BY_HAND = "by_hand"
"""What a bill calls a cashier's own discount: no offer's id begins with it."""


def offers(sections: Sequence[Section], known: Ids) -> tuple[Offer, ...]:
    """The shop's own offers, in file order."""
    return tuple(_offer(own, section, known) for own, section in zip(own_ids(sections), sections, strict=True))


def _offer(own: str, section: Section, known: Ids) -> Offer:
    section.only(KEYS)
    if own.lower().startswith(BY_HAND):
        section.error(
            "id",
            Message(N_('An id that begins with "{word}" would look like a discount by hand.'), word=BY_HAND),
            Message(N_("Give the offer another id.")),
        )
    given, referrer = give(section, known)
    offer = Offer(
        own,
        section.need("title", fields.name) or "",
        given,
        audience=_audience(section, known),
        goods=_goods(section),
        when=_when(section),
        needs=_needs(section, known),
        costs=known.units(section, "costs"),
        limit=_limit(section, known),
        referrer=referrer,
        group=section.get("group", fields.identifier, None),
        automatic=section.get("automatic", fields.flag, False),
        control_group=section.get("control_group", figures.share, 0),
    )
    _check_referral(offer, section)
    _check_costs(offer, section)
    return offer


def _audience(offer: Section, known: Ids) -> Audience:
    section = offer.part("for")
    if section is None:
        return Audience()
    section.only(("everyone", *HOLDER))
    everyone = section.get("everyone", fields.flag, False)
    for key in HOLDER:
        if everyone and key in section.values:
            section.error(
                key,
                Message(N_('"everyone" opens the offer to bills without a card, and "{key}" needs one.'), key=key),
                Message(N_("Take one of the two out.")),
            )
    return Audience(
        everyone,
        tiers=frozenset(section.listed("tiers", known.tier)),
        clubs=frozenset(section.listed("clubs", known.club)),
        cards=section.get("cards", fields.one_of(CARDS), None),
        birthday_within=section.get("birthday_within", times.days, None),
        not_seen_for=section.get("not_seen_for", times.some_time, None),
        first_visit=section.get("first_visit", fields.meant, False),
        referred=section.get("referred", fields.meant, False),
        bought=_bought(section),
    )


def _bought(audience: Section) -> Bought | None:
    section = audience.part("bought")
    if section is None:
        return None
    section.only(("departments", "skus", "times", "within"))
    if "departments" not in section.values and "skus" not in section.values:
        audience.error(
            "bought",
            Message(N_("Which goods were bought is missing.")),
            Message(N_("Name departments or skus in it.")),
        )
    return Bought(
        Goods(section.texts("departments"), section.texts("skus")),
        section.get("times", figures.count, 1),
        section.get("within", times.some_time, None),
    )


def _goods(offer: Section) -> Goods | None:
    section = offer.part("on")
    if section is None:
        return None
    section.only(("departments", "skus", "except_departments", "except_skus", "reduced"))
    return Goods(
        section.texts("departments"),
        section.texts("skus"),
        section.texts("except_departments"),
        section.texts("except_skus"),
        section.get("reduced", fields.flag, None),
    )


def _when(offer: Section) -> When:
    section = offer.part("when")
    if section is None:
        return When()
    section.only(("weekdays", "hours", "from", "until"))
    first, until = section.get("from", times.day, None), section.get("until", times.day, None)
    if first is not None and until is not None and until < first:
        section.error(
            "until",
            Message(N_("This last day is before the first, {day}."), day=first),
            Message(N_("Both days are included: for one day alone write it twice.")),
        )
    return When(
        frozenset(section.listed("weekdays", times.weekday)), section.get("hours", times.hours, None), first, until
    )


def _needs(offer: Section, known: Ids) -> Needs:
    section = offer.part("needs")
    if section is None:
        return Needs()
    section.only(("spend", "items", "coupon"))
    return Needs(
        section.get("spend", figures.above_zero(figures.amount(known.currency)), 0),
        section.get("items", figures.count, 0),
        section.get("coupon", fields.flag, False),
    )


def _limit(offer: Section, known: Ids) -> Limit:
    section = offer.part("limit")
    if section is None:
        return Limit()
    section.only(("a_bill", "each", "within", "each_referrer", "total", "budget"))
    if "within" in section.values and "each" not in section.values:
        section.error(
            "within",
            Message(N_('"{key}" goes with "{other}" alone.'), key="within", other="each"),
            Message(N_('Write how often within that time: each = 1, within = "1 year".')),
        )
    return Limit(
        a_bill=section.get("a_bill", figures.count, None),
        each=section.get("each", figures.count, None),
        within=section.get("within", times.some_time, None),
        each_referrer=section.get("each_referrer", figures.count, None),
        total=section.get("total", figures.count, None),
        budget=section.get("budget", figures.above_zero(figures.amount(known.currency)), None),
    )


def _check_referral(offer: Offer, section: Section) -> None:
    if offer.referrer and not offer.audience.referred:
        section.error(
            "give",
            Message(N_("Something for who sent the holder can only be given for holders whom somebody sent.")),
            Message(N_("Write for = {{ referred = true }}, or take referrer out.")),
        )
    if offer.limit.each_referrer is not None and not offer.referrer:
        section.error(
            "limit",
            Message(N_('"{key}" goes with "{other}" alone.'), key="each_referrer", other="referrer"),
            Message(N_("Give the referrer something, or take each_referrer out.")),
        )


def _check_costs(offer: Offer, section: Section) -> None:
    if offer.automatic and "costs" not in section.values:
        section.error(
            "automatic",
            Message(N_("An offer that costs nothing is given without asking anyway.")),
            Message(N_("Take automatic out, or write what the offer costs.")),
        )
    stepwise = isinstance(offer.give, EarnUnits) and offer.give.every is not None
    if offer.costs and (stepwise or isinstance(offer.give, EarnRate | Multiply)):
        section.error(
            "costs",
            Message(N_("What costs something from a purse gives a fixed thing for it, not so much for what is paid.")),
            Message(N_("Take costs out, or give a discount, a gift, a coupon, or units without every.")),
        )


def check_together(all_offers: Sequence[Offer], sections: Mapping[str, Section], money: frozenset[str]) -> None:
    """Check what offers must keep to one another and to the purses; `money` are those whose units are worth something.

    `sections` has the table of each of the shop's own offers, by id.
    """
    first: dict[str, Offer] = {}
    for offer in all_offers:
        section = sections.get(offer.id)
        if section is None or section.found.full:
            continue
        if offer.limit.budget is not None and not _is_costly(offer, money):
            section.error(
                "limit",
                Message(N_("A budget is of money, and what this offer gives has no worth in money.")),
                Message(N_("Take budget out, or write total, how often it is given in all.")),
            )
    for offer in all_offers:
        if offer.group is None or (offer.give is None and not offer.referrer):
            continue
        other = first.setdefault(offer.group, offer)
        if other.kind != offer.kind and offer.id in sections:
            sections[offer.id].error(
                "group",
                Message(
                    N_('A group holds offers of one kind, and "{other}" in "{group}" gives something else.'),
                    other=other.id,
                    group=offer.group,
                ),
                Message(N_("Write another group here.")),
            )


def _is_costly(offer: Offer, money: frozenset[str]) -> bool:
    match offer.give:
        case CouponGiven():
            return False
        case EarnUnits(units, _):
            purses = {*units, *offer.referrer}
        case Multiply(factors):
            purses = set(factors)
        case None:
            purses = set(offer.referrer)
        case _:
            return True
    return not purses or not purses.isdisjoint(money)
