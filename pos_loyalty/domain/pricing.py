"""Basket, holder, programme and day -> a quote with its reasons.

A function of what it is given: scanning the card late, twice, or a wrong one first gives the same bill as the right one at the
start. The steps, in this order: gross, discounts by hand, discounts, purses, VAT, earning. The places of the rest of the
programme are between them: offers of the shop's own join `_discounts`, offers that cost units come before `_purses`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pos_loyalty.domain.accrual import earn
from pos_loyalty.domain.basket import LineItem, check_lines
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Amount, Message, Rate, Refused
from pos_loyalty.domain.money import MILLION, Minor, half_up, split
from pos_loyalty.domain.programme.rules import Offer, Programme, Tier
from pos_loyalty.domain.redemption import Allowance, Ask, allowance, redeem
from pos_loyalty.domain.sale import BY_HAND, Discount, Earned, Line, Quote, Spent, VatLine, Why
from pos_loyalty.domain.tier import held


def quote(
    lines: tuple[LineItem, ...],
    programme: Programme,
    day: date,
    account: Account | None = None,
    asks: Mapping[str, Ask] | None = None,
) -> Quote:
    """What the bill comes to on a business day for this holder (None: no card), spending what `asks` wants of each purse.

    Refused with line-invalid, amount-invalid, card-needed, purse-unknown, balance-too-low or limit-reached.
    """
    check_lines(lines)
    excluded = [programme.is_excluded(line.department, line.sku, line.reduced) for line in lines]
    gross = [line.gross for line in lines]
    left = list(gross)
    _refuse_negative(lines, programme)
    tier = tier_of(account, programme)

    discounts: list[Discount] = []
    by_hand = _by_hand(lines, excluded, left)
    if by_hand is not None:
        discounts.append(by_hand)
    why: dict[str, Why] = {}
    for offer in programme.offers:
        if offer.discount:
            _discount(offer, programme, account, tier, gross, excluded, left, discounts, why)
    if sum(left) < 0:
        raise Refused(
            "amount-invalid",
            Message(N_("The bill comes to less than nothing: goods that come back are a return.")),
        )

    spent = _purses(programme, day, account, asks or {}, excluded, left)
    tendered = [sum(parts) for parts in zip(*(s.lines for s in spent if s.counts_as == "tender"), strict=True)] or [
        0
    ] * len(lines)
    taxed = [rest + tender for rest, tender in zip(left, tendered, strict=True)]
    vat, line_vat = _vat(lines, taxed)

    bases = [0 if only_paid else max(rest, 0) for rest, only_paid in zip(left, excluded, strict=True)]
    earned: list[Earned] = []
    for offer in programme.offers:
        if offer.earn:
            _earn(offer, programme, day, account, tier, bases, earned, why)

    return Quote(
        lines=tuple(
            Line(
                item=item,
                gross=gross[i],
                discount=sum(discount.lines[i] for discount in discounts),
                spent=sum(part.lines[i] for part in spent),
                spent_as_tender=tendered[i],
                paid=left[i],
                vat=line_vat[i],
                earning=bases[i],
                excluded=excluded[i],
            )
            for i, item in enumerate(lines)
        ),
        gross=sum(gross),
        discounts=tuple(discounts),
        spent=tuple(spent),
        due=sum(left),
        vat=vat,
        earned=tuple(earned),
        qualifying=sum(bases) if account else 0,
        why=tuple(why[offer.id] for offer in programme.offers),
    )


def tier_of(account: Account | None, programme: Programme) -> Tier | None:
    """The tier whose offers apply to this holder; None without a card, or where the programme has no tiers."""
    if account is None or account.standing is None or programme.tiers is None:
        return None
    return held(account.standing, programme.tiers, account.kind)


def spendable(priced: Quote, programme: Programme, day: date, account: Account) -> dict[str, Allowance]:
    """What each purse could pay on a bill priced without spending from any: what the cashier may offer."""
    payable = sum(line.paid for line in priced.lines if not line.excluded)
    return {
        purse.id: allowance(purse, account.holding(purse.id), day, payable, min(payable, priced.due))
        for purse in programme.purses
    }


def _refuse_negative(lines: Sequence[LineItem], programme: Programme) -> None:
    """Below zero only in excluded departments: goods left out by SKU, or because they are reduced, are still goods."""
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


def _by_hand(lines: Sequence[LineItem], excluded: Sequence[bool], left: list[Minor]) -> Discount | None:
    """Take the cashier's own discounts off their lines; they are not held by the maximum discount."""
    parts = [0] * len(lines)
    for i, line in enumerate(lines):
        if line.by_hand is None:
            continue
        if excluded[i]:
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
        left[i] -= parts[i]
    if not any(parts):
        return None
    return Discount(BY_HAND, Message(N_("Discount by hand")), sum(parts), tuple(parts))


def _discount(
    offer: Offer,
    programme: Programme,
    account: Account | None,
    tier: Tier | None,
    gross: Sequence[Minor],
    excluded: Sequence[bool],
    left: list[Minor],
    discounts: list[Discount],
    why: dict[str, Why],
) -> None:
    """A percentage of what is left of each line, half up, no further than the maximum discount of its gross, rounded down."""
    missing = _not_for(offer, programme, account, tier)
    if missing is not None:
        why[offer.id] = Why(offer.id, False, missing)
        return
    parts = [
        0
        if only_paid
        else min(
            half_up(rest * offer.discount, MILLION),
            max(full * programme.maximum_discount // MILLION - (full - rest), 0),
        )
        for full, rest, only_paid in zip(gross, left, excluded, strict=True)
    ]
    amount = sum(parts)
    if amount == 0:
        why[offer.id] = Why(offer.id, False, Message(N_("There is nothing on this bill that it takes something off.")))
        return
    for i, part in enumerate(parts):
        left[i] -= part
    title = Message(N_("{tier} {rate}"), tier=tier.name if tier else offer.tier, rate=Rate(offer.discount))
    discounts.append(Discount(offer.id, title, amount, tuple(parts)))
    why[offer.id] = Why(
        offer.id,
        True,
        Message(N_("{title}: {amount} off"), title=title, amount=Amount(amount, programme.currency.code)),
    )


def _earn(
    offer: Offer,
    programme: Programme,
    day: date,
    account: Account | None,
    tier: Tier | None,
    bases: Sequence[Minor],
    earned: list[Earned],
    why: dict[str, Why],
) -> None:
    missing = _not_for(offer, programme, account, tier)
    if missing is not None:
        why[offer.id] = Why(offer.id, False, missing)
        return
    purse = programme.purse(offer.purse or "")
    if purse is None:
        raise ValueError(f"offer {offer.id} earns into a purse that its programme does not have")
    title = Message(N_("{tier} {rate} cashback"), tier=tier.name if tier else offer.tier, rate=Rate(offer.earn))
    gained = earn(offer, title, purse, bases, day)
    if gained is None:
        why[offer.id] = Why(offer.id, False, Message(N_("Too little is paid on this bill to earn anything.")))
        return
    earned.append(gained)
    why[offer.id] = Why(
        offer.id,
        True,
        Message(N_("{title}: {amount} earned"), title=title, amount=Amount(gained.amount, programme.currency.code)),
    )


def _not_for(offer: Offer, programme: Programme, account: Account | None, tier: Tier | None) -> Message | None:
    """What is missing for a tier's offer to be this holder's; None if it is."""
    if account is None:
        return Message(N_("For card holders: no card was shown."))
    if tier is not None and tier.id == offer.tier:
        return None
    tiers = programme.tiers
    wanted = tiers.index(offer.tier) if tiers else None
    if tiers is None or wanted is None:
        return Message(N_("For another tier."))
    name = tiers.ladder[wanted].name
    if account.kind == "bearer" and tiers.ladder[wanted].named_only:
        return Message(N_("For {tier}: this card must be registered in a name first."), tier=name)
    if tier is not None and (tiers.index(tier.id) or 0) > wanted:
        return Message(N_("For {tier}: the holder is above it."), tier=name)
    return Message(
        N_("For {tier}, from {spend} spent on."),
        tier=name,
        spend=Amount(tiers.ladder[wanted].spend, programme.currency.code),
    )


def _purses(
    programme: Programme,
    day: date,
    account: Account | None,
    asks: Mapping[str, Ask],
    excluded: Sequence[bool],
    left: list[Minor],
) -> list[Spent]:
    """Spend from purses, in file order. `left` falls by what they pay."""
    wanted = {purse_id: ask for purse_id, ask in asks.items() if ask}
    for purse_id in wanted:
        if programme.purse(purse_id) is None:
            raise Refused("purse-unknown", Message(N_("The programme has no purse called {purse}."), purse=purse_id))
        if account is None:
            raise Refused("card-needed", Message(N_("Spending from a purse needs its holder's card: scan it first.")))
    spent: list[Spent] = []
    to_pay = sum(rest for rest, only_paid in zip(left, excluded, strict=True) if not only_paid)
    for purse in programme.purses:
        if account is None or purse.id not in wanted:
            continue
        weights = [0 if only_paid else rest for rest, only_paid in zip(left, excluded, strict=True)]
        holding = account.holding(purse.id)
        may = allowance(purse, holding, day, to_pay, min(sum(weights), sum(left)))
        part = redeem(purse, holding, day, wanted[purse.id], may, weights, programme.currency.code)
        if part is not None:
            spent.append(part)
            for i, amount in enumerate(part.lines):
                left[i] -= amount
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
