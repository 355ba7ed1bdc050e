"""What every figure of a report means, and which rows of the store it is summed from."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.reports.frame import Report
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.rows import Page, Row


class DefinitionsScreen(TillScreen[None]):
    """One page to read."""

    NAME = N_("What is what")
    KEYS = (HELP, BACK, Command("up,down,pageup,pagedown", "", N_("Scroll"), N_("Read on."), shown=False))
    BINDINGS = bindings(
        *KEYS,
        silent("up", "scroll(-1)"),
        silent("down", "scroll(1)"),
        silent("pageup", "scroll(-10)"),
        silent("pagedown", "scroll(10)"),
        silent("f7,enter", "back"),
    )

    def __init__(self, report: Report) -> None:
        super().__init__()
        self._report = report

    def body(self) -> ComposeResult:
        """The page."""
        yield Page(id="page")

    def begin(self) -> None:
        """Show them all."""
        self.query_one("#page", Page).show(self._rows())

    def _rows(self) -> Iterator[Row]:
        text = self.text
        yield Row(text(self._report.title), style="strong")
        for figure in self._report.figures:
            yield Row()
            yield Row(text(figure.title), style="strong")
            yield Row(text(figure.meaning), lines=0, indent=2)
            yield Row(text("from: {source}", source=text(figure.source)), style="dim", lines=0, indent=2)
            for group in figure.groups:
                if group.meaning:
                    yield Row(f"{text(group.title)}: {text(group.meaning)}", lines=0, indent=4)
        if not self._report.figures:
            for column in self._report.columns:
                yield Row()
                yield Row(text(column.title), style="strong")
                yield Row(text(column.meaning), lines=0, indent=2)

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one("#page", Page).scroll_relative(y=by, animate=False)
