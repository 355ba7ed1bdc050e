"""Rewards: the offers that cost something from a purse, taken after the discounts and paid with what it held before this bill.

Units that one reward was paid with pay for no other. What was asked for is given in full or refused with what is possible; an
automatic reward is taken as often as each time still gives something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pos_loyalty.domain import accrual, discounts
from pos_loyalty.domain.audience import is_held_out, missing
from pos_loyalty.domain.coupons import MAX_COUPONS
from pos_loyalty.domain.given import coupons_of, gift_of
from pos_loyalty.domain.ledger import Holding
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION, Minor, split
from pos_loyalty.domain.programme.offers import CouponGiven, EarnUnits, Gift, Limit, Offer
from pos_loyalty.domain.reasons import HELD_BACK, Reasons, title_of
from pos_loyalty.domain.sale import CouponIssued, Discount, GiftGiven, Spent


@dataclass(frozen=True, slots=True)
class Offered:
    """A reward that the holder can have on this bill, so many `times` more; `costs` are units by purse, for one time."""

    offer: str
    title: Message
    costs: Mapping[str, int]
    times: int


@dataclass(frozen=True, slots=True)
class _Found:
    """What a reward would give, taken so many times; `worth` tells it from its rivals, in minor units."""

    offer: Offer
    times: int
    parts: tuple[Minor, ...]
    worth: Minor


@dataclass(frozen=True, slots=True)
class Earning:
    """A reward that earns: so many times, for these weights of the lines where nothing is paid on them in the end."""

    times: int
    weights: tuple[Minor, ...]


@dataclass(slots=True)
class Rewards:
    """The rewards of a bill while they are looked at. `holdings` fall as they are paid for; `asked` is how often each is wanted."""

    looked: Reasons
    holdings: dict[str, Holding]
    asked: Mapping[str, int]
    discounts: list[Discount] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)
    gifts: list[GiftGiven] = field(default_factory=list)
    coupons: list[CouponIssued] = field(default_factory=list)
    earning: dict[str, Earning] = field(default_factory=dict)
    _most: dict[str, int] = field(default_factory=dict)
    _closed: set[str] = field(default_factory=set)

    def take(self) -> None:
        """Take what was asked for and what is automatic, in the order of discounts; rewards are rivals of rewards alone.

        Refused with offer-invalid, card-needed, balance-too-low or limit-reached where what was asked for cannot be given.
        """
        programme = self.looked.scene.programme
        rewards = [offer for offer in programme.offers if offer.costs]
        self._check_asked()
        rewards.sort(key=lambda offer: offer.goods is None)
        decided: set[str] = set()
        for offer in rewards:
            if offer.group in decided:
                continue
            rivals = [offer]
            if offer.group is not None:
                decided.add(offer.group)
                rivals = [other for other in rewards if other.group == offer.group]
            self._take_best(rivals)

    def offered(self) -> tuple[Offered, ...]:
        """The rewards that could be taken as well, for the cashier to offer; automatic ones need no word."""
        found: list[Offered] = []
        for offer in self.looked.scene.programme.offers:
            if offer.automatic or offer.id not in self._most or offer.group in self._closed:
                continue
            taken = self.asked.get(offer.id, 0)
            times = min(self._most[offer.id] - taken, self._affordable(offer))
            if times > 0:
                found.append(Offered(offer.id, title_of(offer, self.looked.scene), offer.costs, times))
        return tuple(found)

    def earned(self, offer: Offer, bases: Sequence[Minor]) -> tuple[accrual.Exact, ...]:
        """What a reward earns, exactly: a fixed thing, in proportion to what is paid on its lines (or else was left of them)."""
        if not isinstance(offer.give, EarnUnits):
            raise ValueError(f"reward {offer.id} earns nothing")
        earning = self.earning[offer.id]
        paid = tuple(base if weight else 0 for base, weight in zip(bases, earning.weights, strict=True))
        weights = paid if any(paid) else earning.weights
        return tuple(
            accrual.Exact(purse, tuple(count * earning.times * weight for weight in weights), sum(weights))
            for purse, count in offer.give.units.items()
        )

    def lay(self, offer_id: str, parts: Sequence[int]) -> None:
        """Lay the units that a reward cost on the lines, in proportion to what it gave on each."""
        self.spent = [
            replace(one, units=tuple(split(one.amount, parts))) if one.offer == offer_id else one for one in self.spent
        ]

    def _check_asked(self) -> None:
        known = {offer.id: offer for offer in self.looked.scene.programme.offers}
        groups: dict[str, Offer] = {}
        for offer_id in self.asked:
            offer = known.get(offer_id)
            if offer is None:
                raise _invalid(Message(N_("The programme has no offer called {offer}."), offer=offer_id))
            if not offer.costs:
                raise _invalid(
                    Message(N_("{title} costs nothing and needs no word: leave it out."), title=self._title(offer))
                )
            if self.looked.scene.account is None:
                raise Refused(
                    "card-needed", Message(N_("Spending from a purse needs its holder's card: scan it first."))
                )
            other = groups.setdefault(offer.group, offer) if offer.group is not None else offer
            if other is not offer:
                raise _invalid(
                    Message(
                        N_("Of {title} and {other} only one can be taken on a bill: choose one of them."),
                        title=self._title(other),
                        other=self._title(offer),
                    )
                )

    def _take_best(self, rivals: Sequence[Offer]) -> None:
        """Of rewards of one group take the one that was asked for, or else of the automatic ones the one that gives most."""
        asked = any(offer.id in self.asked for offer in rivals)
        best: _Found | None = None
        for offer in rivals:
            found = self._find(offer, compete=not asked or offer.id in self.asked)
            if found is None:
                continue
            if best is not None and found.worth <= best.worth:
                self.looked.beaten(offer, best.offer)
                continue
            if best is not None:
                self.looked.beaten(best.offer, offer)
            best = found
        if best is not None:
            self._give(best)
            if best.offer.group is not None:
                self._closed.add(best.offer.group)
                for offer in rivals:
                    self._most.pop(offer.id, None)

    def _find(self, offer: Offer, *, compete: bool) -> _Found | None:
        """What a reward gives here, or None with its reason noted; refused where it was asked for and cannot be given."""
        asked = self.asked.get(offer.id, 0)
        noted = self.looked.keeps_from(offer, None)
        keeps = noted or self._held_out(offer, asked) or self.looked.nothing_of(offer)
        most = 0 if keeps is not None else self._carried(offer)
        if keeps is None and most == 0:
            keeps = Message(N_("There is nothing left on this bill for it."))
        if keeps is not None:
            if noted is None or not self._affordable(offer):
                self.looked.no(offer, keeps)
            if asked:
                raise self._refused(offer, keeps)
            return None
        can = self._affordable(offer)
        self._most[offer.id] = most
        if asked > can:
            raise self._too_low(offer, can)
        if asked > most:
            raise Refused(
                "limit-reached",
                Message(
                    N_("{title} can be taken {count} times on this bill, not {asked}."),
                    title=self._title(offer),
                    count=min(most, can),
                    asked=asked,
                ),
            )
        times = min(most, can) if offer.automatic else asked
        if can == 0:
            self._note_lacking(offer)
        elif is_held_out(offer, self.looked.scene.account):
            self.looked.hold_out(offer)
            del self._most[offer.id]
        elif not compete:
            self.looked.no(offer, Message(N_("Another reward of its group was chosen.")))
        elif times == 0:
            self.looked.no(offer, Message(N_("It can be taken for {costs}."), costs=self._costs(offer, 1)))
        else:
            parts = self._measured(offer, times)
            return _Found(offer, times, parts, self._worth(offer, times, parts))
        return None

    def _held_out(self, offer: Offer, asked: int) -> Message | None:
        if asked and is_held_out(offer, self.looked.scene.account):
            return HELD_BACK
        return None

    def _carried(self, offer: Offer) -> int:
        """How often the bill, the limits and the budget let it be taken."""
        lines = self.looked.counter.covered(offer.goods)
        most = MAX_COUPONS
        if offer.kind == "discount":
            most = discounts.most_times(offer, self.looked.counter, lines)
        elif offer.give is None or (offer.kind == "earning" and not any(self.looked.counter.left[i] for i in lines)):
            most = 0
        if offer.limit.a_bill is not None:
            most = min(most, offer.limit.a_bill)
        worth = 0 if offer.kind == "discount" else self._worth(offer, 1, ())
        if offer.limit.budget is not None and worth:
            most = min(most, self._budget(offer.limit.budget, offer) // worth)
        return most

    def _affordable(self, offer: Offer) -> int:
        """How often the purses can pay for it now."""
        day = self.looked.scene.day
        return min(self._holding(purse).available(day) // units for purse, units in offer.costs.items())

    def _holding(self, purse: str) -> Holding:
        return self.holdings.get(purse) or Holding(purse)

    def _budget(self, budget: Minor, offer: Offer) -> Minor:
        return budget - self.looked.scene.known.given.get(offer.id, 0)

    def _measured(self, offer: Offer, times: int) -> tuple[Minor, ...]:
        """What it takes off each line; the maximum discount does not bind what was paid for."""
        if offer.kind != "discount":
            return ()
        counter = self.looked.counter
        parts = discounts.measure(offer, counter, counter.covered(offer.goods), MILLION, times)
        return (
            parts if offer.limit.budget is None else discounts.held_to(parts, self._budget(offer.limit.budget, offer))
        )

    def _worth(self, offer: Offer, times: int, parts: tuple[Minor, ...]) -> Minor:
        programme = self.looked.scene.programme
        match offer.give:
            case Gift(sku):
                return times * self.looked.scene.known.goods.get(sku, (sku, 0))[1]
            case EarnUnits(units, _):
                earned = [accrual.Exact(purse, (count * times,), 1) for purse, count in units.items()]
                return accrual.worth(programme, earned)
            case _:
                return sum(parts)

    def _give(self, found: _Found) -> None:
        offer, times, counter = found.offer, found.times, self.looked.counter
        title = self._title(offer)
        nothing = (0,) * len(counter.items)
        for purse, units in offer.costs.items():
            holding = self._holding(purse)
            draws = holding.draw(units * times, [lot for lot in holding.lots if lot.is_open(self.looked.scene.day)])
            self.holdings[purse] = holding.after(draws)
            self.spent.append(Spent(purse, units * times, "discount", nothing, nothing, draws, offer.id))
        what: Message | None = None
        match offer.give:
            case Gift():
                gift = gift_of(offer, self.looked.scene, times)
                self.gifts.append(gift)
                what = Message("{gift}", gift=gift.name)
            case CouponGiven():
                self.coupons.extend(coupons_of(offer, self.looked.scene, times))
            case EarnUnits():
                covered = set(counter.covered(offer.goods))
                weights = tuple(left if i in covered else 0 for i, left in enumerate(counter.left))
                self.earning[offer.id] = Earning(times, weights)
            case _:
                counter.take(found.parts)
                self.discounts.append(Discount(offer.id, title, sum(found.parts), found.parts))
                self.lay(offer.id, found.parts)
                what = Message(N_("{amount} off"), amount=self.looked.money(sum(found.parts)))
        costs = self._costs(offer, times)
        if what is None:
            self.looked.yes(offer, Message(N_("{title}, for {costs}"), title=title, costs=costs))
        else:
            self.looked.yes(offer, Message(N_("{title}: {what}, for {costs}"), title=title, what=what, costs=costs))

    def _note_lacking(self, offer: Offer) -> None:
        """What the first purse that cannot pay for it lacks."""
        programme, day = self.looked.scene.programme, self.looked.scene.day
        for purse in programme.purses:
            short = offer.costs.get(purse.id, 0) - self._holding(purse.id).available(day)
            if short > 0:
                self.looked.short_of_units(offer, purse, short)
                return
        raise ValueError(f"offer {offer.id} costs what its programme has no purse for")

    def _too_low(self, offer: Offer, can: int) -> Refused:
        programme, day = self.looked.scene.programme, self.looked.scene.day
        wanted = self.asked[offer.id]
        short = next(
            purse
            for purse in programme.purses
            if offer.costs.get(purse.id, 0) * wanted > self._holding(purse.id).available(day)
        )
        return Refused(
            "balance-too-low",
            Message(
                N_("{title} costs {costs}, and the purse {purse} has {available}: it can be taken {count} times."),
                title=self._title(offer),
                costs=self._costs(offer, wanted),
                purse=short.id,
                available=self.looked.units(short, self._holding(short.id).available(day)),
                count=min(can, self._most[offer.id]),
            ),
        )

    def _refused(self, offer: Offer, keeps: Message) -> Refused:
        """What an offer that was asked for and does not apply is refused with."""
        free = missing(replace(offer, limit=Limit()), self.looked.scene) is None
        limited = free and missing(offer, self.looked.scene) is not None
        return Refused(
            "limit-reached" if limited else "offer-invalid",
            Message(
                N_("{title} cannot be taken on this bill: {reason} Leave it out."),
                title=self._title(offer),
                reason=keeps,
            ),
        )

    def _title(self, offer: Offer) -> Message:
        return title_of(offer, self.looked.scene)

    def _costs(self, offer: Offer, times: int) -> Message:
        """What it costs, so many times, in all its purses."""
        said: Message | None = None
        for purse in self.looked.scene.programme.purses:
            if purse.id in offer.costs:
                one = self.looked.units(purse, offer.costs[purse.id] * times)
                said = one if said is None else Message(N_("{one} and {other}"), one=said, other=one)
        if said is None:
            raise ValueError(f"offer {offer.id} costs what its programme has no purse for")
        return said


def _invalid(message: Message) -> Refused:
    return Refused("offer-invalid", message)
