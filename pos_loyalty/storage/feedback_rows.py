"""What customers said of their visits, one a bill at most; and complaints of all holders, as a list."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, func, insert, literal_column, select, tuple_, update

from pos_loyalty.storage.facts import moment, read_moment
from pos_loyalty.storage.recognition_rows import COMPLAINT_COLUMNS, read_complaint
from pos_loyalty.storage.records import Feedback, HeldComplaint
from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import complaints, feedback, members

_ONE = select(
    feedback.c.id,
    feedback.c.account_id,
    feedback.c.at,
    feedback.c.day,
    feedback.c.operator,
    feedback.c.satisfaction,
    feedback.c.recommendation,
    feedback.c.text,
).where(feedback.c.id == bindparam("id_"))
_ADD = insert(feedback)
_CHANGE = (
    update(feedback)
    .where(feedback.c.id == bindparam("id_"))
    .values(
        satisfaction=bindparam("satisfied"),
        recommendation=bindparam("recommends"),
        text=bindparam("words"),
        operator=bindparam("by"),
        account_id=bindparam("account"),
    )
)
# Whoever is erased takes their words away; that somebody was content stays, as nobody's.
_UNNAME = (
    update(feedback)
    .where(feedback.c.account_id == bindparam("account"))
    .values(account_id=literal_column("NULL"), text=literal_column("NULL"))
)
_HELD = select(*COMPLAINT_COLUMNS, members.c.name).select_from(
    complaints.outerjoin(members, members.c.account_id == complaints.c.account_id)
)
# Whose promised day has passed comes first by itself; what nobody promised an answer to comes last.
_OPEN = (
    _HELD.where(complaints.c.closed_at.is_(literal_column("NULL")))
    .order_by(func.coalesce(complaints.c.promised, literal_column("'9999'")), complaints.c.opened_at, complaints.c.id)
    .limit(bindparam("most"))
)
_CLOSED = (
    _HELD.where(
        complaints.c.closed_at.is_not(literal_column("NULL")),
        tuple_(complaints.c.closed_at, complaints.c.id) < tuple_(bindparam("before_at"), bindparam("before_id")),
    )
    .order_by(complaints.c.closed_at.desc(), complaints.c.id.desc())
    .limit(bindparam("most"))
)
_LAST = ("9999", "")
"""Behind every complaint that was ever closed."""


class FeedbackRows(Transaction):
    """Feedback, and all complaints."""

    __slots__ = ()

    def feedback(self, sale: str) -> Feedback | None:
        """What was said of a bill."""
        row = self.row(_ONE, id_=sale)
        return None if row is None else _feedback(row)

    def add_feedback(self, said: Feedback) -> None:
        """Keep what was said of a bill for the first time."""
        self.run(
            _ADD,
            id=said.id,
            account_id=said.account,
            sale_id=said.id,
            at=moment(said.at),
            day=said.day.isoformat(),
            operator=said.operator,
            satisfaction=said.satisfaction,
            recommendation=said.recommendation,
            text=said.text,
        )

    def change_feedback(self, said: Feedback) -> None:
        """Keep what was said of it since."""
        self.run(
            _CHANGE,
            id_=said.id,
            satisfied=said.satisfaction,
            recommends=said.recommendation,
            words=said.text,
            by=said.operator,
            account=said.account,
        )

    def unname_feedback(self, account: str) -> None:
        """Take away whose a holder's feedback was, and its words."""
        self.run(_UNNAME, account=account)

    def all_open_complaints(self, most: int) -> tuple[HeldComplaint, ...]:
        """So many open complaints of all holders, those first whose promised day comes (or came) first."""
        return tuple(map(_held, self.rows(_OPEN, most=most)))

    def closed_complaints(self, before: tuple[datetime, str] | None, most: int) -> tuple[HeldComplaint, ...]:
        """So many closed complaints, the last closed first; or those before a moment and id."""
        at, id_ = _LAST if before is None else (moment(before[0]), before[1])
        return tuple(map(_held, self.rows(_CLOSED, before_at=at, before_id=id_, most=most)))


def _feedback(row: Row) -> Feedback:
    id_, account, at, day, *rest = row
    return Feedback(id_, account, read_moment(at), date.fromisoformat(day), *rest)


def _held(row: Row) -> HeldComplaint:
    *columns, name = row
    return HeldComplaint(read_complaint(tuple(columns)), name)
