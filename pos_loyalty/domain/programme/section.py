"""A table of a programme file that hands out its values one by one and notes what is wrong with each.

A value that is wrong is noted and its default handed out, so that the reading goes on and one run finds every problem; nothing of
it is used, since a reading with an error has no programme.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard, TypeVar

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme import fields
from pos_loyalty.domain.programme.positions import Path
from pos_loyalty.domain.programme.problems import Found, Wrong, needed, shown, suggestion

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Section:
    """One table: its `values`, where it stands, and what an owner calls it ("tier.gold"; "" is the file)."""

    values: Mapping[str, object]
    path: Path
    name: str
    found: Found

    def field(self, key: str) -> str:
        """What an owner calls a key of this table."""
        return f"{self.name}.{shown(key)}" if self.name else shown(key)

    def error(self, key: str, message: Message, mend: Message | None = None) -> None:
        """Note an error in a key of this table, or that it is missing."""
        self.found.error((*self.path, key), self.field(key), message, mend)

    def warn(self, key: str, message: Message, mend: Message | None = None) -> None:
        """Note what is doubtful about a key of this table, or about its being left out."""
        self.found.warn((*self.path, key), self.field(key), message, mend)

    def only(self, known: Collection[str]) -> None:
        """Refuse every key but these, with a suggestion."""
        for key in self.values:
            if self.found.full:
                return
            if key not in known:
                self.error(key, Message(N_('"{word}" is not known here.'), word=shown(key)), suggestion(key, known))

    def get(self, key: str, read: Callable[[object], T], default: D) -> T | D:
        """The value of a key, or its default where it is left out or wrong."""
        if key not in self.values:
            return default
        try:
            return read(self.values[key])
        except Wrong as wrong:
            self.error(key, wrong.message, wrong.mend)
            return default

    def need(self, key: str, read: Callable[[object], T]) -> T | None:
        """The value of a key that cannot be left out; None where it is missing or wrong."""
        if key not in self.values:
            self.error(
                key,
                Message(N_("{key} is missing."), key=key),
                Message(N_("Write it into the table that begins here.")) if self.path else None,
            )
            return None
        return self.get(key, read, None)

    def texts(self, key: str) -> frozenset[str]:
        """The SKUs or departments in the list of a key; none where it is left out."""
        return frozenset(self.listed(key, fields.label))

    def listed(self, key: str, read: Callable[[object], T]) -> tuple[T, ...]:
        """What is in the list of a key, in order and without what is wrong; nothing where it is left out."""
        if key not in self.values:
            return ()
        listed = self.values[key]
        if not isinstance(listed, list):
            wrong = needed(Message(N_('a list, like ["A", "B"]')), listed)
            self.error(key, wrong.message, wrong.mend)
            return ()
        if not listed:
            self.error(
                key,
                Message(N_("The list is empty, and what is named nowhere restricts nothing.")),
                Message(N_("Name something in it, or take the key out.")),
            )
        values: list[T] = []
        for index, value in enumerate(listed):
            try:
                values.append(read(value))
            except Wrong as wrong:
                self.found.error((*self.path, key, index), self.field(key), wrong.message, wrong.mend)
        return tuple(values)

    def part(self, key: str) -> Section | None:
        """The table of a key that names something; None where it is left out, is no table, or is empty, which is noted."""
        below = self.table(key)
        if below is None or below.values:
            return below
        self.error(
            key,
            Message(N_("Nothing is named here, and what is named nowhere restricts nothing.")),
            Message(N_("Name something in it, or take the key out.")),
        )
        return None

    def table(self, key: str) -> Section | None:
        """The table of a key; None where it is left out or is no table."""
        if key not in self.values:
            return None
        value = self.values[key]
        if isinstance(value, dict):
            return self._below(value, (*self.path, key), self.field(key))
        if _is_tables(value):
            self.error(key, *_brackets(f"[[{key}]]", f"[{key}]"))
        else:
            self._no_table(key, value)
        return None

    def tables(self, key: str, limit: int) -> list[Section]:
        """The tables of an array of them, in order, named by their ids where they have good ones."""
        listed = self.values.get(key, [])
        if isinstance(listed, dict):
            self.error(key, *_brackets(f"[{key}]", f"[[{key}]]"))
            return []
        if not isinstance(listed, list):
            self._no_table(key, listed)
            return []
        names = element_names(key, listed)
        sections = []
        for index, value in enumerate(listed):
            path = (*self.path, key, index)
            if isinstance(value, dict):
                sections.append(self._below(value, path, names[index]))
            else:
                wrong = needed(Message(N_("a table")), value)
                self.found.error(path, names[index], wrong.message, wrong.mend)
        if len(sections) > limit:
            path = (*self.path, key, limit)
            self.found.error(path, names[limit], *_too_many(f"[[{key}]]", len(listed), limit))
        return sections

    def named_tables(self, limit: int) -> list[tuple[str, Section]]:
        """The tables that this one holds, with their ids; what is no table, or has no good id, is noted."""
        sections = []
        spelled: dict[str, str] = {}
        for key in self.values:
            try:
                fields.identifier(key)
            except Wrong as wrong:
                self.error(key, wrong.message, wrong.mend)
            twin = spelled.setdefault(key.lower(), key)
            if twin != key:
                self.error(
                    key, Message(N_('"{id}" and "{other}" differ in capital letters alone.'), id=key, other=twin)
                )
            below = self.table(key)
            if below is not None:
                sections.append((key, below))
            if len(sections) == limit + 1:
                self.error(key, *_too_many(self.name, len(self.values), limit))
        return sections

    def empty(self, key: str) -> Section:
        """A table without values in place of one that is not there."""
        return self._below({}, (*self.path, key), self.field(key))

    def below(self, key: str) -> Section:
        """The table of a key, empty where there is none; for a file that has been found right."""
        return self.table(key) or self.empty(key)

    def _below(self, values: Mapping[str, object], path: Path, name: str) -> Section:
        return Section(values, path, name, self.found)

    def _no_table(self, key: str, value: object) -> None:
        wrong = needed(Message(N_("a table")), value)
        self.error(key, wrong.message, wrong.mend)


def own_ids(sections: Sequence[Section]) -> list[str]:
    """The ids of the tables of an array, "" where one is missing or wrong; one that is taken is noted, whatever its capitals."""
    ids: list[str] = []
    lines: dict[str, int] = {}
    for section in sections:
        own = section.need("id", fields.identifier) or ""
        ids.append(own)
        if own.lower() in lines:
            section.error(
                "id",
                Message(N_('The id "{id}" is already taken on line {line}.'), id=own, line=lines[own.lower()]),
                Message(N_("Give each an id of its own, different in more than capital letters.")),
            )
        elif own:
            lines[own.lower()] = section.found.positions.line((*section.path, "id")) or 0
    return ids


def element_names(key: str, listed: list[object]) -> list[str]:
    """What an owner calls the tables of an array: "tier.gold" by an id of its own, or else "tier[2]", counted from 1."""
    ids = [value.get("id") if isinstance(value, dict) else None for value in listed]
    spelled: dict[str, int] = {}
    for one in ids:
        if isinstance(one, str):
            spelled[one.lower()] = spelled.get(one.lower(), 0) + 1
    names = []
    for number, one in enumerate(ids, 1):
        own = isinstance(one, str) and spelled[one.lower()] == 1 and fields.is_identifier(one)
        names.append(f"{key}.{one}" if own else f"{key}[{number}]")
    return names


def _is_tables(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _brackets(found: str, wanted: str) -> tuple[Message, Message]:
    return (
        Message(N_("{found} does not have the right number of brackets."), found=found),
        Message(N_("Write {wanted}."), wanted=wanted),
    )


def _too_many(what: str, count: int, limit: int) -> tuple[Message]:
    return (Message(N_("{what} stands {count} times; {limit} is the most."), what=what, count=count, limit=limit),)


def top(document: Mapping[str, object], found: Found) -> Section:
    """The file itself as a table."""
    return Section(document, (), "", found)
