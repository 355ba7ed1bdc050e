"""What customers wanted then, asked for again: the same goods, coupons, rewards and units of purses, as far as they can be had now.

This is the assumption of every backtest: whoever spent so much then spends as much again where the purse holds it, and nobody
spends more, nor takes a reward or shows a coupon that they did not have then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import Sale, Tender
from pos_loyalty.till.certificates import show
from pos_loyalty.till.checkout import Closed, Order, OrderLine, price, sell
from pos_loyalty.till.programmes import current
from pos_loyalty.till.register import Register

ALLOWED_BY = "backtest"
"""Whoever lets a card have more bills a day than the programme does: what was sold then is sold again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A bill as its customer wanted it. `order` has the goods and the card; `certificates` are the gift certificates that pay and
    how much of each was taken then.
    """

    order: Order
    coupons: tuple[str, ...] = ()
    rewards: Mapping[str, int] | None = None
    spend: Mapping[str, Minor] | None = None
    certificates: tuple[tuple[str, Minor], ...] = ()


def wish_of(
    sale: Sale, priced_by: Programme, card: str | None, coupons: Mapping[str, str], certificates: Mapping[str, str]
) -> Wish:
    """What a sale's customer wanted, by its facts. `priced_by` are the rules that it was sold under; `coupons` and `certificates`
    say which number stands for which one of then.
    """
    quote = sale.quote
    costs = {offer.id: offer.costs for offer in priced_by.offers}
    rewards: dict[str, int] = {}
    spend: dict[str, Minor] = {}
    for spent in quote.spent:
        if spent.offer is None:
            spend[spent.purse] = spend.get(spent.purse, 0) + spent.amount
        else:
            rewards[spent.offer] = spent.amount // costs[spent.offer][spent.purse]
    return Wish(
        Order(
            lines=tuple(order_line(line.item) for line in quote.lines),
            id=sale.id,
            at=sale.at,
            card=card,
            operator=sale.operator,
            allowed_by=ALLOWED_BY,
        ),
        tuple(coupons[used.number] for used in quote.coupons_used if used.number in coupons),
        rewards,
        spend,
        tuple(
            (certificates[tender.number], tender.amount)
            for tender in sale.settlement.tenders
            if tender.number is not None and tender.number in certificates
        ),
    )


def order_line(item: LineItem) -> OrderLine:
    """What is asked for to have such a line, at the price of then."""
    if item.certificate:
        return OrderLine(certificate=item.unit_price, by_hand=item.by_hand)
    if item.club is not None:
        return OrderLine(club=item.club, unit_price=item.unit_price, quantity=item.quantity, by_hand=item.by_hand)
    return OrderLine(
        item.sku,
        item.name,
        item.department,
        item.unit_price,
        item.quantity,
        item.unit,
        item.vat,
        item.reduced,
        item.by_hand,
    )


def granted(register: Register, wish: Wish) -> tuple[Closed, bool]:
    """The bill closed with all that was wanted, or with as much of it as is not refused; whether it was all.

    Refused where even the goods alone cannot be sold so.
    """
    programme = current(register, wish.order.at).programme
    known = {offer.id for offer in programme.offers if offer.costs and not offer.automatic}
    rewards = {offer: times for offer, times in (wish.rewards or {}).items() if offer in known}
    taken_anyhow = {offer.id for offer in programme.offers if offer.costs and offer.automatic}
    spend = {purse: units for purse, units in (wish.spend or {}).items() if programme.purse(purse) is not None}
    whole = spend == (wish.spend or {}) and not set(wish.rewards or {}) - set(rewards) - taken_anyhow
    take = tuple(offer for offer, times in rewards.items() for _ in range(times))
    full = replace(wish.order, coupons=wish.coupons, take=take, spend=spend)
    try:
        return _sold(register, full, wish.certificates), whole
    except Refused as refused:
        if refused.code.startswith("store-") or not (wish.coupons or take or spend):
            raise
    return _sold(register, _possible(register, wish, take, spend), wish.certificates), False


def _possible(register: Register, wish: Wish, take: tuple[str, ...], spend: Mapping[str, Minor]) -> Order:
    """The order with every wish that is not refused beside those before it; of a purse as much as can be spent, if less."""
    order = wish.order
    price(register, order)  # refused where the goods alone are
    for coupon in wish.coupons:
        order = _unless_refused(register, replace(order, coupons=(*order.coupons, coupon)), order)
    for offer in take:
        order = _unless_refused(register, replace(order, take=(*order.take, offer)), order)
    for purse, units in spend.items():
        may = price(register, order).spendable.get(purse)
        if may is not None and may.possible:
            wanted = {**order.spend, purse: min(units, may.possible)}
            order = _unless_refused(register, replace(order, spend=wanted), order)
    return order


def _unless_refused(register: Register, wished: Order, order: Order) -> Order:
    try:
        price(register, wished)
    except Refused as refused:
        if refused.code.startswith("store-"):
            raise
        return order
    return wished


def _sold(register: Register, order: Order, certificates: tuple[tuple[str, Minor], ...]) -> Closed:
    """The bill closed. What no certificate pays is paid exactly, as if in cash: with what people pay changes no figure here."""
    if not certificates:
        return sell(register, order)
    due = price(register, order).sale.quote.due
    tenders: list[Tender] = []
    for number, amount in certificates:
        paid = min(amount, due, show(register, number, order.at).left)
        if paid > 0:
            tenders.append(Tender("certificate", paid, number))
            due -= paid
    if not tenders:
        return sell(register, order)
    if due > 0:
        tenders.append(Tender("other", due))
    return sell(register, replace(order, tenders=tuple(tenders)))
