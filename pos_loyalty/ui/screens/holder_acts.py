"""What is done for a holder from their page: words, prizes, cards, who they are, their purses, and joining two records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.entry_rows import EntryLine
from pos_loyalty.storage.records import Complaint, Prize
from pos_loyalty.till import card_life
from pos_loyalty.till.adjusting import undo
from pos_loyalty.till.draws import hand_out
from pos_loyalty.till.holder_page import HolderPage
from pos_loyalty.till.joining import merge
from pos_loyalty.till.recognition import close_complaint, write_note
from pos_loyalty.ui.holder_rows import entry_cells
from pos_loyalty.ui.screens.adjusting import AdjustScreen, UndoDialog
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.card_acts import CardAct, CardActsDialog, NewCardDialog
from pos_loyalty.ui.screens.joining import JoinScreen, OtherScreen
from pos_loyalty.ui.screens.person import PersonScreen
from pos_loyalty.ui.screens.words import ComplaintScreen, ComplaintsDialog, NoteDialog, PrizesDialog, SolutionDialog


class HolderActs(TillScreen[str]):
    """The keys of a holder's page that change something."""

    _page: HolderPage | None = None
    _number: str | None
    _account: str | None

    def chosen_card(self) -> str | None:
        """The card that an action is about."""
        raise AssertionError("the page says which card is chosen")

    def chosen_entry(self) -> EntryLine | None:
        """The entry that an action is about."""
        raise AssertionError("the page says which entry is chosen")

    def _changed(self, said: str, **values: Any) -> None:
        """Something was stored: show it."""
        self.begin()
        self.done(said, **values)

    # ---- words and prizes ---------------------------------------------------------------------------

    def action_note(self) -> None:
        """Write the note anew."""
        page, desk = self._page, self.desk
        if page is None:
            return
        view = page.view

        def answered(words: str | None) -> None:
            if words is not None:
                self.till.store(
                    lambda: write_note(desk.register, view.account, words, desk.operator),
                    lambda note: self._changed(N_("The note is stored.") if note else N_("The note is taken away.")),
                )

        self.app.push_screen(NoteDialog(view.known.note.text if view.known.note else ""), answered)

    def action_complain(self) -> None:
        """Take a complaint down."""
        if self._page is None:
            return

        def answered(complaint: Complaint | None) -> None:
            if complaint is not None:
                self._changed(N_("The complaint is stored; it is shown with the card until it is closed."))

        self.app.push_screen(ComplaintScreen(self._page.view.account), answered)

    def action_settle(self) -> None:
        """Choose a complaint, and say how it was settled."""
        desk = self.desk

        def settled(complaint: Complaint, words: str | None) -> None:
            if words is not None:
                self.till.store(
                    lambda: close_complaint(desk.register, complaint.id, words, desk.operator),
                    lambda _: self._changed(N_("The complaint is closed.")),
                )

        self._choose_complaint(
            lambda complaint: self.app.push_screen(SolutionDialog(complaint), lambda words: settled(complaint, words))
        )

    def action_compensate(self) -> None:
        """Choose a complaint, and make it good."""
        from pos_loyalty.ui.screens.compensating import compensate  # noqa: PLC0415 - opened seldom

        self._choose_complaint(lambda complaint: compensate(self, complaint, self.begin))

    def _choose_complaint(self, then: Callable[[Complaint], object]) -> None:
        """Go on with the one open complaint, or the one that is chosen of them."""
        complaints = self._page.view.known.complaints if self._page else ()
        if not complaints:
            self.refuse(Message(N_("There is no open complaint; F4 takes one down.")))
        elif len(complaints) == 1:
            then(complaints[0])
        else:

            def chosen(complaint: Complaint | None) -> None:
                if complaint is not None:
                    then(complaint)

            self.app.push_screen(ComplaintsDialog(complaints), chosen)

    def action_hand_out(self) -> None:
        """Choose the prize that is in their hands now."""
        prizes = self._page.view.prizes if self._page else ()
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

    # ---- consent, and being forgotten ---------------------------------------------------------------

    def action_consent(self) -> None:
        """What they agree to."""
        from pos_loyalty.ui.screens.consent import open_consent  # noqa: PLC0415 - opened seldom

        if self._page is not None:
            open_consent(self, self._page.view.account)

    def action_erase(self) -> None:
        """Erase them, after a typed confirmation; their card comes off the bill."""
        from pos_loyalty.ui.screens.erase import open_erase  # noqa: PLC0415 - opened seldom

        if self._page is not None:
            open_erase(self, self._page.view.account, lambda: self.dismiss("off"))

    # ---- cards --------------------------------------------------------------------------------------

    def action_card(self) -> None:
        """What is to be done with the chosen card."""
        page = self._page
        if page is None:
            return
        number = self.chosen_card()
        card = next((card for card in page.cards if card.number == number), None)

        def chosen(act: CardAct | None) -> None:
            if act is not None:
                self.till.permitted("card", lambda allowed_by: self._do(act, number or "", allowed_by))

        self.app.push_screen(CardActsDialog(card), chosen)

    def _do(self, act: CardAct, number: str, allowed_by: str | None) -> None:
        register, operator, page = self.desk.register, self.desk.operator, self._page
        if page is None:
            return
        account = page.view.account
        match act:
            case "block":
                self.till.store(
                    lambda: card_life.block(register, number, operator, allowed_by=allowed_by),
                    lambda _: self._changed(N_("The card is blocked; nothing of what they have has moved.")),
                )
            case "unblock":
                self.till.store(
                    lambda: card_life.unblock(register, number, operator, allowed_by=allowed_by),
                    lambda _: self._changed(N_("The card is active again.")),
                )
            case "bring-back":
                self.till.store(
                    lambda: card_life.bring_back(register, number, operator, allowed_by=allowed_by),
                    lambda _: self._changed(N_("The old card is active again; the one that took its place is not.")),
                )
            case "replace":
                self._with_new_card(
                    lambda new: self.till.store(
                        lambda: card_life.replace(register, number, operator, new_number=new, allowed_by=allowed_by),
                        lambda card: self._moved_to(card.number),
                    )
                )
            case "add":
                self._with_new_card(
                    lambda new: self.till.store(
                        lambda: card_life.add_card(register, account, operator, number=new, allowed_by=allowed_by),
                        lambda card: self._changed(N_("Card {card} opens the same record now."), card=card.number),
                    )
                )

    def _with_new_card(self, then: Any) -> None:
        def answered(number: str | None) -> None:
            if number is not None:
                then(number or None)

        self.app.push_screen(NewCardDialog(), answered)

    def _moved_to(self, number: str) -> None:
        if self._number is not None:
            self._number = number
        self._changed(N_("Card {card} took its place; all that they have is still there."), card=number)

    # ---- purses -------------------------------------------------------------------------------------

    def action_adjust(self) -> None:
        """Put something into a purse, or take it out."""
        page = self._page
        if page is None:
            return
        view = page.view
        if not view.purses:
            self.refuse(Message(N_("The programme has no purse that could be adjusted.")))
            return

        def answered(stored: bool | None) -> None:
            if stored:
                self._changed(N_("The purse is adjusted; the entry says why."))

        def permitted(allowed_by: str | None) -> None:
            self.app.push_screen(AdjustScreen(view, allowed_by), answered)

        self.till.permitted("adjust", permitted)

    def action_undo(self) -> None:
        """Take the chosen adjustment back."""
        entry = self.chosen_entry()
        if entry is None:
            self.refuse(Message(N_("Choose an adjustment among the entries (3) to take it back.")))
            return
        if entry.kind != "adjustment":
            self.refuse(Message(N_("Only adjustments are taken back here; a bill is taken back by a return.")))
            return
        if entry.undone_by is not None:
            self.refuse(Message(N_("This adjustment was taken back already.")))
            return
        desk = self.desk

        def reason(words: str | None) -> None:
            if words is not None:
                self.till.permitted("adjust", lambda by: stored(words, by))

        def stored(words: str, by: str | None) -> None:
            self.till.store(
                lambda: undo(desk.register, entry.id, words, desk.operator, allowed_by=by),
                lambda _: self._changed(N_("The adjustment is taken back by a new entry.")),
            )

        what = " ".join(cell for cell in entry_cells(desk, entry) if cell)
        self.app.push_screen(UndoDialog(what), reason)

    # ---- who they are -------------------------------------------------------------------------------

    def action_change(self) -> None:
        """Change who they are, or register a bearer."""
        page = self._page
        if page is None:
            return
        view = page.view

        def answered(stored: bool | None) -> None:
            if stored:
                self._changed(N_("Stored."))

        def permitted(allowed_by: str | None) -> None:
            self.app.push_screen(PersonScreen(view.account, view.number, view.member, allowed_by), answered)

        self.till.permitted("holder", permitted)

    def action_join(self) -> None:
        """Find the other record, look at both, and make them one."""
        page = self._page
        if page is None:
            return

        def found(number: str | None) -> None:
            if number is not None:
                self.app.push_screen(JoinScreen(page, number), confirmed)

        def confirmed(pair: tuple[str, str] | None) -> None:
            if pair is None:
                return
            keep, other = pair
            register, operator = self.desk.register, self.desk.operator
            self.till.permitted(
                "holder",
                lambda allowed_by: self.till.store(
                    lambda: merge(register, keep, other, operator, allowed_by=allowed_by), lambda _: joined(keep)
                ),
            )

        def joined(keep: str) -> None:
            self._account, self._number = keep, None
            self._changed(N_("The two records are one now; the cards of both open it."))

        self.app.push_screen(OtherScreen(), found)
