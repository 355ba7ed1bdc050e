"""Promise: of a line with SSI packets (Zebra's and Symbol's Simple Serial Interface) each whole packet counts
once, is answered, and after whatever noise the next whole packet is found.

What a packet is says `drivers.ssi_packets`. What is settled here:

- A packet may begin only where its length, opcode and source are possible; where the check bytes are wrong,
  the next byte may be the beginning. A length that came by noise would wait for bytes that never come: after
  `IDLE_GAP` of silence the beginning is given up and what stands behind it is looked at anew.
- A decode (0xF3) and a segment of a long one (0x73) are acknowledged; what cannot be read is asked for again
  (NAK, cause RESEND) once the line is silent, since the scanner does not listen while it sends.
- The scanner sends again what nobody acknowledged, at most twice, with bit 0 of the status set. The same
  decode with that bit is acknowledged and not counted, unless a first try in between was damaged: then it is
  that one. Without the bit it is a second scan, and only `Repeats` decides.
- A long decode comes in segments: 0x73 with a number, the first with type and length of the whole; or
  0xF3 with bit 1 of the status (*continued*) set in all but the last. One segment twice is once; a segment
  that misses makes all of it noise.
- Text without packets is a scanner that is not set to send packets: the reason says so.

Sources: Simple Serial Interface Programmer's Guide (Zebra 72E-40451), SE-923 integration guide (chapter 6),
product guides DS2208, DS4308, DS9908, CR6080 (chapter *SSI Interface*).
"""

from typing import Final

from drivers.codes import LONGEST_CODE, Noise, Scan
from drivers.reasons import because
from drivers.repeats import REPEAT_WINDOW, Repeats
from drivers.ssi_packets import ACK, DECODE, DECODER, NAK, RESEND, SEGMENT, WANT_ACK, Packet, begins, decoded, packet

RETRANSMITTED: Final = 0x01
CONTINUED: Final = 0x02

IDLE_GAP: Final = 0.15
"""Seconds of silence after which a packet that has begun is given up. A scanner sends a packet in one go; USB
converters hold bytes back for up to 16 ms."""

RESEND_WINDOW: Final = 20.0
"""Seconds within which a packet may be one that was sent before: two tries, each after the scanner's longest
time-out of 9.9 s."""

_SECOND_TRY: Final = bytes((DECODE, DECODER, RETRANSMITTED))
"""What shows in a damaged packet that it had been sent before."""

PART_WINDOW: Final = 1.0
"""Seconds between two parts of one decode. A scanner sends the next as soon as the one before it is acknowledged;
the next scan comes later, since a scanner waits at least 2 s for an acknowledgement that it misses."""

LONGEST_PACKET: Final = 0xFF + 2

LONGEST_DECODE: Final = 7089
"""Bytes in one decode: the digits of the largest QR code, the most that any symbol holds."""


class SsiReader:
    """Reads the packets of one scanner."""

    def __init__(self, repeat_window: float = REPEAT_WINDOW) -> None:
        self._repeats = Repeats(repeat_window)
        self._held = bytearray()
        self._lost = bytearray()  # bytes before the packet that is looked for
        self._last = 0.0
        self._began = 0.0
        self._reply = b""
        self._counted: bytes | None = None  # the last decode that counted, or its last segment; and when
        self._counted_at = float("-inf")
        self._parts: list[bytes] = []  # of a decode that has not ended
        self._parted_at = 0.0
        self._wanted = 0  # bytes of a decode in segments; 0 where only the last part says that it is the last
        self._next = 0
        self._segment_before = b""
        self._type = 0

    def feed(self, data: bytes, now: float) -> list[Scan | Noise]:
        """Take the bytes that came at `now`."""
        events = self.tick(now)
        for byte in data:
            if not self._held and not self._lost:
                self._began = now
            self._held.append(byte)
            self._last = now
            events += self._look(now)
        return events

    def tick(self, now: float) -> list[Scan | Noise]:
        """Say what time it is; a packet that was begun and not ended is given up."""
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return []
        events: list[Scan | Noise] = []
        while self._held:
            self._lost.append(self._held.pop(0))
            events += self._look(now)
        return events + self._give_up(ask_again=True)

    def deadline(self) -> float | None:
        """When `tick` is needed next, or None while nothing is held."""
        return self._last + IDLE_GAP if self._held or self._lost else None

    def drop(self) -> list[Scan | Noise]:
        """Throw away what is held, since the line is gone."""
        self._lost += self._held
        self._held.clear()
        events = self._give_up(ask_again=False) + self._broken_parts()
        self._counted, self._reply = None, b""
        return events

    def reply(self) -> bytes:
        """The ACK or NAK that the scanner waits for by now."""
        reply, self._reply = self._reply, b""
        return reply

    def _look(self, now: float) -> list[Scan | Noise]:
        """Take whole packets off the front; step over what begins none."""
        events: list[Scan | Noise] = []
        while self._held:
            found = begins(self._held)
            if found is None:
                break
            if isinstance(found, Packet):
                del self._held[: len(found.raw)]
                events += self._give_up(ask_again=False)
                events += self._take(found, now)
            else:
                self._lost.append(self._held.pop(0))
                if len(self._lost) >= 2 * LONGEST_PACKET:
                    events += self._give_up(ask_again=False)
        return events

    def _give_up(self, *, ask_again: bool) -> list[Scan | Noise]:
        """Say of what was stepped over that it was lost."""
        lost = bytes(self._lost)
        self._lost.clear()
        if len(lost) < 4:  # a spark on the line: no packet is so short
            return []
        if _SECOND_TRY not in lost:
            self._counted = None
        if ask_again:
            self._reply = packet(NAK, bytes((RESEND,)))
        text = lost.rstrip(b"\r\n\t\x00")
        code = "scan.no_packets" if text and all(0x20 <= byte < 0x7F for byte in text) else "scan.cut_short"
        return [Noise(because(code), lost)]

    def _take(self, one: Packet, now: float) -> list[Scan | Noise]:
        if one.opcode in WANT_ACK:
            self._reply = packet(ACK)
        if one.opcode == SEGMENT:
            return self._segment(one, now)
        if one.opcode != DECODE:
            return []
        again = bool(one.status & RETRANSMITTED)
        if again and self._is_counted(one.data, now):
            return [Noise(because("scan.repeat"), one.raw)]
        events = [] if self._is_next_part(one, now, again=again) else self._broken_parts()
        if one.data and (self._parts or one.status & CONTINUED):
            return events + self._part(one, now, again=again)
        self._counted = one.data
        return events + self._decoded(one.data, one.raw, now)

    def _is_counted(self, data: bytes, now: float) -> bool:
        return self._counted == data and now - self._counted_at < RESEND_WINDOW

    def _is_next_part(self, one: Packet, now: float, *, again: bool) -> bool:
        if not self._parts or self._wanted or one.data[:1] != bytes((self._type,)):
            return False
        return now - self._parted_at < (RESEND_WINDOW if again else PART_WINDOW)

    def _part(self, one: Packet, now: float, *, again: bool) -> list[Scan | Noise]:
        """A decode in several 0xF3 packets: each has its type, the last has no *continued* bit."""
        self._type, data = one.data[0], one.data[1:]
        self._parted_at = now
        if again and self._parts and self._parts[-1] == data:
            return []  # its acknowledgement was lost
        self._parts.append(data)
        if sum(map(len, self._parts)) > LONGEST_DECODE:
            self._forget_parts()
            return [Noise(because("scan.too_long", limit=LONGEST_CODE), one.raw)]
        if one.status & CONTINUED:
            return []
        whole = bytes((self._type,)) + b"".join(self._parts)
        self._forget_parts()
        self._counted = one.data
        return self._decoded(whole, whole, now)

    def _segment(self, one: Packet, now: float) -> list[Scan | Noise]:
        """A decode in numbered segments (0x73): the first names type and length of the whole."""
        if not one.data:
            return [Noise(because("scan.undecodable"), one.raw)]
        number, data = one.data[0], one.data[1:]
        if one.data == self._segment_before or (number and self._is_counted(one.data, now)):
            return []  # its acknowledgement was lost
        events: list[Scan | Noise] = []
        if number == 0:
            events = self._broken_parts()
            size = int.from_bytes(data[7:9], "big")
            if data[:1] != bytes((DECODE,)) or not 0 < size <= LONGEST_DECODE:
                return [*events, Noise(because("scan.undecodable"), one.raw)]
            self._type, self._wanted, data = data[5], size, data[9:]
        elif not self._wanted or number != self._next or now - self._parted_at > RESEND_WINDOW:
            return self._broken_parts() or [Noise(because("scan.cut_short"), one.raw)]
        self._next, self._segment_before, self._parted_at = number + 1, one.data, now
        self._parts.append(data)
        whole = b"".join(self._parts)
        if len(whole) < self._wanted:
            return events if one.raw[0] == 0xFF else events + self._broken_parts()
        whole = bytes((self._type,)) + whole[: self._wanted]
        self._forget_parts()
        self._counted = one.data
        return events + self._decoded(whole, whole, now)

    def _broken_parts(self) -> list[Scan | Noise]:
        """What was begun in parts and never ended."""
        had = b"".join(self._parts)
        self._forget_parts()
        return [Noise(because("scan.cut_short"), had[:LONGEST_PACKET])] if had else []

    def _forget_parts(self) -> None:
        self._parts.clear()
        self._segment_before = b""
        self._wanted = self._next = 0

    def _decoded(self, data: bytes, raw: bytes, now: float) -> list[Scan | Noise]:
        self._counted_at = now
        event = decoded(data, raw[: 2 * LONGEST_CODE])
        if isinstance(event, Scan) and self._repeats.is_repeat(event.code, self._began, now):
            return [Noise(because("scan.repeat"), event.raw)]
        return [event]
