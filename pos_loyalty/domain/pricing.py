"""Basket, holder, programme and time -> a quote with its reasons.

A function of what it is given: scanning the card late, twice, or a wrong one first gives the same bill as the right one at the
start. The steps, in this order: gross, discounts by hand, the offers' discounts, rewards, gifts and coupons, purses, VAT, earning.
"""

from __future__ import annotations

from collections import Counter as Times
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from pos_loyalty.domain import accrual, club, discounts
from pos_loyalty.domain.accrual import Exact
from pos_loyalty.domain.audience import NOTHING_KNOWN, Known, Scene, is_held_out
from pos_loyalty.domain.basket import LineItem, check_lines
from pos_loyalty.domain.certificate import certificates_sold
from pos_loyalty.domain.counter import Counter
from pos_loyalty.domain.given import give_along
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION, Minor, half_up, split
from pos_loyalty.domain.programme.offers import Multiply, Offer
from pos_loyalty.domain.programme.rules import Programme, Tier
from pos_loyalty.domain.reasons import Reasons, title_of
from pos_loyalty.domain.redemption import Allowance, Ask, allowance, redeem
from pos_loyalty.domain.rewards import Offered, Rewards
from pos_loyalty.domain.sale import BY_HAND, Discount, Earned, Line, Quote, ReferrerEarned, Spent, VatLine
from pos_loyalty.domain.tier import held


def quote(
    lines: tuple[LineItem, ...],
    programme: Programme,
    day: date,
    account: Account | None = None,
    asks: Mapping[str, Ask] | None = None,
    *,
    clock: time = time(12),
    known: Known = NOTHING_KNOWN,
    take: Sequence[str] = (),
) -> Quote:
    """What the bill comes to on a business day for this holder (None: no card), spending what `asks` wants of each purse and taking
    the rewards that `take` names, each as often as it is named.

    `clock` is what the shop's wall clock shows, for offers of certain hours; `known` is what history says of the offers.
    Refused with line-invalid, certificate-invalid, amount-invalid, card-needed, purse-unknown, offer-invalid, balance-too-low or
    limit-reached.
    """
    return quote_and_offer(lines, programme, day, account, asks, clock=clock, known=known, take=take)[0]


def quote_and_offer(
    lines: tuple[LineItem, ...],
    programme: Programme,
    day: date,
    account: Account | None = None,
    asks: Mapping[str, Ask] | None = None,
    *,
    clock: time = time(12),
    known: Known = NOTHING_KNOWN,
    take: Sequence[str] = (),
) -> tuple[Quote, tuple[Offered, ...]]:
    """A quote, and the rewards that the holder could take on this bill as well."""
    check_lines(lines)
    certificates = certificates_sold(lines, programme, day)
    _refuse_negative(lines, programme)
    memberships = club.sold(lines, programme.clubs, account.clubs if account else None, day)
    scene = Scene(programme, day, clock, account, tier_of(account, programme), known)
    bill = _Bill(scene, Counter.of(lines, programme))
    bill.by_hand()
    bill.discount()
    if sum(bill.counter.left) < 0:
        raise Refused(
            "amount-invalid",
            Message(N_("The bill comes to less than nothing: goods that come back are a return.")),
        )
    rewards = Rewards(bill, dict(account.holdings) if account else {}, Times(take))
    rewards.take()
    bill.discounts += rewards.discounts
    after_discounts = tuple(bill.counter.left)
    gifts, coupons = give_along(bill, after_discounts)
    payer = replace(account, holdings=rewards.holdings) if account and asks else account
    spent = _purses(programme, day, payer, asks or {}, bill.counter)
    left = bill.counter.left
    tendered = [0] * len(lines)
    for part in spent:
        if part.counts_as == "tender":
            tendered = [a + b for a, b in zip(tendered, part.lines, strict=True)]
    vat, line_vat = _vat(lines, [rest + tender for rest, tender in zip(left, tendered, strict=True)])
    bases = [0 if only_paid else rest for rest, only_paid in zip(left, bill.counter.excluded, strict=True)]
    bill.earn(bases, after_discounts, rewards)
    priced = Quote(
        lines=tuple(
            Line(
                item=item,
                gross=bill.counter.gross[i],
                discount=bill.counter.gross[i] - after_discounts[i],
                spent=after_discounts[i] - left[i],
                spent_as_tender=tendered[i],
                paid=left[i],
                vat=line_vat[i],
                earning=bases[i],
                excluded=bill.counter.excluded[i],
            )
            for i, item in enumerate(lines)
        ),
        gross=sum(bill.counter.gross),
        discounts=tuple(bill.discounts),
        spent=(*rewards.spent, *spent),
        due=sum(left),
        vat=vat,
        earned=tuple(bill.earned),
        qualifying=sum(bases) if account else 0,
        why=tuple(bill.why[offer.id] for offer in programme.offers),
        used=tuple(bill.used),
        held_out=tuple(bill.held_out),
        certificates=certificates,
        gifts=(*rewards.gifts, *gifts),
        coupons=(*rewards.coupons, *coupons),
        coupons_used=tuple(bill.coupons_used),
        referrer=tuple(bill.referrer),
        memberships=memberships,
    )
    return priced, rewards.offered()


def late_earnings(
    priced: Quote, programme: Programme, day: date, account: Account, *, clock: time, known: Known
) -> Quote:
    """What a closed bill without a card would have earned this holder on what was really paid: nothing else of it changes."""
    scene = Scene(programme, day, clock, account, tier_of(account, programme), known)
    counter = Counter.of(tuple(line.item for line in priced.lines), programme)
    counter.left = [line.paid for line in priced.lines]
    bill = _Bill(scene, counter)
    after_discounts = [line.gross - line.discount for line in priced.lines]
    bases = [line.earning for line in priced.lines]
    bill.earn(bases, after_discounts, Rewards(bill, {}, Times()))
    return replace(
        priced,
        earned=tuple(bill.earned),
        qualifying=sum(bases),
        used=tuple(bill.used),
        held_out=tuple(bill.held_out),
        referrer=tuple(bill.referrer),
    )


def tier_of(account: Account | None, programme: Programme) -> Tier | None:
    """The tier whose offers apply to this holder; None without a card, or where the programme has no tiers."""
    if account is None or account.standing is None or programme.tiers is None:
        return None
    return held(account.standing, programme.tiers, account.kind)


def spendable(priced: Quote, programme: Programme, day: date, account: Account) -> dict[str, Allowance]:
    """What each purse could pay on a bill priced without spending from any: what the cashier may offer."""
    payable = sum(line.paid for line in priced.lines if not line.excluded)
    for reward in priced.spent:
        holding = account.holding(reward.purse).after(reward.draws)
        account = replace(account, holdings={**account.holdings, reward.purse: holding})
    return {
        purse.id: allowance(
            purse, account.holding(purse.id), day, payable, min(payable, priced.due), programme.currency
        )
        for purse in programme.purses
        if purse.pays
    }


@dataclass(frozen=True, slots=True)
class _Gains:
    """What an offer earns for this holder, and what for who sent them."""

    offer: Offer
    own: tuple[Exact, ...]
    referrer: tuple[Exact, ...] = ()


@dataclass(slots=True)
class _Bill(Reasons):
    """A bill while what comes off it and what it earns are found, one offer after the other."""

    discounts: list[Discount] = field(default_factory=list)
    earned: list[Earned] = field(default_factory=list)
    referrer: list[ReferrerEarned] = field(default_factory=list)

    def by_hand(self) -> None:
        """Take the cashier's own discounts off their lines; they are not held by the maximum discount."""
        lines, left = self.counter.items, self.counter.left
        parts = [0] * len(lines)
        for i, line in enumerate(lines):
            if line.by_hand is None:
                continue
            if self.counter.excluded[i]:
                raise Refused(
                    "line-invalid",
                    Message(
                        N_("Line {number}: these goods are only paid for; no discount can be given on them."),
                        number=i + 1,
                    ),
                )
            rate, amount = line.by_hand.rate, line.by_hand.amount
            parts[i] = amount if rate is None else half_up(left[i] * rate, MILLION)
            if not 0 <= parts[i] <= left[i] or not 0 <= (rate or 0) <= MILLION:
                raise Refused(
                    "line-invalid",
                    Message(
                        N_("Line {number}: the discount by hand must be between nothing and the line's price."),
                        number=i + 1,
                    ),
                )
        if any(parts):
            self.counter.take(tuple(parts))
            self.discounts.append(Discount(BY_HAND, Message(N_("Discount by hand")), sum(parts), tuple(parts)))

    def discount(self) -> None:
        """The offers that take something off: those on certain goods first, then the rest; of a group the one that takes most."""
        offers = [offer for offer in self.scene.programme.offers if offer.kind == "discount" and not offer.costs]
        offers.sort(key=lambda offer: offer.goods is None)
        decided: set[str] = set()
        for offer in offers:
            if offer.group is None:
                self._take_best([offer])
            elif offer.group not in decided and self._takes(offer) is not None:
                decided.add(offer.group)
                self._take_best([other for other in offers if other.group == offer.group])

    def _takes(self, offer: Offer) -> tuple[Minor, ...] | None:
        """What a discount would take off each line now; None, and its reason is noted, where it cannot or would take nothing."""
        if self.keeps_from(offer, None) is not None:
            return None
        cap = self.scene.programme.maximum_discount
        parts = discounts.measure(offer, self.counter, self.counter.covered(offer.goods), cap)
        if offer.limit.budget is not None:
            parts = discounts.held_to(parts, offer.limit.budget - self.scene.known.given.get(offer.id, 0))
        if not any(parts):
            few = discounts.to_fill_a_set(offer, self.counter, self.counter.covered(offer.goods))
            if few:
                self.few(offer, few)
            else:
                self.no(offer, Message(N_("There is nothing on this bill that it takes something off.")))
            return None
        return parts

    def _take_best(self, offers: Sequence[Offer]) -> None:
        """Of these discounts of one group take the one that takes most off, the first on a tie."""
        best: tuple[Offer, tuple[Minor, ...]] | None = None
        for offer in offers:
            parts = self._takes(offer)
            if parts is None:
                continue
            if is_held_out(offer, self.scene.account):
                self.hold_out(offer)
            elif best is None or sum(parts) > sum(best[1]):
                if best is not None:
                    self.beaten(best[0], offer)
                best = (offer, parts)
            else:
                self.beaten(offer, best[0])
        if best is not None:
            offer, parts = best
            self.counter.take(parts)
            title = title_of(offer, self.scene)
            self.discounts.append(Discount(offer.id, title, sum(parts), parts))
            self.yes(offer, Message(N_("{title}: {amount} off"), title=title, amount=self.money(sum(parts))))

    def earn(self, bases: Sequence[Minor], after_discounts: Sequence[Minor], rewards: Rewards) -> None:
        """The offers that earn, in file order, rewards among them, then the multipliers; of a group the one worth most."""
        programme = self.scene.programme
        found: list[_Gains] = []
        decided: set[str] = set()
        offers = [offer for offer in programme.offers if offer.kind == "earning"]
        for offer in offers:
            if offer.id in rewards.earning:
                found.append(_Gains(offer, rewards.earned(offer, bases), self._thanks(offer, bases)))
            if offer.costs or offer.group in decided:
                continue
            rivals = [offer]
            if offer.group is not None:
                decided.add(offer.group)
                rivals = [other for other in offers if other.group == offer.group and not other.costs]
            taken = self._best_earning(rivals, bases, after_discounts)
            if taken is not None:
                found.append(taken)
        exact = [part for gains in found for part in gains.own]
        for offer in programme.offers:
            if not isinstance(offer.give, Multiply) or self.keeps_from(offer, after_discounts) is not None:
                continue
            more = accrual.multiplied(offer.give, exact, self.counter.covered(offer.goods), len(bases))
            if is_held_out(offer, self.scene.account):
                self.hold_out(offer)
            else:
                found.append(_Gains(offer, self._in_budget(offer, more)))
        for gains in found:
            if gains.offer.costs:
                gained = self._gain(gains.offer, gains.own)
                rewards.lay(gains.offer.id, gained[0].lines)
                self.earned.extend(gained)
                self._thank(self._gain(gains.offer, gains.referrer))
            else:
                self._note_earned(gains)

    def _best_earning(
        self, rivals: Sequence[Offer], bases: Sequence[Minor], after_discounts: Sequence[Minor]
    ) -> _Gains | None:
        best: _Gains | None = None
        value = 0
        for offer in rivals:
            if self.keeps_from(offer, after_discounts) is not None:
                continue
            lines = self.counter.covered(offer.goods)
            own = accrual.exact(offer, self.counter, bases, lines)
            parts = self._in_budget(offer, (*own, *self._thanks(offer, bases)))
            own, thanks = parts[: len(own)], parts[len(own) :]
            if not any(part.amount for part in parts):
                self._note_nothing_earned(offer, bases)
                continue
            if is_held_out(offer, self.scene.account):
                self.hold_out(offer)
                continue
            worth = accrual.worth(self.scene.programme, own)
            if best is not None and worth <= value:
                self.beaten(offer, best.offer)
                continue
            if best is not None:
                self.beaten(best.offer, offer)
            best, value = _Gains(offer, own, thanks), worth
        return best

    def _thanks(self, offer: Offer, bases: Sequence[Minor]) -> tuple[Exact, ...]:
        """What an offer gives to who sent this holder: nothing past so many friends."""
        account = self.scene.account
        if not offer.referrer or account is None or account.referrer is None or self._past_friends(offer):
            return ()
        return accrual.for_referrer(offer, bases, self.counter.covered(offer.goods))

    def _past_friends(self, offer: Offer) -> bool:
        most = offer.limit.each_referrer
        return most is not None and self.scene.known.friends.get(offer.id, 0) >= most

    def _note_nothing_earned(self, offer: Offer, bases: Sequence[Minor]) -> None:
        short = accrual.to_the_first_step(offer, bases, self.counter.covered(offer.goods))
        if offer.give is None and self._past_friends(offer):
            self.no(offer, Message(N_("Who sent the holder has been thanked for as many friends as can be.")))
        elif short:
            self.short_of_money(offer, short)
        else:
            self.no(offer, Message(N_("Too little is paid on this bill to earn anything.")))

    def _in_budget(self, offer: Offer, parts: tuple[Exact, ...]) -> tuple[Exact, ...]:
        if offer.limit.budget is None:
            return parts
        rest = offer.limit.budget - self.scene.known.given.get(offer.id, 0)
        return accrual.held_to(self.scene.programme, parts, rest)

    def _gain(self, offer: Offer, parts: Sequence[Exact]) -> list[Earned]:
        """What an offer earns in whole units, by purse."""
        programme = self.scene.programme
        title = title_of(offer, self.scene)
        gained: list[Earned] = []
        for part in parts:
            purse = programme.purse(part.purse)
            if purse is None:
                raise ValueError(f"offer {offer.id} earns into a purse that its programme does not have")
            earned = accrual.as_earned(offer, title, part, purse, self.scene.day)
            if earned is not None:
                gained.append(earned)
        return gained

    def _note_earned(self, gains: _Gains) -> None:
        offer = gains.offer
        gained, thanks = self._gain(offer, gains.own), self._gain(offer, gains.referrer)
        if not gained and not thanks:
            self.no(offer, Message(N_("Too little is paid on this bill to earn anything.")))
            return
        self.earned.extend(gained)
        self._thank(thanks)
        first = (*gained, *thanks)[0]
        purse = self.scene.programme.purse(first.purse)
        amount = self.money(first.amount) if purse is None else self.units(purse, first.amount)
        template = N_("{title}: {amount} earned") if gained else N_("{title}: {amount} for who sent the holder")
        self.yes(offer, Message(template, title=title_of(offer, self.scene), amount=amount))

    def _thank(self, thanks: Sequence[Earned]) -> None:
        account = self.scene.account
        if account is not None and account.referrer is not None:
            self.referrer.extend(ReferrerEarned(account.referrer, one) for one in thanks)


def _refuse_negative(lines: Sequence[LineItem], programme: Programme) -> None:
    """Below zero only in excluded departments: goods left out by SKU, or because they are reduced, are still goods."""
    if all(line.unit_price >= 0 for line in lines):
        return
    by_department = [rule for rule in programme.exclude if rule.departments]
    for number, line in enumerate(lines, 1):
        if line.unit_price < 0 and not any(r.covers(line.department, line.sku, line.reduced) for r in by_department):
            raise Refused(
                "line-invalid",
                Message(
                    N_(
                        "Line {number}: a price below zero is only for goods that the programme excludes, such as deposits."
                    ),
                    number=number,
                ),
            )


def _purses(
    programme: Programme, day: date, account: Account | None, asks: Mapping[str, Ask], counter: Counter
) -> list[Spent]:
    """Spend from purses, in file order; what is left of the lines falls by what they pay."""
    wanted = {purse_id: ask for purse_id, ask in asks.items() if ask}
    if not wanted:
        return []
    for purse_id in wanted:
        purse = programme.purse(purse_id)
        if purse is None:
            raise Refused("purse-unknown", Message(N_("The programme has no purse called {purse}."), purse=purse_id))
        if not purse.pays:
            raise Refused("purse-unknown", Message(N_("The purse {purse} does not pay like money."), purse=purse_id))
        if account is None:
            raise Refused("card-needed", Message(N_("Spending from a purse needs its holder's card: scan it first.")))
    spent: list[Spent] = []
    left, excluded = counter.left, counter.excluded
    to_pay = sum(rest for rest, only_paid in zip(left, excluded, strict=True) if not only_paid)
    for purse in programme.purses:
        if account is None or purse.id not in wanted:
            continue
        weights = [0 if only_paid else rest for rest, only_paid in zip(left, excluded, strict=True)]
        holding = account.holding(purse.id)
        may = allowance(purse, holding, day, to_pay, min(sum(weights), sum(left)), programme.currency)
        part = redeem(purse, holding, day, wanted[purse.id], may, weights, programme.currency)
        if part is not None:
            spent.append(part)
            counter.take(part.lines)
    return spent


def _vat(lines: Sequence[LineItem], taxed: Sequence[Minor]) -> tuple[tuple[VatLine, ...], list[Minor]]:
    """VAT stated once a rate, lowest first: net is the sum divided by 1 + rate, half up; a line's VAT is its part of the rate's."""
    stated: list[VatLine] = []
    parts = [0] * len(lines)
    for rate in sorted({line.vat for line in lines}):
        indices = [i for i, line in enumerate(lines) if line.vat == rate]
        total = sum(taxed[i] for i in indices)
        net = half_up(total * MILLION, MILLION + rate)
        stated.append(VatLine(rate, net, total - net))
        for i, part in zip(indices, split(total - net, [taxed[i] for i in indices]), strict=True):
            parts[i] = part
    return tuple(stated), parts
