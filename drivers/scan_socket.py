"""Promise: a program in another terminal can make the demo's simulated scanner scan, and is told whether it
did.

A unix-domain socket, for its owner alone (mode 0600). A request is lines of UTF-8, one code each; the sender
then shuts its side, and each code is answered by a line, "ok" or "no", in order. A socket file that a killed
process left behind is replaced; one that answers is not.
"""

import os
import socket
import stat
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from drivers.codes import LONGEST_CODE
from drivers.reasons import Reason, because

MOST_CODES: Final = 200
"""Codes in one request: more goods than one shop basket holds."""

LONGEST_REQUEST: Final = MOST_CODES * (LONGEST_CODE * 4 + 1)
"""Bytes of one request: that many of the longest codes, four bytes a letter, each with its line break."""

LONGEST_PATH: Final = 107
"""Bytes of a socket's name: unix(7), sun_path, less its closing NUL."""

ANSWER_WAIT: Final = 5.0
"""Seconds that either side waits for the other: both are on one machine, and a busy one takes a second."""


class ScanSocketError(Exception):
    """One sentence why a scan was not made; `reason` has its code. Only its kinds below are raised."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


class NoScannerListening(ScanSocketError):
    """Nothing listens at this path."""


class ScannerAlreadyListening(ScanSocketError):
    """Another simulated scanner has this path."""


class BadPath(ScanSocketError):
    """No socket can be at this path."""


class ScanRefused(ScanSocketError):
    """The simulated scanner did not take a code (or the code is none)."""


class ScanServer:
    """Listens until `close`; made by `serve`."""

    def __init__(self, path: Path, on_code: Callable[[str], bool | None]) -> None:
        self._path = path
        self._on_code = on_code
        self._socket = _listen(path)
        self._thread = threading.Thread(target=self._run, name="scan-socket", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and take the socket file away. Twice is once."""
        if self._socket.fileno() < 0:
            return
        self._path.unlink(missing_ok=True)
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes accept
        self._thread.join(ANSWER_WAIT)
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(ANSWER_WAIT)
                try:
                    self._answer(connection)
                except OSError:  # the sender has gone; the next one may not
                    continue

    def _answer(self, connection: socket.socket) -> None:
        for line in _read_all(connection).split(b"\n"):
            code = line.decode("utf-8", "replace")
            if code:
                taken = _sendable(code) and self._on_code(code) is not False
                connection.sendall(b"ok\n" if taken else b"no\n")


def serve(path: Path, on_code: Callable[[str], bool | None]) -> ScanServer:
    """Listen at `path`; `on_code` is called in the server's thread for each code, and answers False to refuse
    it.

    ScannerAlreadyListening, BadPath, or OSError where the folder cannot be written.
    """
    return ScanServer(path, on_code)


def send(path: Path, codes: Sequence[str]) -> None:
    """Have these codes scanned, in order.

    NoScannerListening where there is no demo; ScanRefused for a code that is none, that was not taken, or
    where the demo ended in between.
    """
    if len(codes) > MOST_CODES:
        raise ScanRefused(because("demo.too_many", limit=MOST_CODES))
    for code in codes:
        if not _sendable(code):
            raise ScanRefused(because("demo.bad_code", limit=LONGEST_CODE))
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(ANSWER_WAIT)
            connection.connect(str(path))
            connection.sendall("".join(f"{code}\n" for code in codes).encode())
            connection.shutdown(socket.SHUT_WR)
            answers = _read_all(connection).split(b"\n")[:-1]
    except OSError as error:
        raise NoScannerListening(because("demo.no_scanner", path=path)) from error
    for index, code in enumerate(codes):
        if index >= len(answers) or answers[index] != b"ok":
            raise ScanRefused(because("demo.refused", code=code))


def _sendable(code: str) -> bool:
    return 0 < len(code) <= LONGEST_CODE and not set(code) & {"\n", "\r"} and _encodes(code)


def _encodes(code: str) -> bool:
    try:
        code.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read_all(connection: socket.socket) -> bytes:
    """Everything until the other side shuts, at most `LONGEST_REQUEST` bytes."""
    data = bytearray()
    while len(data) <= LONGEST_REQUEST and (piece := connection.recv(65536)):
        data += piece
    return bytes(data[:LONGEST_REQUEST])


def _listen(path: Path) -> socket.socket:
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise BadPath(because("demo.bad_path", path=path, limit=LONGEST_PATH))
    _clear(path)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        server.bind(str(path))
        path.chmod(0o600)  # before listen: until then nobody can connect
        server.listen()
    except OSError:
        server.close()
        raise
    return server


def _clear(path: Path) -> None:
    """Take away a socket file that nobody listens at."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise BadPath(because("demo.not_a_socket", path=path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(ANSWER_WAIT)
        if probe.connect_ex(str(path)) == 0:
            raise ScannerAlreadyListening(because("demo.already", path=path))
    path.unlink(missing_ok=True)
