"""What cashiers did that an owner watches, in a period: each thing with whom, when and which receipt.

Everything is found through the index of the business day (or the moment, for what is no entry), and a holder's entries through
theirs, so that a month is as quick in a store of years as in a new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import text as sql

from pos_loyalty.domain.sale import receipt_number
from pos_loyalty.storage.facts import moment, read_moment, read_refund, read_sale
from pos_loyalty.storage.folding import fold
from pos_loyalty.storage.statements import Transaction

Watched: TypeAlias = Literal[
    "return", "by-hand", "own-card", "many-bills", "late-card", "spent-back", "adjustment", "drawer", "allowed"
]
WATCHED: tuple[Watched, ...] = get_args(Watched)
"""A return; a discount by hand; a cashier's own card; one bill more of a holder than there may be in a day; a card that came late;
a return of goods whose earnings were spent already; a purse changed by hand; the drawer opened or moved without a sale; something
that somebody else had to allow."""

# Each names the receipt that it is about, where there is one: that of the sale or return itself, or of the sale that is corrected.
_WHAT = "e.operator, e.at, coalesce(s.register, r.register, c.register), coalesce(s.number, r.number, c.number)"
_JOINED = "entries e LEFT JOIN sales s ON s.id = e.id LEFT JOIN refunds r ON r.id = e.id LEFT JOIN sales c ON c.id = e.corrects"
_IN = "e.day >= :first AND e.day <= :last"
_BILLS = sql(f"SELECT e.operator, e.kind, count(*) FROM entries e WHERE {_IN} GROUP BY e.operator, e.kind")  # noqa: S608
_OF_KIND = sql(f"SELECT {_WHAT} FROM {_JOINED} WHERE {_IN} AND e.kind = :kind")  # noqa: S608
_BY_HAND = sql(
    f"""
    SELECT e.operator, e.at, s.register, s.number, s.facts FROM entries e JOIN sales s ON s.id = e.id
    WHERE {_IN} AND e.kind = 'sale' AND s.facts LIKE '%"offer":"by_hand"%'
    """  # noqa: S608
)
_SPENT_BACK = sql(
    f"SELECT e.operator, e.at, r.register, r.number, r.facts FROM entries e JOIN refunds r ON r.id = e.id WHERE {_IN}"  # noqa: S608
)
_OPERATORS = sql(f"SELECT DISTINCT e.operator FROM entries e WHERE {_IN}")  # noqa: S608
_OWN_ACCOUNTS = sql(
    """
    SELECT account_id FROM members WHERE folded = :folded
    UNION SELECT account_id FROM operators WHERE folded = :folded AND account_id IS NOT NULL
    """
)
_OWN = sql(
    f"""
    SELECT {_WHAT} FROM {_JOINED} WHERE e.account_id = :account AND {_IN} AND e.operator = :operator
        AND e.kind IN ('sale', 'late-card')
    """  # noqa: S608
)
_BUSY_DAYS = sql(
    f"""
    SELECT e.account_id, e.day FROM entries e
    WHERE {_IN} AND e.account_id IS NOT NULL AND e.kind IN ('sale', 'late-card')
    GROUP BY e.account_id, e.day HAVING count(*) > :most
    """  # noqa: S608
)
_OF_DAY = sql(
    f"""
    SELECT {_WHAT} FROM {_JOINED} WHERE e.account_id = :account AND e.day = :day AND e.kind IN ('sale', 'late-card')
    ORDER BY e.recorded_at, e.id
    """  # noqa: S608
)
_DRAWER = sql(
    """
    SELECT operator, at, action, detail FROM audit
    WHERE at >= :begins AND at < :ends AND action IN ('drawer-open', 'pay-in', 'pay-out')
    """
)
_ALLOWED = sql(
    "SELECT operator, at, action, subject FROM audit WHERE at >= :begins AND at < :ends AND allowed_by IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that is watched: who did it, when, and the receipt that it is about (None: there is none).

    `amount` is in minor units where it is about money; `what` is the audit list's word where it is no entry of the journal.
    """

    what: Watched
    operator: str
    at: datetime
    receipt: str | None = None
    amount: int | None = None
    action: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Business days, both included, and the moments at which the first begins and the last ends."""

    first: date
    last: date
    begins: datetime
    ends: datetime

    @property
    def days(self) -> dict[str, str | int | None]:
        """As the store writes the days."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat()}

    @property
    def moments(self) -> dict[str, str | int | None]:
        """As it writes the moments."""
        return {"begins": moment(self.begins), "ends": moment(self.ends)}


def bills_by_cashier(books: Transaction, span: Span) -> dict[str, Counter[str]]:
    """How many entries of each kind each cashier made."""
    found: dict[str, Counter[str]] = {}
    for operator, kind, count in books.rows(_BILLS, **span.days):
        found.setdefault(operator, Counter())[kind] += int(count)
    return found


def seen(books: Transaction, span: Span, most: int) -> Iterator[Seen]:
    """All that is watched in a period; `most` is how many bills a day a holder may have before one more is watched."""
    kinds: Mapping[str, Watched] = {"refund": "return", "late-card": "late-card", "adjustment": "adjustment"}
    for kind, what in kinds.items():
        for row in books.rows(_OF_KIND, kind=kind, **span.days):
            yield _seen(what, row)
    for *by_hand, facts in books.rows(_BY_HAND, **span.days):
        amount = sum(one.amount for one in read_sale(facts).quote.discounts if one.offer == "by_hand")
        yield _seen("by-hand", by_hand, amount)
    for *back, facts in books.rows(_SPENT_BACK, **span.days):
        refund = read_refund(facts)
        if refund.owed or refund.withheld or refund.forgiven:
            yield _seen("spent-back", back, refund.withheld or None)
    yield from _own_cards(books, span)
    for account, day in books.rows(_BUSY_DAYS, most=most, **span.days):
        for row in books.rows(_OF_DAY, account=account, day=day)[most:]:
            yield _seen("many-bills", row)
    for operator, at, action, _ in books.rows(_DRAWER, **span.moments):
        yield Seen("drawer", operator, read_moment(at), action=action)
    for operator, at, action, subject in books.rows(_ALLOWED, **span.moments):
        yield Seen("allowed", operator, read_moment(at), subject if action == "guard" else None, action=action)


def own_accounts(books: Transaction, operator: str) -> set[str]:
    """The accounts of a cashier's own cards: that of their record as an operator, and of holders of their whole name."""
    folded = fold(operator)
    return {row[0] for row in books.rows(_OWN_ACCOUNTS, folded=folded)} if folded else set()


def _own_cards(books: Transaction, span: Span) -> Iterator[Seen]:
    """Bills on which a cashier's own card was."""
    for (operator,) in books.rows(_OPERATORS, **span.days):
        for account in sorted(own_accounts(books, operator)):
            for row in books.rows(_OWN, account=account, operator=operator, **span.days):
                yield _seen("own-card", row)


def _seen(what: Watched, row: Sequence[Any], amount: int | None = None) -> Seen:
    operator, at, register, number = row
    receipt = None if register is None or number is None else receipt_number(register, int(number))
    return Seen(what, str(operator), read_moment(str(at)), receipt, amount)
