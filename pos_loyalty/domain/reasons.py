"""The offers of a bill while they are looked at, one after the other, each leaving its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pos_loyalty.domain.audience import Scene, is_held_out, missing
from pos_loyalty.domain.counter import Counter
from pos_loyalty.domain.message import N_, Amount, Message, Rate
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.offers import EarnRate, Offer, PercentOff
from pos_loyalty.domain.programme.rules import Purse
from pos_loyalty.domain.sale import CouponUsed, ShortOf, Why

HELD_BACK = Message(N_("Held back from this holder, so that the offer's effect can be measured."))

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
        keeps = missing(offer, self.scene)
        if keeps is not None:
            self.no(offer, keeps)
            return keeps
        return self._needs(offer, self.counter.left if spends is None else spends)

    def _needs(self, offer: Offer, left: Sequence[Minor]) -> Message | None:
        """What the offer's lines lack, noted; where they lack both spend and items, neither alone would do."""
        needs = offer.needs
        if not needs.spend and not needs.items:
            return None
        lines = self.counter.covered(offer.goods)
        short = needs.spend - sum(left[i] for i in lines)
        few = needs.items - sum(self.counter.pieces[i] for i in lines)
        if short > 0:
            return self.short_of_money(offer, short, alone=few <= 0)
        if few > 0:
            return self.few(offer, few)
        return None

    def few(self, offer: Offer, count: int) -> Message:
        """Note that so many pieces of its goods are missing."""
        template = N_("{count} more of its goods for {title}")
        return self.lacks(offer, count, "items", Message(template, count=count, title=title_of(offer, self.scene)))

    def short_of_money(self, offer: Offer, short: Minor, *, alone: bool = True) -> Message:
        """Note that goods for so much more are missing, and nothing else."""
        return self.lacks(offer, short if alone else 0, "money", self._more(offer, self.money(short)))

    def short_of_units(self, offer: Offer, purse: Purse, short: int) -> Message:
        """Note that so many units of a purse are missing."""
        return self.lacks(offer, short, "units", self._more(offer, self.units(purse, short)))

    def lacks(self, offer: Offer, short: int, of: ShortOf, reason: Message) -> Message:
        """Note what alone is missing. Who is in the control group would not get it for that either, so they are not told to."""
        if is_held_out(offer, self.scene.account):
            reason = HELD_BACK
            self.no(offer, reason)
        else:
            self.why[offer.id] = Why(offer.id, False, reason, short, of if short else None)
        return reason

    def _more(self, offer: Offer, amount: Amount | Message) -> Message:
        return Message(N_("{missing} more for {title}"), missing=amount, title=title_of(offer, self.scene))

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
        self.no(offer, HELD_BACK)


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
