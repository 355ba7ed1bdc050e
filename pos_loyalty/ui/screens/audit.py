"""What was done here, by whom and who allowed it: the journal and all else, newest first, by operator, action and days.

Reading is done in a thread, a page at a time; nothing is read that is not shown or passed over on the way to it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message as Event
from textual.widgets import Input

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.language import Unreadable
from pos_loyalty.storage.audit_rows import Deed
from pos_loyalty.till.audit import Cursor, Page, Wanted, page
from pos_loyalty.till.operators import RIGHT_NAMES, ROLE_NAMES
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.dates import read_day
from pos_loyalty.ui.screens.base import Dialog, TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.screens.listing import MOVES, TAKE, Listing
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table

ACTIONS: dict[str, str] = {
    "sale": N_("sale"),
    "refund": N_("return"),
    "adjustment": N_("purse changed by hand"),
    "expiry": N_("units ran out"),
    "club": N_("club joined"),
    "late-card": N_("card added late"),
    "discount": N_("discount by hand allowed"),
    "guard": N_("bill past the guard allowed"),
    "forgive": N_("forgiven what was spent"),
    "allow": N_("PIN given to allow"),
    "sign-in": N_("signed in"),
    "sign-in-failed": N_("wrong PIN"),
    "lock": N_("till locked"),
    "operator-add": N_("operator added"),
    "operator-change": N_("operator changed"),
    "note": N_("note on a holder"),
    "complaint": N_("complaint taken"),
    "complaint-close": N_("complaint closed"),
    "prize": N_("prize handed out"),
    "receipt-copy": N_("receipt printed again"),
    "programme-activate": N_("programme activated"),
}
"""What each action is called; one that is not here is shown by its own word."""
SIZE = 50


class PageRead(Event):
    """A page was read in its thread, or how far back it looks by now, or why it could not be."""

    def __init__(self, of: Wanted, outcome: Page | datetime | Refused) -> None:
        super().__init__()
        self.of = of
        self.outcome = outcome


class ActionDialog(Dialog[str], Listing[str]):
    """Answers with the action that is looked for, "" for all."""

    NAME = N_("Which action?")
    KEYS = (TAKE, BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def body(self) -> ComposeResult:
        """The actions."""
        yield Table((Column(self.text("Action"), grows=True),))

    def begin(self) -> None:
        """List them."""
        self.table.show([(self.text("everything"),), *((self.text(title),) for title in ACTIONS.values())])

    def action_take(self) -> None:
        """This one."""
        self.dismiss(("", *ACTIONS)[self.table.cursor])


class DaysScreen(TillScreen[tuple[str, str]]):
    """Answers with the first and last day as they were typed and can be read."""

    NAME = N_("From which day to which?")
    KEYS = (
        HELP,
        Command("f12", "take", N_("Take"), N_("Take these days; an empty one is no limit.")),
        Command("tab", "", N_("Next field"), N_("Go to the next field; Enter and the arrow keys do so too.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, silent("up", "app.focus_previous"), silent("down", "app.focus_next"))

    def body(self) -> ComposeResult:
        """Two days."""
        text = self.text
        with Vertical(id="form"):
            hint = text("day, month, year: 24.12.2026")
            yield from form((Field("first", text("From"), hint), Field("last", text("Until"), hint)))

    def begin(self) -> None:
        """Begin with the first."""
        self.query_one("#first", Entry).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field; behind the last one it takes both."""
        event.stop()
        if event.input.id == "last":
            self.action_take()
        else:
            self.app.action_focus_next()

    def action_take(self) -> None:
        """Take what can be read."""
        typed = []
        for field in ("first", "last"):
            entry = self.query_one(f"#{field}", Entry)
            try:
                typed.append(read_day(entry.value).isoformat() if entry.value.strip() else "")
            except Unreadable as unreadable:
                entry.focus()
                self.refuse(unreadable.message)
                return
        self.dismiss((typed[0], typed[1]))


class AuditScreen(Listing[None]):
    """The list, a page at a time."""

    NAME = N_("What was done")
    KEYS = (
        HELP,
        Command("enter", "", N_("Look"), N_("Look for what an operator did or allowed: the beginning of a name.")),
        Command("f4", "kind", N_("Action"), N_("One kind of action only.")),
        Command("f5", "days", N_("Days"), N_("From one business day to another.")),
        Command("f6", "everything", N_("Everything"), N_("Take all filters off.")),
        Command("pagedown", "further", N_("Older"), N_("The next page, further back.")),
        Command("pageup", "newest", N_("Newest"), N_("Back to the first page.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, *(move for move in MOVES if not move.key.startswith("page")))

    def body(self) -> ComposeResult:
        """The filters, the list, and all of the chosen line."""
        text = self.text
        yield Rows(id="filters")
        yield Table(
            (
                Column(text("When")),
                Column(text("Who")),
                Column(text("Allowed by")),
                Column(text("What"), grows=True),
                Column(text("Of what")),
            )
        )
        yield Rows(id="chosen")
        yield Entry(text("Whose deeds? The beginning of a name"), id="entry", limit=100)

    def begin(self) -> None:
        """The newest of everything."""
        self._wanted = Wanted()
        self._page = Page((), None)
        self.query_one(Entry).focus()
        self._look(None)

    # ---- reading ------------------------------------------------------------------------------------

    def _look(self, cursor: Cursor | None) -> None:
        """Read a page behind the screen; one that is still being read for another question is given up."""
        self.tell(N_("Looking…"))
        self.run_worker(partial(self._read, self._wanted, cursor), thread=True, exit_on_error=False, group="audit")

    def _read(self, wanted: Wanted, cursor: Cursor | None) -> None:
        desk = self.desk

        def progress(back_to: datetime) -> bool:
            self.post_message(PageRead(wanted, back_to))
            return self.is_attached and wanted is self._wanted

        try:
            outcome: Page | Refused = page(desk.register, wanted, desk.programme, cursor, SIZE, progress)
        except Refused as refused:
            outcome = refused
        self.post_message(PageRead(wanted, outcome))

    def on_page_read(self, event: PageRead) -> None:
        """Show what was read, if it is still what is asked."""
        event.stop()
        if event.of is not self._wanted:
            return
        match event.outcome:
            case Refused() as refused:
                self.refuse(refused.message)
            case datetime() as back_to:
                self.tell(N_("Looking… back to {day} so far"), day=self.desk.local(back_to).date())
            case Page() as found:
                self._show(found)

    def _show(self, found: Page) -> None:
        self.hush()
        self._page = found
        self.table.say_if_empty(self.text("Nothing of this kind was done."))
        self.table.show([self._row(one) for one in found.done], 0)
        self._draw()
        if found.back_to is not None:
            day = self.desk.local(found.back_to).date()
            self.tell(N_("Looked back to {day}; PgDn looks further."), day=day)

    def _row(self, one: Deed) -> tuple[str, ...]:
        at = self.language.moment(self.desk.local(one.at))
        return (at, one.operator[:16], (one.allowed_by or "")[:16], self._called(one.action), one.subject or "")

    def _called(self, action: str) -> str:
        return self.text(ACTIONS[action]) if action in ACTIONS else action

    def _worded(self, key: str, value: str) -> str:
        """A detail in words where it is a right or a role, else as it was noted."""
        if key == "right" and value in RIGHT_NAMES:
            return self.text(RIGHT_NAMES[value])
        if key == "role" and value in ROLE_NAMES:
            return self.text(ROLE_NAMES[value])
        return f"{key}: {value}"

    def _draw(self) -> None:
        text, wanted = self.text, self._wanted
        filters = [
            self._called(wanted.action) if wanted.action else "",
            text("by {name}…", name=wanted.operator) if wanted.operator else "",
            text("from {day}", day=wanted.first) if wanted.first else "",
            text("until {day}", day=wanted.last) if wanted.last else "",
        ]
        said = ", ".join(word for word in filters if word) or text("everything")
        self.query_one("#filters", Rows).show([Row(text("Shown: {filters}", filters=said), style="dim")])
        done = self._page.done
        rows = []
        if done:
            one = done[self.table.cursor]
            more = ", ".join(self._worded(key, value) for key, value in one.detail.items())
            rows = [Row(text("At {register}. {more}", register=one.register, more=more), style="dim", lines=2)]
        self.query_one("#chosen", Rows).show(rows)

    # ---- asking -------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Choose another line, and show all of it."""
        super().action_move(by)
        self._draw()

    def _ask(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._look(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Whose deeds."""
        event.stop()
        typed = self.query_one(Entry).take()
        wanted = self._wanted
        self._ask(Wanted(typed, wanted.action, None, wanted.first, wanted.last))

    def action_kind(self) -> None:
        """One kind of action."""
        wanted = self._wanted

        def chosen(action: str | None) -> None:
            if action is not None:
                self._ask(Wanted(wanted.operator, action, None, wanted.first, wanted.last))

        self.app.push_screen(ActionDialog(), chosen)

    def action_days(self) -> None:
        """Some days."""
        wanted = self._wanted

        def typed(days: tuple[str, str] | None) -> None:
            if days is not None:
                first, last = (read_day(day) if day else None for day in days)
                self._ask(Wanted(wanted.operator, wanted.action, None, first, last))

        self.app.push_screen(DaysScreen(), typed)

    def action_everything(self) -> None:
        """No filter."""
        self._ask(Wanted())

    def action_further(self) -> None:
        """Further back."""
        if self._page.then is None:
            self.refuse(Message(N_("There is nothing older of this.")))
        else:
            self._look(self._page.then)

    def action_newest(self) -> None:
        """The first page."""
        self._look(None)
