"""What a cell of a CSV means, strictly: an amount or a day that could be read in two ways is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import parse_decimal
from pos_loyalty.domain.programme.problems import shown

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


class CellWrong(ValueError):
    """A cell that cannot be read; `message` says which and why."""

    def __init__(self, template: str, **values: str | int | Message) -> None:
        super().__init__(template)
        self.message = Message(template, **values)


def amount_in(text: str, digits: int, column: str) -> int:
    """An amount as minor units of so many decimals, written with a point or a comma before them and nothing between thousands.

    CellWrong for more decimals than there are, so that 1.250 is never taken for 1250.
    """
    try:
        return parse_decimal(text.replace(",", ".", 1), digits)
    except ValueError:
        if digits:
            raise CellWrong(
                N_(
                    "{column}: {text} is no amount such as 12.50 or 12,50, with at most {digits} decimals and nothing"
                    " between the thousands."
                ),
                column=column,
                text=shown(text),
                digits=digits,
            ) from None
        raise CellWrong(
            N_("{column}: {text} is no whole number such as 1250."), column=column, text=shown(text)
        ) from None


def day_in(text: str, column: str) -> date:
    """A day as 2026-12-31 or 31.12.2026. CellWrong otherwise: 12/31/2026 has two readings in half of the year."""
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DOTTED.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        raise CellWrong(N_("{column}: there is no day {text}."), column=column, text=text) from None
    raise CellWrong(
        N_("{column}: {text} is no day; write it as 2026-12-31 or 31.12.2026."), column=column, text=shown(text)
    )


def list_in(text: str) -> tuple[str, ...]:
    """The words of a cell that holds several."""
    return tuple(text.split())
