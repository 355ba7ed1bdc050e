"""How the whole sale grows with the cards and with the journal: exponents from interleaved rounds on stores of each size.

    .venv/bin/python tests/benchmarks/growth.py --cards 10000 100000 1000000 --journal 25000 5000000

An exponent is log(time ratio) / log(size ratio) between the smallest and the largest store: 0 is no growth at all.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
import time
from pathlib import Path

from stores import LINES, NOW, fill, fill_journal, register_of

from pos_loyalty.domain.card import nth_ean13
from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.register import Register


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--cards", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    arguments.add_argument("--journal", type=int, nargs="+", default=[25_000, 5_000_000])
    arguments.add_argument(
        "--with-cards", type=int, default=1_000_000, help="cards of the stores that differ in their journal"
    )
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--sales", type=int, default=150)
    arguments.add_argument("--folder", default=None, help="where the stores are made; a disk, not a RAM disk")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        by_cards = {}
        for cards in options.cards:
            path = Path(folder) / f"cards-{cards}.db"
            fill(str(path), cards)
            by_cards[cards] = (path, cards)
        report("cards", by_cards, options.rounds, options.sales)
        for path, _ in by_cards.values():
            path.unlink()
        by_journal = {}
        for rows in options.journal:
            path = Path(folder) / f"journal-{rows}.db"
            fill(str(path), options.with_cards)
            fill_journal(str(path), rows)
            by_journal[rows] = (path, options.with_cards)
        report("journal rows", by_journal, options.rounds, options.sales)


def report(what: str, stores: dict[int, tuple[Path, int]], rounds: int, sales: int) -> None:
    registers = {size: (register_of(open_store(str(path))), cards) for size, (path, cards) in stores.items()}
    medians: dict[int, list[float]] = {size: [] for size in stores}
    for turn in range(rounds + 1):
        for size, (register, cards) in registers.items():
            figures = [one_sale(register, (turn * sales + n) * 7_919 % cards) for n in range(sales)]
            register.store.idle()
            if turn:  # the first round warms the file's pages
                medians[size].append(statistics.median(figures))
    print(f"{'':>14}{'median us':>12}")
    for size, figures in medians.items():
        print(f"{size:>14,}{statistics.median(figures):12.0f}")
    small, large = min(stores), max(stores)
    ratio = statistics.median(b / a for a, b in zip(medians[small], medians[large], strict=True))
    print(f"exponent by {what}, {small:,} to {large:,}: {math.log(ratio) / math.log(large / small):.3f}\n", flush=True)
    for register, _ in registers.values():
        register.store.close()


def one_sale(register: Register, n: int) -> float:
    order = Bill(uuid7(NOW), LINES, nth_ean13("29", n)).order("anna")
    begun = time.perf_counter()
    sell(register, order)
    return (time.perf_counter() - begun) * 1e6


if __name__ == "__main__":
    main()
