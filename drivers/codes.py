"""Promise: the text of one read becomes one `Scan` with the same code from whichever scanner it came, or
`Noise`.

This is what serial framing and the keyboard wedge share. It is pure: the same text gives the same answer.

What is settled here:
- An AIM identifier (`]E0`, ISO/IEC 15424) is taken off the code and kept as `Scan.symbology`, as the scanner
  wrote it. No code may begin with `]` and look like one; nothing could tell them apart.
- UPC-A under `]E0` is 13 digits by ISO/IEC 15424 (Zebra's and Honeywell's manuals show 0 + 12), but some
  scanners send 12: these get their 0, so one product has one code. Without an identifier 12 digits stay 12,
  since they may be a card number as well.
- An add-on (`]E3`, or `]E1` / `]E2` behind an `]E0`) is split off into `Scan.addon`.
- GS (0x1D) inside a code stays: it ends a field of GS1-128 and the like. At either end it says nothing and
  goes, as do spaces.
- A wedge scan under a Russian keyboard layout begins with `ъС0` instead of `]C0`; then the whole text was
  typed under that layout and is put back, and so with the other layouts that `drivers.layouts` knows.
- Digits of any script (Arabic-Indic) become 0-9.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from drivers.layouts import layout_of, put_back
from drivers.reasons import Reason, because

GS: Final = "\x1d"

LONGEST_CODE: Final = 256
"""Characters in one code. GS1-128 ends at 48 and a digital-link QR on a coupon stays below 200; what is
longer is a page of text in a QR code or two devices on one line, and a limit keeps a stuck line from filling
memory."""

SHORTEST_CODE: Final = 2
"""Characters in one code. One character alone is what a spark on the line looks like; in-house codes of two
(a department key on a laminated sheet) are real."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One code that was scanned: `symbology` is its AIM identifier (`]E0`) or None, `addon` the 2 or 5 digits
    beside a magazine's code, `raw` what the scanner sent."""

    code: str
    symbology: str | None
    raw: bytes
    addon: str | None = None


@dataclass(frozen=True, slots=True)
class Noise:
    """A read that is no scan, with the reason (codes `scan.*`) and the bytes (at most a frame's worth)."""

    reason: Reason
    raw: bytes


_AIM: Final = re.compile(r"^\]([A-Za-z])([0-9A-Za-z])")
_EAN_WITH_ADDON: Final = re.compile(r"^(\d{12,13}|\d{8})\][Ee][12](\d{2}|\d{5})$")
_EAN_AND_ADDON: Final = re.compile(r"^(\d{13})(\d{2}|\d{5})$")


def read_code(text: str, raw: bytes) -> Scan | Noise:
    """Make a scan of the text of one read, without its prefix and suffix.

    Noise otherwise: `scan.too_long`, `scan.too_short`, `scan.undecodable` (a control character inside) or
    `scan.damaged` (the identifier says EAN, and the check digit is wrong).
    """
    text = _latin(text).strip(GS + " ")
    symbology: str | None = None
    addon: str | None = None
    if found := _AIM.match(text):
        symbology, text = found[0], text[found.end() :].strip(GS)
    if symbology is not None and symbology[1] == "E":
        text, addon = _split_addon(text, symbology)
        if symbology in ("]E0", "]E3") and len(text) == 12 and text.isdigit():
            text = "0" + text
    if len(text) > LONGEST_CODE:
        return Noise(because("scan.too_long", limit=LONGEST_CODE), raw)
    if len(text) < SHORTEST_CODE:
        return Noise(because("scan.too_short", limit=SHORTEST_CODE), raw)
    if not text.replace(GS, "").isprintable():
        return Noise(because("scan.undecodable"), raw)
    if symbology is not None and _is_damaged(text, symbology):
        return Noise(because("scan.damaged"), raw)
    return Scan(text, symbology, raw, addon)


def _is_damaged(code: str, symbology: str) -> bool:
    """Whether an article number has a wrong check digit: no scanner decodes one, so a byte was lost on its way."""
    length = {"]E0": 13, "]E3": 13, "]E4": 8}.get(symbology)
    return len(code) == length and code.isdecimal() and check_digit(code[:-1]) != code[-1]


def check_digit(digits: str) -> str:
    """The check digit behind these digits, as all EAN and UPC numbers have it (GS1 General Specifications,
    7.9: weights 3 and 1 from the right)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _split_addon(text: str, symbology: str) -> tuple[str, str | None]:
    pattern = _EAN_AND_ADDON if symbology == "]E3" else _EAN_WITH_ADDON
    found = pattern.match(text)
    return (found[1], found[2]) if found else (text, None)


def _latin(text: str) -> str:
    layout = layout_of(text)
    if layout is not None:
        text = put_back(text, layout)
    return "".join(_digit(character) for character in text)


def _digit(character: str) -> str:
    if character.isascii() or not character.isdecimal():
        return character
    return str(unicodedata.decimal(character))
