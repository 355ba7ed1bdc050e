"""Stores of any size for the benchmarks, filled past the program so that a million cards take seconds."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))

from shops import PROGRAMME

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.card import nth_ean13
from pos_loyalty.storage.engine import Store, open_store
from pos_loyalty.storage.schema import create_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register

LINES = tuple(LineItem(f"Goods {n}", 1_000 * n, sku=f"G{n}", department="food", vat=200_000) for n in (1, 2, 3))
NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def fill(path: str, cards: int) -> None:
    """A store with a programme and so many cards, each with an account."""
    create_store(path)
    store = open_store(path)
    activate(register_of(store), PROGRAMME, None, "owner")
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA synchronous = OFF")
        ids = [uuid7(NOW) for _ in range(cards)]
        db.executemany("INSERT INTO accounts (id, joined, visits) VALUES (?, '2026-01-01', 0)", ((i,) for i in ids))
        db.executemany(
            "INSERT INTO cards (number, account_id, kind, status, issued_at) "
            "VALUES (?, ?, 'named', 'active', '2026-01-01T10:00:00.000Z')",
            ((nth_ean13("29", n), i) for n, i in enumerate(ids)),
        )
    db.close()


def as_installed(folder: Path) -> None:
    """Have programs that are started from here on find their modules compiled, as pip leaves them, whatever this checkout has."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")


def register_of(store: Store) -> Register:
    return Register(name="till-1", store=store, clock=lambda: NOW, new_id=lambda: uuid7(NOW))


def fill_journal(path: str, rows: int) -> int:
    """Add so many rows of the journal (postings), spread over the cards: copies of one real sale under new ids.

    The hash chain is not kept, so `store verify` would rightly refuse such a store; selling on it is what it is for.
    """
    with closing(open_store(path)) as store:
        register = register_of(store)
        model = sell(register, Bill(register.new_id(), LINES, nth_ean13("29", 0)).order("anna")).sale.id
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        (per_sale,) = db.execute("SELECT count(*) FROM postings WHERE entry_id = ?", (model,)).fetchone()
        accounts = [row[0] for row in db.execute("SELECT id FROM accounts ORDER BY id")]
        copies = rows // per_sale
        db.execute("CREATE TEMP TABLE copy (n INTEGER PRIMARY KEY, id TEXT, account TEXT)")
        db.executemany(
            "INSERT INTO copy VALUES (?, ?, ?)",
            ((n + 2, uuid7(NOW), accounts[n % len(accounts)]) for n in range(copies)),
        )
        for table, own in (
            (
                "lots",
                {
                    "id": "copy.id || substr(t.id, 37)",
                    "entry_id": "copy.id",
                    "sale": "copy.id",
                    "account_id": "copy.account",
                },
            ),
            ("postings", {"entry_id": "copy.id", "holder": "copy.account", "lot": "copy.id || substr(t.lot, 37)"}),
            ("sales", {"id": "copy.id", "number": "copy.n", "account_id": "copy.account"}),
            ("spends", {"entry_id": "copy.id", "account_id": "copy.account"}),
            ("entries", {"id": "copy.id", "seq": "copy.n", "account_id": "copy.account"}),
        ):
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            key = {"lots": "entry_id", "postings": "entry_id", "spends": "entry_id"}.get(table, "id")
            values = ", ".join(own.get(column, f"t.{column}") for column in columns)
            # Row by row in the order of ids, as a till would have written them.
            db.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608
                f"SELECT {values} FROM copy, {table} t WHERE t.{key} = ? ORDER BY copy.n",
                (model,),
            )
        db.execute("UPDATE registers SET last_entry = ?, last_receipt = ?", (copies + 1, copies + 1))
        for _, sql in triggers:
            db.execute(sql)
        db.commit()
    return copies * per_sale
