"""Figures as blocks on a page: which drawing each gets, with its numbers in words beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pos_loyalty.domain.message import Message
from pos_loyalty.reports.frame import COUNT, RATE, Cell, Report
from pos_loyalty.reports.scale import Scale
from pos_loyalty.reports.shown import HIGH, LOW, Names, Part, Said, Shown, Words, month_of, shown
from pos_loyalty.ui.widgets.bars import Bar, Bars, Heads, Widths
from pos_loyalty.ui.widgets.charts import Block
from pos_loyalty.ui.widgets.cohorts import Cohort, CohortTable
from pos_loyalty.ui.widgets.drawn import Laid, Texts
from pos_loyalty.ui.widgets.interval import Interval, Intervals
from pos_loyalty.ui.widgets.lines import Lines

ENOUGH_MONTHS = 3
"""With fewer, bars say more than a line."""
RATES = Scale(0, 1_000_000)
"""Shares are drawn against the whole."""


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks and the figure that each shows, and what stands above them."""

    blocks: tuple[Block, ...] = ()
    figures: tuple[Shown, ...] = ()
    heading: Laid | None = None


class Charting:
    """Draws for one reader."""

    def __init__(self, names: Names, words: Words) -> None:
        self._names = names
        self._words = words

    def page(self, report: Report, rows: Sequence[Sequence[Cell]]) -> Page:
        """A whole report: a block a figure."""
        found = shown(report, rows)
        bounds = {name + end for name in (one.figure.name for one in found) for end in (LOW, HIGH)}
        drawn = tuple(one for one in found if one.figure.name not in bounds)
        text = self._words.language.text
        titles = (text("now"), text("before"), text("change"))
        widths = Widths.of([bar for one in drawn if one.drawing == "bars" for bar in self._bars(one)], titles)
        heading = Heads(text("█ as before  ▓ more  ░ less"), titles, widths)
        by_name = {one.figure.name: one for one in found}
        return Page(tuple(self._block(one, by_name, widths) for one in drawn), drawn, heading)

    def exact(self, one: Shown) -> Page:
        """One figure with all its parts as bars, whatever it would be drawn as among others."""
        text = self._words.language.text
        titles = (text("now"), text("before"), text("change"))
        bars = self._bars(one)
        widths = Widths.of(bars, titles)
        heading = Heads(text("█ as before  ▓ more  ░ less"), titles, widths)
        head = Texts((text(one.figure.title),))
        return Page((Block(head, self._scaled(one.parts, bars, widths)),), (one,), heading)

    def over(self, title: str, months: Sequence[str], values: Mapping[str, Said], unit: str) -> Block:
        """One part of a figure over months."""
        return Block(Texts((title,)), (self._line(months, [values.get(month) for month in months], unit),))

    # ---- the kinds ----------------------------------------------------------------------------------

    def _block(self, one: Shown, others: Mapping[str, Shown], widths: Widths) -> Block:
        title = self._words.language.text(one.figure.title)
        low, high = others.get(one.figure.name + LOW), others.get(one.figure.name + HIGH)
        if low is not None and high is not None:
            return Block(Texts((title,)), (self._intervals(one, low, high),))
        match one.drawing:
            case "cohorts":
                return Block(Texts((title,)), (self._cohorts(one, others),))
            case "months":
                return Block(Texts((title,)), tuple(self._months(one, widths)))
            case _:
                bars = self._bars(one)
                if len(bars) == 1 and not one.parts[0].of and not one.parts[0].by:
                    return Block(self._scaled(one.parts, bars, widths)[0])
                return Block(Texts((title,)), self._scaled(one.parts, bars, widths))

    def _bars(self, one: Shown) -> list[Bar]:
        words = self._words
        return [
            Bar(
                self._names.part(one.figure, part),
                _number(part.now),
                _number(part.before),
                (
                    "" if isinstance(part.now, Message) else words.value(part.now, part.unit),
                    words.value(None if isinstance(part.before, Message) else part.before, part.unit),
                    words.change(part.now, part.before, part.unit),
                ),
                words.value(part.now, part.unit) if isinstance(part.now, Message) else "",
            )
            for part in one.parts
        ]

    def _scaled(self, parts: Sequence[Part], bars: Sequence[Bar], widths: Widths) -> tuple[Bars, ...]:
        """Bars below each other in their order; each has the scale of all those of its unit."""
        units = {part.unit for part in parts}
        scales = {
            unit: RATES
            if unit == RATE
            else Scale.of(
                value
                for part, bar in zip(parts, bars, strict=True)
                if part.unit == unit
                for value in (bar.now, bar.before)
            )
            for unit in units
        }
        return tuple(Bars((bar,), widths, scales[part.unit]) for part, bar in zip(parts, bars, strict=True))

    def _months(self, one: Shown, widths: Widths) -> Iterator[Laid]:
        for of, unit, parts in one.months():
            months = [part for part in parts if month_of(part)]
            others = [part for part in parts if not month_of(part)]
            if of:
                yield Texts((self._names.key(one.figure, of),), "dim")
            if len(months) >= ENOUGH_MONTHS:
                yield self._line([month_of(part) or "" for part in months], [part.now for part in months], unit)
            else:
                others = [*months, *others]
            rest = Shown(one.figure, tuple(others))
            bars = self._bars(rest)
            yield from self._scaled(rest.parts, bars, Widths.of(bars) if widths.label == 0 else widths)

    def _line(self, months: Sequence[str], values: Sequence[Said], unit: str) -> Lines:
        numbers = tuple(_number(value) for value in values)
        known = [number for number in numbers if number is not None]
        words = self._words
        most, least = max([0, *known]), min([0, *known])
        return Lines(
            tuple(months),
            numbers,
            tuple("" if isinstance(value, Message) else words.value(value, unit) for value in values),
            words.value(most, unit),
            words.value(least, unit),
        )

    def _cohorts(self, one: Shown, others: Mapping[str, Shown]) -> CohortTable:
        text = self._words.language.text
        sizes = next(
            (
                {part.of: part.now for part in other.parts}
                for other in others.values()
                if other.drawing == "months" and all(not part.by and part.unit == COUNT for part in other.parts)
            ),
            {},
        )
        cohorts: dict[str, dict[int, int | None]] = {}
        for part in one.parts:
            cohorts.setdefault(part.of, {})[int(part.by)] = _number(part.now)
        return CohortTable(
            tuple(
                Cohort(month, self._words.value(sizes[month], COUNT) if month in sizes else "", shares)
                for month, shares in cohorts.items()
            ),
            (text("Month"), text("Number")),
            text("the share in %, so many months later"),
        )

    def _intervals(self, one: Shown, low: Shown, high: Shown) -> Intervals:
        words = self._words
        lows = {(part.of, part.by): _number(part.now) for part in low.parts}
        highs = {(part.of, part.by): _number(part.now) for part in high.parts}
        found = []
        for part in one.parts:
            value, least, most = _number(part.now), lows.get((part.of, part.by)), highs.get((part.of, part.by))
            if value is not None and least is not None and most is not None:
                words_of = words.language.text(
                    "{value}, {low} to {high}",
                    value=words.value(value, part.unit),
                    low=words.value(least, part.unit),
                    high=words.value(most, part.unit),
                )
                found.append(Interval(self._names.part(one.figure, part), (least, value, most), words_of))
        scale = Scale.of(bound for one in found if one.bounds for bound in one.bounds)
        return Intervals(tuple(found), scale)


def _number(said: Said) -> int | None:
    return said if isinstance(said, int) else None
