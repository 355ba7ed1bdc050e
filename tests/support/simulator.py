"""A shop in a box: its own clock, its own chance, the real actions of the till on a real store, and a second witness beside it.

    SEED=7 DAYS=400 python tests/support/simulator.py

runs one seed; the same seed is the same year to the last hash. Where the till and the witness say different things, or a law of
money is broken, `Differs` names the seed, the day, the step, what went before it, and the command that does it all again.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import habits
from agreement import Differs, agree
from lawbook import Lawbook
from mishaps import COMMIT, Died, QuickSqlite, open_again
from witness import Witness

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.schema import create_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.goods import import_csv
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register

T = TypeVar("T")
LAST_STEPS = 15
"""Steps that a failure tells."""


@dataclass
class Run:
    """What one seed did."""

    seed: int
    days: int = 0
    seconds: float = 0.0
    did: Counter[str] = field(default_factory=Counter)
    heads: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        did = ", ".join(f"{count} {what}" for what, count in sorted(self.did.items()) if count)
        return f"seed {self.seed}: {self.days} days in {self.seconds:.1f} s: {did}"


class _Door:
    """The store as a register knows it: the one that is open now, whichever process opened it."""

    def __init__(self, shop: Simulator) -> None:
        self._shop = shop

    def read(self) -> AbstractContextManager[Books]:
        return self._shop.store.read()

    def write(self) -> AbstractContextManager[Books]:
        return self._shop.store.write()


class Simulator:
    """One shop: three registers on one store. `folder` is where the store lies; best in memory."""

    def __init__(self, seed: int, folder: Path, begins: datetime | None = None) -> None:
        self.rng = random.Random(seed)
        self.run_ = Run(seed)
        self.did = self.run_.did
        self.now = begins or datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=self.rng.randrange(1_500))
        self.offsets = {name: timedelta() for name in ("till-1", "till-2", "kiosk")}
        self.told: deque[str] = deque(maxlen=LAST_STEPS)
        self.step = 0
        self.books = Witness()
        path = folder / f"shop{seed}.db"
        create_store(str(path))
        self._database = QuickSqlite(path)
        self.store = Store(self._database)
        self.laws = Lawbook(path)
        self.registers = {
            name: Register(name=name, store=_Door(self), clock=partial(self.clock, name), new_id=self.new_id)  # type: ignore[arg-type]
            for name in self.offsets
        }
        self.goods = habits.catalogue(self.rng)
        self.import_goods()
        self.revise(begins=self.now - timedelta(days=1))

    # ---- the world -------------------------------------------------------------------------------------------------

    def clock(self, register: str) -> datetime:
        """What a register takes the time to be."""
        return self.now + self.offsets[register]

    def new_id(self) -> str:
        """A UUIDv7 out of this run's own chance."""
        text = f"{int(self.now.timestamp() * 1000):012x}7{self.rng.getrandbits(12):03x}8{self.rng.getrandbits(60):015x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def some_register(self) -> Register:
        return self.registers[self.rng.choice(list(self.registers))]

    def import_goods(self) -> None:
        rows = ["sku,barcode,name,department,price,vat,unit,reduced"]
        for item in self.goods:
            price = f"{item['price'] // 100}.{item['price'] % 100:02d}"
            vat = f"{float(item['vat_rate'] * 100):g}%"
            rows.append(
                f"{item['sku']},{item['barcode']},{item['name']},{item['department']},{price},{vat},{item['unit']},no"
            )
        _, bad = import_csv(self.registers["till-1"], "\n".join(rows))
        agree("rows of the catalogue refused", bad, ())

    def revise(self, begins: datetime | None = None) -> None:
        """The shop owner changes the programme, from now on or from a moment before or after."""
        begins = begins or self.now.replace(microsecond=0)
        rules = habits.programme(self.rng, len(self.books.revisions) + 1, begins)
        self.tell(f"revision {rules['number']} from {begins:%Y-%m-%d %H:%M}")
        text = habits.as_toml(rules)
        self.write(lambda: activate(self.registers["till-1"], text, begins, "owner"))
        self.books.activate(rules)
        self.did["revisions"] += 1

    def tell(self, what: str) -> None:
        self.told.append(f"step {self.step} {self.now:%Y-%m-%d %H:%M} {what}")

    # ---- actions, and what befalls them -----------------------------------------------------------------------------

    def write(self, action: Callable[[], T], *, repeats: bool = False, dangers: bool = True) -> T | None:
        """Do something that stores. Now and then the process dies or the disk is full in the middle of it; then the cashier does
        it again: an action with an id (`repeats`) always, any other where it did not come to pass (None where it had).
        """
        fate, rng = self._database.fate, self.rng
        fate.set("", None)
        kind = rng.random() if dangers else 1.0
        if kind < 0.012:
            at = COMMIT if rng.random() < 0.4 else rng.randint(1, 22)
            fate.set("dies" if kind < 0.004 else "full", at, after=kind < 0.004 and rng.random() < 0.5)
        elif kind < 0.016:
            self._database.no_more_pages(True)
        version = self.laws.version()
        try:
            return action()
        except Died:
            self.did["crashes"] += 1
            self.tell(f"the process died at statement {fate.at}, committed: {fate.committed}")
            committed = fate.committed
            self.reopen()
            self.lost_nothing()
            return action() if repeats or not committed else None
        except Refused as refused:
            if refused.code != "store-full":
                raise
            self.did["full disks"] += 1
            self.tell(f"the disk was full at statement {fate.seen}")
            agree("something stored though the disk was full", self.laws.version(), version)
            self._database.fate.set("", None)
            self._database.no_more_pages(False)
            return action()
        finally:
            self._database.fate.set("", None)
            if 0.012 <= kind < 0.016:
                self._database.no_more_pages(False)

    def reopen(self) -> None:
        """Start the program anew on what the dead process left."""
        self.laws.close()
        self.store, self._database = open_again(self._database)
        self.laws.open(self._database.path)

    def lost_nothing(self) -> None:
        """What was acknowledged before is still there."""
        for sale in list(self.books.sales)[-20:]:
            with self.store.read() as books:
                if books.sale(sale) is None:
                    raise Differs(f"the acknowledged sale {sale} is gone")

    def refused(self, action: Callable[[], object], code: str) -> None:
        """Do what must be refused with that code and leave no trace."""
        version = self.laws.version()
        try:
            action()
        except Refused as refused:
            agree("refusal", refused.code, code)
        else:
            agree("refusal", None, code)
        agree(f"something stored though refused ({code})", self.laws.version(), version)
        self.did["refusals"] += 1

    def stored(self, action: Callable[[], None], account: str | None) -> None:
        """Take down what was acknowledged, and hold the store against it."""
        before, seqs = Counter(self.books.books), dict(self.books.entries)
        action()
        self.laws.after_step(self.books, account, before, seqs)

    # ---- days ---------------------------------------------------------------------------------------------------------

    def run(self, days: int, visits: int = 14) -> Run:
        """So many days with so many visits each; raises `Differs` with all that is needed to see it again."""
        from cashier import Cashier

        began = time.perf_counter()
        try:
            cashier = Cashier(self)
            for _ in range(days):
                self._day(cashier, self.rng.randint(visits // 2, visits * 3 // 2))
            self.check_all()
        except Exception as error:
            where = (
                f"seed {self.run_.seed}, {self.now:%Y-%m-%d %H:%M}, step {self.step}: {type(error).__name__}: {error}"
            )
            steps = "\n  ".join(self.told)
            again = f"SEED={self.run_.seed} DAYS={days} VISITS={visits} python tests/support/simulator.py"
            raise Differs(f"{where}\nThe last steps:\n  {steps}\nAgain: {again}") from error
        finally:
            self.run_.seconds = time.perf_counter() - began
            self.laws.close()
            self.store.close()
        self.run_.heads = dict(self.laws.heads)
        return self.run_

    def _day(self, cashier: Any, visits: int) -> None:
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        for minute in habits.moments(self.rng, visits):
            self.now = midnight + timedelta(minutes=minute, milliseconds=self.rng.randrange(60_000))
            self.step += 1
            cashier.step()
        self.now = midnight + timedelta(days=1)
        self.run_.days += 1
        self._nightly()

    def _nightly(self) -> None:
        self.store.idle()
        if self.rng.random() < 0.02:
            self.revise()
        elif self.rng.random() < 0.02:
            self.revise(begins=self.now + timedelta(minutes=self.rng.randrange(-3 * 1440, 10 * 1440)))
        for name in self.offsets:
            if self.rng.random() < 0.03:
                jumps = (timedelta(minutes=-75), timedelta(days=-3), timedelta(hours=26), timedelta(days=40))
                self.offsets[name] = self.rng.choice(jumps)
                self.tell(f"the clock of {name} is off by {self.offsets[name]}")
                self.did["clock jumps"] += 1
            elif self.rng.random() < 0.3:
                self.offsets[name] = timedelta()
        if self.now.day == 1:
            self.check_all()

    def check_all(self) -> None:
        """All laws of the whole store, and the program's own look at it."""
        self.laws.whole(self.books)
        agree("faults that `store verify` finds", verify_store(self.store).faults, ())
        self.did["audits"] += 1


def simulate(seed: int, days: int, begins: datetime | None = None, visits: int = 14) -> Run:
    """One seed, on a store in memory where there is one."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a store to be thrown away
    with tempfile.TemporaryDirectory(prefix="year-", dir=memory) as folder:
        return Simulator(seed, Path(folder), begins).run(days, visits)


def main() -> int:
    """Run SEED (default 1), or SEEDS of them from it on, for DAYS with VISITS a day."""
    first, count = int(os.environ.get("SEED", "1")), int(os.environ.get("SEEDS", "1"))
    failed = 0
    for seed in range(first, first + count):
        try:
            print(
                simulate(seed, int(os.environ.get("DAYS", "365")), None, int(os.environ.get("VISITS", "14"))),
                flush=True,
            )
        except Differs as differs:
            failed += 1
            print(f"{differs}\n", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
