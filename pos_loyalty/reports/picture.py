"""A report as pictures to print: pages of A4 at 150 dots an inch, dark on white, that say of every figure what it is.

The same report gives the same bytes. Words are set in the bundled font and shaped as on receipts; the page is mirrored where
reading starts at the right. What does not fit below goes to the next page, and nothing is cut but labels, which end in an ellipsis.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING

from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import MILLION, half_up
from pos_loyalty.receipt.drawing import write
from pos_loyalty.reports.frame import RATE, Cell, Period, Report
from pos_loyalty.reports.scale import Scale
from pos_loyalty.reports.shown import HIGH, LOW, Names, Part, Said, Shown, Words, month_of, shown

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT, DOTS = 1240, 1754, 150
"""A4 upright."""
MARGIN = 80
BODY, SMALL, HEAD = 10, 8, 16
"""Dots of a character's width: print of 10, 8 and 16 points, about."""
LINE = 2.2
"""Height of a line in widths of its characters."""
INK, GREY, PALE, PAPER = 0, 90, 200, 255
_FOOT = 40
_CHART = 150
_LABEL = 30
"""Characters of a label before it is cut."""
_RATES = Scale(0, MILLION)


def as_png(
    report: Report,
    rows: Sequence[Sequence[Cell]],
    period: Period,
    names: Names,
    shop: str,
    *,
    raqm: bool | None = None,
) -> list[bytes]:
    """The pages as PNG. `raqm` overrides whether Pillow's own shaping of Arabic is used."""
    pages = []
    for page in as_pages(report, rows, period, names, shop, raqm=raqm):
        out = BytesIO()
        page.save(out, "PNG", optimize=True, dpi=(DOTS, DOTS))
        pages.append(out.getvalue())
    return pages


def as_pages(
    report: Report,
    rows: Sequence[Sequence[Cell]],
    period: Period,
    names: Names,
    shop: str,
    *,
    raqm: bool | None = None,
) -> list[Image]:
    """The pages in 256 greys."""
    paper = _Paper(names.language.rtl, raqm)
    drawing = _Drawing(paper, names)
    drawing.head(report, period, shop)
    if report.figures:
        drawing.figures(shown(report, rows))
    else:
        drawing.table(report, rows)
    if not rows:
        paper.line(names.language.text("There is nothing to report for that time."))
    return paper.numbered(names.language.text("page {n} of {all}", n="\0", all="\1"))


class _Paper:
    """Pages that are written from the top on; x counts from where reading starts."""

    def __init__(self, rtl: bool, raqm: bool | None) -> None:
        self.rtl = rtl
        self.raqm = raqm
        self.pages: list[Image] = []
        self.y = 0
        self.begin()

    def begin(self) -> None:
        """A new page."""
        from PIL import Image  # noqa: PLC0415 - Pillow is loaded with the first picture, not with the first sale
        from PIL.ImageDraw import Draw  # noqa: PLC0415 - as above

        self.pages.append(Image.new("L", (WIDTH, HEIGHT), PAPER))
        self.draw: ImageDraw = Draw(self.pages[-1])
        self.y = MARGIN

    @property
    def room(self) -> int:
        """Dots between the margins."""
        return WIDTH - 2 * MARGIN

    def need(self, height: int) -> None:
        """Go to the next page where so much does not fit on this one."""
        if self.y + height > HEIGHT - MARGIN - _FOOT and self.y > MARGIN:
            self.begin()

    def span(self, start: int, width: int) -> tuple[int, int]:
        """The dots from the left that a stretch takes."""
        left = WIDTH - MARGIN - start - width if self.rtl else MARGIN + start
        return left, left + width

    def text(
        self, text: str, start: int, width: int, *, cell: int = BODY, ink: int = INK, end: bool = False, down: int = 0
    ) -> None:
        """Words in a stretch of the line at hand, at its start or its end; what is too long for it ends in an ellipsis."""
        fits = width // cell
        text = text if len(text) <= fits else text[: max(fits - 1, 0)] + "…"
        baseline = self.y + down + round(cell * LINE * 0.75)
        write(
            self.draw,
            text,
            self.span(start, width),
            baseline,
            cell,
            ink,
            rtl=self.rtl,
            end=end or self.rtl,
            raqm=self.raqm,
        )

    def box(self, start: int, width: int, top: int, height: int, ink: int) -> None:
        """A filled rectangle; nothing where it has no size."""
        if width > 0 and height > 0:
            left, right = self.span(start, width)
            self.draw.rectangle((left, self.y + top, right - 1, self.y + top + height - 1), fill=ink)

    def line(self, text: str, *, cell: int = BODY, ink: int = INK, beside: str = "") -> None:
        """Words in as many lines as they need; `beside` at the far end of the first."""
        height = round(cell * LINE)
        taken = (len(beside) + 2) * cell if beside else 0
        for number, part in enumerate(wrap(text, max((self.room - taken) // cell, 1)) or [""]):
            self.need(height)
            self.text(part, 0, self.room, cell=cell, ink=ink)
            if beside and number == 0:
                self.text(beside, self.room - len(beside) * cell, len(beside) * cell, cell=cell, ink=ink, end=True)
            self.y += height

    def numbered(self, words: str) -> list[Image]:
        """The pages, each with its number below."""
        from PIL.ImageDraw import Draw  # noqa: PLC0415 - as above

        for number, page in enumerate(self.pages, 1):
            text = words.replace("\0", str(number)).replace("\1", str(len(self.pages)))
            self.draw, self.y = Draw(page), HEIGHT - MARGIN
            self.text(text, 0, self.room, cell=SMALL, ink=GREY, end=True)
        return self.pages


class _Columns:
    """Where the numbers beside bars stand: as wide as the widest of all, so that they stand below each other."""

    def __init__(self, room: int, labels: Sequence[str], texts: Sequence[tuple[str, str, str]]) -> None:
        self.label = min(max(map(len, labels), default=0), _LABEL) * BODY
        self.widths = [max(len(text[n]) for text in texts) * BODY for n in range(3)]
        gap = 2 * BODY
        self.bar = self.label + gap
        ends = [room]
        for width in reversed(self.widths):
            ends.append(ends[-1] - width - gap)
        self.starts = [end - width for end, width in zip(ends[2::-1], self.widths, strict=True)]
        self.long = max(self.starts[0] - gap - self.bar, 0)


class _Drawing:
    """Draws the figures of a report, one below the other."""

    def __init__(self, paper: _Paper, names: Names) -> None:
        self.paper = paper
        self.names = names
        self.words = Words(names.language)
        self.language = names.language

    def head(self, report: Report, period: Period, shop: str) -> None:
        """Title, shop and period."""
        text = self.language.text
        paper = self.paper
        paper.line(text(report.title), cell=HEAD)
        if shop:
            paper.line(shop, ink=GREY)
        if report.figures:
            before = period.before()
            paper.line(
                text(
                    "{first} to {last}, before: {before_first} to {before_last}",
                    first=period.first,
                    last=period.last,
                    before_first=before.first,
                    before_last=before.last,
                )
            )
            paper.line(text("A dark bar is now, the pale one below it before."), cell=SMALL, ink=GREY)
        paper.y += BODY

    def figures(self, found: Sequence[Shown]) -> None:
        """Each with its title, its drawing, and what it is."""
        by_name = {one.figure.name: one for one in found}
        bounds = {name + end for name in by_name for end in (LOW, HIGH)}
        bars = [one for one in found if one.figure.name not in bounds and one.drawing != "cohorts"]
        columns = self._columns([part for one in bars for part in one.parts], bars)
        for one in found:
            if one.figure.name in bounds:
                continue
            self.paper.need(140)
            self.paper.y += BODY
            self._title(self.language.text(one.figure.title), columns if one.drawing == "bars" else None)
            low, high = by_name.get(one.figure.name + LOW), by_name.get(one.figure.name + HIGH)
            if low is not None and high is not None:
                self._intervals(one, low, high)
            elif one.drawing == "cohorts":
                self._cohorts(one)
            elif one.drawing == "months":
                self._months(one, columns)
            else:
                self._bars(one, one.parts, columns)
            self.paper.y += BODY // 2
            self.paper.line(self.language.text(one.figure.meaning), cell=SMALL, ink=GREY)
            self.paper.line(
                self.language.text("from: {source}", source=self.language.text(one.figure.source)), cell=SMALL, ink=GREY
            )

    def table(self, report: Report, rows: Sequence[Sequence[Cell]]) -> None:
        """A report of other things as a table, and what its columns mean."""
        titles = [self.language.text(column.title) for column in report.columns]
        cells = [[self.words.cell(c, cell) for c, cell in zip(report.columns, row, strict=True)] for row in rows]
        share = self.paper.room // len(titles)
        height = round(BODY * LINE)
        for number, line in enumerate([titles, *cells]):
            self.paper.need(height)
            for place, (text, column) in enumerate(zip(line, report.columns, strict=True)):
                self.paper.text(text, place * share, share - BODY, end=column.kind != "text")
            self.paper.y += height
            if number == 0:
                self.paper.box(0, self.paper.room, 0, 1, INK)
                self.paper.y += BODY // 2
        self.paper.y += BODY
        for title, column in zip(titles, report.columns, strict=True):
            self.paper.line(f"{title}: {self.language.text(column.meaning)}", cell=SMALL, ink=GREY)

    # ---- the kinds ----------------------------------------------------------------------------------

    def _title(self, title: str, columns: _Columns | None) -> None:
        """A figure's name, and above its numbers what they are."""
        text = self.language.text
        if columns is not None:
            heads = (text("now"), text("before"), text("change"))
            for head, start, width in zip(heads, columns.starts, columns.widths, strict=True):
                self.paper.text(head, start, width, cell=SMALL, ink=GREY, end=True, down=BODY)
        self.paper.line(title, cell=BODY + 2)
        self.paper.box(0, self.paper.room, 0, 1, PALE)
        self.paper.y += BODY // 2

    def _texts(self, part: Part) -> tuple[str, str, str]:
        words = self.words
        return (
            words.value(part.now, part.unit),
            words.value(part.before, part.unit),
            words.change(part.now, part.before, part.unit),
        )

    def _columns(self, parts: Sequence[Part], found: Sequence[Shown]) -> _Columns:
        text = self.language.text
        labels = [self.names.part(one.figure, part) for one in found for part in one.parts]
        heads = (text("now"), text("before"), text("change"))
        return _Columns(self.paper.room, labels, [heads, *(self._texts(part) for part in parts)])

    def _bars(self, one: Shown, parts: Sequence[Part], columns: _Columns) -> None:
        paper, height = self.paper, round(BODY * LINE) + 4
        for part in parts:
            paper.need(height)
            paper.text(self.names.part(one.figure, part), 0, columns.label)
            unit = [other for other in one.parts if other.unit == part.unit]
            scale = _RATES if part.unit == RATE else Scale.of(_number(said) for o in unit for said in (o.now, o.before))
            zero = scale.at(0, columns.long)
            for said, top, thick, ink in ((part.now, 5, 11, INK + 60), (part.before, 17, 4, PALE - 30)):
                place = scale.at(_number(said) or 0, columns.long)
                paper.box(columns.bar + min(zero, place), abs(place - zero), top, thick, ink)
            if scale.low < 0:
                paper.box(columns.bar + zero, 1, 0, height, GREY)
            for text, start, width in zip(self._texts(part), columns.starts, columns.widths, strict=True):
                paper.text(text, start, width, end=True)
            paper.y += height

    def _months(self, one: Shown, columns: _Columns) -> None:
        for of, unit, parts in one.months():
            if of:
                self.paper.line(self.names.key(one.figure, of))
            months = [part for part in parts if month_of(part)]
            if len(months) > 1:
                self._line([month_of(part) or "" for part in months], [part.now for part in months], unit)
            self._bars(one, [part for part in parts if part not in months or len(months) == 1], columns)

    def _line(self, months: Sequence[str], values: Sequence[Said], unit: str) -> None:
        """Columns over months, each with what it comes to above it and its month below."""
        paper, line = self.paper, round(SMALL * LINE)
        paper.need(_CHART + 2 * line + BODY)
        share = min(paper.room // len(months), 160)
        scale = Scale.of(_number(said) for said in values)
        zero = scale.at(0, _CHART)
        for place, (month, said) in enumerate(zip(months, values, strict=True)):
            number = _number(said)
            at = scale.at(number or 0, _CHART)
            top = line + _CHART - max(at, zero)
            paper.box(place * share + share // 8, share * 3 // 4, top, abs(at - zero), INK + 60)
            text = self.words.value(said, unit)
            if len(text) * SMALL <= share * 7 // 8:
                paper.text(text, place * share + share // 8, share, cell=SMALL, down=top - line)
            step = -(-len(month) * SMALL // share)
            if place % step == 0:
                room = share * step if place + step <= len(months) else len(month) * SMALL
                start = min(place * share + share // 8, paper.room - room)
                paper.text(month, start, room, cell=SMALL, ink=GREY, down=line + _CHART + 2)
        paper.box(0, share * len(months), line + _CHART - zero, 1, INK)
        paper.y += _CHART + 2 * line + BODY

    def _cohorts(self, one: Shown) -> None:
        """The share as a number on a grey that is the darker the more came back."""
        paper, height = self.paper, round(BODY * LINE)
        cohorts: dict[str, dict[int, int]] = {}
        for part in one.parts:
            cohorts.setdefault(part.of, {})[int(part.by)] = _number(part.now) or 0
        last = max((later for found in cohorts.values() for later in found), default=0)
        first = 9 * BODY
        share = min((paper.room - first) // (last + 1), 80)
        cell = BODY if share >= 5 * BODY else SMALL
        paper.line(self.language.text("the share in %, so many months later"), cell=SMALL, ink=GREY)
        for later in range(last + 1):
            paper.text(str(later), first + later * share, share - 6, cell=cell, ink=GREY, end=True)
        paper.y += height
        for month, found in cohorts.items():
            paper.need(height)
            paper.text(month, 0, first)
            for later, rate in found.items():
                shade = PAPER - half_up(min(rate, MILLION) * 175, MILLION)
                paper.box(first + later * share, share - 2, 0, height - 2, shade)
                ink = INK if shade > 130 else PAPER
                text = str(half_up(rate * 100, MILLION))
                paper.text(text, first + later * share, share - 6, cell=cell, ink=ink, end=True)
            paper.y += height

    def _intervals(self, one: Shown, low: Shown, high: Shown) -> None:
        paper, height = self.paper, round(BODY * LINE) + 4
        lows = {(part.of, part.by): _number(part.now) for part in low.parts}
        highs = {(part.of, part.by): _number(part.now) for part in high.parts}
        scale = Scale.of([*lows.values(), *highs.values(), *(_number(part.now) for part in one.parts)])
        label, words = _LABEL * BODY, 36 * BODY
        start, room = label + 2 * BODY, paper.room - label - words - 4 * BODY
        for part in one.parts:
            value, least, most = _number(part.now), lows.get((part.of, part.by)), highs.get((part.of, part.by))
            if value is None or least is None or most is None:
                continue
            paper.need(height)
            paper.text(self.names.part(one.figure, part), 0, label)
            first, place, last = (scale.at(at, room) for at in (least, value, most))
            paper.box(start + scale.at(0, room), 1, 0, height, GREY)
            paper.box(start + first, last - first, 12, 2, INK)
            for end in (first, last):
                paper.box(start + end - 1, 2, 7, 12, INK)
            paper.box(start + place - 4, 8, 9, 8, INK)
            text = self.language.text(
                "{value}, {low} to {high}",
                value=self.words.value(value, part.unit),
                low=self.words.value(least, part.unit),
                high=self.words.value(most, part.unit),
            )
            paper.text(text, paper.room - words, words, end=True)
            paper.y += height


def _number(said: Said) -> int | None:
    return None if isinstance(said, Message) else said
