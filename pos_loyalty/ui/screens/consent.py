"""What a holder agrees to: each purpose with its wording and day, given or taken back with one key."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.till.consents import Stand, consents_of, give_consent, take_back_consent
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table


def open_consent(screen: TillScreen[Any], account: str) -> None:
    """Show, over a holder's page, what they agree to; who is at the till may change it, for it is the holder who says so."""
    screen.app.push_screen(ConsentScreen(account))


class ConsentScreen(Listing[None]):
    """Answers nothing; what is changed is stored."""

    NAME = N_("What they agree to")
    KEYS = (
        HELP,
        Command("enter", "turn", N_("Alter"), N_("They agree to the chosen purpose, or take it back.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, account: str) -> None:
        super().__init__()
        self._account = account
        self._stands: tuple[Stand, ...] = ()

    def body(self) -> ComposeResult:
        """The purposes, and the wording of the chosen one."""
        text = self.text
        yield Table((Column(text("For")), Column(text("Agreed"), grows=True), Column(text("Day")), Column(text("By"))))
        yield Rows(id="reason")

    def begin(self) -> None:
        """List them."""
        self._show(consents_of(self.desk.register, self._account))

    def _show(self, stands: tuple[Stand, ...]) -> None:
        self._stands = stands
        self.table.show([self._row(stand) for stand in stands])
        self._say_wording()

    def _row(self, stand: Stand) -> tuple[str, ...]:
        text = self.text
        if stand.last is None:
            return (text(stand.purpose.title), text("never asked"), "", "")
        day = self.language.day(self.desk.local(stand.last.at).date())
        said = "☑ " + text("agreed") if stand.given else "☐ " + text("taken back")
        return (text(stand.purpose.title), said, day, stand.last.operator)

    def _say_wording(self) -> None:
        """The wording of the chosen purpose: as they agreed to it, or as it would be put to them."""
        stand = self._stands[self.table.cursor]
        wording = stand.last.wording if stand.last is not None and stand.given else self.text(stand.purpose.wording)
        self.query_one("#reason", Rows).show([Row(wording, lines=4)])

    def action_move(self, by: int) -> None:
        """Choose another purpose."""
        super().action_move(by)
        self._say_wording()

    def action_turn(self) -> None:
        """Give or take back the chosen one."""
        stand, desk, account = self._stands[self.table.cursor], self.desk, self._account
        change = take_back_consent if stand.given else give_consent
        wording = self.text(stand.purpose.wording)
        self.till.store(
            lambda: change(desk.register, account, stand.purpose.id, wording, desk.operator),
            lambda stands: self._changed(stands, stand),
        )

    def _changed(self, stands: tuple[Stand, ...], before: Stand) -> None:
        self._show(stands)
        self.done(
            N_("They agree to it no longer.") if before.given else N_("They agree to it: the wording and day are kept.")
        )
