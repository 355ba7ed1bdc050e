"""Who a holder is, to be changed; or whose a bearer card becomes."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from pos_loyalty.domain.member import Member
from pos_loyalty.domain.message import N_
from pos_loyalty.language import Unreadable
from pos_loyalty.till.holders import Change, Enrolment, edit, enrol
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.dates import read_day
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows

LAST = "language"


class PersonScreen(TillScreen[bool]):
    """Answers whether something was stored."""

    NAME = N_("Who they are")
    KEYS = (
        HELP,
        Command("f12", "store", N_("Store"), N_("Store what stands here.")),
        Command("tab", "", N_("Next field"), N_("Go to the next field; Enter and the arrow keys do so too.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, silent("up", "app.focus_previous"), silent("down", "app.focus_next"))

    def __init__(self, account: str, card: str, member: Member | None, allowed_by: str | None) -> None:
        super().__init__()
        self._account = account
        self._card = card
        self._member = member
        self._allowed_by = allowed_by

    def body(self) -> ComposeResult:
        """The form, filled with what is known."""
        text, member = self.text, self._member
        born = member.birthday if member else None
        with Vertical(id="form"):
            yield Rows(id="question")
            yield from form(
                (
                    Field("name", text("Name"), text("needed"), member.name if member else ""),
                    Field("phone", text("Phone"), "", (member and member.phone) or ""),
                    Field("email", text("E-mail"), "", (member and member.email) or ""),
                    Field(
                        "birthday",
                        text("Birthday"),
                        text("day, month, year: 24.12.1980"),
                        f"{born.day:02}.{born.month:02}.{born.year}" if born else "",
                    ),
                    Field(LAST, text("Language"), text("two letters, such as en"), (member and member.language) or ""),
                )
            )

    def begin(self) -> None:
        """Begin with the name."""
        words = (
            self.text(
                "An emptied field is forgotten. The audit list says which fields were changed, not what they held."
            )
            if self._member
            else self.text("The card becomes a named one; all that was collected on it stays.")
        )
        self.query_one("#question", Rows).show([Row(words, style="dim", lines=2)])
        self.query_one("#name", Entry).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field; behind the last one it stores."""
        event.stop()
        if event.input.id == LAST:
            self.action_store()
        else:
            self.app.action_focus_next()

    def action_store(self) -> None:
        """Store it, once."""
        typed = {
            name: self.query_one(f"#{name}", Entry).value.strip()
            for name in ("name", "phone", "email", "birthday", LAST)
        }
        try:
            born = read_day(typed["birthday"]) if typed["birthday"] else None
        except Unreadable as unreadable:
            self.query_one("#birthday", Entry).focus()
            self.refuse(unreadable.message)
            return
        desk = self.desk
        phone, email, language = typed["phone"] or None, typed["email"] or None, typed[LAST].lower() or None
        if self._member is None:
            wish = Enrolment(typed["name"], self._card or None, phone, email, born, language)
            self.till.store(lambda: enrol(desk.register, wish), lambda _: self._stored())
        else:
            change = Change(typed["name"], phone, email, born, language)
            self.till.store(
                lambda: edit(desk.register, self._account, change, desk.operator, allowed_by=self._allowed_by),
                lambda _: self._stored(),
            )

    def _stored(self) -> None:
        self.dismiss(True)
