"""Card numbers (shape, check digit, masking) and the life of a card as one table of states.

A number is either an EAN-13 with a prefix of the shop's, or a Code 128 text with such a prefix and a Damm or Luhn check digit at
its end; cards of other makers are whatever the shop issued them as. None begins with "]", which scanners put before the kind of
code that they read. A number that only looks like a card of ours and has a wrong
check digit is told apart from one that nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pos_loyalty.domain.check_digits import (
    damm_digit,
    damm_is_valid,
    ean_digit,
    ean_is_valid,
    luhn_digit,
    luhn_is_valid,
)

CardStatus: TypeAlias = Literal["active", "blocked", "replaced"]
CardKind: TypeAlias = Literal["named", "bearer"]

# From each state, what may happen to a card and the state it is in then. A replaced card comes back only when the replacement
# itself is undone, and the card that took its place is the replaced one then.
LIFE: dict[tuple[CardStatus, str], CardStatus] = {
    ("active", "block"): "blocked",
    ("blocked", "unblock"): "active",
    ("active", "replace"): "replaced",
    ("blocked", "replace"): "replaced",
    ("replaced", "bring-back"): "active",
}

LONGEST = 32
"""Characters of a card number."""
_NUMBER = re.compile(rf"[0-9A-Z](?:[0-9A-Z-]{{2,{LONGEST - 2}}})[0-9A-Z]", re.ASCII)


Check: TypeAlias = Literal["ean", "damm", "luhn"]
Symbol: TypeAlias = Literal["ean-13", "code-128"]
Look: TypeAlias = Literal["card", "wrong-check-digit", "other"]

FEWEST_DIGITS = 4
"""Digits of a Code 128 number before its check digit: fewer are soon used up, and look like anything."""
_ISSUED_DIGITS = 8
"""Digits, likewise, of numbers that are issued from a range of any length."""


@dataclass(frozen=True, slots=True)
class CardRange:
    """Some of the shop's card numbers: what they begin with, their check digit ("ean" makes them EAN-13, the others Code 128, where
    it is of the digits behind the prefix), and how many digits stand between both. None, for Code 128: as many as there are.
    """

    prefix: str
    check: Check = "ean"
    digits: int | None = None

    @property
    def length(self) -> int:
        """Characters of the numbers that are issued from it."""
        if self.check == "ean":
            return 13
        return len(self.prefix) + (_ISSUED_DIGITS if self.digits is None else self.digits) + 1

    @property
    def room(self) -> int:
        """How many numbers can be issued from it, that of place 0 included."""
        return int(10 ** (self.length - len(self.prefix) - 1))

    def number(self, place: int) -> str:
        """The number of that place, check digit included. ValueError where the range has none."""
        if not 0 <= place < self.room:
            raise ValueError(place)
        body = f"{place:0{self.length - len(self.prefix) - 1}d}"
        match self.check:
            case "ean":
                return self.prefix + body + ean_digit(self.prefix + body)
            case "damm":
                return self.prefix + body + damm_digit(body)
            case "luhn":
                return self.prefix + body + luhn_digit(body)

    def place(self, number: str) -> int | None:
        """The place of a number that could have been issued from it, whatever its check digit; None for any other text."""
        if len(number) != self.length or not self.holds(number):
            return None
        return int(number[len(self.prefix) : -1])

    def holds(self, code: str) -> bool:
        """Whether a code has the shape of its numbers, whatever its check digit."""
        body = code[len(self.prefix) :]
        if not code.startswith(self.prefix) or not (body.isdecimal() and body.isascii()):
            return False
        if self.check == "ean":
            return len(code) == 13
        if self.digits is None:
            return len(body) > FEWEST_DIGITS and len(code) <= LONGEST
        return len(body) == self.digits + 1

    def look(self, code: str) -> Look:
        """Whether a code has the shape of its numbers, and if so whether its check digit is right."""
        if not self.holds(code):
            return "other"
        body = code[len(self.prefix) :]
        valid = {"ean": ean_is_valid, "damm": damm_is_valid, "luhn": luhn_is_valid}[self.check]
        return "card" if valid(code if self.check == "ean" else body) else "wrong-check-digit"

    def meets(self, other: CardRange) -> bool:
        """Whether a number can be of both."""
        short, long = sorted((self.prefix, other.prefix), key=len)
        rest = long[len(short) :]
        if not long.startswith(short) or (rest and not (rest.isdecimal() and rest.isascii())):
            return False
        either = self.digits is None or other.digits is None
        return (self.check == "ean") == (other.check == "ean") and (
            self.check == "ean" or either or self.length == other.length
        )


@dataclass(frozen=True, slots=True)
class CardRanges:
    """Which numbers are the shop's cards; new ones are issued from the first range."""

    ranges: tuple[CardRange, ...] = (CardRange("29"), CardRange("L", "damm"))

    @property
    def first(self) -> CardRange:
        """The range that cards are issued from where none is named."""
        return self.ranges[0]


def look_of(code: str, cards: CardRanges) -> Look:
    """Whether a scanned code has the shape of a card of ours, and if so whether its check digit is right."""
    looks = {one.look(code) for one in cards.ranges}
    return "card" if "card" in looks else "wrong-check-digit" if "wrong-check-digit" in looks else "other"


def scanned(code: str, cards: CardRanges) -> str:
    """A code as its card's number has it: many scanners send an EAN-13 that begins with 0 as the UPC-A that it is too."""
    with_zero = f"0{code}"
    return with_zero if len(code) == 12 and look_of(with_zero, cards) != "other" else code


def symbol_of(number: str) -> Symbol:
    """The barcode of a card number: thirteen digits are an EAN-13, all else is Code 128."""
    return "ean-13" if len(number) == 13 and number.isdecimal() else "code-128"


def grouped(number: str) -> str:
    """A card number as it is read aloud and typed: its letters first, then four characters a group."""
    letters = len(number) - len(number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if "-" in number or letters == len(number):
        return number
    rest = number[letters:]
    parts = [number[:letters], *(rest[at : at + 4] for at in range(0, len(rest), 4))]
    return " ".join(part for part in parts if part)


def fault_of(number: str) -> Literal["shape", "check-digit"] | None:
    """Why a text cannot be a card number: its characters or length, or an EAN-13 whose check digit is wrong; None if it can."""
    if not _NUMBER.fullmatch(number):
        return "shape"
    if len(number) == 13 and number.isdecimal() and not ean_is_valid(number):
        return "check-digit"
    return None


def nth_ean13(prefix: str, n: int) -> str:
    """The n-th card number of an EAN-13 range, check digit included. ValueError past its end."""
    return CardRange(prefix).number(n)


def masked(number: str) -> str:
    """A card number as paper, screens and logs show it: only its last four characters."""
    return "*" * max(len(number) - 4, 0) + number[-4:]
