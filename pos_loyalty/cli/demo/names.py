"""Made-up card holders: first and last names of six languages, each last name in the form that goes with the first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one language. `women` is a last name's ending and what takes its place in a woman's; `share` how many of a
    hundred holders bear such names.
    """

    language: str
    hers: tuple[str, ...]
    his: tuple[str, ...]
    last: tuple[str, ...]
    women: Mapping[str, str]
    share: int

    def pick(self, random: Random) -> str:
        """One full name."""
        last = random.choice(self.last)
        if random.random() < 0.54:
            return f"{random.choice(self.hers)} {self.of_woman(last)}"
        return f"{random.choice(self.his)} {last}"

    def of_woman(self, last: str) -> str:
        """A last name as a woman bears it."""
        for ending, hers in self.women.items():
            if last.endswith(ending):
                return last.removesuffix(ending) + hers
        return last


@cache
def all_names() -> tuple[Names, ...]:
    """The names of every language of the demo."""
    read = tomllib.loads(files("pos_loyalty.cli.demo").joinpath("names.toml").read_text(encoding="utf-8"))
    return tuple(
        Names(
            language,
            tuple(table["hers"].split()),
            tuple(table["his"].split()),
            tuple(table["last"].split()),
            table.get("women", {}),
            table["share"],
        )
        for language, table in read.items()
    )
