"""What a bill gives along: gifts, and coupons for a later one. They are no lines of the bill and change nothing that is paid."""

from __future__ import annotations

from collections.abc import Sequence

from pos_loyalty.domain.audience import Scene, is_held_out
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.offers import CouponGiven, Gift, Offer
from pos_loyalty.domain.reasons import Reasons, title_of
from pos_loyalty.domain.sale import CouponIssued, GiftGiven


def give_along(looked: Reasons, left: Sequence[Minor]) -> tuple[tuple[GiftGiven, ...], tuple[CouponIssued, ...]]:
    """The gifts and coupons that cost nothing, in file order; of a group the dearest gift, or the first coupon.

    `left` is what is left of each line after all discounts and before purses: what their `needs` are held against.
    """
    gifts: list[GiftGiven] = []
    coupons: list[CouponIssued] = []
    decided: set[str] = set()
    offers = [offer for offer in looked.scene.programme.offers if not offer.costs and offer.kind in {"gift", "coupon"}]
    for offer in offers:
        if offer.group in decided:
            continue
        rivals = [offer]
        if offer.group is not None:
            decided.add(offer.group)
            rivals = [other for other in offers if other.group == offer.group]
        best = _best(looked, rivals, left)
        if best is None:
            continue
        title = title_of(best, looked.scene)
        if best.kind == "gift":
            gift = gift_of(best, looked.scene)
            gifts.append(gift)
            looked.yes(best, Message(N_("{title}: {gift}"), title=title, gift=gift.name))
        else:
            coupons.extend(coupons_of(best, looked.scene))
            looked.yes(best, Message("{title}", title=title))
    return tuple(gifts), tuple(coupons)


def gift_of(offer: Offer, scene: Scene, quantity: int = 1) -> GiftGiven:
    """The gift that an offer gives, named and priced by the catalogue; what it lacks goes by its SKU and is worth nothing."""
    if not isinstance(offer.give, Gift):
        raise ValueError(f"offer {offer.id} gives no gift")
    name, price = scene.known.goods.get(offer.give.sku, (offer.give.sku, 0))
    return GiftGiven(offer.id, title_of(offer, scene), offer.give.sku, name, quantity, price * quantity)


def coupons_of(offer: Offer, scene: Scene, count: int = 1) -> tuple[CouponIssued, ...]:
    """The coupons that an offer gives; they have no number before the bill is closed."""
    if not isinstance(offer.give, CouponGiven):
        raise ValueError(f"offer {offer.id} gives no coupon")
    valid = None if offer.give.valid is None else offer.give.valid.after(scene.day)
    opens = offer.give.offer
    gives = next((title_of(other, scene) for other in scene.programme.offers if other.id == opens), None)
    return (CouponIssued(offer.id, title_of(offer, scene), opens, None, valid, gives),) * count


def _best(looked: Reasons, rivals: Sequence[Offer], left: Sequence[Minor]) -> Offer | None:
    best: Offer | None = None
    value = 0
    for offer in rivals:
        if looked.keeps_from(offer, left) is not None:
            continue
        if offer.kind == "coupon" and looked.scene.account is None:
            looked.no(offer, Message(N_("For card holders: no card was shown.")))
            continue
        worth = gift_of(offer, looked.scene).value if offer.kind == "gift" else 0
        lacks = looked.nothing_of(offer) or _past_budget(offer, looked.scene, worth)
        if lacks is not None:
            looked.no(offer, lacks)
        elif is_held_out(offer, looked.scene.account):
            looked.hold_out(offer)
        elif best is not None and worth <= value:
            looked.beaten(offer, best)
        else:
            if best is not None:
                looked.beaten(best, offer)
            best, value = offer, worth
    return best


def _past_budget(offer: Offer, scene: Scene, worth: Minor) -> Message | None:
    """A gift is given whole or not at all: one dearer than what is left of its budget is not."""
    budget = offer.limit.budget
    if budget is None or worth <= budget - scene.known.given.get(offer.id, 0):
        return None
    return Message(N_("What is left of its budget is less than it costs."))
