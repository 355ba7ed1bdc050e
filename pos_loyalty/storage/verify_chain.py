"""The journal's chain, register by register: no gap, every hash whole, every entry balanced and with the bill that it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, literal_column, select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.journal_rows import DEEDS, entry_hash
from pos_loyalty.storage.statements import Statement
from pos_loyalty.storage.tables import deeds, entries, lots, postings, refunds, registers, sales

_ENTRY_COLUMNS = tuple(entries.c.keys())
_POSTING_COLUMNS = tuple(postings.c.keys())
_LOT_COLUMNS = tuple(lots.c.keys())
_ENTRIES = (
    select(
        *entries.c,
        sales.c.facts,
        sales.c.request,
        refunds.c.facts,
        refunds.c.request,
        deeds.c.facts,
        deeds.c.request,
    )
    .select_from(
        entries.outerjoin(sales, sales.c.id == entries.c.id)
        .outerjoin(refunds, refunds.c.id == entries.c.id)
        .outerjoin(deeds, deeds.c.id == entries.c.id)
    )
    .order_by(entries.c.register, entries.c.seq)
)
_POSTINGS = (
    select(*postings.c)
    .join(entries, postings.c.entry_id == entries.c.id)
    .order_by(entries.c.register, entries.c.seq, postings.c.n)
)
_LOTS = (
    select(*lots.c)
    .join(entries, lots.c.entry_id == entries.c.id)
    .order_by(entries.c.register, entries.c.seq, lots.c.id)
)
_REGISTERS = select(registers.c.name, registers.c.last_entry, registers.c.head)


def _without_entry(table: Table, column: str) -> Statement:
    own = table.c[column]
    return (
        select(own)
        .distinct()
        .select_from(table.outerjoin(entries, own == entries.c.id))
        .where(entries.c.id.is_(literal_column("NULL")))
    )


_STRAYS = {
    "posting": _without_entry(postings, "entry_id"),
    "lot": _without_entry(lots, "entry_id"),
    "sale": _without_entry(sales, "id"),
    "refund": _without_entry(refunds, "id"),
    "deed": _without_entry(deeds, "id"),
}


class _Following:
    """A stream of rows that each belong to an entry, in the order of the entries: hands out those of the next one."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], columns: tuple[str, ...]) -> None:
        self._rows = rows
        self._columns = columns
        self._entry = columns.index("entry_id")
        self._next = next(rows, None)

    def of(self, entry_id: str) -> list[Mapping[str, Any]]:
        """The rows of that entry."""
        found: list[Mapping[str, Any]] = []
        while self._next is not None and self._next[self._entry] == entry_id:
            found.append(dict(zip(self._columns, self._next, strict=True)))
            self._next = next(self._rows, None)
        return found


def check_chain(books: Books, findings: Findings) -> None:
    """Every entry against the one before it, its postings, its lots and its bill; then where each register says that it stands."""
    posted = _Following(iter(books.pages(_POSTINGS)), _POSTING_COLUMNS)
    filled = _Following(iter(books.pages(_LOTS)), _LOT_COLUMNS)
    ends: dict[str, tuple[int, str]] = {}
    for row in books.pages(_ENTRIES):
        entry = dict(zip(_ENTRY_COLUMNS, row, strict=False))
        found = _in_pairs(row[len(_ENTRY_COLUMNS) :])
        sale, refund, deed = (facts is not None for facts, _ in found)
        bill = next(((facts, request) for facts, request in found if facts is not None), None)
        findings.count("entries")
        place = f"entry {entry['id']}"
        seq, head = ends.get(entry["register"], (0, "0" * 64))
        if entry["seq"] != seq + 1:
            findings.fault(
                place,
                Message(
                    N_("It is number {number} of register {register}, after number {before}."),
                    number=entry["seq"],
                    register=entry["register"],
                    before=seq,
                ),
            )
        if entry["previous"] != head:
            findings.fault(place, Message(N_("It does not follow the entry before it: the chain is broken here.")))
        own_postings, own_lots = posted.of(entry["id"]), filled.of(entry["id"])
        if entry_hash(entry, own_postings, own_lots, bill) != entry["hash"]:
            findings.fault(
                place, Message(N_("It, its postings, its lots or its bill was changed: its hash is another."))
            )
        numbers = [posting["n"] for posting in own_postings]
        findings.differs(place, "postings.n", f"{numbers}", f"{list(range(1, len(numbers) + 1))}")
        _check_balance(findings, place, own_postings)
        _check_bill(findings, place, entry["kind"], sale, refund, deed)
        ends[entry["register"]] = (entry["seq"], entry["hash"])
    for name, last_entry, head in books.rows(_REGISTERS):
        seq, hash_ = ends.get(name, (0, "0" * 64))
        findings.differs(f"register {name}", "last_entry", last_entry, seq)
        findings.differs(f"register {name}", "head", head, hash_)


def _check_balance(findings: Findings, place: str, posted: list[Mapping[str, Any]]) -> None:
    sums: dict[str, int] = {}
    for posting in posted:
        findings.count("postings")
        sums[posting["unit"]] = sums.get(posting["unit"], 0) + posting["amount"]
    for unit, amount in sums.items():
        if amount:
            findings.fault(
                place, Message(N_("Its postings in {unit} come to {amount}, not to nothing."), unit=unit, amount=amount)
            )


def _in_pairs(values: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    return list(zip(values[::2], values[1::2], strict=True))


def _check_bill(findings: Findings, place: str, kind: str, sale: bool, refund: bool, deed: bool) -> None:
    if (kind == "sale") != sale:
        findings.fault(place, Message(N_("A sale's entry and its bill belong together, and one of them is missing.")))
    if (kind == "refund") != refund:
        findings.fault(place, Message(N_("A refund's entry and its bill belong together, and one of them is missing.")))
    if (kind in DEEDS) != deed and not (kind == "adjustment" and deed):
        findings.fault(
            place, Message(N_("An entry and the deed that it is of belong together, and one of them is missing."))
        )


def check_strays(books: Books, findings: Findings) -> None:
    """Postings, lots and bills that no entry has sealed."""
    for what, statement in _STRAYS.items():
        for (entry_id,) in books.pages(statement):
            findings.fault(f"{what} {entry_id}", Message(N_("There is no entry for it.")))
