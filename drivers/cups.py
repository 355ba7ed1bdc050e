"""Promise: a job is in a queue of CUPS, or one `PrinterError` says why not and whether it may be there all the same.

CUPS's own programs are asked (lp, lpstat): they are there wherever CUPS is, and `-o raw` sends the bytes as they are. From there
on CUPS prints, after a restart too, and tells nobody here; so a queue that is stopped gets no job.
"""

import os
import subprocess
from collections.abc import Callable, Sequence
from typing import Final

from drivers.drawer import Drawer
from drivers.printer_errors import printer_error
from drivers.printing import Printed, no_more, nothing
from drivers.status import Status
from drivers.targets import CupsTarget

CUPS_WAIT: Final = 10.0
"""Seconds for CUPS to take a job: it answers within some hundred milliseconds, on another machine within seconds."""


class CupsPrinter:
    """A printer behind a queue of CUPS, which takes raw bytes as they are. Whether they are on paper only CUPS
    knows: no job is confirmed."""

    def __init__(self, target: CupsTarget, name: str) -> None:
        self.name = name
        self._target = target

    def send(
        self,
        data: bytes,
        *,
        ends: Sequence[int] = (),
        begins: Callable[[], None] = nothing,
        between: Callable[[], bytes] = no_more,
    ) -> Printed:
        """Hand one job to CUPS. PrinterError where it did not take it."""
        status = self.look()
        if status is not None and status.trouble:
            raise printer_error(status.trouble, self.name, nothing_sent=True)
        begins()
        print_with_cups(self._target, self.name, data)
        return Printed(confirmed=False)

    def kick(self, drawer: Drawer) -> None:
        """Open the drawer, behind what CUPS prints just now."""
        print_with_cups(self._target, self.name, drawer.pulse())

    def look(self) -> Status | None:
        """Whether CUPS prints on it at all."""
        return ask_cups(self._target, self.name)


def print_with_cups(target: CupsTarget, name: str, data: bytes) -> None:
    """Hand a job over. PrinterError: without `nothing_sent` where CUPS did not answer in time."""
    arguments = ["lp", *_host(target), "-d", target.queue, "-o", "raw", "-s", "--", "-"]
    try:
        done = _run(arguments, data)
    except FileNotFoundError as error:
        raise printer_error("printer.no_cups", name, nothing_sent=True) from error
    except subprocess.TimeoutExpired as error:
        raise printer_error("printer.timeout", name, nothing_sent=False) from error
    if done.returncode:
        raise printer_error("printer.no_queue", name, nothing_sent=True, detail=_said(done))


def ask_cups(target: CupsTarget, name: str) -> Status | None:
    """Whether the queue prints. PrinterError where CUPS is not there; None where it says nothing of the queue."""
    try:
        done = _run(["lpstat", *_host(target), "-p", target.queue], b"")
    except FileNotFoundError as error:
        raise printer_error("printer.no_cups", name, nothing_sent=True) from error
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        raise printer_error("printer.no_queue", name, nothing_sent=True, detail=_said(done))
    return read_lpstat(done.stdout.decode(errors="replace"))


def read_lpstat(text: str) -> Status | None:
    """What `lpstat -p QUEUE` says in the C locale: "printer Q is idle.", "printer Q now printing", "printer Q disabled since"."""
    first = text.partition("\n")[0].split()
    if len(first) < 3 or first[0] != "printer":
        return None
    return Status("printer.offline" if first[2] == "disabled" else None, paper_low=False)


def _host(target: CupsTarget) -> Sequence[str]:
    return ("-h", target.host) if target.host else ()


def _run(arguments: Sequence[str], data: bytes) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603 - a fixed program; the queue's name cannot begin like an option
        arguments,
        input=data,
        capture_output=True,
        timeout=CUPS_WAIT,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )


def _said(done: "subprocess.CompletedProcess[bytes]") -> str:
    """The first line of its complaint."""
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[0][:200] if lines else f"{done.args[0]} ended with {done.returncode}"
