"""A receipt: after a bill is closed with its change, large; or an old one. What became of it at the printer, and copies."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.sale import Tender
from pos_loyalty.till.receipts import Issued, copied
from pos_loyalty.ui.commands import HELP, Command, bindings, silent
from pos_loyalty.ui.customer import closed
from pos_loyalty.ui.messages import PrinterState
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.amount import Amount
from pos_loyalty.ui.widgets.paper import paper_rows
from pos_loyalty.ui.widgets.places import Across, Down
from pos_loyalty.ui.widgets.rows import Page, Row, Rows
from pos_loyalty.ui.wording import worded

if TYPE_CHECKING:
    from pos_loyalty.storage.records import Complaint

READ_FIRST = 0.4
"""Seconds in which Enter and Escape do not leave a receipt that has just appeared: a key pressed twice must not hide the change."""


class ReceiptScreen(TillScreen[None]):
    """`fresh`: the bill was closed just now, so its receipt is printed, and its change is shown."""

    NAME = N_("Receipt")
    KEYS = (
        HELP,
        Command("enter", "back", N_("Next customer"), N_("Go on; scanning goods or a card does the same.")),
        Command(
            "f2", "forgotten", N_("Forgotten card"), N_("Find the holder of a card that was forgotten on this bill.")
        ),
        Command("f3", "content", N_("Content?"), N_("How content they are, from 1 to 5.")),
        Command("f4", "recommends", N_("Recommend?"), N_("Whether they would recommend the shop, from 0 to 10.")),
        Command("f5", "again", N_("Print again"), N_("You looked at the paper and it is not there: print it.")),
        Command("f6", "drop", N_("Don't print"), N_("You looked at the paper and it is there, or nobody wants it.")),
        Command("f7", "words", N_("Words"), N_("What they said of their visit."), shown=False),
        Command("f8", "copy", N_("Copy"), N_("Print it once more, marked as a copy.")),
        Command("f9", "complain", N_("Complaint"), N_("Take a complaint of the card holder down.")),
        Command("f11", "why", N_("Why"), N_("Why the bill came to what it did: every offer and its reason.")),
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False),
    )
    NOTES = (
        (N_("a card"), N_("Forgotten on this bill, it is added to it, as long as the programme lets it.")),
        (N_("goods"), N_("They go on the next bill.")),
    )
    BINDINGS = bindings(
        *KEYS,
        silent("escape,f12", "back"),
        silent("up", "scroll(-1)"),
        silent("down", "scroll(1)"),
        silent("pageup", "scroll(-10)"),
        silent("pagedown", "scroll(10)"),
    )

    def __init__(self, issued: Issued, *, fresh: bool) -> None:
        super().__init__()
        self._issued = issued
        self._fresh = fresh
        self._job = issued.id
        self.shown_at = monotonic()

    def body(self) -> ComposeResult:
        """A word of thanks, the paper at the left, the money at the right."""
        yield Rows(id="thanks")
        with Across(id="closed"):
            yield Page(id="paper")
            with Down(id="outcome"):
                yield Rows(id="outcome-label")
                yield Amount(id="outcome-amount")
                yield Rows(id="outcome-words")
                yield Rows(id="printing")

    def begin(self) -> None:
        """Show it, and have it printed where it is a new one."""
        self.shown_at = monotonic()
        desk, text, issued = self.desk, self.text, self._issued
        receipt = desk.receipt(issued)
        self.query_one("#paper", Page).show(paper_rows(receipt, self.till.rtl))
        self.query_one("#thanks", Rows).show(self._thanks())
        if issued.refund is None:
            settlement = issued.sale.settlement
            label, amount = text("Change"), settlement.change
            words = [
                Row(text("Due"), desk.money(issued.sale.quote.due)),
                Row(text("Given"), desk.money(settlement.paid)),
            ]
        else:
            label, amount = text("Give back"), sum(tender.amount for tender in issued.refund.money_back)
            words = []
        self.query_one("#outcome-label", Rows).show([Row(f"{label}, {issued.sale.currency}", style="strong")])
        self.query_one("#outcome-amount", Amount).show(desk.money(amount))
        mark = "✓ " + text("Closed as {number}", number=issued.number)
        self.query_one("#outcome-words", Rows).show([*words, Row(), Row(mark, style="good", lines=2)])
        if self._fresh:
            self._print(issued.id, copy=False)
            self.till.show_customer(lambda desk: closed(desk, issued))
        self._draw_printing()

    def _thanks(self) -> list[Row]:
        """To a holder whose bill was closed just now: their name, and what they have earned, each purse in its own unit."""
        sale = self._issued.sale
        if not self._fresh or self._issued.refund is not None or sale.account is None:
            return []
        first = self._issued.holder.split()[0] if self._issued.holder else ""
        said = self.text("Thank you, {name}!", name=first) if first else self.text("Thank you!")
        sums: dict[str, int] = {}
        for earned in sale.quote.earned:
            sums[earned.purse] = sums.get(earned.purse, 0) + earned.amount
        if sums:
            amounts = ", ".join(worded(self.desk, amount, purse) for purse, amount in sums.items())
            said = f"{said} " + self.text("Earned: {amounts}.", amounts=amounts)
        return [Row(said, style="strong")]

    # ---- printing -----------------------------------------------------------------------------------

    def _print(self, job: str, *, copy: bool) -> None:
        printer = self.till.devices.printer
        if printer is None:
            return
        self._job = job
        issued = self._issued
        cash = self._fresh and not copy and any(t.kind == "cash" for t in _money(issued))
        title = self.text("{number}, copy", number=issued.number) if copy else issued.number
        self.till.note_job(PrinterState(job, "waiting", title=title))
        printer.put(job, self.desk.receipt(issued, copy=copy), open_drawer=cash, title=title)
        self.devices_changed()

    def devices_changed(self) -> None:
        """The printer has said something."""
        super().devices_changed()
        if self.is_mounted and self.query("#printing"):
            self._draw_printing()

    def _draw_printing(self) -> None:
        state = self.till.jobs.get(self._job)
        text = self.text
        if not self.till.prints:
            rows = [Row("○ " + text("No printer is set up: the receipt is only shown."), style="dim", lines=3)]
        elif state is None:
            rows = [Row(text("F8 prints a copy."), style="dim", lines=2)]
        else:
            why = self.language.say(state.message) if state.message else ""
            match state.state:
                case "printed":
                    done = text("Printed.") if state.confirmed else text("Sent to the printer.")
                    rows = [Row("✓ " + done, style="good")]
                    if state.paper_low:
                        rows.append(Row("! " + text("The paper ends soon."), style="warn"))
                case "uncertain":
                    rows = [
                        Row("✖ " + text("It may be on paper or not. {why}", why=why), style="bad", lines=5),
                        Row(text("Look at the paper: F5 prints it, F6 does not."), style="strong", lines=3),
                    ]
                case "refused":
                    rows = [Row("✖ " + why, style="bad", lines=5)]
                case _:
                    waits = text("Waits for the printer. {why}", why=why) if why else text("Printing…")
                    rows = [Row("◌ " + waits, style="warn" if why else "", lines=5)]
                    if why:
                        rows.append(
                            Row(text("It is printed by itself once the printer is well."), style="dim", lines=3)
                        )
        self.query_one("#printing", Rows).show([Row(), *rows])

    def action_copy(self) -> None:
        """One more, marked as a copy."""
        if self.till.devices.printer is None:
            self.refuse(Message(N_("No printer is set up: name one in the settings, or with --printer.")))
            return
        desk, issued = self.desk, self._issued

        def noted(_: None) -> None:
            self._print(desk.register.new_id(), copy=True)
            self.done(N_("A copy is being printed."))

        self.till.store(lambda: copied(desk.register, issued, desk.operator), noted)

    def action_again(self) -> None:
        """Print what may not be on paper."""
        state = self.till.jobs.get(self._job)
        printer = self.till.devices.printer
        if printer is None or state is None or state.state == "printed":
            self.refuse(Message(N_("This receipt does not wait at the printer; F8 prints a copy.")))
            return
        self.till.note_job(PrinterState(self._job, "waiting"))
        printer.retry(self._job)
        self.devices_changed()

    def action_drop(self) -> None:
        """Do not print it."""
        state = self.till.jobs.get(self._job)
        printer = self.till.devices.printer
        if printer is None or state is None or state.state == "printed":
            self.refuse(Message(N_("This receipt does not wait at the printer.")))
            return
        printer.drop(self._job)
        self.till.jobs.pop(self._job, None)
        self.devices_changed()
        self.done(N_("It is not printed any more; F8 prints a copy at any time."))

    def action_why(self) -> None:
        """The reasons of this bill."""
        show_why(self, self._issued)

    # ---- what the customer says ----------------------------------------------------------------------

    def action_content(self) -> None:
        """How content they are."""
        from pos_loyalty.ui.screens.feedback import ask_satisfaction  # noqa: PLC0415 - not on every bill

        ask_satisfaction(self, self._issued.sale.id)

    def action_recommends(self) -> None:
        """Whether they would recommend the shop."""
        from pos_loyalty.ui.screens.feedback import ask_recommendation  # noqa: PLC0415 - not on every bill

        ask_recommendation(self, self._issued.sale.id)

    def action_words(self) -> None:
        """What they said."""
        from pos_loyalty.ui.screens.feedback import ask_words  # noqa: PLC0415 - not on every bill

        ask_words(self, self._issued.sale.id)

    def action_complain(self) -> None:
        """Take a complaint down, with the holder whose bill it is."""
        from pos_loyalty.till.feedback import holder_of  # noqa: PLC0415 - opened seldom
        from pos_loyalty.ui.screens.words import ComplaintScreen  # noqa: PLC0415

        try:
            account = holder_of(self.desk.register, self._issued.sale.id)
        except Refused as refused:
            self.refuse(refused.message)
            return
        if account is None:
            self.refuse(Message(N_("No card is on this bill: F7 keeps what they said without one.")))
            return

        def answered(complaint: Complaint | None) -> None:
            if complaint is not None:
                self.done(N_("The complaint is stored; it is shown with the card until it is closed."))

        self.app.push_screen(ComplaintScreen(account), answered)

    # ---- a forgotten card ---------------------------------------------------------------------------

    def take_scan(self, code: str) -> None:
        """A card may be the one that was forgotten on this bill; whatever else was scanned counts at the next one."""
        from pos_loyalty.ui.screens.late_card import take_late_card  # noqa: PLC0415 - scanned seldom here

        if not take_late_card(self, self._issued, code):
            super().take_scan(code)

    def action_forgotten(self) -> None:
        """Find its holder by name or phone."""
        from pos_loyalty.ui.screens.find_holder import FindHolderScreen  # noqa: PLC0415 - opened seldom
        from pos_loyalty.ui.screens.late_card import take_late_card, takes_none  # noqa: PLC0415

        none = takes_none(self.desk, self._issued)
        if none is not None:
            self.refuse(none)
            return

        def found(number: str | None) -> None:
            if number is not None:
                take_late_card(self, self._issued, number)

        self.app.push_screen(FindHolderScreen(), found)

    # ---- going on -----------------------------------------------------------------------------------

    def action_back(self) -> None:
        """The next customer; but a key that was pressed twice does not hide the change."""
        if not self._fresh or monotonic() - self.shown_at > READ_FIRST:
            self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#paper", Page).scroll_relative(y=by, animate=False)


def show_why(screen: TillScreen[Any], issued: Issued) -> None:
    """Open the reasons of a closed bill, with the revision that priced it; those of a return are its sale's."""
    from pos_loyalty.till.programmes import priced_by  # noqa: PLC0415 - opened seldom
    from pos_loyalty.ui.screens.why import WhyScreen  # noqa: PLC0415

    sale = issued.sale
    try:
        rules = priced_by(screen.desk.register, sale.revision)
    except Refused as refused:
        screen.refuse(refused.message)
        return
    screen.app.push_screen(WhyScreen(sale.quote, rules, sale.receipt_number))


def _money(issued: Issued) -> tuple[Tender, ...]:
    return issued.refund.money_back if issued.refund is not None else issued.sale.settlement.tenders
