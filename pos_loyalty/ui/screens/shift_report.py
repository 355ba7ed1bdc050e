"""An X or Z report as it is on paper: to be read, and printed; and the list of earlier Z reports."""

from __future__ import annotations

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.shift import Shift, ShiftReport
from pos_loyalty.till.shifts import closed_shifts
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.messages import PrinterState
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.paper import paper_rows
from pos_loyalty.ui.widgets.places import Across, Down
from pos_loyalty.ui.widgets.rows import Page, Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table


class ShiftReportScreen(TillScreen[None]):
    """`fresh`: a shift was closed just now, so its report is printed; an earlier one is printed as a copy."""

    NAME = N_("Shift report")
    KEYS = (
        HELP,
        Command("f8", "print", N_("Print"), N_("Print it; a Z report that was printed before is marked as a copy.")),
        Command("enter", "back", N_("Go on"), N_("Go back; nothing is changed.")),
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False),
    )
    BINDINGS = bindings(
        *KEYS,
        silent("escape", "back"),
        silent("up", "scroll(-1)"),
        silent("down", "scroll(1)"),
        silent("pageup", "scroll(-10)"),
        silent("pagedown", "scroll(10)"),
    )

    def __init__(self, report: ShiftReport, *, fresh: bool = False) -> None:
        super().__init__()
        self._report = report
        self._fresh = fresh

    def body(self) -> ComposeResult:
        """The paper at the left, what matters most at the right."""
        with Across(id="closed"):
            yield Page(id="paper")
            with Down(id="outcome"):
                yield Rows(id="outcome-words")

    def begin(self) -> None:
        """Show it, and print it where it is a new Z report."""
        report, text, money = self._report, self.text, self.desk.money
        self.query_one("#paper", Page).show(paper_rows(self.desk.shift_slip(report), self.till.rtl))
        title = text("Z report {number}", number=report.number) if report.closed else text("X report")
        rows = [Row(title, style="strong"), Row(text("Due"), money(report.due))]
        rows.append(Row(text("Expected"), money(report.drawer.expected)))
        if report.drawer.counted is not None and report.drawer.variance is not None:
            off = report.drawer.variance
            rows.append(Row(text("Counted"), money(report.drawer.counted)))
            rows.append(Row(text("Variance"), self.language.signed(off), style="warn" if off else "good"))
            mark = "✓ " + text("The shift is closed.")
            rows += [Row(), Row(mark, style="good")] if self._fresh else []
        if not self.till.prints:
            rows += [Row(), Row("○ " + text("No printer is set up: the report is only shown."), style="dim", lines=3)]
        self.query_one("#outcome-words", Rows).show(rows)
        if self._fresh and self.till.prints:
            self._print(copy=False)

    def _print(self, *, copy: bool) -> None:
        printer = self.till.devices.printer
        if printer is None:
            self.refuse(Message(N_("No printer is set up: name one in the settings, or with --printer.")))
            return
        job = self.desk.register.new_id()
        self.till.note_job(PrinterState(job, "waiting"))
        printer.put(job, self.desk.shift_slip(self._report, copy=copy), open_drawer=False, title=self.text(self.NAME))
        self.devices_changed()
        self.done(N_("The report is being printed."))

    def action_print(self) -> None:
        """On paper; what is closed was printed when it was."""
        self._print(copy=self._report.closed)

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#paper", Page).scroll_relative(y=by, animate=False)


class ShiftsScreen(Listing[None]):
    """The closed shifts of this register, the newest first; twenty at a time."""

    NAME = N_("Earlier Z reports")
    KEYS = (
        HELP,
        Command("enter", "take", N_("Open"), N_("Open the chosen report.")),
        Command("f3", "older", N_("Older"), N_("The twenty before these.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[Shift, ...] = ()

    def body(self) -> ComposeResult:
        """The list."""
        text = self.text
        yield Table(
            (
                Column(text("No."), end=True),
                Column(text("Closed")),
                Column(text("by"), grows=True),
                Column(text("Counted"), end=True),
                Column(text("Variance"), end=True),
            ),
            empty=text("This register has closed no shift yet."),
        )

    def begin(self) -> None:
        """The newest."""
        self._list(None)

    def _list(self, before: int | None) -> None:
        try:
            found = closed_shifts(self.desk.register, before)
        except Refused as refused:
            self.refuse(refused.message)
            return
        if before is not None and not found:
            self.refuse(Message(N_("There are none before these.")))
            return
        self._found = found
        self.table.show([self._row(shift) for shift in found], 0)

    def _row(self, shift: Shift) -> tuple[str, ...]:
        at = self.language.moment(self.desk.local(shift.closed_at)) if shift.closed_at else ""
        counted, expected = shift.counted or 0, shift.expected or 0
        off = self.language.signed(counted - expected)
        return (str(shift.number), at, shift.closed_by or "", self.desk.money(counted), off)

    def action_take(self) -> None:
        """Open the chosen one."""
        report = self._found[self.table.cursor].report if self._found else None
        if report is not None:
            self.app.push_screen(ShiftReportScreen(report))

    def action_older(self) -> None:
        """The twenty before these."""
        if self._found:
            self._list(self._found[-1].number)
