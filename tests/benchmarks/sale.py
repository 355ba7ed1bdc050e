"""What a durable sale costs beside the floor: raw sqlite3 writing the very same rows, in one interleaved run.

Three ways to store one sale of three lines among N cards, in turn on copies of one store: `raw` replays the statements that the
till ran, prepared and with their values, on a bare sqlite3 connection; `stored` writes an already reckoned sale through the
store; `whole` is the till's own action, rules included. Quote the ratios, not the times.

    .venv/bin/python tests/benchmarks/sale.py --cards 1000000 --rounds 9 --sales 200
"""

from __future__ import annotations

import argparse
import gc
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from stores import LINES, NOW, fill, register_of

from pos_loyalty.domain.bookkeeping import lots_filled, sale_postings
from pos_loyalty.domain.card import nth_ean13
from pos_loyalty.domain.usage import uses_of
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import entry_of, sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import current


@contextmanager
def recorded(into: list[tuple[str, tuple[object, ...]]]) -> Iterator[None]:
    """Note every change that the store makes, with its values."""
    run, run_many = Transaction.run, Transaction.run_many

    def noting(self: Transaction, statement: object, **values: object) -> int:
        compiled = self._compiled(statement)
        into.append((compiled.sql, compiled.in_order(values)))
        return run(self, statement, **values)

    def noting_many(self: Transaction, statement: object, rows: list[dict[str, object]]) -> None:
        compiled = self._compiled(statement)
        into.extend((compiled.sql, compiled.in_order(row)) for row in rows)
        run_many(self, statement, rows)

    Transaction.run, Transaction.run_many = noting, noting_many
    try:
        yield
    finally:
        Transaction.run, Transaction.run_many = run, run_many


def timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1e6


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--cards", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument("--sales", type=int, default=200)
    arguments.add_argument("--folder", default=None, help="where the stores are made; a disk, not a RAM disk")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure(Path(folder), options.cards, options.rounds, options.sales)


def measure(folder: Path, cards: int, rounds: int, sales: int) -> None:
    base = folder / "base.db"
    fill(str(base), cards)
    for name in ("note", "raw", "stored", "whole"):
        shutil.copy(base, folder / f"{name}.db")
    step = max(cards // (rounds * sales), 1)
    numbers = [nth_ean13("29", n * step % cards) for n in range(rounds * sales)]
    bills = [Bill(uuid7(NOW + timedelta(seconds=n)), LINES, card) for n, card in enumerate(numbers)]

    # What the till writes for these bills, in their order: replayed by `raw`, given reckoned to `stored`.
    noting = register_of(open_store(str(folder / "note.db")))
    statements: list[list[tuple[str, tuple[object, ...]]]] = []
    reckoned = []
    for bill in bills:
        changes: list[tuple[str, tuple[object, ...]]] = []
        with recorded(changes):
            reckoned.append(sell(noting, bill.order("anna")).sale)
        statements.append(changes)
    noting.store.close()

    raw = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "cache_size = -16384",
        "wal_autocheckpoint = 0",
    ):
        raw.execute(f"PRAGMA {pragma}")
    stored = register_of(open_store(str(folder / "stored.db")))
    whole = register_of(open_store(str(folder / "whole.db")))

    def store_raw(n: int) -> None:
        raw.execute("BEGIN IMMEDIATE")
        for sql, values in statements[n]:
            raw.execute(sql, values)
        raw.execute("COMMIT")

    def store_reckoned(n: int) -> None:
        sale, card = reckoned[n], numbers[n]
        with stored.store.write() as books:
            books.lock(stored.name)
            closed = replace(sale, number=books.next_receipt(stored.name))
            books.add_sale(closed, card, None, "0" * 64)
            postings = sale_postings(closed, units)
            books.post(stored.name, entry_of(closed, "sale", closed.id, postings), lots_filled(closed))
            books.add_uses(closed.id, closed.account, closed.day, uses_of(closed.quote, programme))
            books.visited(closed.account or "", closed.day)

    rules = current(whole)
    units, programme = rules.units, rules.programme
    ways: dict[str, Callable[[int], object]] = {
        "raw": store_raw,
        "stored": store_reckoned,
        "whole": lambda n: sell(whole, bills[n].order("anna")),
    }
    # The till does so when it has opened. What this script holds (every statement of every sale) is no till's, and a collection
    # that looked at all of it would be counted as a slow sale.
    gc.collect()
    gc.freeze()
    times: dict[str, list[float]] = {name: [] for name in ways}
    ratios: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds):
        medians = {}
        for name, way in ways.items():
            figures = [timed(lambda n=n, way=way: way(n)) for n in range(turn * sales, (turn + 1) * sales)]
            times[name] += figures
            medians[name] = statistics.median(figures)
            stored.store.idle()
            whole.store.idle()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for name, median in medians.items():
            ratios[name].append(median / medians["raw"])
    print(f"{cards:,} cards, {rounds} rounds of {sales} sales")
    print(f"{'':8}{'median us':>12}{'p99 us':>10}{'p99/median':>12}{'x raw (median of rounds)':>27}")
    for name, figures in times.items():
        figures.sort()
        median, p99 = statistics.median(figures), figures[int(len(figures) * 0.99)]
        print(f"{name:8}{median:12.0f}{p99:10.0f}{p99 / median:12.2f}{statistics.median(ratios[name]):27.2f}")


if __name__ == "__main__":
    main()
