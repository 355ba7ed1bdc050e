"""Gift certificates at the till: shown, found among a bill's tenders, given their numbers when they are sold, and run out.

A certificate that has run out pays nothing from the next day on, whoever asks. The books follow when it is next given money back,
or when `expire_certificates` comes by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pos_loyalty.domain.bookkeeping import certificate_expiry_postings
from pos_loyalty.domain.certificate import NUMBERS, Certificate, Status, checked_number, nth_number, unknown
from pos_loyalty.domain.ledger import Entry
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.sale import Quote, Refund, Tender
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.records import CertificateMove
from pos_loyalty.till.programmes import in_force
from pos_loyalty.till.register import Register


@dataclass(frozen=True, slots=True)
class CertificateView:
    """What a certificate is on a business day, and all that changed what is on it, the oldest first."""

    certificate: Certificate
    day: date
    moves: tuple[CertificateMove, ...]

    @property
    def left(self) -> Minor:
        """What it can pay on that day."""
        return self.certificate.left(self.day)

    @property
    def status(self) -> Status:
        """What it is on that day."""
        return self.certificate.status(self.day)


def show(register: Register, text: str, at: datetime | None = None) -> CertificateView:
    """What a certificate is at a moment (None: now), by its number in any case. Refused with certificate-invalid."""
    number = checked_number(text)
    moment = at or register.clock()
    with register.store.read() as books:
        certificate = books.certificates([number]).get(number)
        if certificate is None:
            raise unknown(number)
        day = in_force(books, moment).programme.business_day(moment)
        return CertificateView(certificate, day, books.certificate_moves(number))


def named(tenders: Sequence[Tender] | None) -> tuple[Tender, ...] | None:
    """The tenders with certificates' numbers as they are kept. Refused with certificate-invalid where one is none."""
    if tenders is None:
        return None
    return tuple(
        replace(tender, number=checked_number(tender.number)) if tender.kind == "certificate" else tender
        for tender in tenders
    )


def with_numbers(books: Books, register: Register, priced: Quote) -> Quote:
    """The quote with a number for each certificate that it sells: by chance, and drawn again where it is taken."""
    taken: set[str] = set()
    sold = []
    for one in priced.certificates:
        number = nth_number(register.new_secret(NUMBERS))
        while number in taken or books.certificates([number]):
            number = nth_number(register.new_secret(NUMBERS))
        taken.add(number)
        sold.append(replace(one, number=number))
    return replace(priced, certificates=tuple(sold)) if sold else priced


def expire_certificates(books: Books, register: Register, day: date, operator: str = "") -> Minor:
    """Post what all certificates lost whose last day was before that business day, as one entry; how much it was.

    For the end of a day, within its transaction.
    """
    books.lock(register.name)
    now = register.clock()
    return _expire(books, register, books.certificates_past(day), day, now, now, operator)


def expire_touched(books: Books, register: Register, touched: Iterable[Certificate], cause: Refund) -> None:
    """Post what certificates lost that a return gives money back to, as an entry of its own before that return."""
    lapsed = [certificate for certificate in touched if certificate.is_over(cause.day)]
    _expire(books, register, lapsed, cause.day, cause.at, cause.recorded_at, cause.operator)


def _expire(
    books: Books,
    register: Register,
    lapsed: Sequence[Certificate],
    day: date,
    at: datetime,
    recorded_at: datetime,
    operator: str,
) -> Minor:
    if not lapsed:
        return 0
    postings = certificate_expiry_postings(in_force(books, at).programme.currency.code, lapsed)
    if postings:
        entry = Entry(register.new_id(), "expiry", at, recorded_at, day, operator, None, postings)
        books.post(register.name, entry)
    return sum(certificate.remaining for certificate in lapsed)
