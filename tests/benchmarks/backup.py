"""How long a backup of a 200 MB store takes while a till sells without a pause, and how long it holds up the slowest sale.

In turn, each beside the same selling: nothing at all, the program's own backup, and the two ways of SQLite that it was chosen over
(all pages in one piece, VACUUM INTO), both with a sync at their end, as a backup needs one.

    .venv/bin/python tests/benchmarks/backup.py --megabytes 200 --rounds 5
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from stores import LINES, NOW, fill, fill_journal, register_of

from pos_loyalty.domain.card import nth_ean13
from pos_loyalty.storage.backup import COPIED, backup_store
from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7

CARDS = 100_000
ROWS_A_MEGABYTE = 840
"""Rows of the journal, with their sales, that take a megabyte; the cards take 23 of them."""
MOST_SECONDS, MOST_HELD_UP = 2.0, 0.150


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--megabytes", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--folder", default=None, help="where the store is made; a disk, not a RAM disk")
    arguments.add_argument("--seller", nargs=2, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.seller:
        sell_without_end(*options.seller)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure(Path(folder), options.megabytes, options.rounds)


def sell_without_end(path: str, out: str) -> None:
    """Note when each sale began and ended, in monotonic seconds; tidy up now and then, as a till does between customers."""
    register = register_of(open_store(path))
    with Path(out).open("w", encoding="ascii") as noted:
        for n in range(10**9):
            order = Bill(uuid7(NOW), LINES, nth_ean13("29", n % CARDS)).order("anna")
            begun = time.monotonic()
            sell(register, order)
            noted.write(f"{begun} {time.monotonic()}\n")
            noted.flush()
            if n == 0:
                print("selling", flush=True)
            if n % 50 == 0:
                register.store.idle()


def backup_seconds(path: Path, target: Path) -> float:
    """Make a backup; seconds until all of it was copied and synced, without looking at every page of it afterwards."""
    begun = ended = time.monotonic()

    def note(what: str, percent: int) -> None:
        nonlocal ended
        if what == COPIED and percent == 100:
            ended = time.monotonic()

    backup_store(str(path), target, progress=note)
    return ended - begun


def one_piece(path: Path, target: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy)
    sync(target)


def vacuum(path: Path, target: Path) -> None:
    with closing(sqlite3.connect(path)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    sync(target)


def sync(target: Path) -> None:
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def measure(folder: Path, megabytes: int, rounds: int) -> None:
    path, target = folder / "store.db", folder / "backup"
    fill(str(path), CARDS)
    fill_journal(str(path), max((megabytes - 23) * ROWS_A_MEGABYTE, 10))
    begun_with = path.stat().st_size
    copied: list[float] = []
    ways: dict[str, Callable[[], object]] = {
        "nothing": lambda: time.sleep(1.5),
        "backup": lambda: copied.append(backup_seconds(path, target)),
        "one piece": lambda: one_piece(path, target),
        "vacuum": lambda: vacuum(path, target),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    worst: dict[str, list[float]] = {name: [] for name in ways}
    sold: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            target.unlink(missing_ok=True)
            os.sync()
            took, sales = beside_selling(path, folder / "sales", way)
            seconds[name].append(took)
            worst[name].append(max(sales))
            sold[name].append(len(sales) / took)
    print(f"{begun_with / 1e6:.0f} MB, after {rounds} rounds of selling {path.stat().st_size / 1e6:.0f} MB")
    print(f"{'':10}{'seconds':>9}{'most':>7}{'worst sale ms':>16}{'most':>7}{'sales/s':>10}")
    for name in ways:
        print(
            f"{name:10}{statistics.median(seconds[name]):9.2f}{max(seconds[name]):7.2f}"
            f"{statistics.median(worst[name]) * 1e3:16.0f}{max(worst[name]) * 1e3:7.0f}{statistics.median(sold[name]):10.0f}"
        )
    print(
        f"backup: copied and on the disk after {statistics.median(copied):.2f} s (most {max(copied):.2f}), then checked"
    )
    good = statistics.median(copied) <= MOST_SECONDS and statistics.median(worst["backup"]) <= MOST_HELD_UP
    print(f"wanted: {MOST_SECONDS:g} s, no sale over {MOST_HELD_UP * 1e3:.0f} ms: {'met' if good else 'NOT MET'}")


def beside_selling(path: Path, noted: Path, way: Callable[[], object]) -> tuple[float, list[float]]:
    """Seconds that something took while another process sold, and those of every sale that met it."""
    command = [sys.executable, __file__, "--seller", str(path), str(noted)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as seller:
        assert seller.stdout is not None
        assert seller.stdout.readline() == "selling\n"
        time.sleep(0.3)
        begun = time.monotonic()
        way()
        ended = time.monotonic()
        time.sleep(0.5)
        seller.kill()
    lines = noted.read_text(encoding="ascii").split("\n")[:-1]
    times = [tuple(map(float, line.split())) for line in lines]
    return ended - begun, [last - first for first, last in times if last > begun and first < ended]


if __name__ == "__main__":
    main()
