"""Lists to act on: who has a birthday, who stays away, who is nearly in a tier, what runs out, which answers and prizes wait.

Each is read page by page, so that a page is there at once however many holders a shop has. The row of a holder who has not agreed
to be written to is shown without ways to reach them where a file or a program reads it, and never stands in an export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import plain
from pos_loyalty.reports.frame import Cell, Column, Period, Report
from pos_loyalty.reports.rules import Rules
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Person

PAGE = 500
"""Rows that are read at once where a whole list is."""
MOST_DAYS = 3_660
MOST_NEAREST = 10_000

Key: TypeAlias = tuple[str, ...]
"""What a page goes on behind: that of a row, or () at the beginning."""
Span: TypeAlias = Literal["ahead", "behind", "none"]
"""What a list's days are: from today on, until so many days ago, or nothing."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a list is asked for: its business days (both included), today's, and how many of the nearest where it is by nearness."""

    today: date
    period: Period
    nearest: int


@dataclass(frozen=True, slots=True)
class Found:
    """One row: whose it is, what the next page goes on behind, and the list's own cells."""

    account: str
    key: Key
    cells: tuple[Cell, ...]


Read: TypeAlias = Callable[[Books, Ask, Key, int], Sequence[Found]]
"""A page: at most so many rows behind a key; of a list that is read in one go, all of it."""


@dataclass(frozen=True, slots=True)
class ActList:
    """One list. `columns` are its own, beside who it is; those whose names are in `kept_in` hold words that no export carries.

    `days` and `nearest` are what it is asked for where nobody says. Amounts of "units" are of the purse in the column before.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    page: Read
    span: Span = "none"
    days: int = 0
    nearest: int = 0
    kept_in: tuple[str, ...] = ()

    def ask(self, today: date, number: int | None = None) -> Ask:
        """What it is asked for on a day, with another number of days or of nearest than its own."""
        wanted = number if number is not None else (self.days or self.nearest)
        match self.span:
            case "ahead":
                period = Period(today, _shifted(today, max(wanted, 1) - 1))
            case "behind":
                period = Period(date.min, _shifted(today, -wanted))
            case "none":
                period = Period(date.min, today)
        return Ask(today, period, wanted if self.nearest else 0)

    @property
    def number(self) -> int:
        """The number that it is asked for where nobody says; 0 where it takes none."""
        return self.days or self.nearest


def _shifted(day: date, by: int) -> date:
    try:
        return day + timedelta(days=by)
    except OverflowError:
        return date.max if by > 0 else date.min


def rows_of(books: Books, one: ActList, ask: Ask, seen: Callable[[int], None] | None = None) -> Iterator[Found]:
    """All rows of a list, read a page at a time; `seen` is told how many there were so far."""
    key: Key = ()
    count = 0
    while True:
        page = one.page(books, ask, key, PAGE)
        yield from page
        count += len(page)
        if seen is not None:
            seen(count)
        if len(page) != PAGE:
            return
        key = page[-1].key


def plain_cells(one: ActList, found: Found, rules: Rules) -> list[str | int | None]:
    """A row's own cells for programs, without what no export carries: dates as ISO 8601, amounts with their unit's decimals."""
    cells: list[str | int | None] = []
    purse = ""
    for column, cell in zip(one.columns, found.cells, strict=True):
        if column.name == "purse" and isinstance(cell, str):
            purse = cell
        if column.name not in one.kept_in:
            cells.append(_plain(column, cell, purse, rules))
    return cells


def _plain(column: Column, cell: Cell, purse: str, rules: Rules) -> str | int | None:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int) and is_money(column, purse, rules):
        return plain(cell, rules.programme.currency.digits)
    return cell if isinstance(cell, str | int) else None


def is_money(column: Column, purse: str, rules: Rules) -> bool:
    """Whether a column's amount is money: it says so, or is of a purse that holds some."""
    return column.kind == "money" or (column.name == "units" and rules.units.get(purse) == rules.currency)


_WHO = (
    Column("account", N_("Account"), N_("the holder's account")),
    Column(
        "consent",
        N_("May write"),
        N_("whether they agreed to be written to; without it, how to reach them is left out"),
    ),
    Column("name", N_("Name"), N_("the holder's name")),
    Column("email", N_("E-mail"), N_("their e-mail address")),
    Column("phone", N_("Phone"), N_("their phone number")),
    Column("language", N_("Language"), N_("the language that they like to be addressed in")),
)


def report_of(one: ActList) -> Report:
    """A list as a report: all its rows, with ways to reach only those who agreed to it. A period without a beginning or an end has
    the list's own.
    """

    def rows(books: Books, period: Period) -> list[tuple[Cell, ...]]:
        today = period.last if one.span != "ahead" else period.first
        ask = replace(one.ask(today), period=period)
        return [(*reached(books.person(found.account)), *found.cells) for found in rows_of(books, one, ask)]

    return Report(one.name, one.title, (*_WHO, *one.columns), rows)


def reached(person: Person) -> tuple[Cell, ...]:
    """Who a row is and how to reach them, as far as they agreed to it."""
    if not person.may_write:
        return (person.account, "no", None, None, None, None)
    return (person.account, "yes", person.name, person.email, person.phone, person.language)
