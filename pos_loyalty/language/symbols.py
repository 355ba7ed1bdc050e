"""How each language writes numbers and dates: the symbols are those of CLDR, the date forms are our own.

The currency is never derived from the language: CLDR's "currency of a country" lags behind (Bulgaria pays in euros since 2026).
Marks of writing direction are left out, since neither a terminal cell nor a receipt printer knows them; digits are 0-9 everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pos_loyalty.domain.message import N_, Message

LANGUAGES = ("en", "bg", "ru", "ar", "pl", "bs")
"""The languages that the product speaks; Bosnian in Latin script. English is what the templates are written in."""
RIGHT_TO_LEFT = frozenset({"ar"})

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# No dashes in Arabic: after Arabic letters the bidi algorithm turns 2026-11-22 round, but leaves slashes where they are.
_DAYS = {
    "en": "{d} {month} {y:04}",
    "bg": "{d:02}.{m:02}.{y:04}",
    "ru": "{d:02}.{m:02}.{y:04}",
    "ar": "{d:02}/{m:02}/{y:04}",
    "pl": "{d:02}.{m:02}.{y:04}",
    "bs": "{d:02}.{m:02}.{y:04}.",
}
_DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e"))


class LanguageUnknown(ValueError):
    """Asked for a language that the product does not speak; `message` says so to a person."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.message = Message(
            N_('There is no language "{code}"; choose one of {languages}.'),
            code=code,
            languages=", ".join(LANGUAGES),
        )


@dataclass(frozen=True, slots=True)
class Symbols:
    """The marks of one language: `percent` and `money` are what stands before and after the number, {} for the currency."""

    decimal: str
    group: str
    minus: str
    plus: str
    percent: tuple[str, str]
    money: tuple[str, str]
    day: str

    def write_day(self, day: date) -> str:
        """A date in the language's short form, the year in full."""
        return self.day.format(d=day.day, m=day.month, y=day.year, month=_MONTHS[day.month - 1])


# As CLDR has them (a test compares them with Babel's). Babel itself takes 25 ms and some megabytes to load, which no start pays.
_BEHIND = ("", "\xa0{}")
_SYMBOLS = {
    "en": Symbols(".", ",", "-", "+", ("", "%"), ("{}", ""), _DAYS["en"]),
    "bg": Symbols(",", "\xa0", "-", "+", ("", "%"), _BEHIND, _DAYS["bg"]),
    "ru": Symbols(",", "\xa0", "-", "+", ("", "\xa0%"), _BEHIND, _DAYS["ru"]),
    "ar": Symbols(".", ",", "-", "+", ("", "%"), _BEHIND, _DAYS["ar"]),
    "pl": Symbols(",", "\xa0", "-", "+", ("", "%"), _BEHIND, _DAYS["pl"]),
    "bs": Symbols(",", ".", "-", "+", ("", "%"), _BEHIND, _DAYS["bs"]),
}


def symbols_of(code: str) -> Symbols:
    """The marks of a language. LanguageUnknown for one that the product does not speak."""
    try:
        return _SYMBOLS[code]
    except KeyError:
        raise LanguageUnknown(code) from None


@lru_cache(maxsize=64)
def currency_sign(code: str, currency: str) -> str:
    """What a language writes for a currency ("€"), or its ISO code where it has no sign."""
    from babel.core import Locale  # noqa: PLC0415 - only who writes a sign waits for it

    return _unmarked(Locale.parse(code).currency_symbols.get(currency, currency))


def _unmarked(text: str) -> str:
    return text.translate(_DIRECTION_MARKS)
