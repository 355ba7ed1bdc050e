"""What a trial scan tells of a scanner."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.guess import guess
from drivers.listening import listen
from drivers.presets import PRESETS, Line
from drivers.simulator import SimulatedScanner


def with_parity(text: bytes, *, odd: bool) -> bytes:
    return bytes(byte | (0x80 if (byte.bit_count() % 2 == 1) != odd else 0) for byte in text)


@pytest.mark.parametrize(
    ("raw", "preset", "code"),
    [
        (b"2012345678903\r", "generic", "guess.suffix"),
        (b"2012345678903", "zebra", "guess.no_suffix"),
        (b"\x022012345678903\x03", "olivetti", "guess.stx"),
        (with_parity(b"2012345678903\r", odd=True), "datalogic", "guess.parity"),
        (with_parity(b"\x022012345678903\x03", odd=False), "olivetti", "guess.parity"),
        (bytes.fromhex("12f300000b32303132333435363738393033fc4e"), "ssi" if "ssi" in PRESETS else None, "guess.ssi"),
        (b"\xff\xfe\x00\x81\x93", None, "guess.speed"),
        (b"", None, "guess.silent"),
    ],
)
def test_a_trial_scan(raw: bytes, preset: str | None, code: str) -> None:
    """Framing, parity, speed and SSI are told from the bytes alone; where nothing can be told, that is said."""
    found = guess(raw)
    assert (found.preset, found.why.code) == (preset, code)


@given(raw=st.binary(max_size=200))
def test_whatever_comes(raw: bytes) -> None:
    """A guess is always one of the presets, or none."""
    found = guess(raw)
    assert found.preset is None or found.preset in PRESETS
    assert found.why.sentence


def test_the_bytes_of_one_scan() -> None:
    """They come as they are, and silence ends the waiting."""
    with SimulatedScanner() as device:
        timer = threading.Timer(0.2, lambda: device.scan("2012345678903"))
        timer.start()
        assert listen(device.port, Line(), 10) == b"2012345678903\r"
        timer.join()
        assert listen(device.port, Line(), 0.05) == b""
        stop = threading.Event()
        threading.Timer(0.1, stop.set).start()
        assert listen(device.port, Line(), 600, stop) == b""
