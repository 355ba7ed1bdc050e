"""A bill's facts: what was sold, what it came to and why, and what came back of it.

`Quote` is what a bill comes to before it is paid; `Sale` is a quote that was paid, with everything that a receipt states, a
return reverses and an owner asks about years later; `Refund` is what came back of a sale. They hold no name and no full card
number, so that a holder can be erased and the chained history stays whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.card import CardKind
from pos_loyalty.domain.ledger import Balance, Draw
from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import Millionths, Minor
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.rules import CountsAs

TenderKind: TypeAlias = Literal["certificate", "card", "cash", "other"]
TENDER_KINDS: tuple[TenderKind, ...] = ("certificate", "card", "other", "cash")
"""In the order in which a return gives money back."""

BY_HAND = "by_hand"
"""What a discount that the cashier gave is listed as."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line item and every figure that the sale fixed on it, in minor units.

    `discount` is all discounts; `spent` what purses paid of it, of which `spent_as_tender` did not lower the price; `paid` is what
    the tenders pay: gross - discount - spent. `vat` is the VAT held in paid + spent_as_tender. `earning` is what it earns on.
    """

    item: LineItem
    gross: Minor
    discount: Minor
    spent: Minor
    spent_as_tender: Minor
    paid: Minor
    vat: Minor
    earning: Minor
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Discount:
    """What one offer (or `by_hand`) took off, with each line's part."""

    offer: str
    title: Message
    amount: Minor
    lines: tuple[Minor, ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent from a purse: `amount` in its units, `lines` the money that they paid on each line, `units` the units that lie
    on each, and the lots drawn on.

    `offer` is the offer that it paid for, or None where it paid like money.
    """

    purse: str
    amount: Minor
    counts_as: CountsAs
    lines: tuple[Minor, ...]
    units: tuple[int, ...]
    draws: tuple[Draw, ...]
    offer: str | None = None


@dataclass(frozen=True, slots=True)
class Earned:
    """What one offer earned into a purse, with each line's part; it fills one lot."""

    purse: str
    offer: str
    title: Message
    amount: Minor
    lines: tuple[Minor, ...]
    available: date
    expires: date | None


@dataclass(frozen=True, slots=True)
class GiftGiven:
    """Goods that an offer gave along. `value` is their catalogue price in minor units, all together: what is withheld from a return
    for a gift that does not come back.
    """

    offer: str
    title: Message
    sku: str
    name: str
    quantity: int = 1
    value: Minor = 0


@dataclass(frozen=True, slots=True)
class CouponIssued:
    """A personal coupon that an offer gave, for the offer `coupon`, which gives what `gives` says. A quote has no `number` yet;
    `valid` is its last day (None: for ever).
    """

    offer: str
    title: Message
    coupon: str
    number: str | None = None
    valid: date | None = None
    gives: Message | None = None


@dataclass(frozen=True, slots=True)
class CouponUsed:
    """A coupon that opened an offer on this bill, and can open no other."""

    offer: str
    number: str


@dataclass(frozen=True, slots=True)
class ReferrerEarned:
    """What one offer earned, not for this holder but for the account that had sent them."""

    account: str
    earned: Earned


@dataclass(frozen=True, slots=True)
class CertificateSold:
    """A gift certificate sold on a line (numbered from 1). A quote has no `number` yet; `expires` is its last day (None: ever)."""

    line: int
    amount: Minor
    number: str | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class CertificateLeft:
    """A gift certificate that a bill drew on, or gave money back to: what is left on it then, and its last day (None: ever)."""

    number: str
    left: Minor
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class MembershipSold:
    """A club's membership sold on a line (numbered from 1), from one day to another, both included (None: for good).

    `lasts` is what the fee pays for: were what it prolongs given back, it would run from the day of the sale.
    """

    line: int
    club: str
    since: date
    until: date | None = None
    lasts: Duration | None = None


@dataclass(frozen=True, slots=True)
class VatLine:
    """The VAT of one rate (millionths), stated once: net + vat is what was taxed."""

    rate: Millionths
    net: Minor
    vat: Minor


ShortOf: TypeAlias = Literal["money", "items", "units"]
"""What an offer can be short of, the easiest to come by first: goods for so much money, so many goods, units of a purse."""


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of one offer that was looked at: applied, and how much; or not, and what is missing.

    Where one thing alone is missing, and the holder can come by it, `short` is how much of what: minor units still to be bought,
    pieces of its goods, or units of a purse that it costs.
    """

    offer: str
    applied: bool
    reason: Message
    short: int = 0
    short_of: ShortOf | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a bill comes to, with its reasons. `due` is what the tenders pay, before cash is rounded.

    `used` are the offers that gave something, `held_out` those that this holder's control group kept from giving.
    `coupons` are given for a later bill, `coupons_used` opened offers of this one.
    """

    lines: tuple[Line, ...]
    gross: Minor
    discounts: tuple[Discount, ...]
    spent: tuple[Spent, ...]
    due: Minor
    vat: tuple[VatLine, ...]
    earned: tuple[Earned, ...]
    qualifying: Minor
    why: tuple[Why, ...]
    used: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    gifts: tuple[GiftGiven, ...] = ()
    coupons: tuple[CouponIssued, ...] = ()
    coupons_used: tuple[CouponUsed, ...] = ()
    referrer: tuple[ReferrerEarned, ...] = ()
    certificates: tuple[CertificateSold, ...] = ()
    memberships: tuple[MembershipSold, ...] = ()


@dataclass(frozen=True, slots=True)
class Tender:
    """What was handed over: `amount` in minor units; a certificate has its number."""

    kind: TenderKind
    amount: Minor
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a bill was paid: `rounding` is what rounding the cash added to what was due, `change` what cash gave back."""

    tenders: tuple[Tender, ...]
    paid: Minor
    rounding: Minor
    change: Minor


@dataclass(frozen=True, slots=True)
class TierState:
    """A holder's tier as a receipt states it, and how far it is to the next (None at the top)."""

    id: str
    name: str
    next: str | None = None
    missing: Minor = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """Units of a purse that were earned on goods that came back, already spent, and not yet made good."""

    purse: str
    amount: Minor


@dataclass(frozen=True, slots=True)
class Sale:
    """A bill that was paid. `at` is business time, `recorded_at` the clock's; `card` is masked.

    `settled` is what of the earned units made good at once what the holder owed to that purse. `shop` is the partner that sold,
    where several honour one another's purse. `certificates_left` are the gift certificates that paid, as they are afterwards.
    """

    id: str
    register: str
    number: int
    at: datetime
    recorded_at: datetime
    day: date
    operator: str
    revision: int
    currency: str
    account: str | None
    card: str | None
    kind: CardKind | None
    tier: TierState | None
    tier_after: TierState | None
    quote: Quote
    settlement: Settlement
    settled: tuple[Owed, ...] = ()
    balances: tuple[Balance, ...] = ()
    warnings: tuple[Message, ...] = ()
    shop: str | None = None
    certificates_left: tuple[CertificateLeft, ...] = ()

    @property
    def receipt_number(self) -> str:
        """The number on the receipt, gapless per register."""
        return receipt_number(self.register, self.number)


@dataclass(frozen=True, slots=True)
class RefundLine:
    """How much of a line (numbered from 1) came back, and its figures in minor units, telescoped."""

    line: int
    quantity: Millionths
    paid: Minor
    vat: Minor
    spent_as_tender: Minor
    earning: Minor


@dataclass(frozen=True, slots=True)
class PurseShare:
    """Units of a purse that one offer (None: paid like money) had given or taken."""

    purse: str
    offer: str | None
    amount: Minor


@dataclass(frozen=True, slots=True)
class AskedBack:
    """What an offer had given along and the rest of the bill no longer carries: a gift (its SKU) or a coupon (its number).
    `withheld` is what was kept from the money because a gift was `kept`. A coupon is void; one that was used already is `kept` by
    the bill that used it, which stays as it is and does not make it usable again.
    """

    offer: str
    gift: str | None = None
    coupon: str | None = None
    withheld: Minor = 0
    kept: bool = False


@dataclass(frozen=True, slots=True)
class ReferrerBack:
    """What a return took from who had sent the holder: `taken_back` left their lots, `owed` is the rest."""

    account: str
    taken_back: tuple[PurseShare, ...]
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Refund:
    """What came back of a sale, and where it went. It is reckoned under the sale's own revision.

    `taken_back` is what left the holder's lots; `owed`, `withheld` (minor units, kept from the money) and `forgiven` are the rest
    of what had been earned; `excused` is what the lots had lost by expiring, which is not asked for.
    `coupons_back` are the numbers of coupons that can be used again, `certificates_void` of certificates that were sold; `unused`
    are the offers whose limits and budgets are given back, because the bill came back whole. `certificates_left` are those that
    money went back to, as they are afterwards.
    """

    id: str
    register: str
    number: int
    sale: str
    sale_receipt: str
    at: datetime
    recorded_at: datetime
    day: date
    operator: str
    revision: int
    currency: str
    account: str | None
    card: str | None
    lines: tuple[RefundLine, ...]
    money_back: tuple[Tender, ...]
    rounding: Minor
    restored: tuple[PurseShare, ...]
    taken_back: tuple[PurseShare, ...]
    owed: tuple[Owed, ...]
    withheld: Minor
    forgiven: tuple[Owed, ...]
    vat: tuple[VatLine, ...]
    tier_after: TierState | None
    balances: tuple[Balance, ...] = ()
    excused: tuple[Draw, ...] = ()
    settled: tuple[Owed, ...] = ()
    asked_back: tuple[AskedBack, ...] = ()
    coupons_back: tuple[str, ...] = ()
    certificates_void: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    referrer: ReferrerBack | None = None
    shop: str | None = None
    certificates_left: tuple[CertificateLeft, ...] = ()

    @property
    def receipt_number(self) -> str:
        """The number on the receipt, gapless per register, in the same sequence as its sales."""
        return receipt_number(self.register, self.number)


def receipt_number(register: str, number: int) -> str:
    """A receipt's number as people and barcodes write it: register and six digits or more."""
    return f"{register}-{number:06d}"
