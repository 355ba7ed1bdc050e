"""What a line of JSON asks for, as the till's own orders: every key and value checked before anything is priced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pos_loyalty.cli import json_fields as fields
from pos_loyalty.cli.json_lines import Object, invalid, shown
from pos_loyalty.cli.moments import read_moment
from pos_loyalty.domain.basket import MAX_LINES, ByHand
from pos_loyalty.domain.coupons import MAX_COUPONS
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.programme.rules import WhenSpent
from pos_loyalty.domain.redemption import Ask
from pos_loyalty.domain.sale import TENDER_KINDS, Tender
from pos_loyalty.till.checkout import Order, OrderLine, checked_id
from pos_loyalty.till.returns import RefundOrder

SALE_KEYS = ("id", "at", "card", "lines", "coupons", "take", "spend", "tenders", "operator")
LINE_KEYS = (
    "sku",
    "name",
    "department",
    "unit_price",
    "quantity",
    "unit",
    "vat",
    "reduced",
    "by_hand",
    "certificate",
    "club",
)
TENDER_KEYS = ("kind", "amount", "number")
REFUND_KEYS = ("id", "sale", "at", "lines", "when_spent", "gifts_kept", "operator")
BACK_KEYS = ("line", "quantity")
WHEN_SPENT: tuple[WhenSpent, ...] = ("owe", "withhold", "forgive")
MAX_TENDERS = 100
"""Ways in which one bill is paid: more than a table of guests has cards."""
MAX_PURSES = 100
MAX_TAKEN = 1_000
"""Rewards taken on one bill: as many as it can have lines."""

_Naive = Callable[[datetime], datetime]
_Digits = Callable[[str | None], int]


def sale_order(found: Object, digits_of: _Digits, operator: str, local: _Naive) -> Order:
    """The sale that a line asks for. `digits_of` says the decimals of a purse's amounts, or of money (None); `operator` is who
    sells where nobody is named, `local` gives a time without an offset the shop's. Refused with request-invalid, line-invalid,
    amount-invalid, id-invalid, …
    """
    fields.only(found, SALE_KEYS)
    digits = digits_of(None)
    lines = fields.list_of(found, "lines", MAX_LINES)
    return Order(
        lines=tuple(_line(line, number, digits) for number, line in enumerate(lines, 1)),
        id=_id(found),
        at=_at(found, local),
        card=fields.text_of(found, "card"),
        spend=_spend(found.get("spend"), digits_of),
        tenders=_tenders(found, digits),
        operator=fields.text_of(found, "operator") or operator,
        coupons=_texts(found, "coupons", MAX_COUPONS),
        take=_texts(found, "take", MAX_TAKEN),
    )


def refund_order(found: Object, operator: str, local: _Naive) -> RefundOrder:
    """The return that a line asks for; the arguments and refusals are as for `sale_order`."""
    fields.only(found, REFUND_KEYS)
    sale = fields.text_of(found, "sale")
    if not sale:
        raise invalid(N_('"sale" is missing: write the id or the receipt number of the sale.'))
    when_spent = fields.text_of(found, "when_spent")
    if when_spent is not None and when_spent not in WHEN_SPENT:
        raise fields.unknown_word("when_spent", when_spent, WHEN_SPENT)
    return RefundOrder(
        sale=_canonical(sale),
        id=_id(found),
        at=_at(found, local),
        lines=_back(found),
        when_spent=when_spent,
        operator=fields.text_of(found, "operator") or operator,
        gifts_kept=_texts(found, "gifts_kept", MAX_TAKEN),
    )


def _line(line: Any, number: int, digits: int) -> OrderLine:
    try:
        return _order_line(line, digits)
    except Refused as refused:
        problem = Message(N_("Line {number}: {problem}"), number=number, problem=refused.message)
        raise Refused("line-invalid", problem) from None


def _order_line(line: Any, digits: int) -> OrderLine:
    if type(line) is not dict:
        raise fields.wrong_kind("lines", Message(N_("objects, each in braces")), line)
    fields.only(line, LINE_KEYS)
    if line.get("certificate") is not None:
        return _certificate(line, digits)
    if line.get("club") is not None:
        return _membership(line, digits)
    price, quantity, vat = line.get("unit_price"), line.get("quantity"), line.get("vat")
    reduced = line.get("reduced")
    if reduced is not None and type(reduced) is not bool:
        raise fields.wrong_kind("reduced", Message(N_("true or false")), reduced)
    by_hand = line.get("by_hand")
    return OrderLine(
        sku=fields.text_of(line, "sku") or "",
        name=fields.text_of(line, "name"),
        department=fields.text_of(line, "department"),
        unit_price=None if price is None else fields.amount_of("unit_price", price, digits),
        quantity=MILLION if quantity is None else fields.quantity_of("quantity", quantity),
        unit=fields.text_of(line, "unit"),
        vat=None if vat is None else fields.rate_of("vat", vat),
        reduced=reduced,
        by_hand=None if by_hand is None else _by_hand(by_hand, digits),
    )


def _certificate(line: Object, digits: int) -> OrderLine:
    """A line that sells a gift certificate says its amount and nothing else."""
    for key, value in line.items():
        if key != "certificate" and value is not None:
            raise invalid(N_('"{key}" has no place beside "certificate", which is one piece at its amount.'), key=key)
    return OrderLine(certificate=fields.amount_of("certificate", line["certificate"], digits))


def _membership(line: Object, digits: int) -> OrderLine:
    """A membership: its club, and whatever else its fee says already."""
    fields.only({key: value for key, value in line.items() if value is not None}, ("club", "unit_price", "quantity"))
    price, quantity = line.get("unit_price"), line.get("quantity")
    return OrderLine(
        unit_price=None if price is None else fields.amount_of("unit_price", price, digits),
        quantity=MILLION if quantity is None else fields.quantity_of("quantity", quantity),
        club=fields.text_of(line, "club"),
    )


def _by_hand(value: Any, digits: int) -> ByHand:
    if type(value) is str and value.endswith("%"):
        return ByHand(rate=fields.rate_of("by_hand", value))
    return ByHand(amount=fields.amount_of("by_hand", value, digits))


def _back(found: Object) -> tuple[tuple[int, int], ...] | None:
    if found.get("lines") is None:
        return None
    back = []
    for entry in fields.list_of(found, "lines", MAX_LINES):
        if type(entry) is not dict:
            raise fields.wrong_kind("lines", Message(N_("objects, each in braces")), entry)
        fields.only(entry, BACK_KEYS)
        line, quantity = entry.get("line"), entry.get("quantity")
        if type(line) is not int:
            raise fields.wrong_kind("line", Message(N_("the number of a line, without quotation marks")), line)
        if quantity is None:
            raise invalid(N_('"quantity" is missing: write how much of line {number} comes back.'), number=line)
        back.append((line, fields.quantity_of("quantity", quantity)))
    return tuple(back)


def _spend(value: Any, digits_of: _Digits) -> dict[str, Ask]:
    if value is None:
        return {}
    if type(value) is not dict:
        raise fields.wrong_kind("spend", Message(N_("an object of purses and amounts")), value)
    if len(value) > MAX_PURSES:
        raise invalid(N_("There are {count} purses in spend; {limit} is the most."), count=len(value), limit=MAX_PURSES)
    asks: dict[str, Ask] = {}
    for purse, ask in value.items():
        name = f"spend.{shown(fields.checked('spend', purse))}"
        asks[purse] = "max" if ask == "max" else fields.not_below_zero(name, ask, digits_of(purse))
    return asks


def _tenders(found: Object, digits: int) -> tuple[Tender, ...] | None:
    if found.get("tenders") is None:
        return None
    return tuple(_tender(entry, digits) for entry in fields.list_of(found, "tenders", MAX_TENDERS))


def _tender(entry: Any, digits: int) -> Tender:
    if type(entry) is not dict:
        raise fields.wrong_kind("tenders", Message(N_("objects, each in braces")), entry)
    fields.only(entry, TENDER_KEYS)
    kind = fields.text_of(entry, "kind")
    if kind is None or kind not in TENDER_KINDS:
        raise fields.unknown_word("kind", kind or "", TENDER_KINDS)
    number = fields.text_of(entry, "number")
    if number is not None and kind != "certificate":
        raise invalid(N_('"number" belongs to a certificate; leave it out here.'))
    return Tender(kind, fields.amount_of("amount", entry.get("amount"), digits), number)


def _texts(found: Object, key: str, most: int) -> tuple[str, ...]:
    if found.get(key) is None:
        return ()
    texts = fields.list_of(found, key, most)
    for one in texts:
        if type(one) is not str:
            raise fields.wrong_kind(key, Message(N_("a list of texts")), one)
    return tuple(fields.checked(key, one) for one in texts)


def _id(found: Object) -> str | None:
    value = found.get("id")
    if value is None:
        return None
    if type(value) is not str:
        raise fields.wrong_kind("id", Message(N_("a text between quotation marks")), value)
    return checked_id(value[:100])


def _canonical(sale: str) -> str:
    """A sale's id as the store keeps it; a receipt's number as it is."""
    try:
        return checked_id(sale)
    except Refused:
        return sale


def _at(found: Object, local: _Naive) -> datetime | None:
    value = found.get("at")
    if value is None:
        return None
    moment = read_moment(value) if type(value) is str else None
    if moment is None:
        raise invalid(N_('"at" is no time: write it as "2026-11-22T10:15:00+01:00".'))
    return local(moment) if moment.tzinfo is None else moment
