"""Promise: the name of a port in the settings finds its device, and what goes wrong with it has one reason.

A port is named by a path (`/dev/ttyACM0`), by a stable name (`usb-Zebra_..._S12-if00` from /dev/serial/by-id
or by-path), by its USB ids (`hwgrep://05E0:1701`), or, for a scanner behind a network converter, as
`socket://host:port` or `rfc2217://host:port` (which sets the converter's port as well). This is the one place
that knows pyserial's ways of failing: its own exception, plain OSError, and termios.error, which is neither.
"""

import errno
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import serial

from drivers.presets import Line
from drivers.reasons import Reason, because

if sys.platform == "win32":
    PORT_ERRORS: Final = (serial.SerialException, OSError, ValueError)
else:
    import termios

    PORT_ERRORS: Final = (serial.SerialException, OSError, termios.error, ValueError)
    """All that opening, reading or writing a port may raise (measured with pyserial 3.5 on Linux)."""

WRITE_TIMED_OUT: Final = serial.SerialTimeoutException
"""Raised where the other end takes nothing: the port is there, and goes on reading."""

STABLE_NAMES: Final = (Path("/dev/serial/by-id"), Path("/dev/serial/by-path"), Path("/dev"))
"""Where a bare name is looked for, in this order; udev makes the first two."""

CONNECT_WAIT: Final = 2.0
"""Seconds for a network port to answer: one in the same shop does within milliseconds."""

KEEPALIVE: Final = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
"""Seconds of silence before the other end is asked whether it is there, seconds between two askings, and how
many. A converter that lost its power says nothing; without these the till would believe in it for two hours."""

WRITE_WAIT: Final = 0.5
"""Seconds for one byte of ACK to leave; a scanner that holds the line longer has given up on it."""

READ_SIZE: Final = 4096
"""Bytes taken in one read: Linux keeps at most as many for a terminal line."""


class NoHidapi(OSError):
    """A HID device is named by its USB ids, and what finds it so is not installed."""


class Port(Protocol):
    """An open port. `fileno` raises OSError where there is none to wait on (pyserial's loop:// and
    rfc2217://)."""

    def fileno(self) -> int: ...
    def read(self, size: int, /) -> bytes | None: ...
    def write(self, data: bytes, /) -> int | None: ...
    def close(self) -> None: ...


class SocketPort:
    """A TCP connection as a port. pyserial has one too; its close may leave the socket open and sleeps."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), CONNECT_WAIT)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, seconds in KEEPALIVE.items():
            if (number := getattr(socket, option, None)) is not None:
                self._socket.setsockopt(socket.IPPROTO_TCP, number, seconds)

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self, size: int, /) -> bytes:
        """Take what has come; ConnectionResetError when the other end has gone."""
        data = self._socket.recv(size)
        if not data:
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        return data

    def write(self, data: bytes, /) -> int:
        self._socket.sendall(data)
        return len(data)

    def close(self) -> None:
        self._socket.close()


def find(name: str, folders: tuple[Path, ...] = STABLE_NAMES) -> str:
    """Turn a bare name into the path that it stands for now; a path or URL stays as it is."""
    if "://" in name or name.startswith(("/", ".")) or not name:
        return name
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    return str(folders[0] / name) if name.startswith("usb-") else name


def open_port(name: str, line: Line) -> Port:
    """Open a port, alone: a second reader would steal bytes. Raises one of `PORT_ERRORS`."""
    where = find(name)
    if where.startswith("socket://"):
        parts = urlsplit(where)
        if parts.hostname is None or parts.port is None:
            raise ValueError(where)
        return SocketPort(parts.hostname, parts.port)
    port = serial.serial_for_url(where, do_not_open=True)
    port.baudrate, port.parity, port.bytesize = line.baud, line.parity, line.bits
    port.rtscts, port.xonxoff = line.flow == "rtscts", line.flow == "xonxoff"
    port.timeout = 0
    if not where.startswith("rfc2217://"):  # pyserial's own refuses to be opened with one
        port.write_timeout = WRITE_WAIT
    if "://" not in where or where.startswith("hwgrep://"):
        port.exclusive = True
    port.open()
    opened: Port = port
    return opened


_REASONS: Final = {
    errno.EACCES: "port.permission",
    errno.EPERM: "port.permission",
    errno.ENOENT: "port.missing",
    errno.ENODEV: "port.missing",
    errno.ENXIO: "port.missing",
    errno.EBUSY: "port.busy",
    errno.EAGAIN: "port.busy",
    errno.ENOTTY: "port.not_serial",
    errno.EISDIR: "port.not_serial",
    errno.EINVAL: "port.settings",
    errno.ECONNREFUSED: "port.refused",
    errno.EHOSTUNREACH: "port.refused",
    errno.ENETUNREACH: "port.refused",
    errno.ETIMEDOUT: "port.refused",
}


def why_closed(name: str, error: BaseException) -> Reason:
    """Say why a port did not open: the first errno that the error or its causes carry decides."""
    if isinstance(error, NoHidapi):
        return because("port.no_hidapi", port=name)
    for cause in _chain(error):
        if isinstance(cause, (TimeoutError, socket.gaierror)):
            return because("port.refused", port=name)
        if code := _REASONS.get(_errno(cause)):
            return because(code, port=name)
    if "no ports found" in str(error):
        return because("port.missing", port=name)
    if isinstance(error, ValueError):
        return because("port.bad_name", port=name)
    return because("port.failed", port=name, detail=str(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _errno(error: BaseException) -> int:
    """termios.error carries it as its first argument, the others as errno; -1 where there is none."""
    if isinstance(error, OSError):
        return error.errno if isinstance(error.errno, int) else -1
    return error.args[0] if error.args and isinstance(error.args[0], int) else -1
