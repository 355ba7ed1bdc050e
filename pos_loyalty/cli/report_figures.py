"""How a report of figures is printed: figure by figure, the period beside the one before, and below each what it means."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from pos_loyalty.cli.call import Call
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.language import Language
from pos_loyalty.reports.frame import COUNT, DAYS, RATE, Cell, Figure, Period, Report


def described(report: Report, language: Language) -> list[dict[str, object]]:
    """What each figure is and where it comes from, for programs that show it."""
    return [
        {
            "name": figure.name,
            "title": language.text(figure.title),
            "meaning": language.text(figure.meaning),
            "source": language.text(figure.source),
            "groups": {
                group.name: {
                    "title": language.text(group.title),
                    "meaning": group.meaning and language.text(group.meaning),
                }
                for group in figure.groups
            },
        }
        for figure in report.figures
    ]


def print_figures(
    call: Call, report: Report, rows: Sequence[Sequence[Cell]], period: Period, language: Language
) -> None:
    """The report for people."""
    before = period.before()
    call.out.line(language.text(report.title))
    call.say(
        N_("{first} to {last}, beside {before_first} to {before_last}"),
        first=period.first,
        last=period.last,
        before_first=before.first,
        before_last=before.last,
    )
    if not rows:
        call.say(N_("There is nothing to report for that time."))
    figures = {figure.name: figure for figure in report.figures}
    for name, found in groupby(rows, key=itemgetter(0)):
        _print_figure(call, figures[str(name)], list(found), language)


def _print_figure(call: Call, figure: Figure, rows: Sequence[Sequence[Cell]], language: Language) -> None:
    titles = {group.name: language.text(group.title) for group in figure.groups}
    cells = []
    for _, of, by, unit, *values in rows:
        parts = "  ".join(titles.get(str(part), str(part)) for part in (of, by) if part)
        cells.append((parts, *(_shown(value, str(unit), language) for value in values)))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    call.out.line()
    call.out.line(language.text(figure.title))
    for parts, now, was in cells:
        call.out.line(f"  {parts.ljust(widths[0])}  {now.rjust(widths[1])}  {was.rjust(widths[2])}".rstrip())
    call.out.line(f"  = {language.text(figure.meaning)}")
    call.say(N_("  from: {source}"), source=Message(figure.source))
    for group in figure.groups:
        if group.meaning:
            call.out.line(f"  {titles[group.name]}: {language.text(group.meaning)}")


def _shown(value: Cell, unit: str, language: Language) -> str:
    if isinstance(value, Message):
        return language.say(value)
    if not isinstance(value, int):
        return "-"
    if unit == RATE:
        return language.rate(value)
    if unit in (COUNT, DAYS):
        return language.number(value)
    return language.amount(value, unit)
