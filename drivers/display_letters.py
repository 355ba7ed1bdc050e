"""Promise: every text becomes letters that a customer display has, as near to what it says as they allow; no byte
of a command is ever among them.

A letter that the code page lacks is written without its accent, or in Latin letters (Cyrillic by the sounds that
passports use); signs by their plain ones. Arabic is left out: displays with two rows of twenty cells have neither
its joined forms nor its direction, and single letters from left to right nobody can read. So are other scripts.
"""

import unicodedata
from typing import Final

CODEPAGES: Final = ("cp437", "cp850", "cp852", "cp858", "cp866", "cp1251", "ascii")
"""Code pages that displays come with, by Python's names."""

_CYRILLIC: Final = dict(
    zip(
        "абвгдезийклмнопрстуфхц",
        ("a", "b", "v", "g", "d", "e", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts"),
        strict=True,
    )
) | {
    "ё": "e", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "ѝ": "i", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
}  # fmt: skip
_SIGNS: Final = {
    "đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",
    "€": "EUR", "₽": "RUB", "£": "GBP", "№": "No", "×": "x", "…": "...", "•": "*", "·": "*", "✓": "*",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
    "–": "-", "—": "-", "−": "-", "‑": "-",
}  # fmt: skip
_PLAIN: Final = _CYRILLIC | _SIGNS


def shown(text: str, codepage: str) -> bytes:
    """The text in a code page, with spaces in place of whatever moves a cursor. Never longer than thrice the text."""
    out = bytearray()
    for character in unicodedata.normalize("NFC", text):
        out += _letter(character, codepage)
    return bytes(out)


def _letter(character: str, codepage: str) -> bytes:
    if unicodedata.category(character)[0] in "CZ":
        return b" " if character.isspace() or unicodedata.category(character) == "Cc" else b""
    try:
        encoded = character.encode(codepage)
    except UnicodeEncodeError:
        encoded = _nearest(character).encode(codepage, "ignore")
    return encoded if min(encoded, default=32) >= 32 else b""


def _nearest(character: str) -> str:
    """The same in plain letters; nothing where there are none."""
    small = character.lower()
    plain = _PLAIN.get(small)
    if plain is None:
        decimal = unicodedata.decimal(character, None)
        if decimal is not None:
            return str(decimal)
        bare = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
        return "".join(_PLAIN.get(part, part) for part in bare) if bare != character else ""
    return plain if small == character else plain.capitalize()
