"""`report birthdays` and the other lists to act on: a table, JSON, or CSV for a mailing program.

Only holders who agreed to be written to can be reached by what is printed here, and only they stand in the CSV.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.language import Language
from pos_loyalty.reports import listed, named
from pos_loyalty.reports.acting import (
    MOST_DAYS,
    MOST_NEAREST,
    ActList,
    Ask,
    Found,
    is_money,
    plain_cells,
    reached,
    rows_of,
)
from pos_loyalty.reports.frame import Cell, Period
from pos_loyalty.reports.rules import Rules, rules_on
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import Person
from pos_loyalty.till import mailing
from pos_loyalty.till.programmes import current


def run(call: Call) -> int:
    """Answer one list."""
    one = listed(call.options.name)
    with register_of(call.settings) as register:
        programme = current(register).programme
        ask = _asked(call, one, programme.business_day(register.clock()))
        with register.store.read() as books:
            rules = rules_on(books, ask.today)
            if call.options.csv is not None:
                counts = mailing.Counts()
                columns = [column.name for column in one.columns if column.name not in one.kept_in]
                rows = ((person, plain_cells(one, found, rules)) for person, found in _rows(books, one, ask))
                text = "".join(mailing.lines(columns, rows, counts))
            else:
                _answer(call, one, ask, books, rules)
        if call.options.csv is None:
            return DONE
        done = mailing.noted(register, one.name, counts, call.who())
    if call.options.csv == "-":
        call.out.exact(text)
        return DONE
    Path(call.options.csv).write_text(text, encoding="utf-8", newline="")
    call.say(
        N_("{written} rows are written to {file}; {left_out} holders have not agreed to be written to."),
        written=done.written,
        left_out=done.left_out,
        file=call.options.csv,
    )
    return DONE


def _rows(books: Books, one: ActList, ask: Ask) -> Iterator[tuple[Person, Found]]:
    for found in rows_of(books, one, ask):
        yield books.person(found.account), found


def _asked(call: Call, one: ActList, today: date) -> Ask:
    first, last, number = call.day("first"), call.day("last"), call.options.number
    if number is not None and not (one.number and 1 <= number <= (MOST_NEAREST if one.nearest else MOST_DAYS)):
        raise CallWrong(
            Message(
                N_("List {name} takes no such number: leave --number out, or give one from 1 to {most}."),
                name=one.name,
                most=MOST_NEAREST if one.nearest else MOST_DAYS,
            )
        )
    ask = one.ask(today, number)
    period = Period(first or ask.period.first, last or ask.period.last)
    if period.first > period.last:
        raise CallWrong(Message(N_("The period ends before it begins: give an earlier --from or a later --until.")))
    return replace(ask, period=period)


def _answer(call: Call, one: ActList, ask: Ask, books: Books, rules: Rules) -> None:
    if call.options.json:
        names = [column.name for column in named(one.name).columns]
        who = len(names) - len(one.columns)
        rows = []
        for person, found in _rows(books, one, ask):
            cells = plain_cells(replace(one, kept_in=()), found, rules)
            rows.append(
                dict(zip(names[:who], reached(person), strict=True)) | dict(zip(names[who:], cells, strict=True))
            )
        call.out.json({"report": one.name, "day": ask.today.isoformat(), "rows": rows})
        return
    language = Language(call.settings.language, rules.programme.currency, purses=rules.units)
    call.out.line(language.text(one.title))
    call.out.line()
    count = 0
    for person, found in _rows(books, one, ask):
        count += 1
        name = person.name if person.may_write and person.name else person.account
        reach = " ".join(part for part in (person.email, person.phone) if part) if person.may_write else ""
        call.out.line("  ".join(part for part in (*shown_cells(one, found, rules, language), name, reach) if part))
    if not count:
        call.say(N_("Nobody is on this list."))
    else:
        call.out.line(language.plural("{n} row.", "{n} rows.", count))


def shown_cells(one: ActList, found: Found, rules: Rules, language: Language) -> list[str]:
    """A row's own cells as people read them."""
    purse = ""
    cells = []
    for column, cell in zip(one.columns, found.cells, strict=True):
        if column.name == "purse" and isinstance(cell, str):
            purse = cell
        cells.append(_shown(cell, is_money(column, purse, rules), language))
    return cells


def _shown(cell: Cell, money: bool, language: Language) -> str:
    match cell:
        case None:
            return "-"
        case date():
            return language.day(cell)
        case int():
            return language.amount(cell) if money else language.number(cell)
        case Message():
            return language.say(cell)
        case str():
            return cell
