"""Lots as they stand: what each still holds of what filled it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, literal_column, or_, select

from pos_loyalty.domain.ledger import Lot
from pos_loyalty.storage.facts import day_or_none, read_moment
from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import accounts, deeds, lots, merges

_LOT = select(
    lots.c.id,
    lots.c.purse,
    lots.c.amount,
    lots.c.remaining,
    lots.c.available,
    lots.c.expires,
    lots.c.filled_at,
    lots.c.sale,
    lots.c.offer,
    lots.c.parent,
    lots.c.expired,
)
OWN_AND_JOINED = (
    select(accounts.c.id)
    .where(accounts.c.id == bindparam("account"))
    .union_all(select(merges.c.account_id).where(merges.c.into_id == bindparam("account")))
)
"""An account, and those that became part of it: whose facts are its history."""
_OF_ACCOUNT = lots.c.account_id == bindparam("account")
# Written out, not bound: only so does SQLite see that the index of open lots answers it.
_OPEN = _LOT.where(_OF_ACCOUNT, lots.c.remaining > literal_column("0"))
_PAST = _OPEN.where(lots.c.expires < bindparam("day"))
# In the order of the index of what runs out, from where the page before ended.
_OVER = (
    select(lots.c.expires, lots.c.id, lots.c.account_id)
    .where(
        lots.c.remaining > literal_column("0"),
        lots.c.expires.is_not(literal_column("NULL")),
        lots.c.expires < bindparam("day"),
        lots.c.expires >= bindparam("from_"),
        or_(lots.c.expires > bindparam("from_"), lots.c.id > bindparam("after_")),
    )
    .order_by(lots.c.expires, lots.c.id)
    .limit(bindparam("most"))
)
_BY_ID = _LOT.where(lots.c.id == bindparam("lot"))
# What a card that was added late to a sale filled is of that sale too.
_late = select(deeds.c.id).where(deeds.c.sale_id == bindparam("sale_"))
_family = (
    select(lots.c.id)
    .where(or_(lots.c.entry_id == bindparam("sale_"), lots.c.entry_id.in_(_late)))
    .cte("family", recursive=True)
)
_family = _family.union(select(lots.c.id).where(lots.c.parent == _family.c.id))
_OF_SALE = (
    _LOT.join(_family, lots.c.id == _family.c.id)
    .where(lots.c.account_id.in_(OWN_AND_JOINED))
    .order_by(lots.c.filled_at, lots.c.id)
)


@dataclass(frozen=True, slots=True)
class OverLot:
    """A lot whose last day has passed, and whose it is."""

    expires: str
    lot: str
    account: str


class LotRows(Transaction):
    """The lots of the purses."""

    __slots__ = ()

    def open_lots(self, account: str) -> dict[str, list[Lot]]:
        """The lots of an account that hold something, by purse."""
        found: dict[str, list[Lot]] = {}
        for row in self.rows(_OPEN, account=account):
            lot = _lot(row)
            found.setdefault(lot.purse, []).append(lot)
        return found

    def lots_past(self, account: str, day: date) -> tuple[Lot, ...]:
        """The lots of an account whose last day was before `day` and that still hold something: what expiry takes."""
        return tuple(map(_lot, self.rows(_PAST, account=account, day=day.isoformat())))

    def lots_over(self, day: date, after: tuple[str, str], most: int) -> tuple[OverLot, ...]:
        """Lots of all holders whose last day was before `day` and that still hold something, the first to run out first.

        `after` is the last day and the id of the last one that is known already.
        """
        from_, lot = after
        rows = self.rows(_OVER, day=day.isoformat(), from_=from_, after_=lot, most=most)
        return tuple(OverLot(*row) for row in rows)

    def lots_of_sale(self, account: str, sale: str) -> tuple[Lot, ...]:
        """The lots of an account that a sale filled, also empty ones, and all that live on from them; the oldest first.

        Also those of accounts that became part of it.
        """
        return tuple(map(_lot, self.rows(_OF_SALE, account=account, sale_=sale)))

    def lots(self, ids: Iterable[str]) -> dict[str, Lot]:
        """The lots of these ids, those that there are."""
        found = (self.row(_BY_ID, lot=lot) for lot in dict.fromkeys(ids))
        return {row[0]: _lot(row) for row in found if row is not None}


def _lot(row: Row) -> Lot:
    lot, purse, amount, remaining, available, expires, filled_at, sale, offer, parent, expired = row
    return Lot(
        lot,
        purse,
        amount,
        remaining,
        date.fromisoformat(available),
        day_or_none(expires),
        read_moment(filled_at),
        sale,
        offer,
        parent,
        expired,
    )
