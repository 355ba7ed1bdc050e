"""Erasing a holder: what goes and what stays is said first, and a person types which holder they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.till.erasing import Erasing, erase, foresee
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.rows import Row


def open_erase(screen: TillScreen[Any], key: str, then: Callable[[], object]) -> None:
    """Erase the holder of a card or account for good, for whoever has the right and means it; `then` once it is done."""
    till, desk = screen.till, screen.desk

    def permitted(allowed_by: str | None) -> None:
        try:
            foreseen = foresee(desk.register, key)
        except Refused as refused:
            screen.refuse(refused.message)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                till.store(lambda: erase(desk.register, foreseen.account, desk.operator, allowed_by), done)

        screen.app.push_screen(EraseDialog(foreseen), answered)

    def done(erased: Erasing) -> None:
        then()
        till.call_after_refresh(say, erased)  # behind what the screen below says of the card that comes off

    def say(erased: Erasing) -> None:
        if isinstance(till.screen, TillScreen):
            till.screen.done(N_("The holder is erased: {count} bills stay, as nobody's."), count=erased.sales)

    till.permitted("erase", permitted)


class EraseDialog(Question[bool]):
    """Answers whether to do it: only what is asked for, typed exactly, is yes."""

    NAME = N_("Erase for good")
    HINT = N_("nothing brings them back")

    def __init__(self, foreseen: Erasing) -> None:
        super().__init__()
        self._foreseen = foreseen

    def question(self) -> list[Row]:
        """Who it is, what goes, what stays."""
        foreseen = self._foreseen
        said = [self.language.say(message) for message in foreseen.told(self.language.purses, erased=False)]
        return [
            Row(foreseen.name or self.text("Bearer card, no name yet"), style="strong"),
            *(Row(sentence, lines=3) for sentence in said),
            Row(self.text("To erase them, type {proof}.", proof=foreseen.proof), style="warn", lines=2),
        ]

    def read(self, typed: str) -> bool:
        """What was asked for; refused where it is something else."""
        if typed != self._foreseen.proof:
            raise Refused(
                "not-confirmed",
                Message(N_("Nothing is erased: type {proof}, or go back with Esc."), proof=self._foreseen.proof),
            )
        return True
