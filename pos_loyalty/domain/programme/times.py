"""The times of a programme file: hours of the clock, days, lengths of calendar time and of a till's patience."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TypeVar

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.problems import Wrong, needed, shown, suggestion
from pos_loyalty.domain.programme.rules import Lifetime, Window

T = TypeVar("T")

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As the file writes them; a day's place is its number in Python's calendar."""
MAX_BIRTHDAY = 182
"""Days either side of a birthday: half a year either side is every day."""
MAX_LATE = 31 * 86_400
"""Seconds for which a forgotten card can be added: a month."""
_LONGEST = {"day": 36_525, "month": 1_200, "year": 100}
"""A hundred years in each unit: longer is "never", and dates stay far from the calendar's end."""
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}

_DURATION = re.compile(r"([0-9]{1,6}) (day|month|year)s?")
_SHORT = re.compile(r"([0-9]{1,6}) (minute|hour|day)s?")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_HOURS = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)")


def clock(value: object) -> time:
    """A time of day, "HH:MM"."""
    if not isinstance(value, str):
        raise needed(Message(N_('a time of day between quotation marks, like "04:30"')), value)
    match = _CLOCK.fullmatch(value)
    if match is None:
        raise Wrong(
            Message(N_('"{word}" is not a time of day.'), word=shown(value)),
            Message(N_('Write hours and minutes, from "00:00" to "23:59", like "04:30".')),
        )
    return time(int(match[1]), int(match[2]))


def duration(value: object) -> Duration:
    """A length of time in whole days, months or years, at most a hundred years."""
    if not isinstance(value, str):
        raise needed(Message(N_('a length of time between quotation marks, like "14 days"')), value)
    match = _DURATION.fullmatch(value)
    if match is None:
        raise Wrong(
            Message(N_('"{word}" is not a length of time.'), word=shown(value)),
            Message(N_('Write a whole number of days, months or years, like "14 days", "3 months" or "1 year".')),
        )
    for unit in ("day", "month", "year"):
        if match[2] == unit:
            if int(match[1]) > _LONGEST[unit]:
                raise Wrong(Message(N_('"{word}" is longer than a hundred years.'), word=shown(value)))
            return Duration(int(match[1]), unit)
    raise AssertionError(match[2])


def lifetime(value: object) -> Lifetime:
    """How long what is in a purse can be spent: a length of time, "never" or "end of year"."""
    return _or_words(value, {"never": None, "end of year": "end of year"})


def window(value: object) -> Window:
    """Over which time spend counts towards a tier: a length of time above zero, "calendar year" or "lifetime"."""
    words: Mapping[str, Window] = {"calendar year": "calendar year", "lifetime": "lifetime"}
    read = _or_words(value, words)
    if isinstance(read, Duration) and read.count == 0:
        raise Wrong(
            Message(N_("In a window of no time no spend would ever count.")),
            Message(N_('Write how far back it reaches, like "12 months".')),
        )
    return read


def weekday(value: object) -> int:
    """A day of the week, by its first three letters; its number from Monday, 0."""
    if not isinstance(value, str):
        raise needed(Message(N_('a word between quotation marks, like "{word}"'), word=WEEKDAYS[0]), value)
    if value not in WEEKDAYS:
        raise Wrong(
            Message(N_('"{word}" is not a day of the week.'), word=shown(value)),
            Message(N_('Did you mean "{word}"?'), word=value[:3].lower())
            if value[:3].lower() in WEEKDAYS
            else suggestion(value, WEEKDAYS),
        )
    return WEEKDAYS.index(value)


def hours(value: object) -> tuple[time, time]:
    """Two times of day, "HH:MM-HH:MM"; with an end before its beginning they reach over midnight."""
    example = Message(N_('Write two times of day, like "09:00-12:00"; "22:00-02:00" reaches over midnight.'))
    if not isinstance(value, str):
        raise needed(Message(N_('two times of day between quotation marks, like "09:00-12:00"')), value)
    match = _HOURS.fullmatch(value)
    if match is None:
        raise Wrong(Message(N_('"{word}" is not from one time of day to another.'), word=shown(value)), example)
    begins, ends = clock(match[1]), time(0) if match[2] == "24:00" else clock(match[2])
    if begins == ends:
        raise Wrong(
            Message(N_('"{word}" ends when it begins.'), word=shown(value)),
            Message(N_("Leave hours out for the whole day.")),
        )
    return begins, ends


def day(value: object) -> date:
    """A date, as TOML writes it."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise needed(Message(N_("a date without quotation marks, like 2026-12-31")), value)
    return value


def some_time(value: object) -> Duration:
    """A length of time above zero."""
    read = duration(value)
    if read.count == 0:
        raise Wrong(Message(N_("This has to be above zero.")), Message(N_('Write at least "1 day".')))
    return read


def days(value: object) -> Duration:
    """A number of days either side of a birthday."""
    read = duration(value)
    if read.unit != "day" or read.count > MAX_BIRTHDAY:
        raise Wrong(
            Message(N_('"{word}" is not a number of days up to {limit}.'), word=shown(str(value)), limit=MAX_BIRTHDAY),
            Message(N_('So many days before and after count, and the day itself: write for instance "7 days".')),
        )
    return read


def until_gone(value: object) -> Duration | None:
    """A length of time above zero, or "never"."""
    return None if value == "never" else some_time(value)


def seconds(value: object) -> int:
    """A length of time in minutes, hours or days, as seconds."""
    if not isinstance(value, str):
        raise needed(Message(N_('a length of time between quotation marks, like "10 minutes"')), value)
    match = _SHORT.fullmatch(value)
    if match is None:
        raise Wrong(
            Message(N_('"{word}" is not a length of time.'), word=shown(value)),
            Message(N_('Write a whole number of minutes, hours or days, like "10 minutes".')),
        )
    read = int(match[1]) * _SECONDS[match[2]]
    if read > MAX_LATE:
        raise Wrong(Message(N_('"{word}" is longer than 31 days.'), word=shown(value)))
    return read


def _or_words(value: object, words: Mapping[str, T]) -> T | Duration:
    if isinstance(value, str) and value in words:
        return words[value]
    try:
        return duration(value)
    except Wrong as wrong:
        choices = ", ".join(f'"{word}"' for word in words)
        raise Wrong(
            wrong.message, Message(N_('Write a length of time like "12 months", or one of: {words}.'), words=choices)
        ) from None
