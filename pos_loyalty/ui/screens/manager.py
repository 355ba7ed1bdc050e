"""Who allows what the programme lets nobody do alone: a manager's name, which stands on the bill."""

from __future__ import annotations

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.widgets.rows import Row


class ManagerDialog(Question[str]):
    """Answers with the name. `why` is what a manager is asked for."""

    NAME = N_("Ask a manager")
    HINT = N_("The manager's name")

    def __init__(self, why: Message) -> None:
        super().__init__()
        self._why = why

    def question(self) -> list[Row]:
        """Why."""
        return [Row(self.language.say(self._why), lines=4), Row(self.text("Who allows it?"), style="strong")]

    def read(self, typed: str) -> str:
        """Any name but none, and not the cashier's own."""
        if not typed:
            raise Refused("guard", Message(N_("Type the name of the manager who allows it.")))
        if typed.casefold() == self.desk.operator.casefold():
            raise Refused("guard", Message(N_("Somebody else must allow it: type the manager's name.")))
        return typed[:100]
