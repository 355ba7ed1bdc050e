"""A screen that is a list to choose from: the arrow keys choose, Enter takes."""

from __future__ import annotations

from typing import TypeVar

from pos_loyalty.domain.message import N_
from pos_loyalty.ui.commands import Command, silent
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.table import Table

R = TypeVar("R")

TAKE = Command("enter", "take", N_("Take"), N_("Take the chosen line."))
MOVES = (
    silent("up", "move(-1)"),
    silent("down", "move(1)"),
    silent("pageup", "page(-1)"),
    silent("pagedown", "page(1)"),
)


class Listing(TillScreen[R]):
    """Moves the choice in its one table."""

    @property
    def table(self) -> Table:
        """The list."""
        return self.query_one(Table)

    def action_move(self, by: int) -> None:
        """Choose another line."""
        self.table.move(by)

    def action_page(self, by: int) -> None:
        """Choose a line a page away."""
        self.table.move(by * self.table.page)
