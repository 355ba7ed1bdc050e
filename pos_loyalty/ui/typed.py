"""What was typed on the sale screen, told apart: a code, a quantity, a price, or words to look for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeAlias

from pos_loyalty.domain.money import Millionths, Minor
from pos_loyalty.language import parse_amount, parse_quantity

_PRICE = re.compile(r"-?[0-9]+[.,\u066b][0-9]*|-?[.,\u066b][0-9]+")
_CODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_/-]*", re.ASCII)
_TIMES = re.compile(r"([0-9.,\u066b]+)\s*[*xX×]\s*(.*)")


@dataclass(frozen=True, slots=True)
class Code:
    """A code: goods, a card or a receipt."""

    code: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many of what follows: `rest` is its code, or "" where it will be scanned."""

    quantity: Millionths
    rest: str


@dataclass(frozen=True, slots=True)
class OpenPrice:
    """Goods without a code, at this price in minor units."""

    amount: Minor


@dataclass(frozen=True, slots=True)
class Words:
    """Words to find goods by."""

    text: str


Typed: TypeAlias = Code | Quantity | OpenPrice | Words


def read_typed(text: str, digits: int) -> Typed:
    """What a line of input means; `digits` are the currency's decimals. Unreadable where a number could be two.

    A number with a separator is a price, one without is a code: so a price always has its decimals ("12.50", "5," for five).
    """
    text = "".join(_digit(character) for character in text)
    if times := _TIMES.fullmatch(text):
        return Quantity(parse_quantity(times[1]), times[2].strip())
    if _PRICE.fullmatch(text):
        return OpenPrice(parse_amount(text, digits))
    if _CODE.fullmatch(text):
        return Code(text)
    return Words(text)


def _digit(character: str) -> str:
    """Digits of every script as 0-9: a layout that types Arabic digits must not stop a sale."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character
