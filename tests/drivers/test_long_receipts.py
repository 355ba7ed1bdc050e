"""Receipts of a metre on slow lines, and printers that are unplugged within one, at every byte."""

from __future__ import annotations

import os
import pty
import queue
import random
import re
import select
import socket
import struct
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate

import pytest

from drivers.drawer import Drawer
from drivers.printer import open_printer, paper_time
from drivers.printer_errors import PrinterError
from drivers.queue_events import JobPrinted, SpoolEvent
from drivers.spool import Spool
from drivers.status import ASK_PRINTED, ASK_STATUS, read_status, says_printed

WELL = b"\x12\x12\x12"
BAND = b"\x1dv0\x00" + (72).to_bytes(2, "little") + (240).to_bytes(2, "little") + b"\xaa" * (72 * 240)
METRE = [BAND] * 33
"""Pictures of 240 rows of an eighth of a millimetre, as an Arabic receipt has them: a metre of paper, over half a megabyte."""


@contextmanager
def slow_printer(rate: float, got: bytearray) -> Iterator[str]:
    """A printer on a serial line of so many bytes a second; it answers what it is asked once it has come so far."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    stop = threading.Event()

    def serve() -> None:
        answered = 0
        while not stop.is_set():
            if not select.select([master], [], [], 0.05)[0]:
                continue
            data = os.read(master, 1024)
            time.sleep(len(data) / rate)
            got.extend(data)
            while match := re.search(re.escape(ASK_STATUS) + b"|" + re.escape(ASK_PRINTED), got[answered:]):
                answered += match.end()
                os.write(master, WELL if match[0] == ASK_STATUS else b"\x00")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"serial:{os.ttyname(slave)}"
    finally:
        stop.set()
        thread.join(10)
        os.close(master)
        os.close(slave)


def _a_metre(rate: float, patience: float) -> tuple[bytes, float]:
    """Print a metre, and while it is printed put the next receipt and open the drawer; what came out, and how long both took."""
    events: queue.Queue[SpoolEvent] = queue.Queue()
    got = bytearray()
    with slow_printer(rate, got) as target:
        spool = Spool(open_printer(target), events.put)
        spool.put("long", b"".join(METRE), ends=tuple(accumulate(map(len, METRE))))
        while len(got) < 50_000:
            time.sleep(0.001)
        began = time.monotonic()
        spool.put("next", b"next\n")
        spool.kick()
        took = time.monotonic() - began
        for job in ("long", "next"):
            assert events.get(timeout=patience) == JobPrinted(job, confirmed=True, paper_low=False)
        spool.close()
    return bytes(got), took


def _check(paper: bytes) -> None:
    pulse = Drawer().pulse()
    assert paper.count(pulse) == 1
    before, _, after = paper.partition(pulse)
    assert before.startswith(ASK_STATUS + BAND)
    assert before.endswith(BAND)
    assert after.count(BAND) > 20  # it did not wait for the end
    assert before.count(BAND) + after.count(BAND) == len(METRE)
    assert after.endswith(BAND + ASK_PRINTED + ASK_STATUS + b"next\n" + ASK_PRINTED)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine's printer answers later than a real one."""
    monkeypatch.setattr("drivers.printer.STATUS_WAIT", 5.0)


def test_a_metre_on_a_slow_line_holds_nothing_up() -> None:
    """The next receipt is taken at once and comes behind it; the drawer opens between two pictures of it."""
    paper, _ = _a_metre(400_000, 60)
    _check(paper)


@pytest.mark.soak
def test_a_metre_at_115200_baud() -> None:
    """The same in real time, which takes fifty seconds."""
    paper, took = _a_metre(11_520, 300)
    _check(paper)
    assert took < 5


def test_the_time_that_paper_takes() -> None:
    """A metre is ten seconds of printing at 100 mm/s, of pictures and of text; rather too long than too short."""
    assert 10 <= paper_time(b"".join(METRE)) < 20
    assert 10 <= paper_time((b"x" * 47 + b"\n") * 267) < 15


JOB = b"\x1b@\x1bR\x00\x1b3\x1eCorner Shop\n1 Main Street\n\x1bE\x01Total 9.99\n\x1bE\x00\x1dV\x42\x00"


def _serial_that_dies(dies_after: int) -> PrinterError:
    """An answering printer on a serial line whose plug is pulled once it has read so many bytes of the job."""
    master, slave = pty.openpty()
    tty.setraw(slave)

    def serve() -> None:
        data = b""
        while len(data) < len(ASK_STATUS):
            data += os.read(master, len(ASK_STATUS) - len(data))
        os.write(master, WELL)
        left = dies_after
        while left:
            left -= len(os.read(master, left))
        os.close(master)

    target = f"serial:{os.ttyname(slave)}"
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    os.set_blocking(slave, False)
    try:
        with pytest.raises(PrinterError) as caught:
            open_printer(target).send(JOB)
    finally:
        os.close(slave)
        thread.join(10)
    return caught.value


def _network_that_dies(dies_after: int) -> PrinterError:
    """An answering printer on the network whose plug is pulled likewise."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(len(ASK_STATUS), socket.MSG_WAITALL)
                connection.sendall(WELL)
                if dies_after:
                    connection.recv(dies_after, socket.MSG_WAITALL)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(PrinterError) as caught:
            open_printer(f"tcp://127.0.0.1:{server.getsockname()[1]}").send(JOB)
        thread.join(10)
    return caught.value


@pytest.mark.parametrize("dies", [_serial_that_dies, _network_that_dies])
def test_unplugged_at_every_byte_of_a_receipt(dies) -> None:
    """However much of it came over, it is never taken for printed; and what may be on paper is never taken for unsent."""
    for dies_after in range(len(JOB) + 1):
        error = dies(dies_after)
        assert not (error.nothing_sent and dies_after), f"unplugged after {dies_after} bytes"
        assert error.reason.code in ("printer.cut_off", "printer.off", "printer.timeout")


@pytest.mark.soak
def test_a_million_random_answers() -> None:
    """A printer may send anything: nothing is raised, and only what says "printed" is taken for that."""
    rng = random.Random(6)
    data = rng.randbytes(1_000_000)
    for start in range(0, len(data), 7):
        answer = data[start : start + 7]
        status = read_status(answer)
        assert status is None or status.trouble in (
            None,
            "printer.paper_out",
            "printer.cover_open",
            "printer.fault",
            "printer.offline",
        )
        assert says_printed(answer) == any(byte & 0x90 == 0 for byte in answer)
