"""Promise: the reports of a scanner that is a HID device and no port give the same scans as its bytes on a
serial line would.

Two kinds are known, both of 64 bytes:

- **HID-POS** (USB HID Point of Sale Usage Tables, usage page 0x8C): report id 2, the length of the data, and
  the data. Access-IS and those who follow the table put the AIM identifier into bytes 2 to 4 and up to 56
  bytes of data behind it (LSR118 manual, appendix B); Newland puts the data right behind the length. Which
  one it is shows in the report itself. Bit 0 of the last byte says that the code goes on in the next report.
- **Simple COM port emulation** (Zebra): no report id, the length, then a piece of what the scanner would send
  on a serial line, suffix or silence at its end included.

Several reports may come in one piece; half a report never comes.
"""

import re
from typing import Final

from drivers.codes import LONGEST_CODE, Noise, Scan, read_code
from drivers.framing import Framer, Framing
from drivers.reasons import because
from drivers.repeats import REPEAT_WINDOW, Repeats

REPORT: Final = 64
"""Bytes in one report: all that a full-speed interrupt transfer carries."""

HID_POS_SCAN: Final = 0x02
"""The report id of scanned data."""

CONTINUES: Final = 0x01

LONGEST_JOINED: Final = 2 * LONGEST_CODE

JOIN_GAP: Final = 0.5
"""Seconds within which the rest of a code follows; reports come every few milliseconds."""

_AIM: Final = re.compile(rb"\][A-Za-z][0-9A-Za-z]")


class HidPosReader:
    """Reads the reports of one HID-POS scanner."""

    def __init__(self, repeat_window: float = REPEAT_WINDOW) -> None:
        self._repeats = Repeats(repeat_window)
        self._identifier = b""
        self._data = bytearray()
        self._open = False  # a code goes on in the next report
        self._began = self._last = 0.0

    def feed(self, data: bytes, now: float) -> list[Scan | Noise]:
        """Take the reports that came at `now`."""
        events = self.tick(now)
        for at in range(0, len(data), REPORT):
            events += self._report(data[at : at + REPORT], now)
        return events

    def tick(self, now: float) -> list[Scan | Noise]:
        """Say what time it is; a code whose rest did not come is given up."""
        deadline = self.deadline()
        return self.drop() if deadline is not None and now >= deadline else []

    def deadline(self) -> float | None:
        """When `tick` is needed next, or None while no code is open."""
        return self._last + JOIN_GAP if self._open else None

    def drop(self) -> list[Scan | Noise]:
        """Throw away what is open."""
        if not self._open:
            return []
        raw = bytes(self._data)
        self._clear()
        return [Noise(because("scan.cut_short"), raw)]

    def reply(self) -> bytes:
        """Nothing: USB acknowledges by itself."""
        return b""

    def _report(self, report: bytes, now: float) -> list[Scan | Noise]:
        if report[:1] != bytes((HID_POS_SCAN,)):
            return []  # a report of another kind: the trigger, a status
        if len(report) != REPORT or report[1] > REPORT - 6:
            return [*self.drop(), Noise(because("scan.undecodable"), report)]
        identifier, data = _fields(report)
        if not self._open:
            self._identifier, self._began = identifier, now
        self._data += data
        self._last = now
        self._open = bool(report[-1] & CONTINUES)
        if len(self._data) > LONGEST_JOINED:
            raw = bytes(self._data[:LONGEST_JOINED])
            del self._data[LONGEST_JOINED:]
            if self._open:
                return []
            self._clear()
            return [Noise(because("scan.too_long", limit=LONGEST_CODE), raw)]
        return [] if self._open else [self._ended()]

    def _ended(self) -> Scan | Noise:
        raw = self._identifier + bytes(self._data).strip(b"\r\n\t\x00")
        self._clear()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return Noise(because("scan.undecodable"), raw)
        event = read_code(text, raw)
        if isinstance(event, Scan) and self._repeats.is_repeat(event.code, self._began, self._last):
            return Noise(because("scan.repeat"), raw)
        return event

    def _clear(self) -> None:
        self._data.clear()
        self._open = False


def _fields(report: bytes) -> tuple[bytes, bytes]:
    """The AIM identifier and the data. Where bytes 2 to 4 look like an identifier, it has a field of its own if
    the data, counted from behind it, reaches further than it would from byte 2."""
    length = report[1]
    if _AIM.match(report, 2) and any(report[2 + length : 5 + length]) and length <= REPORT - 8:
        return report[2:5], report[5 : 5 + length]
    return b"", report[2 : 2 + length]


class SimpleComReader:
    """Reads the reports of one Zebra scanner in Simple COM port emulation."""

    def __init__(self, framing: Framing) -> None:
        self._framer = Framer(framing)

    def feed(self, data: bytes, now: float) -> list[Scan | Noise]:
        """Take the reports that came at `now`."""
        events = self._framer.tick(now)
        for at in range(0, len(data), REPORT):
            report = data[at : at + REPORT]
            if len(report) != REPORT or not 0 < report[0] < REPORT:
                events += [*self._framer.drop(), Noise(because("scan.undecodable"), report)]
            else:
                events += self._framer.feed(report[1 : 1 + report[0]], now)
        return events

    def tick(self, now: float) -> list[Scan | Noise]:
        """Say what time it is."""
        return self._framer.tick(now)

    def deadline(self) -> float | None:
        """When `tick` is needed next."""
        return self._framer.deadline()

    def drop(self) -> list[Scan | Noise]:
        """Throw away what is held."""
        return self._framer.drop()

    def reply(self) -> bytes:
        """Nothing: USB acknowledges by itself."""
        return b""
