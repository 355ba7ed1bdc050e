"""What a scanned code is, wherever the focus was: a card, a gift certificate, goods, a receipt, or nothing known here, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from pos_loyalty.domain import certificate
from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.card import look_of, masked, scanned
from pos_loyalty.domain.check_digits import ean_is_valid
from pos_loyalty.domain.coupons import looks_mistyped, number_of
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.problems import shown
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.till.goods import goods_line
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.register import Register

_RECEIPT = re.compile(r".{1,40}-\d{6,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CardScanned:
    """A card of ours by its look, or one that the store knows; whether it opens an account is asked when the bill is priced."""

    number: str
    known: bool


@dataclass(frozen=True, slots=True)
class CertificateScanned:
    """A gift certificate by its look; whether it can pay is asked when it is put on the bill."""

    number: str


@dataclass(frozen=True, slots=True)
class GoodsScanned:
    """Goods from the catalogue, as one line item."""

    item: LineItem


@dataclass(frozen=True, slots=True)
class PriceNeeded:
    """Goods from the catalogue that have no price there: the cashier types it."""

    item: CatalogueItem


@dataclass(frozen=True, slots=True)
class ReceiptScanned:
    """The number of a receipt of this store: a return begins with it."""

    number: str


@dataclass(frozen=True, slots=True)
class CouponScanned:
    """A coupon of this store; whether it can be used is asked when the bill is priced."""

    number: str


@dataclass(frozen=True, slots=True)
class NotRecognised:
    """A code that is nothing here; `message` says why and what can be done with it."""

    code: str
    message: Message


Recognised: TypeAlias = (
    CardScanned | CertificateScanned | GoodsScanned | PriceNeeded | ReceiptScanned | CouponScanned | NotRecognised
)


def recognise(register: Register, code: str) -> Recognised:
    """What a code is. Cards come first: their range is the shop's own choice, so goods must keep out of it."""
    code = scanned(code, register.cards)
    with register.store.read() as books:
        look = look_of(code, register.cards)
        if look == "card" or books.card(code) is not None:
            return CardScanned(code, known=look != "card" or books.card(code) is not None)
        if look == "wrong-check-digit":
            return NotRecognised(
                code, Message(N_("Card {card} has a wrong check digit: scan it again."), card=masked(code))
            )
        looks = certificate.look_of(code)
        if looks == "certificate":
            return CertificateScanned(certificate.canonical(code))
        if _RECEIPT.fullmatch(code) and (found := books.sale(code)) is not None and found[0].receipt_number == code:
            return ReceiptScanned(code)
        coupon = number_of(code)
        if coupon is not None and books.coupon(coupon) is not None:
            return CouponScanned(coupon)
        item = _goods(books, code)
        if item is not None:
            return _as_line(register, books, item)
    if looks == "wrong-check-digit":
        return NotRecognised(
            code,
            Message(N_("Certificate {certificate} has a wrong check digit: scan it again."), certificate=masked(code)),
        )
    if looks_mistyped(code):
        return NotRecognised(
            code, Message(N_("Coupon {code} has a wrong check digit: scan it again."), code=shown(code))
        )
    if coupon is not None:
        return NotRecognised(code, Message(N_("There is no coupon {number}: sell without it."), number=coupon))
    if code.isdecimal() and len(code) in {8, 13} and not ean_is_valid(code):
        return NotRecognised(code, Message(N_("Code {code} has a wrong check digit: scan it again."), code=shown(code)))
    return NotRecognised(
        code,
        Message(N_("Code {code} is not known here: ring the goods up with a price of your own."), code=shown(code)),
    )


def _goods(books: Books, code: str) -> CatalogueItem | None:
    """Goods by barcode or SKU; a UPC-A may come as 12 digits or as an EAN-13 with a leading zero."""
    item = books.item(code)
    if item is None and code.isdecimal() and len(code) == 12:
        item = books.item("0" + code)
    if item is None and code.isdecimal() and len(code) == 13 and code.startswith("0"):
        item = books.item(code[1:])
    return item


def _as_line(register: Register, books: Books, item: CatalogueItem) -> Recognised:
    if item.price is None:
        return PriceNeeded(item)
    currency = in_force(books, register.clock()).programme.currency
    try:
        return GoodsScanned(goods_line(item, currency, 1))
    except Refused as refused:
        return NotRecognised(item.barcode or item.sku, refused.message)
