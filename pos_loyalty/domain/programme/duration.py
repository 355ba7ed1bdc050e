"""Lengths of calendar time, as a programme names them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of calendar time: days are counted; months and years keep the day, or take the month's last."""

    count: int
    unit: Literal["day", "month", "year"]

    @property
    def longest_days(self) -> int:
        """No such length has more days."""
        return self.count * {"day": 1, "month": 31, "year": 366}[self.unit]

    def after(self, day: date) -> date:
        """The same day so long later."""
        if self.unit == "day":
            return day + timedelta(days=self.count)
        months = self.count * (12 if self.unit == "year" else 1) + day.year * 12 + day.month - 1
        year, month = divmod(months, 12)
        # Every month has 28 days, and asking the calendar costs more than all the rest.
        last = 28 if day.day <= 28 else calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last))

    def first_before(self, day: date) -> date:
        """The first day that lies less than so long before a day: what was then still counts on it."""
        if self.unit == "day":
            return day - timedelta(days=min(self.count - 1, day.toordinal() - 1))
        months = day.year * 12 + day.month - 1 - self.count * (12 if self.unit == "year" else 1)
        year, month = divmod(months, 12)
        if year < 1:
            return date.min
        first = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
        while self.after(first) <= day:
            first += timedelta(days=1)
        return first


NO_TIME = Duration(0, "day")
