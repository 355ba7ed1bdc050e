"""Promise: a whole checkout without any hardware: a scanner, a receipt printer with a drawer and a customer display,
each on a port that a till opens as it would open the device's, and each failing when it is told to.

For training and for tests. The ports keep their names over an unplug. Everything that the devices do is told to
`on_event`, from threads of theirs.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from drivers.simulated_display import Panel
from drivers.simulated_paper import OnPaper
from drivers.simulated_printer import LOOK_STEP, SimulatedPrinter
from drivers.simulator import SimulatedScanner

SLOW_LETTER: Final = 0.015
"""Seconds a letter of a slow scanner: the slowest that was seen."""

NOISE: Final = b"\x00\xff\xfe\x81\x93\xff\r"
"""What a scanner at another speed sounds like."""


@dataclass(frozen=True, slots=True)
class DisplayShows:
    """The display shows other lines than before."""

    upper: str
    lower: str


PracticeEvent = OnPaper | DisplayShows


class Practice:
    """The four devices, in a folder of their own. `close` it, or use it as a context."""

    def __init__(
        self,
        folder: Path,
        on_event: Callable[[PracticeEvent], None],
        *,
        printer_port: int = 0,
        display: str = "epson",
        codepage: str = "cp437",
    ) -> None:
        """OSError where the folder or the printer's port cannot be used, KeyError for a display that there is not."""
        self._on_event = on_event
        self.panel = Panel(display, codepage)
        folder.mkdir(parents=True, exist_ok=True)
        self.scanner = SimulatedScanner(folder / "scanner")
        self.slow_scanner = False
        try:
            self.display = SimulatedScanner(folder / "display")
            self.printer = SimulatedPrinter(on_event, link=folder / "printer", port=printer_port)
        except OSError:
            self.scanner.close()
            raise
        self._closed = threading.Event()
        threading.Thread(target=self._read_display, name="practice-display", daemon=True).start()

    def scan(self, code: str) -> bool:
        """Scan something; False where nobody reads, or the scanner is unplugged."""
        if not self.slow_scanner:
            return self.scanner.scan(code)
        for byte in code.encode() + b"\r":
            if not self.scanner.send(bytes([byte])):
                return False
            time.sleep(SLOW_LETTER)
        return True

    def set_slow_scanner(self, *, slow: bool) -> None:
        """Let the scanner send as slowly as the slowest that was seen."""
        self.slow_scanner = slow

    def noise(self) -> bool:
        """Let the scanner send what is no code."""
        return self.scanner.send(NOISE)

    def _read_display(self) -> None:
        shown = self.panel.text
        while not self._closed.wait(LOOK_STEP):
            data = self.display.answers()
            if not data:
                if self.panel.text != shown:  # the line is silent: the text is whole
                    shown = self.panel.text
                    self._on_event(DisplayShows(*shown))
                continue
            self.panel.feed(data)

    def close(self) -> None:
        """End all of them and leave nothing behind."""
        self._closed.set()
        self.scanner.close()
        self.display.close()
        self.printer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
