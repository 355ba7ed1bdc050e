"""Coupons at the till: those that a bill is shown, those that it gives, and those that a return takes or gives back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from pos_loyalty.domain.coupons import MAX_COUPONS, Coupon, check, new_number, number_of
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.problems import shown
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import Quote, Refund, Sale
from pos_loyalty.storage.books import Books
from pos_loyalty.till.register import Register


def presented(
    books: Books, codes: Iterable[str], account: Account | None, programme: Programme, day: date
) -> tuple[Coupon, ...]:
    """The coupons that a bill is shown, each once; refused with coupon-invalid where one cannot be used by this holder now."""
    numbers = dict.fromkeys(number_of(code) or shown(code.strip()) for code in codes)
    if len(numbers) > MAX_COUPONS:
        raise Refused(
            "coupon-invalid",
            Message(
                N_("There are {count} coupons on the bill; {limit} is the most."), count=len(numbers), limit=MAX_COUPONS
            ),
        )
    return tuple(check(number, books.coupon(number), account, programme, day) for number in numbers)


def idle_warnings(priced: Quote, shown_: Sequence[Coupon]) -> tuple[Message, ...]:
    """What the cashier is told of coupons that were shown and opened nothing: they stay as they are."""
    if not shown_:
        return ()
    used = {coupon.number for coupon in priced.coupons_used}
    opened = {coupon.offer for coupon in priced.coupons_used}
    reasons = {why.offer: why.reason for why in priced.why}
    return tuple(
        Message(
            N_("The coupon {number} stays unused: {reason}"),
            number=coupon.number,
            reason=Message(N_("One coupon of its kind is used on this bill already."))
            if coupon.coupon in opened
            else reasons[coupon.coupon],
        )
        for coupon in shown_
        if coupon.number not in used
    )


def numbered(books: Books, register: Register, priced: Quote) -> Quote:
    """The quote with a number for each coupon that it gives; one that is taken already is drawn again."""
    if not priced.coupons:
        return priced
    given: list[str] = []
    for _ in priced.coupons:
        number = new_number(register.new_secret)
        while number in given or books.coupon(number) is not None:
            number = new_number(register.new_secret)
        given.append(number)
    coupons = (replace(coupon, number=number) for coupon, number in zip(priced.coupons, given, strict=True))
    return replace(priced, coupons=tuple(coupons))


def keep_sold(books: Books, sale: Sale) -> None:
    """Store what a sale gave and used, once its entry is posted."""
    if sale.account is not None:
        books.add_coupons(sale.id, sale.account, sale.quote.coupons)
    books.use_coupons(sale.id, [coupon.number for coupon in sale.quote.coupons_used])


def keep_returned(books: Books, refund: Refund) -> None:
    """Store what a return took and gave back, once its entry is posted."""
    books.void_coupons(refund.id, [one.coupon for one in refund.asked_back if one.coupon is not None])
    books.give_back_coupons(refund.coupons_back)


def of_sale(books: Books, sale: Sale) -> dict[str, Coupon]:
    """The coupons that a sale gave or used, as they stand now."""
    numbers = [*(one.number for one in sale.quote.coupons), *(one.number for one in sale.quote.coupons_used)]
    found = (books.coupon(number) for number in numbers if number is not None)
    return {coupon.number: coupon for coupon in found if coupon is not None}
