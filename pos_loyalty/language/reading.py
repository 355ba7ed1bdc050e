"""What a person typed, as exact whole numbers; what could mean two things is refused, never guessed.

A till's keypad has one separator key, and it is a point in one country and a comma in the next, so both are taken whatever the
language. CLDR's own parsing reads "12.50" as 1250 in Bosnian and "12,50" as 1250 in Arabic: no locale rule is used here.
"""

from __future__ import annotations

import re
import unicodedata

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import MAX_MINOR, Millionths, Minor

# Point, comma, and the Arabic decimal separator.
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:[.,\u066b]([0-9]*))?", re.ASCII)
_GROUPED = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?![0-9]))", re.ASCII)
_SEPARATED = re.compile(r"[+-]?[0-9]+(?:[.,\u066b\u066c][0-9]+){2,}", re.ASCII)
_LONGEST = 40
"""Characters looked at; the longest amount with all its decimals and spaces is far shorter."""
_MOST_DIGITS = 16


class Unreadable(ValueError):
    """What was typed is no number, or could be two; `message` says which to a person."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def parse_amount(text: str, digits: int) -> Minor:
    """An amount of a currency with `digits` decimals, in minor units; the decimals may be left out.

    Unreadable for anything else: "1.250" is refused where the currency has two decimals, since it is a thousand in one country
    and a slip in another.
    """
    sign, whole, fraction = _parts(text)
    if len(fraction) > digits:
        if len(fraction) == 3:
            raise _two_ways(text)
        raise Unreadable(Message(N_('"{text}" has more decimals than the currency.'), text=text[:_LONGEST]))
    value = int((whole or "0") + fraction.ljust(digits, "0"))
    if value > MAX_MINOR:
        raise Unreadable(Message(N_('"{text}" is more than the till can hold.'), text=text[:_LONGEST]))
    return -value if sign == "-" else value


def parse_quantity(text: str) -> Millionths:
    """A quantity in millionths. Its only separator is the decimal one: scales write 1.250 kg, and nobody groups pieces.

    Unreadable where it is no number or has more than six decimals.
    """
    sign, whole, fraction = _parts(text)
    if len(fraction) > 6:
        raise Unreadable(Message(N_('"{text}" has more than six decimals.'), text=text[:_LONGEST]))
    value = int((whole or "0") + fraction.ljust(6, "0"))
    return -value if sign == "-" else value


def _parts(text: str) -> tuple[str, str, str]:
    plain = "".join(_plain(character) for character in text[: _LONGEST + 1].strip())
    plain = _GROUPED.sub("", plain)
    match = _NUMBER.fullmatch(plain)
    if _SEPARATED.fullmatch(plain):
        raise _two_ways(text)
    whole, fraction = (match[2], match[3] or "") if match else ("", "")
    if match is None or not (whole or fraction) or len(whole) + len(fraction) > _MOST_DIGITS:
        raise Unreadable(Message(N_('"{text}" is not a number.'), text=text[:_LONGEST]))
    return match[1], whole, fraction


def _two_ways(text: str) -> Unreadable:
    return Unreadable(
        Message(N_('"{text}" could be two numbers: leave out the separator of thousands.'), text=text[:_LONGEST])
    )


def _plain(character: str) -> str:
    """Digits of every script as 0-9, the minus sign as a hyphen; a layout that types Arabic digits must not stop a sale."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return "-" if character == "\u2212" else character
