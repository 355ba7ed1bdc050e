"""Text folded for search, so that what is typed finds what is meant in Latin, Cyrillic and Arabic.

Case and marks go (ü is u, ñ is n), letters that are one to a reader become one (ё and е, ł and l, ß and ss, the alefs), but й and
ї stay what they are: и and і are other letters. Databases fold none of these alike, so it is done here and stored.
"""

from __future__ import annotations

import re
import unicodedata

MAX_WORD = 64
MAX_FOLDED = 400

# Letters that have no decomposition, or one that a search must not make. Applied after casefold.
_LETTERS = str.maketrans(
    {
        "ё": "е",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ی": "ي",
        "ک": "ك",
        "ء": None,
        "ـ": None,
    }
)
# Their marks are part of the letter.
_KEPT = {"й": "\ue000", "ї": "\ue001", "ў": "\ue002", "ќ": "\ue003", "ѓ": "\ue004"}
_HIDE = str.maketrans(_KEPT)
_SHOW = str.maketrans({hidden: letter for letter, hidden in _KEPT.items()})
_GAPS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """A text as search compares it: folded words with one space between them, at most 400 characters."""
    text = unicodedata.normalize("NFC", text.casefold()).translate(_HIDE).translate(_LETTERS)
    text = unicodedata.normalize("NFKD", text)
    text = "".join([c for c in text if not unicodedata.combining(c)]).casefold().translate(_LETTERS).translate(_SHOW)
    return _GAPS.sub(" ", text).strip()[:MAX_FOLDED].rstrip()


def digits_of(text: str) -> str:
    """The digits of a phone number, whatever stands between them, as ASCII."""
    return "".join([str(unicodedata.digit(c)) for c in text if c.isdigit()])


def past(prefix: str) -> str:
    """The end of the range of all texts that begin with `prefix`."""
    return prefix + "\U0010ffff"
