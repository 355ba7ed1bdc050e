"""How often offers were used and what they gave: the counters that their limits and budgets are held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, insert, select, update

from pos_loyalty.domain.money import Minor
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import offer_totals, offer_uses

_USES = (
    select(offer_uses.c.day, func.sum(offer_uses.c.uses))
    .where(offer_uses.c.account_id == bindparam("account"), offer_uses.c.offer == bindparam("offer_"))
    .group_by(offer_uses.c.day)
)
_TOTAL = (
    select(offer_totals.c.uses, offer_totals.c.given)
    .where(offer_totals.c.offer == bindparam("offer_"))
    .with_for_update()
)
_TOTAL_NOW = select(offer_totals.c.uses, offer_totals.c.given).where(offer_totals.c.offer == bindparam("offer_"))
_ADD_USE = insert(offer_uses)
_ADD_TOTAL = insert(offer_totals)
_MOVE_TOTAL = (
    update(offer_totals)
    .where(offer_totals.c.offer == bindparam("offer_"))
    .values(uses=offer_totals.c.uses + bindparam("more"), given=offer_totals.c.given + bindparam("gave"))
)


@dataclass(frozen=True, slots=True)
class Use:
    """What one bill did with an offer: `uses` 1 (or -1 when it came back whole), `given` minor units, `held_out` 1 if withheld."""

    offer: str
    uses: int
    given: Minor
    held_out: int = 0


class OfferRows(Transaction):
    """The counters of the offers."""

    __slots__ = ()

    def uses(self, account: str, offer: str) -> tuple[tuple[date, int], ...]:
        """How often a holder had an offer, by business day, net of what came back whole."""
        rows = self.rows(_USES, account=account, offer_=offer)
        return tuple((date.fromisoformat(day), int(count)) for day, count in rows if count)

    def offer_total(self, offer: str, *, locked: bool = False) -> tuple[int, Minor]:
        """How often all holders had an offer, and what it gave in minor units; `locked` until the transaction ends."""
        row = self.row(_TOTAL if locked else _TOTAL_NOW, offer_=offer)
        return (0, 0) if row is None else (int(row[0]), int(row[1]))

    def add_uses(self, entry_id: str, account: str | None, day: date, uses: Iterable[Use]) -> None:
        """Count what a bill did with its offers."""
        for use in uses:
            self.run(
                _ADD_USE,
                entry_id=entry_id,
                offer=use.offer,
                account_id=account,
                day=day.isoformat(),
                uses=use.uses,
                given=use.given,
                held_out=use.held_out,
            )
            if not use.uses and not use.given:
                continue
            if not self.run(_MOVE_TOTAL, offer_=use.offer, more=use.uses, gave=use.given):
                self.run(_ADD_TOTAL, offer=use.offer, uses=use.uses, given=use.given)
