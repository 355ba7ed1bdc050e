"""The complaints of all holders: the open ones, overdue first, and those that were closed, with how long that took."""

from __future__ import annotations

from datetime import date

from textual.app import ComposeResult

from pos_loyalty.domain.member import short_name
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.storage.records import HeldComplaint
from pos_loyalty.till.feedback import closed_complaints, is_overdue, open_complaints
from pos_loyalty.till.recognition import close_complaint
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.screens.compensating import compensate
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.screens.words import SolutionDialog
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table


class AllComplaintsScreen(Listing[None]):
    """A list; what is chosen in it stands whole below."""

    NAME = N_("Complaints")
    KEYS = (
        HELP,
        Command("f2", "open", N_("Open ones"), N_("Those that wait: overdue ones first.")),
        Command(
            "f3", "closed", N_("Closed ones"), N_("Those that were closed, the last ones first; again: older ones.")
        ),
        Command("f5", "settle", N_("Settle"), N_("Close the chosen one, saying how it was settled.")),
        Command("f7", "compensate", N_("Compensate"), N_("Give the holder something from a purse.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[HeldComplaint, ...] = ()
        self._shows_closed = False

    def body(self) -> ComposeResult:
        """Which ones, the list, and the chosen one."""
        text = self.text
        yield Rows(id="drawer")
        yield Table(
            (
                Column(text("Since")),
                Column(text("Card holder")),
                Column(text("Complaint"), grows=True),
                Column(text("Promised")),
                Column(text("Days"), end=True),
            ),
            empty=text("There is none."),
        )
        yield Rows(id="reason")

    def begin(self) -> None:
        """Those that wait."""
        self.action_open()

    @property
    def _today(self) -> date:
        return self.desk.local(self.desk.register.clock()).date()

    def action_open(self) -> None:
        """Those that wait."""
        self._show(closed=False)

    def action_closed(self) -> None:
        """Those that were closed; where they are shown already, the ones before them."""
        self._show(closed=True)

    def _show(self, *, closed: bool) -> None:
        register = self.desk.register
        last = self._found[-1].complaint if closed and self._shows_closed and self._found else None
        try:
            if not closed:
                found = open_complaints(register)
            elif last is not None and last.closed_at is not None:
                found = closed_complaints(register, (last.closed_at, last.id))
            else:
                found = closed_complaints(register)
        except Refused as refused:
            self.refuse(refused.message)
            return
        if last is not None and not found:
            self.refuse(Message(N_("There are none before these.")))
            return
        self._found, self._shows_closed = found, closed
        overdue = sum(is_overdue(one, self._today) for one in found)
        if closed:
            title = Row(self.text("Closed complaints"), style="strong")
        else:
            late = self.text("! overdue: {count}", count=overdue) if overdue else ""
            title = Row(self.text("Open complaints: {count}", count=len(found)), late, style="strong")
        self.query_one("#drawer", Rows).show([title])
        self.table.show(
            [self._row(one) for one in found], 0, ["strong" if is_overdue(o, self._today) else "" for o in found]
        )
        self._detail()

    def _row(self, held: HeldComplaint) -> tuple[str, ...]:
        one, language, local = held.complaint, self.language, self.desk.local
        since = local(one.opened_at).date()
        until = local(one.closed_at).date() if one.closed_at else self._today
        mark = "! " if is_overdue(held, self._today) else ""
        promised = mark + language.day(one.promised) if one.promised else ""
        name = short_name(held.holder) if held.holder else self.text("no name")
        return (language.day(since), name, one.text, promised, language.number((until - since).days))

    def _detail(self) -> None:
        rows: list[Row] = []
        if self._found:
            one = self._found[self.table.cursor].complaint
            rows.append(Row(one.text, lines=2))
            if one.wish:
                rows.append(Row(self.text("wishes: {words}", words=one.wish)))
            if one.solution:
                rows.append(
                    Row(self.text("settled by {operator}: {words}", operator=one.closed_by or "", words=one.solution))
                )
        self.query_one("#reason", Rows).show(rows)

    def action_move(self, by: int) -> None:
        """Choose another one."""
        super().action_move(by)
        self._detail()

    def action_page(self, by: int) -> None:
        """Choose one a page away."""
        super().action_page(by)
        self._detail()

    def _chosen(self) -> HeldComplaint | None:
        if self._shows_closed or not self._found:
            self.refuse(Message(N_("Choose an open complaint first: F2 lists them.")))
            return None
        return self._found[self.table.cursor]

    def action_settle(self) -> None:
        """Close the chosen one."""
        held, desk = self._chosen(), self.desk
        if held is None:
            return

        def answered(words: str | None) -> None:
            if words is not None:
                self.till.store(
                    lambda: close_complaint(desk.register, held.complaint.id, words, desk.operator), lambda _: closed()
                )

        def closed() -> None:
            self.action_open()
            self.done(N_("The complaint is closed."))

        self.app.push_screen(SolutionDialog(held.complaint), answered)

    def action_compensate(self) -> None:
        """Give the holder of the chosen one something."""
        held = self._chosen()
        if held is not None:
            compensate(self, held.complaint, self.action_open)
