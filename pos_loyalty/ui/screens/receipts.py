"""The last receipts of this register, and any other by its number: to look at, to print again, to take goods back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.sale import receipt_number
from pos_loyalty.till.receipts import Issued, issued, latest
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.messages import JobState
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.screens.receipt import ReceiptScreen, show_why
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.table import Column, Table

STATES: dict[JobState, str] = {
    "waiting": N_("waits"),
    "printed": N_("printed"),
    "uncertain": N_("look!"),
    "refused": N_("not printed"),
}


class ReceiptsScreen(Listing[None]):
    """Opens receipts; answers nothing."""

    NAME = N_("Receipts")
    KEYS = (
        HELP,
        Command("enter", "", N_("Open"), N_("Open the chosen receipt, or the one typed.")),
        Command("f11", "why", N_("Why"), N_("Why the chosen bill came to what it did: every offer and its reason.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def body(self) -> ComposeResult:
        """The list, newest first, and a line for another number."""
        text = self.text
        yield Entry(text("Number of another receipt: 42, or till-1-000042"), id="entry")
        yield Table(
            (
                Column(text("Receipt")),
                Column(text("Time")),
                Column(text("Card holder"), grows=True),
                Column(text("Amount"), end=True),
                Column(text("Printer")),
            ),
            empty=text("This register has closed no bill yet."),
        )

    def begin(self) -> None:
        """List them."""
        self.query_one(Entry).focus()
        self._list()

    def on_screen_resume(self) -> None:
        """A receipt was looked at; its state at the printer may be another one."""
        self.devices_changed()

    def devices_changed(self) -> None:
        """The printer has said something."""
        super().devices_changed()
        if self.is_mounted and self.query(Table):
            self._list()

    def _list(self) -> None:
        try:
            self._found = latest(self.desk.register)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self.table.show([self._row(one) for one in self._found])

    def _row(self, one: Issued) -> tuple[str, ...]:
        money, refund = self.language.signed, one.refund
        at = self.desk.local(refund.at if refund else one.sale.at)
        if refund is not None:
            amount = money(-sum(tender.amount for tender in refund.money_back))
        else:
            amount = self.desk.money(one.sale.quote.due)
        job = self.till.jobs.get(one.id)
        state = self.text(STATES[job.state]) if job else ""
        return (one.number, self.language.moment(at), one.holder or "", amount, state)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the one typed, or the chosen one."""
        event.stop()
        typed = self.query_one(Entry).take()
        if not typed:
            if self.table.rows:
                self.app.push_screen(ReceiptScreen(self._found[self.table.cursor], fresh=False))
            return
        if typed.isascii() and typed.isdecimal() and len(typed) <= 9:
            typed = receipt_number(self.desk.register.name, int(typed))
        try:
            found = issued(self.desk.register, typed)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self.app.push_screen(ReceiptScreen(found, fresh=False))

    def action_why(self) -> None:
        """The reasons of the chosen bill."""
        if self.table.rows:
            show_why(self, self._found[self.table.cursor])
        else:
            self.refuse(Message(N_("There is no receipt to explain yet.")))
