"""Words about a card holder, and what is handed to them: a note, a complaint taken and closed, a prize."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from pos_loyalty.domain.message import N_
from pos_loyalty.language import Unreadable
from pos_loyalty.storage.records import Complaint, Prize
from pos_loyalty.till.recognition import MAX_COMPLAINT, MAX_NOTE, take_complaint
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.dates import read_day
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import Dialog, TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table


class NoteDialog(Question[str]):
    """Answers with the note, which may be empty; what stood there before is there to be changed."""

    NAME = N_("Note")
    HINT = N_("nothing takes the note away")

    def __init__(self, before: str) -> None:
        super().__init__()
        self._before = before

    def begin(self) -> None:
        """The note as it is."""
        super().begin()
        entry = self.query_one(Entry)
        entry.max_length = MAX_NOTE
        entry.value = self._before
        entry.cursor_position = len(self._before)

    def question(self) -> list[Row]:
        """What the note is for."""
        return [Row(self.text("What should whoever serves them next know? They may ask to read it."), lines=2)]

    def read(self, typed: str) -> str:
        """Any words, or none."""
        return typed


class SolutionDialog(Question[str]):
    """Answers with how a complaint was settled."""

    NAME = N_("Close a complaint")
    HINT = N_("what was done about it")

    def __init__(self, complaint: Complaint) -> None:
        super().__init__()
        self._complaint = complaint

    def begin(self) -> None:
        """Ask, with room for as much as is kept."""
        super().begin()
        self.query_one(Entry).max_length = MAX_COMPLAINT

    def question(self) -> list[Row]:
        """What they complained of, and what they wish."""
        rows = [Row(self._complaint.text, style="strong", lines=3)]
        if self._complaint.wish:
            rows.append(Row(self.text("wishes: {words}", words=self._complaint.wish), lines=2))
        return [*rows, Row(self.text("How was it settled?"))]

    def read(self, typed: str) -> str:
        """Some words; that there are none is refused by the till."""
        return typed


class ComplaintsDialog(Dialog[Complaint], Listing[Complaint]):
    """Answers with the complaint that is meant."""

    NAME = N_("Which complaint?")
    KEYS = (Command("enter", "take", N_("This one"), N_("Go on with the chosen complaint.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, complaints: tuple[Complaint, ...]) -> None:
        super().__init__()
        self._complaints = complaints

    def body(self) -> ComposeResult:
        """The open complaints, the oldest first."""
        text = self.text
        yield Table((Column(text("Since")), Column(text("Complaint"), grows=True), Column(text("Promised"))))

    def begin(self) -> None:
        """List them."""
        language, local = self.language, self.desk.local
        self.table.show(
            [
                (
                    language.day(local(one.opened_at).date()),
                    one.text,
                    language.day(one.promised) if one.promised else "",
                )
                for one in self._complaints
            ]
        )

    def action_take(self) -> None:
        """This one."""
        self.dismiss(self._complaints[self.table.cursor])


class PrizesDialog(Dialog[Prize], Listing[Prize]):
    """Answers with the prize that is in the winner's hands now."""

    NAME = N_("Hand out a prize")
    KEYS = (Command("enter", "take", N_("Handed out"), N_("The chosen prize is with its winner now.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, prizes: tuple[Prize, ...]) -> None:
        super().__init__()
        self._prizes = prizes

    def body(self) -> ComposeResult:
        """The prizes that wait."""
        text = self.text
        yield Table((Column(text("Prize"), grows=True), Column(text("Draw")), Column(text("Ticket"), end=True)))

    def begin(self) -> None:
        """List them."""
        self.table.show([(one.prize, one.title, str(one.ticket)) for one in self._prizes])

    def action_take(self) -> None:
        """This one."""
        self.dismiss(self._prizes[self.table.cursor])


class ComplaintScreen(TillScreen[Complaint]):
    """Takes a complaint down; answers with it once it is stored."""

    NAME = N_("Complaint")
    KEYS = (
        HELP,
        Command("f12", "store", N_("Store"), N_("Store the complaint.")),
        Command("tab", "", N_("Next field"), N_("Go to the next field; Enter and the arrow keys do so too.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, silent("up", "app.focus_previous"), silent("down", "app.focus_next"))

    def __init__(self, account: str) -> None:
        super().__init__()
        self._account = account

    def body(self) -> ComposeResult:
        """The form."""
        text = self.text
        with Vertical(id="form"):
            yield Rows(id="question")
            yield from form(
                (
                    Field("words", text("Complaint"), text("what it is about; needed")),
                    Field("wish", text("Wish"), text("what they would like")),
                    Field("promised", text("Promised by"), text("day, month, year: 24.12.2026")),
                )
            )

    def begin(self) -> None:
        """Begin with what it is about."""
        self.query_one("#question", Rows).show(
            [Row(self.text("It is shown with the card until somebody closes it."), style="dim", lines=2)]
        )
        for field in ("words", "wish"):
            self.query_one(f"#{field}", Entry).max_length = MAX_COMPLAINT
        self.query_one("#words", Entry).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field; behind the last one it stores."""
        event.stop()
        if event.input.id == "promised":
            self.action_store()
        else:
            self.app.action_focus_next()

    def action_store(self) -> None:
        """Store it, once."""
        typed = {field: self.query_one(f"#{field}", Entry).value.strip() for field in ("words", "wish", "promised")}
        try:
            promised = read_day(typed["promised"]) if typed["promised"] else None
        except Unreadable as unreadable:
            self.query_one("#promised", Entry).focus()
            self.refuse(unreadable.message)
            return
        desk, account = self.desk, self._account
        self.till.store(
            lambda: take_complaint(desk.register, account, typed["words"], desk.operator, typed["wish"], promised),
            self._stored,
        )

    def _stored(self, complaint: Complaint) -> None:
        self.dismiss(complaint)
