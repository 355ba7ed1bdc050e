"""Taking 100,000 holders in from CSV and handing all of it out again: times, the longest that a sale would wait, and memory.

    .venv/bin/python tests/benchmarks/transfer.py --holders 100000

The yardstick beside it is plain sqlite3 putting as many rows of eight columns into one table, as many at a time: ratios hold on any
machine. Memory is the most that the process ever held, the bare program included.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from holders import people
from stores import NOW

from pos_loyalty.domain.check_digits import ean_digit
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.schema import create_store
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.transfer.export import export_everything
from pos_loyalty.till.transfer.holders import AT_ONCE, Wish, Words, take_in

PROGRAMME = """
[programme]
name = "Benchmark"
currency = "EUR"
time_zone = "Europe/Sofia"
[purse.cashback]
unit = "money"
expires = "12 months"
[purse.points]
unit = "points"
"""


def written(file: Path, count: int) -> None:
    """So many holders, four in five with an e-mail, each with a card and a balance in a purse, half in two."""
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write("name;card;phone;email;birthday;joined;cashback;points\n")
        for n, (name, phone, email) in enumerate(people(count)):
            body = f"29{n:010d}"
            points = n % 500 if n % 2 else ""
            out.write(
                f"{name};{body}{ean_digit(body)};{phone};{email or ''};{1950 + n % 50}-0{1 + n % 9}-1{n % 9};2024-05-06;"
                f"{n % 90},{n % 100:02d};{points}\n"
            )


def yardstick(folder: Path, count: int) -> float:
    """Seconds that plain sqlite3 takes for as many rows, as many at a time, each batch durable."""
    began = time.perf_counter()
    with closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE t (a TEXT PRIMARY KEY, b, c, d, e, f, g, h) WITHOUT ROWID")
        for first in range(0, count, AT_ONCE):
            db.execute("BEGIN")
            db.executemany(
                "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(f"{n:020d}", "name", "card", "phone", "email", "day", n, n) for n in range(first, first + AT_ONCE)],
            )
            db.execute("COMMIT")
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--holders", type=int, default=100_000)
    count = parser.parse_args().holders
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder / "holders.csv", count)
        create_store(str(folder / "store.db"))
        store = open_store(str(folder / "store.db"))
        register = Register("till-1", store, lambda: NOW, lambda: uuid7(NOW))
        activate(register, PROGRAMME, None, "owner")
        last, waits = time.perf_counter(), [0.0]

        def told(stage: str, done: int, total: int) -> None:
            nonlocal last
            now = time.perf_counter()
            if stage == "storing":
                waits.append(now - last)
            last = now

        wish = Wish("owner", Words("Opening balance", "Agreed before"))
        for dry in (True, False):
            began = time.perf_counter()
            with (folder / "holders.csv").open("rb") as file:
                outcome = take_in(register, file, Wish("owner", wish.words, dry=dry), print, told)
            seconds = time.perf_counter() - began
            what = "checked" if dry else "checked and stored"
            print(f"{outcome.taken} holders {what} in {seconds:.1f} s: {1e6 * seconds / count:.0f} us each")
        waits.sort()
        print(f"a batch of {AT_ONCE}: median {1e3 * waits[len(waits) // 2]:.0f} ms, longest {1e3 * waits[-1]:.0f} ms")
        print(f"plain sqlite3, one row each: {yardstick(folder, count):.1f} s")
        began = time.perf_counter()
        exported = export_everything(register, folder / "out", "owner")
        seconds = time.perf_counter() - began
        print(f"{sum(exported.rows.values())} rows handed out in {seconds:.1f} s")
        store.close()
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
