"""A report as it is looked at: the rows of each figure together, the names of their parts, and which drawing suits them.

What a figure's parts are decides how it is drawn, never what the figure is called: months make a line, months by months later a
table of cohorts, everything else bars. So a figure that is added to a report is drawn at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Literal, TypeAlias

from pos_loyalty.domain.message import Message, Rate
from pos_loyalty.domain.money import half_up
from pos_loyalty.domain.programme.offers import EarnRate, Offer, PercentOff
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import BY_HAND
from pos_loyalty.language import Language
from pos_loyalty.receipt.parts import purse_name
from pos_loyalty.reports.frame import COUNT, DAYS, RATE, Cell, Column, Figure, Period, Report

Drawing: TypeAlias = Literal["bars", "months", "cohorts"]
Said: TypeAlias = "int | Message | None"
"""A value of a figure: an amount in its unit, a sentence in its place, or nothing to say."""

_MONTH = re.compile(r"\d{4}-\d{2}")
_LATER = re.compile(r"\d{2}")
_TENTH = 1_000
"""Millionths in a tenth of a percent: finer shares are noise to a reader."""
MONTHS_BEFORE = 12
"""Whole months that a figure is shown over, before the one so far."""
LOW, HIGH = "_low", "_high"
"""Behind a figure's name: the bounds of its confidence interval."""


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a figure: what it is of and split by, its unit, and its value now and before."""

    of: str
    by: str
    unit: str
    now: Said
    before: Said


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with its rows."""

    figure: Figure
    parts: tuple[Part, ...]

    @property
    def drawing(self) -> Drawing:
        """What its parts are best drawn as."""
        named = {group.name for group in self.figure.groups}
        of = {part.of for part in self.parts} - named
        by = {part.by for part in self.parts} - named
        if _all(_MONTH, of) and _all(_LATER, by):
            return "cohorts"
        if len(by) > 1 and _all(_MONTH, by):
            return "months"
        return "months" if by <= {""} and len(of) > 1 and _all(_MONTH, of) else "bars"

    @property
    def adds_up(self) -> bool:
        """Whether the sum of its parts means something: shares and days have none."""
        return all(part.unit not in (RATE, DAYS) for part in self.parts)

    def months(self) -> Iterator[tuple[str, str, tuple[Part, ...]]]:
        """One that is drawn as months, by what it is of and its unit: its months in order."""
        by_month = any(_MONTH.fullmatch(part.by) for part in self.parts)

        def line(part: Part) -> tuple[str, str]:
            return (part.of if by_month else "", part.unit)

        for (of, unit), parts in groupby(sorted(self.parts, key=line), key=line):
            yield of, unit, tuple(sorted(parts, key=lambda part: month_of(part) or "~"))


def _all(pattern: re.Pattern[str], keys: set[str]) -> bool:
    return bool(keys) and all(pattern.fullmatch(key) for key in keys)


def month_of(part: Part) -> str | None:
    """The month that a part stands for, as "2026-11"; None for one of no month ("never")."""
    return next((key for key in (part.by, part.of) if _MONTH.fullmatch(key)), None)


def shown(report: Report, rows: Sequence[Sequence[Cell]]) -> tuple[Shown, ...]:
    """The figures of a report that have something to say, in its order."""
    figures = {figure.name: figure for figure in report.figures}
    return tuple(
        Shown(figures[str(name)], tuple(_part(row) for row in found)) for name, found in groupby(rows, itemgetter(0))
    )


def _part(row: Sequence[Cell]) -> Part:
    _, of, by, unit, now, before = row
    return Part(str(of), str(by), str(unit), _said(now), _said(before))


def _said(cell: Cell) -> Said:
    return cell if isinstance(cell, int | Message) else None


class Names:
    """What the keys of parts are called: a purse, tier, offer or club by the programme's own words, a group by its title."""

    def __init__(self, programme: Programme, language: Language) -> None:
        self.language = language
        tiers = programme.tiers.ladder if programme.tiers else ()
        self._known: dict[str, Mapping[str, str]] = {
            "tier": {tier.id: tier.name for tier in tiers},
            "offer": {
                **{offer.id: _offer_title(offer, language) for offer in programme.offers},
                BY_HAND: language.text("by hand"),
            },
            "club": {club.id: club.title for club in programme.clubs},
        }

    def part(self, figure: Figure, part: Part) -> str:
        """A part in words; the figure's own title where it is not split."""
        words = [self._key(figure, kind, key) for kind, key in ((figure.of, part.of), (figure.by, part.by)) if key]
        return ", ".join(words) or self.language.text(figure.title)

    def key(self, figure: Figure, key: str) -> str:
        """What a figure is of, in words."""
        return self._key(figure, figure.of, key)

    def offer(self, key: str) -> str:
        """An offer by its title; its id where the programme has it no more."""
        return self._known["offer"].get(key, key)

    def _key(self, figure: Figure, kind: str, key: str) -> str:
        for group in figure.groups:
            if group.name == key:
                return self.language.text(group.title)
        if kind == "purse":
            return purse_name(key)
        return self._known.get(kind, {}).get(key, key)


def _offer_title(offer: Offer, language: Language) -> str:
    """An offer's own title; a tier's two offers, which have one title, by what each gives."""
    match offer.give:
        case PercentOff(rate) if offer.tier is not None:
            return language.text("{tier} {rate} off", tier=offer.title, rate=Rate(rate))
        case EarnRate(_, rate) if offer.tier is not None:
            return language.text("{tier} {rate} cashback", tier=offer.title, rate=Rate(rate))
        case _:
            return offer.title


class Words:
    """Values and their changes as one language writes them."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def value(self, said: Said, unit: str) -> str:
        """A value with what it is counted in, where that is not plain."""
        language = self.language
        if isinstance(said, Message):
            return language.say(said)
        if said is None:
            return "–"
        if unit == RATE:
            return language.rate(_rounded(said))
        if unit == DAYS:
            return language.plural("{n} day", "{n} days", said)
        return language.number(said) if unit == COUNT else language.amount(said, unit)

    def change(self, now: Said, before: Said, unit: str) -> str:
        """How much more or less than before, with sign and word; nothing where either has no number."""
        if not isinstance(now, int) or not isinstance(before, int):
            return ""
        language = self.language
        difference = _rounded(now) - _rounded(before) if unit == RATE else now - before
        if difference == 0:
            return language.text("the same")
        text = self.value(abs(difference), unit)
        if unit == RATE:  # of shares the difference is told, not by how much of itself one grew
            text = language.text("{share}-points", share=text)
        if difference > 0:
            return language.text("+{change} more", change=text)
        return language.text("−{change} less", change=text)

    def cell(self, column: Column, cell: Cell) -> str:
        """A cell of a report of other things."""
        language = self.language
        if cell is None:
            return "–"
        if isinstance(cell, Message):
            return language.say(cell)
        if isinstance(cell, date):
            return language.day(cell)
        if isinstance(cell, int):
            return language.amount(cell) if column.kind == "money" else language.number(cell)
        return cell


def _rounded(millionths: int) -> int:
    return half_up(millionths, _TENTH) * _TENTH


def over_months(
    ask: Callable[[Period], Sequence[Sequence[Cell]]], last: date, step: Callable[[int, int], None]
) -> dict[tuple[str, str, str, str], dict[str, Said]]:
    """Each row of a report (figure, of, by, unit) by month: the month of `last` until that day, and the twelve before it.

    A report answers for a period and the one before it, so whole months are asked for in pairs. `step` hears how many of how
    many questions are answered.
    """
    found: dict[tuple[str, str, str, str], dict[str, Said]] = {}
    month = last.year * 12 + last.month - 1
    asked = [(month, Period(_first(month), last))]
    asked += [(at, Period(_first(at), _last(at))) for at in range(month - 1, month - 1 - MONTHS_BEFORE, -2)]
    for number, (at, period) in enumerate(asked):
        step(number, len(asked))
        for *key, now, before in ask(period):
            values = found.setdefault((str(key[0]), str(key[1]), str(key[2]), str(key[3])), {})
            values[f"{_first(at):%Y-%m}"] = _said(now)
            if at != month:
                values[f"{_first(at - 1):%Y-%m}"] = _said(before)
    return found


def months_until(last: date) -> tuple[str, ...]:
    """The months of `over_months`, oldest first."""
    month = last.year * 12 + last.month - 1
    return tuple(f"{_first(at):%Y-%m}" for at in range(month - MONTHS_BEFORE, month + 1))


def _first(month: int) -> date:
    year, rest = divmod(month, 12)
    return date(year, rest + 1, 1)


def _last(month: int) -> date:
    return _first(month + 1) - timedelta(days=1)
