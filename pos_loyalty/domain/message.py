"""Sentences that a person will read, kept as values until the language is known.

The domain decides *what* is said; `pos_loyalty.language` says it. A message is an English template (the gettext key) and the
typed values that fill it, so amounts and dates are written by the one formatting module, in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Amount:
    """Units of a purse or of money inside a message: `minor` whole units of `unit` (a currency code, or a purse's unit)."""

    minor: int
    unit: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage inside a message, in millionths (5 % is 50,000)."""

    millionths: int


Value: TypeAlias = "str | int | date | Amount | Rate | Message"


class Message:
    """An English template in `str.format` syntax and the values that fill it.

    Wrap the template in `N_` where it is written, so that the catalogue tool finds it.
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, **values: Value) -> None:
        self.template = template
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash(self.template)

    def __repr__(self) -> str:
        return f"Message({self.template!r}, {self.values!r})"


def N_(text: str) -> str:
    """Mark a template for translation without translating it here."""
    return text


class Refused(Exception):
    """Something asked for was refused; nothing of it is stored.

    `code` is a stable word that programs may test for; `message` says why and what to do, to a person.
    """

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
