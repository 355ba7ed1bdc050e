"""Programme files in pieces, and what `read` says of them in English."""

from __future__ import annotations

from pos_loyalty.domain.message import Amount, Message, Rate
from pos_loyalty.domain.programme.problems import Problem
from pos_loyalty.domain.programme.reading import Reading, read

HEAD = """[programme]
name = "Club"
currency = "EUR"
time_zone = "Europe/Sofia"
"""
PURSE = """[purse.cashback]
unit = "money"
expires = "1 year"
"""
EARNS = """[[offer]]
id = "earns"
title = "Cashback"
give = { earn = { p = "1%" } }
"""
BASIC = """[[tier]]
id = "basic"
name = "Basic"
spend = "0.00"
"""
GOLD = """[[tier]]
id = "gold"
name = "Gold"
spend = "500.00"
"""


def said(message: Message | None) -> str:
    """A message in its English, filled; what cannot be filled is a fault of its template."""
    if message is None:
        return ""
    return message.template.format(**{key: _filled(value) for key, value in message.values.items()})


def _filled(value: object) -> object:
    match value:
        case Message():
            return said(value)
        case Rate():
            return f"{value.millionths / 10_000:g}%"
        case Amount():
            return f"{value.minor} {value.unit}"
        case _:
            return value


def places(reading: Reading) -> list[tuple[int | None, str]]:
    """Line and field of each problem."""
    return [(problem.line, problem.field) for problem in reading.problems]


def only(text: str, severity: str = "error") -> Problem:
    """The one problem of a text."""
    reading = read(text)
    assert [said(problem.message) for problem in reading.problems[1:]] == []
    (problem,) = reading.problems
    assert problem.severity == severity
    assert (reading.programme is None) == (severity == "error")
    return problem
