"""What the owner watches, by cashier: a line each, and behind it the receipts that it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from textual.app import ComposeResult
from textual.message import Message as Event

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.language import Unreadable
from pos_loyalty.reports.frame import Cell, Period
from pos_loyalty.reports.watch import REPORT, TITLES, seen_by
from pos_loyalty.storage.figure_watch import Seen
from pos_loyalty.till.receipts import issued
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.dates import read_day
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.screens.receipt import ReceiptScreen
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

_HEADS = (
    N_("Bills"),
    N_("Ret."),
    N_("%"),
    N_("Hand"),
    N_("Own"),
    N_("Many"),
    N_("Late"),
    N_("Spent"),
    N_("Adj."),
    N_("Cash"),
    N_("Mgr."),
)
"""Short enough for eleven of them side by side on 80 cells; the help says what each is."""
_SHOWN = (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12)
"""The report's columns under them: all but the sum of what was given by hand."""
_ACTIONS = {
    "drawer-open": N_("opened"),
    "pay-in": N_("paid in"),
    "pay-out": N_("paid out"),
    "guard": N_("one bill more"),
}


class Answered(Event):
    """A question to the store was answered in its thread, or refused."""

    def __init__(self, outcome: object, number: int) -> None:
        super().__init__()
        self.outcome = outcome
        self.number = number


class Asking(Listing[None]):
    """A list whose rows take a while: they are read in a thread, with a line that says so, and an answer that came too late is
    let go.
    """

    _asked = 0

    def ask(self, question: Callable[[], object]) -> None:
        """Ask the store; `answered` gets what it says."""
        self._asked += 1
        number = self._asked
        self.tell(N_("Looking through the journal…"))

        def run() -> None:
            try:
                outcome: object = question()
            except Refused as refused:
                outcome = refused
            self.post_message(Answered(outcome, number))

        self.run_worker(run, thread=True, exit_on_error=False, group="asking")

    def on_answered(self, event: Answered) -> None:
        """Show the newest answer."""
        event.stop()
        if event.number != self._asked:
            return
        self.hush()
        if isinstance(event.outcome, Refused):
            self.refuse(event.outcome.message)
        else:
            self.answered(event.outcome)

    def answered(self, outcome: object) -> None:
        """Show it."""
        raise AssertionError("done by each list")


class WatchScreen(Asking):
    """A line for each cashier; Enter opens what is behind it."""

    NAME = N_("Watchfulness")
    KEYS = (
        HELP,
        Command("enter", "take", N_("Open"), N_("The single things behind the chosen line, with their receipts.")),
        Command("f2", "today", N_("Today"), N_("Only today.")),
        Command("f3", "week", N_("7 days"), N_("The last seven days, today included.")),
        Command("f4", "month", N_("30 days"), N_("The last thirty days, today included.")),
        Command("f5", "period", N_("Other days"), N_("From one day to another.")),
        BACK,
    )
    NOTES = tuple((head, REPORT.columns[at].meaning) for head, at in zip(_HEADS, _SHOWN, strict=True))
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self) -> None:
        super().__init__()
        self._period = Period()
        self._rows: list[tuple[Cell, ...]] = []

    def body(self) -> ComposeResult:
        """The period, and the table."""
        yield Rows(id="drawer")
        heads = [Column(self.text(head), end=True) for head in _HEADS]
        yield Table((Column(self.text("Cashier"), grows=True), *heads))

    def begin(self) -> None:
        """The last thirty days."""
        self.action_month()

    def action_today(self) -> None:
        """Only today."""
        self._last(1)

    def action_week(self) -> None:
        """Seven days until today."""
        self._last(7)

    def action_month(self) -> None:
        """Thirty days until today."""
        self._last(30)

    def _last(self, days: int) -> None:
        today = self.desk.programme.business_day(self.desk.register.clock())
        self._look(Period(today - timedelta(days=days - 1), today))

    def action_period(self) -> None:
        """Days that are typed."""

        def answered(period: Period | None) -> None:
            if period is not None:
                self._look(period)

        self.app.push_screen(PeriodDialog(), answered)

    def _look(self, period: Period) -> None:
        self._period = period
        store = self.desk.register.store
        rows = [Row(self.text("{first} to {last}", first=period.first, last=period.last), style="strong")]
        rows.append(Row(self.text("Nothing here is a fault by itself: it says where to look."), style="dim"))
        self.query_one("#drawer", Rows).show(rows)

        def read() -> object:
            with store.read() as books:
                return REPORT.rows(books, period)

        self.ask(read)

    def answered(self, outcome: object) -> None:
        """A line for each cashier."""
        rows: Sequence[tuple[Cell, ...]] = outcome if isinstance(outcome, list) else []
        self._rows = list(rows)
        self.table.say_if_empty(self.text("Nothing was sold in these days."))
        self.table.show([(str(row[0]), *(self._cell(row[at]) for at in _SHOWN)) for row in rows], 0)

    def _cell(self, cell: Cell) -> str:
        if isinstance(cell, int):
            return self.language.number(cell) if cell else "·"
        return "·" if cell in (None, "0%") else str(cell)

    def action_take(self) -> None:
        """What is behind the chosen line."""
        if self._rows:
            operator = str(self._rows[self.table.cursor][0])
            self.app.push_screen(WatchedScreen(operator, self._period))


class WatchedScreen(Asking):
    """All that is watched of one cashier, the newest first; Enter opens the receipt."""

    NAME = N_("Watchfulness")
    KEYS = (
        HELP,
        Command("enter", "take", N_("Receipt"), N_("Open the receipt that the chosen line is about.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, operator: str, period: Period) -> None:
        super().__init__()
        self._operator = operator
        self._period = period
        self._found: list[Seen] = []

    def body(self) -> ComposeResult:
        """Whose it is, and the list."""
        text = self.text
        yield Rows(id="drawer")
        yield Table(
            (
                Column(text("Time")),
                Column(text("What"), grows=True),
                Column(text("Receipt")),
                Column(text("Amount"), end=True),
            )
        )

    def begin(self) -> None:
        """Look."""
        period, operator, store = self._period, self._operator, self.desk.register.store
        days = self.text("{first} to {last}", first=period.first, last=period.last)
        self.query_one("#drawer", Rows).show([Row(operator, days, style="strong")])

        def read() -> object:
            with store.read() as books:
                return seen_by(books, period, operator)

        self.ask(read)

    def answered(self, outcome: object) -> None:
        """Each thing on a line."""
        self._found = outcome if isinstance(outcome, list) else []
        self.table.say_if_empty(self.text("Bills alone, and nothing out of the ordinary."))
        self.table.show([self._row(one) for one in self._found], 0)

    def _row(self, one: Seen) -> tuple[str, ...]:
        what = self.text(TITLES[one.what])
        if one.action:
            what = f"{what}: {self.text(_ACTIONS.get(one.action, one.action))}"
        amount = "" if one.amount is None else self.desk.money(one.amount)
        return (self.language.moment(self.desk.local(one.at)), what, one.receipt or "", amount)

    def action_take(self) -> None:
        """The receipt."""
        if not self._found:
            return
        number = self._found[self.table.cursor].receipt
        if number is None:
            self.refuse(Message(N_("There is no receipt of this.")))
            return
        try:
            found = issued(self.desk.register, number)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self.app.push_screen(ReceiptScreen(found, fresh=False))


class PeriodDialog(Question[Period]):
    """Answers with two days, both included."""

    NAME = N_("Which days?")
    HINT = N_("1.11.2026 - 30.11.2026; one day alone is that day")

    def question(self) -> list[Row]:
        """What to type."""
        return [Row(self.text("The first and the last day, with a hyphen between them."), lines=2)]

    def read(self, typed: str) -> Period:
        """One day, or two of them."""
        parts = typed.split(" - ") if " - " in typed else typed.split("-") if typed.count("-") == 1 else [typed]
        days: list[date] = [read_day(part.strip()) for part in parts]
        if days[0] > days[-1]:
            raise Unreadable(Message(N_("The first day comes after the last one.")))
        return Period(days[0], days[-1])
