"""One field of a JSON line at a time: what may stand there, and the sentence that says why something else may not.

Amounts, rates and quantities are texts, read as exact decimals; a bare number is refused and shown how to be written, since a
program that writes one may have rounded it already.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import Any

from pos_loyalty.cli.json_lines import BareNumber, Object, invalid, shown
from pos_loyalty.domain.basket import HIDDEN, MAX_TEXT
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MAX_MINOR, MAX_QUANTITY, MILLION, Minor, parse_decimal, parse_rate, plain


def only(found: Object, known: Collection[str]) -> None:
    """Refuse a key that is not known, with a suggestion."""
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key.lower()[:60], known, n=1)
            mend = (
                Message(N_('did you mean "{word}"?'), word=near[0])
                if near
                else Message(N_("what can stand here: {words}."), words=", ".join(known))
            )
            raise invalid(N_('"{key}" is not known here; {mend}'), key=shown(key), mend=mend)


def list_of(found: Object, key: str, limit: int) -> list[Any]:
    """The list of a key that must be there, of at most so many entries."""
    value = found.get(key)
    if value is None:
        raise invalid(N_('"{key}" is missing.'), key=key)
    if type(value) is not list:
        raise wrong_kind(key, Message(N_("a list")), value)
    if len(value) > limit:
        code = "line-invalid" if key == "lines" else "request-invalid"
        template = N_("{key} has {count} entries; {limit} is the most.")
        raise Refused(code, Message(template, key=key, count=len(value), limit=limit))
    return value


def text_of(found: Object, key: str) -> str | None:
    """The text of a key; None where it is left out or null."""
    value = found.get(key)
    if value is None:
        return None
    if type(value) is not str:
        raise wrong_kind(key, Message(N_("a text between quotation marks")), value)
    return checked(key, value)


def checked(key: str, value: str) -> str:
    """A text within the limits, without characters that nobody can see."""
    if len(value) > MAX_TEXT:
        raise invalid(N_('"{key}" is longer than {limit} characters.'), key=key, limit=MAX_TEXT)
    if HIDDEN.search(value):
        raise invalid(N_('"{key}" holds a character that nobody can see: take it out.'), key=key)
    return value


def amount_of(key: str, value: Any, digits: int) -> Minor:
    """An amount in minor units of a currency with so many decimals. Refused with amount-invalid."""
    if type(value) is not str:
        wanted = Message(N_('an amount as text, like "{example}"'), example=plain(5 * 10**digits, digits))
        raise Refused("amount-invalid", wrong_kind(key, wanted, value).message)
    try:
        amount = parse_decimal(value, digits)
    except ValueError:
        raise Refused(
            "amount-invalid",
            Message(
                N_('"{key}": {text} is no amount; write it like "{example}", with at most {digits} decimals.'),
                key=key,
                text=shown(value) or '""',
                example=plain(5 * 10**digits, digits),
                digits=digits,
            ),
        ) from None
    if abs(amount) > MAX_MINOR:
        raise Refused("amount-invalid", Message(N_('"{key}" is more than a bill can hold.'), key=key))
    return amount


def not_below_zero(key: str, value: Any, digits: int) -> Minor:
    """An amount that is nothing or more."""
    minor = amount_of(key, value, digits)
    if minor < 0:
        raise Refused("amount-invalid", Message(N_('"{key}" must not be below zero.'), key=key))
    return minor


def quantity_of(key: str, value: Any) -> int:
    """A quantity in millionths, above zero; whole pieces may stand as a bare whole number."""
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
        raise wrong_kind(key, Message(N_('a quantity as text, like "1.5"')), value)
    if not 0 < quantity <= MAX_QUANTITY:
        raise invalid(N_('"{key}" must be above zero, and no more than a line can hold.'), key=key)
    return quantity


def rate_of(key: str, value: Any) -> int:
    """A percentage in millionths."""
    if type(value) is not str:
        raise wrong_kind(key, Message(N_('a percentage as text, like "20%"')), value)
    try:
        return parse_rate(value)
    except ValueError:
        raise invalid(
            N_('"{key}": {text} is no percentage; write it like "20%".'), key=key, text=shown(value)
        ) from None


def unknown_word(key: str, value: str, words: Collection[str]) -> Refused:
    """The refusal of a word that is none of those known."""
    return invalid(
        N_('"{key}": {text} is not known; one of: {words}.'), key=key, text=shown(value) or '""', words=", ".join(words)
    )


def wrong_kind(key: str, wanted: Message, value: Any) -> Refused:
    """The refusal of a value of another kind than the one that is wanted."""
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
