"""One value of a programme file at a time: what may stand in a field, and the sentence that says why something else may not.

Here are the words; `figures` has the numbers and `times` the days and hours. Each reader takes what TOML holds and gives the
domain's value, or raises `Wrong` with what to write instead. Bounds are there so that a slip of the finger is found here and not
on a receipt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pos_loyalty.domain.basket import MAX_TEXT
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme.currencies import CURRENCIES
from pos_loyalty.domain.programme.problems import Wrong, needed, shown, suggestion

T = TypeVar("T")

MAX_NAME = 80
"""Characters of a name: two rows of the widest receipt."""
MAX_ID = 32
"""Characters of an id: with an account's own it still fits the ledger's columns."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
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


def meant(value: object) -> bool:
    """true alone: what `false` would say here is not clear, so it is left out instead."""
    if value is False:
        raise Wrong(
            Message(N_("Only true can stand here.")),
            Message(N_("Leave the key out: what is left out does not restrict.")),
        )
    return flag(value)


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


def among(known: Collection[str], none: Message) -> Callable[[object], str]:
    """Reads an id that stands elsewhere in the file; `none` is what to do where there is none of them."""

    def read(value: object) -> str:
        written = text(value)
        if written not in known:
            raise Wrong(
                Message(N_('There is no "{word}" in this file.'), word=shown(written)),
                suggestion(written, known) if known else none,
            )
        return written

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
