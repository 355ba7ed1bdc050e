"""Making a complaint good from a purse: a manager's right, with the reason, and the entry names the complaint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import Minor
from pos_loyalty.language import Unreadable, parse_amount
from pos_loyalty.storage.records import Complaint
from pos_loyalty.till.adjusting import adjust
from pos_loyalty.ui.commands import Command, bindings, silent
from pos_loyalty.ui.screens.base import Dialog, TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table
from pos_loyalty.ui.wording import worded

MAX_REASON = 500
"""Characters of a reason; the table has room for no more."""


class PurseDialog(Dialog[str], Listing[str]):
    """Answers with the purse that pays."""

    NAME = N_("From which purse?")
    KEYS = (
        Command("enter", "take", N_("Take"), N_("Take the chosen line.")),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def body(self) -> ComposeResult:
        """The programme's purses."""
        yield Table((Column(self.text("Purse"), grows=True),))

    def begin(self) -> None:
        """List them."""
        self.table.show([(self.desk.purse(purse.id),) for purse in self.desk.programme.purses])

    def action_take(self) -> None:
        """This one."""
        self.dismiss(self.desk.programme.purses[self.table.cursor].id)


class CompensationDialog(Dialog[tuple[int, str]]):
    """Answers with how many units are given, and why."""

    NAME = N_("Compensation")
    KEYS = (
        Command("enter", "", N_("Next, give"), N_("Go to the next line; behind the last one it is given.")),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS, silent("up", "app.focus_previous"), silent("down", "app.focus_next"))

    def __init__(self, complaint: Complaint, purse: str) -> None:
        super().__init__()
        self._complaint = complaint
        self._purse = purse

    def body(self) -> ComposeResult:
        """What they complained of; two lines."""
        text = self.text
        yield Rows(id="question")
        yield from form(
            (
                Field("amount", text("Amount"), text("what they get")),
                Field("reason", text("Why"), value=self._complaint.text[:MAX_REASON]),
            )
        )

    def begin(self) -> None:
        """Ask for the amount first."""
        rows = [
            Row(self.desk.purse(self._purse), style="strong"),
            Row(self._complaint.text, lines=2),
        ]
        if self._complaint.wish:
            rows.append(Row(self.text("wishes: {words}", words=self._complaint.wish), lines=2))
        self.query_one("#question", Rows).show(rows)
        self.query_one("#reason", Entry).max_length = MAX_REASON
        self.query_one("#amount", Entry).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The next line, or the answer."""
        event.stop()
        amount, reason = (self.query_one(f"#{id_}", Entry) for id_ in ("amount", "reason"))
        try:
            units: Minor = parse_amount(amount.value.strip(), self.language.decimals(self._purse))
            if units <= 0:
                raise Unreadable(Message(N_("Type an amount above zero.")))
        except Unreadable as wrong:
            amount.focus()
            self.refuse(wrong.message)
            return
        if event.input is amount:
            reason.focus()
        elif not reason.value.strip():
            self.refuse(Message(N_("Say in a few words what it is given for.")))
        else:
            self.dismiss((units, reason.value.strip()))


def compensate(screen: TillScreen[Any], complaint: Complaint, then: Callable[[], None]) -> None:
    """Give the holder of a complaint something from a purse, once whoever may has allowed it; `then` shows what has changed."""
    desk = screen.desk
    purses = desk.programme.purses
    if not purses:
        screen.refuse(Message(N_("The programme has no purse to give anything from.")))
        return

    def permitted(allowed_by: str | None) -> None:
        if len(purses) == 1:
            ask(purses[0].id, allowed_by)
        else:
            screen.app.push_screen(PurseDialog(), lambda purse: ask(purse, allowed_by))

    def ask(purse: str | None, allowed_by: str | None) -> None:
        if purse is not None:
            screen.app.push_screen(
                CompensationDialog(complaint, purse), lambda answer: answered(purse, answer, allowed_by)
            )

    def answered(purse: str, answer: tuple[int, str] | None, allowed_by: str | None) -> None:
        if answer is None:
            return
        units, reason = answer
        id_ = desk.register.new_id()

        def given(_: object) -> None:
            then()
            said = worded(desk, units, purse, signed=True)
            screen.done(N_("Given: {amount}. The complaint stays open until it is settled."), amount=said)

        screen.till.store(
            lambda: adjust(
                desk.register,
                complaint.account,
                purse,
                units,
                reason,
                desk.operator,
                allowed_by=allowed_by,
                id=id_,
                complaint=complaint.id,
            ),
            given,
        )

    screen.till.permitted("adjust", permitted)
