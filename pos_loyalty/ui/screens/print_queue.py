"""What waits at the printer: receipts, copies and slips alike, with why, and a person's word where the paper must be looked at."""

from __future__ import annotations

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.messages import JobState, PrinterState
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

STATES: dict[JobState, str] = {
    "waiting": N_("waits"),
    "uncertain": N_("look!"),
    "refused": N_("not printed"),
    "printed": N_("printed"),
}
NOTHING = Message(N_("Nothing waits at the printer."))


class PrintQueueScreen(Listing[None]):
    """Answers nothing."""

    NAME = N_("Printer")
    KEYS = (
        HELP,
        Command("f5", "again", N_("Print again"), N_("You looked at the paper and it is not there: print it.")),
        Command("f6", "drop", N_("Don't print"), N_("You looked at the paper and it is there, or nobody wants it.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    _shown: tuple[PrinterState, ...] = ()

    def body(self) -> ComposeResult:
        """How the printer is, and the list."""
        text = self.text
        yield Rows(id="health")
        yield Table(
            (Column(text("Receipt")), Column(text("Printer")), Column(text("Why"), grows=True)),
            empty=text("Nothing waits at the printer."),
        )

    def begin(self) -> None:
        """List what waits."""
        self._list()

    def devices_changed(self) -> None:
        """The printer has said something."""
        super().devices_changed()
        if self.is_mounted and self.query(Table):
            self._list()

    def _list(self) -> None:
        till, text = self.till, self.text
        self._shown = tuple(job for job in till.jobs.values() if job.state != "printed")
        self.table.show(
            [
                (
                    job.title or job.job[-8:],
                    text(STATES[job.state]),
                    self.language.say(job.message) if job.message else "",
                )
                for job in self._shown
            ]
        )
        chosen = self._chosen()
        why = chosen.message if chosen else till.printer_health.message
        if not till.prints:
            row = Row("○ " + text("No printer is set up"), style="dim")
        elif why is not None:
            row = Row("✖ " + self.language.say(why), style="warn", lines=3)
        else:
            row = Row(text("● Printer ready"), style="good")
        self.query_one("#health", Rows).show([row])

    def _chosen(self) -> PrinterState | None:
        return self._shown[self.table.cursor] if self._shown else None

    def action_move(self, by: int) -> None:
        """Choose another one, and say why it waits."""
        super().action_move(by)
        self._list()

    def action_again(self) -> None:
        """Print what may not be on paper."""
        job, printer = self._chosen(), self.till.devices.printer
        if job is None or printer is None:
            self.refuse(NOTHING)
            return
        if job.state == "refused":
            self.refuse(Message(N_("The printer's queue did not take it; F8 prints a copy.")))
            return
        self.till.note_job(PrinterState(job.job, "waiting"))
        printer.retry(job.job)
        self.till.renew_status()

    def action_drop(self) -> None:
        """Do not print it."""
        job, printer = self._chosen(), self.till.devices.printer
        if job is None or printer is None:
            self.refuse(NOTHING)
            return
        printer.drop(job.job)
        self.till.jobs.pop(job.job, None)
        self.till.renew_status()
        self.done(N_("It is not printed any more; F8 prints a copy at any time."))
