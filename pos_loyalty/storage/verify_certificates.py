"""Gift certificates against the bills that sold them and gave money back to them, and against the postings of their accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column, select

from pos_loyalty.domain.bookkeeping import CERTIFICATE
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, iso_or_none, read_refund, read_sale
from pos_loyalty.storage.findings import Findings, paired
from pos_loyalty.storage.tables import OF_CERTIFICATES, certificates, entries, postings, refunds, sales

_of_certificates: ColumnElement[bool] = literal_column(OF_CERTIFICATES)
_number = func.substr(postings.c.account, literal_column(str(len(CERTIFICATE) + 1)))
_nothing: ColumnElement[int] = literal_column("0")
_STORED = (
    select(
        certificates.c.number,
        certificates.c.entry_id,
        certificates.c.amount,
        certificates.c.remaining,
        certificates.c.expires,
        certificates.c.void_by,
        sales.c.facts,
    )
    .select_from(certificates.outerjoin(sales, sales.c.id == certificates.c.entry_id))
    .order_by(certificates.c.number)
)
# Of each account: what is left, and the return that took the certificate back (the only one that takes from it).
_DERIVED = (
    select(
        _number.label("number"),
        func.sum(-postings.c.amount),
        func.max(
            case(
                (and_(entries.c.kind == literal_column("'refund'"), postings.c.amount > _nothing), postings.c.entry_id)
            )
        ),
    )
    .join(entries, entries.c.id == postings.c.entry_id)
    .where(_of_certificates)
    .group_by(literal_column("number"))
    .order_by(literal_column("number"))
)
_GIVEN_BACK = (
    select(_number, refunds.c.facts)
    .join(refunds, refunds.c.id == postings.c.entry_id)
    .where(_of_certificates, postings.c.amount < _nothing)
)


def check_certificates(books: Books, findings: Findings) -> None:
    """Each certificate's amount, last day, what is left on it and whether it is void; and that each one sold is there."""
    lives = _prolonged(books)
    for stored, derived in paired(books.pages(_STORED), books.pages(_DERIVED)):
        number = (stored or derived or ("",))[0]
        place = f"certificate *{str(number)[-4:]}"
        if stored is None:
            findings.fault(place, Message(N_("Postings name it, and it is not there.")))
            continue
        findings.count("certificates")
        _, entry, amount, remaining, expires, void_by, facts = stored
        _, left, void = derived or (number, 0, None)
        findings.differs(place, "remaining", remaining, left)
        findings.differs(place, "void_by", void_by, void)
        if void_by is not None and remaining:
            findings.fault(place, Message(N_("It is void, and something is left on it.")))
        sold = _sold(number, facts)
        if sold is None:
            findings.fault(place, Message(N_("The sale {entry} did not sell it."), entry=str(entry)))
            continue
        findings.differs(place, "amount", amount, sold[0])
        last = sold[1]
        if last is not None:
            last = max([last, *lives.get(number, ())])
        findings.differs(place, "expires", expires, iso_or_none(last))


def _sold(number: str, facts: str | None) -> tuple[int, date | None] | None:
    """The amount and last day with which a sale sold a certificate; None where it did not, or cannot be read."""
    if facts is None:
        return None
    try:
        sold = read_sale(facts).quote.certificates
    except UNREADABLE:
        return None  # the look at the bills says why
    return next(((one.amount, one.expires) for one in sold if one.number == number), None)


def _prolonged(books: Books) -> dict[str, list[date]]:
    """To which days returns made certificates live that money went back to. There are few such returns."""
    lives: dict[str, list[date]] = {}
    for number, facts in books.pages(_GIVEN_BACK):
        for state in _left(facts):
            if state[0] == number:
                lives.setdefault(number, []).append(state[1])
    return lives


def _left(facts: Any) -> list[tuple[str, date]]:
    try:
        states = read_refund(facts).certificates_left
    except UNREADABLE:
        return []  # the look at the bills says so
    return [(state.number, state.expires) for state in states if state.expires is not None]
