"""Why a bill comes to what it does: every offer that was looked at, what it gave or what is missing, in the customer's words."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.sale import Quote
from pos_loyalty.till.programmes import PricedBy
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.panel import reason_rows
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.rows import Page, Row


class WhyScreen(TillScreen[None]):
    """The reasons of the open bill; of a closed one with its receipt's `number` and the revision that it was `priced_by`."""

    NAME = N_("Why")
    KEYS = (
        HELP,
        BACK,
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False),
    )
    NOTES = (
        ("✓", N_("The offer gave something on this bill.")),
        ("○", N_("It did not: what is missing, the nearest first.")),
    )
    BINDINGS = bindings(
        *KEYS,
        silent("up", "scroll(-1)"),
        silent("down", "scroll(1)"),
        silent("pageup", "scroll(-10)"),
        silent("pagedown", "scroll(10)"),
        silent("f11,enter", "back"),
    )

    def __init__(self, quote: Quote, priced_by: PricedBy | None = None, number: str = "") -> None:
        super().__init__()
        self._quote = quote
        self._priced_by = priced_by
        self._number = number

    def body(self) -> ComposeResult:
        """One page of rows."""
        yield Page(id="page")

    def begin(self) -> None:
        """Show the reasons; nothing is reckoned anew."""
        self.query_one("#page", Page).show([*self._head(), Row(), *self._reasons()])

    def _head(self) -> Iterator[Row]:
        text = self.text
        if self._number:
            yield Row(text("Receipt {number}", number=self._number), style="strong")
        else:
            yield Row(text("This bill, as it stands now"), style="strong")
        rules = self._priced_by
        if rules is not None:
            since = self.desk.local(rules.active_from)
            line = text("Rules: {name}, revision {number}", name=rules.programme.name, number=rules.number)
            yield Row(line, text("in force from {day}", day=since.date()), style="dim", lines=2)

    def _reasons(self) -> Iterator[Row]:
        if not self._quote.why:
            yield Row(self.text("The rules have no offers."), style="dim")
            return
        yield from reason_rows(self.desk, self._quote, self._priced_by.programme if self._priced_by else None)

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#page", Page).scroll_relative(y=by, animate=False)
