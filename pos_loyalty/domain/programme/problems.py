"""What is wrong with a programme file, as values: one reading reports every problem, each with its line and field."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal, TypeAlias

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme.positions import Path, Positions

Severity: TypeAlias = Literal["error", "warning"]

MAX_PROBLEMS = 1_000
"""Listed at once. A file with more is not a programme with slips in it, and nobody reads on."""
MAX_LISTED = 20
"""Words that a mend lists, where none is near enough to what was written."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: its line (None: the file as a whole), the field as an owner would call it, what is wrong there,
    and what to do about it. An error keeps the programme from being used, a warning does not.
    """

    line: int | None
    field: str
    message: Message
    severity: Severity = "error"
    mend: Message | None = None


class Wrong(Exception):
    """A value that cannot be read; what is wrong with it, and what to do about it."""

    def __init__(self, message: Message, mend: Message | None = None) -> None:
        super().__init__(message, mend)
        self.message = message
        self.mend = mend


@dataclass(slots=True)
class Found:
    """The problems of one reading so far."""

    positions: Positions
    problems: list[Problem] = field(default_factory=list)
    failed: bool = False

    @property
    def full(self) -> bool:
        """Whether no more are listed."""
        return len(self.problems) > MAX_PROBLEMS

    def error(self, path: Path, name: str, message: Message, mend: Message | None = None) -> None:
        """Note an error at a path, whose field is called `name`."""
        self.failed = True
        self._add(path, name, message, "error", mend)

    def warn(self, path: Path, name: str, message: Message, mend: Message | None = None) -> None:
        """Note what works and is probably not what the owner wants."""
        self._add(path, name, message, "warning", mend)

    def in_order(self) -> tuple[Problem, ...]:
        """All of them by line, the file's own first."""
        return tuple(sorted(self.problems, key=lambda problem: problem.line or 0))

    def _add(self, path: Path, name: str, message: Message, severity: Severity, mend: Message | None) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.positions.line(path), name, message, severity, mend))
        elif len(self.problems) == MAX_PROBLEMS:
            more = Message(N_("There are more than {limit} problems; the rest is not listed."), limit=MAX_PROBLEMS)
            self.problems.append(Problem(None, "", more))


def suggestion(word: str, known: Collection[str]) -> Message:
    """What a word that is not known may have meant, or else what is known."""
    spelled = {one.lower(): one for one in known}
    close = difflib.get_close_matches(word.lower(), spelled, n=1) if len(word) <= 60 else []
    if close:
        return Message(N_('Did you mean "{word}"?'), word=spelled[close[0]])
    listed = list(known)
    some = ", ".join(listed[:MAX_LISTED]) + (", …" if len(listed) > MAX_LISTED else "")
    return Message(N_("What can stand here: {words}."), words=some)


def shown(value: str, limit: int = 40) -> str:
    """A text from the file as a message may hold it: short, and nothing in it that a terminal would act on."""
    clipped = value if len(value) <= limit else value[: limit - 1] + "…"
    return "".join(character if character.isprintable() else "\ufffd" for character in clipped)


def needed(wanted: Message, value: object) -> Wrong:
    """That a value is of another kind than the one that is wanted."""
    return Wrong(Message(N_("Needed here: {wanted}. Found: {found}."), wanted=wanted, found=kind(value)))


def kind(value: object) -> Message:
    """What a TOML value is, in words."""
    match value:
        case bool():
            return Message(N_("{value} (without quotation marks)"), value=str(value).lower())
        case str():
            return Message(N_('the text "{value}"'), value=shown(value))
        case int() | float():
            return Message(N_("the bare number {value}"), value=shown(_written(value)))
        case datetime() | date() | time():
            return Message(N_("a date or a time without quotation marks"))
        case list():
            return Message(N_("a list"))
        case _:
            return Message(N_("a table"))


def _written(number: float) -> str:
    # Python refuses to write whole numbers of more than 4,300 digits; TOML can hold them in hexadecimal.
    return f"{number:#x}" if isinstance(number, int) and abs(number) >= 10**40 else str(number)
