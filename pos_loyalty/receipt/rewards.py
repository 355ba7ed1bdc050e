"""What a bill's offers gave along, and what opened them: gifts, coupons for a later bill, what a reward cost, the coupon shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pos_loyalty.domain.sale import CouponIssued, GiftGiven, MembershipSold, Quote
from pos_loyalty.language import Language
from pos_loyalty.receipt.parts import unbroken
from pos_loyalty.receipt.rows import Barcode, Row, Rule, Text


def conditions(quote: Quote, language: Language) -> Mapping[str, tuple[Row, ...]]:
    """By offer, what it cost and the coupon that opened it; most offers have neither.

    What it cost is said as the bill's own reason says it ("9 stamps"): a bill's facts name no other unit than a purse's id.
    """
    if not quote.spent and not quote.coupons_used:
        return {}
    found: dict[str, tuple[Row, ...]] = {}
    if any(spent.offer is not None for spent in quote.spent):
        for why in quote.why:
            costs = why.reason.values.get("costs") if why.applied else None
            if costs is not None:
                found[why.offer] = (Text(language.text("for {costs}", costs=costs), indent=2),)
    for used in quote.coupons_used:
        shown = Text(language.text("with coupon {number}", number=used.number), indent=2)
        found[used.offer] = (*found.get(used.offer, ()), shown)
    return found


def gift_name(gift: GiftGiven) -> str:
    """A gift as the catalogue names it, with how many there are."""
    return gift.name if gift.quantity == 1 else f"{gift.quantity} x {gift.name}"


def gift_rows(quote: Quote, opened: Mapping[str, tuple[Row, ...]], language: Language) -> Iterator[Row]:
    """What was given along, by which offer, and what it cost."""
    for gift in quote.gifts:
        yield Text(language.text("Gift: {gift}", gift=gift_name(gift)))
        yield Text(language.say(gift.title), indent=2)
        yield from opened.get(gift.offer, ())


def coupon_rows(coupon: CouponIssued, opened: Mapping[str, tuple[Row, ...]], language: Language) -> Iterator[Row]:
    """A coupon for a later bill: what it gives, who gave it, its last day, and its number to be scanned."""
    yield Rule()
    title = language.say(coupon.title)
    gives = title if coupon.gives is None else language.say(coupon.gives)
    yield Text(language.text("Coupon: {gives}", gives=gives), emphasis=True)
    if gives != title:
        yield Text(title, indent=2)
    yield from opened.get(coupon.offer, ())
    if coupon.valid is not None:
        yield Text(language.text("to use until {last}", last=unbroken(language.day(coupon.valid))), indent=2)
    if coupon.number is not None:
        yield Barcode(coupon.number)


def membership_row(sold: MembershipSold, today_on: bool, language: Language) -> Row:
    """How long a membership that was sold lasts; its first day only where it is not at once (`today_on`)."""
    if sold.until is None:
        return Text(language.text("member for good"), indent=2)
    last = unbroken(language.day(sold.until))
    if today_on:
        return Text(language.text("member until {last}", last=last), indent=2)
    first = unbroken(language.day(sold.since))
    return Text(language.text("member from {first} until {last}", first=first, last=last), indent=2)
