"""What a backtest asks of a store, beside the figures of the reports: coupons, uses of offers, and what each holder has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text as sql

from pos_loyalty.storage.statements import Transaction

_COUPONS = sql(
    """
    SELECT count(*), count(c.used_by) FROM coupons c JOIN entries e ON e.id = c.entry_id
    WHERE e.day >= :first AND e.day <= :last AND c.void_by IS NULL
    """
)
_USES = sql(
    "SELECT offer, sum(uses) FROM offer_uses WHERE day >= :first AND day <= :last GROUP BY offer ORDER BY offer"
)
_HELD = sql(
    """
    SELECT account_id, purse, sum(amount)
    FROM (
        SELECT account_id, purse, remaining AS amount FROM lots
        WHERE remaining > 0 AND (expires IS NULL OR expires >= :day)
        UNION ALL
        SELECT account_id, purse, -owed FROM balances WHERE owed > 0
    ) held
    GROUP BY account_id, purse
    """
)


_STANDINGS = sql(
    """
    SELECT a.id, a.joined, a.tier, a.tier_since, a.tier_kept_until, CASE WHEN m.account_id IS NULL THEN 0 ELSE 1 END
    FROM accounts a LEFT JOIN members m ON m.account_id = a.id
    WHERE a.id NOT IN (SELECT account_id FROM merges)
        AND (a.joined <= :last OR EXISTS (SELECT 1 FROM sales s WHERE s.account_id = a.id AND s.day <= :last))
    ORDER BY a.id
    """
)


@dataclass(frozen=True, slots=True)
class Stood:
    """A holder as their last sale left them: when they joined, and the tier that is stored; days as ISO texts."""

    account: str
    joined: str
    tier: str | None
    since: str | None
    kept_until: str | None
    named: bool


def stood(books: Transaction, last: date) -> Iterator[Stood]:
    """Everyone who had joined or bought by the end of a day, by account in order."""
    for account, joined, tier, since, kept_until, named in books.pages(_STANDINGS, last=last.isoformat()):
        yield Stood(account, joined, tier, since, kept_until, bool(named))


def coupons_given(books: Transaction, first: date, last: date) -> tuple[int, int]:
    """How many coupons bills of these business days gave and no return took back, and how many of them were used since."""
    row = books.row(_COUPONS, first=first.isoformat(), last=last.isoformat())
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def uses_of_offers(books: Transaction, first: date, last: date) -> dict[str, int]:
    """How often each offer was used on these business days, less what came back whole."""
    rows = books.rows(_USES, first=first.isoformat(), last=last.isoformat())
    return {str(offer): int(uses) for offer, uses in rows if uses}


def held_by_holder(books: Transaction, day: date) -> Iterator[tuple[str, str, int]]:
    """What each holder has now in each purse that has not run out before a day, less what they owe to it."""
    for account, purse, amount in books.pages(_HELD, day=day.isoformat()):
        yield str(account), str(purse), int(amount)
