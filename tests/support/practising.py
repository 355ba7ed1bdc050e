"""`devices simulate` in a process of its own: commands go in, what it says comes out."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

PATIENCE = 30.0
"""Seconds after which it will not say any more what is waited for."""


class Simulation:
    """The verb in a process of its own, with its standard input."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "XDG_DATA_HOME": str(folder / "data")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pos_loyalty", "devices", "simulate", "--folder", str(folder / "ports")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        self.said = ""
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def type(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read on until it says something, asking again how its devices are meanwhile."""
        until = time.monotonic() + PATIENCE
        while (found := re.search(pattern, self.said)) is None:
            assert time.monotonic() < until, f"it never said {pattern!r}:\n{self.said}"
            try:
                line = self._lines.get(timeout=1.0)
            except queue.Empty:
                self.type("show")
                continue
            assert line, f"it ended without {pattern!r}:\n{self.said}"
            self.said += line
        return found

    @property
    def settings(self) -> str:
        """The settings file that it printed."""
        self.wait_for("Type help")
        return self.said[self.said.index("[[scanner]]") : self.said.index("What is printed")]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
