"""A date as it is typed: day, month and year in this order, or the year first."""

from __future__ import annotations

import re
from datetime import date

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.language import Unreadable

_PARTS = re.compile(r"(\d{1,4})[^\d]+(\d{1,2})[^\d]+(\d{1,4})\.?")


def read_day(text: str) -> date:
    """A date such as 24.12.1980, 24/12/1980 or 1980-12-24. Unreadable where it is none."""
    match = _PARTS.fullmatch(text.strip())
    if match is not None:
        first, month, last = (int(part) for part in match.groups())
        year, day = (first, last) if len(match[1]) == 4 else (last, first)
        try:
            if year >= 1000:
                return date(year, month, day)
        except ValueError:
            pass
    raise Unreadable(Message(N_('"{text}" is no date: write day, month and year, like 24.12.1980.'), text=text[:40]))
