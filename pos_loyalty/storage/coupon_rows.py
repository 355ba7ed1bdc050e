"""Coupons: whose each is, for which offer and until when, and the bills that gave it, used it or took it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, insert, literal_column, or_, select, update

from pos_loyalty.domain.coupons import Coupon
from pos_loyalty.domain.sale import CouponIssued
from pos_loyalty.storage.facts import day_or_none, iso_or_none
from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import coupons, entries

_COUPON = select(
    coupons.c.number,
    coupons.c.account_id,
    coupons.c.coupon,
    coupons.c.given_by,
    coupons.c.valid,
    entries.c.day,
    coupons.c.void_by,
).select_from(coupons.outerjoin(entries, entries.c.id == coupons.c.used_by))
_BY_NUMBER = _COUPON.where(coupons.c.number == bindparam("number_"))
_OPEN = _COUPON.where(
    coupons.c.account_id == bindparam("account"),
    coupons.c.used_by.is_(literal_column("NULL")),
    coupons.c.void_by.is_(literal_column("NULL")),
    or_(coupons.c.valid.is_(literal_column("NULL")), coupons.c.valid >= bindparam("day")),
).order_by(coupons.c.valid.is_(literal_column("NULL")), coupons.c.valid, coupons.c.number)
_ADD = insert(coupons)
_OF_NUMBER = coupons.c.number == bindparam("number_")
_USE = update(coupons).where(_OF_NUMBER).values(used_by=bindparam("entry"))
_VOID = update(coupons).where(_OF_NUMBER).values(void_by=bindparam("entry"))
_GIVE_BACK = update(coupons).where(_OF_NUMBER).values(used_by=literal_column("NULL"))


class CouponRows(Transaction):
    """The coupons. Each is one holder's, so whoever locked the account may change its coupons."""

    __slots__ = ()

    def coupon(self, number: str) -> Coupon | None:
        """The coupon of that number."""
        row = self.row(_BY_NUMBER, number_=number)
        return None if row is None else _coupon(row)

    def open_coupons(self, account: str, day: date) -> tuple[Coupon, ...]:
        """A holder's coupons that can be used on that day, soonest ending first."""
        return tuple(map(_coupon, self.rows(_OPEN, account=account, day=day.isoformat())))

    def add_coupons(self, entry_id: str, account: str, given: Iterable[CouponIssued]) -> None:
        """Add what a bill gave, once its entry is posted."""
        self.run_many(
            _ADD,
            [
                {
                    "number": one.number,
                    "account_id": account,
                    "coupon": one.coupon,
                    "given_by": one.offer,
                    "entry_id": entry_id,
                    "valid": iso_or_none(one.valid),
                    "used_by": None,
                    "void_by": None,
                }
                for one in given
            ],
        )

    def use_coupons(self, entry_id: str, numbers: Iterable[str]) -> None:
        """They opened an offer on that bill."""
        self.run_many(_USE, [{"number_": number, "entry": entry_id} for number in numbers])

    def void_coupons(self, entry_id: str, numbers: Iterable[str]) -> None:
        """That return took them back."""
        self.run_many(_VOID, [{"number_": number, "entry": entry_id} for number in numbers])

    def give_back_coupons(self, numbers: Iterable[str]) -> None:
        """The bill that had used them came back whole: they can be used again."""
        self.run_many(_GIVE_BACK, [{"number_": number} for number in numbers])


def _coupon(row: Row) -> Coupon:
    number, account, coupon, given_by, valid, used_on, void_by = row
    return Coupon(number, account, coupon, given_by, day_or_none(valid), day_or_none(used_on), void_by is not None)
