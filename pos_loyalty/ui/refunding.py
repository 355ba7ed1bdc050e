"""What a return comes to, in words: the money and how it is given, what moves in the holder's purses and between which offers, and
what the bill had given along.
"""

from __future__ import annotations

from collections.abc import Iterator

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.sale import CouponIssued, Discount, Earned, GiftGiven, PurseShare, Refund, Sale, TenderKind
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.widgets.rows import Row

BY: dict[TenderKind, str] = {
    "cash": N_("in cash"),
    "card": N_("to the bank card"),
    "other": N_("in another way"),
    "certificate": N_("as a gift certificate"),
}


def outcome_rows(desk: Desk, back: Refund, sale: Sale) -> Iterator[Row]:
    """The rows beside the sum that is given back, the money first."""
    yield from _money(desk, back)
    yield from _given_along(desk, back, sale)
    yield from _purses(desk, back, sale)
    if back.tier_after is not None:
        yield Row(desk.language.text("Tier after it"), back.tier_after.name)
    moved = {share.purse for share in (*back.restored, *back.taken_back)}
    moved |= {debt.purse for debt in (*back.owed, *back.forgiven)}
    for balance in back.balances:
        if not balance.available and balance.purse not in moved:
            continue  # nothing there, and nothing of this return
        to_spend = desk.language.text("{purse}: to spend", purse=desk.purse(balance.purse))
        yield Row(to_spend, desk.language.units(balance.available, balance.purse))


def _money(desk: Desk, back: Refund) -> Iterator[Row]:
    text, money = desk.language.text, desk.money
    left = {one.number: one.left for one in back.certificates_left}
    for tender in back.money_back:
        yield Row(text(BY[tender.kind]), money(tender.amount))
        if tender.number is not None:
            yield Row(_tail(tender.number), text("{left} left on it", left=money(left[tender.number])), indent=2)
    for_gifts = sum(one.withheld for one in back.asked_back)
    if back.withheld > for_gifts:
        yield Row("! " + text("kept for what is spent"), money(back.withheld - for_gifts), style="warn")


def _given_along(desk: Desk, back: Refund, sale: Sale) -> Iterator[Row]:
    """Gifts, coupons, certificates and memberships that go with the goods."""
    text = desk.language.text
    gifts = {gift.offer: gift.name for gift in sale.quote.gifts}
    for asked in back.asked_back:
        if asked.gift is not None and asked.kept:
            kept = text("{gift}: is kept", gift=gifts[asked.offer])
            yield Row("! " + kept, desk.money(-asked.withheld), style="warn", lines=2)
        elif asked.gift is not None:
            yield Row("↩ " + text("{gift}: comes back", gift=gifts[asked.offer]), style="strong", lines=2)
        elif asked.coupon is not None:
            yield Row(text("coupon {number}", number=asked.coupon), text("void"))
    for number in back.coupons_back:
        yield Row(text("coupon {number}", number=number), text("usable again"))
    for number in back.certificates_void:
        yield Row(text("Certificate {number}", number=_tail(number)), text("void"))
    returned = {line.line for line in back.lines}
    for one in sale.quote.memberships:
        if one.line in returned:
            yield Row(text("Membership: {club}", club=sale.quote.lines[one.line - 1].item.name), text("ends"), lines=2)


def _purses(desk: Desk, back: Refund, sale: Sale) -> Iterator[Row]:
    text = desk.language.text
    units, signed = desk.language.units, desk.language.signed_units
    for share in back.restored:
        yield Row(text("{purse}: given back", purse=desk.purse(share.purse)), signed(share.amount, share.purse))
        yield from _of_offer(desk, share, sale)
    for share in back.taken_back:
        yield Row(text("{purse}: taken back", purse=desk.purse(share.purse)), signed(-share.amount, share.purse))
        yield from _of_offer(desk, share, sale)
    for owed in back.owed:
        debt = text("{purse}: owed now", purse=desk.purse(owed.purse))
        yield Row("! " + debt, units(owed.amount, owed.purse), style="warn")
    for forgiven in back.forgiven:
        yield Row(text("{purse}: forgiven", purse=desk.purse(forgiven.purse)), units(forgiven.amount, forgiven.purse))
    if back.referrer is not None:
        for share in back.referrer.taken_back:
            taken = text("{purse}: from who sent them", purse=desk.purse(share.purse))
            yield Row(taken, signed(-share.amount, share.purse))
        for owed in back.referrer.owed:
            debt = text("{purse}: owed by who sent them", purse=desk.purse(owed.purse))
            yield Row(debt, units(owed.amount, owed.purse))


def _of_offer(desk: Desk, share: PurseShare, sale: Sale) -> Iterator[Row]:
    """The offer that had given or taken it."""
    title = _title(sale, share.offer) if share.offer is not None else None
    if title is not None:
        yield Row(desk.language.say(title), style="dim", indent=2)


def _title(sale: Sale, offer: str) -> Message | None:
    """An offer as the sale's own receipt calls it."""
    quote = sale.quote
    given: tuple[Earned | Discount | GiftGiven | CouponIssued, ...]
    given = (*quote.earned, *quote.discounts, *quote.gifts, *quote.coupons)
    return next((one.title for one in given if one.offer == offer), None)


def _tail(number: str) -> str:
    """The end of a certificate's number: who knows it whole can spend it."""
    return f"*{number[-4:]}"
