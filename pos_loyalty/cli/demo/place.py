"""Where the demo shop is kept, and what it was made from: made once, used again, and never in the place of a real store.

Beside the store lies a file that says what it was made from. It is written before the store is, and once more when all is there;
a store without it is somebody's and is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import msgspec

from pos_loyalty.cli.demo.making import Plan, make
from pos_loyalty.cli.demo.stars import Star, stars
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.engine import SCHEMA, open_store
from pos_loyalty.storage.schema import create_store
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.receipts import latest
from pos_loyalty.till.register import Register

VERSION = 3
"""Goes up when the same seed makes another shop than before."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a demo shop was made from, the number of its last sale, and its cards worth showing."""

    version: int
    schema: str
    seed: int
    cards: int
    days: int
    today: date
    complete: bool = False
    receipt: str | None = None
    stars: list[Star] = field(default_factory=list)

    def same_shop(self, other: Made) -> bool:
        """Whether this is the shop that is asked for; it may be of another day, and hold what was sold in it since."""
        return self.complete and (self.version, self.schema, self.seed, self.cards, self.days) == (
            other.version,
            other.schema,
            other.seed,
            other.cards,
            other.days,
        )


def ready(path: Path, plan: Plan, progress: Callable[[int], None], *, fresh: bool) -> tuple[Made, bool]:
    """The demo shop in an SQLite file, made if it is not there as asked for (or `fresh`); whether it was made now.

    Refused with store-exists where the file is there and was not made by a demo.
    """
    wanted = Made(VERSION, SCHEMA, plan.seed, plan.cards, plan.days, plan.today)
    note = path.with_name(f"{path.name}.demo.json")
    there = _noted(note)
    if path.exists() and there is None:
        raise Refused(
            "store-exists",
            Message(
                N_("{file} is there and was not made by the demo: choose another place, so that nothing is lost."),
                file=str(path),
            ),
        )
    if there is not None and there.same_shop(wanted) and path.exists() and not fresh:
        return there, False
    path.parent.mkdir(parents=True, exist_ok=True)
    note.write_bytes(msgspec.json.encode(asdict(wanted)))
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
    create_store(str(path))
    store = open_store(str(path))
    try:
        people = make(store, plan, progress)
        register = Register(plan.register, store, _now, lambda: uuid7(_now()), plan.range)
        worth_showing = stars(register, people)
        sold = next((one.number for one in latest(register, 50) if one.refund is None), None)
    finally:
        store.close()
    made = replace(wanted, complete=True, receipt=sold, stars=worth_showing)
    note.write_bytes(msgspec.json.encode(asdict(made)))
    return made, True


def _noted(note: Path) -> Made | None:
    try:
        return msgspec.json.decode(note.read_bytes(), type=Made)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        return Made(0, "", 0, 0, 0, date.min)  # of another release's demo, which this one may take the place of


def _now() -> datetime:
    return datetime.now().astimezone()
