"""Doing what takes a right: whoever sells has it, or somebody who has it types their PIN and allows it this once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.operator import Operator, Right
from pos_loyalty.till.operators import RIGHT_NAMES, allow, may, those_with
from pos_loyalty.ui.commands import Command, bindings
from pos_loyalty.ui.screens.base import Dialog, TillScreen
from pos_loyalty.ui.screens.listing import MOVES
from pos_loyalty.ui.screens.manager import ManagerDialog
from pos_loyalty.ui.screens.who import WhoAndPin
from pos_loyalty.ui.widgets.rows import Row

if TYPE_CHECKING:
    from pos_loyalty.ui.app import TillApp


class PermissionDialog(Dialog[str], WhoAndPin[str]):
    """Answers with the name of who allowed it. `why` is what they are asked for."""

    NAME = N_("Ask somebody who may")
    KEYS = (
        Command("enter", "", N_("Allow"), N_("Take who was chosen; then take the PIN.")),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS, *MOVES)

    def __init__(self, right: Right, people: tuple[Operator, ...], why: Message | None = None) -> None:
        super().__init__()
        self.people = people
        self._right: Right = right
        self._why = why

    def question(self) -> list[Row]:
        """What it is about, and who is asked."""
        what = self.text(RIGHT_NAMES[self._right])
        why = self.language.say(self._why) if self._why is not None else None
        return [
            Row(
                why or self.text("{operator} may not do this alone: {right}.", operator=self.desk.operator, right=what),
                lines=4,
            ),
            Row(self.text("Who allows it, this once?"), style="strong"),
        ]

    def check(self, who: Operator, pin: str) -> None:
        """Ask the till."""
        register, operator, right = self.desk.register, self.desk.operator, self._right
        self.till.store(lambda: allow(register, who.name, pin, right, operator), self._allowed, self.wrong)

    def take_scan(self, code: str) -> None:
        """First the PIN. What was scanned is not shown: it might be a PIN that was typed very fast."""
        self.refuse(Message(N_("The scan was not taken: first the PIN, or Esc; then scan it again.")))

    def _allowed(self, by: Operator) -> None:
        self.dismiss(by.name)


def permitted(
    till: TillApp,
    right: Right | None,
    then: Callable[[str | None], None],
    not_allowed: Callable[[], None] = lambda: None,
    why: Message | None = None,
) -> None:
    """Go on with `then` where whoever sells has a right (None: it takes none), or once somebody who has it allows it: `then` is
    given that name, or None where nobody had to be asked. `not_allowed` is called where nobody allowed it.
    """
    desk = till.desk
    if right is None or desk is None:
        then(None)
        return
    try:
        free = may(desk.register, right, desk.operator)
        people = () if free else those_with(desk.register, right)
    except Refused as refused:
        if isinstance(till.screen, TillScreen):
            till.screen.refuse(refused.message)
        return
    if free:
        then(None)
        return

    def answered(name: str | None) -> None:
        if name is None:
            not_allowed()
        else:
            till.once_stored(partial(then, name))

    till.push_screen(PermissionDialog(right, people, why), answered)


def let_guard_pass(screen: TillScreen[Any], why: Message, allowed: Callable[[str], None]) -> None:
    """Ask for what the programme's guard lets nobody do alone: a PIN of who may, or, where nobody has one, a manager's name."""

    def refuse() -> None:
        screen.refuse(why)

    def answered(name: str | None) -> None:
        if name is None:
            refuse()
        else:
            allowed(name)

    try:
        nobody = not those_with(screen.desk.register)
    except Refused as refused:
        screen.refuse(refused.message)
        return
    if nobody:
        screen.app.push_screen(ManagerDialog(why), answered)
    else:
        permitted(screen.till, "guard", lambda by: allowed(by or screen.desk.operator), refuse, why)
