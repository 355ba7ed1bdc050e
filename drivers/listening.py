"""Promise: the bytes of one scan on a port, exactly as they came, within the time that is given."""

import select
import threading
import time
from typing import Final

from drivers.hid_port import is_hid, open_hid
from drivers.ports import READ_SIZE, open_port
from drivers.presets import Line

SILENCE: Final = 0.25
"""Seconds without a byte that end a scan: longer than any pause within one that was measured."""

BLIND_STEP: Final = 0.02
"""Seconds between reads of a port without a file number."""


STOP_CHECK: Final = 0.2
"""Seconds after which a stop is noticed."""


def listen(name: str, line: Line, seconds: float, stop: threading.Event | None = None) -> bytes:
    """The first bytes that come within `seconds`, or before `stop` is set, until a silence; b"" where none came. One
    of `PORT_ERRORS` where the port cannot be opened, or goes."""
    port = open_hid(name) if is_hid(name) else open_port(name, line)
    try:
        got = bytearray()
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not (stop is not None and stop.is_set()):
            try:
                ready = bool(select.select([port], [], [], min(left, STOP_CHECK))[0])
            except OSError:  # io.UnsupportedOperation is one: no number to wait on
                time.sleep(BLIND_STEP)
                ready = True
            piece = port.read(READ_SIZE) if ready else b""
            if piece:
                got += piece
                until = time.monotonic() + SILENCE
        return bytes(got)
    finally:
        port.close()
