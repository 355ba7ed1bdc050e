"""What happened in a store, put aside in a file of its own in the order in which it happened, to be gone through without the store.

The order is the journal's: each register's entries by their number, and those of several registers by when they were recorded. A
clock that jumped back does not change it: an entry counts as recorded no earlier than those before it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text as sql

from pos_loyalty.storage.facts import read_moment
from pos_loyalty.storage.sqlite import Sqlite
from pos_loyalty.storage.statements import Transaction

PAGE = 1_000

_COUNT = sql("SELECT coalesce(sum(last_entry), 0) FROM registers")
_ENTRIES = sql(
    """
    SELECT e.register, e.seq, e.id, e.kind, e.recorded_at, e.day, e.account_id, s.card,
        CASE WHEN s.id IS NOT NULL THEN s.facts WHEN r.id IS NOT NULL THEN r.facts ELSE d.facts END
    FROM entries e LEFT JOIN sales s ON s.id = e.id LEFT JOIN refunds r ON r.id = e.id LEFT JOIN deeds d ON d.id = e.id
    WHERE e.kind <> 'expiry' AND e.day <= :last
    ORDER BY e.register, e.seq
    """
)
_MEMBERS = (
    "account_id, name, folded, phone, email, birthday, language, referred_by, registered_at"  # the table's columns
)
_GROUND: tuple[tuple[str, str], ...] = (
    ("SELECT id, joined FROM accounts", "INSERT INTO accounts (id, joined) VALUES (?, ?)"),
    # Which card was blocked or replaced when is not known any more: one that was sold with was good then.
    (
        "SELECT number, account_id, kind, issued_at FROM cards",
        "INSERT INTO cards (number, account_id, kind, status, issued_at) VALUES (?, ?, ?, 'active', ?)",
    ),
    (
        "SELECT sku, barcode, name, folded, department, price, vat, unit, reduced FROM catalogue",
        "INSERT INTO catalogue (sku, barcode, name, folded, department, price, vat, unit, reduced)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ),
)
_MERGES = sql("SELECT account_id, into_id FROM merges")
_TABLES = f"""
CREATE TABLE happened (turn TEXT, register TEXT, seq INTEGER, id TEXT, kind TEXT, recorded_at TEXT, day TEXT, account TEXT,
    card TEXT, facts TEXT, PRIMARY KEY (turn, register, seq)) WITHOUT ROWID;
CREATE TABLE people ({_MEMBERS});
CREATE TABLE merged (account TEXT PRIMARY KEY, into_id TEXT);
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry: of which register, of what kind, recorded when; whose, and with which card, as far as that is still known."""

    turn: str
    register: str
    id: str
    kind: str
    recorded_at: datetime
    day: date
    account: str | None
    card: str | None
    facts: str | None


class Past:
    """What happened, in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = sqlite3.connect(path, isolation_level=None)
        self._merged: dict[str, str] | None = None

    def gather(self, books: Transaction, last: date, ground: Path, told: Callable[[int, int], None]) -> None:
        """Put aside all that happened until a business day, and put what was there without happening (accounts, cards, goods) into
        an empty store at `ground`. `told` is how many of how many entries were read.
        """
        self._file.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; {_TABLES}")
        row = books.row(_COUNT)
        total = int(row[0]) if row else 0
        turns: dict[str, str] = {}
        rows: list[tuple[Any, ...]] = []
        done = 0
        for register, seq, id_, kind, recorded_at, day, account, card, facts in books.pages(
            _ENTRIES, last=last.isoformat()
        ):
            turn = turns[register] = max(turns.get(register, ""), recorded_at)
            rows.append((turn, register, seq, id_, kind, recorded_at, day, account, card, facts))
            if len(rows) == PAGE:
                done += len(rows)
                self._keep(rows)
                told(done, total)
        self._keep(rows)
        self._file.executemany(
            "INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            books.pages(sql(f"SELECT {_MEMBERS} FROM members ORDER BY registered_at, account_id")),  # noqa: S608 - constants
        )
        self._file.executemany("INSERT INTO merged VALUES (?, ?)", books.rows(_MERGES))
        self._file.execute("COMMIT")
        with closing(sqlite3.connect(ground, isolation_level=None)) as target:
            target.executescript("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN")
            for read, write in _GROUND:
                target.executemany(write, books.pages(sql(read)))
            target.execute("COMMIT")

    def _keep(self, rows: list[tuple[Any, ...]]) -> None:
        try:
            self._file.executemany("INSERT INTO happened VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.Error as error:  # no room for it, as a rule: said of this file and not of the shop's store
            raise Sqlite(self._path).refusal(error) from error
        rows.clear()

    def count(self) -> int:
        """How many entries there are."""
        return int(self._file.execute("SELECT count(*) FROM happened").fetchone()[0])

    def first_day(self) -> date | None:
        """The business day of the earliest sale; None where nothing was ever sold."""
        (found,) = self._file.execute("SELECT min(day) FROM happened WHERE kind = 'sale'").fetchone()
        return None if found is None else date.fromisoformat(found)

    def entries(self) -> Iterator[Happened]:
        """All of it, in order."""
        rows = self._file.execute(
            "SELECT turn, register, id, kind, recorded_at, day, account, card, facts FROM happened ORDER BY turn, register, seq"
        )
        for turn, register, id_, kind, recorded_at, day, account, card, facts in rows:
            yield Happened(
                turn, register, id_, kind, read_moment(recorded_at), date.fromisoformat(day), account, card, facts
            )

    def people(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """The holders that have names, with when they gave them, the earliest first: rows for `add_people`."""
        for row in self._file.execute(f"SELECT {_MEMBERS} FROM people ORDER BY registered_at, account_id"):  # noqa: S608
            yield row[-1], row

    @property
    def merged(self) -> dict[str, str]:
        """Which account another one became part of."""
        if self._merged is None:
            self._merged = dict(self._file.execute("SELECT account, into_id FROM merged").fetchall())
        return self._merged

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


_ADD_PERSON = sql(
    "INSERT INTO members (account_id, name, folded, phone, email, birthday, language, referred_by, registered_at)"
    " VALUES (:account_id, :name, :folded, :phone, :email, :birthday, :language, :referred_by, :registered_at)"
)


def add_people(books: Transaction, rows: list[tuple[Any, ...]]) -> None:
    """Give accounts the names that `Past.people` has of them."""
    names = [name.strip() for name in _MEMBERS.split(",")]
    books.run_many(_ADD_PERSON, [dict(zip(names, row, strict=True)) for row in rows])


_GIVE_CARD = sql("UPDATE cards SET account_id = :account WHERE number = :number")


def give_card(books: Transaction, number: str, account: str) -> None:
    """Let a card open the account that its own became part of."""
    books.run(_GIVE_CARD, number=number, account=account)
