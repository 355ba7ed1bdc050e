"""What happened in a store, put aside in a file of its own in the order in which it happened, to be gone through without the store.

The order is the journal's: each register's entries by their number, and those of several registers by when they were recorded. A
clock that jumped back does not change it: an entry counts as recorded no earlier than those before it.

Who the holders are is as known today. Of who was joined with another or erased since, bills still say until when a card was a
bearer's, who had sent whom, and of which record no birthday was known, where an offer asked for it. The rest is gone for good: both
of the joined are who they are together, and who was erased has no birthday, and was sent by somebody only if that one was thanked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text as sql

from pos_loyalty.domain.audience import NO_BIRTHDAY, NOT_SENT
from pos_loyalty.storage.facts import read_late_card, read_moment, read_sale
from pos_loyalty.storage.sqlite import Sqlite
from pos_loyalty.storage.statements import Transaction

PAGE = 1_000

_COUNT = sql("SELECT coalesce(sum(last_entry), 0) FROM registers")
# An expiry comes by itself again, but for what was written off before its last day since its holder was erased.
_ENTRIES = sql(
    """
    SELECT e.register, e.seq, e.id, CASE WHEN e.kind = 'expiry' THEN 'erasure' ELSE e.kind END, e.recorded_at, e.day, e.account_id,
        s.card, CASE WHEN s.id IS NOT NULL THEN s.facts WHEN r.id IS NOT NULL THEN r.facts ELSE d.facts END,
        CASE WHEN r.id IS NULL THEN 0 ELSE (
            SELECT coalesce(sum(p.amount), 0) FROM postings p JOIN lots l ON l.id = p.lot
            WHERE p.entry_id = r.id AND p.holder = e.account_id AND p.account >= 'purse:' AND p.account < 'purse;'
                AND p.amount > 0 AND (l.sale IS NULL OR l.sale <> r.sale_id)
        ) END
    FROM entries e LEFT JOIN sales s ON s.id = e.id LEFT JOIN refunds r ON r.id = e.id LEFT JOIN deeds d ON d.id = e.id
    WHERE e.day <= :last AND (
        e.kind <> 'expiry'
        OR e.id IN (SELECT entry_id FROM erasures)
        OR e.account_id IN (SELECT account_id FROM erasures) AND EXISTS (
            SELECT 1 FROM postings p JOIN lots l ON l.id = p.lot
            WHERE p.entry_id = e.id AND (l.expires IS NULL OR l.expires >= e.day)
        )
    )
    ORDER BY e.register, e.seq
    """
)
# Who was erased with empty purses, which no entry says.
_ERASURES = sql("SELECT account_id, at FROM erasures WHERE entry_id IS NULL AND at < :end ORDER BY at, account_id")
_ERASED = sql("SELECT account_id FROM erasures ORDER BY account_id")
_MEMBERS = (
    "account_id, name, folded, phone, email, birthday, language, referred_by, registered_at"  # the table's columns
)
_ACCOUNT, _BIRTHDAY, _SENT_BY, _REGISTERED = 0, 5, 7, 8
"""Where these columns stand among them."""
_BEARER, _THANKED = '"kind":"bearer"', '"referrer":[{'
"""What a fact holds that is of a bearer, or thanks who had sent a holder."""
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
    # Whose card is a cashier's own is as known today. They may all do what they did then: their rights and PINs stay behind.
    (
        "SELECT id, name, folded, account_id, created_at FROM operators",
        "INSERT INTO operators (id, name, folded, role, pin, account_id, created_at) VALUES (?, ?, ?, 'owner', '', ?, ?)",
    ),
)
_MERGES = sql("SELECT account_id, into_id FROM merges")
_TABLES = f"""
CREATE TABLE happened (turn TEXT, register TEXT, seq INTEGER, id TEXT, kind TEXT, recorded_at TEXT, day TEXT, account TEXT,
    card TEXT, facts TEXT, elsewhere INTEGER, PRIMARY KEY (turn, register, seq)) WITHOUT ROWID;
CREATE TABLE people (turn TEXT, {_MEMBERS});
CREATE TABLE erased (account TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry: of which register, of what kind, recorded when; whose, and with which card, as far as that is still known. A
    return took `elsewhere` units from lots that its sale had not filled.
    """

    turn: str
    register: str
    id: str
    kind: str
    recorded_at: datetime
    day: date
    account: str | None
    card: str | None
    facts: str | None
    elsewhere: int


class Past:
    """What happened, in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = sqlite3.connect(path, isolation_level=None)
        self._bearer: dict[str, str] = {}
        self._sent: dict[str, str] = {}
        self._not_sent: set[str] = set()
        self._no_birthday: set[str] = set()

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
        for register, seq, id_, kind, recorded_at, day, account, card, facts, elsewhere in books.pages(
            _ENTRIES, last=last.isoformat()
        ):
            turn = turns[register] = max(turns.get(register, ""), recorded_at)
            rows.append((turn, register, seq, id_, kind, recorded_at, day, account, card, facts, int(elsewhere)))
            if facts is not None and account is not None:
                self._learn(turn, kind, account, facts)
            if len(rows) == PAGE:
                done += len(rows)
                self._keep(rows)
                told(done, total)
        end = (last + timedelta(days=1)).isoformat()
        for number, (account, at) in enumerate(books.rows(_ERASURES, end=end), 1):
            rows.append((at, "", number, "", "erasure", at, at[:10], account, None, None, 0))
        self._keep(rows)
        self._file.executemany("INSERT INTO erased VALUES (?)", books.rows(_ERASED))
        places = ", ".join("?" * (1 + len(_MEMBERS.split(","))))
        self._file.executemany(f"INSERT INTO people VALUES ({places})", self._people(books))  # noqa: S608 - question marks
        self._file.execute("COMMIT")
        with closing(sqlite3.connect(ground, isolation_level=None)) as target:
            target.executescript("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN")
            for read, write in _GROUND:
                target.executemany(write, books.pages(sql(read)))
            target.execute("COMMIT")

    def _learn(self, turn: str, kind: str, account: str, facts: str) -> None:
        """Remember until when an account was a bearer's, who had sent its holder, and what was not known of them."""
        if kind not in ("sale", "late-card"):
            return
        if NOT_SENT in facts:
            self._not_sent.add(account)
        if NO_BIRTHDAY in facts:
            self._no_birthday.add(account)
        if _BEARER in facts:
            self._bearer[account] = max(self._bearer.get(account, ""), turn)
        if _THANKED in facts and account not in self._sent:
            thanked = read_sale(facts).quote.referrer if kind == "sale" else read_late_card(facts).referrer
            if thanked:
                self._sent[account] = thanked[0].account

    def _people(self, books: Transaction) -> Iterator[tuple[Any, ...]]:
        """Who the holders are, each from when on; those of accounts that became part of another are who that other one is."""
        parts: dict[str, list[str]] = {}
        for part, into in books.rows(_MERGES):
            parts.setdefault(into, []).append(part)
        for row in books.pages(sql(f"SELECT {_MEMBERS} FROM members")):  # noqa: S608 - constants
            person = (row[_ACCOUNT], *parts.get(row[_ACCOUNT], ()))
            # What bills say was known of one of the joined alone; where they say nothing, it was known of all of them.
            sent = any(account in self._sent for account in person)
            born = not self._no_birthday.issuperset(person)
            for account in person:
                one = list(row)
                if sent or (account in self._not_sent and len(person) > 1):
                    one[_SENT_BY] = None
                if born and account in self._no_birthday:
                    one[_BIRTHDAY] = None
                yield self._person(account, one)
        for (account,) in books.rows(_ERASED):
            if account in self._sent:
                yield self._person(account, [account, "", "", None, None, None, None, None, ""])

    def _person(self, account: str, row: list[Any]) -> tuple[Any, ...]:
        row[_ACCOUNT] = account
        row[_SENT_BY] = self._sent.get(account, row[_SENT_BY])
        # "~" comes behind all that a moment may end with: right after the last bill on which the card was a bearer's.
        bearer = self._bearer.get(account)
        return (row[_REGISTERED] if bearer is None else max(row[_REGISTERED], f"{bearer}~"), *row)

    def _keep(self, rows: list[tuple[Any, ...]]) -> None:
        try:
            self._file.executemany("INSERT INTO happened VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
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
            "SELECT turn, register, id, kind, recorded_at, day, account, card, facts, elsewhere FROM happened"
            " ORDER BY turn, register, seq"
        )
        for turn, register, id_, kind, recorded_at, day, account, card, facts, elsewhere in rows:
            yield Happened(
                turn,
                register,
                id_,
                kind,
                read_moment(recorded_at),
                date.fromisoformat(day),
                account,
                card,
                facts,
                elsewhere,
            )

    def people(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """The holders that have names, with the turn from which on, the earliest first: rows for `add_people`."""
        for turn, *row in self._file.execute(f"SELECT turn, {_MEMBERS} FROM people ORDER BY turn, account_id"):  # noqa: S608
            yield turn, tuple(row)

    def erased(self) -> frozenset[str]:
        """The accounts whose holders were erased by now."""
        return frozenset(account for (account,) in self._file.execute("SELECT account FROM erased"))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


_ADD_PERSON = sql(
    "INSERT INTO members (account_id, name, folded, phone, email, birthday, language, referred_by, registered_at)"
    " SELECT :account_id, :name, :folded, :phone, :email, :birthday, :language, :referred_by, :registered_at"
    " WHERE NOT EXISTS (SELECT 1 FROM members WHERE account_id = :account_id)"
    " AND NOT EXISTS (SELECT 1 FROM merges WHERE account_id = :account_id)"
)


def add_people(books: Transaction, rows: list[tuple[Any, ...]]) -> None:
    """Give accounts the names that `Past.people` has of them, but those that have one by now, or became part of another."""
    names = [name.strip() for name in _MEMBERS.split(",")]
    books.run_many(_ADD_PERSON, [dict(zip(names, row, strict=True)) for row in rows])


_GIVE_CARD = sql("UPDATE cards SET account_id = :account WHERE number = :number")


def give_card(books: Transaction, number: str, account: str) -> None:
    """Let a card open the account that it opened before that became part of another one."""
    books.run(_GIVE_CARD, number=number, account=account)
