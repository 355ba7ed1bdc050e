"""All that is known of a holder, and what is done for them at the counter: a note, a complaint, a prize handed out."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.sale import Quote
from pos_loyalty.storage.records import Complaint, Prize
from pos_loyalty.till.cards import STATUS_NAMES, CardView, show
from pos_loyalty.till.draws import hand_out
from pos_loyalty.till.recognition import close_complaint, write_note
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.panel import reason_rows
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.consent import open_consent
from pos_loyalty.ui.screens.erase import open_erase
from pos_loyalty.ui.screens.words import ComplaintScreen, ComplaintsDialog, NoteDialog, PrizesDialog, SolutionDialog
from pos_loyalty.ui.widgets.rows import Page, Row
from pos_loyalty.ui.wording import offer_title, until, worded


class HolderScreen(TillScreen[str]):
    """Answers "off" where the card is to be taken off the bill."""

    NAME = N_("Card holder")
    KEYS = (
        HELP,
        Command("f3", "note", N_("Note"), N_("Write down what whoever serves them next should know.")),
        Command("f4", "complain", N_("Complaint"), N_("Take a complaint down.")),
        Command("f5", "settle", N_("Settle"), N_("Close a complaint, saying how it was settled.")),
        Command("f6", "hand_out", N_("Prize"), N_("Hand out a prize that they have won.")),
        Command("f7", "consent", N_("Consent"), N_("What they agree to, and taking it back.")),
        Command("delete", "erase", N_("Erase"), N_("Take this holder out of the books for good."), shown=False),
        Command("slash", "off", N_("Card off"), N_("Take this card off the bill.")),
        BACK,
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False),
    )
    BINDINGS = bindings(
        *KEYS,
        silent("up", "scroll(-1)"),
        silent("down", "scroll(1)"),
        silent("pageup", "scroll(-10)"),
        silent("pagedown", "scroll(10)"),
        silent("f2,enter", "back"),
    )

    def __init__(self, number: str, quote: Quote | None = None) -> None:
        super().__init__()
        self._number = number
        self._quote = quote
        self._view: CardView | None = None

    def body(self) -> ComposeResult:
        """One page of rows."""
        yield Page(id="page")

    def begin(self) -> None:
        """Ask the till what the card says now."""
        try:
            view = show(self.desk.register, self._number)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self._view = view
        rows = [*self._who(view), *self._waiting(view), *self._words(view), *self._purses(view), *self._bill()]
        self.query_one("#page", Page).show(rows)

    def _who(self, view: CardView) -> Iterator[Row]:
        text, language = self.text, self.language
        member = view.member
        yield Row(member.name if member else text("Bearer card, no name yet"), style="strong", lines=2)
        kind = text("named card") if view.kind == "named" else text("bearer card")
        status = Message(N_("{kind}, {status}"), kind=kind, status=Message(STATUS_NAMES[view.status]))
        yield Row(text("Card {card}", card=masked(view.number)), language.say(status))
        if member and member.phone:
            yield Row(text("Phone"), masked(member.phone))
        if member and member.birthday:
            yield Row(text("Birthday"), language.day(member.birthday))
        if view.joined:
            yield Row(text("Holder since"), language.day(view.joined))
        last = language.day(view.last_visit) if view.last_visit else text("never")
        yield Row(text("Last visit"), last)
        yield Row(text("Visits"), language.number(view.visits))
        if view.known.sent_by:
            yield Row(text("Sent by"), view.known.sent_by)
        if view.tier is not None:
            yield Row()
            yield Row(text("Tier {tier}", tier=view.tier.name), style="strong")
            yield Row(text("since"), language.day(view.tier.since), indent=2)
            if view.tier.kept_until is not None:
                yield Row(text("kept until at least"), language.day(view.tier.kept_until), indent=2)
            yield Row(text("spent that counts"), self.desk.money(view.tier.spend), indent=2)
            if view.tier.next is not None:
                missing = self.desk.money(view.tier.next.missing)
                yield Row(text("to reach {tier}", tier=view.tier.next.tier.name), missing, indent=2)

    def _waiting(self, view: CardView) -> Iterator[Row]:
        """Clubs, coupons with their numbers, and prizes."""
        text, desk = self.text, self.desk
        if view.clubs:
            yield Row()
            yield Row(text("Clubs"), style="strong")
        for club, last in view.clubs.items():
            yield Row(desk.club(club), until(desk, last) or text("for ever"), indent=2, lines=2)
        if view.coupons:
            yield Row()
            yield Row(text("Coupons"), style="strong")
        for coupon in view.coupons:
            yield Row(
                offer_title(desk, coupon.coupon), until(desk, coupon.valid) or text("for ever"), indent=2, lines=2
            )
            yield Row(coupon.number, style="dim", indent=4)
        if view.prizes:
            yield Row()
            yield Row("★ " + text("Prizes that wait"), text("F6 hands one out"), style="strong")
        for prize in view.prizes:
            ticket = text("ticket {ticket}", ticket=str(prize.ticket))
            yield Row(f"{prize.prize} · {prize.title}", ticket, indent=2, lines=2)

    def _words(self, view: CardView) -> Iterator[Row]:
        """Complaints, the note, favourites."""
        text, language, known = self.text, self.language, view.known
        for complaint in known.complaints:
            yield Row()
            since = language.day(self.desk.local(complaint.opened_at).date())
            yield Row(
                "! " + text("Complaint"), text("{day}, {operator}", day=since, operator=complaint.opened_by), "warn"
            )
            yield Row(complaint.text, indent=2, lines=0)
            if complaint.wish:
                yield Row(text("wishes: {words}", words=complaint.wish), indent=2, lines=0)
            if complaint.promised:
                yield Row(text("promised by {day}", day=complaint.promised), style="warn", indent=2)
        if known.note is not None:
            yield Row()
            day = language.day(self.desk.local(known.note.at).date())
            yield Row("✎ " + text("Note"), text("{day}, {operator}", day=day, operator=known.note.operator), "strong")
            yield Row(known.note.text, indent=2, lines=0)
        if known.favourites:
            yield Row()
            yield Row("♥ " + text("Favourites of the last year"), style="strong")
        for favourite in known.favourites:
            times = language.plural("bought once", "bought {n} times", favourite.times)
            yield Row(favourite.name, times, indent=2, lines=2)

    def _bill(self) -> Iterator[Row]:
        if self._quote is not None:
            yield Row()
            yield Row(self.text("Offers on this bill"), style="strong")
            yield from reason_rows(self.desk, self._quote)

    def _purses(self, view: CardView) -> Iterator[Row]:
        text, language = self.text, self.language
        for purse, held in view.purses.items():
            units = language.units
            yield Row()
            yield Row(
                text("{purse}: to spend", purse=self.desk.purse(purse)),
                worded(self.desk, held.balance.available, purse),
                style="strong",
            )
            if held.balance.pending:
                yield Row(text("to come"), units(held.balance.pending, purse), indent=2)
            if held.balance.owed:
                yield Row(text("owed by the holder"), units(held.balance.owed, purse), style="warn", indent=2)
            for lot in held.lots:
                if lot.expires is None:
                    days = text("from {first}", first=lot.available)
                else:
                    days = text("from {first} until {last}", first=lot.available, last=lot.expires)
                yield Row(days, units(lot.remaining, purse), style="dim", indent=2)

    def _changed(self, said: str) -> None:
        """Something was stored: show it."""
        self.begin()
        self.done(said)

    def action_note(self) -> None:
        """Write the note anew."""
        view, desk = self._view, self.desk
        if view is None:
            return

        def answered(words: str | None) -> None:
            if words is not None:
                self.till.store(
                    lambda: write_note(desk.register, view.account, words, desk.operator),
                    lambda note: self._changed(N_("The note is stored.") if note else N_("The note is taken away.")),
                )

        self.app.push_screen(NoteDialog(view.known.note.text if view.known.note else ""), answered)

    def action_complain(self) -> None:
        """Take a complaint down."""
        if self._view is None:
            return

        def answered(complaint: Complaint | None) -> None:
            if complaint is not None:
                self._changed(N_("The complaint is stored; it is shown with the card until it is closed."))

        self.app.push_screen(ComplaintScreen(self._view.account), answered)

    def action_settle(self) -> None:
        """Choose a complaint, and say how it was settled."""
        complaints = self._view.known.complaints if self._view else ()
        if not complaints:
            self.refuse(Message(N_("There is no open complaint; F4 takes one down.")))
            return
        desk = self.desk

        def chosen(complaint: Complaint | None) -> None:
            if complaint is not None:
                self.app.push_screen(SolutionDialog(complaint), lambda words: settled(complaint, words))

        def settled(complaint: Complaint, words: str | None) -> None:
            if words is not None:
                self.till.store(
                    lambda: close_complaint(desk.register, complaint.id, words, desk.operator),
                    lambda _: self._changed(N_("The complaint is closed.")),
                )

        if len(complaints) == 1:
            chosen(complaints[0])
        else:
            self.app.push_screen(ComplaintsDialog(complaints), chosen)

    def action_hand_out(self) -> None:
        """Choose the prize that is in their hands now."""
        prizes = self._view.prizes if self._view else ()
        if not prizes:
            self.refuse(Message(N_("No prize waits for this holder.")))
            return
        desk = self.desk

        def chosen(prize: Prize | None) -> None:
            if prize is not None:
                self.till.store(
                    lambda: hand_out(desk.register, prize.draw, prize.place, desk.operator),
                    lambda _: self._changed(N_("The prize is handed out.")),
                )

        self.app.push_screen(PrizesDialog(prizes), chosen)

    def action_consent(self) -> None:
        """What they agree to."""
        if self._view is not None:
            open_consent(self, self._view.account)

    def action_erase(self) -> None:
        """Erase them, after a typed confirmation; their card comes off the bill."""
        if self._view is not None:
            open_erase(self, self._view.account, self.action_off)

    def action_off(self) -> None:
        """Take it off."""
        self.dismiss("off")

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#page", Page).scroll_relative(y=by, animate=False)
