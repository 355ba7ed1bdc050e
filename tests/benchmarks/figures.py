"""How long each report of figures takes, on a store of so many holders and journal rows spread over three years.

    python tests/benchmarks/figures.py 100000 1000000               # holders, rows: fill a store and ask it
    python tests/benchmarks/figures.py make shop.db 1000000 10000000  # fill one that stays
    python tests/benchmarks/figures.py ask shop.db                  # ask that one

Each runs in a process of its own, as `pos-loyalty report` does, for the last 30 days and for all three years.
"""

from __future__ import annotations

import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from stores import LINES, NOW, fill, register_of

from pos_loyalty.domain.card import nth_ean13
from pos_loyalty.reports import named
from pos_loyalty.reports.frame import Period
from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7

REPORTS = ("liability", "flow", "holders", "visits", "retention", "offers", "voices")
LAST = date(2026, 3, 1)
DAYS = 1095
CARDED = 4
"""Of the six sales that are copied, so many are of a holder."""
PERIODS = {"30 days": date(2026, 1, 31), "3 years": date(2023, 3, 2)}


def fill_years(path: str, rows: int) -> int:
    """Add so many postings: copies of six real sales, a third of them without a card, day by day over three years.

    Holders come unevenly, the first ones most often. The chain is not kept, so `store verify` would rightly refuse such a store;
    what the figures read (postings, lots, spends, uses, balances, standing) agrees with itself.
    """
    with closing(open_store(path)) as store:
        register = register_of(store)
        models = []
        for n, size in enumerate((1_000_000, 2_000_000, 5_000_000, 500_000, 1_000_000, 3_000_000)):
            lines = tuple(replace(line, quantity=size) for line in LINES)
            card = nth_ean13("29", n) if n < CARDED else None
            models.append(sell(register, Bill(register.new_id(), lines, card).order("anna")).sale.id)
    chance = random.Random(7)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -524288")
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        sizes = [
            db.execute("SELECT count(*) FROM postings WHERE entry_id = ?", (model,)).fetchone()[0] for model in models
        ]
        accounts = [row[0] for row in db.execute("SELECT id FROM accounts ORDER BY id")]
        copies = rows * len(models) // sum(sizes)
        db.execute(
            "CREATE TEMP TABLE copy (n INTEGER PRIMARY KEY, id TEXT, account TEXT, model TEXT, day TEXT, expires TEXT)"
        )
        begin = datetime.combine(PERIODS["3 years"], clock(8), UTC)
        step = timedelta(days=DAYS) / copies

        def made() -> Iterator[tuple[object, ...]]:
            for n in range(copies):
                at = begin + n * step
                model = chance.randrange(len(models))
                account = accounts[int(len(accounts) * chance.random() ** 2)] if model < CARDED else None
                day = at.date()
                yield (
                    n + 10,
                    uuid7(at),
                    account,
                    models[model],
                    day.isoformat(),
                    (day + timedelta(days=379)).isoformat(),
                )

        db.executemany("INSERT INTO copy VALUES (?, ?, ?, ?, ?, ?)", made())
        moments = {column: f"copy.day || substr(t.{column}, 11)" for column in ("at", "recorded_at", "filled_at")}
        own = {"account_id": "copy.account", "day": "copy.day"}
        of_sale = {
            "lots": {
                **own,
                "id": "copy.id || substr(t.id, 37)",
                "entry_id": "copy.id",
                "sale": "copy.id",
                "filled_at": moments["filled_at"],
                "expires": "copy.expires",
            },
            "postings": {
                "entry_id": "copy.id",
                "holder": "CASE WHEN t.holder IS NOT NULL THEN copy.account END",
                "lot": "copy.id || substr(t.lot, 37)",
            },
            "sales": {**own, "id": "copy.id", "number": "copy.n"},
            "spends": {**own, "entry_id": "copy.id"},
            "offer_uses": {**own, "entry_id": "copy.id"},
            "purchases": {**own, "entry_id": "copy.id"},
            "entries": {**own, **moments, "id": "copy.id", "seq": "copy.n"},
        }
        for table, values in of_sale.items():
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            key = "id" if table in ("sales", "entries") else "entry_id"
            selected = ", ".join(values.get(column, f"t.{column}") for column in columns)
            db.execute(f"CREATE TEMP TABLE model AS SELECT * FROM {table}")  # noqa: S608
            db.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608
                f"SELECT {selected} FROM copy CROSS JOIN temp.model t ON t.{key} = copy.model ORDER BY copy.n"
            )
            db.execute("DROP TABLE temp.model")
        # Days were never closed here: what ran out waits in its lot, which is more to read than where it was posted.
        db.execute("DELETE FROM balances")
        db.execute(
            "INSERT INTO balances SELECT account_id, purse, sum(remaining), 0 FROM lots GROUP BY account_id, purse"
        )
        db.execute(
            "UPDATE registers SET last_entry = ?, last_receipt = ?, "
            "head = (SELECT hash FROM entries WHERE register = 'till-1' ORDER BY seq DESC LIMIT 1)",
            (copies + 9, copies + 9),
        )
        # As the till leaves a holder who bought: with the first tier, for good.
        db.execute(
            "UPDATE accounts SET joined = '2023-03-02', tier = 'basic', tier_since = '2023-03-02' "
            "WHERE EXISTS (SELECT 1 FROM spends s WHERE s.account_id = accounts.id)"
        )
        asked = [
            (uuid7(NOW), chance.choice(accounts), begin + chance.random() * timedelta(days=DAYS))
            for _ in range(copies // 10)
        ]
        db.executemany(
            "INSERT INTO feedback (id, account_id, at, day, operator, satisfaction, recommendation) "
            "VALUES (?, ?, ?, ?, 'anna', ?, ?)",
            (
                (
                    i,
                    account,
                    f"{at:%Y-%m-%dT%H:%M:%S.000Z}",
                    f"{at:%Y-%m-%d}",
                    chance.randint(1, 5),
                    chance.randint(0, 10),
                )
                for i, account, at in asked
            ),
        )
        db.executemany(
            "INSERT INTO complaints (id, account_id, opened_at, opened_by, text, promised, closed_at, closed_by, solution) "
            "VALUES (?, ?, ?, 'anna', 'It was sour.', ?, ?, 'anna', 'Given another one.')",
            (
                (
                    i,
                    account,
                    f"{at:%Y-%m-%dT%H:%M:%S.000Z}",
                    f"{at + timedelta(7):%Y-%m-%d}",
                    f"{at + timedelta(n % 14):%Y-%m-%dT%H:%M:%S.000Z}",
                )
                for n, (i, account, at) in enumerate(asked[::10])
            ),
        )
        for _, text in triggers:
            db.execute(text)
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (there,) = db.execute("SELECT count(*) FROM postings").fetchone()
    return int(there)


def one(path: str, report: str, first: str) -> None:
    """One report, in this process."""
    with closing(open_store(path)) as store, store.read() as books:
        began, used = time.perf_counter(), time.process_time()
        rows = named(report).rows(books, Period(date.fromisoformat(first), LAST))
        took, used = time.perf_counter() - began, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{took:8.2f} s {used:8.2f} s of CPU {memory:6} MB  {len(rows)} rows")


def make(path: str, holders: int, rows: int) -> None:
    """A store of that size."""
    fill(path, holders)
    there = fill_years(path, rows)
    print(f"{holders} holders, {there} rows, {os.path.getsize(path) >> 20} MB", flush=True)


def ask(path: str) -> None:
    """Every report of a store, for each period."""
    for name, first in PERIODS.items():
        for report in REPORTS:
            call = [sys.executable, __file__, "one", path, report, first.isoformat()]
            told = subprocess.run(call, capture_output=True, text=True, check=True).stdout.strip()
            print(f"{report:10} {name:8} {told}", flush=True)


def main() -> None:
    """Fill a store and ask everything of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "shop.db")
        make(path, int(sys.argv[1]), int(sys.argv[2]))
        ask(path)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["one", path, report, first]:
            one(path, report, first)
        case ["make", path, holders, rows]:
            make(path, int(holders), int(rows))
        case ["ask", path]:
            ask(path)
        case _:
            main()
