"""One thing of a report by itself, now and over the last months: a figure with all its parts, or an offer with its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.frame import Period, Report
from pos_loyalty.reports.shown import Names, Said, Shown, Words, month_of, months_until, over_months
from pos_loyalty.ui.charting import Charting
from pos_loyalty.ui.commands import HELP, Command, bindings
from pos_loyalty.ui.figuring import Figuring
from pos_loyalty.ui.screens.listing import MOVES
from pos_loyalty.ui.widgets.charts import Block, Charts
from pos_loyalty.ui.widgets.drawn import Laid, Texts
from pos_loyalty.ui.widgets.rows import Row, Rows

Key = tuple[str, str, str, str]
"""A row of a report: figure, of, by, unit."""


class MonthsScreen(Figuring[None]):
    """What stands there already, and below it lines over months, which are asked for behind it."""

    KEYS = (
        HELP,
        Command("up,down", "", N_("Choose"), N_("Go from one drawing to the next."), shown=False),
        Command("escape", "back", N_("Back"), N_("Break off what is reckoned; else go back.")),
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, report: Report, period: Period) -> None:
        super().__init__()
        self.report = report
        self.period = period

    def body(self) -> ComposeResult:
        """What is said of it, the drawings, and what the chosen one means."""
        yield Rows(id="progress")
        yield Charts(id="charts")
        yield Rows(id="meaning")

    @property
    def charts(self) -> Charts:
        """The drawings."""
        return self.query_one(Charts)

    @property
    def charting(self) -> Charting:
        """Draws for this reader."""
        return Charting(self.names, Words(self.language))

    @property
    def names(self) -> Names:
        """What parts are called."""
        return Names(self.desk.programme, self.language)

    def ask_months(self) -> None:
        """Ask for the months until the last day of the period."""
        name, last = self.report.name, self.period.last
        self.reckon(
            lambda run: over_months(lambda period: run.ask(name, period), last, run.step),
            self.months_known,
        )

    def months_known(self, found: Mapping[Key, Mapping[str, Said]]) -> None:
        """Draw what was answered."""

    def lines_over(self, wanted: Sequence[tuple[str, Key]], found: Mapping[Key, Mapping[str, Said]]) -> list[Block]:
        """A line for each of these that was ever more than nothing; those of no months are left out."""
        months = months_until(self.period.last)
        charting = self.charting
        return [
            charting.over(title, months, found[key], key[3])
            for title, key in wanted
            if any(isinstance(said, int) for said in found.get(key, {}).values())
        ]

    def action_move(self, by: int) -> None:
        """Choose another drawing."""
        self.charts.move(by)

    def action_page(self, by: int) -> None:
        """Read on."""
        self.charts.scroll_page(by)


class FigureScreen(MonthsScreen):
    """One figure: every part with its numbers, and over months where its parts are not months themselves."""

    NAME = N_("One figure")

    def __init__(self, report: Report, one: Shown, period: Period) -> None:
        super().__init__(report, period)
        self._one = one

    def begin(self) -> None:
        """Show what is known, and ask for the rest."""
        figure = self._one.figure
        source = self.text("from: {source}", source=self.text(figure.source))
        self.query_one("#meaning", Rows).show(
            [Row(self.text(figure.meaning), lines=3), Row(source, style="dim", lines=2)]
        )
        page = self.charting.exact(self._one)
        self.charts.show(page.blocks, heading=page.heading)
        self.show_progress("")
        if not any(month_of(part) for part in self._one.parts):
            self.ask_months()

    def months_known(self, found: Mapping[Key, Mapping[str, Said]]) -> None:
        """Below the parts a line for each."""
        figure = self._one.figure
        wanted = [(part, (figure.name, part.of, part.by, part.unit)) for part in self._one.parts]
        titled = [
            (self.text("{part}, month by month", part=self.names.part(figure, part)), key) for part, key in wanted
        ]
        page = self.charting.exact(self._one)
        self.charts.show([*page.blocks, *self.lines_over(titled, found)], heading=page.heading)


def paragraphs(texts: Sequence[str], style: str = "") -> Laid:
    """Words that take as many lines as they need."""
    return Texts(tuple(texts), style, indent=4, wrap=True)
