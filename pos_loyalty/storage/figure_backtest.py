"""What a backtest asks of a store, beside the figures of the reports: coupons, uses of offers, and what each holder has."""

from __future__ import annotations

from collections.abc import Iterator
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
