"""A line that drops, doubles and delays bytes, and scanners that send over it as their makers' manuals say, in simulated time.

Each scan is one card out of a shop's two thousand. What came of it is compared with what was scanned: a false card is one that the
shop has issued and nobody scanned.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from stdnum import damm

from drivers.codes import Scan, check_digit
from drivers.framing import ACK, NAK, Reader
from drivers.presets import PRESETS
from drivers.ssi_packets import ACK as SSI_ACK
from drivers.ssi_packets import DECODE, DECODER, RESEND, packet
from drivers.ssi_packets import NAK as SSI_NAK

EAN_CARDS = tuple(body + check_digit(body) for body in (f"29{number:010}" for number in range(1_000)))
LETTER_CARDS = tuple(f"L{body}{damm.calc_check_digit(body)}" for body in (f"{number:07}" for number in range(1_000)))
CARDS = EAN_CARDS + LETTER_CARDS
ISSUED = frozenset(CARDS)

BYTE = 10 / 9600
"""Seconds that a byte takes."""
TIMEOUT = 2.0
"""Seconds that a scanner waits for its answer."""
TRIES = 3


@dataclass(frozen=True, slots=True)
class Faults:
    """How often a byte is dropped, doubled, or comes late by up to `late` seconds. `mixed`: one read may have all of them at once;
    otherwise each read has faults of one kind.
    """

    drop: float = 0.01
    double: float = 0.01
    delay: float = 0.01
    late: float = 0.3
    mixed: bool = False


@dataclass(slots=True)
class Outcome:
    """What came of all scans."""

    scanned: int = 0
    counted: int = 0
    events: Counter[str] = field(default_factory=Counter)
    false: list[tuple[str, str]] = field(default_factory=list)
    twice: int = 0
    lost: int = 0
    lost_though_acknowledged: int = 0

    def __str__(self) -> str:
        return (
            f"{self.counted} of {self.scanned} counted, {self.lost} lost, {self.twice} twice, "
            f"{len(self.false)} false, {self.lost_though_acknowledged} lost though acknowledged; {dict(self.events)}"
        )


class Line:
    """One direction of a serial line."""

    def __init__(self, dice: random.Random, faults: Faults) -> None:
        self._dice = dice
        self._faults = faults

    def carry(self, data: bytes, now: float) -> Iterator[tuple[float, bytes]]:
        """When each byte arrives."""
        dice, faults = self._dice, self._faults
        kinds = {"drop", "double", "delay"} if faults.mixed else {dice.choice(("drop", "double", "delay"))}
        for byte in data:
            now += BYTE
            if "drop" in kinds and dice.random() < faults.drop:
                continue
            if "delay" in kinds and dice.random() < faults.delay:
                now += dice.random() * faults.late
            yield now, bytes((byte,))
            if "double" in kinds and dice.random() < faults.double:
                now += BYTE
                yield now, bytes((byte,))


class Bench:
    """A scanner of one make at a till, with a rough line between them."""

    def __init__(self, make: str, faults: Faults, seed: int) -> None:
        self._dice = random.Random(seed)
        self._make = make
        self._line = Line(self._dice, faults)
        self._reader: Reader = PRESETS[make].reader()
        self._now = 1.0
        self._answer = b""

    def run(self, count: int) -> Outcome:
        """Scan so many cards, a hand's pace apart."""
        out = Outcome()
        for _ in range(count):
            self._now += 1.0 + self._dice.random()
            code = self._dice.choice(CARDS)
            out.scanned += 1
            events, acknowledged = self._scan(code)
            out.events.update("scan" if isinstance(event, Scan) else event.reason.code for event in events)
            codes = [event.code for event in events if isinstance(event, Scan)]
            out.false += [(code, one) for one in codes if one != code and one in ISSUED]
            right = codes.count(code)
            out.counted += right > 0
            out.twice += right > 1
            out.lost += not right
            out.lost_though_acknowledged += acknowledged and not right
        return out

    def _scan(self, code: str) -> tuple[list[object], bool]:
        """One pull of the trigger: all that the till made of it, and whether the scanner was told that it arrived."""
        events: list[object] = []
        for attempt in range(TRIES):
            events += self._send(self._frame(code, again=attempt > 0))
            if not self._waits():
                return events, False
            heard = b"".join(byte for _, byte in self._line.carry(self._answer, self._now))
            if self._is_ack(heard):
                return events, True
            if not self._is_nak(heard):
                events += self._wait(TIMEOUT)
        return events, False

    def _frame(self, code: str, *, again: bool) -> bytes:
        if self._make == "ssi":
            kind = b"\x0b" if code.isdigit() else b"\x03"
            return packet(DECODE, kind + code.encode(), source=DECODER, status=int(again))
        if self._make == "olivetti":
            letter = "A" if code.isdigit() else f"K{len(code):02}"
            return f"\x02{letter}{code}\x03".encode()
        return f"{code}\r".encode()

    def _waits(self) -> bool:
        return self._make in ("ssi", "olivetti")

    def _is_ack(self, heard: bytes) -> bool:
        return packet(SSI_ACK) in heard if self._make == "ssi" else heard[:1] == ACK

    def _is_nak(self, heard: bytes) -> bool:
        return packet(SSI_NAK, bytes((RESEND,))) in heard if self._make == "ssi" else heard[:1] == NAK

    def _send(self, data: bytes) -> list[object]:
        self._answer = b""
        events: list[object] = []
        for at, byte in self._line.carry(data, self._now):
            events += self._wait(at - self._now)
            events += self._reader.feed(byte, self._now)
            self._answer += self._reader.reply()
        return events + self._wait(0.5)

    def _wait(self, seconds: float) -> list[object]:
        """Let time go by as the reading thread does: it wakes at each deadline."""
        until, events = self._now + seconds, []
        while (deadline := self._reader.deadline()) is not None and deadline <= until:
            self._now = max(self._now, deadline)
            events += self._reader.tick(self._now)
            self._answer += self._reader.reply()
        self._now = until
        return list(events)
