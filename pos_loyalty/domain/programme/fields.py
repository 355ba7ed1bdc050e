"""One value of a programme file at a time: what may stand in a field, and the sentence that says why something else may not.

Each reader takes what TOML holds and gives the domain's value, or raises `Wrong` with what to write instead. Bounds are there so
that a slip of the finger is found here and not on a receipt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pos_loyalty.domain.basket import MAX_TEXT
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import MAX_MINOR, MILLION, Currency, Millionths, Minor, parse_decimal, parse_rate
from pos_loyalty.domain.programme.currencies import CURRENCIES
from pos_loyalty.domain.programme.problems import Wrong, needed, shown, suggestion
from pos_loyalty.domain.programme.rules import Duration, Lifetime, Window

T = TypeVar("T")

MAX_NAME = 80
"""Characters of a name: two rows of the widest receipt."""
MAX_ID = 32
"""Characters of an id: with an account's own it still fits the ledger's columns."""
_LONGEST = {"day": 36_525, "month": 1_200, "year": 100}
"""A hundred years in each unit: longer is "never", and dates stay far from the calendar's end."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_DURATION = re.compile(r"([0-9]{1,6}) (day|month|year)s?")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
# Files that some systems keep beside the zones: what they say differs from one machine to the next.
_NO_ZONE = re.compile(r"(?:posix|right)/.*|posixrules|localtime|Factory")


def text(value: object) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise needed(Message(N_('a text between quotation marks, like "Gold"')), value)
    return value


def name(value: object) -> str:
    """A name that screens and receipts show: one line of characters that can be seen."""
    written = text(value)
    if not written.strip():
        raise Wrong(Message(N_("The name is empty.")), Message(N_("Write what your customers shall read.")))
    if len(written) > MAX_NAME:
        raise Wrong(
            Message(
                N_("The name has {count} characters, more than the {limit} that fit."),
                count=len(written),
                limit=MAX_NAME,
            )
        )
    _all_visible(written)
    return written


def label(value: object) -> str:
    """A SKU or the name of a department, as the goods have it."""
    written = text(value)
    if not written.strip():
        raise Wrong(Message(N_("The text is empty.")))
    if len(written) > MAX_TEXT:
        raise Wrong(
            Message(
                N_("The text has {count} characters, more than the {limit} that goods can have."),
                count=len(written),
                limit=MAX_TEXT,
            )
        )
    _all_visible(written)
    return written


def is_identifier(written: str) -> bool:
    """Whether a text can be an id."""
    return len(written) <= MAX_ID and _ID.fullmatch(written) is not None


def identifier(value: object) -> str:
    """An id: letters a to z, digits, - and _."""
    written = text(value)
    if not is_identifier(written):
        raise Wrong(
            Message(N_('"{word}" cannot be an id.'), word=shown(written)),
            Message(
                N_("An id is up to {limit} letters (a to z), digits, - and _, and begins with a letter or a digit."),
                limit=MAX_ID,
            ),
        )
    return written


def flag(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise needed(Message(N_("true or false, without quotation marks")), value)
    return value


def currency(value: object) -> Currency:
    """A currency by its ISO 4217 code."""
    written = text(value)
    if written not in CURRENCIES:
        close = written.upper()
        raise Wrong(
            Message(N_('"{word}" is not a currency.'), word=shown(written)),
            Message(N_('Did you mean "{word}"?'), word=close)
            if close in CURRENCIES
            else Message(N_('Write its three-letter code (ISO 4217), like "EUR".')),
        )
    return Currency.of(written)


def time_zone(value: object) -> str:
    """The name of a time zone in the tz database."""
    written = text(value)
    if _ZONE.fullmatch(written) and len(written) <= 64 and not _NO_ZONE.fullmatch(written):
        try:
            return ZoneInfo(written).key
        except (KeyError, ValueError, OSError):
            pass  # not there, not a zone, or a folder of zones
    known = {zone.lower(): zone for zone in available_timezones() if not _NO_ZONE.fullmatch(zone)}
    by_city = {zone.rpartition("/")[2]: zone for zone in sorted(known)}
    meant = written.lower().replace(" ", "_")
    hint = known.get(meant) or known.get(by_city.get(meant.rpartition("/")[2], ""))
    raise Wrong(
        Message(N_('"{word}" is not a time zone.'), word=shown(written)),
        Message(N_('Did you mean "{word}"?'), word=hint)
        if hint
        else Message(N_('Write the region and the city whose clock yours follows, like "Europe/Sofia".')),
    )


def clock(value: object) -> time:
    """A time of day, "HH:MM"."""
    if not isinstance(value, str):
        raise needed(Message(N_('a time of day between quotation marks, like "04:30"')), value)
    match = _CLOCK.fullmatch(value)
    if match is None:
        raise Wrong(
            Message(N_('"{word}" is not a time of day.'), word=shown(value)),
            Message(N_('Write hours and minutes, from "00:00" to "23:59", like "04:30".')),
        )
    return time(int(match[1]), int(match[2]))


def amount(money: Currency | None) -> Callable[[object], Minor]:
    """Reads amounts of a currency, from zero up, in minor units; of one not known (None), with up to four decimals."""
    digits = 4 if money is None else money.digits
    finest: int = 10 ** (9 - digits)
    example = "500" if digits == 0 else "500." + "0" * (2 if money is None else digits)

    def read(value: object) -> Minor:
        if not isinstance(value, str):
            raise needed(Message(N_('an amount between quotation marks, like "{example}"'), example=example), value)
        try:
            exact = parse_decimal(value, 9)
        except ValueError:
            raise Wrong(
                Message(N_('"{word}" is not an amount.'), word=shown(value)),
                Message(
                    N_('Write digits with a point before the decimals and nothing else, like "{example}".'),
                    example=example,
                ),
            ) from None
        minor, finer = divmod(exact, finest)
        if exact < 0:
            raise Wrong(Message(N_("An amount cannot be below zero here.")))
        if finer or len(value.partition(".")[2]) > digits:
            raise Wrong(
                Message(
                    N_('"{word}" has more decimals than {currency} has ({digits}).'),
                    word=shown(value),
                    currency="" if money is None else money.code,
                    digits=digits,
                ),
                Message(N_('Write it like "{example}".'), example=example),
            )
        if minor > MAX_MINOR:
            raise Wrong(Message(N_('"{word}" is more than any shop takes.'), word=shown(value)))
        return minor

    return read


def above_zero(read: Callable[[object], Minor]) -> Callable[[object], Minor]:
    """The same amounts without zero."""

    def positive(value: object) -> Minor:
        minor = read(value)
        if minor == 0:
            raise Wrong(Message(N_("This has to be above zero.")))
        return minor

    return positive


def rate(value: object) -> Millionths:
    """A percentage from 0% to 100%, in millionths."""
    if not isinstance(value, str):
        raise needed(Message(N_('a percentage between quotation marks, like "7.5%"')), value)
    try:
        read = parse_rate(value)
    except ValueError:
        raise Wrong(
            Message(N_('"{word}" is not a percentage.'), word=shown(value)),
            Message(N_('Write a number with a percent sign, a point and at most four decimals, like "7.5%".')),
        ) from None
    if not 0 <= read <= MILLION:
        raise Wrong(Message(N_('"{word}" is not between 0% and 100%.'), word=shown(value)))
    return read


def duration(value: object) -> Duration:
    """A length of time in whole days, months or years, at most a hundred years."""
    if not isinstance(value, str):
        raise needed(Message(N_('a length of time between quotation marks, like "14 days"')), value)
    match = _DURATION.fullmatch(value)
    if match is None:
        raise Wrong(
            Message(N_('"{word}" is not a length of time.'), word=shown(value)),
            Message(N_('Write a whole number of days, months or years, like "14 days", "3 months" or "1 year".')),
        )
    for unit in ("day", "month", "year"):
        if match[2] == unit:
            if int(match[1]) > _LONGEST[unit]:
                raise Wrong(Message(N_('"{word}" is longer than a hundred years.'), word=shown(value)))
            return Duration(int(match[1]), unit)
    raise AssertionError(match[2])


def lifetime(value: object) -> Lifetime:
    """How long what is in a purse can be spent: a length of time, "never" or "end of year"."""
    return _or_words(value, {"never": None, "end of year": "end of year"})


def window(value: object) -> Window:
    """Over which time spend counts towards a tier: a length of time above zero, "calendar year" or "lifetime"."""
    words: Mapping[str, Window] = {"calendar year": "calendar year", "lifetime": "lifetime"}
    read = _or_words(value, words)
    if isinstance(read, Duration) and read.count == 0:
        raise Wrong(
            Message(N_("In a window of no time no spend would ever count.")),
            Message(N_('Write how far back it reaches, like "12 months".')),
        )
    return read


def one_of(choices: Sequence[T]) -> Callable[[object], T]:
    """Reads one of a few words."""
    words = [str(choice) for choice in choices]

    def read(value: object) -> T:
        if not isinstance(value, str):
            raise needed(Message(N_('a word between quotation marks, like "{word}"'), word=words[0]), value)
        if value not in words:
            raise Wrong(Message(N_('"{word}" is not known here.'), word=shown(value)), suggestion(value, words))
        return choices[words.index(value)]

    return read


def _all_visible(written: str) -> None:
    for place, character in enumerate(written, 1):
        # Cc and Cf move cursors and turn text around, Zl and Zp break lines, the rest are no characters that a font has.
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            raise Wrong(
                Message(
                    N_("Character {place} is one that nobody can see ({code})."),
                    place=place,
                    code=f"U+{ord(character):04X}",
                ),
                Message(N_("Take it out: it would garble screens and receipts.")),
            )


def _or_words(value: object, words: Mapping[str, T]) -> T | Duration:
    if isinstance(value, str) and value in words:
        return words[value]
    try:
        return duration(value)
    except Wrong as wrong:
        choices = ", ".join(f'"{word}"' for word in words)
        raise Wrong(
            wrong.message, Message(N_('Write a length of time like "12 months", or one of: {words}.'), words=choices)
        ) from None
