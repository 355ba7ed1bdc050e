"""Promise: what was last put on the customer display is what it shows, as soon as it can, and nobody ever waits
for it.

One thread owns the port. `show` only leaves the newest text for it: texts that a slow line could not show in time
are never queued. An unplug is noticed although nothing is written, said once, and the display is opened again and
given what it should show by then.
"""

import contextlib
import os
import select
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from drivers.display_commands import DisplayPreset, Shown, encode
from drivers.ports import PORT_ERRORS, READ_SIZE, Port, open_port, why_closed
from drivers.presets import Line
from drivers.reasons import Reason, because

FIRST_RETRY: Final = 0.25
LAST_RETRY: Final = 2.0
"""Seconds between tries to open it again, at first and at most: as for scanners."""

BLIND_LOOK: Final = 0.5
"""Seconds between looks at a port that has no file number to wait on."""

CLOSE_WAIT: Final = 1.0
"""Seconds that `close` waits for the last text to leave: forty characters take 50 ms at 9600 baud."""


@dataclass(frozen=True, slots=True)
class DisplayReady:
    """It is open, and shows what it was told."""

    port: str


@dataclass(frozen=True, slots=True)
class DisplayLost:
    """It cannot be written to; it is tried again. Told once a reason."""

    port: str
    reason: Reason


DisplayEvent = DisplayReady | DisplayLost


class Display(Protocol):
    """Two lines for the customer. `show` never blocks and raises nothing of the port's."""

    def show(self, screen: Shown) -> None: ...
    def close(self) -> None: ...


class PortDisplay:
    """A display on a port that `drivers.ports` finds: serial, USB-serial, or socket://host:port."""

    def __init__(
        self,
        port: str,
        preset: DisplayPreset,
        codepage: str,
        on_event: Callable[[DisplayEvent], None],
        baud: int | None = None,
    ) -> None:
        """ValueError for a speed or a code page that there is not. `on_event` is called in the display's thread."""
        encode(Shown(), preset, codepage)
        self._port = port
        self._preset = preset
        self._codepage = codepage
        self._line = Line(baud=preset.baud if baud is None else baud)
        self._on_event = on_event
        self._lock = threading.Lock()
        self._wanted: bytes | None = None
        self._closing = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)  # a pipe that nobody empties while the display is away fills up
        self._thread = threading.Thread(target=self._run, name="display", daemon=True)
        self._thread.start()

    def show(self, screen: Shown) -> None:
        """From now on this is to be seen."""
        data = encode(screen, self._preset, self._codepage)
        with self._lock:
            if self._closing.is_set() or data == self._wanted:
                return
            self._wanted = data
            self._wake()

    def close(self) -> None:
        """End; what was last put there is written if the display takes it at once. Twice is once."""
        with self._lock:
            if self._closing.is_set():
                return
            self._closing.set()
            self._wake()
        self._thread.join(CLOSE_WAIT)

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # full: it wakes up all the same
            os.write(self._wake_write, b"x")

    def _run(self) -> None:
        told: Reason | None = None
        delay = FIRST_RETRY
        try:
            while not self._closing.is_set():
                try:
                    port = open_port(self._port, self._line)
                except PORT_ERRORS as error:
                    reason = why_closed(self._port, error)
                    if reason != told:
                        self._on_event(DisplayLost(self._port, reason))
                        told = reason
                else:
                    told, delay = None, FIRST_RETRY
                    self._serve(port)
                self._closing.wait(delay)
                delay = min(delay * 2, LAST_RETRY)
        finally:
            with self._lock:
                self._closing.set()
                os.close(self._wake_read)
                os.close(self._wake_write)

    def _serve(self, port: Port) -> None:
        """Write what is wanted until the port goes or the end is asked for."""
        written: bytes | None = None
        self._on_event(DisplayReady(self._port))
        try:
            while True:
                closing = self._closing.is_set()
                with self._lock:
                    wanted = self._wanted
                if wanted is not None and wanted != written:
                    _write(port, wanted)
                    written = wanted
                if closing:
                    return
                self._wait(port)
        except PORT_ERRORS:
            self._on_event(DisplayLost(self._port, because("port.unplugged", port=self._port)))
        finally:
            with contextlib.suppress(*PORT_ERRORS):  # it has gone
                port.close()

    def _wait(self, port: Port) -> None:
        """Until there is something to show. What a display answers is of no use, and an unplug raises in the read."""
        try:
            number = port.fileno()
        except OSError:  # io.UnsupportedOperation is one: there is none
            select.select([self._wake_read], [], [], BLIND_LOOK)
            number = -1
        ready = select.select([self._wake_read, *([number] if number >= 0 else [])], [], [], BLIND_LOOK)[0]
        if self._wake_read in ready:
            os.read(self._wake_read, READ_SIZE)
        if number in ready:
            port.read(READ_SIZE)


def _write(port: Port, data: bytes) -> None:
    """Hand it all over; a port takes what it has room for."""
    until = time.monotonic() + LAST_RETRY
    while data:
        taken = port.write(data)
        data = data[len(data) if taken is None else taken :]
        if data and time.monotonic() > until:
            raise TimeoutError


class RecorderDisplay:
    """A display for tests: it keeps all that was shown."""

    def __init__(self) -> None:
        self.screens: list[Shown] = []

    def show(self, screen: Shown) -> None:
        self.screens.append(screen)

    def close(self) -> None:
        """There is nothing to end."""


class BrokenDisplay(RecorderDisplay):
    """A display for tests that shows nothing, and says why with every try."""

    def __init__(self, on_event: Callable[[DisplayEvent], None], reason: Reason) -> None:
        super().__init__()
        self._on_event = on_event
        self._reason = reason

    def show(self, screen: Shown) -> None:
        self._on_event(DisplayLost("broken", self._reason))
