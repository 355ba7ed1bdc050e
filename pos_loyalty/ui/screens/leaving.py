"""Whether to leave the till: asked every time, and answered with a key that no scanner sends."""

from __future__ import annotations

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.ui.commands import Command, bindings
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.widgets.rows import Row, Rows


class LeavingScreen(Dialog[bool]):
    """Answers True to leave."""

    NAME = N_("Leave the till?")
    KEYS = (
        Command("f12", "leave", N_("Leave"), N_("End the program.")),
        Command("escape", "back", N_("Stay"), N_("Go on selling.")),
    )
    BINDINGS = bindings(*KEYS)

    def __init__(self, bill_is_open: bool) -> None:
        super().__init__()
        self._open = bill_is_open

    def body(self) -> ComposeResult:
        """What would be lost."""
        yield Rows(id="question")

    def on_mount(self) -> None:
        """Say what would be lost."""
        super().on_mount()
        text = (
            N_("A bill is open and not paid: it would be lost. Stay, and suspend it with F6 to keep it.")
            if self._open
            else N_("No bill is open.")
        )
        self.query_one("#question", Rows).show([Row(self.text(text), lines=4)])

    def action_leave(self) -> None:
        """Yes."""
        self.dismiss(True)
