"""Identifiers made at the till: UUIDs of version 7, which sort by the time that they were made (RFC 9562, section 5.7)."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_lock = threading.Lock()
_last = (-1, -1)


def uuid7(now: datetime) -> str:
    """A new identifier of the moment `now`: 48 bits of milliseconds, 12 of a counter, 62 of chance.

    Within one millisecond the counter goes up from a random start below half, so that the ids of one process keep their order;
    past its end, and when the clock jumps back, order is left to chance and only being unique is kept.
    """
    global _last  # noqa: PLW0603 - the counter of this process, as the RFC's method 1 has it
    milliseconds = (now - _EPOCH) // _MILLISECOND
    with _lock:
        before, counter = _last
        counter = counter + 1 if milliseconds == before and counter < 0xFFF else secrets.randbits(11)
        _last = (milliseconds, counter)
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
