"""What a report is: a title, columns that each say what they count, and a function that reads its rows.

A row is a tuple of plain values, one a column. How they are written is for whoever shows them. The rows of a report of
figures are all of one shape: a figure, what it is split by, and its value in a period beside that in the period before; each figure
says what it is and which rows of the store it is summed from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books

Cell: TypeAlias = str | int | date | Message | None
Kind: TypeAlias = Literal["text", "money", "count", "day", "figure"]
"""What a column holds: money is minor units of the programme's currency, a figure is in the unit that its row names."""

_ONE_DAY = timedelta(days=1)

COUNT, RATE, DAYS = "", "%", "days"
"""Units of a figure beside a currency's code (minor units) and a purse's id: things counted, millionths, days."""

CANNOT_TELL = Message(N_("can't tell yet"))
"""What stands in place of a figure that too few things would have to carry."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` is its key for programs, `title` and `meaning` are for people (templates to translate)."""

    name: str
    title: str
    meaning: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Period:
    """Business days, both included."""

    first: date = date.min
    last: date = date.max

    def before(self) -> Period:
        """The period just before: as many calendar months where this one is whole months, else as many days.

        ValueError for a period without an end, or one that nothing is before.
        """
        if self.first == date.min or self.last == date.max:
            raise ValueError("a period without an end has none before it")
        try:
            last = self.first - _ONE_DAY
            if self.first.day == 1 and (self.last + _ONE_DAY).day == 1:
                months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
                year, month = divmod(self.first.year * 12 + self.first.month - 1 - months, 12)
                return Period(date(year, month + 1, 1), last)
            return Period(last - (self.last - self.first), last)
        except OverflowError:
            raise ValueError("nothing is before the first day of the calendar") from None


@dataclass(frozen=True, slots=True)
class Group:
    """A part that a figure is split into: its key, what people call it, and who or what belongs to it."""

    name: str
    title: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `meaning` is its definition in a sentence, `source` the rows that it is summed from.

    `of` and `by` say what its rows are split by ("" for not at all); `groups` are the parts that have names of the program's own.
    """

    name: str
    title: str
    meaning: str
    source: str
    of: str = ""
    by: str = ""
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """What a figure comes to for one of its parts, in `unit`; a sentence where it comes to nothing that can be said."""

    figure: str
    amount: int | Message
    unit: str = COUNT
    of: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A question of the owner's, and how it is answered from the books. One with `figures` asks for a period with an end."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Books, Period], Sequence[tuple[Cell, ...]]]
    figures: tuple[Figure, ...] = ()


_COLUMNS = (
    Column("figure", N_("Figure"), N_("which figure it is; what each means stands below")),
    Column("of", N_("Of"), N_("what it is of: a purse, a tier, an offer, a month")),
    Column("by", N_("By"), N_("what that is split by once more")),
    Column(
        "unit", N_("Unit"), N_("what it is counted in: a currency, a purse, %, days; nothing where things are counted")
    ),
    Column("now", N_("Now"), N_("in the period that was asked for, or on its last day"), "figure"),
    Column("before", N_("Before"), N_("the same in the period before, or on its last day"), "figure"),
)


def report_of_figures(
    name: str, title: str, figures: tuple[Figure, ...], reckon: Callable[[Books, Period], Iterable[Value]]
) -> Report:
    """A report whose figures `reckon` works out of the books for one period; it is asked for two, and put side by side."""

    def rows(books: Books, period: Period) -> list[tuple[Cell, ...]]:
        return side_by_side(figures, reckon(books, period), reckon(books, period.before()))

    return Report(name, title, _COLUMNS, rows, figures)


def report_of_both(
    name: str,
    title: str,
    figures: tuple[Figure, ...],
    reckon: Callable[[Books, Period, Period], tuple[Iterable[Value], Iterable[Value]]],
) -> Report:
    """As `report_of_figures`, where one pass over the books answers for both periods."""

    def rows(books: Books, period: Period) -> list[tuple[Cell, ...]]:
        return side_by_side(figures, *reckon(books, period, period.before()))

    return Report(name, title, _COLUMNS, rows, figures)


def side_by_side(figures: Sequence[Figure], now: Iterable[Value], before: Iterable[Value]) -> list[tuple[Cell, ...]]:
    """Rows in the order of the figures and their groups, then by name; None where there is nothing of a period to say."""
    found: dict[tuple[str, str, str, str], list[int | Message | None]] = {}
    for place, values in enumerate((now, before)):
        for value in values:
            found.setdefault((value.figure, value.of, value.by, value.unit), [None, None])[place] = value.amount
    orders = {
        figure.name: (n, {group.name: g for g, group in enumerate(figure.groups)}) for n, figure in enumerate(figures)
    }

    def order(key: tuple[str, str, str, str]) -> tuple[int, tuple[int, str], tuple[int, str], str]:
        figure, of, by, unit = key
        n, groups = orders[figure]
        return n, (groups.get(of, len(groups)), of), (groups.get(by, len(groups)), by), unit

    return [(*key, *found[key]) for key in sorted(found, key=order)]
