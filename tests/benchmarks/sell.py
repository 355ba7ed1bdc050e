"""How many sales a second `pos-loyalty sell` closes, each durable before its answer, beside what the disk itself can sync.

The real program reads a file of JSON Lines; three lines of goods a sale, with a card. `disk` is raw sqlite3 with one small row a
transaction on the same disk, in the same log and with the same sync: no program that is durable sells faster than that. What the
program's own work takes is its processor time, which other programs on the machine do not add to.

    .venv/bin/python tests/benchmarks/sell.py --store demo.db --sales 10000

`--store` is a demo shop (`pos-loyalty demo --no-terminal --store demo.db`); copies of it are sold on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stores import as_installed

from pos_loyalty.storage.engine import open_store


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--store", required=True)
    arguments.add_argument("--sales", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--folder", default=None, help="where the stores are made; a disk, not a RAM disk")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        as_installed(folder)
        file = folder / "sales.jsonl"
        file.write_text("".join(bills(options.store, options.sales)), encoding="utf-8")
        sold, synced = [], []
        for _ in range(options.rounds):
            store = folder / "shop.db"
            shutil.copy(options.store, store)
            figures = sell(store, file, options.sales)
            sold.append(figures)
            synced.append(disk(folder / "disk.db", options.sales))
            for one in folder.glob("*.db*"):
                one.unlink()
    rates, work = zip(*sold, strict=True)
    print(f"{options.sales:,} sales of three lines, {options.rounds} rounds")
    print(f"disk {statistics.median(synced):10,.0f} syncs a second")
    print(f"sell {statistics.median(rates):10,.0f} sales a second   (best {max(rates):,.0f})")
    print(f"     {min(work) * 1e6:10,.0f} us of the processor a sale (median {statistics.median(work) * 1e6:,.0f})")


def bills(store: str, count: int) -> list[str]:
    """So many sales of three lines each by cards of the shop, the same ones each time; a card has one a day."""
    chance = random.Random(1)
    with closing(open_store(store)) as opened, opened.read() as books:
        goods = [item.sku for item in books.items() if (item.price or 0) > 0 and item.unit == "pc"]
        cards = [
            member.card
            for letter in "abdgjkmprstv"
            for member in books.find_members(letter, 300)
            if member.card and member.status == "active"
        ]
    chance.shuffle(cards)
    today = datetime.now(UTC).replace(microsecond=0)
    found = []
    for n in range(count):
        days, nth = divmod(n, len(cards))
        at = (today + timedelta(days=days)).isoformat()
        bill = {"card": cards[nth], "at": at, "lines": [{"sku": sku} for sku in chance.sample(goods, 3)]}
        found.append(json.dumps(bill) + "\n")
    return found


def sell(store: Path, file: Path, count: int) -> tuple[float, float]:
    """Sales a second, and seconds of the processor a sale, from the program's start to its end."""
    program = str(Path(sys.executable).parent / "pos-loyalty")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        subprocess.run([program, "--store", str(store), "sell", str(file)], stdout=nowhere, check=True)
    elapsed = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return count / elapsed, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / count


def disk(path: Path, count: int) -> float:
    """Transactions a second of raw sqlite3, one sync each."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 4000"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("CREATE TABLE sold (id INTEGER PRIMARY KEY, text TEXT)")
        begun = time.perf_counter()
        for n in range(count):
            db.execute("INSERT INTO sold VALUES (?, ?)", (n, "x" * 1_000))
        return count / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
