"""Promise: the bytes of one SSI packet (Zebra's and Symbol's Simple Serial Interface) are its meaning and back.

A packet is `length opcode source status data… check check`: the length counts everything but the two check
bytes, and these are the two's complement of the sum of the rest, high byte first. `drivers.ssi` finds them in
a stream; its sources are these as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from drivers.code_ids import upc_e_in_full
from drivers.codes import Noise, Scan, read_code
from drivers.reasons import because

DECODER: Final = 0x00
HOST: Final = 0x04

ACK: Final = 0xD0
NAK: Final = 0xD1
BEEP: Final = 0xE6
SCAN_ENABLE: Final = 0xE9
SCAN_DISABLE: Final = 0xEA
DECODE: Final = 0xF3
SEGMENT: Final = 0x73

RESEND: Final = 0x01
"""The cause in a NAK that asks for the same packet again."""

WANT_ACK: Final = frozenset({DECODE, SEGMENT, 0xF6, 0xC6})
"""What the scanner sends and waits for: decodes, events, parameters. Replies to us are not acknowledged."""

FROM_DECODER: Final = WANT_ACK | {ACK, NAK, 0x80, 0xA4, 0xA6, 0xD4}
"""Opcodes that a scanner sends; anything else begins no packet."""

_AIM: Final[Mapping[int, str]] = MappingProxyType(
    {
        0x01: "]A0", 0x02: "]F0", 0x03: "]C0", 0x04: "]S0", 0x06: "]I0", 0x07: "]G0", 0x08: "]E0", 0x0A: "]E4",
        0x0B: "]E0", 0x0C: "]H0", 0x0E: "]M0", 0x0F: "]C1", 0x11: "]L2", 0x1B: "]d1", 0x1C: "]Q1", 0x23: "]e0",
        0x24: "]e0", 0x25: "]e0", 0x2D: "]z0", 0x30: "]e0", 0x31: "]e0", 0x32: "]e0",
    }
)  # fmt: skip
"""Zebra's code types as AIM identifiers (CS3000 guide, table B-1; DataBar is 0x30 to 0x32 in newer ones)."""

_UPC_E: Final = frozenset({0x09, 0x10})
_WITH_ADDON: Final = frozenset({0x08, 0x09, 0x0A, 0x0B, 0x10})


@dataclass(frozen=True, slots=True)
class Packet:
    """One whole packet from the scanner."""

    opcode: int
    status: int
    data: bytes
    raw: bytes


def packet(opcode: int, data: bytes = b"", *, source: int = HOST, status: int = 0) -> bytes:
    """The bytes of one packet. ValueError where the data is longer than one can hold."""
    length = 4 + len(data)
    if length > 0xFF:
        raise ValueError("an SSI packet holds at most 251 bytes of data")
    body = bytes((length, opcode, source, status)) + data
    return body + check_bytes(body)


def check_bytes(body: bytes) -> bytes:
    """The two's complement of the sum, high byte first."""
    return (-sum(body) & 0xFFFF).to_bytes(2, "big")


def begins(held: bytearray) -> Packet | Literal[False] | None:
    """What begins here: a packet, None where it takes more bytes to say, False where no packet can."""
    size = len(held)
    if held[0] < 4:
        return False
    if size > 1 and held[1] not in FROM_DECODER:
        return False
    source, status = (3, 2) if size > 1 and held[1] == SEGMENT else (2, 3)
    if size > source and held[source] != DECODER:
        return False
    if size < held[0] + 2:
        return None
    raw = bytes(held[: held[0] + 2])
    if check_bytes(raw[:-2]) != raw[-2:]:
        return False
    return Packet(raw[1], raw[status], raw[4:-2], raw)


def decoded(data: bytes, raw: bytes) -> Scan | Noise:
    """The scan of a decode's data: its type, then the text."""
    if not data:
        return Noise(because("scan.too_short", limit=2), raw)
    kind, sent = data[0], data[1:].strip(b"\r\n\t\x02\x03\x00")
    try:
        text = sent.decode("utf-8")
    except UnicodeDecodeError:
        return Noise(because("scan.undecodable"), raw)
    addon: str | None = None
    digits = {0x40: 2, 0x80: 5}.get(kind & 0xC0, 0)
    if digits and kind & 0x3F in _WITH_ADDON:
        kind &= 0x3F
        if len(text) > digits + 5 and text[-digits:].isdigit():
            text, addon = text[:-digits], text[-digits:]
    if kind in _UPC_E:
        text = "]E0" + (upc_e_in_full(text) or text)
    elif not text.startswith("]"):
        text = _AIM.get(kind, "") + text
    event = read_code(text, raw)
    if addon is not None and isinstance(event, Scan):
        return Scan(event.code, event.symbology, raw, addon)
    return event
