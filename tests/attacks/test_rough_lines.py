"""A bad cable: bytes are dropped, doubled and late, scanners are pulled out within a code, and no card is taken for another.

`pytest -m soak tests/attacks/test_rough_lines.py -s` runs 10,000 scans a make and shows what became of them; SEED=7 gives others.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from dataclasses import replace

import pytest
from rough_line import CARDS, Bench, Faults

from drivers.codes import Noise, Scan
from drivers.framing import Framing
from drivers.presets import PRESETS, Line, Preset
from drivers.serial_scanner import Lost, Opened, ScannerEvent, SerialScanner
from drivers.simulator import SimulatedScanner
from drivers.ssi_packets import DECODE, DECODER, packet

SEED = int(os.environ.get("SEED", "1"))
PATIENCE = 20.0
COUNTS = [400, pytest.param(10_000, marks=pytest.mark.soak)]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("make", ["generic", "zebra", "olivetti", "ssi"])
def test_no_false_card_over_a_rough_line(make: str, count: int) -> None:
    """One byte in a hundred is dropped, doubled or late by up to 0.3 s: scans are lost or asked for again, and none is a card that
    nobody scanned. Where the scanner waits for an answer, what it was told has arrived has been counted, but one in five hundred:
    an EAN without one digit is as long as a UPC-A, and its check digit fits one time in ten.
    """
    out = Bench(make, Faults(), SEED).run(count)
    print(f"\n{make}: {out}")
    assert out.false == []
    assert out.lost_though_acknowledged <= count // 500
    assert out.counted > count * (0.7 if make in ("generic", "zebra") else 0.99)
    assert sum(out.events.values()) > out.counted, "the line was not rough: the test saw nothing"


@pytest.mark.parametrize("count", COUNTS)
def test_packets_withstand_a_line_that_does_everything_at_once(count: int) -> None:
    """Drops, doubles and delays within one packet, most of which arrive damaged: most scans count, hardly one twice. SSI's check
    bytes are a sum: a zero lost here and doubled there gets past them, and past the card's own check digit one time in ten.
    """
    out = Bench("ssi", Faults(0.02, 0.02, 0.02, mixed=True), SEED).run(count)
    print(f"\nssi, all at once: {out}")
    assert len(out.false) <= count // 2_000
    assert out.lost_though_acknowledged <= count // 200
    assert out.counted > count * 0.7
    assert out.twice < count * 0.02


def test_control_a_reader_that_takes_anything_is_caught() -> None:
    """With another card's number in one read of fifty, as if its check digit were made right, the same bench sees false cards."""
    bench = Bench("generic", Faults(0, 0, 0), SEED)
    frame, dice = bench._frame, bench._dice

    def swapped(code: str, *, again: bool) -> bytes:
        return frame(dice.choice(CARDS) if dice.random() < 0.02 else code, again=again)

    bench._frame = swapped  # type: ignore[method-assign]
    assert bench.run(400).false


# ---- real pseudo-terminals ----

PATIENT = Framing(idle_gap=30.0)
FIRST, SECOND = "2900000000018", "4006381333931"
MAKES = {
    "text": (Preset("text", framing=PATIENT), lambda code: f"{code}\r".encode()),
    "answered": (
        Preset("answered", Line(), replace(PRESETS["olivetti"].framing, idle_gap=30.0), acknowledge=True),
        lambda code: f"\x02A{code}\x03".encode(),
    ),
    "ssi": (PRESETS["ssi"], lambda code: packet(DECODE, b"\x0b" + code.encode(), source=DECODER)),
}


class Reading:
    """One scanner in a thread of its own, and what it says."""

    def __init__(self, port: str, preset: Preset) -> None:
        self.events: queue.Queue[ScannerEvent] = queue.Queue()
        self._scanner = SerialScanner(port, preset, first_retry=0.005, last_retry=0.01)
        self._thread = threading.Thread(target=self._scanner.run, args=(self.events.put,))

    def until(self, *kinds: type[ScannerEvent]) -> list[ScannerEvent]:
        """All that is said up to the next event of these kinds."""
        said: list[ScannerEvent] = []
        while not said or not isinstance(said[-1], kinds):
            said.append(self.events.get(timeout=PATIENCE))
        return said

    def __enter__(self) -> Reading:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._scanner.close()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.mark.parametrize("make", MAKES)
def test_unplugged_at_every_byte_of_a_scan(make: str) -> None:
    """Pulled out after each byte of a code and plugged in again: no half code counts, and the next scan is whole."""
    preset, sent = MAKES[make]
    whole = sent(FIRST)
    with SimulatedScanner() as device, Reading(device.port, preset) as reading:
        reading.until(Opened)
        for at in range(len(whole)):
            device.send(whole[:at])
            if at % 2:
                time.sleep(0.01)  # sometimes the bytes have been read by then, sometimes the kernel holds them
            device.unplug()
            said = reading.until(Lost)
            assert not any(isinstance(event, Scan) for event in said), f"half a code counted at byte {at}"
            device.replug()
            reading.until(Opened)
            device.send(sent(SECOND))
            said = reading.until(Scan)
            assert [event.code for event in said if isinstance(event, Scan)] == [SECOND]
            assert not any(isinstance(event, Noise) and event.reason.code != "scan.cut_short" for event in said)


def test_two_scanners_at_once_do_not_mix() -> None:
    """Two scanners send bit by bit at the same time, the same code among others: each gives its own scans, whole and in order."""
    count = 40
    preset = Preset("patient", framing=Framing(idle_gap=30.0, repeat_window=0.0))
    with (
        SimulatedScanner() as left,
        SimulatedScanner() as right,
        Reading(left.port, preset) as one,
        Reading(right.port, PRESETS["ssi"]) as other,
    ):
        one.until(Opened)
        other.until(Opened)
        ours = [CARDS[number % 7] for number in range(count)]
        theirs = [CARDS[1_000 + number] if number % 5 else CARDS[number % 7] for number in range(count)]
        for mine, yours in zip(ours, theirs, strict=True):
            text, decode = f"{mine}\r".encode(), packet(DECODE, b"\x03" + yours.encode(), source=DECODER)
            for at in range(0, 30, 5):
                left.send(text[at : at + 5])
                right.send(decode[at : at + 5])
        assert [event.code for _ in range(count) for event in one.until(Scan) if isinstance(event, Scan)] == ours
        assert [event.code for _ in range(count) for event in other.until(Scan) if isinstance(event, Scan)] == theirs


@pytest.mark.soak
def test_ten_thousand_scans_through_a_real_port() -> None:
    """Whole reads, one after the other as fast as they are taken, over a real pseudo-terminal: each counts, once and in order."""
    count = 10_000
    preset = Preset("quick", framing=Framing(repeat_window=0.0))
    with SimulatedScanner() as device, Reading(device.port, preset) as reading:
        reading.until(Opened)
        for number in range(count):
            assert device.scan(CARDS[number % len(CARDS)])
            [event] = reading.until(Scan, Noise, Lost)
            assert isinstance(event, Scan)
            assert event.code == CARDS[number % len(CARDS)]
