"""What the till recognises a holder by beside their bills: what they buy most, the shop's note on them, and their complaints."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, distinct, func, insert, literal_column, select, update

from pos_loyalty.storage.facts import day_or_none, iso_or_none, moment, read_moment
from pos_loyalty.storage.records import Complaint, Note
from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import complaints, notes, purchases

_times = func.count(distinct(purchases.c.entry_id))
_MOST_KEPT = (
    select(purchases.c.sku, func.max(purchases.c.department), _times, func.max(purchases.c.entry_id))
    .where(
        purchases.c.account_id == bindparam("account"),
        purchases.c.day >= bindparam("first"),
        purchases.c.day <= bindparam("last"),
        purchases.c.kept > literal_column("0"),
        purchases.c.sku != literal_column("''"),
    )
    .group_by(purchases.c.sku)
    .having(_times >= bindparam("least"))
    .order_by(_times.desc(), func.max(purchases.c.day).desc(), purchases.c.sku)
)
_NOTE = select(notes.c.text, notes.c.at, notes.c.operator).where(notes.c.account_id == bindparam("account"))
_ADD_NOTE = insert(notes)
_DROP_NOTE = delete(notes).where(notes.c.account_id == bindparam("account"))
COMPLAINT_COLUMNS = (
    complaints.c.id,
    complaints.c.account_id,
    complaints.c.opened_at,
    complaints.c.opened_by,
    complaints.c.text,
    complaints.c.wish,
    complaints.c.promised,
    complaints.c.closed_at,
    complaints.c.closed_by,
    complaints.c.solution,
)
"""What `read_complaint` reads, in this order."""
_COMPLAINT = select(*COMPLAINT_COLUMNS)
_OPEN = _COMPLAINT.where(
    complaints.c.account_id == bindparam("account"), complaints.c.closed_at.is_(literal_column("NULL"))
).order_by(complaints.c.opened_at, complaints.c.id)
_ONE_LOCKED = _COMPLAINT.where(complaints.c.id == bindparam("id_")).with_for_update()
_ADD_COMPLAINT = insert(complaints)
_CLOSE = (
    update(complaints)
    .where(complaints.c.id == bindparam("id_"))
    .values(closed_at=bindparam("at"), closed_by=bindparam("by"), solution=bindparam("solution_"))
)


class Kept(NamedTuple):
    """Goods that a holder bought and kept on so many sales; `last` is the newest of these sales."""

    sku: str
    department: str
    times: int
    last: str


class RecognitionRows(Transaction):
    """What a holder is recognised by."""

    __slots__ = ()

    def most_kept(self, account: str, first: date, last: date, least: int) -> list[Kept]:
        """Goods kept on at least so many sales between two days, both included, those of most sales first."""
        rows = self.rows(_MOST_KEPT, account=account, first=first.isoformat(), last=last.isoformat(), least=least)
        return [Kept(sku, department, int(times), entry) for sku, department, times, entry in rows]

    def note(self, account: str) -> Note | None:
        """The note on a holder."""
        row = self.row(_NOTE, account=account)
        return None if row is None else Note(row[0], read_moment(row[1]), row[2])

    def set_note(self, account: str, note: Note | None) -> None:
        """Put a note in the place of the one before; None is no note."""
        self.run(_DROP_NOTE, account=account)
        if note is not None:
            self.run(_ADD_NOTE, account_id=account, text=note.text, at=moment(note.at), operator=note.operator)

    def open_complaints(self, account: str) -> tuple[Complaint, ...]:
        """What a holder complained of and is not closed yet, the oldest first."""
        return tuple(map(read_complaint, self.rows(_OPEN, account=account)))

    def complaint(self, complaint_id: str) -> Complaint | None:
        """One complaint, locked until the transaction ends."""
        row = self.row(_ONE_LOCKED, id_=complaint_id)
        return None if row is None else read_complaint(row)

    def add_complaint(self, complaint: Complaint) -> None:
        """Add an open complaint."""
        self.run(
            _ADD_COMPLAINT,
            id=complaint.id,
            account_id=complaint.account,
            opened_at=moment(complaint.opened_at),
            opened_by=complaint.opened_by,
            text=complaint.text,
            wish=complaint.wish,
            promised=iso_or_none(complaint.promised),
            closed_at=None,
            closed_by=None,
            solution=None,
        )

    def close_complaint(self, complaint_id: str, at: datetime, operator: str, solution: str) -> None:
        """Store how a complaint was settled."""
        self.run(_CLOSE, id_=complaint_id, at=moment(at), by=operator, solution_=solution)


def read_complaint(row: Row) -> Complaint:
    """A complaint out of its columns."""
    id_, account, opened_at, opened_by, text, wish, promised, closed_at, closed_by, solution = row
    return Complaint(
        id_,
        account,
        read_moment(opened_at),
        opened_by,
        text,
        wish,
        day_or_none(promised),
        closed_at and read_moment(closed_at),
        closed_by,
        solution,
    )
