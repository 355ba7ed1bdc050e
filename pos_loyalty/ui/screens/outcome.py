"""All that a return comes to, where it is more than fits beside its lines: read to the end, then confirmed here."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.ui.commands import HELP, Command, bindings, silent
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.rows import Page, Row


class OutcomeScreen(TillScreen[bool]):
    """Answers True where it is confirmed; None where the cashier goes back to the lines."""

    NAME = N_("What the return comes to")
    KEYS = (
        HELP,
        Command("f12", "confirm", N_("Take back"), N_("Take the goods back, as it is shown.")),
        Command("escape", "back", N_("Back"), N_("Back to the lines; nothing is changed.")),
        Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False),
    )
    BINDINGS = bindings(
        *KEYS,
        silent("up", "scroll(-1)"),
        silent("down", "scroll(1)"),
        silent("pageup", "scroll(-10)"),
        silent("pagedown", "scroll(10)"),
    )

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self._outcome = tuple(rows)

    def body(self) -> ComposeResult:
        """One page."""
        yield Page(id="page")

    def begin(self) -> None:
        """Show it."""
        self.query_one(Page).show(self._outcome)

    def action_confirm(self) -> None:
        """As it is shown."""
        self.dismiss(True)

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one(Page).scroll_relative(y=by, animate=False)
