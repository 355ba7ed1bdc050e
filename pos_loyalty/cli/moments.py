"""Times and dates as programs and people write them on the command line and in JSON Lines: ISO 8601, and one form of it each."""

from __future__ import annotations

import re
from datetime import date, datetime

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1970, 2999
"""What a register's clock can show: beyond it are slips of the finger, and the ends of the calendar."""


def read_moment(text: str) -> datetime | None:
    """A time with or without an offset; None where the text is none, or far from any day that a shop is open."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def read_day(text: str) -> date | None:
    """A date; None where the text is none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
