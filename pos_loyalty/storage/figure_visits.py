"""Bills and holders as figures see them: how many bills, what they came to, who came on which days and spent how much.

A bill whose card was added late is its holder's. Revenue is what the postings of `sales` and `vat` say: what was paid for goods, by
money, certificates or a purse that counts as a tender; a gift certificate sold is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

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
_DAYS = sql(
    """
    SELECT coalesce(m.into_id, v.account_id) AS account_id, v.day
    FROM (
        SELECT account_id, day FROM sales WHERE account_id IS NOT NULL
        UNION ALL
        SELECT d.account_id, s.day FROM deeds d JOIN sales s ON s.id = d.sale_id
    ) v LEFT JOIN merges m ON m.account_id = v.account_id
    ORDER BY 1, 2
    """
)
_SPENT = sql(
    "SELECT account_id, sum(amount) FROM spends WHERE day >= :first AND day <= :last GROUP BY account_id ORDER BY account_id"
)
_HOLDERS = sql(
    """
    SELECT a.id, a.joined, a.tier, a.tier_since, a.tier_kept_until,
        CASE WHEN m.account_id IS NULL THEN 0 ELSE 1 END, m.referred_by
    FROM accounts a LEFT JOIN members m ON m.account_id = a.id
    WHERE a.id NOT IN (SELECT account_id FROM merges)
    ORDER BY a.id
    """
)


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


@dataclass(frozen=True, slots=True)
class Seen:
    """A holder: the day on which they joined, the days on which they bought (oldest first, each once), who sent them.

    `tier`, `since` and `kept_until` are the standing after the last sale; `spent` is qualifying spend, in minor units.
    """

    account: str
    joined: str
    tier: str | None
    since: str | None
    kept_until: str | None
    named: bool
    referred_by: str | None
    days: tuple[str, ...]
    spent: Minor


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


def days_of_holders(books: Transaction, until: date) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The days until `until` on which each holder bought, oldest first and each once; by account, in order."""
    last = until.isoformat()
    for account, rows in groupby(books.pages(_DAYS), key=itemgetter(0)):
        days = tuple(dict.fromkeys(day for _, day in rows if day <= last))
        if days:
            yield account, days


def holders(books: Transaction, until: date, spent_from: date) -> Iterator[Seen]:
    """Everyone who had joined by a day, by account in order; `spent` is from `spent_from` to that day."""
    last = until.isoformat()
    visits = iter(days_of_holders(books, until))
    money = iter(books.pages(_SPENT, first=spent_from.isoformat(), last=last))
    visit, sum_ = next(visits, None), next(money, None)
    for account, joined, tier, since, kept_until, named, referred_by in books.pages(_HOLDERS):
        days: tuple[str, ...] = ()
        amount = 0
        if visit is not None and visit[0] == account:
            days, visit = visit[1], next(visits, None)
        if sum_ is not None and sum_[0] == account:
            amount, sum_ = int(sum_[1]), next(money, None)
        if joined <= last or days:
            yield Seen(account, joined, tier, since, kept_until, bool(named), referred_by, days, amount)
