"""What holders said and complained of: answers counted by score, and how long complaints took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text as sql

from pos_loyalty.storage.facts import day_or_none, moment, read_moment
from pos_loyalty.storage.statements import Transaction

_ANSWERS = sql(
    """
    SELECT satisfaction, recommendation, count(*) FROM feedback WHERE day >= :first AND day <= :last
    GROUP BY satisfaction, recommendation
    """
)
_COMPLAINTS = sql(
    """
    SELECT opened_at, promised, closed_at FROM complaints
    WHERE opened_at < :until AND (closed_at IS NULL OR closed_at >= :begin OR promised >= :first)
    ORDER BY opened_at, id
    """
)


@dataclass(frozen=True, slots=True)
class Answers:
    """How often each score was given: satisfaction 1 to 5, recommendation 0 to 10."""

    satisfaction: Counter[int]
    recommendation: Counter[int]


@dataclass(frozen=True, slots=True)
class Complaint:
    """When a complaint was made, until when an answer was promised, and when it was closed."""

    opened: datetime
    promised: date | None
    closed: datetime | None


def answers(books: Transaction, first: date, last: date) -> Answers:
    """What was answered on these business days, both included."""
    found = Answers(Counter(), Counter())
    for satisfaction, recommendation, count in books.rows(_ANSWERS, first=first.isoformat(), last=last.isoformat()):
        if satisfaction is not None:
            found.satisfaction[int(satisfaction)] += int(count)
        if recommendation is not None:
            found.recommendation[int(recommendation)] += int(count)
    return found


def complaints(books: Transaction, first: date, begin: datetime, until: datetime) -> Iterator[Complaint]:
    """Those made before `until` that were open at some time from `begin` on, or whose promise was for `first` or later."""
    rows = books.pages(_COMPLAINTS, first=first.isoformat(), begin=moment(begin), until=moment(until))
    for opened, promised, closed in rows:
        yield Complaint(read_moment(opened), day_or_none(promised), None if closed is None else read_moment(closed))
