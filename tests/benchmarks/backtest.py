"""How quickly past sales are replayed: entries a second of each replay, and how long a backtest takes altogether.

    .venv/bin/python tests/benchmarks/backtest.py --store demo.db

`--store` is a demo shop (`pos-loyalty demo --no-terminal --store demo.db`), tried with its own programme. Both replays run side by
side in processes of their own, as for an owner; `--here` runs all in this process, one after the other, for a
profile.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import datetime

from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.backtest import Request, apart, backtest, here


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True)
    parser.add_argument("--here", action="store_true")
    options = parser.parse_args()
    with open_store(options.store).read() as books:
        text = books.revisions()[-1].text
    began: dict[str, float] = {}
    ended: dict[str, float] = {}
    totals: dict[str, int] = {}

    def told(stage: str, done: int, total: int) -> None:
        now = time.perf_counter()
        if total:
            began.setdefault(stage, now)
            totals[stage] = total
            if done == total:
                ended.setdefault(stage, now)

    start = time.perf_counter()
    found = backtest(Request(options.store, text, datetime.now().astimezone()), told, here if options.here else apart)
    whole = time.perf_counter() - start
    for stage in ("in-force", "draft"):
        seconds = ended[stage] - began[stage]
        print(f"{stage:<9} {totals[stage]:>8,} entries in {seconds:6.1f} s: {totals[stage] / seconds:6,.0f} a second")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        f"altogether {whole:.1f} s for {found.replayed:,} bills; {sum(u.ru_utime + u.ru_stime for u in used):.1f} s of processor"
    )
    print(f"largest process: {max(u.ru_maxrss for u in used) // 1024} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
