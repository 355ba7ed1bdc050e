"""The owner's figures: the list of reports, and one report on a page: a period beside the one before, drawn and explained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.reports import LISTS, NAMES, named
from pos_loyalty.reports.apart import Rows as Answer
from pos_loyalty.reports.frame import Cell, Period, Report
from pos_loyalty.reports.saving import as_csv, pages_at, suggested
from pos_loyalty.reports.shown import Names, Shown, Words
from pos_loyalty.ui.charting import Charting, Page
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.figuring import Figuring
from pos_loyalty.ui.periods import FIRST, OWN, PERIODS
from pos_loyalty.ui.screens.figure_questions import DayDialog, SaveDialog
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.charts import Block, Charts
from pos_loyalty.ui.widgets.drawn import Columns, widest
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

OFFERS = "offers"
"""The report that is read offer by offer, on a screen of its own."""
SHOWN = tuple(name for name in NAMES if name not in LISTS)
"""Lists of holders to act on have a screen of their own."""


class FiguresScreen(Listing[None]):
    """Chooses a report."""

    NAME = N_("Figures")
    KEYS = (HELP, Command("enter", "take", N_("Open"), N_("Open what is chosen; so does its number.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES, *(silent(str(n), f"open({n - 1})") for n in range(1, 10)))

    def body(self) -> ComposeResult:
        """The reports, and what figures are in each."""
        text = self.text
        yield Table((Column(text("No."), end=True), Column(text("Report")), Column(text("Figures"), grows=True)))

    def begin(self) -> None:
        """List them."""
        self.table.show([(str(n), *self._told(named(name))) for n, name in enumerate(SHOWN, 1)])

    def _told(self, report: Report) -> tuple[str, str]:
        titles = [one.title for one in report.figures] or [one.title for one in report.columns]
        return self.text(report.title), ", ".join(self.text(title) for title in titles)

    def action_take(self) -> None:
        """Open the chosen one."""
        self.action_open(self.table.cursor)

    def action_open(self, index: int) -> None:
        """Open one by its place."""
        if index >= len(SHOWN):
            return
        if SHOWN[index] == OFFERS:
            from pos_loyalty.ui.screens.offers import OffersScreen  # noqa: PLC0415 - it builds on this module

            self.app.push_screen(OffersScreen())
        else:
            self.app.push_screen(ReportScreen(SHOWN[index]))


class ReportScreen(Figuring[None]):
    """One report."""

    NAME = N_("Figures")
    KEYS = (
        HELP,
        Command("enter", "take", N_("Over months"), N_("The chosen figure alone, in full, and over the last months.")),
        Command("f5", "save('csv')", N_("Save as CSV"), N_("Save the rows for a spreadsheet.")),
        Command("f6", "save('png')", N_("Save picture"), N_("Save the drawings as a picture to print.")),
        Command("f7", "explain", N_("What is what"), N_("What every figure means, and what it is summed from.")),
        Command("escape", "back", N_("Back"), N_("Break off what is reckoned; else go back.")),
        Command("1,2,3,4,5,6", "", N_("Period"), N_("Choose the period by its number on the screen."), shown=False),
    )
    NOTES = (
        ("█", N_("In a bar: what was there in the period before, and still is.")),
        ("▓", N_("What is more than before.")),
        ("░", N_("What was there before, and is no more.")),
    )
    BINDINGS = bindings(
        *KEYS,
        *MOVES,
        *(silent(str(n), f"period({n - 1})") for n in range(1, len(PERIODS) + 1)),
        silent(str(len(PERIODS) + 1), "own"),
    )

    def __init__(self, name: str, chosen: int = FIRST) -> None:
        super().__init__()
        self.report = named(name)
        self._chosen = chosen
        self.rows: Sequence[tuple[Cell, ...]] | None = None
        self.page = Page()
        self._reading = 0

    # ---- what stands there --------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """The periods, the figures, and what the chosen one means."""
        yield Rows(id="periods")
        yield Rows(id="progress")
        yield Charts(id="charts")
        yield Rows(id="meaning")

    @property
    def charts(self) -> Charts:
        """The drawings."""
        return self.query_one(Charts)

    @property
    def words(self) -> Words:
        """Values as the reader's language writes them."""
        return Words(self.language)

    @property
    def names(self) -> Names:
        """What parts are called."""
        return Names(self.desk.programme, self.language)

    @property
    def today(self) -> date:
        """The business day."""
        return self.desk.programme.business_day(self.desk.register.clock())

    def entitle(self) -> None:
        """The report's own title."""
        super().entitle()
        title = self.query_one("#title", Rows)
        (row,) = title.rows
        title.show([Row(f" {self.text(self.report.title)}", row.right, style="strong")])

    def begin(self) -> None:
        """Ask for the first period."""
        self.action_period(self._chosen)

    def on_resize(self) -> None:
        """What was one line may take two now."""
        self._show_periods()

    def _show_periods(self) -> None:
        titles = [self.text(title) for title in (*(title for title, _ in PERIODS), OWN)]
        faces = [
            f"[{number} {title}]" if number == self._chosen + 1 else f" {number} {title} "
            for number, title in enumerate(titles, 1)
        ]
        self.query_one("#periods", Rows).show([Row(" ".join(faces).strip(), style="dim", lines=2)])
        self.show_progress(self._progress)

    # ---- asking -------------------------------------------------------------------------------------

    def action_period(self, number: int) -> None:
        """Ask for one of the periods."""
        self._chosen = number
        self.look_at(PERIODS[number][1](self.today))

    def action_own(self) -> None:
        """Ask for days of one's own."""

        def last(first: date | None) -> None:
            if first is not None:
                self.app.push_screen(DayDialog(first), lambda day: self._own(first, day))

        self.app.push_screen(DayDialog(), last)

    def _own(self, first: date, last: date | None) -> None:
        if last is not None:
            self._chosen = len(PERIODS)
            self.look_at(Period(first, last))

    def look_at(self, period: Period) -> None:
        """Ask for a period."""
        if self.rows is not None:
            self._reading = self.charts.cursor
        # Figures of another period do not stay below its dates, nor are they saved under them, if this is broken off.
        self.period, self.rows, self.page = period, None, Page()
        self.charts.show(())
        self._explain_chosen()
        self._show_periods()
        name = self.report.name
        self.reckon(lambda run: run.ask(name, period), self._answered)

    def _answered(self, rows: Answer) -> None:
        self.rows = rows
        self.show(rows)
        self.charts.choose(self._reading)
        self._explain_chosen()

    def show(self, rows: Answer) -> None:
        """Draw what was answered."""
        empty = self.text("There is nothing to report for that time.")
        if not self.report.figures:
            self._show_table(rows, empty)
            return
        self.page = Charting(self.names, self.words).page(self.report, rows)
        self.charts.show(self.page.blocks, heading=self.page.heading, empty=empty)

    def _show_table(self, rows: Answer, empty: str) -> None:
        """A report that is a plain table."""
        columns = self.report.columns
        titles = [self.text(column.title) for column in columns]
        cells = [[self.words.cell(column, cell) for column, cell in zip(columns, row, strict=True)] for row in rows]
        widths = [widest(column) for column in zip(titles, *cells, strict=True)]
        ends = [column.kind != "text" for column in columns]
        blocks = [Block(Columns(row, widths, ends)) for row in cells]
        self.charts.show(blocks, heading=Columns(titles, widths, ends), empty=empty)

    # ---- choosing -----------------------------------------------------------------------------------

    @property
    def chosen(self) -> Shown | None:
        """The chosen figure."""
        figures = self.page.figures
        return figures[self.charts.cursor] if self.charts.cursor < len(figures) else None

    def action_move(self, by: int) -> None:
        """Choose another figure."""
        self.charts.move(by)
        self._explain_chosen()

    def action_page(self, by: int) -> None:
        """Read on."""
        self.charts.scroll_page(by)
        self._explain_chosen()

    def _explain_chosen(self) -> None:
        """The definition and the source of the chosen figure; of a plain table, its columns."""
        one = self.chosen
        text = self.text
        if one is not None:
            source = text("from: {source}", source=text(one.figure.source))
            rows = [
                Row(f"{text(one.figure.title)}: {text(one.figure.meaning)}", lines=3),
                Row(source, style="dim", lines=2),
            ]
        else:
            rows = [Row(f"{text(column.title)}: {text(column.meaning)}") for column in self.report.columns]
            rows = [] if self.report.figures else rows
        self.query_one("#meaning", Rows).show(rows)

    def action_explain(self) -> None:
        """All definitions."""
        from pos_loyalty.ui.screens.definitions import DefinitionsScreen  # noqa: PLC0415 - seldom needed

        self.app.push_screen(DefinitionsScreen(self.report))

    def action_take(self) -> None:
        """The chosen figure alone."""
        one = self.chosen
        if one is not None:
            from pos_loyalty.ui.screens.over_months import FigureScreen  # noqa: PLC0415 - it builds on this module

            self.app.push_screen(FigureScreen(self.report, one, self.period))

    # ---- saving -------------------------------------------------------------------------------------

    def action_save(self, kind: str) -> None:
        """Ask for a file, and save what is shown."""
        rows, period, report = self.rows, self.period, self.report
        if rows is None or self.reckoning:
            self.tell("There is nothing to save yet: wait until it is reckoned.")
            return
        desk, names = self.desk, self.names

        def contents(file: Path) -> list[tuple[Path, bytes]]:
            if kind == "csv":
                return [(file, as_csv(report, rows, desk.programme.currency).encode())]
            from pos_loyalty.reports.picture import as_png  # noqa: PLC0415 - Pillow is loaded with the first picture

            pages = as_png(report, rows, period, names, desk.shop.name)
            return list(zip(pages_at(file, len(pages)), pages, strict=True))

        self.app.push_screen(SaveDialog(suggested(report, period, kind), contents), self._saved)

    def _saved(self, file: Path | None) -> None:
        if file is not None:
            self.done("The report is written to {file}.", file=str(file))
