"""The locked till: nothing is sold until somebody signs in. An open bill stays on the counter meanwhile."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.operator import Operator
from pos_loyalty.till.operators import add, sign_in
from pos_loyalty.ui.commands import HELP, Command, bindings, silent
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.screens.listing import MOVES
from pos_loyalty.ui.screens.who import WhoAndPin
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows


class LockScreen(WhoAndPin[Operator]):
    """Answers with who sells from now on."""

    NAME = N_("Locked")
    KEYS = (
        HELP,
        Command("enter", "", N_("Sign in"), N_("Take who was chosen; then take the PIN.")),
        Command("escape", "back", N_("Somebody else"), N_("Choose somebody else.")),
        Command("ctrl+q", "", N_("Leave"), N_("Leave the till."), shown=False),
    )
    NOTES = ((N_("2, then a PIN and Enter"), N_("The second one of the list signs in.")),)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, people: tuple[Operator, ...], *, bill: bool) -> None:
        super().__init__()
        self.people = people
        self._bill = bill

    def question(self) -> list[Row]:
        """Who sells."""
        rows = [Row(self.text("The till is locked. Who sells?"), style="strong")]
        if self._bill:
            rows.append(Row(self.text("The open bill stays on the counter."), style="dim"))
        return rows

    def check(self, who: Operator, pin: str) -> None:
        """Sign in; looking at a PIN takes a moment, so it is done in a thread."""
        register = self.desk.register
        self.till.store(lambda: sign_in(register, who.name, pin), self._signed_in, self.wrong)

    def _signed_in(self, operator: Operator) -> None:
        self.dismiss(operator)

    def action_back(self) -> None:
        """Nobody gets past it."""
        self.forget()

    def take_scan(self, code: str) -> None:
        """Nothing is scanned into a locked till. What was scanned is not shown: it might be a PIN that was typed very fast."""
        self.refuse(Message(N_("The till is locked, so the scan was not taken: sign in, then scan it again.")))


class FirstOwnerScreen(TillScreen[Operator]):
    """The first start: whoever opens the shop makes the owner's PIN. Answers with the owner, who is signed in."""

    NAME = N_("The owner's PIN")
    KEYS = (
        HELP,
        Command("f12", "store", N_("Store"), N_("Store the owner's name and PIN.")),
        Command("tab", "", N_("Next field"), N_("Go to the next field; Enter and the arrow keys do so too.")),
        Command("ctrl+q", "", N_("Leave"), N_("Leave the till.")),
    )
    BINDINGS = bindings(*KEYS, silent("up", "app.focus_previous"), silent("down", "app.focus_next"))

    def body(self) -> ComposeResult:
        """The form."""
        text = self.text
        with Vertical(id="form"):
            yield Rows(id="why")
            yield from form(
                (
                    Field("name", text("Your name"), text("as it stands on receipts")),
                    Field("pin", text("PIN"), text("4 to 12 digits; better 6 or more")),
                    Field("again", text("PIN again"), text("the same digits")),
                )
            )

    def begin(self) -> None:
        """Say what it is for."""
        words = (
            Row(self.text("Nobody has a PIN in this shop yet. The first one is the owner's, who may do everything.")),
            Row(self.text("Managers and cashiers are added afterwards: Ctrl+O, People."), style="dim"),
            Row(self.text("A shop in which nobody signs in names who sells in its settings: operator."), style="dim"),
        )
        self.query_one("#why", Rows).show([Row(row.left, style=row.style, lines=2) for row in words])
        for field in ("pin", "again"):
            self.query_one(f"#{field}", Entry).password = True
        self.query_one("#name", Entry).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field; behind the last one it stores."""
        event.stop()
        if event.input.id == "again":
            self.action_store()
        else:
            self.app.action_focus_next()

    def action_store(self) -> None:
        """Store it, once."""
        name, pin, again = (self.query_one(f"#{field}", Entry).value for field in ("name", "pin", "again"))
        if pin != again:
            self.query_one("#again", Entry).value = ""
            self.query_one("#again", Entry).focus()
            self.refuse(Message(N_("The two PINs differ: type the second one again.")))
            return
        register = self.desk.register
        self.till.store(lambda: add(register, name, "owner", pin, "", first=True), self._stored)

    def _stored(self, owner: Operator) -> None:
        self.dismiss(owner)

    def take_scan(self, code: str) -> None:
        """Nothing is sold yet. What was scanned is not shown: it might be a PIN that was typed very fast."""
        self.refuse(Message(N_("First the owner's PIN: the scan was not taken.")))

    def action_back(self) -> None:
        """There is nowhere to go back to."""
