"""Who works here: added, given another PIN, role or card, or sent away. Each change takes the right to it, and asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.operator import ROLES, Operator, Role
from pos_loyalty.till.operators import ROLE_NAMES, Change, add, change, listed
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import Dialog, TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.screens.listing import MOVES, TAKE, Listing
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

ROLE_WORDS: dict[Role, str] = {
    "cashier": N_("sells, takes back with a receipt, closes the shift"),
    "manager": N_("also discounts by hand, cards, purses by hand, figures, the list of what was done"),
    "owner": N_("everything: also the programme, people, erasing, import and export"),
}


class RoleDialog(Dialog[Role], Listing[Role]):
    """Answers with a role."""

    NAME = N_("Which role?")
    KEYS = (TAKE, BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def body(self) -> ComposeResult:
        """The roles and what each may do."""
        text = self.text
        yield Table((Column(text("Role")), Column(text("May do"), grows=True)))

    def begin(self) -> None:
        """List them."""
        self.table.show([(self.text(ROLE_NAMES[role]), self.text(ROLE_WORDS[role])) for role in ROLES])

    def action_take(self) -> None:
        """This one."""
        self.dismiss(ROLES[self.table.cursor])


class CardDialog(Question[str]):
    """Answers with the number of somebody's own card, or nothing for none."""

    NAME = N_("Their own card")
    HINT = N_("scan it, or type its number; nothing: no card")

    def question(self) -> list[Row]:
        """What it is for."""
        return [Row(self.text("On their shift it is watched as the programme's guard says."), lines=2)]

    def read(self, typed: str) -> str:
        """Any number, or none."""
        return typed

    def take_scan(self, code: str) -> None:
        """That card."""
        self.dismiss(code)


class PinScreen(TillScreen[tuple[str, str]]):
    """Asks for a name, unless it is known, and a PIN twice; answers with both."""

    NAME = N_("Name and PIN")
    KEYS = (
        HELP,
        Command("f12", "store", N_("Store"), N_("Store what was typed.")),
        Command("tab", "", N_("Next field"), N_("Go to the next field; Enter and the arrow keys do so too.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, silent("up", "app.focus_previous"), silent("down", "app.focus_next"))

    def __init__(self, who: str, why: Message) -> None:
        super().__init__()
        self._who = who
        self._why = why

    def body(self) -> ComposeResult:
        """The form."""
        text = self.text
        named = () if self._who else (Field("name", text("Name"), text("as it stands on receipts")),)
        with Vertical(id="form"):
            yield Rows(id="why")
            yield from form(
                (
                    *named,
                    Field("pin", text("PIN"), text("4 to 12 digits")),
                    Field("again", text("PIN again"), text("the same digits")),
                )
            )

    def begin(self) -> None:
        """Whose it is."""
        self.query_one("#why", Rows).show([Row(self.language.say(self._why), style="strong", lines=2)])
        for field in ("pin", "again"):
            self.query_one(f"#{field}", Entry).password = True
        self.query_one("#pin" if self._who else "#name", Entry).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field; behind the last one it stores."""
        event.stop()
        if event.input.id == "again":
            self.action_store()
        else:
            self.app.action_focus_next()

    def action_store(self) -> None:
        """Answer, if both PINs are the same."""
        again = self.query_one("#again", Entry)
        if self.query_one("#pin", Entry).value != again.value:
            again.value = ""
            again.focus()
            self.refuse(Message(N_("The two PINs differ: type the second one again.")))
            return
        name = self._who or self.query_one("#name", Entry).value
        self.dismiss((name, again.value))

    def take_scan(self, code: str) -> None:
        """First the PIN. What was scanned is not shown: it might be a PIN that was typed very fast."""
        self.refuse(Message(N_("The scan was not taken: first the PIN, or Esc; then scan it again.")))


class PeopleScreen(Listing[None]):
    """The people."""

    NAME = N_("People")
    KEYS = (
        HELP,
        Command("f2", "add", N_("Add"), N_("Add somebody: role, name and PIN.")),
        Command("f4", "pin", N_("New PIN"), N_("Give the chosen one a new PIN; that also ends a lock.")),
        Command("f5", "role", N_("Role"), N_("Give the chosen one another role.")),
        Command("f6", "active", N_("Leaves / back"), N_("The chosen one works here no longer, or again.")),
        Command("f7", "card", N_("Own card"), N_("Connect the chosen one's own card, or none.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def body(self) -> ComposeResult:
        """Everybody."""
        text = self.text
        yield Table(
            (
                Column(text("Name"), grows=True),
                Column(text("Role")),
                Column(text("Works here")),
                Column(text("Own card")),
                Column(text("Locked until")),
            ),
            empty=text("Nobody has a PIN here yet. F2 adds the owner first."),
        )

    def begin(self) -> None:
        """List them."""
        self._list()

    def _list(self) -> None:
        try:
            self._people = listed(self.desk.register)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self.table.show([self._row(one) for one in self._people])

    def _row(self, one: Operator) -> tuple[str, ...]:
        yes, no = self.text("yes"), self.text("no")
        until = one.shut_out_until(self.desk.register.clock())
        return (
            one.name,
            self.text(ROLE_NAMES[one.role]),
            yes if one.active else no,
            yes if one.account else no,
            self.language.moment(self.desk.local(until)) if until else "",
        )

    def action_add(self) -> None:
        """Role, then name and PIN; the first one is the owner."""
        if not self._people:
            self._newcomer("owner")
            return

        def chosen(role: Role | None) -> None:
            if role is not None:
                self._newcomer(role)

        self.app.push_screen(RoleDialog(), chosen)

    def _newcomer(self, role: Role) -> None:
        desk = self.desk

        def typed(answer: tuple[str, str] | None) -> None:
            if answer is not None:
                name, pin = answer
                self._permitted(lambda by: add(desk.register, name, role, pin, desk.operator, allowed_by=by))

        why = Message(N_("Somebody new: {role}"), role=Message(ROLE_NAMES[role]))
        self.app.push_screen(PinScreen("", why), typed)

    def action_pin(self) -> None:
        """A new PIN for the chosen one."""
        if not self._people:
            return
        who = self._people[self.table.cursor].name

        def typed(answer: tuple[str, str] | None) -> None:
            if answer is not None:
                self._change(who, Change(pin=answer[1]))

        self.app.push_screen(PinScreen(who, Message(N_("A new PIN for {name}"), name=who)), typed)

    def action_role(self) -> None:
        """Another role for the chosen one."""
        if not self._people:
            return
        who = self._people[self.table.cursor].name

        def chosen(role: Role | None) -> None:
            if role is not None:
                self._change(who, Change(role=role))

        self.app.push_screen(RoleDialog(), chosen)

    def action_active(self) -> None:
        """The chosen one leaves, or is back."""
        if self._people:
            one = self._people[self.table.cursor]
            self._change(one.name, Change(active=not one.active))

    def action_card(self) -> None:
        """The chosen one's own card."""
        if not self._people:
            return
        who = self._people[self.table.cursor].name

        def answered(number: str | None) -> None:
            if number is not None:
                self._change(who, Change(card=number))

        self.app.push_screen(CardDialog(), answered)

    def _change(self, who: str, wish: Change) -> None:
        desk = self.desk
        self._permitted(lambda by: change(desk.register, who, wish, desk.operator, allowed_by=by))

    def _permitted(self, action: Callable[[str | None], Operator]) -> None:
        self.till.permitted("operators", lambda by: self.till.store(partial(action, by), self._stored))

    def _stored(self, operator: Operator) -> None:
        self._list()
        self.done(N_("{name} is stored."), name=operator.name)
