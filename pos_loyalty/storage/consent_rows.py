"""What holders agreed to and took back: rows are only added, and the newest of a purpose counts."""

from __future__ import annotations

from sqlalchemy import bindparam, func, insert, literal_column, select

from pos_loyalty.storage.facts import moment, read_moment
from pos_loyalty.storage.records import Consent
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import consents

_ADD = insert(consents)
_OF = (
    select(
        consents.c.id,
        consents.c.account_id,
        consents.c.purpose,
        consents.c.given,
        consents.c.at,
        consents.c.operator,
        consents.c.wording,
    )
    .where(consents.c.account_id == bindparam("account"))
    .order_by(consents.c.purpose, consents.c.id)
)
_newest = (
    select(func.max(consents.c.id))
    .where(consents.c.account_id == bindparam("account"), consents.c.purpose == bindparam("purpose_"))
    .scalar_subquery()
)
_GIVEN = select(consents.c.given).where(consents.c.id == _newest, consents.c.given == literal_column("1"))


class ConsentRows(Transaction):
    """Consents of holders."""

    __slots__ = ()

    def add_consent(self, consent: Consent) -> None:
        """Add what a holder said."""
        self.run(
            _ADD,
            id=consent.id,
            account_id=consent.account,
            purpose=consent.purpose,
            given=int(consent.given),
            at=moment(consent.at),
            operator=consent.operator,
            wording=consent.wording,
        )

    def consent_history(self, account: str) -> tuple[Consent, ...]:
        """All that a holder ever said, by purpose, the oldest first."""
        return tuple(
            Consent(id_, whose, purpose, bool(given), read_moment(at), operator, wording)
            for id_, whose, purpose, given, at, operator, wording in self.rows(_OF, account=account)
        )

    def has_consented(self, account: str, purpose: str) -> bool:
        """Whether the newest that a holder said of a purpose is yes."""
        return self.row(_GIVEN, account=account, purpose_=purpose) is not None
