"""`report`: the owner's questions, printed as a table, as JSON or as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from pos_loyalty.cli import report_list
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.cli.report_figures import described, print_figures, unit_of
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Currency, plain, plain_rate
from pos_loyalty.language import Language
from pos_loyalty.reports import LISTS, NAMES, named
from pos_loyalty.reports.frame import RATE, Cell, Column, Period, Report
from pos_loyalty.till.programmes import current

_NUMBERS = ("money", "count")
DEFAULT_DAYS = 30
"""Of a report of figures that is asked for without a beginning."""


def run(call: Call) -> int:
    """Answer one question; without a name, list them."""
    options = call.options
    if options.name is None:
        return _list(call)
    report = _report(options.name)
    if report.name in LISTS:
        return report_list.run(call)
    period = _period(call)
    with register_of(call.settings) as register:
        programme = current(register).programme
        currency = programme.currency
        if report.figures:
            period = _bounded(period, programme.business_day(register.clock()))
        with register.store.read() as books:
            rows = report.rows(books, period)
    if options.csv is not None:
        _write_csv(call, report, rows, currency)
    if options.json:
        plain_rows = [_plain(report, row, currency) for row in rows]
        answer: dict[str, object] = {
            "report": report.name,
            "from": period.first.isoformat() if report.figures else call.options.first,
            "until": period.last.isoformat() if report.figures else call.options.last,
            "rows": [dict(zip((one.name for one in report.columns), row, strict=True)) for row in plain_rows],
        }
        if report.figures:
            before = period.before()
            answer["before"] = {"from": before.first.isoformat(), "until": before.last.isoformat()}
            answer["figures"] = described(report, call.language)
        call.out.json(answer)
    elif options.csv is None:
        language = Language(call.settings.language, currency)
        if report.figures:
            print_figures(call, report, rows, period, language)
        else:
            _print(call, report, rows, language)
    return DONE


def _list(call: Call) -> int:
    if call.options.json:
        call.out.json([{"name": name, "title": call.language.text(named(name).title)} for name in NAMES])
    else:
        for name in NAMES:
            call.out.line(f"{name:<16} {call.language.text(named(name).title)}")
    return DONE


def _report(name: str) -> Report:
    try:
        return named(name)
    except KeyError:
        raise CallWrong(
            Message(N_("There is no report {name}; there are: {names}."), name=name[:40], names=", ".join(NAMES))
        ) from None


def _period(call: Call) -> Period:
    first, last = call.day("first"), call.day("last")
    if first is not None and last is not None and first > last:
        raise CallWrong(Message(N_("The period ends before it begins: give an earlier --from or a later --until.")))
    return Period(first or date.min, last or date.max)


def _bounded(period: Period, today: date) -> Period:
    """A period with both ends: without them, the thirty days until its last, and today. CallWrong where none is before."""
    last = period.last if period.last != date.max else max(today, period.first)
    try:
        first = period.first if period.first != date.min else last - timedelta(days=DEFAULT_DAYS - 1)
        bounded = Period(first, last)
        bounded.before()
    except (OverflowError, ValueError):
        raise CallWrong(Message(N_("There is no period of that length before it to compare with."))) from None
    return bounded


def _plain(report: Report, row: Sequence[Cell], currency: Currency) -> list[str | int | None]:
    """A row for programs: amounts as texts with the currency's decimals, shares as percentages, dates as ISO 8601."""
    unit = unit_of(report, row)
    return [_written(column, cell, currency, unit) for column, cell in zip(report.columns, row, strict=True)]


def _written(column: Column, cell: Cell, currency: Currency, unit: str) -> str | int | None:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Message):
        return cell.template
    if not isinstance(cell, int):
        return cell
    if column.kind == "figure" and unit == RATE:
        return plain_rate(cell)
    money = column.kind == "money" or (column.kind == "figure" and unit == currency.code)
    return plain(cell, currency.digits) if money else cell


def _write_csv(call: Call, report: Report, rows: Sequence[Sequence[Cell]], currency: Currency) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in report.columns)
    writer.writerows(_plain(report, row, currency) for row in rows)
    if call.options.csv == "-":
        call.out.text(text.getvalue())
        return
    Path(call.options.csv).write_text(text.getvalue(), encoding="utf-8", newline="")
    if not call.options.json:
        call.say(N_("The report is written to {file}."), file=call.options.csv)


def _print(call: Call, report: Report, rows: Sequence[Sequence[Cell]], language: Language) -> None:
    """A table for people, and below it what each column means."""
    call.out.line(language.text(report.title))
    if not rows:
        call.say(N_("There is nothing to report for that time."))
        return
    titles = [language.text(column.title) for column in report.columns]
    cells = [[_shown(c, cell, language) for c, cell in zip(report.columns, row, strict=True)] for row in rows]
    widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
    for line in (titles, *cells):
        padded = (
            text.rjust(width) if column.kind in _NUMBERS else text.ljust(width)
            for text, width, column in zip(line, widths, report.columns, strict=True)
        )
        call.out.line("  ".join(padded).rstrip())
    call.out.line()
    for title, column in zip(titles, report.columns, strict=True):
        call.out.line(f"{title}: {language.text(column.meaning)}")


def _shown(column: Column, cell: Cell, language: Language) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, date):
        return language.day(cell)
    if isinstance(cell, int):
        return language.amount(cell) if column.kind == "money" else language.number(cell)
    return language.say(cell) if isinstance(cell, Message) else cell
