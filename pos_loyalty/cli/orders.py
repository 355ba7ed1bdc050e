"""What a line of JSON asks for, as the till's own orders: every key and value checked before anything is priced.

Amounts, rates and quantities are texts, read as exact decimals; a bare number is refused and shown how to be written, since a
program that writes one may have rounded it already.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, cast

from pos_loyalty.cli.json_lines import BareNumber, Object, invalid, shown
from pos_loyalty.cli.moments import read_moment
from pos_loyalty.domain.basket import MAX_LINES, MAX_TEXT, ByHand
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MAX_MINOR, MAX_QUANTITY, MILLION, Minor, parse_decimal, parse_rate, plain
from pos_loyalty.domain.programme.rules import WhenSpent
from pos_loyalty.domain.redemption import Ask
from pos_loyalty.domain.sale import TENDER_KINDS, Tender, TenderKind
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

# Characters that move cursors, break lines or are none: they would garble receipts and screens.
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_Naive = Callable[[datetime], datetime]


def sale_order(found: Object, digits: int, operator: str, local: _Naive) -> Order:
    """The sale that a line asks for. `digits` are the currency's decimals, `operator` who sells where nobody is named, `local`
    gives a time without an offset the shop's. Refused with request-invalid, line-invalid, amount-invalid, id-invalid, …
    """
    _only(found, SALE_KEYS)
    _nothing_of(found, "coupons", "coupon-invalid", N_("Coupons are not part of this release: leave them out."))
    _nothing_of(found, "take", "offer-invalid", N_("Offers to take are not part of this release: leave them out."))
    lines = _list(found, "lines", MAX_LINES)
    return Order(
        lines=tuple(_line(line, number, digits) for number, line in enumerate(lines, 1)),
        id=_id(found),
        at=_at(found, local),
        card=_text(found, "card"),
        spend=_spend(found.get("spend"), digits),
        tenders=_tenders(found, digits),
        operator=_text(found, "operator") or operator,
    )


def refund_order(found: Object, operator: str, local: _Naive) -> RefundOrder:
    """The return that a line asks for; the arguments and refusals are as for `sale_order`."""
    _only(found, REFUND_KEYS)
    sale = _text(found, "sale")
    if not sale:
        raise invalid(N_('"sale" is missing: write the id or the receipt number of the sale.'))
    when_spent = _text(found, "when_spent")
    if when_spent is not None and when_spent not in WHEN_SPENT:
        raise _unknown_word("when_spent", when_spent, WHEN_SPENT)
    kept = found.get("gifts_kept")
    if kept is not None and not (isinstance(kept, list) and all(type(one) is str for one in kept)):
        raise _kind("gifts_kept", Message(N_("a list of texts")), kept)
    return RefundOrder(
        sale=_canonical(sale),
        id=_id(found),
        at=_at(found, local),
        lines=_back(found),
        when_spent=when_spent,
        operator=_text(found, "operator") or operator,
    )


def _line(line: Any, number: int, digits: int) -> OrderLine:
    try:
        return _order_line(line, digits)
    except Refused as refused:
        problem = Message(N_("Line {number}: {problem}"), number=number, problem=refused.message)
        raise Refused("line-invalid", problem) from None


def _order_line(line: Any, digits: int) -> OrderLine:
    if type(line) is not dict:
        raise _kind("lines", Message(N_("objects, each in braces")), line)
    _only(line, LINE_KEYS)
    for key in ("certificate", "club"):
        if line.get(key) is not None:
            raise invalid(N_('"{key}" is not part of this release.'), key=key)
    price, quantity, vat = line.get("unit_price"), line.get("quantity"), line.get("vat")
    reduced = line.get("reduced")
    if reduced is not None and type(reduced) is not bool:
        raise _kind("reduced", Message(N_("true or false")), reduced)
    by_hand = line.get("by_hand")
    return OrderLine(
        sku=_text(line, "sku") or "",
        name=_text(line, "name"),
        department=_text(line, "department"),
        unit_price=None if price is None else _amount("unit_price", price, digits),
        quantity=MILLION if quantity is None else _quantity("quantity", quantity),
        unit=_text(line, "unit"),
        vat=None if vat is None else _rate("vat", vat),
        reduced=reduced,
        by_hand=None if by_hand is None else _by_hand(by_hand, digits),
    )


def _by_hand(value: Any, digits: int) -> ByHand:
    if type(value) is str and value.endswith("%"):
        return ByHand(rate=_rate("by_hand", value))
    return ByHand(amount=_amount("by_hand", value, digits))


def _back(found: Object) -> tuple[tuple[int, int], ...] | None:
    if found.get("lines") is None:
        return None
    back = []
    for entry in _list(found, "lines", MAX_LINES):
        if type(entry) is not dict:
            raise _kind("lines", Message(N_("objects, each in braces")), entry)
        _only(entry, BACK_KEYS)
        line, quantity = entry.get("line"), entry.get("quantity")
        if type(line) is not int:
            raise _kind("line", Message(N_("the number of a line, without quotation marks")), line)
        if quantity is None:
            raise invalid(N_('"quantity" is missing: write how much of line {number} comes back.'), number=line)
        back.append((line, _quantity("quantity", quantity)))
    return tuple(back)


def _spend(value: Any, digits: int) -> dict[str, Ask]:
    if value is None:
        return {}
    if type(value) is not dict:
        raise _kind("spend", Message(N_("an object of purses and amounts")), value)
    if len(value) > MAX_PURSES:
        raise invalid(N_("There are {count} purses in spend; {limit} is the most."), count=len(value), limit=MAX_PURSES)
    asks: dict[str, Ask] = {}
    for purse, ask in value.items():
        name = f"spend.{shown(_checked('spend', purse))}"
        asks[purse] = "max" if ask == "max" else _positive(name, ask, digits)
    return asks


def _tenders(found: Object, digits: int) -> tuple[Tender, ...] | None:
    if found.get("tenders") is None:
        return None
    return tuple(_tender(entry, digits) for entry in _list(found, "tenders", MAX_TENDERS))


def _tender(entry: Any, digits: int) -> Tender:
    if type(entry) is not dict:
        raise _kind("tenders", Message(N_("objects, each in braces")), entry)
    _only(entry, TENDER_KEYS)
    kind = _text(entry, "kind")
    if kind is None or kind not in TENDER_KINDS:
        raise _unknown_word("kind", kind or "", TENDER_KINDS)
    if kind == "certificate":
        raise Refused(
            "certificate-invalid",
            Message(N_("Gift certificates are not part of this release: take another kind of payment.")),
        )
    if entry.get("number") is not None:
        raise invalid(N_('"number" belongs to a certificate; leave it out here.'))
    return Tender(cast(TenderKind, kind), _amount("amount", entry.get("amount"), digits))


def _only(found: Object, known: Collection[str]) -> None:
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key.lower()[:60], known, n=1)
            mend = (
                Message(N_('did you mean "{word}"?'), word=near[0])
                if near
                else Message(N_("what can stand here: {words}."), words=", ".join(known))
            )
            raise invalid(N_('"{key}" is not known here; {mend}'), key=shown(key), mend=mend)


def _nothing_of(found: Object, key: str, code: str, template: str) -> None:
    value = found.get(key)
    if value is None or value == []:
        return
    if type(value) is not list:
        raise _kind(key, Message(N_("a list")), value)
    raise Refused(code, Message(template))


def _list(found: Object, key: str, limit: int) -> list[Any]:
    value = found.get(key)
    if value is None:
        raise invalid(N_('"{key}" is missing.'), key=key)
    if type(value) is not list:
        raise _kind(key, Message(N_("a list")), value)
    if len(value) > limit:
        code = "line-invalid" if key == "lines" else "request-invalid"
        template = N_("{key} has {count} entries; {limit} is the most.")
        raise Refused(code, Message(template, key=key, count=len(value), limit=limit))
    return value


def _text(found: Object, key: str) -> str | None:
    value = found.get(key)
    if value is None:
        return None
    if type(value) is not str:
        raise _kind(key, Message(N_("a text between quotation marks")), value)
    return _checked(key, value)


def _checked(key: str, value: str) -> str:
    if len(value) > MAX_TEXT:
        raise invalid(N_('"{key}" is longer than {limit} characters.'), key=key, limit=MAX_TEXT)
    if _HIDDEN.search(value):
        raise invalid(N_('"{key}" holds a character that nobody can see: take it out.'), key=key)
    return value


def _id(found: Object) -> str | None:
    value = found.get("id")
    if value is None:
        return None
    if type(value) is not str:
        raise _kind("id", Message(N_("a text between quotation marks")), value)
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


def _amount(key: str, value: Any, digits: int) -> Minor:
    example = plain(5 * 10**digits, digits)
    if type(value) is not str:
        raise Refused(
            "amount-invalid",
            _kind(key, Message(N_('an amount as text, like "{example}"'), example=example), value).message,
        )
    try:
        amount = parse_decimal(value, digits)
    except ValueError:
        raise Refused(
            "amount-invalid",
            Message(
                N_('"{key}": {text} is no amount; write it like "{example}", with at most {digits} decimals.'),
                key=key,
                text=shown(value) or '""',
                example=example,
                digits=digits,
            ),
        ) from None
    if abs(amount) > MAX_MINOR:
        raise Refused("amount-invalid", Message(N_('"{key}" is more than a bill can hold.'), key=key))
    return amount


def _positive(key: str, value: Any, digits: int) -> Minor:
    amount = _amount(key, value, digits)
    if amount < 0:
        raise Refused("amount-invalid", Message(N_('"{key}" must not be below zero.'), key=key))
    return amount


def _quantity(key: str, value: Any) -> int:
    if type(value) is int:
        quantity = value * MILLION
    elif type(value) is str:
        try:
            quantity = parse_decimal(value, 6)
        except ValueError:
            raise invalid(
                N_('"{key}": {text} is no quantity; write it like "1.5", with at most six decimals.'),
                key=key,
                text=shown(value) or '""',
            ) from None
    else:
        raise _kind(key, Message(N_('a quantity as text, like "1.5"')), value)
    if not 0 < quantity <= MAX_QUANTITY:
        raise invalid(N_('"{key}" must be above zero, and no more than a line can hold.'), key=key)
    return quantity


def _rate(key: str, value: Any) -> int:
    if type(value) is not str:
        raise _kind(key, Message(N_('a percentage as text, like "20%"')), value)
    try:
        return parse_rate(value)
    except ValueError:
        raise invalid(
            N_('"{key}": {text} is no percentage; write it like "20%".'), key=key, text=shown(value)
        ) from None


def _unknown_word(key: str, value: str, words: Collection[str]) -> Refused:
    return invalid(
        N_('"{key}": {text} is not known; one of: {words}.'), key=key, text=shown(value) or '""', words=", ".join(words)
    )


def _kind(key: str, wanted: Message, value: Any) -> Refused:
    return invalid(N_('"{key}" must be {wanted}; found: {found}.'), key=key, wanted=wanted, found=_found(value))


def _found(value: Any) -> Message:
    match value:
        case None:
            return Message(N_("nothing"))
        case bool():
            return Message(N_("{value}"), value=str(value).lower())
        case BareNumber() | int():
            return Message(N_("the bare number {value}"), value=shown(str(value)))
        case str():
            return Message(N_('the text "{value}"'), value=shown(value))
        case list():
            return Message(N_("a list"))
        case _:
            return Message(N_("an object"))
