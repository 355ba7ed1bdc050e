"""Promise: a scanner without a scanner: a real pseudo-terminal that a program opens as it would open the
device.

For the demo and for tests. The port keeps its name over an unplug, as a device has under /dev/serial/by-id:
`port` is a symlink to the terminal's slave side. The slave is in raw mode, so nothing that is written echoes.
A scan that nobody reads is lost, as with a real scanner.
"""

import os
import pty
import shutil
import tempfile
import threading
import tty
from pathlib import Path
from types import TracebackType
from typing import Final, Self

ANSWER_SIZE: Final = 4096
"""Bytes of answers (ACK, NAK) given in one go: as many as Linux keeps for a terminal."""


class SimulatedScanner:
    """A scanner behind a pseudo-terminal. Use it as a context, or call `close`."""

    def __init__(self, link: Path | None = None) -> None:
        """`link` is where the port shall be found; without it, in a temporary folder of its own.

        OSError where the link cannot be made, FileExistsError where something else stands in its place.
        """
        self._folder = Path(tempfile.mkdtemp(prefix="scanner-")) if link is None else None
        self._link = link if link is not None else Path(str(self._folder)) / "scanner"
        self._master = self._slave = -1
        self._lock = threading.Lock()  # one thread may scan while another pulls the plug
        self.replug()

    @property
    def port(self) -> str:
        """The path to open; the same after every replug."""
        return str(self._link)

    @property
    def plugged(self) -> bool:
        """Whether there is a device behind the port now."""
        return self._master >= 0

    def scan(self, code: str, suffix: bytes = b"\r") -> bool:
        """Send a code and its suffix, as a scanner does; False where it was lost (unplugged, or nobody
        reads)."""
        return self.send(code.encode() + suffix)

    def send(self, data: bytes) -> bool:
        """Send bytes as they are; False where they were lost."""
        with self._lock:
            if not self.plugged:
                return False
            try:
                return os.write(self._master, data) == len(data)
            except BlockingIOError:
                return False

    def answers(self, most: int = ANSWER_SIZE) -> bytes:
        """What the reader has written to the device since the last call (ACK, NAK), without waiting."""
        with self._lock:
            if not self.plugged:
                return b""
            try:
                return os.read(self._master, most)
            except BlockingIOError:
                return b""

    def unplug(self) -> None:
        """Take the device away: whoever reads it gets an error, and the port's name is gone."""
        with self._lock:
            if not self.plugged:
                return
            self._link.unlink(missing_ok=True)
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1

    def replug(self) -> None:
        """Bring the device back under the same name."""
        with self._lock:
            if self.plugged:
                return
            if self._is_left_behind():
                self._link.unlink()
            master, slave = pty.openpty()
            try:
                tty.setraw(slave)
                os.set_blocking(master, False)
                self._link.symlink_to(os.ttyname(slave))
            except OSError:
                os.close(master)
                os.close(slave)
                raise
            self._master, self._slave = master, slave

    def _is_left_behind(self) -> bool:
        """Whether a killed process left the link; the terminal that it names may be somebody else's by now."""
        if not self._link.is_symlink():
            return False
        return not self._link.exists() or self._link.readlink().is_relative_to("/dev/pts")

    def close(self) -> None:
        """Unplug it and leave nothing behind."""
        self.unplug()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
