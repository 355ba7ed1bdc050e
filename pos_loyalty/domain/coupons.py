"""Personal coupons: what each is, whether it can be used here and now, and how its number looks.

A coupon opens one offer on one bill of the holder to whom it was given, until its last day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from pos_loyalty.domain.check_digits import damm_digit, damm_is_valid
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.rules import Programme

DIGITS = 9
_LOOK = re.compile(r"[Cc]([0-9]{10})", re.ASCII)
MAX_COUPONS = 100
"""Coupons that one bill can give, or be shown: more is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon for the offer `coupon`, given to an account by the offer `given_by` on a bill; `valid` is its last day (None: ever).

    `used_on` is the day of the bill that it opened an offer on, and `void` says that the return of its own bill took it back.
    """

    number: str
    account: str
    coupon: str
    given_by: str
    valid: date | None = None
    used_on: date | None = None
    void: bool = False

    def is_open(self, day: date) -> bool:
        """Whether it can be used on that day."""
        return self.used_on is None and not self.void and (self.valid is None or day <= self.valid)


def number_of(code: str) -> str | None:
    """The number of a coupon as it is stored, of a code scanned or typed in any case; None if it is none by its look."""
    found = _LOOK.fullmatch(code.strip())
    return f"C{found[1]}" if found and damm_is_valid(found[1]) else None


def looks_mistyped(code: str) -> bool:
    """Whether a code would be a coupon's number but for its check digit."""
    return _LOOK.fullmatch(code.strip()) is not None and number_of(code) is None


def new_number(below: Callable[[int], int]) -> str:
    """A coupon's number: nine digits by chance (`below` gives a number below another) and their Damm check digit."""
    body = f"{below(10**DIGITS):0{DIGITS}d}"
    return f"C{body}{damm_digit(body)}"


def check(number: str, found: Coupon | None, account: Account | None, programme: Programme, day: date) -> Coupon:
    """The coupon, where it can be presented on a bill of this holder on that day.

    Refused with coupon-invalid, saying why and what to do. Whether its offer applies is asked when the bill is priced.
    """
    if found is None:
        raise _invalid(
            Message(N_("There is no coupon {number}: scan it again, or take it off the bill."), number=number)
        )
    if account is None:
        raise _invalid(Message(N_("The coupon {number} is personal: scan its holder's card first."), number=number))
    if found.account != account.id:
        raise _invalid(
            Message(N_("The coupon {number} is of another card holder: take it off the bill."), number=number)
        )
    if found.used_on is not None:
        raise _invalid(
            Message(
                N_("The coupon {number} was used on {day}: take it off the bill."), number=number, day=found.used_on
            )
        )
    if found.void:
        raise _invalid(
            Message(
                N_("The coupon {number} is void, for the goods that it came with were returned: take it off the bill."),
                number=number,
            )
        )
    if found.valid is not None and found.valid < day:
        raise _invalid(
            Message(
                N_("The last day of the coupon {number} was {day}: take it off the bill."),
                number=number,
                day=found.valid,
            )
        )
    if not any(offer.id == found.coupon and offer.needs.coupon for offer in programme.offers):
        raise _invalid(
            Message(
                N_("The programme no longer has the offer of the coupon {number}: take it off the bill."),
                number=number,
            )
        )
    return found


def by_offer(presented: Iterable[Coupon]) -> dict[str, str]:
    """The number that opens each offer: of several for one, the first whose last day comes soonest."""
    chosen: dict[str, Coupon] = {}
    for coupon in presented:
        other = chosen.get(coupon.coupon)
        if other is None or (coupon.valid or date.max) < (other.valid or date.max):
            chosen[coupon.coupon] = coupon
    return {offer: coupon.number for offer, coupon in chosen.items()}


def _invalid(message: Message) -> Refused:
    return Refused("coupon-invalid", message)
