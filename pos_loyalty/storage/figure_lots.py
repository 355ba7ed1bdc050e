"""What lots and gift certificates held on a day, now or in the past: what they hold now, with what moved since taken off again.

So a day of last year is as quick as today, and its sums are those of the journal, whose copy `remaining` is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import text as sql

from pos_loyalty.storage.facts import moment
from pos_loyalty.storage.statements import Transaction

# `band` counts how many of three moments a lot was filled before: 0 is the youngest. Each is told for two days, so that the lots,
# which are read whole, are read once.
_PLACE = """
    CASE WHEN l.filled_at >= :young THEN 0 WHEN l.filled_at >= :middle THEN 1 WHEN l.filled_at >= :old THEN 2 ELSE 3 END
        AS band,
    CASE WHEN l.filled_at >= :young2 THEN 0 WHEN l.filled_at >= :middle2 THEN 1 WHEN l.filled_at >= :old2 THEN 2 ELSE 3 END
        AS band2,
    CASE WHEN l.expires IS NULL THEN '' ELSE substr(l.expires, 1, 7) END AS month,
    CASE WHEN l.expires < :day THEN 1 ELSE 0 END AS gone, CASE WHEN l.expires < :day2 THEN 1 ELSE 0 END AS gone2
"""
_HELD = sql(
    f"""
    SELECT purse, band, band2, month, gone, gone2, sum(amount), sum(amount)
    FROM (SELECT l.purse AS purse, l.remaining AS amount, {_PLACE} FROM lots l) held
    GROUP BY purse, band, band2, month, gone, gone2
    """  # noqa: S608 - put together of constants
)
_SINCE = sql(
    f"""
    SELECT purse, band, band2, month, gone, gone2,
        sum(CASE WHEN moved > :day THEN amount ELSE 0 END), sum(CASE WHEN moved > :day2 THEN amount ELSE 0 END)
    FROM (
        SELECT l.purse AS purse, p.amount AS amount, e.day AS moved, {_PLACE}
        FROM entries e JOIN postings p ON p.entry_id = e.id JOIN lots l ON l.id = p.lot
        WHERE e.day > :day2 AND p.account >= 'purse:' AND p.account < 'purse;'
    ) moved
    GROUP BY purse, band, band2, month, gone, gone2
    """  # noqa: S608 - put together of constants
)
_CERTIFICATES = sql(
    """
    SELECT month, over_, sum(amount)
    FROM (
        SELECT c.remaining AS amount, CASE WHEN c.expires IS NULL THEN '' ELSE substr(c.expires, 1, 7) END AS month,
            CASE WHEN c.expires < :day THEN 1 ELSE 0 END AS over_
        FROM certificates c WHERE c.remaining > 0
        UNION ALL
        SELECT p.amount, CASE WHEN c.expires IS NULL THEN '' ELSE substr(c.expires, 1, 7) END,
            CASE WHEN c.expires < :day THEN 1 ELSE 0 END
        FROM entries e JOIN postings p ON p.entry_id = e.id JOIN certificates c ON p.account = 'certificate:' || c.number
        WHERE e.day > :day AND p.account >= 'certificate:' AND p.account < 'certificate;'
    ) held
    GROUP BY month, over_
    """
)

_Place: TypeAlias = tuple[str, int, str, bool]
"""A purse, the band of an age, the month of expiry, and whether the last day had passed."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a purse's lots of one age and month of expiry ("2026-03", or "" for never) held, in its units.

    `band` counts how many of three moments they were filled before; `over` says that their last day had passed.
    """

    purse: str
    band: int
    month: str
    over: bool
    amount: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What all lots held at the end of a day, without what is nothing; and the purses of which a lot had run out, full or empty."""

    held: tuple[Held, ...]
    ran_out: frozenset[str]


def held_on(
    books: Transaction, day: date, moments: Sequence[datetime], before: date, moments_before: Sequence[datetime]
) -> tuple[Standing, Standing]:
    """What lots held at the end of a day, and at the end of one before it, each told apart by three moments, the latest first."""
    young, middle, old = map(moment, moments)
    young2, middle2, old2 = map(moment, moments_before)
    sums: tuple[Counter[_Place], Counter[_Place]] = (Counter(), Counter())
    for statement in (_HELD, _SINCE):
        rows = books.rows(
            statement,
            day=day.isoformat(),
            young=young,
            middle=middle,
            old=old,
            day2=before.isoformat(),
            young2=young2,
            middle2=middle2,
            old2=old2,
        )
        for purse, band, band2, month, gone, gone2, amount, amount2 in rows:
            sums[0][str(purse), int(band), str(month), bool(gone)] += int(amount)
            sums[1][str(purse), int(band2), str(month), bool(gone2)] += int(amount2)
    then, earlier = (
        Standing(
            tuple(Held(*place, amount) for place, amount in sorted(found.items()) if amount),
            frozenset(purse for purse, _, _, gone in found if gone),
        )
        for found in sums
    )
    return then, earlier


def certificates_on(books: Transaction, day: date) -> list[tuple[str, bool, int]]:
    """What gift certificates held at the end of a day, by month of expiry ("" for never), and if it had passed."""
    rows = books.rows(_CERTIFICATES, day=day.isoformat())
    return sorted((str(month), bool(over), int(amount)) for month, over, amount in rows if amount)
