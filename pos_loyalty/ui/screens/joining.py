"""Two records of one person: the other is found or scanned, both are shown side by side, and only then they are joined."""

from __future__ import annotations

from textual.app import ComposeResult

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.till.holder_page import HolderPage, page
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.screens.find_holder import FindHolderScreen
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.table import Column, Table
from pos_loyalty.ui.wording import worded


class OtherScreen(FindHolderScreen):
    """Answers with a card of the other record."""

    NAME = N_("Which other record is theirs?")
    HINT = N_("Scan the other card, or type a name, the end of the phone, or a number")

    def take_scan(self, code: str) -> None:
        """The other card."""
        self.dismiss(code)


class JoinScreen(Listing[tuple[str, str]]):
    """Answers with the account that stays and the one that becomes part of it."""

    NAME = N_("Join two records")
    KEYS = (
        HELP,
        Command(
            "f12", "join", N_("Join"), N_("Make them one: purses are added up, both cards open it. It is not undone.")
        ),
        Command("f5", "swap", N_("Swap"), N_("Let the other one stay; its name, phone and birthday then count first.")),
        BACK,
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, mine: HolderPage, number: str) -> None:
        super().__init__()
        self._stays = mine
        self._number = number
        self._goes: HolderPage | None = None

    def body(self) -> ComposeResult:
        """Both, side by side."""
        text = self.text
        yield Table((Column(""), Column(text("stays")), Column(text("becomes part of it"), grows=True)))

    def begin(self) -> None:
        """Look the other up."""
        try:
            self._goes = page(self.desk.register, number=self._number)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self._draw()
        if self._goes.view.account == self._stays.view.account:
            self._goes = None
            self.refuse(Message(N_("Both cards open the same record already.")))
        else:
            self.tell(N_("Is this one person? F12 joins the two for good: it is not undone."))

    def _draw(self) -> None:
        if self._goes is None:
            return
        left, right = self._facts(self._stays), self._facts(self._goes)
        self.table.show([(name, left.get(name, ""), right.get(name, "")) for name in {**left, **right}], 0)

    def _facts(self, found: HolderPage) -> dict[str, str]:
        text, language, view = self.text, self.language, found.view
        member = view.member
        facts = {
            text("Name"): member.name if member else text("Bearer card, no name yet"),
            text("Phone"): masked(member.phone)[-6:] if member and member.phone else "",
            text("Birthday"): language.day(member.birthday) if member and member.birthday else "",
            text("Cards"): ", ".join(masked(card.number)[-6:] for card in found.cards if card.status == "active"),
            text("Holder since"): language.day(view.joined) if view.joined else "",
            text("Visits"): language.number(view.visits),
            text("Last visit"): language.day(view.last_visit) if view.last_visit else text("never"),
        }
        if view.tier is not None:
            facts[text("Tier")] = view.tier.name
        for purse, held in view.purses.items():
            facts[self.desk.purse(purse)] = worded(self.desk, held.balance.available + held.balance.pending, purse)
        return facts

    def action_swap(self) -> None:
        """The other one stays."""
        if self._goes is not None:
            self._stays, self._goes = self._goes, self._stays
            self._draw()

    def action_join(self) -> None:
        """These two."""
        if self._goes is not None:
            self.dismiss((self._stays.view.account, self._goes.view.account))
