"""Promise: a serial scanner is read for as long as the till runs, whatever is done to its plug.

One thread calls `SerialScanner.run`. It opens the port, hands on each scan within a millisecond of its last
byte, and when the port goes it says so, waits and opens it again. Half a frame at an unplug is dropped
(`Noise`), never glued to what comes after. Everything that happens is a frozen event given to one function.
"""

import contextlib
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from drivers.codes import Noise, Scan
from drivers.hid_port import is_hid, open_hid
from drivers.ports import PORT_ERRORS, READ_SIZE, WRITE_TIMED_OUT, Port, open_port, why_closed
from drivers.presets import PRESETS, Preset
from drivers.reasons import Reason, because

FIRST_RETRY: Final = 0.25
"""Seconds before the first try to open again: udev needs about as long to name a device that was plugged
in."""

LAST_RETRY: Final = 2.0
"""Seconds between tries at most: a scanner that was plugged in again works before a person asks why not."""

STOP_CHECK: Final = 0.2
"""Seconds after which a stop that somebody else has set is noticed; `close` is noticed at once."""

MOST_COMMANDS: Final = 16
"""Commands that wait to be sent, at most; of more, the oldest are of no use any more."""

BLIND_READ: Final = 0.02
"""Seconds between reads of a port without a file number to wait on (loop://, rfc2217://)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The port is open; scans will come."""

    port: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The open port has gone."""

    port: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Waiting:
    """The port cannot be opened; it is tried again. Told once per reason, not once per try."""

    port: str
    reason: Reason


ScannerEvent = Scan | Noise | Opened | Lost | Waiting
OnEvent = Callable[[ScannerEvent], None]


class SerialScanner:
    """One scanner on one port; `port` is any name that `drivers.ports` finds."""

    def __init__(
        self,
        port: str,
        preset: Preset = PRESETS["generic"],
        *,
        switch: bool = False,
        first_retry: float = FIRST_RETRY,
        last_retry: float = LAST_RETRY,
    ) -> None:
        """`switch`: the scanner is switched on when its port is opened, and off when `run` ends."""
        self._port = port
        self._switch = switch
        self._outbox: deque[bytes] = deque(maxlen=MOST_COMMANDS)
        self._is_hid = is_hid(port)
        # Nothing that is plain text comes from a HID device: one without a preset follows the standard.
        self._preset = replace(preset, protocol="hid-pos") if self._is_hid and preset.protocol == "text" else preset
        self._first_retry = first_retry
        self._last_retry = last_retry
        self._closed = threading.Event()
        self._wake_read = self._wake_write = -1  # a pipe, while `run` runs
        self._wake_lock = threading.Lock()

    def run(self, on_event: OnEvent, stop: threading.Event | None = None) -> None:
        """Read until `close` is called or `stop` is set. Call it once, in a thread of its own; it raises
        nothing of the port's. `on_event` is called in this thread and must not block."""
        told: Reason | None = None
        delay = self._first_retry
        with self._wake_lock:
            self._wake_read, self._wake_write = os.pipe()
            os.set_blocking(self._wake_read, False)
            os.set_blocking(self._wake_write, False)
        try:
            while not self._stopped(stop):
                try:
                    port = self._open()
                except PORT_ERRORS as error:
                    reason = why_closed(self._port, error)
                    if reason != told:
                        on_event(Waiting(self._port, reason))
                        told = reason
                else:
                    told = None
                    opened_at = time.monotonic()
                    on_event(Opened(self._port))
                    self._read(port, on_event, stop)
                    if time.monotonic() - opened_at > self._last_retry:
                        delay = self._first_retry
                self._pause(delay, stop)
                delay = min(delay * 2, self._last_retry)
        finally:
            with self._wake_lock:
                os.close(self._wake_read)
                os.close(self._wake_write)
                self._wake_read = self._wake_write = -1

    def close(self) -> None:
        """End `run`, wherever it is: within milliseconds, or `CONNECT_WAIT` while it connects to a network
        port."""
        self._closed.set()
        self._wake()

    def _open(self) -> Port:
        return open_hid(self._port) if self._is_hid else open_port(self._port, self._preset.line)

    def send(self, command: bytes) -> None:
        """Have a command sent to the scanner, soon; from any thread. Lost where the port is not open by then:
        a beep for a scan of a minute ago says nothing."""
        if command:
            self._outbox.append(command)
            self._wake()

    def _wake(self) -> None:
        with self._wake_lock:
            if self._wake_write >= 0:
                with contextlib.suppress(BlockingIOError):  # full: it will be woken anyway
                    os.write(self._wake_write, b"x")

    def _stopped(self, stop: threading.Event | None) -> bool:
        return self._closed.is_set() or (stop is not None and stop.is_set())

    def _pause(self, seconds: float, stop: threading.Event | None) -> None:
        until = time.monotonic() + seconds
        while not self._stopped(stop) and (left := until - time.monotonic()) > 0:
            self._closed.wait(min(left, STOP_CHECK))

    def _read(self, port: Port, on_event: OnEvent, stop: threading.Event | None) -> None:
        """Read an open port until it goes or the end is asked for."""
        reader = self._preset.reader()
        self._outbox.clear()
        try:
            if self._switch:
                port.write(self._preset.commands.enable)
            while not self._stopped(stop):
                data = self._wait_and_read(port, reader.deadline())
                now = time.monotonic()
                events = reader.feed(data, now) if data else reader.tick(now)
                for event in events:  # before anything is written: what came whole counts, even if the port goes now
                    on_event(event)
                if reply := reader.reply():
                    self._outbox.appendleft(reply)
                self._tell(port)
            if self._switch:
                port.write(self._preset.commands.disable)
        except PORT_ERRORS:
            for event in reader.drop():
                on_event(event)
            on_event(Lost(self._port, because("port.unplugged", port=self._port)))
        finally:
            _close_quietly(port)

    def _tell(self, port: Port) -> None:
        """Send the answer and the commands that wait. A scanner that takes none is still read: it sends again what
        was not acknowledged, and a beep is no reason to lose a scan."""
        with contextlib.suppress(WRITE_TIMED_OUT):
            while self._outbox:
                port.write(self._outbox.popleft())

    def _wait_and_read(self, port: Port, deadline: float | None) -> bytes:
        """Sleep until there are bytes, the deadline, or the end; give what there is."""
        wait = STOP_CHECK if deadline is None else min(STOP_CHECK, max(0.0, deadline - time.monotonic()))
        try:
            number = port.fileno()
        except OSError:  # io.UnsupportedOperation: nothing to wait on
            data = port.read(READ_SIZE)
            if not data:
                self._closed.wait(min(wait, BLIND_READ))
            return data or b""
        ready, _, _ = select.select([number, self._wake_read], [], [], wait)
        if self._wake_read in ready:
            os.read(self._wake_read, READ_SIZE)
        if number not in ready:
            return b""
        return port.read(READ_SIZE) or b""


def _close_quietly(port: Port) -> None:
    """Close a port that may have gone already; there is nothing left to lose."""
    try:
        port.close()
    except PORT_ERRORS:
        return
