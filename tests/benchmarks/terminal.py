"""How soon the cashier sees it: start to first frame, start to ready, and the last byte of a scan to the painted answer.

The real program runs on a pseudo-terminal of its own and reads its scanner from another one; this script is the hand that scans and
the eye that reads. Its own time to notice is part of the figures. A 14-byte code takes 14.6 ms on a 9600-baud line by itself.

    .venv/bin/python tests/benchmarks/terminal.py --store demo.db --scans 200

`--store` is a demo shop (`pos-loyalty demo --no-terminal --store demo.db`); bills of 12 lines are closed on a copy of it.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
import tty
from pathlib import Path

from stores import as_installed

from pos_loyalty.storage.engine import open_store

_ANSI = re.compile(rb"\x1b(?:\[[0-9;?$]*[ -/]*[@-~]|[()][A-Z0-9]|[=>78])")
_ASKS_SYNC = b"\x1b[?2026$p"
_HAS_SYNC = b"\x1b[?2026;2$y"
PAY = b"\x1b[24~"
"""F12."""
LINES = 12
"""Lines of a bill: a basket of a small shop."""


class Screen:
    """The program on a pseudo-terminal of 80 x 24, and all that it painted since it was last asked."""

    def __init__(self, store: str, scanner: str) -> None:
        self.begun = time.perf_counter()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.environ["TERM"] = "xterm-256color"
            program = str(Path(sys.executable).parent / "pos-loyalty")
            os.execv(program, [program, "--store", store, "--scanner", scanner])
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.painted = b""

    def wait_for(self, text: str, seconds: float = 10.0) -> float:
        """The moment at which a text has been painted; TimeoutError if it is not."""
        wanted = text.encode()
        ends = time.perf_counter() + seconds
        while (left := ends - time.perf_counter()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                break
            chunk = os.read(self.master, 65_536)
            now = time.perf_counter()
            if _ASKS_SYNC in chunk:
                os.write(self.master, _HAS_SYNC)
            self.painted += chunk
            if wanted in _ANSI.sub(b"", self.painted):
                self.painted = b""
                return now
        raise TimeoutError(f"{text!r} was not painted; instead: {_ANSI.sub(b'', self.painted)[-400:]!r}")

    def quiet(self, seconds: float) -> None:
        """Read until nothing has been painted for so long."""
        while select.select([self.master], [], [], seconds)[0]:
            os.read(self.master, 65_536)
        self.painted = b""

    def resident_mb(self) -> float:
        """What the program holds in memory now."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.master)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--store", required=True)
    arguments.add_argument("--scans", type=int, default=200)
    arguments.add_argument("--starts", type=int, default=9)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "demo.db"
        shutil.copy(options.store, copy)
        options.store = str(copy)
        settings = Path(folder) / "till.toml"
        settings.write_text(
            '[register]\noperator = "Anna"\n', encoding="utf-8"
        )  # a cashier of the demo: no PIN is asked for
        os.environ["POS_LOYALTY_CONFIG"] = str(settings)
        as_installed(Path(folder))
        measure(options)


def measure(options: argparse.Namespace) -> None:
    scanner, slave = pty.openpty()
    tty.setraw(slave)
    port = os.ttyname(slave)
    frames, readies = [], []
    first = Screen(options.store, port)  # compiles what an installer would have compiled
    first.wait_for("F12  Pay", 60.0)
    first.close()
    for _ in range(options.starts):
        screen = Screen(options.store, port)
        frames.append((screen.wait_for("Opening the store") - screen.begun) * 1e3)
        readies.append((screen.wait_for("F12  Pay") - screen.begun) * 1e3)
        screen.close()
    show("start to first frame", frames)
    show("start to ready to sell", readies)

    screen = Screen(options.store, port)
    screen.wait_for("F12  Pay")
    screen.quiet(1.0)
    show("scan to painted holder", [scanned(screen, scanner, code, name) for code, name in holders(options)])
    figures = []
    for n, (code, name) in enumerate(goods(options), 1):
        figures.append(scanned(screen, scanner, code, name))
        if n % LINES == 0:
            screen.quiet(0.1)
            for keys, answer in ((PAY, "Exact cash"), (PAY, "Closed as")):
                os.write(screen.master, keys)
                screen.wait_for(answer)
            screen.quiet(0.5)
            os.write(screen.master, b"\r")
            screen.wait_for("No card")
    show("scan to painted goods", figures)
    print(f"resident: {screen.resident_mb():.0f} MB")
    screen.close()


def scanned(screen: Screen, scanner: int, code: str, shown: str) -> float:
    """Milliseconds from the last byte of a scan to its painted answer."""
    screen.quiet(0.06)
    os.write(scanner, code.encode() + b"\r")
    begun = time.perf_counter()
    return (screen.wait_for(shown) - begun) * 1e3


def holders(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Cards of holders whose names no other holder on the list shares."""
    store = open_store(options.store)
    with store.read() as books:
        found: dict[str, str] = {}
        for letter in "abdgjkmprstv":
            for member in books.find_members(letter, options.scans):
                if member.card and member.name and member.status == "active" and len(member.name) < 22:
                    found.setdefault(member.name, member.card)
    store.close()
    return [(card, name) for name, card in list(found.items())[: options.scans]]


def goods(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Goods with a price, each scanned once, so that its line is new."""
    store = open_store(options.store)
    with store.read() as books:
        found = [(i.barcode or i.sku, i.name) for i in books.items() if (i.price or 0) > 0 and i.unit == "pc"]
    store.close()
    return [(code, name[:16]) for code, name in found[: options.scans]]


def show(what: str, figures: list[float]) -> None:
    figures.sort()
    p99 = figures[min(int(len(figures) * 0.99), len(figures) - 1)]
    print(f"{what:26} median {statistics.median(figures):7.1f} ms   p99 {p99:7.1f} ms   n {len(figures)}", flush=True)


if __name__ == "__main__":
    main()
