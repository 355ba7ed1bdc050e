"""Words written from right to left, as a terminal cell can show them: shaped and put in visual order here, or left to the terminal.

A terminal that reorders a whole row swaps the columns of a table and turns amounts round, so by default each cell is put in order
here, on its own, and the terminal is told not to (ECMA-48 BDSM reset). What is being typed stays in reading order.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["app", "terminal", "off"]
"""Who reorders: this program, the terminal, or nobody."""

_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_MIRROR = str.maketrans("()[]<>{}", ")(][><}{")

BEGIN = {"app": "\x1b[8l", "terminal": "\x1b[8h", "off": ""}
"""What the terminal is told at the start: explicit order in `app` mode, its own in `terminal` mode."""
END = {"app": "\x1b[8h", "terminal": "", "off": ""}
"""What it is told at the end: back to what terminals start with."""


def in_order(text: str, mode: Mode = "app", *, rtl: bool = False) -> str:
    """One cell's text as it is painted from left to right; text without right-to-left letters stays as it is.

    `rtl`: the reader's language is written from right to left, so its sentences begin there, whatever their first word is.
    """
    if mode != "app" or text.isascii() or _RTL.search(text) is None:
        return text
    return _visual(text, rtl or _begins_rtl(text))


@lru_cache(maxsize=2048)
def _visual(text: str, rtl: bool) -> str:
    from arabic_reshaper import reshape  # noqa: PLC0415 - only who has such a name pays the 30 ms
    from bidi import get_display  # type: ignore[import-untyped]  # noqa: PLC0415

    # python-bidi does not mirror brackets; in a right-to-left text nearly all of them stand at a right-to-left level.
    shaped = reshape(text.translate(_MIRROR) if rtl else text)
    return str(get_display(shaped, base_dir="R" if rtl else "L"))


def _begins_rtl(text: str) -> bool:
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"R", "AL"}:
            return True
        if kind == "L":
            return False
    return False
