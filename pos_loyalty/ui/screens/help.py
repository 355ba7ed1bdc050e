"""All keys of the screen that it was asked on, and all that can be typed there."""

from __future__ import annotations

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.ui.commands import BACK, Command, bindings, silent
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.rows import Page, Row


class HelpScreen(TillScreen[None]):
    """Help on one screen."""

    KEYS = (BACK, Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False))
    BINDINGS = bindings(BACK, silent("f1", "back"))
    NAME = N_("Help")

    def __init__(self, of: str, commands: tuple[Command, ...], notes: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._of = of
        self._commands = commands
        self._notes = notes

    def body(self) -> ComposeResult:
        """The text."""
        yield Page(id="help")

    def begin(self) -> None:
        """Write the text."""
        rows = [Row(self.text(self._of), style="strong")]
        for command in self._commands:
            rows += self._row(command.face, self.text(command.help))
        if self._notes:
            rows += [Row(), Row(self.text("What can be typed and scanned"), style="strong")]
            for what, does in self._notes:
                rows += self._row(self.text(what), self.text(does))
        rows += [Row(), *self._row("Ctrl+Q", self.text("Leave the till; it asks first."))]
        self.query_one("#help", Page).show(rows)

    def _row(self, key: str, text: str) -> list[Row]:
        width = 14
        if self.language.rtl:
            # A key's name is Latin: in one line with the words, the two would be put in order as one.
            return [Row(f" {key}", style="strong"), Row(text, indent=3, lines=0)]
        room = max(self.app.size.width - width - 8, 20)  # beside the frame and the scroll bar
        from pos_loyalty.ui.widgets.cells import wrapped  # noqa: PLC0415 - beside its only use

        first, *rest = wrapped(text, room)
        return [Row(f" {key:<{width}} {first}"), *(Row(f" {'':<{width}} {line}") for line in rest)]

    def key_up(self) -> None:
        """Scroll."""
        self.query_one("#help", Page).scroll_relative(y=-1, animate=False)

    def key_down(self) -> None:
        """Scroll."""
        self.query_one("#help", Page).scroll_relative(y=1, animate=False)

    def key_pageup(self) -> None:
        """Scroll a page."""
        self.query_one("#help", Page).scroll_page_up(animate=False)

    def key_pagedown(self) -> None:
        """Scroll a page."""
        self.query_one("#help", Page).scroll_page_down(animate=False)
