"""Who shops in the demo: holders with names, birthdays and habits, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pos_loyalty.cli.demo.names import all_names

BEARERS = 20
"""One card in so many belongs to whoever shows it."""
DEVOTED = 40
"""One holder in so many comes several times a week and buys for the whole family."""


@dataclass(frozen=True, slots=True)
class Person:
    """One card holder before they come in. `eager` is how likely they spend what they have, from 0 to 1; `weight` how often they
    come, in proportion to the others; who is `devoted` buys more.
    """

    name: str | None
    language: str
    birthday: date | None
    phone: str | None
    email: str | None
    joined: date
    devoted: bool
    eager: float
    weight: int


def people(random: Random, count: int, first: date, last: date) -> list[Person]:
    """So many holders; two thirds of them had their card before the first day."""
    found: list[Person] = []
    languages = all_names()
    shares = [names.share for names in languages]
    days = (last - first).days
    for number in range(count):
        devoted = number % DEVOTED == 0
        bearer = not devoted and number % BEARERS == 7
        names = languages[number // DEVOTED % len(languages)] if devoted else random.choices(languages, shares)[0]
        joined = first - timedelta(days=random.randint(1, 600))
        if not devoted and random.random() < 0.33 and days > 1:
            joined = first + timedelta(days=random.randint(0, days - 1))
        found.append(
            Person(
                name=None if bearer else names.pick(random),
                language=names.language,
                birthday=_birthday(random, last, today=number == DEVOTED) if not bearer else None,
                phone=None if bearer or random.random() < 0.3 else f"+3598{random.randint(70_000_000, 99_999_999)}",
                email=None if bearer or random.random() < 0.5 else f"holder{number + 1}@example.com",
                joined=joined,
                devoted=devoted,
                eager=random.choice((0.0, 0.1, 0.3, 0.8)),
                weight=60 if devoted else random.choice((1, 1, 1, 1, 2, 2, 3, 5, 8)),
            )
        )
    return found


def _birthday(random: Random, last: date, *, today: bool) -> date | None:
    born = date(random.randint(last.year - 78, last.year - 17), 1, 1) + timedelta(days=random.randrange(365))
    if today:
        return date(born.year, last.month, min(last.day, 28))
    return born if random.random() < 0.7 else None
