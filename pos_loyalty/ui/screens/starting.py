"""The first frame: it is there before the store is, and says why where the store cannot be opened."""

from __future__ import annotations

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.ui.commands import Command, bindings
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.bar import Bar
from pos_loyalty.ui.widgets.keys import KeyBar
from pos_loyalty.ui.widgets.rows import Row, Rows


class StartingScreen(TillScreen[None]):
    """Shown while the store is being opened."""

    NAME = N_("Starting")
    KEYS = (
        Command("enter", "again", N_("Try again"), N_("Open the store again.")),
        Command("ctrl+q", "app.leave", N_("Leave"), N_("Leave the till.")),
    )
    BINDINGS = bindings(*KEYS)

    def compose(self) -> ComposeResult:
        """No line for the devices: they are only opened behind this frame."""
        yield Rows(id="title")
        yield from self.body()
        yield Bar(id="bar")
        yield KeyBar(self.commands())

    def body(self) -> ComposeResult:
        """One line in the middle."""
        yield Rows(id="starting")

    def begin(self) -> None:
        """Say what is going on."""
        self._wait()
        self.call_after_refresh(self.till.begin)

    def _wait(self) -> None:
        self.query_one("#starting", Rows).show([Row(self.text("Opening the store…"), style="dim")])

    def refuse(self, message: Message) -> None:
        """The store cannot be opened: why, and what to do."""
        self.query_one("#starting", Rows).show(
            [
                Row("✖ " + self.language.say(message), style="bad", lines=8),
                Row(),
                Row(self.text("Nothing can be sold until then. Enter tries again."), lines=3),
            ]
        )
        self.app.bell()

    def take_scan(self, code: str) -> None:
        """Nothing can be sold yet; what is scanned while the store opens is kept by the app."""

    def action_again(self) -> None:
        """Try once more."""
        if not self.till.busy:
            self._wait()
            self.till.open_store()
