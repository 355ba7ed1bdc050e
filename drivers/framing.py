"""Promise: whatever bytes a serial scanner sends, in whatever pieces, each whole read is one `Scan`, in
order, and nothing else is.

A frame is what stands between terminators (CR, LF, TAB, ETX; any run of them ends one frame), or before a
silence, since a Zebra scanner out of the box sends no suffix at all. STX begins a frame anew, so a line finds
its way back after a lost byte. NUL and leading spaces are nothing. A frame that is too long is thrown away to
its end.

Bytes that came are never held longer than `Framing.idle_gap` after the last of them; `deadline` says when.
Time is handed in as monotonic seconds. Nothing raises, whatever the bytes are.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from drivers.code_ids import CodeId
from drivers.codes import LONGEST_CODE, Noise, Scan, read_code
from drivers.reasons import because
from drivers.repeats import REPEAT_WINDOW, Repeats

STX: Final = 0x02
ACK: Final = b"\x06"
NAK: Final = b"\x15"

DOUBTS: Final = 2
"""How often a read that fits no letter is asked for again. A scanner sends a read at most four times; the same
damage twice in a row is not rare, since whichever zero of many is doubled, the outcome is the same."""

IDLE_GAP: Final = 0.1
"""Seconds of silence that end a frame. At 9600 baud a byte takes 1 ms, USB converters deliver in gulps (16 ms
for FTDI's), and pauses of 30 and 50 ms inside one read were measured to be harmless only below a gap of this
size. A cashier needs longer between two goods."""

LONGEST_FRAME: Final = LONGEST_CODE * 2
"""Bytes in one frame: the longest code in letters of two bytes each (Cyrillic in UTF-8)."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How one scanner wraps a read. `prefix` is taken off where it stands (STX is known without being named);
    `idle_ends` says whether a silence ends a read or cuts it off: False for a scanner that always sends its
    suffix."""

    prefix: bytes = b""
    terminators: bytes = b"\r\n\t\x03"
    idle_gap: float = IDLE_GAP
    idle_ends: bool = True
    code_ids: tuple[CodeId, ...] = ()
    repeat_window: float = REPEAT_WINDOW

    def __post_init__(self) -> None:
        if self.idle_gap <= 0:
            raise ValueError("the idle gap is a positive number of seconds")
        if not self.terminators and not self.idle_ends:
            raise ValueError("a frame must end somewhere: by a terminator or by a silence")
        Repeats(self.repeat_window)  # refuses what is no window here, and not in the thread that reads


Event = Scan | Noise


class Reader(Protocol):
    """Makes scans of one scanner's bytes. Times are monotonic seconds; nothing raises."""

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take the bytes that came at `now`."""

    def tick(self, now: float) -> list[Event]:
        """Say what time it is."""

    def deadline(self) -> float | None:
        """When `tick` is needed next, or None while nothing is held."""

    def drop(self) -> list[Event]:
        """Throw away what is held, since the line is gone."""

    def reply(self) -> bytes:
        """What the scanner waits for by now; asked once, it is forgotten."""


class Framer:
    """Cuts the bytes of one scanner into scans. `acknowledge`: the scanner waits for ACK or NAK."""

    def __init__(self, settings: Framing | None = None, *, acknowledge: bool = False) -> None:
        self._settings = settings or Framing()
        self._acknowledge = acknowledge
        self._reply = b""
        self._doubted, self._doubts_left = b"", 0
        self._repeats = Repeats(self._settings.repeat_window)
        self._frame = bytearray()
        self._overlong = False
        self._began = 0.0
        self._last = 0.0

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take the bytes that came at `now`; what a silence before them has ended comes out first."""
        events = self.tick(now)
        for byte in data:
            if byte in self._settings.terminators:
                events += self._end(whole=True)
            elif byte == STX:
                events += self._end(whole=False)
            elif byte != 0 and (self._frame or byte != 0x20):
                self._take(byte, now)
        return events

    def tick(self, now: float) -> list[Event]:
        """Say what time it is; a frame that has been silent for the idle gap ends."""
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return []
        return self._end(whole=self._settings.idle_ends)

    def deadline(self) -> float | None:
        """When `tick` is needed next, or None while nothing is held."""
        return self._last + self._settings.idle_gap if self._frame else None

    def drop(self) -> list[Event]:
        """Throw away what is held, since the line is gone: half a frame never meets what comes later."""
        events = self._end(whole=False)
        self._reply = b""
        return events

    def reply(self) -> bytes:
        """ACK or NAK for the last frame; the scanner sends nothing else before it has it."""
        reply, self._reply = self._reply, b""
        return reply

    def _take(self, byte: int, now: float) -> None:
        if not self._frame:
            self._began = now
        self._last = now
        if len(self._frame) < LONGEST_FRAME:
            self._frame.append(byte)
        else:
            self._overlong = True

    def _end(self, *, whole: bool) -> list[Event]:
        events = self._ended(whole=whole)
        if events and self._acknowledge:
            self._reply = _answer(events[-1])
        return events

    def _ended(self, *, whole: bool) -> list[Event]:
        raw, overlong = bytes(self._frame), self._overlong
        self._frame.clear()
        self._overlong = False
        if not raw:
            return []
        if overlong:
            return [Noise(because("scan.too_long", limit=LONGEST_CODE), raw)]
        try:
            text = raw.removeprefix(self._settings.prefix).decode("utf-8")
        except UnicodeDecodeError:
            parity = parity_seen(raw)
            return [Noise(because("scan.parity", parity=parity) if parity else because("scan.undecodable"), raw)]
        if not whole:
            return [Noise(because("scan.cut_short"), raw)]
        event = self._decode(text, raw)
        if isinstance(event, Scan) and self._repeats.is_repeat(event.code, self._began, self._last):
            return [Noise(because("scan.repeat"), raw)]
        return [event]

    def _doubts(self, raw: bytes) -> bool:
        """No letter fits this read: ask for it again, until it has come the same so often that it was sent so."""
        self._doubted, self._doubts_left = raw, self._doubts_left - 1 if raw == self._doubted else DOUBTS
        return self._doubts_left > 0

    def _decode(self, text: str, raw: bytes) -> Event:
        for code_id in self._settings.code_ids:
            if (named := code_id.taken_off(text)) is not None:
                return read_code(named, raw)
        if self._acknowledge and self._settings.code_ids and text[:1] != "]" and self._doubts(raw):
            return Noise(because("scan.damaged"), raw)
        return read_code(text, raw)


def _answer(event: Event) -> bytes:
    """ACK what arrived whole; NAK, which makes the scanner send again, only where sending again can help."""
    if isinstance(event, Noise) and event.reason.code in (
        "scan.cut_short",
        "scan.undecodable",
        "scan.damaged",
        "scan.too_short",
    ):
        return NAK
    return ACK


def parity_seen(raw: bytes) -> str | None:
    """Name the parity ("even", "odd") of 7-bit text that was read as 8 bits, or None.

    All bytes agree in parity, some have the eighth bit set, and without it they are text. Eight bytes of
    anything else do so once in 128 times; fewer than five say too little.
    """
    if len(raw) < 5 or all(byte < 0x80 for byte in raw):
        return None
    if not all(0x20 <= byte & 0x7F < 0x7F or byte & 0x7F in (0x0D, 0x0A, 0x09, 0x03, 0x1D) for byte in raw):
        return None
    odd = {byte.bit_count() % 2 == 1 for byte in raw}
    if len(odd) > 1:
        return None
    return "odd" if odd.pop() else "even"
