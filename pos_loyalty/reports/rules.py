"""The rules that a report reads by: those in force on a day, every ladder of tiers until then, and what each purse is kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from pos_loyalty.domain.bookkeeping import units_of
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import Programme, Tiers
from pos_loyalty.storage.books import Books


@dataclass(frozen=True, slots=True)
class Rules:
    """`programme` is the one in force at the end of a day, `ladders` those begun by then with their first days, oldest first.

    `begun` is by a revision's number how many ladders had begun with it, `units` the unit of each purse of any revision,
    `of_revision` every programme by its number.
    """

    programme: Programme
    ladders: tuple[tuple[date, Tiers], ...]
    begun: Mapping[int, int]
    units: Mapping[str, str]
    of_revision: Mapping[int, Programme]

    @property
    def currency(self) -> str:
        """The code of the currency of the books."""
        return self.programme.currency.code

    def begins(self, day: date) -> datetime:
        """The moment, in UTC, at which a business day begins."""
        local = datetime.combine(day, self.programme.day_starts, ZoneInfo(self.programme.time_zone))
        return local.astimezone(UTC)


def rules_on(books: Books, day: date) -> Rules:
    """The rules of a day, or the first ones for a day before them all; refused with programme-missing where there are none."""
    known = [(revision, _programme(revision.text)) for revision in books.revisions()]
    if not known:
        raise Refused(
            "programme-missing",
            Message(N_("No programme is in force: activate one with `pos-loyalty programme activate FILE`.")),
        )
    begun = [(revision, rules) for revision, rules in known if rules.business_day(revision.active_from) <= day]
    begun = begun or known[:1]
    counts = accumulate(int(rules.tiers is not None) for _, rules in known)
    return Rules(
        begun[-1][1],
        tuple((rules.business_day(r.active_from), rules.tiers) for r, rules in begun if rules.tiers is not None),
        {revision.number: count for (revision, _), count in zip(known, counts, strict=True)},
        units_of(rules for _, rules in known),
        {revision.number: rules for revision, rules in known},
    )


def year_before(day: date) -> date:
    """The first of the twelve months that end with a day."""
    try:
        return day.replace(year=day.year - 1) + timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year - 1, 3, 1)


@lru_cache(maxsize=64)
def _programme(text: str) -> Programme:
    programme = read(text).programme
    if programme is None:
        raise Refused(
            "programme-invalid",
            Message(
                N_(
                    "A revision in the store can no longer be read: it was activated by a newer release; upgrade this one."
                )
            ),
        )
    return programme
