"""The demo on a real pseudo-terminal: it opens, and what another program scans into it lands on the bill."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any

from pos_loyalty.config import load

PATIENCE = 40.0
"""Seconds for a small shop to be made and shown on a machine that is busy with other tests."""


class Screen:
    """What a program writes on a terminal of 100 by 30, without its control sequences."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._written = b""

    def shows(self, *words: str) -> bool:
        """Whether all words come within the time that is given."""
        until = time.monotonic() + PATIENCE
        while not all(word in self._text() for word in words):
            if time.monotonic() > until or not self._read():
                return False
        return True

    def _text(self) -> str:
        return re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]", b"", self._written).decode(errors="replace")

    def _read(self) -> bool:
        ready, _, _ = select.select([self._fd], [], [], 0.2)
        try:
            self._written += os.read(self._fd, 65_536) if ready else b""
        except OSError:  # the program has gone
            return False
        return True


def test_the_demo_opens_and_is_scanned_into(program: Any) -> None:
    """`demo` opens the terminal on its shop, and `scan` in another process puts goods on its bill."""
    command = [sys.executable, "-m", "pos_loyalty", "demo", "--cards", "60", "--days", "10"]
    fd, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    process = subprocess.Popen(command, stdin=end, stdout=end, stderr=end, env=environment, start_new_session=True)
    os.close(end)
    try:
        screen = Screen(fd)
        assert screen.shows("pos-loyalty scan", "F12")
        until = time.monotonic() + PATIENCE
        while not Path(load({}).demo_socket).exists() and time.monotonic() < until:
            time.sleep(0.05)
        ran = program("scan", "9520000000011")
        assert ran.status == 0, ran.err
        assert screen.shows("Winter jacket", "5,000.00")
    finally:
        process.kill()
        process.wait()
        os.close(fd)
