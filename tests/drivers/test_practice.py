"""The practice devices behave as devices do: our own drivers cannot tell them from real ones."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.practice import DisplayShows, Practice, PracticeEvent
from drivers.printer import Printed, open_printer
from drivers.printer_errors import CoverOpen, PaperOut, PrinterOff, PrinterOffline
from drivers.simulated_paper import Bars, Cut, Kick, Line, OnPaper, Paper, Picture, Question

JOB = b"\x1b@\x1bt\x11\x97\xa0\xa9\n\x1dv0\x00\x02\x00\x01\x00\xff\x00\x1dk\x49\x05{B123\x1bp\x00\x19\xfa\x1dVB\x00"


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def told() -> list[PracticeEvent]:
    return []


@pytest.fixture
def practice(tmp_path: Path, told: list[PracticeEvent]) -> Iterator[Practice]:
    with Practice(tmp_path / "devices", told.append) as one:
        yield one


def test_a_job_on_paper_byte_by_byte() -> None:
    """Text, picture, barcode, drawer and cut are read, wherever the bytes are cut."""
    whole = list(Paper().feed(JOB))
    assert whole == [
        Line("Чай"), Picture(16, 1, b"\xff\x00"), Bars(0x49, b"{B123"), Kick(2, at_once=False), Cut(),
    ]  # fmt: skip
    paper = Paper()
    assert [event for byte in JOB for event in paper.feed(bytes([byte]))] == whole


@given(pieces=st.lists(st.binary(max_size=40) | st.sampled_from([b"\x1d", b"\x1b", b"\x10\x04\x01", JOB]), max_size=12))
def test_any_bytes_in_any_pieces(pieces: list[bytes]) -> None:
    """Whatever comes, nothing is raised, and the pieces make no difference."""
    paper = Paper()
    assert [event for piece in pieces for event in paper.feed(piece)] == list(Paper().feed(b"".join(pieces)))


@pytest.mark.soak
def test_a_million_random_bytes_on_paper() -> None:
    """Noise is no stall: after the longest picture that a printer waits for, a job is read again."""
    paper, noise = Paper(), random.Random(3)
    for _ in range(100):
        list(paper.feed(noise.randbytes(10_000)))
    events: list[OnPaper] = []
    for _ in range(5):
        events += paper.feed(b"\n" * 1_000_000)
    events += paper.feed(JOB)
    assert Cut() in events


@pytest.mark.parametrize("wire", ["tcp", "serial"])
def test_our_printer_prints_there(practice: Practice, told: list[PracticeEvent], wire: str) -> None:
    """Over the network and on the line, the job is confirmed, is on paper once, and the drawer is open."""
    target = f"tcp://127.0.0.1:{practice.printer.tcp_port}" if wire == "tcp" else f"serial:{practice.printer.port}"
    assert open_printer(target).send(JOB) == Printed(confirmed=True)
    assert [type(event) for event in told] == [Line, Picture, Bars, Kick, Cut]
    assert practice.printer.drawer_open
    practice.printer.close_drawer()
    assert not practice.printer.drawer_open


def test_its_faults_are_told_as_a_real_printers(practice: Practice, told: list[PracticeEvent]) -> None:
    """No paper, an open cover, offline and no plug each refuse a job before a byte of it is on paper; mended, it prints."""
    device = practice.printer
    printer = open_printer(f"tcp://127.0.0.1:{device.tcp_port}")
    device.set_paper("out")
    with pytest.raises(PaperOut):
        printer.send(JOB)
    device.set_paper("low")
    assert printer.send(JOB) == Printed(confirmed=True, paper_low=True)
    device.set_paper("in")
    device.set_cover(is_open=True)
    with pytest.raises(CoverOpen):
        printer.send(JOB)
    device.set_cover(is_open=False)
    device.set_offline(offline=True)
    with pytest.raises(PrinterOffline):
        printer.send(JOB)
    device.set_offline(offline=False)
    device.unplug()
    with pytest.raises(PrinterOff):
        printer.send(JOB)
    device.replug()
    assert printer.send(JOB).confirmed
    assert told.count(Cut()) == 2


def test_a_job_given_while_it_is_stopped_comes_out_later(practice: Practice, told: list[PracticeEvent]) -> None:
    """As with a real printer: what was taken without paper is printed when the roll is changed."""
    import socket

    practice.printer.set_paper("out")
    with socket.create_connection(("127.0.0.1", practice.printer.tcp_port)) as wire:
        wire.sendall(b"Late\n\x1dr\x01\x10\x04\x04")
        assert wire.recv(1) == b"\x7e"
        assert told == []
        practice.printer.set_paper("in")
        assert wire.recv(1) == b"\x00"
    assert told == [Line("Late")]


def test_the_display_and_the_scanner(practice: Practice, told: list[PracticeEvent]) -> None:
    """What is written to the display is told once it is whole; a slow scan and noise reach whoever reads the scanner."""
    import os

    from drivers.display import PortDisplay
    from drivers.display_commands import DISPLAYS, Shown

    display = PortDisplay(practice.display.port, DISPLAYS["epson"], "cp866", lambda event: None)
    display.show(Shown("Чай", "3.50", "К оплате", "3.50"))
    until(lambda: bool(told))
    assert told == [DisplayShows("Чай             3.50", "К оплате        3.50")]
    display.close()
    number = os.open(practice.scanner.port, os.O_RDWR | os.O_NOCTTY)
    try:
        practice.set_slow_scanner(slow=True)
        assert practice.scan("12")
        read = b""
        while not read.endswith(b"\r"):
            read += os.read(number, 100)
        assert read == b"12\r"
        assert practice.noise()
        assert os.read(number, 100).startswith(b"\x00\xff")
        practice.scanner.unplug()
        assert not practice.scan("12")
    finally:
        os.close(number)


def test_questions_are_read() -> None:
    """The ones in real time and the one in its turn."""
    assert list(Paper().feed(b"\x10\x04\x04\x1dr\x01\x10\x14\x01\x00\x01")) == [
        Question(4, at_once=True),
        Question(1, at_once=False),
        Kick(2, at_once=True),
    ]
