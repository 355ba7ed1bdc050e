"""How long each report of figures takes, on a store of so many holders and journal rows spread over three years.

    python tests/benchmarks/figures.py 100000 1000000        # holders, rows

Each runs in a process of its own, as `pos-loyalty report` does, for the last 30 days and for all three years.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from stores import fill, fill_journal

from pos_loyalty.reports import named
from pos_loyalty.reports.frame import Period
from pos_loyalty.storage.engine import open_store

REPORTS = ("liability", "flow", "holders", "visits", "retention", "offers")
LAST = date(2026, 3, 1)
PERIODS = {"30 days": date(2026, 1, 31), "3 years": date(2023, 3, 2)}


def spread(path: str) -> None:
    """Put the sales, which were all made on one day, on the days of three years, by turns."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(
            "CREATE TEMP TABLE moved AS SELECT id, date('2026-03-01', '-' || (seq * 7919 % 1095) || ' days') AS day FROM entries"
        )
        db.execute("CREATE UNIQUE INDEX temp.moved_id ON moved (id)")
        for table, key in (("entries", "id"), ("sales", "id")):
            db.execute(f"UPDATE {table} SET day = (SELECT day FROM moved WHERE moved.id = {table}.{key})")  # noqa: S608
        for table in ("spends",):
            db.execute(f"UPDATE {table} SET day = (SELECT day FROM moved WHERE moved.id = {table}.entry_id)")  # noqa: S608
        db.execute(
            "UPDATE lots SET filled_at = (SELECT day FROM moved WHERE moved.id = lots.entry_id) || substr(filled_at, 11)"
        )
        db.execute(
            "INSERT OR IGNORE INTO offer_uses SELECT e.id, u.offer, e.account_id, e.day, u.uses, u.given, u.held_out "
            "FROM offer_uses u, entries e WHERE u.entry_id = (SELECT entry_id FROM offer_uses LIMIT 1)"
        )
        # As the till leaves a holder who bought: with the first tier, for good.
        db.execute("UPDATE accounts SET tier = 'basic', tier_since = joined")
        for _, sql in triggers:
            db.execute(sql)
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def one(path: str, report: str, first: str) -> None:
    """One report, in this process."""
    with closing(open_store(path)) as store, store.read() as books:
        began = time.perf_counter()
        rows = named(report).rows(books, Period(date.fromisoformat(first), LAST))
        took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{took:8.2f} s {memory:6} MB  {len(rows)} rows")


def main() -> None:
    """Fill a store and ask everything of it; with a path, of that one."""
    holders, rows = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "shop.db")
        fill(path, holders)
        there = fill_journal(path, rows)
        spread(path)
        print(f"{holders} holders, {there} rows, {os.path.getsize(path) >> 20} MB")
        for name, first in PERIODS.items():
            for report in REPORTS:
                call = [sys.executable, __file__, "one", path, report, first.isoformat()]
                told = subprocess.run(call, capture_output=True, text=True, check=True).stdout.strip()
                print(f"{report:10} {name:8} {told}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "one":
        one(*sys.argv[2:])
    else:
        main()
