"""Promise: from the bytes of one scan on a line of 9600 8N1, which preset fits, and how one can tell. Pure; a guess
says why, and where the bytes tell nothing it says that.
"""

from dataclasses import dataclass
from typing import Final

from drivers.framing import parity_seen
from drivers.presets import PRESETS
from drivers.reasons import Reason, because

STX: Final = 0x02
ETX: Final = 0x03
SSI_DECODE: Final = 0xF3
"""The operation of a Zebra SSI packet that carries a code: `len F3 00 status type data checksum`."""


@dataclass(frozen=True, slots=True)
class Guess:
    """`preset` is the one to take; None where the bytes fit none."""

    preset: str | None
    why: Reason


def guess(raw: bytes) -> Guess:
    """What sent this."""
    if not raw:
        return Guess(None, because("guess.silent"))
    if _is_ssi(raw):
        return Guess("ssi" if "ssi" in PRESETS else None, because("guess.ssi"))
    parity = parity_seen(raw[1:] if raw[0] & 0x7F == STX else raw)
    seven = bytes(byte & 0x7F for byte in raw)
    if parity is not None:
        framed = seven.lstrip(b"\x00")[:1] == bytes([STX]) or bytes([ETX]) in seven
        preset = ("olivetti" if framed else None) if parity == "even" else "datalogic"
        return Guess(preset, because("guess.parity", parity=parity))
    if not _is_text(raw):
        return Guess(None, because("guess.speed"))
    if raw.strip(b"\x00")[:1] == bytes([STX]) and ETX in raw:
        return Guess("olivetti", because("guess.stx"))
    if raw[-1] in b"\r\n\t\x03":
        return Guess("generic", because("guess.suffix"))
    return Guess("zebra", because("guess.no_suffix"))


def _is_text(raw: bytes) -> bool:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\r\n\t\x00\x02\x03\x1d" for character in text)


def _is_ssi(raw: bytes) -> bool:
    """A whole SSI packet: its length, its operation and its checksum (two's complement of the sum) are right."""
    if len(raw) < 6 or raw[1] != SSI_DECODE or raw[0] + 2 > len(raw):
        return False
    size = raw[0]
    return (sum(raw[:size]) + int.from_bytes(raw[size : size + 2], "big")) & 0xFFFF == 0
