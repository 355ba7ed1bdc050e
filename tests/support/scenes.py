"""What the attacks play: a store with a history, and actions that come out alike, byte by byte, whenever they are played on it.

Ids and clock are given, so the whole content of the store after an action is known before it is played: a fault may leave a store
as it was before or as it is after, and any third content is something half stored.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shops import ANA, BORIS, PROGRAMME

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import Store, open_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards, goods, holders, programmes, suspending
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

BEFORE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
FIRST_SALE = "0198aaaa-0000-7000-8000-00000000f001"
STORE = "store.db"

_CATALOGUE = "sku,barcode,name,department,price,vat\n" + "\n".join(
    f"SKU-{n},{n:06d},Tea number {n},food,{n}.50,20%" for n in range(1, 41)
)


def register_on(store: Store, now: datetime = NOW, first_id: int = 1) -> Register:
    """A register whose ids are counted from a number on."""
    numbers = itertools.count(first_id)
    return Register("till-1", store, lambda: now, lambda: f"0198bbbb-0000-7000-8000-{next(numbers):012x}")


def make_base(path: Path) -> None:
    """A store with two cards, a holder, goods, and a history: spendable cashback, a refund, and a sale to bring back."""
    from pos_loyalty.storage.schema import create_store

    create_store(str(path))
    with opened(path) as store:
        register = register_on(store, BEFORE, 1_000)
        programmes.activate(register, PROGRAMME, None, "owner")
        holders.enrol(register, holders.Enrolment("Ana Kovač", ANA, phone="+359 88 1234567", birthday=BEFORE.date()))
        cards.issue(register, BORIS, kind="bearer")
        goods.import_csv(register, _CATALOGUE)
        for n in range(12):
            bill = Bill(register.new_id(), (_goods(30_000 + n), _goods(999)), ANA)
            closed = sell(register, bill.order("anna"))
            if n % 4 == 0:
                refund(
                    register, RefundOrder(closed.sale.id, register.new_id(), lines=((2, 1_000_000),), operator="anna")
                )
        sell(register, Bill(FIRST_SALE, (_goods(20_000), _goods(5_000)), ANA).order("anna"))


def _goods(price: int) -> LineItem:
    return LineItem("Goods", price, sku="GOODS", department="food", vat=200_000)


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """The store at a path, for a while."""
    store = open_store(str(path))
    try:
        yield store
    finally:
        store.close()


# ---- actions ----

BILL = Bill("0198cccc-0000-7000-8000-000000000001", (_goods(1_250), _goods(7_300)), ANA).with_spend("cashback", 500)
ACTIONS: dict[str, Callable[[Register], object]] = {
    "sell": lambda register: sell(register, BILL.order("anna")),
    "refund": lambda register: refund(
        register, RefundOrder(FIRST_SALE, "0198cccc-0000-7000-8000-000000000002", operator="anna")
    ),
    "enrol": lambda register: holders.enrol(
        register, holders.Enrolment("Zoë Ångström", "2900000000032", phone="0881234")
    ),
    "import": lambda register: goods.import_csv(register, _CATALOGUE.replace("Tea", "Herbal tea")),
    "activate": lambda register: programmes.activate(register, PROGRAMME.replace('"5%"', '"6%"', 1), None, "owner"),
    "suspend": lambda register: suspending.suspend(register, BILL, "anna", "blue jacket"),
}
"""One function of the till each."""


@dataclass(frozen=True)
class Played:
    """How an action ended: acknowledged, or refused with a code and a sentence."""

    acknowledged: bool
    code: str = ""
    sentence: str = ""


def play(store: Store, action: Callable[[Register], object]) -> Played:
    """An action at the till, with the ids that it has every time."""
    return attempt(lambda: action(register_on(store)))


def attempt(act: Callable[[], object]) -> Played:
    """Whatever can be refused, and what it was refused with. Anything else that is raised goes on: the test has found a fault."""
    try:
        act()
    except Refused as refused:
        return Played(False, refused.code, str(refused.message))
    return Played(True)


# ---- what is in a store ----


def content(path: Path) -> str:
    """A digest of every row of every table, by SQL past the program, whose indexes must agree with them."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(path)) as db:
        assert [said for (said,) in db.execute("PRAGMA integrity_check")] == ["ok"]
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for table in tables:
            rows = sorted(map(repr, db.execute(f"SELECT * FROM {table}")))  # noqa: S608 - names from the schema itself
            digest.update(f"{table} {rows}\n".encode())
    return digest.hexdigest()


def copied(folder: Path, to: Path) -> Path:
    """A copy of the store in a folder, with its log where there is one, to look into without changing it."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return to / STORE


def files_of(folder: Path) -> dict[str, Path]:
    """The files of a folder by their names."""
    return {place.name: place for place in folder.iterdir() if place.is_file()}


def faults(path: Path) -> list[str]:
    """What `store verify` finds, as text."""
    with opened(path) as store:
        return [f"{fault.place}: {fault.what}" for fault in verify_store(store).faults]


def column(path: Path, sql: str) -> set[str]:
    """The first column of what plain SQL answers."""
    with closing(sqlite3.connect(path)) as db:
        return {str(row[0]) for row in db.execute(sql)}


def outcome(base: Path, folder: Path, action: Callable[[Register], object]) -> str:
    """The content of the base once an action was played on it with nothing in its way."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / STORE
    shutil.copyfile(base, path)
    with opened(path) as store:
        assert play(store, action).acknowledged
    assert faults(path) == []
    return content(path)
