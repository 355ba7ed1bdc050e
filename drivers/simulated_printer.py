"""Promise: a receipt printer with a drawer that any program can print on, over the network and on a pseudo-terminal,
and that fails as real ones do when it is told to.

Without paper, with an open cover or offline it takes a job and prints nothing until it is well again, answers
DLE EOT at once and GS r in its turn. `on_event` is told what comes onto the paper, in a thread of its own.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from drivers.simulated_paper import Kick, OnPaper, Paper, Question
from drivers.simulator import SimulatedScanner

PaperState = Literal["in", "low", "out"]

SLOW_PIECE: Final = 96
SLOW_STEP: Final = 0.1
"""So many bytes in so many seconds: a line of 9600 baud."""

LOOK_STEP: Final = 0.02
"""Seconds between looks at the pseudo-terminal: an unplug closes it, so nobody may wait on its number."""


class SimulatedPrinter:
    """`close` it, or use it as a context."""

    def __init__(self, on_event: Callable[[OnPaper], None], *, link: Path | None = None, port: int = 0) -> None:
        """`link` is where its pseudo-terminal is found, `port` where it listens on this machine (0: any that is
        free). OSError where either cannot be had."""
        self._on_event = on_event
        self._lock = threading.RLock()
        self._paper: PaperState = "in"
        self._cover_open = self._offline = False
        self.slow = False
        self.drawer_open = False
        self._sessions: list[_Session] = []
        self._server: socket.socket | None = None
        self._connections: list[socket.socket] = []
        self._closed = threading.Event()
        self.tcp_port = port
        self._listen()
        self._wire = SimulatedScanner(link)
        threading.Thread(target=self._read_wire, name="printer-wire", daemon=True).start()

    @property
    def port(self) -> str:
        """Its serial port."""
        return self._wire.port

    # ---- faults ---------------------------------------------------------------------------------------

    def set_paper(self, state: PaperState) -> None:
        """Put a roll in, let it come near its end, or take it out."""
        with self._lock:
            self._paper = state
        self._go_on()

    def set_cover(self, *, is_open: bool) -> None:
        """Open its cover, or close it."""
        with self._lock:
            self._cover_open = is_open
        self._go_on()

    def set_offline(self, *, offline: bool) -> None:
        """Press its online button."""
        with self._lock:
            self._offline = offline
        self._go_on()

    def set_slow(self, *, slow: bool) -> None:
        """Take bytes as slowly as a line of 9600 baud."""
        self.slow = slow

    def close_drawer(self) -> None:
        """Push the drawer in."""
        self.drawer_open = False

    def unplug(self) -> None:
        """Take both its cables out; what it had not printed is lost."""
        with self._lock:
            self._sessions.clear()
            server, self._server = self._server, None
            connections, self._connections = self._connections, []
        if server is not None:
            server.shutdown(socket.SHUT_RDWR)  # wakes accept
            server.close()
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._wire.unplug()

    def replug(self) -> None:
        """Bring it back under the same names. OSError where its port is taken meanwhile."""
        if self._server is None:
            self._listen()
        self._wire.replug()

    def close(self) -> None:
        """End it and leave nothing behind."""
        self._closed.set()
        self.unplug()
        self._wire.close()

    def __enter__(self) -> "SimulatedPrinter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- what it answers ------------------------------------------------------------------------------

    @property
    def is_stopped(self) -> bool:
        """Whether nothing comes onto the paper now."""
        with self._lock:
            return self._paper == "out" or self._cover_open or self._offline

    def answer(self, question: Question) -> bytes:
        """What it says of itself, by Epson's tables (DLE EOT 1, 2, 4; GS r 1, 2)."""
        with self._lock:
            if not question.at_once:
                if question.number in {2, 50}:
                    return bytes([1 if self.drawer_open else 0])
                return bytes([{"in": 0, "low": 3, "out": 0x0C}[self._paper]])
            match question.number:
                case 1:
                    return bytes([0x12 | (0x08 if self.is_stopped else 0) | (0x04 if self.drawer_open else 0)])
                case 2:
                    return bytes([0x12 | (0x04 if self._cover_open else 0) | (0x20 if self._paper == "out" else 0)])
                case 4:
                    return bytes([0x12 | {"in": 0, "low": 0x0C, "out": 0x6C}[self._paper]])
                case _:
                    return b"\x12"

    def do(self, event: OnPaper) -> None:
        """It happens."""
        if isinstance(event, Kick):
            self.drawer_open = True
        self._on_event(event)

    def _go_on(self) -> None:
        """It may be well again: print what it held."""
        with self._lock:
            for session in list(self._sessions):
                session.go_on()

    # ---- its two wires --------------------------------------------------------------------------------

    def _listen(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self.tcp_port))
        self.tcp_port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._server,), name="printer-network", daemon=True).start()

    def _accept(self, server: socket.socket) -> None:
        """Serve one after the other, as receipt printers do."""
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        session = _Session(self, connection.sendall)
        with self._lock:
            self._sessions.append(session)
            self._connections.append(connection)
        try:
            while data := connection.recv(SLOW_PIECE if self.slow else 65536):
                if self.slow:
                    time.sleep(SLOW_STEP)
                session.take(data)
        finally:
            with self._lock:
                if connection in self._connections:
                    self._connections.remove(connection)
                if session in self._sessions and not session.holds:
                    self._sessions.remove(session)

    def _read_wire(self) -> None:
        session: _Session | None = None
        while not self._closed.wait(SLOW_STEP if self.slow else LOOK_STEP):
            if not self._wire.plugged:
                session = None
                continue
            if session is None:
                session = _Session(self, self._wire.send)
                with self._lock:
                    self._sessions.append(session)
            session.take(self._wire.answers(SLOW_PIECE) if self.slow else self._wire.answers())


class _Session:
    """One connection: its stream, what waits while the printer is stopped, and the way back."""

    def __init__(self, printer: SimulatedPrinter, reply: Callable[[bytes], object]) -> None:
        self._printer = printer
        self._reply = reply
        self._paper = Paper()
        self._held: list[OnPaper] = []

    @property
    def holds(self) -> bool:
        """Whether something waits for the printer."""
        return bool(self._held)

    def take(self, data: bytes) -> None:
        """Bytes came."""
        for event in self._paper.feed(data):
            if isinstance(event, Question) and event.at_once:
                self._answer(event)
            elif isinstance(event, Kick) and event.at_once:
                self._printer.do(event)
            else:
                self._held.append(event)
        self.go_on()

    def go_on(self) -> None:
        """Print what waits, unless the printer is stopped."""
        while self._held and not self._printer.is_stopped:
            event = self._held.pop(0)
            if isinstance(event, Question):
                self._answer(event)
            else:
                self._printer.do(event)

    def _answer(self, question: Question) -> None:
        with contextlib.suppress(OSError):  # whoever asked has gone; the paper stays
            self._reply(self._printer.answer(question))
