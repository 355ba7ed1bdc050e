"""A new card holder: only the name is needed. A blank card is scanned, or the next number is handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from pos_loyalty.domain.consent import PURPOSES, PurposeId, purpose_of
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.language import Unreadable
from pos_loyalty.till.card_prints import printed_cards
from pos_loyalty.till.cards import next_number
from pos_loyalty.till.holders import Enrolment, Holder, enrol
from pos_loyalty.till.scanning import CardScanned, recognise
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.dates import read_day
from pos_loyalty.ui.messages import PrinterState
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from pos_loyalty.receipt import PrintedCard

FIELDS = ("name", "phone", "email", "birthday", "card", "friend")


class EnrolScreen(TillScreen[Holder]):
    """Answers with the holder once they are stored."""

    NAME = N_("New card holder")
    KEYS = (
        HELP,
        Command(
            "f4", "next_card", N_("Next card"), N_("Hand out the next free number instead of a card from the box.")
        ),
        Command(
            "f5",
            "paper",
            N_("Paper card"),
            N_("Store the card holder with the next free number, and print it on receipt paper as their card."),
        ),
        Command("f6", "offers", N_("Offers"), N_("They agree to get offers, or do not after all.")),
        Command("f7", "profile", N_("Profile"), N_("They agree that what they buy is looked at, or do not after all.")),
        Command("f12", "enrol", N_("Store"), N_("Store the card holder.")),
        Command("tab", "", N_("Next field"), N_("Go to the next field; Enter and the arrow keys do so too.")),
        BACK,
    )
    NOTES = (
        (
            N_("a card scanned"),
            N_("The card that is handed out, wherever the focus is; in the last field, the friend's card."),
        ),
    )
    BINDINGS = bindings(*KEYS, silent("up", "app.focus_previous"), silent("down", "app.focus_next"))

    def body(self) -> ComposeResult:
        """The form."""
        text = self.text
        with Vertical(id="form"):
            yield Rows(id="question")
            yield from form(
                (
                    Field("name", text("Name"), text("needed")),
                    Field("phone", text("Phone")),
                    Field("email", text("E-mail")),
                    Field("birthday", text("Birthday"), text("day, month, year: 24.12.1980")),
                    Field("card", text("Card"), text("scan a blank card, or F4 for the next number")),
                    Field("friend", text("Sent by"), text("card of the friend who sent them")),
                )
            )
            yield Rows(id="agreed")

    def begin(self) -> None:
        """Begin with the name."""
        self.query_one("#question", Rows).show(
            [
                Row(
                    self.text("Only the name is needed. Scan the card that you hand out at any time."),
                    style="dim",
                    lines=2,
                )
            ]
        )
        self._agreed: set[PurposeId] = set()
        self._show_agreed("")
        self.query_one("#name", Entry).focus()

    def _show_agreed(self, wording: str) -> None:
        """What they agree to, which is nothing until they say so; and the wording of what they were asked last."""
        rows = []
        for key, purpose in zip(("F6", "F7"), PURPOSES, strict=True):
            given = purpose.id in self._agreed
            left = f"{'☑' if given else '☐'} {key} {self.text(purpose.title)}"
            rows.append(Row(left, self.text("agreed") if given else self.text("not agreed")))
        if wording:
            rows.append(Row(self.text(wording), style="dim", indent=2, lines=3))
        self.query_one("#agreed", Rows).show(rows)

    def action_offers(self) -> None:
        """They agree to get offers, or do not after all."""
        self._turn("mailing")

    def action_profile(self) -> None:
        """They agree that what they buy is looked at, or do not after all."""
        self._turn("profile")

    def _turn(self, purpose_id: PurposeId) -> None:
        purpose = purpose_of(purpose_id)
        self._agreed ^= {purpose.id}
        self._show_agreed(purpose.wording)

    def _value(self, field: str) -> str | None:
        return self.query_one(f"#{field}", Entry).value.strip() or None

    def take_scan(self, code: str) -> None:
        """A card goes into its field wherever the focus is; goods are not taken here."""
        try:
            found = recognise(self.desk.register, code)
        except Refused as refused:
            self.refuse(refused.message)
            return
        if not isinstance(found, CardScanned):
            self.refuse(
                Message(N_("Code {code} is no card. Finish the new holder first, or Esc for the bill."), code=code)
            )
            return
        friend = self.query_one("#friend", Entry)
        if friend.has_focus:
            friend.value = found.number
            return
        self.query_one("#card", Entry).value = found.number
        self.done(N_("Card {card} will be handed out."), card=found.number)

    def action_next_card(self) -> None:
        """The next free number."""
        if (number := self._next_card()) is not None:
            self.done(N_("Card {card} will be handed out."), card=number)

    def _next_card(self) -> str | None:
        try:
            number = next_number(self.desk.register)
        except Refused as refused:
            self.refuse(refused.message)
            return None
        self.query_one("#card", Entry).value = number
        return number

    def action_paper(self) -> None:
        """Store the holder, and print their card: that of the field, or the next free number."""
        if self.till.devices.printer is None:
            self.refuse(Message(N_("No printer is set up: name one in the settings, or with --printer.")))
        elif self._value("card") is not None or self._next_card() is not None:
            self._enrol(paper=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field; behind the last one it stores."""
        event.stop()
        if event.input.id == FIELDS[-1]:
            self.action_enrol()
        else:
            self.app.action_focus_next()

    def action_enrol(self) -> None:
        """Store the holder, once."""
        self._enrol(paper=False)

    def _enrol(self, *, paper: bool) -> None:
        try:
            born = self._value("birthday")
            wish = Enrolment(
                name=self._value("name") or "",
                card=self._value("card"),
                phone=self._value("phone"),
                email=self._value("email"),
                birthday=read_day(born) if born else None,
                referred_by=self._value("friend"),
                consents=tuple((one.id, self.text(one.wording)) for one in PURPOSES if one.id in self._agreed),
            )
        except Unreadable as unreadable:
            self.query_one("#birthday", Entry).focus()
            self.refuse(unreadable.message)
            return
        if wish.card is None:
            self.query_one("#card", Entry).focus()
            self.refuse(Message(N_("Which card is handed out? Scan a blank one, or press F4 for the next number.")))
            return
        register, card = self.desk.register, wish.card

        def stored() -> tuple[Holder, PrintedCard | None]:
            holder = enrol(register, wish, self.desk.operator)
            return holder, printed_cards(register, [card])[0] if paper else None

        self.till.store(stored, self._stored)

    def _stored(self, stored: tuple[Holder, PrintedCard | None]) -> None:
        holder, card = stored
        printer = self.till.devices.printer
        if card is not None and printer is not None:
            from pos_loyalty.receipt import card_slip  # noqa: PLC0415 - few cards are of paper

            job = self.desk.register.new_id()
            self.till.note_job(PrinterState(job, "waiting"))
            printer.put(
                job, card_slip(card, self.desk.shop, self.language), open_drawer=False, title=self.text("Paper card")
            )
        self.dismiss(holder)
