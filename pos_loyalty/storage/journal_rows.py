"""The journal: entries with their postings, numbered without gaps and chained by hash, and the copies that follow from them.

The postings and lots of an entry, and the bill that it belongs to, are written first; the entry itself seals them. Its hash is
SHA-256 over the canonical bytes of all of that and of the hash before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy import text as sql

from pos_loyalty.domain.ledger import Entry, Lot, Posting
from pos_loyalty.domain.money import Minor
from pos_loyalty.storage.certificate_rows import CertificateRows
from pos_loyalty.storage.facts import canonical, iso_or_none, moment
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.holder_rows import HolderRows
from pos_loyalty.storage.statements import Compiled, Cursor, Statement, Value
from pos_loyalty.storage.tables import balances, entries, lots, postings, registers

PURSE = "purse:"
OWED = "owed:"
"""The accounts of the books that hold what a holder has in a purse, and what a holder owes to one."""

_REGISTER = (
    select(registers.c.last_entry, registers.c.last_receipt, registers.c.head)
    .where(registers.c.name == bindparam("register"))
    .with_for_update(key_share=True)
)
# Two tills may come with one new name at once: whichever is second finds the row of the first.
_ADD_REGISTER = sql(
    "INSERT INTO registers (name, last_entry, last_receipt, head) VALUES (:register, 0, 0, :head) ON CONFLICT DO NOTHING"
)
_MOVE_REGISTER = (
    update(registers)
    .where(registers.c.name == bindparam("register"))
    .values(last_entry=bindparam("entry"), last_receipt=bindparam("receipt"), head=bindparam("head_"))
)
_ADD_LOT = insert(lots)
_ADD_POSTING = insert(postings)
_ADD_ENTRY = insert(entries)
_MOVE_LOT = (
    update(lots)
    .where(lots.c.id == bindparam("lot"), lots.c.account_id == bindparam("account"))
    .values(remaining=lots.c.remaining + bindparam("more"), expired=lots.c.expired + bindparam("lost"))
)
_MOVE_BALANCE = (
    update(balances)
    .where(balances.c.account_id == bindparam("account"), balances.c.purse == bindparam("purse_"))
    .values(held=balances.c.held + bindparam("more"), owed=balances.c.owed + bindparam("debt"))
)
_ADD_BALANCE = insert(balances)
_BALANCE = select(balances.c.held, balances.c.owed).where(
    balances.c.account_id == bindparam("account"), balances.c.purse == bindparam("purse_")
)


DEEDS = ("club", "late-card", "merge")
WITH_FACTS = ("sale", "refund", *DEEDS)
"""The kinds of entry that say more than their postings, in a deed or in a bill. An adjustment of a holder has a deed too; that of a
draw, which used its tickets up, has its published list.
"""

# What the hash covers, in this order: all that is a fact. What is left out follows from the rest or may be erased.
_in_hash = itemgetter(
    "register",
    "seq",
    "id",
    "kind",
    "at",
    "recorded_at",
    "day",
    "operator",
    "account_id",
    "corrects",
    "previous",
)
_posting_in_hash = itemgetter("account", "unit", "amount", "holder", "lot", "offer")
_lot_in_hash = itemgetter(
    "id",
    "account_id",
    "purse",
    "sale",
    "offer",
    "parent",
    "amount",
    "filled_at",
    "available",
    "expires",
)


@dataclass(slots=True)
class RegisterRow:
    """Where the journal and the receipts of one register stand in this transaction."""

    last_entry: int
    last_receipt: int
    head: str


def entry_hash(
    entry: Mapping[str, Value],
    posting_rows: Iterable[Mapping[str, Value]],
    lot_rows: Iterable[Mapping[str, Value]],
    bill: tuple[str, str] | None,
) -> str:
    """The hash that chains an entry: over its row, every posting, every fact of its lots, its bill, and the hash before.

    The rows are as the tables have them; postings by their number, lots by their id. `bill` is a sale's or refund's facts and the
    digest of its request.
    """
    values: list[Any] = [
        list(_in_hash(entry)),
        [_posting_in_hash(row) for row in posting_rows],
        [_lot_in_hash(row) for row in lot_rows],
        bill,
    ]
    return hashlib.sha256(canonical(values)).hexdigest()


class JournalRows(HolderRows, CertificateRows):
    """What happened, once and for good."""

    __slots__ = ("_bills", "_registers")

    def __init__(self, cursor: Cursor, stream: Callable[[], Cursor], compiled: Callable[[Statement], Compiled]) -> None:
        super().__init__(cursor, stream, compiled)
        self._registers: dict[str, RegisterRow] = {}
        self._bills: dict[str, tuple[str, str]] = {}

    def lock(self, register: str | None, *accounts: str) -> None:
        """Keep every other till from this register's journal and from these accounts until the transaction ends.

        The first thing that an action does: what is checked before it may have changed when it comes to be spent. Who locks in
        two steps locks the register first (None: not this time) and then the accounts in ascending order.
        """
        if register is not None:
            self._register(register)
        for account in sorted(accounts):
            self.lock_account(account)

    def next_receipt(self, register: str) -> int:
        """The next receipt number of a register. It counts once this transaction posts an entry, so that no number is lost."""
        row = self._register(register)
        row.last_receipt += 1
        return row.last_receipt

    def post(self, register: str, entry: Entry, filled: Sequence[Lot] = ()) -> None:
        """Write an entry for good, with the lots that it fills, and move what follows from it: lots, balances,
        gift certificates, the chain.

        What a filled lot holds at first is what its postings say. The bill of a sale or refund must have been added before.
        FactRefused where a lot, balance or certificate would fall below nothing.
        """
        bill = self._bills.pop(entry.id, None)
        if bill is None and entry.kind in WITH_FACTS:
            raise FactRefused("entry-without-bill")
        row = self._register(register)
        moves = _lot_moves(entry.postings)
        lot_rows = [_lot_row(entry, lot, *moves.pop(lot.id, (None, 0))) for lot in filled]
        posting_rows = [_posting_row(entry.id, n, posting) for n, posting in enumerate(entry.postings, 1)]
        entry_row = _entry_row(register, row.last_entry + 1, entry, row.head)
        head = entry_row["hash"] = entry_hash(entry_row, posting_rows, sorted(lot_rows, key=itemgetter("id")), bill)
        if lot_rows:
            self.run_many(_ADD_LOT, lot_rows)
        self.run_many(_ADD_POSTING, posting_rows)
        self.run(_ADD_ENTRY, **entry_row)
        row.last_entry, row.head = row.last_entry + 1, head
        self.run(_MOVE_REGISTER, register=register, entry=row.last_entry, receipt=row.last_receipt, head_=head)
        for lot, (holder, more) in moves.items():
            lost = -more if entry.kind == "expiry" and more < 0 else 0
            if self.run(_MOVE_LOT, lot=lot, account=holder, more=more, lost=lost) != 1:
                raise FactRefused("lot-of-another-holder")
        for (account, purse), (held, owed) in _balance_moves(entry.postings).items():
            if not self.run(_MOVE_BALANCE, account=account, purse_=purse, more=held, debt=owed):
                self.run(_ADD_BALANCE, account_id=account, purse=purse, held=held, owed=owed)
        self.move_certificates(entry.postings)

    def balance(self, account: str, purse: str) -> tuple[Minor, Minor]:
        """The stored copy of what a purse holds and what is owed to it, in its units."""
        row = self.row(_BALANCE, account=account, purse_=purse)
        return (0, 0) if row is None else (row[0], row[1])

    def _register(self, name: str) -> RegisterRow:
        row = self._registers.get(name)
        if row is None:
            found = self.row(_REGISTER, register=name)
            if found is None:
                self.run(_ADD_REGISTER, register=name, head="0" * 64)
                found = self.row(_REGISTER, register=name) or (0, 0, "0" * 64)
            row = self._registers[name] = RegisterRow(*found)
        return row


def _lot_moves(found: Sequence[Posting]) -> dict[str, tuple[str | None, int]]:
    """By how much each lot's content changes, and whose it is: a credit on a purse fills it, a debit takes from it."""
    moves: dict[str, tuple[str | None, int]] = {}
    for posting in found:
        if posting.lot is not None and posting.account.startswith(PURSE):
            moves[posting.lot] = (posting.holder, moves.get(posting.lot, (None, 0))[1] - posting.amount)
    return moves


def _balance_moves(found: Sequence[Posting]) -> dict[tuple[str, str], list[int]]:
    """By how much each holder's purse changes in what it holds and in what is owed to it."""
    moves: dict[tuple[str, str], list[int]] = {}
    for posting in found:
        if posting.holder is None:
            continue
        if posting.account.startswith(PURSE):
            moves.setdefault((posting.holder, posting.account[len(PURSE) :]), [0, 0])[0] -= posting.amount
        elif posting.account.startswith(OWED):
            purse, _, _ = posting.account[len(OWED) :].partition(":")  # behind it, to which partner
            moves.setdefault((posting.holder, purse), [0, 0])[1] += posting.amount
    return dict(sorted(moves.items()))


def _entry_row(register: str, seq: int, entry: Entry, previous: str) -> dict[str, Value]:
    at = moment(entry.at)
    return {
        "id": entry.id,
        "register": register,
        "seq": seq,
        "kind": entry.kind,
        "at": at,
        "recorded_at": at if entry.recorded_at is entry.at else moment(entry.recorded_at),
        "day": entry.day.isoformat(),
        "operator": entry.operator,
        "account_id": entry.holder,
        "corrects": entry.corrects,
        "previous": previous,
    }


def _lot_row(entry: Entry, lot: Lot, holder: str | None, remaining: int) -> dict[str, Value]:
    return {
        "id": lot.id,
        "account_id": holder or entry.holder,
        "purse": lot.purse,
        "entry_id": entry.id,
        "sale": lot.sale,
        "offer": lot.offer,
        "parent": lot.parent,
        "amount": lot.amount,
        "remaining": remaining,
        "expired": 0,
        "filled_at": moment(lot.filled_at),
        "available": lot.available.isoformat(),
        "expires": iso_or_none(lot.expires),
    }


def _posting_row(entry_id: str, n: int, posting: Posting) -> dict[str, Value]:
    return {
        "entry_id": entry_id,
        "n": n,
        "account": posting.account,
        "unit": posting.unit,
        "amount": posting.amount,
        "holder": posting.holder,
        "lot": posting.lot,
        "offer": posting.offer,
    }
