"""What a sale, a return and a card answer as JSON, key by key as commands.md has it: other programs are built on it.

Amounts are texts with exactly the decimals of their unit, rates end in %, dates are ISO 8601. Only reasons and warnings are in the
reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.ledger import Balance, EntryKind, Lot
from pos_loyalty.domain.money import Currency, Minor, plain, plain_millionths, plain_rate
from pos_loyalty.domain.sale import AskedBack, Owed, PurseShare, Refund, Sale, Tender, TierState, VatLine
from pos_loyalty.language import Language
from pos_loyalty.till.cards import CardView
from pos_loyalty.till.certificates import CertificateView

Facts = dict[str, Any]


class Units:
    """How amounts are written: money with the currency's decimals, what is in any other purse as whole units."""

    __slots__ = ("_digits", "_purses")

    def __init__(self, currency: Currency, purses: Mapping[str, str]) -> None:
        """`purses` is the unit that each purse is kept in: the currency's code, or one of its own."""
        self._digits = currency.digits
        self._purses = {purse: self._digits if unit == currency.code else 0 for purse, unit in purses.items()}

    def money(self, minor: Minor) -> str:
        """Minor units of the currency."""
        return plain(minor, self._digits)

    def moneys(self, minors: Iterable[Minor]) -> list[str]:
        """Several of them."""
        digits = self._digits
        return [plain(minor, digits) for minor in minors]

    def of(self, purse: str, units: Minor) -> str:
        """Units of a purse; one that is not there holds money."""
        return plain(units, self._purses.get(purse, self._digits))

    def all_of(self, purse: str, units: Iterable[Minor]) -> list[str]:
        """Several of them."""
        digits = self._purses.get(purse, self._digits)
        return [plain(amount, digits) for amount in units]


def sale_answer(sale: Sale, holder: str | None, units: Units, language: Language, receipt: str | None) -> Facts:
    """The answer to a sale; `receipt` None is a quote: nothing was sold, so it has no number either."""
    quote, settlement = sale.quote, sale.settlement
    return {
        "id": sale.id or None,
        "receipt_number": None if receipt is None else sale.receipt_number,
        "card": sale.card,
        "holder": holder,
        "tier": _tier_id(sale.tier),
        "tier_after": _tier_id(sale.tier_after),
        "gross": units.money(quote.gross),
        "discounts": [
            {"offer": one.offer, "amount": units.money(one.amount), "lines": units.moneys(one.lines)}
            for one in quote.discounts
            if one.amount
        ],
        "spent": [
            {
                "purse": one.purse,
                "offer": one.offer,
                "amount": units.of(one.purse, one.amount),
                "counts_as": one.counts_as,
                "lines": units.moneys(one.lines),
            }
            for one in quote.spent
            if one.amount
        ],
        "due": units.money(quote.due),
        "paid": units.money(settlement.paid),
        "rounding": units.money(settlement.rounding),
        "change": units.money(settlement.change),
        "vat": vat(quote.vat, units),
        "earned": [
            {
                "purse": one.purse,
                "offer": one.offer,
                "amount": units.of(one.purse, one.amount),
                "lines": units.all_of(one.purse, one.lines),
                "available": one.available.isoformat(),
                "expires": _iso(one.expires),
            }
            for one in quote.earned
            if one.amount
        ],
        "gifts": [
            {"offer": one.offer, "sku": one.sku, "name": one.name, "quantity": one.quantity} for one in quote.gifts
        ],
        "coupons": [
            {"offer": one.offer, "coupon": one.coupon, "number": one.number, "valid": _iso(one.valid)}
            for one in quote.coupons
        ],
        "certificates": [
            {"number": one.number, "amount": units.money(one.amount), "expires": _iso(one.expires)}
            for one in quote.certificates
        ],
        "balances": balances(sale.balances, units),
        "why": [{"offer": one.offer, "applied": one.applied, "reason": language.say(one.reason)} for one in quote.why],
        "warnings": [language.say(warning) for warning in sale.warnings],
        "receipt": receipt,
    }


def refund_answer(refund: Refund, units: Units, receipt: str | None) -> Facts:
    """The answer to a return; `receipt` None is a preview."""
    return {
        "id": refund.id or None,
        "receipt_number": None if receipt is None else refund.receipt_number,
        "sale": refund.sale,
        "lines": [
            {
                "line": one.line,
                "quantity": plain_millionths(one.quantity),
                "paid": units.money(one.paid),
                "vat": units.money(one.vat),
            }
            for one in refund.lines
        ],
        "money_back": [_tender(one, units) for one in refund.money_back if one.amount],
        "rounding": units.money(refund.rounding),
        "restored": _shares(refund.restored, units),
        "taken_back": _shares(refund.taken_back, units),
        "owed": _owed(refund.owed, units),
        "withheld": units.money(refund.withheld),
        "forgiven": _owed(refund.forgiven, units),
        "asked_back": [_asked_back(one, units) for one in refund.asked_back if one.gift is not None or not one.kept],
        "vat": vat(refund.vat, units),
        "balances": balances(refund.balances, units),
        "tier_after": _tier_id(refund.tier_after),
        "receipt": receipt,
    }


def card_answer(view: CardView, units: Units) -> Facts:
    """All that a card says of its holder."""
    tier = view.tier
    return {
        "number": view.number,
        "account": view.account,
        "status": view.status,
        "kind": view.kind,
        "holder": view.member.name if view.member else None,
        "tier": None
        if tier is None
        else {
            "id": tier.id,
            "name": tier.name,
            "since": tier.since.isoformat(),
            "kept_until": _iso(tier.kept_until),
            "spend": units.money(tier.spend),
            "next": None if tier.next is None else {"id": tier.next.tier.id, "missing": units.money(tier.next.missing)},
        },
        "purses": {
            purse: {
                "available": units.of(purse, one.balance.available),
                "pending": units.of(purse, one.balance.pending),
                "owed": units.of(purse, one.balance.owed),
                "lots": [_lot(lot, units) for lot in one.lots],
            }
            for purse, one in view.purses.items()
        },
        "clubs": [{"id": club, "until": _iso(until)} for club, until in view.clubs.items()],
        "coupons": [
            {"offer": one.given_by, "coupon": one.coupon, "number": one.number, "valid": _iso(one.valid)}
            for one in view.coupons
        ],
        "prizes": [
            {"draw": won.draw, "title": won.title, "place": won.place, "prize": won.prize, "ticket": won.ticket}
            for won in view.prizes
        ],
        "last_visit": _iso(view.last_visit),
        "visits": view.visits,
    }


def certificate_answer(view: CertificateView, units: Units) -> Facts:
    """What a gift certificate is on a day, and what moved it: `paid` by it, `given_back` to it, and what `expired` on it."""

    def moved(kind: EntryKind, sign: int) -> list[Facts]:
        return [
            {"receipt_number": one.receipt, "day": one.day.isoformat(), "amount": units.money(sign * one.amount)}
            for one in view.moves
            if one.kind == kind and sign * one.amount > 0
        ]

    certificate = view.certificate
    return {
        "number": certificate.number,
        "amount": units.money(certificate.amount),
        "left": units.money(view.left),
        "expires": _iso(certificate.expires),
        "status": view.status,
        "sold": moved("sale", 1),
        "paid": moved("sale", -1),
        "given_back": moved("refund", 1),
        "returned": moved("refund", -1),
        "expired": moved("expiry", -1),
    }


def _tender(tender: Tender, units: Units) -> Facts:
    """Money given back; of a certificate's number only the end, since who knows it whole can spend it."""
    facts = {"kind": tender.kind, "amount": units.money(tender.amount)}
    return facts if tender.number is None else facts | {"number": masked(tender.number)}


def vat(lines: Iterable[VatLine], units: Units) -> list[Facts]:
    """VAT once a rate."""
    return [{"rate": plain_rate(one.rate), "net": units.money(one.net), "vat": units.money(one.vat)} for one in lines]


def balances(held: Iterable[Balance], units: Units) -> Facts:
    """What each purse comes to."""
    return {
        one.purse: {
            "available": units.of(one.purse, one.available),
            "pending": units.of(one.purse, one.pending),
            "owed": units.of(one.purse, one.owed),
            "next_expiry": None
            if one.next_expiry is None
            else {"on": one.next_expiry.isoformat(), "amount": units.of(one.purse, one.expiring)},
        }
        for one in held
    }


def _lot(lot: Lot, units: Units) -> Facts:
    return {
        "amount": units.of(lot.purse, lot.remaining),
        "available": lot.available.isoformat(),
        "expires": _iso(lot.expires),
        "sale": lot.sale,
        "offer": lot.offer,
    }


def _shares(shares: Iterable[PurseShare], units: Units) -> list[Facts]:
    return [
        {"purse": one.purse, "offer": one.offer, "amount": units.of(one.purse, one.amount)}
        for one in shares
        if one.amount
    ]


def _asked_back(one: AskedBack, units: Units) -> Facts:
    if one.gift is None:
        return {"offer": one.offer, "coupon": one.coupon}
    return {"offer": one.offer, "gift": one.gift, "withheld": units.money(one.withheld)}


def _owed(owed: Iterable[Owed], units: Units) -> list[Facts]:
    return [{"purse": one.purse, "amount": units.of(one.purse, one.amount)} for one in owed if one.amount]


def _tier_id(tier: TierState | None) -> str | None:
    return None if tier is None else tier.id


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
