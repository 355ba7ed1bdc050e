"""The owner's side of the screen: what there is, and what right each of it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from textual.app import ComposeResult

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.operator import Right
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings, silent
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.screens.listing import MOVES, Listing
from pos_loyalty.ui.widgets.table import Column, Table


@dataclass(frozen=True, slots=True)
class Room:
    """One screen of the owner's side. `screen` is where its class is ("module:Class"): it is made without arguments, and
    loaded when it is opened.
    """

    title: str
    about: str
    right: Right | None
    screen: str


ROOMS: tuple[Room, ...] = (
    Room(
        N_("Card holders"),
        N_("Search, filter, and open anybody's page"),
        None,
        "pos_loyalty.ui.screens.holders:HoldersScreen",
    ),
    Room(
        N_("Lists to act on"),
        N_("Birthdays, who stays away, what runs out"),
        "lists",
        "pos_loyalty.ui.screens.lists:ListsScreen",
    ),
    Room(
        N_("Figures"),
        N_("What is owed, who comes, who comes back, what offers bring"),
        "reports",
        "pos_loyalty.ui.screens.figures:FiguresScreen",
    ),
    Room(
        N_("Offers"),
        N_("What each offer brought, and what it cost"),
        "reports",
        "pos_loyalty.ui.screens.offers:OffersScreen",
    ),
    Room(
        N_("Complaints"),
        N_("Of all holders: overdue first; and closed ones."),
        "lists",
        "pos_loyalty.ui.screens.complaints:AllComplaintsScreen",
    ),
    Room(
        N_("Shift"),
        N_("The drawer: float, X and Z reports."),
        "shift",
        "pos_loyalty.ui.screens.shift:ShiftScreen",
    ),
    Room(
        N_("Watchfulness"),
        N_("Own cards, returns, discounts: by cashier."),
        "audit",
        "pos_loyalty.ui.screens.watch:WatchScreen",
    ),
    Room(
        N_("Try a draft programme"),
        N_("A draft on your own past sales, against the programme in force"),
        "programme",
        "pos_loyalty.ui.screens.backtest:BacktestScreen",
    ),
    Room(
        N_("What was done"),
        N_("By whom, and who allowed it"),
        "audit",
        "pos_loyalty.ui.screens.audit:AuditScreen",
    ),
    Room(
        N_("People"),
        N_("Who works here, their PINs and roles"),
        "operators",
        "pos_loyalty.ui.screens.people:PeopleScreen",
    ),
    Room(
        N_("Import and export"),
        N_("Holders from a file; everything in open formats"),
        "transfer",
        "pos_loyalty.ui.screens.transfer:TransferScreen",
    ),
    Room(
        N_("Devices"),
        N_("What is plugged in: try it and choose it."),
        "devices",
        "pos_loyalty.ui.screens.devices:DevicesScreen",
    ),
)
"""In the order of the menu."""


PLACES = "1234567890abcdefgh"
"""The key of each, in that order."""


class OfficeScreen(Listing[None]):
    """Chooses one."""

    NAME = N_("Office")
    KEYS = (HELP, Command("enter", "take", N_("Open"), N_("Open what is chosen; so does its number.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES, *(silent(key, f"open({n})") for n, key in enumerate(PLACES)))

    def body(self) -> ComposeResult:
        """What there is, and what for."""
        text = self.text
        yield Table((Column(text("No."), end=True), Column(text("Open")), Column(text("What for"), grows=True)))

    def begin(self) -> None:
        """List it."""
        self.table.show(
            [(key, self.text(room.title), self.text(room.about)) for key, room in zip(PLACES, ROOMS, strict=False)]
        )

    def action_take(self) -> None:
        """Open the chosen one."""
        self.action_open(self.table.cursor)

    def action_open(self, index: int) -> None:
        """Open one by its place."""
        if index >= len(ROOMS):
            return
        room = ROOMS[index]

        def permitted(_: str | None) -> None:
            module, name = room.screen.split(":")
            screen = cast(Callable[[], TillScreen[Any]], getattr(import_module(module), name))
            self.app.push_screen(screen())

        self.till.permitted(room.right, permitted)
