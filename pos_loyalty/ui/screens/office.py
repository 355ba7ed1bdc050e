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
        N_("Devices"),
        N_("What is plugged in: try it and choose it."),
        "devices",
        "pos_loyalty.ui.screens.devices:DevicesScreen",
    ),
)
"""In the order of the menu."""


class OfficeScreen(Listing[None]):
    """Chooses one."""

    NAME = N_("Office")
    KEYS = (HELP, Command("enter", "take", N_("Open"), N_("Open what is chosen; so does its number.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES, *(silent(str(n), f"open({n - 1})") for n in range(1, 10)))

    def body(self) -> ComposeResult:
        """What there is, and what for."""
        text = self.text
        yield Table((Column(text("No."), end=True), Column(text("Open")), Column(text("What for"), grows=True)))

    def begin(self) -> None:
        """List it."""
        self.table.show([(str(n), self.text(room.title), self.text(room.about)) for n, room in enumerate(ROOMS, 1)])

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
