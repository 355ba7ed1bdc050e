"""What holders did, counted by the database itself: how often they came, how long they have been away, and which fifth they are in.

A store may know a million of them, so that none is brought here one by one: each statement answers with groups. They are written
in the SQL that SQLite, PostgreSQL and DuckDB have in common. A day's number is its proleptic Gregorian ordinal, as
`date.toordinal` counts; the visits of an account that became part of another one are the other's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from sqlalchemy import text as sql

from pos_loyalty.domain.money import Minor
from pos_loyalty.storage.facts import day_or_none
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.statements import Transaction

_MANY = 3
"""Visits from which on they are not told apart."""

_YEAR = "(CAST(substr(day, 1, 4) AS INTEGER) - CASE WHEN substr(day, 6, 2) <= '02' THEN 1 ELSE 0 END)"
_MONTH = "((CAST(substr(day, 6, 2) AS INTEGER) + 9) % 12)"  # from March on, so that the leap day is the year's last
_NUMBER = (
    f"365 * {_YEAR} + {_YEAR} / 4 - {_YEAR} / 100 + {_YEAR} / 400 + (153 * {_MONTH} + 2) / 5"
    " + CAST(substr(day, 9, 2) AS INTEGER) - 306"
)
# Said so that SQLite reads the index of account and day alone: a bill's row is long, and its other index does not have the account.
# The joins below are outer ones for the same reason: it reads bills once, and makes no index of a million of them on the way.
_BOUGHT = """
    bought AS (
        SELECT account_id, day FROM sales WHERE account_id >= '' AND day || '' <= :last
        UNION ALL
        SELECT account_id, day
        FROM (
            SELECT d.account_id AS account_id, (SELECT s.day FROM sales s WHERE s.id = d.sale_id) AS day
            FROM deeds d WHERE d.sale_id IS NOT NULL
        ) late
        WHERE day <= :last
    )
"""
_VISITS = f"""
    {_BOUGHT},
    calendar AS (
        SELECT day, {_NUMBER} AS number FROM (SELECT DISTINCT day FROM sales WHERE day <= :last) days
    ),
    dated AS (
        SELECT coalesce(m.into_id, b.account_id) AS account, c.number AS day
        FROM bought b LEFT JOIN calendar c ON c.day = b.day LEFT JOIN merges m ON m.account_id = b.account_id
    ),
    visits AS (
        SELECT account, day, gap
        FROM (SELECT account, day, day - lag(day) OVER (PARTITION BY account ORDER BY day) AS gap FROM dated) bills
        WHERE gap IS NULL OR gap > 0
    )
"""  # noqa: S608 - put together of constants
_GAPS = """
    counted AS (SELECT gap, count(*) AS times FROM visits WHERE gap IS NOT NULL GROUP BY gap),
    usual AS (
        SELECT min(gap) AS gap
        FROM (
            SELECT gap, sum(times) OVER (ORDER BY gap) AS upto, sum(times) OVER () AS whole FROM counted
        ) sums
        WHERE upto > CAST(whole AS BIGINT) / 2
    )
"""
_PROFILES = sql(
    f"""
    WITH {_VISITS}, {_GAPS},
    placed AS (
        SELECT account, gap, row_number() OVER (PARTITION BY account ORDER BY gap) - 1 AS place,
            count(*) OVER (PARTITION BY account) AS gaps
        FROM visits WHERE gap IS NOT NULL
    ),
    own AS (SELECT account, gap FROM placed WHERE gaps >= 2 AND place = gaps / 2),
    came AS (
        SELECT account, count(*) AS visits, max(day) AS latest, sum(CASE WHEN day >= :year THEN 1 ELSE 0 END) AS recent
        FROM visits GROUP BY account
    ),
    thanked AS (
        SELECT DISTINCT m.referred_by AS account FROM members m JOIN came c ON c.account = m.account_id
        WHERE m.referred_by IS NOT NULL
    ),
    paid AS (
        SELECT account_id AS account, sum(amount) AS spent FROM spends WHERE day >= :year_day AND day <= :last
        GROUP BY account_id
    ),
    ranked AS (
        SELECT c.account, coalesce(p.spent, 0) AS spent,
            1 + 5 * (rank() OVER (ORDER BY c.latest) - 1) / count(*) OVER () AS r,
            1 + 5 * (rank() OVER (ORDER BY c.recent) - 1) / count(*) OVER () AS f,
            1 + 5 * (rank() OVER (ORDER BY coalesce(p.spent, 0)) - 1) / count(*) OVER () AS m
        FROM came c LEFT JOIN paid p ON p.account = c.account WHERE c.recent > 0
    ),
    grouped AS (
        SELECT CASE WHEN c.visits > {_MANY} THEN {_MANY} ELSE c.visits END AS visits,
            CASE WHEN o.gap <= u.gap THEN 1 ELSE 0 END AS regular,
            :day - c.latest AS away, coalesce(o.gap, u.gap, 0) AS patience, coalesce(u.gap, 0) AS usual,
            CASE WHEN t.account IS NULL THEN 0 ELSE 1 END AS thanked,
            coalesce(k.r, 0) AS r, coalesce(k.f, 0) AS f, coalesce(k.m, 0) AS m, coalesce(k.spent, 0) AS spent
        FROM came c CROSS JOIN usual u LEFT JOIN own o ON o.account = c.account
            LEFT JOIN ranked k ON k.account = c.account LEFT JOIN thanked t ON t.account = c.account
    )
    SELECT usual, visits, regular, state, thanked, r, f, best, count(*), sum(spent)
    FROM (
        SELECT usual, visits, regular, thanked, r, f, CASE WHEN m = 5 THEN 1 ELSE 0 END AS best, spent,
            CASE WHEN patience = 0 THEN 0
                WHEN away <= :leaving * (CASE WHEN patience < :shortest THEN :shortest ELSE patience END) THEN 1
                WHEN away <= :lost * (CASE WHEN patience < :shortest THEN :shortest ELSE patience END) THEN 2 ELSE 3
            END AS state
        FROM grouped
    ) told
    GROUP BY usual, visits, regular, state, thanked, r, f, best
    """  # noqa: S608 - put together of constants
)
_COHORTS = sql(
    f"""
    WITH {_BOUGHT},
    months AS (
        SELECT day, CAST(substr(day, 1, 4) AS INTEGER) * 12 + CAST(substr(day, 6, 2) AS INTEGER) AS month
        FROM (SELECT DISTINCT day FROM sales WHERE day <= :last) days
    ),
    dated AS (
        SELECT coalesce(m.into_id, b.account_id) AS account, c.month AS month
        FROM bought b LEFT JOIN months c ON c.day = b.day LEFT JOIN merges m ON m.account_id = b.account_id
    ),
    came AS (
        SELECT account, month, opening, earlier
        FROM (
            SELECT account, month, lag(month) OVER of_holder AS earlier, first_value(month) OVER of_holder AS opening
            FROM dated WINDOW of_holder AS (PARTITION BY account ORDER BY month)
        ) bills
        WHERE opening >= :earliest AND (earlier IS NULL OR earlier < month)
    )
    SELECT 'came' AS what, opening, month - opening, count(*) FROM came GROUP BY opening, month - opening
    UNION ALL
    SELECT 'spent', c.opening, 0, sum(s.amount)
    FROM came c JOIN spends s ON s.account_id = c.account WHERE c.earlier IS NULL AND s.day <= :last
    GROUP BY c.opening
    """  # noqa: S608 - put together of constants
)
_EVER = sql(
    f"""
    WITH {_BOUGHT}
    SELECT count(DISTINCT coalesce(m.into_id, b.account_id))
    FROM bought b LEFT JOIN merges m ON m.account_id = b.account_id
    """  # noqa: S608 - put together of constants
)
HEAVY = frozenset({_PROFILES, _COHORTS, _EVER})
"""What takes long with a million holders; it reads sales, deeds, spends, members and merges, and of them few columns."""

# Who joined by a day; or later, and a bill of before was made theirs: a card that came late.
_THERE = """
    g.account_id IS NULL AND (
        a.joined <= :last OR EXISTS (SELECT 1 FROM sales o WHERE o.account_id = a.id AND o.day <= :last)
        OR a.id IN (SELECT d.account_id FROM deeds d JOIN sales o ON o.id = d.sale_id WHERE o.day <= :last)
    )
"""
_JOINED = sql(
    f"""
    SELECT count(*), coalesce(sum(CASE WHEN a.joined >= :first AND a.joined <= :last THEN 1 ELSE 0 END), 0)
    FROM accounts a LEFT JOIN merges g ON g.account_id = a.id
    WHERE {_THERE}
    """  # noqa: S608 - put together of constants
)
# The standing of most holders is the one that is stored: reached by the day, and kept beyond it or for good.
_STANDS = """
    a.tier IS NOT NULL AND a.tier_since <= :last AND (a.tier_kept_until IS NULL OR a.tier_kept_until >= :last)
"""
_STANDING = sql(
    f"""
    SELECT a.tier, CASE WHEN m.account_id IS NULL THEN 0 ELSE 1 END AS named, count(*)
    FROM accounts a LEFT JOIN members m ON m.account_id = a.id LEFT JOIN merges g ON g.account_id = a.id
    WHERE {_THERE} AND {_STANDS}
    GROUP BY a.tier, CASE WHEN m.account_id IS NULL THEN 0 ELSE 1 END
    """  # noqa: S608 - put together of constants
)
_UNTRIED = sql(
    f"""
    SELECT a.joined, CASE WHEN m.account_id IS NULL THEN 0 ELSE 1 END AS named, count(*)
    FROM accounts a LEFT JOIN members m ON m.account_id = a.id LEFT JOIN merges g ON g.account_id = a.id
    WHERE {_THERE} AND a.tier IS NULL
        AND NOT EXISTS (SELECT 1 FROM spends s WHERE s.account_id = a.id)
    GROUP BY a.joined, CASE WHEN m.account_id IS NULL THEN 0 ELSE 1 END
    """  # noqa: S608 - put together of constants
)
_WITH_SPENDS = """
    SELECT o.id, o.joined, o.tier, o.tier_since, o.tier_kept_until, o.named, b.revision, s.day, sum(s.amount)
    FROM (
        SELECT a.id AS id, a.joined AS joined, a.tier AS tier, a.tier_since AS tier_since,
            a.tier_kept_until AS tier_kept_until, CASE WHEN m.account_id IS NULL THEN 0 ELSE 1 END AS named
        FROM accounts a LEFT JOIN members m ON m.account_id = a.id LEFT JOIN merges g ON g.account_id = a.id
        WHERE {which}
    ) o LEFT JOIN spends s ON s.account_id = o.id AND s.day <= :last
        LEFT JOIN refunds r ON r.id = s.entry_id LEFT JOIN deeds d ON d.id = s.entry_id
        LEFT JOIN sales b ON b.id = coalesce(r.sale_id, d.sale_id, s.entry_id)
    GROUP BY o.id, o.joined, o.tier, o.tier_since, o.tier_kept_until, o.named, b.revision, s.day
    ORDER BY o.id, s.day, b.revision
"""
_CHANGED = f"""
    {_THERE} AND (a.tier IS NOT NULL AND NOT ({_STANDS})
        OR a.tier IS NULL AND EXISTS (SELECT 1 FROM spends f WHERE f.account_id = a.id))
"""  # noqa: S608 - put together of constants
_MOVED = sql(_WITH_SPENDS.format(which=_CHANGED))
_OF_TIER = sql(_WITH_SPENDS.format(which=f"{_THERE} AND {_STANDS} AND a.tier = :tier"))


@dataclass(frozen=True, slots=True)
class Profile:
    """Holders who bought and are alike in all this: how many they are, and what they spent in the year (minor units).

    `usual` is the shop's gap, the middle one of all holders', of an even number the longer; None where nobody came twice.
    `visits` is 3 for three or more. `regular`: their own gap is known and no longer than the shop's. `state` is 0 where no gap is
    usual, 1 within the first bound, 2 within the second, 3 beyond. `recency` and `frequency` are their fifths, 0 for who did not
    buy in the year; `best`: in the best fifth by spend. `thanked`: sent a friend who bought.
    """

    usual: int | None
    visits: int
    regular: bool
    state: int
    thanked: bool
    recency: int
    frequency: int
    best: bool
    holders: int
    spent: Minor


@dataclass(frozen=True, slots=True)
class Bounds:
    """So many usual gaps without a visit, a gap being `shortest` days at least, and a holder is leaving, or lost."""

    leaving: int
    lost: int
    shortest: int


def profiles(books: Transaction, last: date, year: date, bounds: Bounds) -> Iterator[Profile]:
    """Everyone who bought until `last`, in groups; the year is from `year` on."""
    rows = books.rows(
        _PROFILES,
        last=last.isoformat(),
        day=last.toordinal(),
        year=year.toordinal(),
        year_day=year.isoformat(),
        leaving=bounds.leaving,
        lost=bounds.lost,
        shortest=bounds.shortest,
    )
    for usual, visits, regular, state, thanked, r, f, best, holders, spent in rows:
        yield Profile(
            int(usual) or None,
            int(visits),
            bool(regular),
            int(state),
            bool(thanked),
            int(r),
            int(f),
            bool(best),
            int(holders),
            int(spent),
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """A holder whose tier of a day has to be worked out: the stored standing, and spends by revision and day until then."""

    joined: date
    tier: str | None
    since: date | None
    kept_until: date | None
    named: bool
    spends: tuple[tuple[int, date, Minor], ...]


def everyone(books: Transaction, first: date, last: date) -> tuple[int, int]:
    """How many had joined by `last`, and how many of them from `first` on."""
    ((holders, new),) = books.rows(_JOINED, first=first.isoformat(), last=last.isoformat())
    return int(holders), int(new)


def ever_bought(books: Transaction, last: date) -> int:
    """How many holders had a bill until `last`."""
    ((count,),) = books.rows(_EVER, last=last.isoformat())
    return int(count)


def standing(books: Transaction, last: date) -> list[tuple[str, bool, int]]:
    """Holders whose stored standing is that of the day, by tier and whether they have a name."""
    return [(tier, bool(named), int(count)) for tier, named, count in books.rows(_STANDING, last=last.isoformat())]


def untried(books: Transaction, last: date) -> list[tuple[date, bool, int]]:
    """Holders without a standing who never spent anything that counts, by the day on which they joined."""
    return [
        (date.fromisoformat(joined), bool(named), int(count))
        for joined, named, count in books.rows(_UNTRIED, last=last.isoformat())
    ]


def moved(books: Transaction, last: date, tier: str | None = None) -> Iterator[Moved]:
    """All other holders, one by one; or, of those of `standing`, those of one tier.

    FactRefused where what was spent stands by no sale.
    """
    day = last.isoformat()
    rows = books.pages(_MOVED, last=day) if tier is None else books.pages(_OF_TIER, last=day, tier=tier)
    for _, of_holder in groupby(rows, key=itemgetter(0)):
        found = list(of_holder)
        _, joined, stored, since, kept_until, named, *_ = found[0]
        spends = []
        for *_, revision, day, amount in found:
            if day is None:
                continue
            if revision is None:
                raise FactRefused("spend-of-no-sale")
            if amount:
                spends.append((int(revision), date.fromisoformat(day), int(amount)))
        yield Moved(
            date.fromisoformat(joined), stored, day_or_none(since), day_or_none(kept_until), bool(named), tuple(spends)
        )


@dataclass(frozen=True, slots=True)
class Cohort:
    """Holders by the month of their first bill (months since the year 0): how many came so many months later, what all spent."""

    month: int
    came: Mapping[int, int]
    spent: Minor


def cohorts(books: Transaction, last: date, earliest: int) -> list[Cohort]:
    """Those whose first month is `earliest` or later, with all until `last`, oldest first."""
    came: dict[int, dict[int, int]] = {}
    spent: dict[int, Minor] = {}
    for what, month, later, amount in books.rows(_COHORTS, last=last.isoformat(), earliest=earliest):
        if what == "came":
            came.setdefault(int(month), {})[int(later)] = int(amount)
        else:
            spent[int(month)] = int(amount)
    return [Cohort(month, came[month], spent.get(month, 0)) for month in sorted(came)]
