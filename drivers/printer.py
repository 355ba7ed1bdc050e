"""Promise: `send` puts one job on a printer's wire, or raises one `PrinterError` that says whether anything
of it can have been printed. It never waits longer than the limits below, and it never sends a job twice.

Each job has its own connection: a receipt printer serves one at a time, and so tills can share it. Before the
job the printer is asked how it is (`drivers.status`); no paper or an open cover ends the job before a byte of
it is sent, for a printer without paper takes a job, says nothing, and prints it when the roll is changed.
After the job it is asked to answer once that is on paper. A cheap printer that never answers is trusted:
`confirmed` is False.
"""

import select
import time
from dataclasses import dataclass
from typing import Final, Protocol

from drivers.ports import PORT_ERRORS
from drivers.printer_errors import PrinterError, printer_error
from drivers.status import (
    ASK_PRINTED,
    ASK_STATUS,
    STATUS_SIZE,
    Status,
    is_status_byte,
    read_status,
    says_printed,
)
from drivers.targets import parse_target
from drivers.wires import Wire, open_wire

STATUS_WAIT: Final = 0.3
"""Seconds for the answer to a real-time question. It was measured at 1-11 ms; a network hop and a busy print
server take some tens. A printer that never answers costs this once per job, in the spool's thread."""

STALL_WAIT: Final = 3.0
"""Seconds without one byte taken: a printer empties its buffer line by line, many times a second."""

PRINTED_WAIT: Final = 3.0
"""Seconds for "printed": a receipt of 30 cm at 100 mm/s. One that is longer counts as unconfirmed, not as
failed."""

END_WAIT: Final = 0.5
"""Seconds for a network printer without answers to end its side, which shows whether it took the job."""

CHUNK: Final = 1024
"""Bytes handed over at once: a second at 9600 baud, so a stall is seen within its limit."""

DRAIN_STEP: Final = 0.02
"""Seconds between looks at how much the kernel still holds for a serial line; there is no event for it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer took the whole job. `confirmed`: it said that it is on paper; `paper_low`: the roll ends
    soon."""

    confirmed: bool
    paper_low: bool = False


class Printer(Protocol):
    """Something that prints. `send` blocks, within the limits above; the spool calls it in its own thread."""

    def send(self, data: bytes) -> Printed: ...


class WirePrinter:
    """A printer on the network, a serial line or a device node; made by `open_printer`."""

    def __init__(self, name: str) -> None:
        """`name` is a target string; BadTarget (a ValueError) where it is none. Nothing is opened yet."""
        self.name = name
        self._target = parse_target(name)

    def send(self, data: bytes) -> Printed:
        """Print one job. PrinterError where it failed."""
        with open_wire(self._target, self.name) as wire:
            return _Job(wire, self.name).run(data)


def open_printer(target: str) -> WirePrinter:
    """The printer of this name (`drivers.targets`). BadTarget where it names none; connects with each job."""
    return WirePrinter(target)


class RecorderPrinter:
    """A printer for tests: it prints everything, and keeps it in `jobs`."""

    def __init__(self) -> None:
        self.jobs: list[bytes] = []

    def send(self, data: bytes) -> Printed:
        self.jobs.append(data)
        return Printed(confirmed=True)


class BrokenPrinter:
    """A printer for tests: it fails with `error` until `mend`, then prints like a recorder; `tries`
    counts."""

    def __init__(self, error: PrinterError) -> None:
        self.jobs: list[bytes] = []
        self.tries = 0
        self._error: PrinterError | None = error

    def mend(self) -> None:
        """From now on it prints."""
        self._error = None

    def send(self, data: bytes) -> Printed:
        self.tries += 1
        if self._error is not None:
            raise self._error
        self.jobs.append(data)
        return Printed(confirmed=True)


class _Job:
    """One job on an open wire."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire = wire
        self._name = name
        self._sent = 0  # bytes of the job that were handed over

    def run(self, data: bytes) -> Printed:
        try:
            status = self._ask() if self._wire.answers else None
            if status is not None and status.trouble:
                raise self._error(status.trouble)
            self._write(data, counted=True)
            if status is None:
                self._drain()
                self._end()
                return Printed(confirmed=False)
            self._write(ASK_PRINTED)
            return self._confirm(status)
        except PORT_ERRORS as error:
            code = "printer.cut_off" if self._sent else "printer.off"
            raise self._error(code) from error

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

    def _confirm(self, before: Status) -> Printed:
        """Wait for "printed". Without it, what the printer says now decides."""
        self._drain()
        until = time.monotonic() + PRINTED_WAIT
        while self._readable(until):
            if says_printed(self._read()):
                return Printed(confirmed=True, paper_low=before.paper_low)
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
