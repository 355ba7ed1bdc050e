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

    def __init__(self, bill_is_open: bool, unprinted: int, *, kept: bool) -> None:
        """`unprinted`: receipts that wait at the printer; `kept`: over a restart."""
        super().__init__()
        self._kept = kept
        self._open = bill_is_open
        self._unprinted = unprinted

    def body(self) -> ComposeResult:
        """What would be lost."""
        yield Rows(id="question")

    def begin(self) -> None:
        """Say what would be lost."""
        text = (
            N_("A bill is open and not paid: it would be lost. Stay, and suspend it with F6 to keep it.")
            if self._open
            else N_("No bill is open.")
        )
        rows = [Row(self.text(text), style="warn" if self._open else "", lines=3)]
        if self._unprinted:
            if self._kept:
                waiting = self.language.plural(
                    "One receipt waits at the printer; it is printed when the till is started again.",
                    "{n} receipts wait at the printer; they are printed when the till is started again.",
                    self._unprinted,
                )
            else:
                waiting = self.language.plural(
                    "One receipt waits at the printer and would not be printed; F8 prints a copy later.",
                    "{n} receipts wait at the printer and would not be printed; F8 prints copies later.",
                    self._unprinted,
                )
            rows.append(Row("! " + waiting, style="warn", lines=3))
        self.query_one("#question", Rows).show(rows)

    def action_leave(self) -> None:
        """Yes."""
        self.dismiss(True)
