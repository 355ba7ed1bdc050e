"""The offers of a bill while they are looked at, one after the other, each leaving its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pos_loyalty.domain.audience import Scene, missing
from pos_loyalty.domain.counter import Counter
from pos_loyalty.domain.message import N_, Amount, Message, Rate
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.offers import EarnRate, Offer, PercentOff
from pos_loyalty.domain.programme.rules import Purse
from pos_loyalty.domain.sale import CouponUsed, Why

_UNITS = {
    "points": (N_("1 point"), N_("{count} points")),
    "stamps": (N_("1 stamp"), N_("{count} stamps")),
    "tickets": (N_("1 ticket"), N_("{count} tickets")),
}


@dataclass(slots=True)
class Reasons:
    """What was found of each offer so far: why it applies or does not, and what applying it used up."""

    scene: Scene
    counter: Counter
    why: dict[str, Why] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    held_out: list[str] = field(default_factory=list)
    coupons_used: list[CouponUsed] = field(default_factory=list)

    def keeps_from(self, offer: Offer, spends: Sequence[Minor] | None) -> Message | None:
        """What keeps an offer from this bill now, its needs included; its reason is noted. None if nothing does."""
        keeps = missing(offer, self.scene) or self._needs(offer, self.counter.left if spends is None else spends)
        if keeps is not None:
            self.no(offer, keeps)
        return keeps

    def _needs(self, offer: Offer, left: Sequence[Minor]) -> Message | None:
        """What the offer's lines lack."""
        needs = offer.needs
        if not needs.spend and not needs.items:
            return None
        lines = self.counter.covered(offer.goods)
        short = needs.spend - sum(left[i] for i in lines)
        if short > 0:
            return Message(
                N_("{missing} more for {title}"), missing=self.money(short), title=title_of(offer, self.scene)
            )
        few = needs.items - sum(self.counter.pieces[i] for i in lines)
        if few > 0:
            return Message(N_("{count} more of its goods for {title}"), count=few, title=title_of(offer, self.scene))
        return None

    def nothing_of(self, offer: Offer) -> Message | None:
        """What is missing where none of the offer's goods are on the bill: even a gift is for something bought."""
        if self.counter.covered(offer.goods):
            return None
        return Message(N_("Nothing on this bill is what it is for."))

    def money(self, amount: Minor) -> Amount:
        """Money inside a reason."""
        return Amount(amount, self.scene.programme.currency.code)

    def units(self, purse: Purse, units: int) -> Message:
        """Units of a purse inside a reason, in words."""
        if purse.unit == "money":
            return Message("{amount}", amount=self.money(units))
        one, many = _UNITS[purse.unit]
        return Message(one) if units == 1 else Message(many, count=units)

    def yes(self, offer: Offer, reason: Message) -> None:
        """The offer applies; the coupon that opened it is used up."""
        if offer.needs.coupon:
            self.coupons_used.append(CouponUsed(offer.id, self.scene.known.coupons[offer.id]))
        self.why[offer.id] = Why(offer.id, True, reason)
        self.used.append(offer.id)

    def no(self, offer: Offer, reason: Message) -> None:
        """The offer does not apply."""
        self.why[offer.id] = Why(offer.id, False, reason)

    def beaten(self, offer: Offer, better: Offer) -> None:
        """Another one of its group gives more."""
        self.no(offer, Message(N_("{title} is better for the holder."), title=title_of(better, self.scene)))

    def hold_out(self, offer: Offer) -> None:
        """It would apply, and the holder is in its control group."""
        self.held_out.append(offer.id)
        self.no(offer, Message(N_("Held back from this holder, so that the offer's effect can be measured.")))


def title_of(offer: Offer, scene: Scene) -> Message:
    """An offer as the customer knows it: its title, or a tier's name with its percentage."""
    if offer.tier is None:
        return Message("{title}", title=offer.title)
    match offer.give:
        case PercentOff(rate, _):
            return Message("{tier} {rate}", tier=offer.title, rate=Rate(rate))
        case EarnRate(_, rate):
            return Message(N_("{tier} {rate} cashback"), tier=offer.title, rate=Rate(rate))
        case _:
            return Message("{title}", title=offer.title)
