"""Programmes written as a shop owner writes them, and bills under them: what the tests of offers are written in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from bills import DAY, holder

from pos_loyalty.domain.audience import NOTHING_KNOWN, Known
from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import Quote
from pos_loyalty.language import Language

HEAD = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Sofia"

[[exclude]]
departments = ["tobacco", "deposits"]

[purse.cashback]
unit = "money"

[purse.points]
unit = "points"
worth = "0.01"

[purse.coffee]
unit = "stamps"
"""
TIER = """
[tiers]
window = "12 months"
kept_for = "12 months"

[[tier]]
id = "basic"
name = "Basic"
spend = "0.00"
discount = "5%"
cashback = "1%"
"""
ENGLISH = Language("en", Currency.of("EUR"))


def text_of(offers: dict[str, str], tiers: str = "", maximum: str = "100%") -> str:
    """A programme of these offers, each its keys by its id; its title is the id in capitals."""
    head = HEAD.replace("[[exclude]]", f'maximum_discount = "{maximum}"\n\n[[exclude]]')
    written = [f'[[offer]]\nid = "{id_}"\ntitle = "{id_.upper()}"\n{keys}\n' for id_, keys in offers.items()]
    return "\n".join([head, tiers, *written])


def rules(offers: dict[str, str], tiers: str = "", maximum: str = "100%") -> Programme:
    """The same, read; it must be without a fault."""
    found = read(text_of(offers, tiers, maximum))
    assert found.programme is not None, [problem.message for problem in found.problems]
    return found.programme


def ana(**named: Any) -> Account:
    """A holder with a named card, changed in what is named."""
    return replace(holder(), **named)


def bill(
    programme: Programme,
    *lines: LineItem,
    account: Account | None = None,
    day: date = DAY,
    clock: time = time(12),
    known: Known = NOTHING_KNOWN,
    **asks: Any,
) -> Quote:
    """What these lines come to for a holder, ana where none is named."""
    return quote(lines, programme, day, account or ana(), asks, clock=clock, known=known)


def without_a_card(programme: Programme, *lines: LineItem) -> Quote:
    """What these lines come to for anybody."""
    return quote(lines, programme, DAY)


def off(priced: Quote) -> list[tuple[str, tuple[int, ...]]]:
    """What each offer took off each line, in the order in which it was taken."""
    return [(discount.offer, discount.lines) for discount in priced.discounts]


def earned(priced: Quote) -> list[tuple[str, str, int]]:
    """What each offer earned into which purse."""
    return [(one.offer, one.purse, one.amount) for one in priced.earned]


def why(priced: Quote, offer: str) -> str:
    """What is said of an offer, to an English reader."""
    (reason,) = [one.reason for one in priced.why if one.offer == offer]
    return ENGLISH.say(reason)
