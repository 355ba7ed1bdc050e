"""What follows from bills beside money, and what offers ask of it: goods bought and kept, friends thanked for, clubs joined.

All of it is copied from the bills when they are posted, so that what an offer asks takes as long after years as on the first day.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, insert, literal_column, select, update

from pos_loyalty.domain.club import Joining, Term
from pos_loyalty.domain.deed import ClubJoined
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import Bought
from pos_loyalty.domain.purchases import bought, given_back
from pos_loyalty.domain.sale import Refund, Sale
from pos_loyalty.storage.statements import Statement, Transaction, Value
from pos_loyalty.storage.tables import memberships, purchases, referrals

_ADD_PURCHASE = insert(purchases)
_TAKE_PURCHASE = (
    update(purchases)
    .where(
        purchases.c.account_id == bindparam("account"),
        purchases.c.department == bindparam("department_"),
        purchases.c.day == bindparam("day_"),
        purchases.c.entry_id == bindparam("entry"),
        purchases.c.sku == bindparam("sku_"),
    )
    .values(kept=purchases.c.kept - bindparam("back"))
)
_KEPT = (
    select(purchases.c.entry_id)
    .distinct()
    .where(
        purchases.c.account_id == bindparam("account"),
        purchases.c.day >= bindparam("first"),
        purchases.c.day <= bindparam("last"),
        purchases.c.kept > literal_column("0"),
    )
    .limit(bindparam("most"))
)
_OF_DEPARTMENT = _KEPT.where(purchases.c.department == bindparam("department_"))
_OF_SKU = _KEPT.where(purchases.c.sku == bindparam("sku_"))
_OF_BOTH = _OF_SKU.where(purchases.c.department == bindparam("department_"))

_ADD_REFERRAL = insert(referrals)
_FRIENDS = (
    select(referrals.c.account_id)
    .where(
        referrals.c.referrer == bindparam("referrer_"),
        referrals.c.offer == bindparam("offer_"),
        referrals.c.account_id != bindparam("but"),
    )
    .group_by(referrals.c.account_id)
    .having(func.sum(referrals.c.uses) > literal_column("0"))
    .limit(bindparam("most"))
)

_ADD_MEMBERSHIP = insert(memberships)
_END_MEMBERSHIP = (
    update(memberships)
    .where(memberships.c.entry_id == bindparam("entry"), memberships.c.club == bindparam("club_"))
    .values(ended_by=bindparam("by"))
)
_JOININGS = select(
    memberships.c.club, memberships.c.day, memberships.c.entry_id, memberships.c.joined_by, memberships.c.term
).where(memberships.c.account_id == bindparam("account"), memberships.c.ended_by.is_(literal_column("NULL")))


class HistoryRows(Transaction):
    """What history says of a holder."""

    __slots__ = ()

    def times_bought(self, account: str, wanted: Bought, day: date) -> int:
        """On how many sales until `day` a holder bought such goods and kept some, counted as far as is asked for."""
        first = date.min if wanted.within is None else wanted.within.first_before(day)
        found: set[str] = set()
        for statement, values in _asked(wanted):
            rows = self.rows(
                statement,
                account=account,
                first=first.isoformat(),
                last=day.isoformat(),
                most=wanted.times,
                **values,
            )
            found.update(row[0] for row in rows)
            if len(found) >= wanted.times:
                return wanted.times
        return len(found)

    def friends_of(self, referrer: str, offer: str, but: str, most: int) -> int:
        """For how many friends (but one) an offer gave something to who sent them, counted as far as `most`."""
        return len(self.rows(_FRIENDS, referrer_=referrer, offer_=offer, but=but, most=most))

    def joinings(self, account: str) -> tuple[Joining, ...]:
        """The memberships that a holder paid for or was given, without those whose fee came back."""
        return tuple(
            Joining(club, date.fromisoformat(day), entry, by, read_term(term))
            for club, day, entry, by, term in self.rows(_JOININGS, account=account)
        )

    def remember(self, sale: Sale) -> None:
        """Keep what follows from a sale to a holder, once its entry is posted."""
        if sale.account is None:
            return
        rows = purchase_rows(sale)
        self.run_many(_ADD_PURCHASE, rows)
        for one in sale.quote.memberships:
            self.run(
                _ADD_MEMBERSHIP,
                entry_id=sale.id,
                club=one.club,
                account_id=sale.account,
                joined_by="fee",
                day=sale.day.isoformat(),
                term=written_term(one.lasts),
                ended_by=None,
            )
        self.run_many(_ADD_REFERRAL, referral_rows(sale))

    def forget(self, refund: Refund, sale: Sale) -> None:
        """Take off again what came back of a sale."""
        if sale.account is None:
            return
        for (department, sku), back in given_back(sale, refund).items():
            self.run(
                _TAKE_PURCHASE,
                account=sale.account,
                department_=department,
                day_=sale.day.isoformat(),
                entry=sale.id,
                sku_=sku,
                back=back,
            )
        lines = {line.line for line in refund.lines}
        for one in sale.quote.memberships:
            if one.line in lines:
                self.run(_END_MEMBERSHIP, entry=sale.id, club_=one.club, by=refund.id)
        self.run_many(_ADD_REFERRAL, referral_rows(sale, refund))

    def remember_joining(self, joined: ClubJoined) -> None:
        """Keep a membership given by hand, once its entry is posted."""
        self.run(
            _ADD_MEMBERSHIP,
            entry_id=joined.id,
            club=joined.club,
            account_id=joined.account,
            joined_by="hand",
            day=joined.day.isoformat(),
            term=written_term(joined.term),
            ended_by=None,
        )


def purchase_rows(sale: Sale) -> list[dict[str, Value]]:
    """What a sale to a holder is remembered by, in the order of the table's key."""
    return [
        {
            "account_id": sale.account,
            "department": department,
            "day": sale.day.isoformat(),
            "entry_id": sale.id,
            "sku": sku,
            "kept": kept,
        }
        for (department, sku), kept in sorted(bought(sale).items())
    ]


def referral_rows(sale: Sale, refund: Refund | None = None) -> list[dict[str, Value]]:
    """Whom a sale thanked for sending its holder, offer by offer; or what a return of the whole sale takes back of that."""
    given = dict.fromkeys((one.earned.offer, one.account) for one in sale.quote.referrer)
    return [
        {
            "referrer": referrer,
            "offer": offer,
            "account_id": sale.account,
            "entry_id": sale.id if refund is None else refund.id,
            "uses": 1 if refund is None else -1,
        }
        for offer, referrer in sorted(given)
        if refund is None or offer in refund.unused
    ]


def written_term(term: Term) -> str | None:
    """How long a joining lasts, as the store writes it: "12 month", a last day, or nothing for good."""
    match term:
        case None:
            return None
        case Duration(count, unit):
            return f"{count} {unit}"
        case _:
            return term.isoformat()


def read_term(text: str | None) -> Term:
    """The term that was written so. ValueError if it is none."""
    if text is None:
        return None
    count, _, unit = text.partition(" ")
    match unit:
        case "day" | "month" | "year":
            return Duration(int(count), unit)
        case _:
            return date.fromisoformat(text)


def _asked(wanted: Bought) -> list[tuple[Statement, dict[str, Value]]]:
    departments, skus = sorted(wanted.goods.departments), sorted(wanted.goods.skus)
    if departments and skus:
        return [(_OF_BOTH, {"department_": of, "sku_": sku}) for of in departments for sku in skus]
    if departments:
        return [(_OF_DEPARTMENT, {"department_": of}) for of in departments]
    return [(_OF_SKU, {"sku_": sku}) for sku in skus]
