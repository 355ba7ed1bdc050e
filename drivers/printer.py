"""Promise: `send` puts one job on a printer's wire, or raises one `PrinterError` that says whether anything
of it can have been printed. It never waits longer than the limits below, and it never sends a job twice.

Each job has its own connection: a receipt printer serves one at a time, and so tills can share it. Before the
job the printer is asked how it is (`drivers.status`); no paper or an open cover ends the job before a byte of
it is sent, for a printer without paper takes a job, says nothing, and prints it when the roll is changed.
After the job it is asked to answer once that is on paper. A cheap printer that never answers is trusted:
`confirmed` is False.

A drawer does not wait for a long job: its pulse goes out between two commands of it.
"""

import contextlib
import select
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from drivers.cups import CupsPrinter
from drivers.drawer import Drawer
from drivers.ports import PORT_ERRORS
from drivers.printer_errors import PrinterError, printer_error
from drivers.printing import Printed, Printer, no_more, nothing
from drivers.status import (
    ASK_PRINTED,
    ASK_STATUS,
    STATUS_SIZE,
    Status,
    is_status_byte,
    read_status,
    says_printed,
)
from drivers.targets import CupsTarget, parse_target
from drivers.wires import Wire, open_wire

STATUS_WAIT: Final = 0.3
"""Seconds for the answer to a real-time question. It was measured at 1-11 ms; a network hop and a busy print
server take some tens. A printer that never answers costs this once per job, in the spool's thread."""

STALL_WAIT: Final = 3.0
"""Seconds without one byte taken: a printer empties its buffer line by line, many times a second."""

PRINTED_WAIT: Final = 3.0
"""Seconds for "printed" once the job has left, and as long as its paper takes at `PAPER_SPEED` beside. What takes
longer counts as unconfirmed, not as failed."""

PAPER_SPEED: Final = 100.0
"""Millimetres a second: what slow receipt printers do; the quick ones do three times that."""

LINE_MM, ROW_BYTES, ROW_MM = 3.75, 48, 0.125
"""Millimetres of paper a line of text, and bytes a row of dots on narrow paper, with its height: a picture's
length is counted too long rather than too short."""

END_WAIT: Final = 0.5
"""Seconds for a network printer without answers to end its side, which shows whether it took the job."""

CHUNK: Final = 1024
"""Bytes handed over at once: a second at 9600 baud, so a stall is seen within its limit."""

BETWEEN_STEP: Final = 0.1
"""Seconds between looks, while a printer prints, at whether the drawer shall open."""

DRAIN_STEP: Final = 0.02
"""Seconds between looks at how much the kernel still holds for a serial line; there is no event for it."""


class WirePrinter:
    """A printer on the network, a serial line or a device node; made by `open_printer`."""

    def __init__(self, name: str) -> None:
        """`name` is a target string; BadTarget (a ValueError) where it is none. Nothing is opened yet."""
        self.name = name
        self._target = parse_target(name)

    def send(
        self,
        data: bytes,
        *,
        ends: Sequence[int] = (),
        begins: Callable[[], None] = nothing,
        between: Callable[[], bytes] = no_more,
    ) -> Printed:
        """Print one job. PrinterError where it failed."""
        with open_wire(self._target, self.name) as wire:
            return _Job(wire, self.name, begins, between).run(data, ends)

    def kick(self, drawer: Drawer) -> None:
        """Open the drawer. PrinterError where the pulse did not leave."""
        with open_wire(self._target, self.name) as wire:
            _Job(wire, self.name).kick(drawer)

    def look(self) -> Status | None:
        """Ask how it is. PrinterError where it is not there."""
        with open_wire(self._target, self.name) as wire:
            return _Job(wire, self.name).look() if wire.answers else None


def open_printer(target: str) -> Printer:
    """The printer of this name (`drivers.targets`). BadTarget where it names none; connects with each job."""
    found = parse_target(target)
    return CupsPrinter(found, target) if isinstance(found, CupsTarget) else WirePrinter(target)


def paper_time(data: bytes) -> float:
    """Seconds that a job's paper takes, rather too many."""
    rows = data.count(b"\n") * LINE_MM + len(data) / ROW_BYTES * ROW_MM
    return rows / PAPER_SPEED


class _Job:
    """One job on an open wire."""

    def __init__(
        self, wire: Wire, name: str, begins: Callable[[], None] = nothing, between: Callable[[], bytes] = no_more
    ) -> None:
        self._wire = wire
        self._name = name
        self._begins = begins
        self._between = between
        self._sent = 0  # bytes of the job that were handed over

    def run(self, data: bytes, ends: Sequence[int] = ()) -> Printed:
        with self._said_in_words():
            status = self._ask() if self._wire.answers else None
            if status is not None and status.trouble:
                raise self._error(status.trouble)
        self._begins()
        with self._said_in_words():
            done = 0
            for end in (*ends, len(data)):
                self._write(data[done:end], counted=True)
                done = max(done, end)
                self._write(self._between())
            if status is None:
                self._drain()
                self._end()
                return Printed(confirmed=False)
            self._write(ASK_PRINTED)
            return self._confirm(status, paper_time(data))

    def kick(self, drawer: Drawer) -> None:
        with self._said_in_words():
            status = self._ask() if self._wire.answers else None
            self._write(drawer.pulse_at_once() if status is not None and status.trouble else drawer.pulse())
            self._drain()
            if status is None:
                self._end()

    def look(self) -> Status | None:
        with self._said_in_words():
            return self._ask()

    @contextlib.contextmanager
    def _said_in_words(self) -> Iterator[None]:
        try:
            yield
        except PORT_ERRORS as error:
            raise self._error("printer.cut_off" if self._sent else "printer.off") from error

    def _error(self, code: str) -> PrinterError:
        return printer_error(code, self._name, nothing_sent=self._sent == 0)

    def _ask(self) -> Status | None:
        """How the printer is; None where it does not answer."""
        self._write(ASK_STATUS)
        answer = bytearray()
        until = time.monotonic() + STATUS_WAIT
        while sum(map(is_status_byte, answer)) < STATUS_SIZE and self._readable(until):
            answer += self._read()
        return read_status(bytes(answer))

    def _confirm(self, before: Status, paper_time: float) -> Printed:
        """Wait for "printed". Without it, what the printer says now decides."""
        self._drain()
        until = time.monotonic() + PRINTED_WAIT + paper_time
        while time.monotonic() < until:
            if self._readable(min(until, time.monotonic() + BETWEEN_STEP)):
                if says_printed(self._read()):
                    return Printed(confirmed=True, paper_low=before.paper_low)
            else:
                self._write(self._between())
        after = self._ask()
        if after is None:
            raise self._error("printer.timeout")
        if after.trouble:
            raise self._error(after.trouble)
        return Printed(confirmed=False, paper_low=after.paper_low)

    def _write(self, data: bytes, *, counted: bool = False) -> None:
        done = 0
        while done < len(data):
            _, ready, _ = select.select([], [self._wire], [], STALL_WAIT)
            if not ready:
                raise self._error("printer.timeout")
            try:
                taken = self._wire.send(data[done : done + CHUNK])
            except BlockingIOError:
                continue
            done += taken
            if counted:
                self._sent += taken

    def _drain(self) -> None:
        """Wait until a serial line has taken what the kernel holds, for as long as it moves."""
        pending = self._wire.pending()
        moved = time.monotonic()
        while pending:
            time.sleep(DRAIN_STEP)
            self._write(self._between())
            left = self._wire.pending()
            if left < pending:
                pending, moved = left, time.monotonic()
            elif time.monotonic() - moved > STALL_WAIT:
                raise self._error("printer.timeout")
        # A device node is done when it takes more: closing it earlier would cut its last transfer off.
        if not select.select([], [self._wire], [], STALL_WAIT)[1]:
            raise self._error("printer.timeout")

    def _end(self) -> None:
        """Say that the job is whole; a network printer that refused it answers with a reset, which raises."""
        if not self._wire.finish():
            return
        until = time.monotonic() + END_WAIT
        while self._readable(until) and self._wire.receive():
            pass

    def _readable(self, until: float) -> bool:
        return bool(select.select([self._wire], [], [], max(0.0, until - time.monotonic()))[0])

    def _read(self) -> bytes:
        answer = self._wire.receive()
        if not answer:
            raise ConnectionResetError
        return answer
