"""The laws of money, asked of the store in plain SQL past the program."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agreement import Differs, agree
from witness import PURSE, Witness


class Lawbook:
    """Reads a store as an auditor would. `heads` is where each register's chain of hashes stood when it was last looked at."""

    def __init__(self, path: Path) -> None:
        self.heads: dict[str, str] = {}
        self.open(path)

    def open(self, path: Path) -> None:
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)

    def close(self) -> None:
        self.db.close()

    def version(self) -> int:
        """A number that changes when anybody stores anything."""
        (version,) = self.db.execute("PRAGMA data_version").fetchone()
        return int(version)

    def after_step(self, books: Witness, account: str | None, before: Counter[str], seqs: Mapping[str, int]) -> None:
        """What one action stored: entries of the amounts expected, numbers without a gap, the purse as it should be."""
        stored: Counter[str] = Counter()
        registers = self.db.execute("SELECT name, last_entry, last_receipt, head FROM registers").fetchall()
        for name, last_entry, last_receipt, head in registers:
            agree(f"entries of {name}", last_entry, books.entries[name])
            agree(f"receipts of {name}", last_receipt, books.receipts[name])
            self._chained(name, seqs.get(name, 0), last_entry, head)
            for posted, amount in self.db.execute(
                "SELECT p.account, sum(p.amount) FROM entries e JOIN postings p ON p.entry_id = e.id"
                " WHERE e.register = ? AND e.seq > ? GROUP BY p.account",
                (name, seqs.get(name, 0)),
            ):
                stored[posted] += amount
        expected = {name: amount - before[name] for name, amount in books.books.items() if amount != before[name]}
        expected["sales"] = -sum(expected.values())
        agree("postings", _something(stored), _something(expected))
        if account is not None:
            self.purse(books, account)

    def _chained(self, register: str, seq: int, last: int, head: str) -> None:
        for number, previous, own in self.db.execute(
            "SELECT seq, previous, hash FROM entries WHERE register = ? AND seq > ? ORDER BY seq", (register, seq)
        ):
            agree(f"number of an entry of {register}", number, seq + 1)
            agree(f"hash before entry {number} of {register}", previous, self.heads.get(register, "0" * 64))
            self.heads[register], seq = own, number
        agree(f"last entry of {register}", seq, last)
        agree(f"head of {register}", head, self.heads.get(register, "0" * 64))

    def purse(self, books: Witness, account: str) -> None:
        """Lots, the stored balance, visits and the stored debt of a holder are as they should be."""
        facts = books.accounts[account]
        rows = self.db.execute(
            "SELECT id, remaining, expired FROM lots WHERE account_id = ? AND remaining > 0", (account,)
        )
        stored = {lot: (rest, lost) for lot, rest, lost in rows}
        agree("lots", stored, {i: (lot["rest"], lot["lost"]) for i, lot in facts["lots"].items() if lot["rest"]})
        row = self.db.execute(
            "SELECT held, owed FROM balances WHERE account_id = ? AND purse = ?", (account, PURSE)
        ).fetchone()
        held = sum(rest for rest, _ in stored.values())
        agree("stored balance", row or (0, 0), (held, facts["owed"]))
        if facts["owed"] and held:
            raise Differs(f"{account} owes {facts['owed']} while the purse holds {held}")
        row = self.db.execute(
            "SELECT visits, last_visit, tier, tier_since, tier_kept_until FROM accounts WHERE id = ?", (account,)
        ).fetchone()
        standing = facts["standing"] or {"tier": None, "since": None, "kept": None}
        days = (facts["last"], standing["since"], standing["kept"])
        last, since, kept = (day and day.isoformat() for day in days)
        agree("visits and tier stored", row, (facts["visits"], last, standing["tier"], since, kept))

    def whole(self, books: Witness) -> None:
        """All of the store at once: every entry balances, every lot is its postings, nothing is there that was not acknowledged."""
        self._none(
            "entries out of balance", "SELECT entry_id FROM postings GROUP BY entry_id, unit HAVING sum(amount) != 0"
        )
        self._none(
            "lots that are not their postings",
            "WITH posted AS MATERIALIZED (SELECT lot, account, sum(amount) AS sum FROM postings WHERE lot IS NOT NULL"
            " GROUP BY lot, account) SELECT l.id FROM lots l LEFT JOIN posted p ON p.lot = l.id"
            " WHERE l.remaining != -coalesce(p.sum, 0) OR p.account != 'purse:' || l.purse",
        )
        self._none(
            "postings of no entry", "SELECT entry_id FROM postings WHERE entry_id NOT IN (SELECT id FROM entries)"
        )
        self._none(
            "bills of no entry",
            "SELECT id FROM sales WHERE id NOT IN (SELECT id FROM entries WHERE kind = 'sale')"
            " UNION ALL SELECT id FROM refunds WHERE id NOT IN (SELECT id FROM entries WHERE kind = 'refund')",
        )
        self._none(
            "gaps in the receipts",
            "SELECT r.name FROM registers r LEFT JOIN (SELECT register, number FROM sales UNION ALL"
            " SELECT register, number FROM refunds) n ON n.register = r.name"
            " GROUP BY r.name HAVING count(DISTINCT n.number) != r.last_receipt OR count(n.number) != r.last_receipt"
            " OR coalesce(max(n.number), 0) != r.last_receipt",
        )
        self._none(
            "gaps in the journal",
            "SELECT r.name FROM registers r LEFT JOIN entries e ON e.register = r.name"
            " GROUP BY r.name HAVING count(e.seq) != r.last_entry OR coalesce(max(e.seq), 0) != r.last_entry",
        )
        sums = dict(self.db.execute("SELECT account, sum(amount) FROM postings GROUP BY account"))
        sums.pop("sales", None)
        agree("the books", _something(sums), _something(books.books))
        ids = {row[0] for row in self.db.execute("SELECT id FROM sales")}
        agree("sales that are not the acknowledged ones", ids ^ set(books.sales), set())
        lost = dict(self.db.execute("SELECT id, expired FROM lots WHERE expired > 0"))
        lots = [lot for account in books.accounts.values() for lot in account["lots"].items()]
        agree("what lots lost by expiring", lost, {name: lot["lost"] for name, lot in lots if lot["lost"]})
        for account in books.accounts:
            self.purse(books, account)
        (answer,) = self.db.execute("PRAGMA integrity_check(1)").fetchone()
        agree("integrity of the file", answer, "ok")

    def _none(self, what: str, sql: str, *values: Any) -> None:
        found = self.db.execute(f"{sql} LIMIT 3", values).fetchall()
        if found:
            raise Differs(f"{what}: {found}")


def _something(sums: Mapping[str, int]) -> dict[str, int]:
    return {name: amount for name, amount in sorted(sums.items()) if amount}
