"""How often offers were used and what they gave: the counters that their limits and budgets are held against.

A total is kept for those offers alone that all holders share a limit or budget of: it is made from every use so far when it is
first asked for. So tills that sell without such offers never wait for one another here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, literal_column, select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import ClauseElement

from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.usage import Use
from pos_loyalty.storage.statements import Transaction, Value
from pos_loyalty.storage.tables import offer_totals, offer_uses

_USES = (
    select(offer_uses.c.day, func.sum(offer_uses.c.uses))
    .where(
        offer_uses.c.account_id == bindparam("account"),
        offer_uses.c.offer == bindparam("offer_"),
        offer_uses.c.day >= bindparam("first"),
    )
    .group_by(offer_uses.c.day)
)
_TOTAL_NOW = select(offer_totals.c.uses, offer_totals.c.given).where(offer_totals.c.offer == bindparam("offer_"))
_TOTAL = _TOTAL_NOW.with_for_update()
_nothing: ColumnElement[int] = literal_column("0")
_SUMS = select(
    func.coalesce(func.sum(offer_uses.c.uses), _nothing), func.coalesce(func.sum(offer_uses.c.given), _nothing)
).where(offer_uses.c.offer == bindparam("offer_"))
# Two tills may come to an offer's first limit at once: whichever is second finds the row of the first.
_MAKE_TOTAL = sql("INSERT INTO offer_totals (offer, uses, given) VALUES (:offer, :uses, :given) ON CONFLICT DO NOTHING")
_ADD_USE = insert(offer_uses)
_MOVE_TOTAL = (
    update(offer_totals)
    .where(offer_totals.c.offer == bindparam("offer_"))
    .values(uses=offer_totals.c.uses + bindparam("more"), given=offer_totals.c.given + bindparam("gave"))
)


class _HoldUses(Executable, ClauseElement):
    """Wait for every bill that is being counted, and keep others from it: in SQLite whoever writes does so alone."""

    inherit_cache = True


@compiles(_HoldUses)
def _hold_nothing(_element: _HoldUses, _compiler: Any, **_options: Any) -> str:
    return "SELECT 1"


@compiles(_HoldUses, "postgresql")
def _hold_table(_element: _HoldUses, _compiler: Any, **_options: Any) -> str:
    return "LOCK TABLE offer_uses IN SHARE ROW EXCLUSIVE MODE"


_HOLD_USES = _HoldUses()


class OfferRows(Transaction):
    """The counters of the offers."""

    __slots__ = ()

    def uses(self, account: str, offer: str, first: date = date.min) -> tuple[tuple[date, int], ...]:
        """How often a holder had an offer, by business day from `first` on, net of what came back whole."""
        rows = self.rows(_USES, account=account, offer_=offer, first=first.isoformat())
        return tuple((date.fromisoformat(day), int(count)) for day, count in rows if count)

    def offer_total(self, offer: str, *, locked: bool = False) -> tuple[int, Minor]:
        """How often all holders had an offer, and what it gave in minor units; `locked` until the transaction ends."""
        row = self.row(_TOTAL if locked else _TOTAL_NOW, offer_=offer)
        if row is None:
            if locked:
                self.run(_HOLD_USES)
            row = self.row(_SUMS, offer_=offer) or (0, 0)
            if locked:
                self.run(_MAKE_TOTAL, offer=offer, uses=int(row[0]), given=int(row[1]))
                row = self.row(_TOTAL, offer_=offer) or row
        return int(row[0]), int(row[1])

    def add_uses(self, entry_id: str, account: str | None, day: date, uses: Iterable[Use]) -> None:
        """Count what a bill did with its offers, once its entry is posted; `day` is the business day of the sale."""
        ordered = sorted(uses, key=lambda use: use.offer)
        self.run_many(
            _ADD_USE,
            [
                {
                    "entry_id": entry_id,
                    "offer": use.offer,
                    "account_id": account,
                    "day": day.isoformat(),
                    "uses": use.uses,
                    "given": use.given,
                    "held_out": use.held_out,
                }
                for use in ordered
            ],
        )
        moves: list[dict[str, Value]] = [
            {"offer_": use.offer, "more": use.uses, "gave": use.given} for use in ordered if use.uses or use.given
        ]
        self.run_many(_MOVE_TOTAL, moves)
