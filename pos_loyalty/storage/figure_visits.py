"""Bills as figures see them: how many, what they came to, and how much each holder spent.

A bill whose card was added late is its holder's. Revenue is what the postings of `sales` and `vat` say: what was paid for goods, by
money, certificates or a purse that counts as a tender; a gift certificate sold is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text as sql

from pos_loyalty.domain.money import Minor
from pos_loyalty.storage.statements import Transaction

_BILLS = sql(
    """
    SELECT held, count(*)
    FROM (
        SELECT CASE WHEN s.account_id IS NULL AND d.account_id IS NULL THEN 0 ELSE 1 END AS held
        FROM sales s LEFT JOIN deeds d ON d.sale_id = s.id WHERE s.day >= :first AND s.day <= :last
    ) bills
    GROUP BY held
    """
)
_REVENUE = sql(
    """
    SELECT kind, held, sum(amount)
    FROM (
        SELECT e.kind AS kind, -p.amount AS amount,
            CASE WHEN s.account_id IS NULL AND d.account_id IS NULL THEN 0 ELSE 1 END AS held
        FROM entries e JOIN postings p ON p.entry_id = e.id
            LEFT JOIN refunds r ON e.kind = 'refund' AND r.id = e.id
            JOIN sales s ON s.id = CASE WHEN e.kind = 'refund' THEN r.sale_id ELSE e.id END
            LEFT JOIN deeds d ON d.sale_id = s.id
        WHERE e.day >= :first AND e.day <= :last AND e.kind IN ('sale', 'refund')
            AND (p.account = 'sales' OR p.account >= 'vat:' AND p.account < 'vat;')
    ) moved
    GROUP BY kind, held
    """
)
_SPENT = sql(
    "SELECT account_id, sum(amount) FROM spends WHERE day >= :first AND day <= :last GROUP BY account_id ORDER BY account_id"
)
_SPENT_EVER = sql("SELECT coalesce(sum(amount), 0) FROM spends WHERE day <= :last")


@dataclass(frozen=True, slots=True)
class Turnover:
    """Bills of holders, or of nobody known: how many, what they came to, and what came back in returns (minor units)."""

    bills: int = 0
    sold: Minor = 0
    returned: Minor = 0

    @property
    def net(self) -> Minor:
        """What is left of it."""
        return self.sold - self.returned


def turnover(books: Transaction, first: date, last: date) -> tuple[Turnover, Turnover]:
    """The bills of these business days, both included: with a card, and without. A return counts on its own day."""
    days = {"first": first.isoformat(), "last": last.isoformat()}
    bills = {bool(held): int(count) for held, count in books.rows(_BILLS, **days)}
    sums = {(kind, bool(held)): int(amount) for kind, held, amount in books.rows(_REVENUE, **days)}
    with_card, without = (
        Turnover(bills.get(held, 0), sums.get(("sale", held), 0), -sums.get(("refund", held), 0))
        for held in (True, False)
    )
    return with_card, without


def spent(books: Transaction, first: date, last: date) -> list[tuple[str, Minor]]:
    """Qualifying spend of each holder on these days, less what came back of it at any time; by account, in order."""
    rows = books.pages(_SPENT, first=first.isoformat(), last=last.isoformat())
    return [(account, int(amount)) for account, amount in rows]


def spent_ever(books: Transaction, last: date) -> Minor:
    """Qualifying spend of all holders until `last`, less what came back of it at any time."""
    ((amount,),) = books.rows(_SPENT_EVER, last=last.isoformat())
    return int(amount)
