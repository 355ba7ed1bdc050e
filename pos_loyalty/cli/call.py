"""What every verb is handed: the call, the register's settings, its language, and where answers go."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from pos_loyalty.cli.moments import read_day, read_moment
from pos_loyalty.cli.output import Output
from pos_loyalty.domain.message import N_, Message, Refused, Value
from pos_loyalty.language import Language

if TYPE_CHECKING:
    from pos_loyalty.config import Settings
    from pos_loyalty.domain.programme.rules import Programme
    from pos_loyalty.till.register import Register


class CallWrong(Exception):
    """A call that names what cannot be used; `message` says so in one sentence."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one verb."""

    options: argparse.Namespace
    settings: Settings
    language: Language
    out: Output

    def say(self, template: str, /, **values: Value) -> None:
        """One line for a person, in the register's language."""
        self.out.line(self.language.text(template, **values))

    def moment(self, option: str, register: Register) -> datetime | None:
        """The time that an option names; a date is the start of that business day, a time without an offset the shop's."""
        written: str | None = getattr(self.options, option)
        if written is None:
            return None
        moment = read_moment(written)
        if moment is not None:
            return shop_time(register, moment) if moment.tzinfo is None else moment
        day = read_day(written)
        if day is None:
            raise CallWrong(Message(N_("{text} is no time; write it as 2026-11-22T10:15:00+01:00."), text=written[:40]))
        programme = programme_at(register)
        return shop_time(register, datetime.combine(day, programme.day_starts if programme else time()))

    def who(self) -> str:
        """Who does it: the register's operator, or whoever is logged in."""
        if self.settings.operator:
            return self.settings.operator
        import getpass  # noqa: PLC0415 - few verbs ask

        try:
            return getpass.getuser()
        except (OSError, KeyError, ImportError):  # a system without names of users
            return ""

    def operator(self) -> str:
        """Who the call says does it, or else as `who`."""
        return self.options.operator or self.who()

    def day(self, option: str) -> date | None:
        """The date that an option names."""
        written: str | None = getattr(self.options, option)
        if written is None:
            return None
        day = read_day(written)
        if day is None:
            raise CallWrong(Message(N_("{text} is no date; write it as 2026-12-31."), text=written[:40]))
        return day


def shop_time(register: Register, naive: datetime) -> datetime:
    """A time without an offset as the shop's clock means it."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    from pos_loyalty.till.programmes import current  # noqa: PLC0415

    return naive.replace(tzinfo=ZoneInfo(current(register).programme.time_zone))


@contextmanager
def register_of(settings: Settings) -> Iterator[Register]:
    """The register with its store open. Refused where there is none that can be used."""
    from pos_loyalty.storage.engine import open_store  # noqa: PLC0415
    from pos_loyalty.till.ids import uuid7  # noqa: PLC0415
    from pos_loyalty.till.register import Register  # noqa: PLC0415

    store = open_store(settings.store)
    try:
        yield Register(
            settings.register,
            store,
            _now,
            lambda: uuid7(_now()),
            settings.cards,
            shop=settings.shop.member,
            shop_name=settings.shop.name,
        )
    finally:
        store.close()


def _now() -> datetime:
    return datetime.now().astimezone()


def programme_at(register: Register, at: datetime | None = None) -> Programme | None:
    """The rules in force, if any were ever activated."""
    from pos_loyalty.till.programmes import current  # noqa: PLC0415

    try:
        return current(register, at).programme
    except Refused as refused:
        if refused.code != "programme-missing":
            raise
        return None
