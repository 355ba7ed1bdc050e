"""What a return asks back of what a bill gave along: a gift or coupon that the rest of the bill no longer carries, each once.

The rest is what the sale's own figures leave of the offer's lines once this and earlier returns came off; a bill that came back
whole carries nothing. A gift that does not come back is paid for from the money of the return, and where that is too little, from
the money of those that follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pos_loyalty.domain.clawback import Terms
from pos_loyalty.domain.counter import pieces_of
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Millionths, Minor
from pos_loyalty.domain.programme.offers import Offer
from pos_loyalty.domain.sale import AskedBack, GiftGiven, Line, Refund, Sale


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a line of the bill: its quantity, and in minor units what was left of it after all discounts."""

    line: Line
    quantity: Millionths
    spend: Minor


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many things that a reward gave, how many went back before this return, and with it."""

    whole: int
    before: int
    now: int


@dataclass(slots=True)
class Asked:
    """What is asked back, what of the money is kept for gifts, and by reward how much of what it gave is undone."""

    back: list[AskedBack] = field(default_factory=list)
    withheld: Minor = 0
    undone: dict[str, Share] = field(default_factory=dict)


def ask_back(sale: Sale, before: Sequence[Refund], rest: Sequence[Rest], terms: Terms, money: Minor) -> Asked:
    """What is asked back now; at most `money` is kept for gifts that do not come back.

    Refused with offer-invalid where `terms` keeps a gift that the bill did not give.
    """
    given = {gift.offer for gift in sale.quote.gifts}
    for offer_id in sorted(terms.gifts_kept - given):
        raise Refused(
            "offer-invalid",
            Message(N_("The bill gave no gift of an offer called {offer}: leave it out."), offer=offer_id),
        )
    offers = {offer.id: offer for offer in terms.programme.offers}
    earlier = [asked for refund in before for asked in refund.asked_back]
    asked = Asked()
    for gift in sale.quote.gifts:
        if not _carries(rest, offers[gift.offer]):
            _ask_gift(asked, gift, offers[gift.offer], earlier, terms, money - asked.withheld)
    for offer_id in dict.fromkeys(coupon.offer for coupon in sale.quote.coupons):
        if not _carries(rest, offers[offer_id]):
            _ask_coupons(asked, sale, offers[offer_id], earlier, terms)
    return asked


def usable_again(sale: Sale, rest: Sequence[Rest], terms: Terms, day: date) -> tuple[str, ...]:
    """The coupons that the bill used and that can be used again, now that it came back whole; not those that ran out."""
    if any(one.quantity for one in rest):
        return ()
    used = (terms.coupons[coupon.number] for coupon in sale.quote.coupons_used)
    return tuple(coupon.number for coupon in used if replace(coupon, used_on=None).is_open(day))


def _carries(rest: Sequence[Rest], offer: Offer) -> bool:
    """Whether the rest of the bill still meets what the offer needs; even an offer that names nothing needs goods of its own.

    It does as long as none of its goods came back: what a reward took off the bill after this one is no return.
    """
    own = [
        one
        for one in rest
        if not one.line.excluded
        and (
            offer.goods is None
            or offer.goods.covers(one.line.item.department, one.line.item.sku, one.line.item.reduced)
        )
    ]
    if all(one.quantity == one.line.item.quantity for one in own):
        return True
    lines = [one for one in own if one.quantity]
    pieces = sum(pieces_of(replace(one.line.item, quantity=one.quantity)) for one in lines)
    return bool(lines) and sum(one.spend for one in lines) >= offer.needs.spend and pieces >= offer.needs.items


def _ask_gift(
    asked: Asked, gift: GiftGiven, offer: Offer, earlier: Iterable[AskedBack], terms: Terms, money: Minor
) -> None:
    """A reward's gift is kept at its whole price, for which the units that it cost return, or stays paid for with them."""
    prior = [one for one in earlier if one.offer == gift.offer and one.gift is not None]
    kept = gift.offer in terms.gifts_kept
    if prior and not (kept and any(one.kept for one in prior)):
        return
    owing = gift.value - sum(one.withheld for one in prior)
    withheld = 0
    if kept:
        withheld = max(min(owing, money), 0)
        if offer.costs and withheld < owing:
            withheld = 0
    if prior and not withheld:
        return
    asked.back.append(AskedBack(gift.offer, gift=gift.sku, withheld=withheld, kept=kept))
    asked.withheld += withheld
    if offer.costs and (withheld or not kept):
        asked.undone[gift.offer] = Share(1, 0, 1)


def _ask_coupons(asked: Asked, sale: Sale, offer: Offer, earlier: Iterable[AskedBack], terms: Terms) -> None:
    """A coupon that was used is left; it cannot be used again, unless units were paid for it, which are not given back then."""
    numbers = [coupon.number for coupon in sale.quote.coupons if coupon.offer == offer.id and coupon.number]
    gone = {one.coupon for one in earlier if one.offer == offer.id}
    left = [number for number in numbers if number not in gone]
    used = {number for number in left if terms.coupons[number].used_on is not None}
    asked.back.extend(
        AskedBack(offer.id, coupon=number, kept=number in used)
        for number in left
        if number not in used or not offer.costs
    )
    if len(left) > len(used):
        asked.undone[offer.id] = Share(len(numbers), len(gone), len(left) - len(used))
