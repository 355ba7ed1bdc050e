"""What a report of figures answered, short enough to be compared in a line."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from pos_loyalty.domain.message import Message
from pos_loyalty.reports import named
from pos_loyalty.reports.frame import Period
from pos_loyalty.storage.engine import Store

Key: TypeAlias = tuple[str, str, str]
Figures: TypeAlias = dict[Key, tuple[int | str | None, int | str | None]]


def figures(store: Store, report: str, first: date, last: date) -> Figures:
    """(figure, of, by) -> (now, before); sentences as their English."""

    def shown(value: object) -> int | str | None:
        if isinstance(value, Message):
            return value.template
        assert value is None or isinstance(value, int)
        return value

    with store.read() as books:
        rows = named(report).rows(books, Period(first, last))
    return {(str(f), str(of), str(by)): (shown(now), shown(was)) for f, of, by, _, now, was in rows}


def only(found: Figures, figure: str) -> dict[tuple[str, str], int | str | None]:
    """One figure's values of the period itself, by what it is split by."""
    return {(of, by): now for (name, of, by), (now, _) in found.items() if name == figure and now is not None}
