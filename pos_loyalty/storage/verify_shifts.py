"""Shifts of the drawer: numbered without gaps, one after another in the journal, each Z report worked out anew from its entries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.shift import NO_HEAD, Shift
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, moment, read_moment, read_shift_report, written
from pos_loyalty.storage.figure_shift import shift_report
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import entries, shifts

_SHIFTS = select(
    shifts.c.register,
    shifts.c.number,
    shifts.c.id,
    shifts.c.opened_at,
    shifts.c.opened_by,
    shifts.c.opening_float,
    shifts.c.first_entry,
    shifts.c.closed_at,
    shifts.c.closed_by,
    shifts.c.last_entry,
    shifts.c.head,
    shifts.c.expected,
    shifts.c.counted,
    shifts.c.report,
).order_by(shifts.c.register, shifts.c.number)
_HASHES = select(entries.c.register, entries.c.seq, entries.c.hash).select_from(
    entries.join(shifts, (shifts.c.register == entries.c.register) & (shifts.c.last_entry == entries.c.seq))
)


def check_shifts(books: Books, findings: Findings) -> None:
    """Each closed shift says what the entries of its register's journal and the drawer's moves say."""
    hashes = {(register, seq): hash_ for register, seq, hash_ in books.pages(_HASHES)}
    register, number, last = "", 0, 0
    for row in books.pages(_SHIFTS):
        findings.count("shifts")
        if row[0] != register:
            register, number, last = row[0], 0, 0
        place = f"shift {register}/{row[1]}"
        findings.differs(place, "number", row[1], number + 1)
        number = row[1]
        if row[6] <= last:
            findings.fault(place, Message(N_("It begins before the shift before it has ended.")))
        if row[7] is not None:
            last = row[9]
            _check(books, findings, place, hashes, *row)


def _check(
    books: Books,
    findings: Findings,
    place: str,
    hashes: dict[tuple[str, int], str],
    register: str,
    number: int,
    id_: str,
    opened_at: str,
    opened_by: str,
    opening_float: int,
    first: int,
    closed_at: str,
    *stored: Any,
) -> None:
    closed_by, last, head, expected, counted, report = stored
    shift = Shift(id_, register, number, read_moment(opened_at), opened_by, opening_float, first)
    try:
        said = read_shift_report(report)
    except UNREADABLE as error:
        findings.fault(place, Message(N_("Its report cannot be read: {error}"), error=str(error)))
        return
    findings.differs(place, "head", head, hashes.get((register, last), NO_HEAD if last == 0 else None))
    derived = shift_report(
        books, shift, books.moves(id_), said.currency, (last, head), read_moment(closed_at), closed_by, counted
    )
    findings.differs(place, "expected", expected, derived.drawer.expected)
    findings.differs(place, "closed_at", closed_at, moment(said.at))
    if report != written(derived):
        for name in type(derived).__dataclass_fields__:
            findings.differs(place, name, getattr(said, name), getattr(derived, name))
