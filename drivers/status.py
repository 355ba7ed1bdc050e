"""Promise: what an ESC/POS printer answers about itself becomes one reason, or "all is well". Pure.

Asked before a job, with the real-time command that is answered even offline: DLE EOT 1 (online), 2 (cover and
error), 4 (paper); and after the cut GS r 1 (paper sensor), which stands in the queue behind the job and so is
answered only once the job is on paper. Answers measured: all well `12 12 12`, paper out `1a 32 7e`, cover
open `1a 16 12`, offline `1a 12 12`, paper near its end `12 12 1e`. Source: Epson's ESC/POS command reference.
"""

from dataclasses import dataclass
from typing import Final

ASK_STATUS: Final = b"\x10\x04\x01\x10\x04\x02\x10\x04\x04"
ASK_PRINTED: Final = b"\x1d\x72\x01"
STATUS_SIZE: Final = 3
"""Bytes of the answer to `ASK_STATUS`: one for each question."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the printer said: `trouble` is a code `printer.*` or None; `paper_low`: the roll is near its end;
    `pin_high`: the level of pin 3 of the drawer's connector."""

    trouble: str | None
    paper_low: bool
    pin_high: bool = False


def is_status_byte(byte: int) -> bool:
    """Answers to DLE EOT have bits 1 and 4 set, 0 and 7 clear; no answer to GS r looks like that."""
    return byte & 0x93 == 0x12


def read_status(answer: bytes) -> Status | None:
    """Read the three answers to `ASK_STATUS`; None where they are not that (a printer that does not know
    it)."""
    found = bytes(byte for byte in answer if is_status_byte(byte))
    if len(found) < STATUS_SIZE:
        return None
    online, cause, paper = found[:STATUS_SIZE]
    trouble: str | None = None
    if paper & 0x60 or cause & 0x20:
        trouble = "printer.paper_out"
    elif cause & 0x04:
        trouble = "printer.cover_open"
    elif cause & 0x40:
        trouble = "printer.fault"
    elif online & 0x08:
        trouble = "printer.offline"
    return Status(trouble, paper_low=bool(paper & 0x0C), pin_high=bool(online & 0x04))


def says_printed(answer: bytes) -> bool:
    """Whether the answer to `ASK_PRINTED` is among these bytes (bits 4 and 7 clear); the others are late
    ones."""
    return any(not byte & 0x90 for byte in answer)
