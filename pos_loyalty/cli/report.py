"""`report`: the owner's questions, printed as a table, as JSON, as CSV or as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from pos_loyalty.cli import report_list
from pos_loyalty.cli.arguments import DONE
from pos_loyalty.cli.call import Call, CallWrong, register_of
from pos_loyalty.cli.report_figures import described, print_figures
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.language import Language
from pos_loyalty.reports import LISTS, NAMES, apart, named
from pos_loyalty.reports.frame import Cell, Column, Period, Report
from pos_loyalty.reports.saving import as_csv, pages_at, plain_rows, save
from pos_loyalty.reports.shown import Names
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
        if apart.by_engine(register.store, report.name, call.options.engine):
            rows = apart.run_apart(call.settings.store, report.name, period, engine="duckdb")
        else:
            with register.store.read() as books:
                rows = list(report.rows(books, period))
    _save(call, report, rows, period, programme)
    if options.json:
        answer: dict[str, object] = {
            "report": report.name,
            "from": period.first.isoformat() if report.figures else call.options.first,
            "until": period.last.isoformat() if report.figures else call.options.last,
            "rows": [
                dict(zip((one.name for one in report.columns), row, strict=True))
                for row in plain_rows(report, rows, currency)
            ],
        }
        if report.figures:
            before = period.before()
            answer["before"] = {"from": before.first.isoformat(), "until": before.last.isoformat()}
            answer["figures"] = described(report, call.language)
        call.out.json(answer)
    elif options.csv is None and options.png is None:
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


def _save(call: Call, report: Report, rows: Sequence[Sequence[Cell]], period: Period, programme: Programme) -> None:
    """Write what was asked for as files; on the command line a file that is named is replaced."""
    written: list[Path] = []
    if call.options.csv == "-":
        call.out.text(as_csv(report, rows, programme.currency))
    elif call.options.csv is not None:
        file = Path(call.options.csv)
        save([(file, as_csv(report, rows, programme.currency).encode())], over=True)
        written.append(file)
    if call.options.png is not None:
        from pos_loyalty.reports.picture import as_png  # noqa: PLC0415 - Pillow is loaded with the first picture

        language = Language(call.settings.language, programme.currency)
        pages = as_png(report, rows, period, Names(programme, language), call.settings.shop.name)
        files = pages_at(Path(call.options.png), len(pages))
        save(list(zip(files, pages, strict=True)), over=True)
        written += files
    if not call.options.json and call.options.csv != "-":
        for file in written:
            call.say(N_("The report is written to {file}."), file=str(file))


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
