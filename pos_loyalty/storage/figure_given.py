"""What offers gave in a period, as bills say it: discounts, what was earned, gifts; less what returns took of each.

No column splits these by offer, so the bills of the period are read, and only these parts of them. A return takes as much of each
line's part as of its figures, telescoped like them: what came back in a period is what is back at its end less what was before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import msgspec
from sqlalchemy import text as sql

from pos_loyalty.domain.money import Minor, half_up
from pos_loyalty.storage.statements import Transaction

_SALES = sql("SELECT id, facts FROM sales WHERE day >= :first AND day <= :last")
_LATE = sql(
    """
    SELECT s.id, d.facts, s.revision FROM entries e JOIN deeds d ON d.id = e.id JOIN sales s ON s.id = d.sale_id
    WHERE e.kind = 'late-card' AND e.day >= :first AND e.day <= :last
    """
)
_RETURNED = sql("SELECT DISTINCT sale_id FROM refunds WHERE day >= :first AND day <= :last")
_SALE = sql("SELECT facts FROM sales WHERE id = :id")
_LATE_OF = sql("SELECT facts FROM deeds WHERE sale_id = :id")
_REFUNDS = sql("SELECT day, facts FROM refunds WHERE sale_id = :id AND day <= :last")


class _Item(msgspec.Struct):
    quantity: int


class _Line(msgspec.Struct):
    item: _Item


class _Discount(msgspec.Struct):
    offer: str
    amount: int
    lines: tuple[int, ...]


class _Earned(msgspec.Struct):
    purse: str
    offer: str
    amount: int
    lines: tuple[int, ...]


class _ForReferrer(msgspec.Struct):
    earned: _Earned


class _Gift(msgspec.Struct):
    offer: str
    value: int


class _Quote(msgspec.Struct):
    lines: tuple[_Line, ...]
    discounts: tuple[_Discount, ...]
    earned: tuple[_Earned, ...]
    gifts: tuple[_Gift, ...] = ()
    referrer: tuple[_ForReferrer, ...] = ()


class _Sale(msgspec.Struct):
    revision: int
    quote: _Quote


class _Late(msgspec.Struct):
    earned: tuple[_Earned, ...]
    referrer: tuple[_ForReferrer, ...] = ()


class _Back(msgspec.Struct):
    line: int
    quantity: int


class _Asked(msgspec.Struct):
    offer: str
    gift: str | None = None


class _Refund(msgspec.Struct):
    lines: tuple[_Back, ...]
    asked_back: tuple[_Asked, ...] = ()


_read_sale = msgspec.json.Decoder(_Sale).decode
_read_late = msgspec.json.Decoder(_Late).decode
_read_refund = msgspec.json.Decoder(_Refund).decode


@dataclass(slots=True)
class Given:
    """What one offer gave: discounts and gifts in minor units, and what was earned by revision and purse, in its units."""

    discounts: Minor = 0
    gifts: Minor = 0
    earned: Counter[tuple[int, str]] = field(default_factory=Counter)


def given(books: Transaction, first: date, last: date) -> dict[str, Given]:
    """What each offer gave on these business days, both included, less what came back on them."""
    found: dict[str, Given] = {}

    def of(offer: str) -> Given:
        return found.setdefault(offer, Given())

    def earned(revision: int, parts: Iterator[_Earned] | tuple[_Earned, ...]) -> None:
        for one in parts:
            of(one.offer).earned[revision, one.purse] += one.amount

    begin, end = first.isoformat(), last.isoformat()
    for _, facts in books.pages(_SALES, first=begin, last=end):
        sale = _read_sale(facts)
        for discount in sale.quote.discounts:
            of(discount.offer).discounts += discount.amount
        for gift in sale.quote.gifts:
            of(gift.offer).gifts += gift.value
        earned(sale.revision, sale.quote.earned)
        earned(sale.revision, (one.earned for one in sale.quote.referrer))
    for _, facts, revision in books.pages(_LATE, first=begin, last=end):
        late = _read_late(facts)
        earned(int(revision), late.earned)
        earned(int(revision), (one.earned for one in late.referrer))
    for (sale_id,) in books.rows(_RETURNED, first=begin, last=end):
        _take_back(books, sale_id, first, last, of)
    return dict(sorted(found.items()))


def _take_back(books: Transaction, sale_id: str, first: date, last: date, of: Callable[[str], Given]) -> None:
    (facts,) = books.rows(_SALE, id=sale_id)[0]
    sale = _read_sale(facts)
    lates = [_read_late(row[0]) for row in books.rows(_LATE_OF, id=sale_id)]
    sold = [line.item.quantity for line in sale.quote.lines]
    at_end, at_start = [0] * len(sold), [0] * len(sold)
    asked: set[str] = set()
    for day, refund_facts in books.rows(_REFUNDS, id=sale_id, last=last.isoformat()):
        refund = _read_refund(refund_facts)
        before = day < first.isoformat()
        for back in refund.lines:
            at_end[back.line - 1] += back.quantity
            at_start[back.line - 1] += back.quantity if before else 0
        if not before:
            asked.update(one.offer for one in refund.asked_back if one.gift is not None)

    def back_of(parts: tuple[int, ...]) -> int:
        return sum(
            half_up(part * end, whole) - half_up(part * start, whole)
            for part, end, start, whole in zip(parts, at_end, at_start, sold, strict=True)
        )

    for discount in sale.quote.discounts:
        of(discount.offer).discounts -= back_of(discount.lines)
    # A gift that is asked back comes back, or is paid for with money of the return.
    for gift in sale.quote.gifts:
        if gift.offer in asked:
            of(gift.offer).gifts -= gift.value
    earnings = [*sale.quote.earned, *(one.earned for one in sale.quote.referrer)]
    for late in lates:
        earnings += [*late.earned, *(one.earned for one in late.referrer)]
    for one in earnings:
        of(one.offer).earned[sale.revision, one.purse] -= back_of(one.lines)
