"""Whether an offer is for this holder, at this time, and still to be had: nothing missing, or the one thing that is.

What history says is handed in as `Known`, as far as the programme's offers ask for it; nothing here looks anything up.
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Amount, Message
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import Audience, Limit, Offer, When
from pos_loyalty.domain.programme.rules import Programme, Tier

NO_BIRTHDAY = N_("For birthdays: the holder's is not known.")
NOT_SENT = N_("For holders whom another holder sent.")
"""Reasons that say what was known of a holder; they are looked for in stored bills, too."""


@dataclass(frozen=True, slots=True)
class Known:
    """What history says, by offer: sales of this holder with it in the time that its limit names, sales of all holders with it,
    and what it gave away so far in minor units; the number of the coupon for it that was presented; by SKU, what the programme's
    gifts are called and what they cost in minor units; on how many sales the holder `bought` (and kept) the goods that it asks for,
    as far as it asks; and for how many other friends it gave something to who sent this holder.
    """

    uses: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, Minor] = field(default_factory=dict)
    coupons: Mapping[str, str] = field(default_factory=dict)
    goods: Mapping[str, tuple[str, Minor]] = field(default_factory=dict)
    bought: Mapping[str, int] = field(default_factory=dict)
    friends: Mapping[str, int] = field(default_factory=dict)


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Scene:
    """Who stands at the till, when, and what is known of them. `clock` is what the shop's wall clock shows."""

    programme: Programme
    day: date
    clock: time
    account: Account | None
    tier: Tier | None
    known: Known = NOTHING_KNOWN


def missing(offer: Offer, scene: Scene) -> Message | None:
    """The first thing that keeps the offer from this holder now; None if nothing does."""
    who = _nobody_to_have_it(offer, scene) or _not_for(offer.audience, scene) or _not_by_history(offer, scene)
    if who is not None:
        return who
    if offer.needs.coupon and offer.id not in scene.known.coupons:
        return Message(N_("It needs its coupon."))
    return _not_now(offer.when, scene) or _used_up(offer, offer.limit, scene)


def is_held_out(offer: Offer, account: Account | None) -> bool:
    """Whether the holder is in the offer's control group: counted, and given nothing, so that its effect can be measured.

    By the SHA-256 of "offer id:account id": its first 8 bytes, big endian, modulo 10,000, against the share.
    """
    if account is None or not offer.control_group:
        return False
    digest = hashlib.sha256(f"{offer.id}:{account.id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000 < offer.control_group // 100


def _nobody_to_have_it(offer: Offer, scene: Scene) -> Message | None:
    """Who shows no card has no purse: what is open to everyone is then only what comes off the bill or goes along with it."""
    if scene.account is None and (offer.costs or offer.kind in ("earning", "multiplier", "coupon")):
        return Message(N_("For card holders: no card was shown."))
    return None


def _not_for(audience: Audience, scene: Scene) -> Message | None:
    account = scene.account
    if account is None:
        return None if audience.everyone else Message(N_("For card holders: no card was shown."))
    if audience.tiers and (scene.tier is None or scene.tier.id not in audience.tiers):
        return _other_tier(audience, scene, account)
    if audience.clubs and audience.clubs.isdisjoint(account.clubs):
        return _other_club(audience, scene)
    if audience.cards is not None and account.kind != audience.cards:
        if audience.cards == "named":
            return Message(N_("For named cards: this one is not registered yet."))
        return Message(N_("For bearer cards: this one is in a name."))
    if audience.birthday_within is not None:
        birthday = account.member.birthday if account.member else None
        if birthday is None:
            return Message(NO_BIRTHDAY)
        if not near_birthday(birthday, audience.birthday_within, scene.day):
            return Message(N_("Around the holder's birthday."))
    return None


def _not_by_history(offer: Offer, scene: Scene) -> Message | None:
    audience, account = offer.audience, scene.account
    if account is None:
        return None
    if audience.not_seen_for is not None:
        if account.last_visit is None:
            return Message(N_("For holders who stayed away; this one is new."))
        from_day = audience.not_seen_for.after(account.last_visit)
        if scene.day < from_day:
            return Message(N_("For holders who stay away until {day}."), day=from_day)
    if audience.first_visit and account.visits:
        return Message(N_("For the first visit."))
    if audience.referred and account.referrer is None:
        return Message(NOT_SENT)
    bought = audience.bought
    if bought is None:
        return None
    times = scene.known.bought.get(offer.id, 0)
    if times >= bought.times:
        return None
    goods = ", ".join([*sorted(bought.goods.departments), *sorted(bought.goods.skus)])
    return Message(
        N_("For who buys {goods}: {count} of {times} times so far."), goods=goods, count=times, times=bought.times
    )


def _other_club(audience: Audience, scene: Scene) -> Message:
    club = next((club for club in scene.programme.clubs if club.id in audience.clubs), None)
    if club is None:
        return Message(N_("For members of a club."))
    currency = scene.programme.currency.code
    if club.spend is not None:
        return Message(N_("For {club}, from {spend} spent on."), club=club.title, spend=Amount(club.spend, currency))
    if club.fee is not None:
        return Message(N_("For {club}, joined for {fee}."), club=club.title, fee=Amount(club.fee, currency))
    return Message(N_("For members of {club}."), club=club.title)


def _other_tier(audience: Audience, scene: Scene, account: Account) -> Message:
    tiers = scene.programme.tiers
    steps = [i for i, tier in enumerate(tiers.ladder) if tier.id in audience.tiers] if tiers else []
    if tiers is None or not steps:
        return Message(N_("For another tier."))
    stands = (tiers.index(scene.tier.id) if scene.tier else None) or 0
    above = [i for i in steps if i > stands]
    if not above:
        return Message(N_("For {tier}: the holder is above it."), tier=tiers.ladder[steps[-1]].name)
    wanted = tiers.ladder[above[0]]
    if account.kind == "bearer" and wanted.named_only:
        return Message(N_("For {tier}: this card must be registered in a name first."), tier=wanted.name)
    return Message(
        N_("For {tier}, from {spend} spent on."),
        tier=wanted.name,
        spend=Amount(wanted.spend, scene.programme.currency.code),
    )


def near_birthday(birthday: date, within: Duration, day: date) -> bool:
    """Whether a day lies so many days either side of a birthday, both included; 29 February is kept on the 28th."""
    for year in (day.year - 1, day.year, day.year + 1):
        last = calendar.monthrange(year, birthday.month)[1]
        kept = date(year, birthday.month, min(birthday.day, last))
        if abs(day - kept) <= timedelta(days=within.count):
            return True
    return False


def _not_now(when: When, scene: Scene) -> Message | None:
    if when.first is not None and scene.day < when.first:
        return Message(N_("From {day} on."), day=when.first)
    if when.until is not None and scene.day > when.until:
        return Message(N_("It ended on {day}."), day=when.until)
    if when.weekdays and scene.day.weekday() not in when.weekdays:
        return Message(N_("On another day of the week."))
    if when.hours is not None:
        begins, ends = when.hours
        now = scene.clock
        inside = begins <= now < ends if begins < ends else now >= begins or now < ends
        if not inside:
            return Message(N_("From {begins} to {ends}."), begins=begins.strftime("%H:%M"), ends=ends.strftime("%H:%M"))
    return None


def _used_up(offer: Offer, limit: Limit, scene: Scene) -> Message | None:
    known = scene.known
    if limit.each is not None and known.uses.get(offer.id, 0) >= limit.each:
        return Message(N_("The holder has had it as often as it can be had."))
    if limit.total is not None and known.totals.get(offer.id, 0) >= limit.total:
        return Message(N_("It has been given as often as it could be."))
    if limit.budget is not None and known.given.get(offer.id, 0) >= limit.budget:
        return Message(N_("Its budget is used up."))
    return None
