"""A list to act on, on the paper of receipts: who, how to reach them, and what for; for the staff, not for customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pos_loyalty.language import Language
from pos_loyalty.receipt.rows import Gap, Receipt, Row, Rule, Text


@dataclass(frozen=True, slots=True)
class Listed:
    """One holder: the name, how to reach them, and what the list says of them, each as (what it is, what it comes to)."""

    name: str
    reach: str
    facts: tuple[tuple[str, str], ...]


def list_slip(title: str, about: str, rows: Sequence[Listed], more: bool, at: datetime, language: Language) -> Receipt:
    """The slip of a list in the reader's language; `at` is on the shop's clock, `more` says that there are others besides."""
    return Receipt(tuple(_rows(title, about, rows, more, at, language)), language.rtl)


def _rows(
    title: str, about: str, rows: Sequence[Listed], more: bool, at: datetime, language: Language
) -> Iterator[Row]:
    yield Text(title, align="center", emphasis=True, large=True)
    yield Text(about, align="center")
    yield Text(language.text("Date"), language.moment(at))
    for row in rows:
        yield Rule()
        yield Text(row.name, emphasis=True)
        if row.reach:
            yield Text(row.reach)
        for what, value in row.facts:
            yield Text(what, value, indent=2)
    yield Rule()
    if more:
        yield Text(language.text("There are more: these are the first."))
    yield Text(language.text("For the staff only: destroy it after use."), align="center")
    yield Gap()
