"""What a list to act on says of a holder, as people read it."""

from __future__ import annotations

from datetime import date

from pos_loyalty.domain.message import Message
from pos_loyalty.language import Language
from pos_loyalty.receipt.parts import purse_name
from pos_loyalty.reports.acting import ActList, Found, is_money
from pos_loyalty.reports.frame import Cell
from pos_loyalty.reports.rules import Rules


def facts_of(one: ActList, found: Found, rules: Rules | None, language: Language) -> list[tuple[str, str]]:
    """A row's own cells, each with what it is."""
    purse = ""
    facts = []
    for column, cell in zip(one.columns, found.cells, strict=True):
        money = rules is not None and is_money(column, purse, rules)
        written = _written(cell, money, language)
        if column.name == "purse" and isinstance(cell, str):
            purse, written = cell, purse_name(cell)
        facts.append((language.text(column.title), written))
    return facts


def _written(cell: Cell, money: bool, language: Language) -> str:
    match cell:
        case None:
            return ""
        case date():
            return language.day(cell)
        case int():
            return language.amount(cell) if money else language.number(cell)
        case Message():
            return language.say(cell)
        case str():
            return cell
