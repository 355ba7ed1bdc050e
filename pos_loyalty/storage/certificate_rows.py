"""Gift certificates as they stand: what is left on each, its last day, and what moved it.

What is left follows from the postings of its account and is moved with them; a certificate's own row is added once the entry that
sold it is posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import bindparam, func, insert, literal_column, select, update

from pos_loyalty.domain.bookkeeping import CERTIFICATE
from pos_loyalty.domain.certificate import Certificate
from pos_loyalty.domain.ledger import Posting
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.sale import CertificateLeft, CertificateSold, receipt_number
from pos_loyalty.storage.facts import day_or_none, iso_or_none
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.storage.records import CertificateMove
from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import OF_CERTIFICATES, certificates, entries, postings, refunds, sales

_CERTIFICATE = select(
    certificates.c.number,
    certificates.c.amount,
    certificates.c.remaining,
    certificates.c.expires,
    certificates.c.void_by,
)
_BY_NUMBER = _CERTIFICATE.where(certificates.c.number == bindparam("number_"))
_LOCKED = _BY_NUMBER.with_for_update()
_PAST = (
    _CERTIFICATE.where(certificates.c.remaining > literal_column("0"), certificates.c.expires < bindparam("day"))
    .order_by(certificates.c.number)
    .with_for_update()
)
_ADD = insert(certificates)
_MOVE = (
    update(certificates)
    .where(certificates.c.number == bindparam("number_"))
    .values(remaining=certificates.c.remaining + bindparam("more"))
)
_KEEP = update(certificates).where(certificates.c.number == bindparam("number_")).values(expires=bindparam("expires_"))
_VOID = update(certificates).where(certificates.c.number == bindparam("number_")).values(void_by=bindparam("entry"))
# The condition is that of the index, word for word: only so does either database see that it answers.
_MOVES = (
    select(
        entries.c.kind,
        entries.c.day,
        sales.c.register,
        sales.c.number,
        refunds.c.register,
        refunds.c.number,
        func.sum(-postings.c.amount),
    )
    .select_from(
        postings.join(entries, entries.c.id == postings.c.entry_id)
        .outerjoin(sales, sales.c.id == entries.c.id)
        .outerjoin(refunds, refunds.c.id == entries.c.id)
    )
    .where(literal_column(OF_CERTIFICATES), postings.c.account == bindparam("account_"))
    .group_by(
        entries.c.kind,
        entries.c.day,
        entries.c.recorded_at,
        entries.c.register,
        entries.c.seq,
        sales.c.register,
        sales.c.number,
        refunds.c.register,
        refunds.c.number,
    )
    .order_by(entries.c.recorded_at, entries.c.register, entries.c.seq)
)


class CertificateRows(Transaction):
    """The gift certificates that were sold."""

    __slots__ = ()

    def certificates(self, numbers: Iterable[str], *, locked: bool = False) -> dict[str, Certificate]:
        """Those of these certificates that there are; `locked`, in ascending order, until the transaction ends.

        Who locks locks the register first, then the accounts, and then the certificates.
        """
        statement = _LOCKED if locked else _BY_NUMBER
        found = (self.row(statement, number_=number) for number in sorted(set(numbers)))
        return {row[0]: _certificate(row) for row in found if row is not None}

    def certificates_past(self, day: date) -> tuple[Certificate, ...]:
        """Those whose last day was before `day` and that still hold something, locked: what expiry takes."""
        return tuple(map(_certificate, self.rows(_PAST, day=day.isoformat())))

    def certificate_moves(self, number: str) -> tuple[CertificateMove, ...]:
        """All that changed what is left on a certificate, the oldest first: its selling, and what it paid, got back and lost."""
        return tuple(
            CertificateMove(
                kind,
                date.fromisoformat(day),
                receipt_number(register or back_register, receipt or back) if receipt or back else None,
                int(amount),
            )
            for kind, day, register, receipt, back_register, back, amount in self.rows(
                _MOVES, account_=f"{CERTIFICATE}{number}"
            )
        )

    def add_certificates(self, entry_id: str, sold: Iterable[CertificateSold]) -> None:
        """Add what a sale sold, once its entry is posted."""
        for one in sold:
            self.run(
                _ADD,
                number=one.number,
                entry_id=entry_id,
                amount=one.amount,
                remaining=one.amount,
                expires=iso_or_none(one.expires),
                void_by=None,
            )

    def move_certificates(self, posted: Sequence[Posting]) -> None:
        """Move what is left on certificates by what was posted on them. FactRefused where one that there is not would pay."""
        moves: dict[str, Minor] = {}
        for posting in posted:
            if posting.account.startswith(CERTIFICATE):
                number = posting.account.removeprefix(CERTIFICATE)
                moves[number] = moves.get(number, 0) - posting.amount
        for number, more in sorted(moves.items()):
            # One that is being sold has no row yet: what it is sold for is what its row will hold.
            if not self.run(_MOVE, number_=number, more=more) and more < 0:
                raise FactRefused("no-such-certificate")

    def keep_certificates(self, states: Iterable[CertificateLeft]) -> None:
        """Write down how long certificates live that a return gave money back to."""
        for state in states:
            self.run(_KEEP, number_=state.number, expires_=iso_or_none(state.expires))

    def void_certificates(self, entry_id: str, numbers: Iterable[str]) -> None:
        """Write down which return took certificates back."""
        for number in numbers:
            self.run(_VOID, number_=number, entry=entry_id)


def _certificate(row: Row) -> Certificate:
    number, amount, remaining, expires, void_by = row
    return Certificate(number, amount, remaining, day_or_none(expires), void_by is not None)
