"""Promise: two lines of text become the bytes that put exactly them on a customer display of 2 x 20, whatever it
showed before, and no text can become a command. Pure.

Each screen is written as a whole, so one that was switched off meanwhile is right again with the next change.
Nothing is cleared first, so nothing flickers. Sources: Epson DM-D110 specification (US $, US MD1, US C, ESC t);
Partner Tech CD5220 manual, tables 6.1-6.3 (CD5220: ESC Q A/B; UTC standard: DLE n, DC1, DC4); UTC Retail 3190
and Logic Controls LD9000 manuals (the same set); POS-X EVO manual 5.6 (ADM787/788: SLE1, SLE2); Tysso VFD-550
manual 6.2 (DSP-800: EOT SOH P n ETB).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from drivers.display_letters import CODEPAGES, shown
from drivers.reasons import because

COLUMNS: Final = 20
ROWS: Final = 2

EPSON_PAGES: Final[Mapping[str, int]] = MappingProxyType(
    {"ascii": 0, "cp437": 0, "cp850": 2, "cp1252": 16, "cp866": 17, "cp852": 18, "cp858": 19}
)
"""Numbers for ESC t. What is not here a display is set to by its own switches."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the display: two lines, each with what belongs at its far end; `middle`: words alone, in the
    middle."""

    upper: str = ""
    upper_end: str = ""
    lower: str = ""
    lower_end: str = ""
    middle: bool = False


@dataclass(frozen=True, slots=True)
class DisplayPreset:
    """One command set: `write` makes the bytes of two full lines in a code page."""

    name: str
    write: Callable[[bytes, bytes, str], bytes]
    baud: int = 9600


def _epson(upper: bytes, lower: bytes, codepage: str) -> bytes:
    page = EPSON_PAGES.get(codepage)
    choose = b"" if page is None else b"\x1bt" + bytes([page])
    return choose + b"\x1f\x01\x1fC\x00\x1f$\x01\x01" + upper + b"\x1f$\x01\x02" + lower


def _cd5220(upper: bytes, lower: bytes, codepage: str) -> bytes:
    return b"\x1bQA" + upper + b"\r\x1bQB" + lower + b"\r"


def _utc(upper: bytes, lower: bytes, codepage: str) -> bytes:
    return b"\x11\x14\x10\x00" + upper + b"\x10\x14" + lower


def _adm(upper: bytes, lower: bytes, codepage: str) -> bytes:
    return b"\x0e" + upper + b"\x0f" + lower


def _dsp800(upper: bytes, lower: bytes, codepage: str) -> bytes:
    return b"\x04\x01P1\x17" + upper + b"\x04\x01PE\x17" + lower  # positions count from 31h, so 21 is 45h


DISPLAYS: Final[Mapping[str, DisplayPreset]] = MappingProxyType(
    {
        preset.name: preset
        for preset in (
            DisplayPreset("epson", _epson),
            DisplayPreset("cd5220", _cd5220),
            DisplayPreset("utc", _utc),
            DisplayPreset("logic-controls", _utc),
            DisplayPreset("adm", _adm),
            DisplayPreset("dsp-800", _dsp800),
        )
    }
)


def display_preset(name: str) -> DisplayPreset:
    """Find a command set by its name. ValueError names the ones that there are."""
    found = DISPLAYS.get(name)
    if found is None:
        raise ValueError(because("display.bad_preset", preset=name, presets=", ".join(DISPLAYS)).sentence)
    return found


def encode(screen: Shown, preset: DisplayPreset, codepage: str) -> bytes:
    """The bytes that show this. ValueError for a code page that displays do not have."""
    if codepage not in CODEPAGES:
        reason = because("display.bad_codepage", codepage=codepage, codepages=", ".join(CODEPAGES))
        raise ValueError(reason.sentence)
    upper = _line(shown(screen.upper, codepage), shown(screen.upper_end, codepage), middle=screen.middle)
    lower = _line(shown(screen.lower, codepage), shown(screen.lower_end, codepage), middle=screen.middle)
    return preset.write(upper, lower, codepage)


def _line(start: bytes, end: bytes, *, middle: bool) -> bytes:
    """One line of twenty: what stands at the end (an amount) is whole, the words give way to it."""
    end = b" ".join(end.split())[-COLUMNS:]
    start = b" ".join(start.split())
    room = COLUMNS - len(end) - (1 if end and start else 0)
    if middle and not end:
        return start[:COLUMNS].center(COLUMNS)
    return start[: max(room, 0)].ljust(COLUMNS - len(end)) + end
