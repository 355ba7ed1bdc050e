"""Records that were joined: whose an account is now, and the copies of its facts that follow it to its new holder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Table, bindparam, delete, insert, literal_column, select, update

from pos_loyalty.domain.deed import Merge
from pos_loyalty.domain.sale import Sale
from pos_loyalty.storage.facts import read_moment
from pos_loyalty.storage.statements import Statement, Transaction
from pos_loyalty.storage.tables import (
    accounts,
    cards,
    complaints,
    consents,
    coupons,
    feedback,
    lots,
    member_words,
    members,
    memberships,
    merges,
    offer_uses,
    operators,
    prizes,
    purchases,
    referrals,
    spends,
)

_INTO = select(merges.c.into_id).where(merges.c.account_id == bindparam("account"))
_PARTS = select(merges.c.account_id).where(merges.c.into_id == bindparam("account")).order_by(merges.c.account_id)
_JOINED = select(accounts.c.joined).where(accounts.c.id == bindparam("account"))
_ADD_MERGE = insert(merges)
_LOT_MOVED = (
    select(lots.c.id).join(merges, merges.c.account_id == lots.c.account_id).where(lots.c.id == bindparam("lot_"))
)
_REGISTERED = select(members.c.registered_at).where(members.c.account_id == bindparam("account"))
_DROP_WORDS = delete(member_words).where(member_words.c.account_id == bindparam("account"))
_DROP_MEMBER = delete(members).where(members.c.account_id == bindparam("account"))
_ALL_NAMED = (
    update(cards)
    .where(cards.c.account_id == bindparam("account"), cards.c.kind != literal_column("'named'"))
    .values(kind=literal_column("'named'"))
)
_SEEN = select(accounts.c.joined, accounts.c.last_visit, accounts.c.visits).where(accounts.c.id == bindparam("account"))
_SET_SEEN = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(joined=bindparam("joined_"), last_visit=bindparam("last_visit_"), visits=bindparam("visits_"))
)
_EMPTY = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(
        tier=literal_column("NULL"),
        tier_since=literal_column("NULL"),
        tier_kept_until=literal_column("NULL"),
        last_visit=literal_column("NULL"),
        visits=literal_column("0"),
    )
)


def _moves(table: Table, column: str = "account_id") -> Statement:
    own = table.c[column]
    return update(table).where(own == bindparam("gone")).values({column: bindparam("into")})


_COPIES = (
    *(
        _moves(table)
        for table in (
            cards,
            spends,
            purchases,
            offer_uses,
            coupons,
            memberships,
            referrals,
            prizes,
            complaints,
            feedback,
            consents,
            operators,
        )
    ),
    _moves(referrals, "referrer"),
    _moves(members, "referred_by"),
    _moves(merges, "into_id"),
)


class MergeRows(Transaction):
    """Accounts that became part of others."""

    __slots__ = ()

    def whose(self, account: str) -> str:
        """The account that an account is part of now: itself, unless its record was joined to another."""
        row = self.row(_INTO, account=account)
        return account if row is None else str(row[0])

    def joined_on(self, account: str) -> date | None:
        """Since which day there is an account, also one that became part of another; None where there is none."""
        row = self.row(_JOINED, account=account)
        return None if row is None else date.fromisoformat(row[0])

    def registered_at(self, account: str) -> datetime | None:
        """When an account's holder was registered; None for a bearer."""
        row = self.row(_REGISTERED, account=account)
        return None if row is None else read_moment(row[0])

    def parts_of(self, account: str) -> tuple[str, ...]:
        """The accounts that became part of this one."""
        return tuple(part for (part,) in self.rows(_PARTS, account=account))

    def moved_lots(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these lots that stayed behind with an account that is part of another: nothing goes back into them."""
        return frozenset(lot for lot in dict.fromkeys(ids) if self.row(_LOT_MOVED, lot_=lot) is not None)

    def sale_now(self, sale: Sale) -> Sale:
        """A sale as it is now: of those whose the accounts that it names have become."""
        account = None if sale.account is None else self.whose(sale.account)
        referrer = tuple(replace(one, account=self.whose(one.account)) for one in sale.quote.referrer)
        if account == sale.account and referrer == sale.quote.referrer:
            return sale
        return replace(sale, account=account, quote=replace(sale.quote, referrer=referrer))

    def join_copies(self, merge: Merge) -> None:
        """Make the copies of the other's facts the account's, once the entry that joined them is posted."""
        gone, into = merge.other, merge.account
        self.run(_ADD_MERGE, account_id=gone, into_id=into, entry_id=merge.id)
        for statement in _COPIES:
            self.run(statement, gone=gone, into=into)
        seen = [self.row(_SEEN, account=account) for account in (into, gone)]
        first, *rest = [row for row in seen if row is not None]
        joined = min(row[0] for row in (first, *rest))
        last = max((row[1] for row in (first, *rest) if row[1] is not None), default=None)
        self.run(
            _SET_SEEN, account=into, joined_=joined, last_visit_=last, visits_=sum(row[2] for row in (first, *rest))
        )
        self.run(_EMPTY, account=gone)
        self.run(_DROP_WORDS, account=gone)
        self.run(_DROP_MEMBER, account=gone)

    def name_cards(self, account: str) -> None:
        """Make all cards of an account named ones, since its holder is known."""
        self.run(_ALL_NAMED, account=account)
