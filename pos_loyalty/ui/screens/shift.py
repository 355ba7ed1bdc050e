"""The drawer's shift: opened with its float, moved, read and closed; every choice has its digit, so the number pad is enough."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.shift import Shift, ShiftReport, moved
from pos_loyalty.language import Unreadable, parse_amount
from pos_loyalty.till import shifts
from pos_loyalty.till.shift_needed import no_shift
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.screens.counting import CountScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.screens.shift_report import ShiftReportScreen, ShiftsScreen
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

CHOICES = (
    (N_("Open a shift"), N_("Count the float and begin.")),
    (N_("X report"), N_("What the shift has come to by now; nothing is closed.")),
    (N_("Pay in"), N_("Cash put into the drawer beside the sales.")),
    (N_("Pay out"), N_("Cash taken out of it.")),
    (N_("Open the drawer"), N_("Without a sale: it is noted.")),
    (N_("Close (Z report)"), N_("Count the cash, and close the shift.")),
    (N_("Earlier Z reports"), N_("Look at them, print them again.")),
)


class ShiftScreen(Listing[None]):
    """The drawer as it is, and what can be done with it."""

    NAME = N_("Shift")
    KEYS = (HELP, Command("enter", "take", N_("Do it"), N_("Do what is chosen; so does its number.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES, *(silent(str(n), f"choose({n - 1})") for n in range(1, len(CHOICES) + 1)))

    def body(self) -> ComposeResult:
        """The drawer, and the choices."""
        text = self.text
        yield Rows(id="drawer")
        yield Table((Column(text("No."), end=True), Column(text("Do")), Column(text("What for"), grows=True)))

    def begin(self) -> None:
        """Look at the drawer."""
        self.table.show([(str(n), self.text(do), self.text(about)) for n, (do, about) in enumerate(CHOICES, 1)])
        self.look()

    def look(self) -> None:
        """Show the drawer as it is now."""
        text, desk = self.text, self.desk
        try:
            now = shifts.drawer_now(desk.register)
        except Refused as refused:
            self.refuse(refused.message)
            return
        shift = now.shift
        if shift is None:
            rows = [Row("○ " + text("No shift is open at this register."), style="strong")]
            if desk.register.needs_shift:
                rows.append(Row("! " + text("Nothing can be sold before one is: 1 opens it."), style="warn"))
        else:
            paid_in, paid_out, opened = moved(now.moves)
            since = self.language.moment(desk.local(shift.opened_at))
            rows = [
                Row(text("● Shift {number}", number=shift.number), f"{since}, {shift.opened_by}", style="strong"),
                Row(text("Opening float"), desk.money(shift.opening_float)),
                Row(text("Paid in"), desk.money(paid_in)),
                Row(text("Paid out"), desk.money(paid_out)),
                Row(text("Opened without a sale"), self.language.number(opened)),
            ]
        self.query_one("#drawer", Rows).show(rows)
        self._shift = shift

    _shift: Shift | None = None

    def action_take(self) -> None:
        """Do what is chosen."""
        self.action_choose(self.table.cursor)

    def action_choose(self, index: int) -> None:
        """Do one by its place."""
        self.table.choose(index)
        acts = (self._open, self._read, self._pay_in, self._pay_out, self._drawer, self._close, self._earlier)
        if index in (1, 2, 3, 5) and self._shift is None:
            self.refuse(no_shift().message)
            return
        acts[index]()

    # ---- what can be done ---------------------------------------------------------------------------

    def _open(self) -> None:
        desk = self.desk
        if self._shift is not None:
            self.refuse(Message(N_("Shift {number} is open already: 6 closes it."), number=self._shift.number))
            return

        def answered(amount: Minor | None) -> None:
            if amount is not None:
                self.till.store(lambda: shifts.open_shift(desk.register, amount, desk.operator), opened)

        def opened(shift: Shift) -> None:
            self.look()
            self.done(N_("Shift {number} is open."), number=shift.number)

        self.app.push_screen(CountScreen(N_("Count the float")), answered)

    def _read(self) -> None:
        desk = self.desk
        self.till.store(lambda: shifts.x_report(desk.register, desk.operator), self._show)

    def _show(self, report: ShiftReport) -> None:
        bar = self.bar
        if bar is not None:
            bar.clear()
        self.look()
        self.app.push_screen(ShiftReportScreen(report, fresh=report.closed))

    def _pay_in(self) -> None:
        self._pay(1)

    def _pay_out(self) -> None:
        self._pay(-1)

    def _pay(self, sign: int) -> None:
        desk = self.desk

        def permitted(allowed_by: str | None) -> None:
            self.app.push_screen(PayDialog(sign), lambda answer: answered(answer, allowed_by))

        def answered(answer: tuple[Minor, str] | None, allowed_by: str | None) -> None:
            if answer is None:
                return
            amount, reason = answer
            id_ = desk.register.new_id()
            self.till.store(
                lambda: shifts.pay(desk.register, sign * amount, reason, desk.operator, allowed_by=allowed_by, id=id_),
                lambda _: self._changed(N_("It is noted: {amount}."), self.language.signed(sign * amount)),
            )

        self.till.permitted("drawer", permitted)

    def _drawer(self) -> None:
        desk = self.desk

        def permitted(allowed_by: str | None) -> None:
            self.app.push_screen(WhyOpenDialog(), lambda reason: answered(reason, allowed_by))

        def answered(reason: str | None, allowed_by: str | None) -> None:
            if reason is not None:
                self.till.store(
                    lambda: shifts.drawer_opened(desk.register, desk.operator, reason, allowed_by=allowed_by),
                    noted,
                )

        def noted(_: None) -> None:
            self._changed(N_("It is noted that the drawer was opened."), "")
            printer = self.till.devices.printer
            if printer is not None:
                printer.open_drawer()

        self.till.permitted("drawer", permitted)

    def _changed(self, said: str, amount: str) -> None:
        self.look()
        self.done(said, amount=amount)

    def _close(self) -> None:
        desk = self.desk

        def answered(counted: Minor | None) -> None:
            if counted is not None:
                self.till.store(
                    lambda: shifts.x_report(desk.register, desk.operator), lambda report: ask(report, counted)
                )

        def ask(report: ShiftReport, counted: Minor) -> None:
            self.hush()
            self.app.push_screen(CloseDialog(report, counted), lambda answer: closing(answer, counted))

        def closing(answer: bool | None, counted: Minor) -> None:
            if answer:
                self.till.store(lambda: shifts.close_shift(desk.register, counted, desk.operator), self._show)

        self.app.push_screen(CountScreen(N_("Count the drawer")), answered)

    def _earlier(self) -> None:
        self.app.push_screen(ShiftsScreen())


class WhyOpenDialog(Question[str]):
    """Answers with why the drawer is opened; nothing is an answer too."""

    NAME = N_("Open the drawer")
    HINT = N_("what for; Enter alone is enough")

    def question(self) -> list[Row]:
        """That it is noted."""
        return [Row(self.text("It is noted with your name, in the shift and for the owner."), lines=2)]

    def read(self, typed: str) -> str:
        """Any words, or none."""
        return typed


class PayDialog(Dialog[tuple[Minor, str]]):
    """Answers with how much, and what for."""

    NAME = N_("Pay in or out")
    KEYS = (
        Command("enter", "", N_("Next, store"), N_("Go to the next line; behind the last one it is stored.")),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS, silent("up", "app.focus_previous"), silent("down", "app.focus_next"))

    def __init__(self, sign: int) -> None:
        super().__init__()
        self._sign = sign

    def body(self) -> ComposeResult:
        """Two lines."""
        text = self.text
        yield Rows(id="question")
        yield from form(
            (
                Field("amount", text("Amount"), text("as 50 or 12.50")),
                Field("reason", text("What for"), text("change from the bank, a bill that was paid")),
            )
        )

    def begin(self) -> None:
        """Ask for the amount first."""
        which = self.text("Cash into the drawer") if self._sign > 0 else self.text("Cash out of the drawer")
        self.query_one("#question", Rows).show([Row(which, style="strong")])
        self.query_one("#amount", Entry).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The next line, or the answer."""
        event.stop()
        amount, reason = (self.query_one(f"#{id_}", Entry) for id_ in ("amount", "reason"))
        try:
            minor = parse_amount(amount.value.strip(), self.desk.digits)
            if minor <= 0:
                raise Unreadable(Message(N_("Type an amount above zero.")))
        except Unreadable as wrong:
            amount.focus()
            self.refuse(wrong.message)
            return
        if event.input is amount:
            reason.focus()
        elif not reason.value.strip():
            self.refuse(Message(N_("Say in a few words what the money was for.")))
        else:
            self.dismiss((minor, reason.value.strip()))


class CloseDialog(Dialog[bool]):
    """Answers True where the shift is to be closed with what was counted."""

    NAME = N_("Close the shift?")
    KEYS = (
        Command("f12", "confirm", N_("Close it"), N_("Close the shift and print the Z report.")),
        Command("escape", "back", N_("Count again"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS)

    def __init__(self, report: ShiftReport, counted: Minor) -> None:
        super().__init__()
        self._report = report
        self._counted = counted

    def body(self) -> ComposeResult:
        """What is expected and what was counted."""
        yield Rows(id="question")

    def begin(self) -> None:
        """Show both, and by how much they differ."""
        text, money = self.text, self.desk.money
        expected = self._report.drawer.expected
        off = self._counted - expected
        rows = [
            Row(text("Expected"), money(expected)),
            Row(text("Counted"), money(self._counted)),
            Row(text("Variance"), self.language.signed(off), style="warn" if off else "good"),
        ]
        if off:
            words = text("There is more than there should be.") if off > 0 else text("Some is missing: count again?")
            rows.append(Row("! " + words, style="warn", lines=2))
        self.query_one("#question", Rows).show(rows)

    def action_confirm(self) -> None:
        """Close it."""
        self.dismiss(True)
