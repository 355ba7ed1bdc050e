"""How long a sale takes while a report is reckoned apart, beside sales alone: by turns, on one store.

    python tests/benchmarks/reporting.py shop.db          # a store that `figures.py make shop.db HOLDERS ROWS` filled

Sales come a hundred a second at most, as at a busy shop and not as a stress; the store gets them, so use a copy.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from stores import LINES, register_of

from pos_loyalty.domain.card import nth_ean13
from pos_loyalty.reports.apart import Engine, run_apart
from pos_loyalty.reports.frame import Period
from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.register import Register

PERIOD = Period(date(2026, 1, 31), date(2026, 3, 1))
CARDS = 1_000
PAUSE = 0.01
ENGINES: tuple[Engine, ...] = ("sqlite", "duckdb")


def sales(register: Register, over: Callable[[], bool]) -> str:
    """Sell until it is over; the times of a sale."""
    chance = random.Random(1)
    took = []
    while not over():
        began = time.perf_counter()
        sell(register, Bill(register.new_id(), LINES, nth_ean13("29", chance.randrange(CARDS))).order("anna"))
        took.append(time.perf_counter() - began)
        time.sleep(PAUSE)
        if len(took) % 50 == 0:
            register.store.idle()
    took.sort()
    return f"{len(took):5} sales, median {took[len(took) // 2] * 1e3:.2f} ms, p99 {took[len(took) * 99 // 100] * 1e3:.2f} ms"


def main() -> None:
    """Sell alone, then beside a report by each engine; three times."""
    path = sys.argv[1]
    with closing(open_store(path)) as store:
        register = register_of(store)
        for _ in range(3):
            end = time.monotonic() + 10
            print("alone ", sales(register, lambda end=end: time.monotonic() > end), flush=True)
            for engine in ENGINES:
                report = threading.Thread(target=run_apart, args=(path, "holders", PERIOD), kwargs={"engine": engine})
                report.start()
                print(engine, sales(register, lambda report=report: not report.is_alive()), flush=True)
                report.join()


if __name__ == "__main__":
    main()
