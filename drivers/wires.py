"""Promise: a network, serial or file printer looks the same to the one who prints: bytes out, bytes back, an
end.

Each wire is open for one job. All of them are non-blocking with a file number, so that whoever waits can say
for how long. `close` never waits for a printer that has stopped.
"""

import contextlib
import errno
import os
import socket
import stat
import struct
from collections.abc import Iterator
from typing import Protocol

from drivers.ports import CONNECT_WAIT, PORT_ERRORS, Port, open_port, why_closed
from drivers.presets import Line
from drivers.printer_errors import PrinterError, printer_error
from drivers.targets import FileTarget, SerialTarget, Target, TcpTarget, UsbTarget
from drivers.usb_printers import find_node


class Wire(Protocol):
    """An open connection to a printer. `send`, `receive` and `finish` raise OSError where it broke."""

    answers: bool  # whether this wire carries anything back

    def fileno(self) -> int: ...
    def send(self, data: bytes) -> int: ...
    def receive(self) -> bytes: ...
    def pending(self) -> int: ...
    def finish(self) -> bool: ...
    def close(self, *, lost: bool) -> None: ...


class TcpWire:
    """A network printer. `finish` says that no more comes and tells whether the printer's end is awaited."""

    answers = True

    def __init__(self, target: TcpTarget) -> None:
        self._socket = socket.create_connection((target.host, target.port), CONNECT_WAIT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, data: bytes) -> int:
        return self._socket.send(data)

    def receive(self) -> bytes:
        return self._socket.recv(1024)

    def pending(self) -> int:
        return 0

    def finish(self) -> bool:
        self._socket.shutdown(socket.SHUT_WR)
        return True

    def close(self, *, lost: bool) -> None:
        """`lost`: what the kernel still holds of a job that failed must not be printed behind our back."""
        if lost:
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


class FileNumberWire:
    """A serial port or a device node, by its file number."""

    def __init__(self, number: int, *, answers: bool, port: Port | None = None) -> None:
        self._number = number
        self._port = port
        self.answers = answers

    def fileno(self) -> int:
        return self._number

    def send(self, data: bytes) -> int:
        return os.write(self._number, data)

    def receive(self) -> bytes:
        return os.read(self._number, 1024)

    def pending(self) -> int:
        """Bytes that the kernel holds for the line; 0 where it does not tell."""
        waiting = getattr(self._port, "out_waiting", 0) if self._port is not None else 0
        return int(waiting)

    def finish(self) -> bool:
        return False

    def close(self, *, lost: bool) -> None:
        """`lost`: empty the kernel's buffer first, or close would wait half a minute for a printer that
        stopped."""
        if self._port is None:
            os.close(self._number)
            return
        with contextlib.suppress(*PORT_ERRORS):
            if lost and (empty := getattr(self._port, "reset_output_buffer", None)) is not None:
                empty()
        with contextlib.suppress(*PORT_ERRORS):
            self._port.close()


@contextlib.contextmanager
def open_wire(target: Target, name: str) -> Iterator[Wire]:
    """Open the wire for one job, and close it however the job ends. A PrinterError with `nothing_sent` where
    it cannot be opened."""
    try:
        wire = _open(target)
    except PORT_ERRORS as error:
        raise _not_opened(name, error) from error
    lost = True
    try:
        yield wire
        lost = False
    finally:
        wire.close(lost=lost)


def _open(target: Target) -> Wire:
    match target:
        case TcpTarget():
            return TcpWire(target)
        case SerialTarget(port, baud, flow):
            opened = open_port(port, Line(baud=baud, flow=flow))
            return FileNumberWire(opened.fileno(), answers=True, port=opened)
        case FileTarget(path):
            return FileNumberWire(_open_file(path), answers=False)
        case UsbTarget():
            node = os.open(find_node(target), os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
            return FileNumberWire(node, answers=True)
        case _:
            raise ValueError(name_of(target))


def name_of(target: Target) -> str:
    """A target that is no wire."""
    return type(target).__name__


def _open_file(path: str) -> int:
    """A device node must be there: a plain file made in its place would swallow every receipt unseen."""
    make = 0 if os.path.abspath(path).startswith("/dev/") else os.O_CREAT
    number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY | make, 0o600)
    if stat.S_ISREG(os.fstat(number).st_mode) and not make:
        os.close(number)
        raise FileNotFoundError(errno.ENODEV, os.strerror(errno.ENODEV), path)
    return number


def _not_opened(name: str, error: BaseException) -> PrinterError:
    """The printer's words for what the port says."""
    code = why_closed(name, error).code
    if code == "port.permission":
        return printer_error("printer.forbidden", name, nothing_sent=True)
    if code == "port.busy":
        return printer_error("printer.busy", name, nothing_sent=True)
    if code in ("port.missing", "port.refused"):
        return printer_error("printer.off", name, nothing_sent=True)
    return printer_error("printer.failed", name, nothing_sent=True, detail=str(error))
