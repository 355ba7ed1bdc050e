"""What lots and gift certificates held on a day, now or in the past: what they hold now, with what moved since taken off again.

So a day of last year is as quick as today, and its sums are those of the journal, whose copy `remaining` is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text as sql

from pos_loyalty.storage.facts import moment
from pos_loyalty.storage.statements import Transaction

# `band` counts how many of three moments a lot was filled before: 0 is the youngest.
_PLACE = """
    CASE WHEN l.filled_at >= :young THEN 0 WHEN l.filled_at >= :middle THEN 1 WHEN l.filled_at >= :old THEN 2 ELSE 3 END
        AS band,
    CASE WHEN l.expires IS NULL THEN '' ELSE substr(l.expires, 1, 7) END AS month,
    CASE WHEN l.expires < :day THEN 1 ELSE 0 END AS over_
"""
_HELD = sql(
    f"""
    SELECT purse, band, month, over_, sum(amount)
    FROM (SELECT l.purse AS purse, l.remaining AS amount, {_PLACE} FROM lots l WHERE l.remaining > 0) held
    GROUP BY purse, band, month, over_
    """  # noqa: S608 - put together of constants
)
_SINCE = sql(
    f"""
    SELECT purse, band, month, over_, sum(amount)
    FROM (
        SELECT l.purse AS purse, p.amount AS amount, {_PLACE}
        FROM entries e JOIN postings p ON p.entry_id = e.id JOIN lots l ON l.id = p.lot
        WHERE e.day > :day AND p.account >= 'purse:' AND p.account < 'purse;'
    ) moved
    GROUP BY purse, band, month, over_
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
_FIRST_OVER = sql("SELECT purse, min(expires) FROM lots WHERE expires < :day GROUP BY purse")


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


def held_on(books: Transaction, day: date, moments: Sequence[datetime]) -> list[Held]:
    """What all holders' lots held at the end of a day, told apart by three moments, the latest first; without what is nothing."""
    young, middle, old = map(moment, moments)
    sums: dict[tuple[str, int, str, int], int] = {}
    for statement in (_HELD, _SINCE):
        for *key, amount in books.rows(statement, day=day.isoformat(), young=young, middle=middle, old=old):
            purse, band, month, over = key
            place = (str(purse), int(band), str(month), int(over))
            sums[place] = sums.get(place, 0) + int(amount)
    return [
        Held(purse, band, month, bool(over), sums[purse, band, month, over])
        for purse, band, month, over in sorted(sums)
        if sums[purse, band, month, over]
    ]


def certificates_on(books: Transaction, day: date) -> list[tuple[str, bool, int]]:
    """What gift certificates held at the end of a day, by month of expiry ("" for never), and if it had passed."""
    rows = books.rows(_CERTIFICATES, day=day.isoformat())
    return sorted((str(month), bool(over), int(amount)) for month, over, amount in rows if amount)


def purses_that_ran_out(books: Transaction, day: date) -> frozenset[str]:
    """The purses of which some lot's last day was before that day, whether or not it still held anything."""
    return frozenset(str(purse) for purse, _ in books.rows(_FIRST_OVER, day=day.isoformat()))
