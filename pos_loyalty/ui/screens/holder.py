"""All that the card says of its holder: tier, purses, and every lot with its days."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.sale import Quote
from pos_loyalty.till.cards import STATUS_NAMES, CardView, show
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.panel import reason_rows
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.rows import Page, Row


class HolderScreen(TillScreen[str]):
    """Answers "off" where the card is to be taken off the bill."""

    NAME = N_("Card holder")
    KEYS = (
        HELP,
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
        bill = [Row(), *reason_rows(self.desk, self._quote)] if self._quote else []
        self.query_one("#page", Page).show([*self._who(view), *self._purses(view), *bill])

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

    def _purses(self, view: CardView) -> Iterator[Row]:
        text, language = self.text, self.language
        for purse, held in view.purses.items():
            units = language.units
            yield Row()
            yield Row(
                text("{purse}: to spend", purse=self.desk.purse(purse)),
                units(held.balance.available, purse),
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

    def action_off(self) -> None:
        """Take it off."""
        self.dismiss("off")

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#page", Page).scroll_relative(y=by, animate=False)
