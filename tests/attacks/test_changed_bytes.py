# ruff: noqa: S608 - every name here is from the schema itself
"""Bits turn over and rows are edited behind the program's back: `store verify` finds what was changed and says where."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from scenes import NOW, STORE, opened, register_on
from shops import ANA, BORIS

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till import cards, holders
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import price, sell
from pos_loyalty.till.returns import RefundOrder, refund, returnable

SAID_ONCE = {
    "members": ("name", "phone", "email", "birthday", "language", "referred_by", "registered_at"),
    "cards": ("number", "kind", "status", "replaced_by", "issued_at"),
    "catalogue": ("sku", "barcode", "name", "department", "price", "vat", "unit", "reduced"),
    "suspended": ("id", "register", "at", "operator", "label", "bill"),
    "sales": ("card", "holder"),
    "accounts": ("joined",),
    "revisions": ("active_from", "activated_at", "operator"),
}
"""What is written in one place only and is in no hash: nothing in the store says what it was before."""
WHO_AND_WHAT = ("members", "cards", "catalogue", "suspended")
"""Tables of which most is said once: a bit in them that nothing contradicts counts on its own."""


@pytest.fixture(scope="session")
def history(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with more sales than holders, as stores have, in one file."""
    path = tmp_path_factory.mktemp("history") / STORE
    shutil.copyfile(base, path)
    with opened(path) as store:
        register = register_on(store, first_id=50_000)
        for n in range(80):
            card = (ANA, BORIS, None)[n % 3]
            lines = tuple(LineItem(f"Goods {k}", 500 + n * k, department="food", vat=200_000) for k in range(1, 4))
            bill = Bill(register.new_id(), lines, card)
            if card == ANA and n % 4 == 0:
                bill = bill.with_spend("cashback", 150)
            closed = sell(register, bill.order("anna"))
            if n % 5 == 0:
                refund(
                    register, RefundOrder(closed.sale.id, register.new_id(), lines=((1, 1_000_000),), operator="anna")
                )
        store.idle()
    return path


@dataclass
class Tally:
    """What a row of changes has come to."""

    changes: int = 0
    effects: int = 0
    found: int = 0
    by_file: int = 0
    said_once: int = 0
    unseen: list[str] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)


# ---- what a store says, asked past the program ----


def readable(path: Path) -> Any:
    """Every row of every table, read from the table and by each of its indexes; what cannot be read is an error's text."""
    found: dict[str, object] = {}
    with closing(sqlite3.connect(path)) as db:
        db.text_factory = bytes
        try:
            schema = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            return str(error)
        # Names are the same to SQLite in either case.
        found["schema"] = [(kind, name.lower(), table.lower(), sql) for kind, name, table, sql in schema]
        for kind, name, table, sql in schema:
            if kind == b"table":
                found[name.decode(errors="replace")] = _answer(db, f"SELECT * FROM {_name(name)} NOT INDEXED")
            elif kind == b"index":
                where = sql.partition(b" WHERE ")[2].decode(errors="replace") if sql else ""
                columns = [_name(row[2]) for row in db.execute(f"PRAGMA index_info({_name(name)})") if row[2]]
                asked = ", ".join(columns)
                found[name.decode(errors="replace")] = _answer(
                    db,
                    f"SELECT {asked} FROM {_name(table)} INDEXED BY {_name(name)}"
                    f"{f' WHERE {where}' if where else ''} ORDER BY {asked}",
                )
    return found


def _name(name: bytes) -> str:
    return '"' + name.decode(errors="replace").replace('"', '""') + '"'


def _answer(db: sqlite3.Connection, sql: str) -> object:
    try:
        rows = db.execute(sql).fetchall()
    except sqlite3.Error as error:
        return str(error)
    return rows if "ORDER BY" in sql else sorted(map(repr, rows))


def verified(path: Path) -> tuple[list[str], bool]:
    """What `store verify` says of a store, and whether SQLite's own check said any of it."""
    try:
        store = open_store(str(path))
    except Refused as refused:
        return [f"{refused.code}: {refused.message}"], True
    with closing(store):
        faults = verify_store(store).faults
    return [f"{fault.place}: {fault.what}" for fault in faults], any(fault.place == "file" for fault in faults)


# ---- changes ----


def flip(path: Path, chance: random.Random) -> str:
    """Turn one bit over."""
    content = bytearray(path.read_bytes())
    at, bit = chance.randrange(len(content)), chance.randrange(8)
    content[at] ^= 1 << bit
    path.write_bytes(content)
    return f"bit {bit} of byte {at}"


def edit(path: Path, chance: random.Random) -> str:
    """Change one value of one row, or take a row out, with the laws of the store out of the way meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        laws = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in laws:
            db.execute(f"DROP TRIGGER {name}")
        what = _edit_row(db, chance)
        for _, sql in laws:
            db.execute(sql)
    return what


def _edit_row(db: sqlite3.Connection, chance: random.Random) -> str:
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    while True:
        table = chance.choice([name for name in tables if name not in ("alembic_version", "member_words")])
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        keys = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[5]]
        rows = db.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
        column = chance.choice(columns)
        if not rows or column in SAID_ONCE.get(table, ()):
            continue
        row = dict(zip(columns, chance.choice(rows), strict=True))
        this = " AND ".join(f"{key} = :{key}" for key in keys)
        if chance.random() < 0.1 and table not in SAID_ONCE:
            db.execute(f"DELETE FROM {table} WHERE {this}", row)
            return f"{table} {[row[key] for key in keys]} taken out"
        try:
            db.execute(f"UPDATE {table} SET {column} = :new WHERE {this}", {**row, "new": _other(row[column], chance)})
        except sqlite3.IntegrityError:
            continue
        return f"{table}.{column} of {[row[key] for key in keys]}, {row[column]!r:.60}"


def _other(value: object, chance: random.Random) -> object:
    """Another value of the same kind, of the sort that somebody would write there."""
    match value:
        case None:
            return "2026-01-01"
        case int():
            return value + chance.choice([-100, -1, 1, 100])
        case str() if value:
            at = chance.randrange(len(value))
            return value[:at] + chance.choice("0123456789abcdef".replace(value[at], "")) + value[at + 1 :]
        case _:
            return "x"


# ---- tests ----


def attacked(history: Path, tmp_path: Path, changes: int, change: Callable[[Path, random.Random], str]) -> Tally:
    """Change one thing in a copy of a store, again and again, and hold what `store verify` says against what is to be read."""
    tally = Tally()
    plain = readable(history)
    chance = random.Random(changes)
    copy = tmp_path / STORE
    for _ in range(changes):
        shutil.copyfile(history, copy)
        what = change(copy, chance)
        tally.changes += 1
        now = readable(copy)
        said, by_file = verified(copy)
        for place in tmp_path.glob(f"{STORE}-*"):
            place.unlink()
        if now == plain:
            continue
        differing = list(_differing(plain, now))
        if not said and all(name in WHO_AND_WHAT for name in differing):
            tally.said_once += 1
            continue
        tally.effects += 1
        tally.found += bool(said)
        tally.by_file += by_file
        if not said:
            tally.unseen.append(f"{what}: {', '.join(differing)}")
        tally.nowhere += [fault for fault in said if fault.startswith(":")]
    return tally


def _differing(plain: Any, now: Any) -> Iterator[str]:
    if isinstance(now, str):
        yield now
    else:
        yield from (str(name) for name in {*plain, *now} if plain.get(name) != now.get(name))


@pytest.mark.parametrize("changes", [40, pytest.param(400, marks=pytest.mark.soak)])
@pytest.mark.parametrize("change", [flip, edit])
def test_what_was_changed_is_found(
    history: Path, tmp_path: Path, changes: int, change: Callable[[Path, random.Random], str]
) -> None:
    """Of the changes that make anything in the store read differently, `store verify` finds at least 99 in 100, and says where."""
    tally = attacked(history, tmp_path, changes, change)
    print(f"\n{change.__name__}: {tally}")
    assert tally.effects > changes // 4, "hardly a change had an effect: the test saw nothing"
    assert tally.found >= 0.99 * tally.effects, tally.unseen
    assert tally.nowhere == []


def test_control_a_check_of_the_file_alone_misses_what_was_changed(history: Path, tmp_path: Path) -> None:
    """SQLite's own check alone would find far fewer, so the rest of `store verify` is what the test above has seen."""
    tally = attacked(history, tmp_path, 20, edit)
    assert tally.by_file < 0.9 * tally.effects


def test_control_an_untouched_store_has_no_fault(history: Path, tmp_path: Path) -> None:
    """A copy that nobody changed reads the same and has no fault."""
    tally = attacked(history, tmp_path, 1, lambda path, chance: "nothing")
    assert tally.effects == 0
    assert verified(history)[0] == []


@pytest.mark.parametrize("changes", [40, pytest.param(400, marks=pytest.mark.soak)])
def test_the_till_says_a_sentence_on_a_damaged_store(history: Path, tmp_path: Path, changes: int) -> None:
    """Whatever is broken in the file, every action at the till ends in its answer or in one sentence, never in a traceback."""
    chance = random.Random(changes)
    copy = tmp_path / STORE
    said: Counter[str] = Counter()
    raised: list[str] = []
    for _ in range(changes):
        shutil.copyfile(history, copy)
        what = flip(copy, chance)
        for answer in _a_day(copy):
            said[answer] += 1
            if answer.startswith("raised"):
                raised.append(f"{what}: {answer}")
        for place in tmp_path.glob(f"{STORE}-*"):
            place.unlink()
    print(f"\n{said}")
    assert raised == []


def _a_day(path: Path) -> Iterator[str]:
    try:
        store = open_store(str(path))
    except Refused as refused:
        yield refused.code
        return
    register = register_on(store, NOW, 90_000)
    bill = Bill(register.new_id(), (LineItem("Tea", 350),), ANA)
    acts: list[Callable[[], object]] = [
        lambda: cards.show(register, ANA),
        lambda: holders.find(register, "ana"),
        lambda: price(register, bill.order("anna")),
        lambda: sell(register, bill.order("anna")),
        lambda: returnable(register, "till-1-000003"),
        lambda: refund(register, RefundOrder("till-1-000003", register.new_id(), operator="anna")),
    ]
    with closing(store):
        for act in acts:
            try:
                act()
            except Refused as refused:
                yield refused.code
            except FactRefused as law:
                yield f"law {law.word}"
            except (ValueError, TypeError, KeyError, LookupError, AttributeError, ArithmeticError) as error:
                yield f"raised {type(error).__name__}: {error}"
            else:
                yield "done"
