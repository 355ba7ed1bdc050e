"""Printers on the network, a serial line and a device node; ones that die, and ones that never answer."""

import os
import pty
import queue
import select
import socket
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from drivers.ports import open_port
from drivers.presets import Line
from drivers.printer import open_printer
from drivers.printer_errors import (
    CoverOpen,
    PaperOut,
    PrinterError,
    PrinterForbidden,
    PrinterOff,
    PrinterOffline,
    PrinterTimeout,
    printer_error,
)
from drivers.printer_twins import BrokenPrinter, RecorderPrinter
from drivers.printing import Printed
from drivers.spool import JobEvent, JobPrinted, JobUncertain, JobWaiting, Spool
from drivers.status import ASK_PRINTED, ASK_STATUS

WELL = b"\x12\x12\x12"
PAPER_OUT = b"\x1a\x32\x7e"
COVER_OPEN = b"\x1a\x16\x12"
OFFLINE = b"\x1a\x12\x12"
PAPER_LOW = b"\x12\x12\x1e"

Death = Literal["never", "at once", "within the job"]


@dataclass
class FakePrinter:
    """What it answers and how it dies. `answers` are given in turn, the last one again and again; None is
    silence."""

    answers: list[bytes | None] = field(default_factory=lambda: [WELL])
    confirms: bool = True
    dies: Death = "never"
    got: bytearray = field(default_factory=bytearray)
    connections: int = 0

    def respond(self, data: bytes) -> bytes:
        """Take bytes and give what comes back."""
        back = b""
        while ASK_STATUS in data:
            data = data.replace(ASK_STATUS, b"", 1)
            back += (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]) or b""
        if ASK_PRINTED in data:
            data = data.replace(ASK_PRINTED, b"", 1)
            back += b"\x00" if self.confirms else b""
        self.got += data
        return back


@contextmanager
def tcp_printer(printer: FakePrinter) -> Iterator[str]:
    """Let it listen; gives its target."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve, args=(server, printer), daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _serve(server: socket.socket, printer: FakePrinter) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        printer.connections += 1
        with connection:
            connection.settimeout(10)
            try:
                _talk(connection, printer)
            except OSError:
                continue


def _talk(connection: socket.socket, printer: FakePrinter) -> None:
    if printer.dies == "at once":
        return
    while data := connection.recv(4096):
        back = printer.respond(data)
        if printer.got and printer.dies == "within the job":
            # closing with SO_LINGER 0 is a reset, as from a printer whose plug was pulled
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            return
        if back:
            connection.sendall(back)


@contextmanager
def serial_printer(printer: FakePrinter) -> Iterator[str]:
    """Put it on a pseudo-terminal; gives its target."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    wake_read, wake_write = os.pipe()

    def serve() -> None:
        while wake_read not in (ready := select.select([master, wake_read], [], [])[0]):
            if master in ready and (back := printer.respond(os.read(master, 4096))):
                os.write(master, back)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"serial:{os.ttyname(slave)}"
    finally:
        os.write(wake_write, b"x")
        thread.join(10)
        for number in (master, slave, wake_read, wake_write):
            os.close(number)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake printers answer within milliseconds; waiting for silence is cut down to a fifth of a
    second."""
    for name in ("STATUS_WAIT", "PRINTED_WAIT", "END_WAIT"):
        monkeypatch.setattr(f"drivers.printer.{name}", 0.2)
    monkeypatch.setattr("drivers.printer.STALL_WAIT", 0.5)


def fails(target: str, data: bytes = b"receipt END") -> PrinterError:
    """Print, and give the error."""
    with pytest.raises(PrinterError) as caught:
        open_printer(target).send(data)
    assert caught.value.reason.sentence == str(caught.value)
    return caught.value


def test_a_network_printer_prints_and_confirms() -> None:
    """The job arrives byte for byte, large ones too, and the printer's answer after the cut confirms it."""
    fake = FakePrinter()
    with tcp_printer(fake) as target:
        printer = open_printer(target)
        assert printer.send(b"one") == Printed(confirmed=True)
        big = bytes(range(1, 16)) * 20000
        assert printer.send(big) == Printed(confirmed=True)
    assert bytes(fake.got) == b"one" + big
    assert fake.connections == 2


def test_a_cheap_printer_that_never_answers_still_prints() -> None:
    """No answer to the status question is no fault: the job is sent, unconfirmed, without more questions."""
    fake = FakePrinter(answers=[None], confirms=False)
    with tcp_printer(fake) as target:
        assert open_printer(target).send(b"one END") == Printed(confirmed=False)
    assert bytes(fake.got) == b"one END"


def test_a_printer_that_does_not_confirm_but_is_well_has_printed() -> None:
    """GS r is unknown to it, its status is well: taken, unconfirmed. A roll near its end is told."""
    with tcp_printer(FakePrinter(confirms=False)) as target:
        assert open_printer(target).send(b"one") == Printed(confirmed=False)
    with tcp_printer(FakePrinter(answers=[PAPER_LOW])) as target:
        assert open_printer(target).send(b"one") == Printed(confirmed=True, paper_low=True)


@pytest.mark.parametrize(
    ("answer", "kind"), [(PAPER_OUT, PaperOut), (COVER_OPEN, CoverOpen), (OFFLINE, PrinterOffline)]
)
def test_trouble_before_the_job_sends_nothing(answer: bytes, kind: type[PrinterError]) -> None:
    """A printer without paper would swallow the job and print it later: it does not get one byte of it."""
    fake = FakePrinter(answers=[answer])
    with tcp_printer(fake) as target:
        error = fails(target)
    assert isinstance(error, kind)
    assert error.nothing_sent
    assert fake.got == b""


def test_paper_that_ends_within_the_job_is_uncertain() -> None:
    """The printer took the job, did not confirm, and now has no paper: it may come out later."""
    with tcp_printer(FakePrinter(answers=[WELL, PAPER_OUT], confirms=False)) as target:
        error = fails(target)
    assert isinstance(error, PaperOut)
    assert not error.nothing_sent


def test_a_printer_that_falls_silent_is_uncertain() -> None:
    """It answered before the job and no more after it: nobody knows what is on the paper."""
    with tcp_printer(FakePrinter(answers=[WELL, None], confirms=False)) as target:
        error = fails(target)
    assert isinstance(error, PrinterTimeout)
    assert not error.nothing_sent


def test_a_refused_connection_has_sent_nothing() -> None:
    """Switched off, or another till is printing: safe to try again."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
    error = fails(f"tcp://127.0.0.1:{number}")
    assert isinstance(error, PrinterOff)
    assert error.nothing_sent


@pytest.mark.parametrize(("dies", "nothing_sent"), [("at once", True), ("within the job", False)])
def test_a_connection_that_breaks(dies: Death, nothing_sent: bool) -> None:
    """Before the job nothing was sent; within it the error says that it is uncertain."""
    with tcp_printer(FakePrinter(dies=dies)) as target:
        error = fails(target, b"x" * 500_000)
    assert isinstance(error, PrinterOff)
    assert error.nothing_sent == nothing_sent


def test_a_silent_printer_that_resets_is_uncertain() -> None:
    """A printer without answers whose plug is pulled within the job is noticed by the reset of its
    connection."""
    with tcp_printer(FakePrinter(answers=[None], dies="within the job")) as target:
        error = fails(target)
    assert error.reason.code == "printer.cut_off"
    assert not error.nothing_sent


def test_a_printer_that_takes_no_more_times_out() -> None:
    """A full buffer that does not move is an error within the limit, not a thread that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        error = fails(f"tcp://127.0.0.1:{server.getsockname()[1]}", b"x" * 16_000_000)
    assert isinstance(error, PrinterTimeout)
    assert not error.nothing_sent


def test_a_serial_printer_prints_and_confirms() -> None:
    """The same questions and answers on a serial line."""
    fake = FakePrinter()
    with serial_printer(fake) as target:
        assert open_printer(target + "?baud=19200").send(b"one" * 1000) == Printed(confirmed=True)
    assert bytes(fake.got) == b"one" * 1000


def test_a_serial_printer_that_is_not_there_or_in_use() -> None:
    """Missing and busy are errors before the job."""
    assert isinstance(fails("serial:/dev/no-such-printer"), PrinterOff)
    with serial_printer(FakePrinter()) as target:
        port = open_port(target.removeprefix("serial:"), Line())
        try:
            error = fails(target)
        finally:
            port.close()
    assert isinstance(error, PrinterForbidden)
    assert error.nothing_sent


def test_a_file_gets_each_job_behind_the_other(tmp_path: Path) -> None:
    """A plain file is made and appended to; a named pipe or device node is written to as it is."""
    printer = open_printer(f"file:{tmp_path}/paper")
    assert printer.send(b"one") == Printed(confirmed=False)
    printer.send(b"two")
    assert (tmp_path / "paper").read_bytes() == b"onetwo"


def test_a_device_node_is_written_to(tmp_path: Path) -> None:
    """A terminal's node, as /dev/usb/lp0, gets the bytes."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    try:
        open_printer(f"file:{os.ttyname(slave)}").send(b"one")
        assert os.read(master, 100) == b"one"
    finally:
        os.close(master)
        os.close(slave)


def test_a_device_node_that_is_not_there_is_not_made() -> None:
    """With the printer unplugged, a plain file under /dev must not swallow the receipts."""
    error = fails("file:/dev/no-such-printer")
    assert isinstance(error, PrinterOff)
    assert error.nothing_sent
    assert not Path("/dev/no-such-printer").exists()
    assert fails("file:/").nothing_sent


def test_a_device_that_takes_no_more_times_out() -> None:
    """A node whose buffer is full (a printer without paper) ends in time."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    try:
        error = fails(f"file:{os.ttyname(slave)}", b"x" * 100_000)
    finally:
        os.close(master)
        os.close(slave)
    assert isinstance(error, PrinterTimeout)
    assert not error.nothing_sent


def test_the_twins_record_and_break() -> None:
    """The recorder keeps its jobs; the broken one fails until it is mended."""
    recorder = RecorderPrinter()
    assert recorder.send(b"one").confirmed
    assert recorder.jobs == [b"one"]
    broken = BrokenPrinter(printer_error("printer.off", "p", nothing_sent=True))
    with pytest.raises(PrinterOff):
        broken.send(b"one")
    broken.mend()
    broken.send(b"one")
    assert (broken.jobs, broken.tries) == ([b"one"], 2)


@pytest.mark.parametrize("dies", ["at once", "within the job"])
def test_a_spool_on_a_dying_printer_never_prints_twice_by_itself(dies: Death) -> None:
    """Dead before the job: tried again by itself. Dead within it: asked once, and then it waits for a
    person."""
    fake = FakePrinter(dies=dies)
    events: queue.Queue[JobEvent] = queue.Queue()
    with tcp_printer(fake) as target:
        spool = Spool(open_printer(target), events.put, retry_after=0.02)
        spool.put("r1", b"x" * 500_000)
        event = events.get(timeout=10)
        if dies == "at once":
            assert isinstance(event, JobWaiting)
        else:
            assert isinstance(event, JobUncertain)
            fake.got.clear()
            tries = fake.connections
            spool.put("r2", b"second")
            assert not events.qsize()
            assert fake.connections == tries
            fake.dies = "never"
            assert spool.retry("r1")
        fake.dies = "never"
        assert isinstance(events.get(timeout=10), JobPrinted)
        spool.close()
