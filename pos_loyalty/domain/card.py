"""Card numbers (shape, check digit, masking) and the life of a card as one table of states.

A number is either an EAN-13 with the shop's prefix, or a Code 128 text with the shop's prefix and a Damm check digit at its
end; cards of other makers are whatever the shop issued them as. A number that only looks like a card of ours and has a wrong
check digit is told apart from one that nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pos_loyalty.domain.check_digits import damm_is_valid, ean_digit, ean_is_valid

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


@dataclass(frozen=True, slots=True)
class CardRange:
    """Which numbers are the shop's cards: EAN-13 by prefix (two digits or more), Code 128 by prefix with a Damm check digit."""

    ean13_prefix: str = "29"
    code128_prefix: str = "L"


Look: TypeAlias = Literal["card", "wrong-check-digit", "other"]


def look_of(code: str, cards: CardRange) -> Look:
    """Whether a scanned code has the shape of a card of ours, and if so whether its check digit is right."""
    if len(code) == 13 and code.isdecimal() and code.isascii() and code.startswith(cards.ean13_prefix):
        return "card" if ean_is_valid(code) else "wrong-check-digit"
    body = code[len(cards.code128_prefix) :]
    if (
        code.startswith(cards.code128_prefix)
        and len(body) >= 5
        and len(code) <= LONGEST
        and body.isdecimal()
        and body.isascii()
    ):
        return "card" if damm_is_valid(body) else "wrong-check-digit"
    return "other"


def fault_of(number: str) -> Literal["shape", "check-digit"] | None:
    """Why a text cannot be a card number: its characters or length, or an EAN-13 whose check digit is wrong; None if it can."""
    if not _NUMBER.fullmatch(number):
        return "shape"
    if len(number) == 13 and number.isdecimal() and not ean_is_valid(number):
        return "check-digit"
    return None


def nth_ean13(prefix: str, n: int) -> str:
    """The n-th card number of an EAN-13 range, check digit included. ValueError past its end."""
    room = 12 - len(prefix)
    if not 0 <= n < 10**room:
        raise ValueError(n)
    body = f"{prefix}{n:0{room}d}"
    return body + ean_digit(body)


def masked(number: str) -> str:
    """A card number as paper, screens and logs show it: only its last four characters."""
    return "*" * max(len(number) - 4, 0) + number[-4:]
