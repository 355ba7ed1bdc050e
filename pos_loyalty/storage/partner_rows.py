"""What the journal says of partners: who issued a lot, to whom a holder owes, and what issuers owe acceptors over time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import and_, bindparam, func, literal_column, select

from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.partners import Pair, pair_of
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import entries, is_issuer_posting, is_owed_posting, lots, postings

_ISSUED = "issued:"
# A lot's sale says whose earning it is, also where a part given back lives on as a lot of its own.
_ISSUERS = (
    select(lots.c.purse, postings.c.account)
    .select_from(
        lots.outerjoin(
            postings,
            and_(postings.c.entry_id == lots.c.sale, postings.c.account.like(literal_column(f"'{_ISSUED}%:%'"))),
        )
    )
    .where(lots.c.id == bindparam("lot_"))
)
_OWED_TO = (
    select(postings.c.account, func.sum(postings.c.amount))
    .where(postings.c.holder == bindparam("holder_"), is_owed_posting)
    .group_by(postings.c.account)
    .order_by(postings.c.account)
)
_CLAIMS = (
    select(postings.c.account, func.sum(-postings.c.amount))
    .select_from(postings.join(entries, entries.c.id == postings.c.entry_id))
    .where(is_issuer_posting, entries.c.day >= bindparam("first"), entries.c.day <= bindparam("last"))
    .group_by(postings.c.account)
)


class PartnerRows(Transaction):
    """Shops that honour one another's purse."""

    __slots__ = ()

    def issuers(self, ids: Iterable[str]) -> dict[str, str | None]:
        """Who issued each of these lots, None where nobody is named; without the lots that are not there."""
        found: dict[str, str | None] = {}
        for lot in dict.fromkeys(ids):
            rows = self.rows(_ISSUERS, lot_=lot)
            if rows:
                shops = (shop_of(account, f"{_ISSUED}{purse}") for purse, account in rows)
                found[lot] = next((shop for shop in shops if shop is not None), None)
        return found

    def owed_to(self, holder: str, purse: str) -> dict[str | None, Minor]:
        """What a holder owes to a purse, by the shop whose goods came back (None: nobody is named)."""
        found: dict[str | None, Minor] = {}
        for account, amount in self.rows(_OWED_TO, holder_=holder):
            if (account == f"owed:{purse}" or account.startswith(f"owed:{purse}:")) and amount:
                found[shop_of(account, f"owed:{purse}")] = int(amount)
        return found

    def claims(self, first: date, last: date) -> dict[Pair, Minor]:
        """What each issuer owes each acceptor of the entries of these business days, both included."""
        rows = self.rows(_CLAIMS, first=first.isoformat(), last=last.isoformat())
        return {pair_of(account): int(amount) for account, amount in rows}


def shop_of(account: str | None, begins: str) -> str | None:
    """The shop that an account of a purse names behind its beginning; None where it names none."""
    return account[len(begins) + 1 :] if account is not None and account.startswith(f"{begins}:") else None
