"""The journal: entries with their postings, numbered without gaps and chained by hash, and the copies that follow from them.

The postings and lots of an entry, and the bill that it belongs to, are written first; the entry itself seals them. Its hash is
SHA-256 over the canonical bytes of all of that and of the hash before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, text, update

from pos_loyalty.domain.ledger import Entry, Lot, Posting
from pos_loyalty.domain.money import Minor
from pos_loyalty.storage.facts import canonical, iso_or_none, moment
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.holder_rows import HolderRows
from pos_loyalty.storage.statements import Cursor, Statement
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
_ADD_REGISTER = text(
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


@dataclass(slots=True)
class RegisterRow:
    """Where the journal and the receipts of one register stand in this transaction."""

    last_entry: int
    last_receipt: int
    head: str


def entry_hash(register: str, seq: int, entry: Entry, filled: Sequence[Lot], facts: str | None, previous: str) -> str:
    """The hash that chains an entry: over who, when, every posting, every fact of its lots, its bill, and the hash before."""
    values: list[Any] = [
        register,
        seq,
        entry.id,
        entry.kind,
        moment(entry.at),
        moment(entry.recorded_at),
        entry.day.isoformat(),
        entry.operator,
        entry.holder,
        entry.corrects,
        [[p.account, p.unit, p.amount, p.holder, p.lot, p.offer] for p in entry.postings],
        [
            [
                lot.id,
                lot.purse,
                lot.sale,
                lot.offer,
                lot.parent,
                lot.amount,
                moment(lot.filled_at),
                lot.available.isoformat(),
                iso_or_none(lot.expires),
            ]
            for lot in sorted(filled, key=_lot_id)
        ],
        facts,
        previous,
    ]
    return hashlib.sha256(canonical(values)).hexdigest()


def _lot_id(lot: Lot) -> str:
    return lot.id


class JournalRows(HolderRows):
    """What happened, once and for good."""

    __slots__ = ("_facts", "_registers")

    def __init__(self, cursor: Cursor, stream: Callable[[], Cursor], text: Callable[[Statement], str]) -> None:
        super().__init__(cursor, stream, text)
        self._registers: dict[str, RegisterRow] = {}
        self._facts: dict[str, str] = {}

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
        """Write an entry for good, with the lots that it fills, and move what follows from it: lots, balances, the chain.

        What a filled lot holds at first is what its postings say. The bill of a sale or refund must have been added before.
        FactRefused where a lot or balance would fall below nothing.
        """
        facts = self._facts.pop(entry.id, None)
        if facts is None and entry.kind in ("sale", "refund"):
            raise FactRefused("entry-without-bill")
        row = self._register(register)
        moves = _lot_moves(entry.postings)
        if filled:
            self.run_many(_ADD_LOT, [_lot_values(entry, lot, *moves.pop(lot.id, (None, 0))) for lot in filled])
        self.run_many(_ADD_POSTING, [_posting_values(entry.id, n, p) for n, p in enumerate(entry.postings, 1)])
        previous, row.last_entry = row.head, row.last_entry + 1
        row.head = entry_hash(register, row.last_entry, entry, filled, facts, previous)
        self.run(
            _ADD_ENTRY,
            id=entry.id,
            register=register,
            seq=row.last_entry,
            kind=entry.kind,
            at=moment(entry.at),
            recorded_at=moment(entry.recorded_at),
            day=entry.day.isoformat(),
            operator=entry.operator,
            account_id=entry.holder,
            corrects=entry.corrects,
            previous=previous,
            hash=row.head,
        )
        self.run(_MOVE_REGISTER, register=register, entry=row.last_entry, receipt=row.last_receipt, head_=row.head)
        for lot, (holder, more) in moves.items():
            lost = -more if entry.kind == "expiry" and more < 0 else 0
            if self.run(_MOVE_LOT, lot=lot, account=holder, more=more, lost=lost) != 1:
                raise FactRefused("lot-of-another-holder")
        for (account, purse), (held, owed) in _balance_moves(entry.postings).items():
            if not self.run(_MOVE_BALANCE, account=account, purse_=purse, more=held, debt=owed):
                self.run(_ADD_BALANCE, account_id=account, purse=purse, held=held, owed=owed)

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
            moves.setdefault((posting.holder, posting.account[len(OWED) :]), [0, 0])[1] += posting.amount
    return dict(sorted(moves.items()))


def _lot_values(entry: Entry, lot: Lot, holder: str | None, remaining: int) -> dict[str, str | int | None]:
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


def _posting_values(entry_id: str, n: int, posting: Posting) -> dict[str, str | int | None]:
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
