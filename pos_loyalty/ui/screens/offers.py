"""What each offer brought: a block an offer, its lift against those who were held out as an interval, and one offer's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.reports.apart import Rows as Answer
from pos_loyalty.reports.frame import Cell, Period, Report
from pos_loyalty.reports.lift import ENOUGH
from pos_loyalty.reports.scale import Scale
from pos_loyalty.reports.shown import HIGH, LOW, Part, Said, Shown, shown
from pos_loyalty.ui.commands import HELP, Command, bindings, silent
from pos_loyalty.ui.offer_words import offer_words
from pos_loyalty.ui.periods import PERIODS
from pos_loyalty.ui.screens.figures import OFFERS, ReportScreen
from pos_loyalty.ui.screens.listing import MOVES
from pos_loyalty.ui.screens.over_months import Key, MonthsScreen, paragraphs
from pos_loyalty.ui.widgets.charts import Block
from pos_loyalty.ui.widgets.drawn import Columns, Laid, Texts, widest
from pos_loyalty.ui.widgets.interval import Interval, Intervals
from pos_loyalty.ui.widgets.rows import Row, Rows

QUARTER = 3
"""Shown at first: an offer's month says little."""


class OffersScreen(ReportScreen):
    """All offers that gave something in the period, the most used first."""

    NAME = N_("What each offer brought")
    KEYS = (
        HELP,
        Command("enter", "take", N_("Its page"), N_("The chosen offer: its rules, its figures, and over months.")),
        *ReportScreen.KEYS[2:],
    )
    BINDINGS = bindings(
        *KEYS,
        *MOVES,
        *(silent(str(n), f"period({n - 1})") for n in range(1, len(PERIODS) + 1)),
        silent(str(len(PERIODS) + 1), "own"),
    )

    def __init__(self) -> None:
        super().__init__(OFFERS, QUARTER)
        self._offers: list[str] = []

    def show(self, rows: Answer) -> None:
        """A block an offer."""
        by_offer = _by_offer(self.report, rows)
        self._offers = sorted(by_offer, key=lambda key: (-(_number(by_offer[key].get("bills")) or 0), key))
        lines = [self._columns(offer, by_offer[offer]) for offer in self._offers]
        text = self.text
        titles = [text("Offer"), text("Used by"), text("Cost"), text("Sales with it"), text("change")]
        widths = [widest(column) for column in zip(titles, *lines, strict=True)]
        ends = [False, True, True, True, True]
        scale = Scale.of(
            _number(found.get(name)) for found in by_offer.values() for name in ("lift", "lift" + LOW, "lift" + HIGH)
        )
        blocks = [
            Block(Columns(line, widths, ends), tuple(self._lift(by_offer[offer], scale)))
            for offer, line in zip(self._offers, lines, strict=True)
        ]
        self.charts.show(
            blocks, heading=Columns(titles, widths, ends), empty=text("No offer gave anything in that time.")
        )

    def _columns(self, offer: str, found: Mapping[str, Part]) -> list[str]:
        words = self.words
        values = [
            words.value(found[name].now, found[name].unit) if name in found else "–"
            for name in ("used_by", "cost", "sales_with")
        ]
        sales = found.get("sales_with")
        change = words.change(sales.now, sales.before, sales.unit) if sales is not None else ""
        return [self.names.offer(offer), *values, change]

    def _lift(self, found: Mapping[str, Part], scale: Scale) -> Iterator[Laid]:
        """The interval where there is one, and what it says; nothing for an offer that nobody is held out of."""
        verdict = found.get("verdict")
        if verdict is None or not isinstance(verdict.now, Message):
            return
        text, words = self.text, self.words
        said = self.language.say(verdict.now)
        lift, low, high = (found.get(name) for name in ("lift", "lift" + LOW, "lift" + HIGH))
        bounds = tuple(_number(part) for part in (low, lift, high))
        if lift is not None and all(bound is not None for bound in bounds):
            least, value, most = (bound or 0 for bound in bounds)
            told = text(
                "{value} a holder ({low} to {high})",
                value=words.value(value, lift.unit),
                low=words.value(least, lift.unit),
                high=words.value(most, lift.unit),
            )
            yield Intervals((Interval(text("lift"), (least, value, most), told),), scale)
            yield Texts((said,), indent=4)
            return
        had, out = _number(found.get("met")) or 0, _number(found.get("held_out")) or 0
        yield Intervals((Interval(text("lift"), None, said),), scale)
        why = text(
            "{had} had it, {out} were held out; from {least} each on it can be told", had=had, out=out, least=ENOUGH
        )
        yield Texts((why,), "dim", indent=4)

    @property
    def chosen(self) -> Shown | None:
        """No figure is chosen here, but an offer."""
        return None

    def _explain_chosen(self) -> None:
        """What is looked at, in a sentence."""
        lift = next(figure for figure in self.report.figures if figure.name == "lift")
        said = f"{self.text(lift.title)}: {self.text(lift.meaning)}"
        self.query_one("#meaning", Rows).show([Row(said, lines=4)])

    def action_take(self) -> None:
        """The chosen offer's page."""
        if self.rows is not None and self.charts.cursor < len(self._offers):
            self.app.push_screen(OfferScreen(self.report, self._offers[self.charts.cursor], self.rows, self.period))


class OfferScreen(MonthsScreen):
    """One offer: its rules in words, its figures in the period, and over months."""

    def __init__(self, report: Report, offer: str, rows: Sequence[tuple[Cell, ...]], period: Period) -> None:
        super().__init__(report, period)
        self._offer = offer
        self._rows = [row for row in rows if row[1] == offer]

    def entitle(self) -> None:
        """The offer's title."""
        super().entitle()
        title = self.query_one("#title", Rows)
        (row,) = title.rows
        title.show([Row(f" {self.names.offer(self._offer)}", row.right, style="strong")])

    def begin(self) -> None:
        """Show what is known, and ask for the months."""
        self._show([])
        self.ask_months()

    def _show(self, over: Sequence[Block]) -> None:
        offer = next((one for one in self.desk.programme.offers if one.id == self._offer), None)
        gone = [self.text("The rules in force do not have it any more.")]
        rules = gone if offer is None else offer_words(self.desk, offer)
        page = self.charting.page(self.report, [(row[0], "", *row[2:]) for row in self._rows])
        head = Block(Texts((self.text("Its rules"),)), (paragraphs(rules),))
        self.charts.show([head, *page.blocks, *over], heading=page.heading)

    def months_known(self, found: Mapping[Key, Mapping[str, Said]]) -> None:
        """Below them its figures over months."""
        titles = {figure.name: self.text(figure.title) for figure in self.report.figures}
        wanted = []
        for name, of, by, unit, *_ in self._rows:
            title = self.text("{part}, month by month", part=titles[str(name)])
            wanted.append((title, (str(name), str(of), str(by), str(unit))))
        self._show(self.lines_over(wanted, found))


def _by_offer(report: Report, rows: Answer) -> dict[str, dict[str, Part]]:
    """By offer, then by figure."""
    found: dict[str, dict[str, Part]] = {}
    for one in shown(report, rows):
        for part in one.parts:
            if part.now is not None:
                found.setdefault(part.of, {})[one.figure.name] = part
    return found


def _number(part: Part | None) -> int | None:
    return part.now if part is not None and isinstance(part.now, int) else None
