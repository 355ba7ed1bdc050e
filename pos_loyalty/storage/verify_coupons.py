"""Coupons against the bills that gave them, used them and took them back: each row from the facts, and each fact's row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import bindparam, literal_column, or_, select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.sale import Refund, Sale
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, iso_or_none, read_refund, read_sale
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import coupons, refunds, sales
from pos_loyalty.storage.verify_merges import Whose, whose_now

_Bill = TypeVar("_Bill", Sale, Refund)

_giver, _user = sales.alias("giver"), sales.alias("user_")
_ROWS = (
    select(
        coupons.c.number,
        coupons.c.account_id,
        coupons.c.coupon,
        coupons.c.given_by,
        coupons.c.valid,
        coupons.c.used_by,
        coupons.c.void_by,
        _giver.c.facts,
        _user.c.facts,
        refunds.c.facts,
    )
    .select_from(
        coupons.outerjoin(_giver, _giver.c.id == coupons.c.entry_id)
        .outerjoin(_user, _user.c.id == coupons.c.used_by)
        .outerjoin(refunds, refunds.c.id == coupons.c.void_by)
    )
    .order_by(coupons.c.number)
)
# Of all bills only those whose JSON names a coupon are read.
_SALES = (
    select(sales.c.facts)
    .where(
        or_(
            sales.c.facts.like(literal_column("""'%"coupons":[{%'""")),
            sales.c.facts.like(literal_column("""'%"coupons_used":[{%'""")),
        )
    )
    .order_by(sales.c.id)
)
_REFUNDS = (
    select(refunds.c.facts).where(refunds.c.facts.like(literal_column("""'%"coupon":"%'"""))).order_by(refunds.c.id)
)
_ROW = select(coupons.c.entry_id, coupons.c.used_by, coupons.c.void_by).where(coupons.c.number == bindparam("number_"))
_RETURNS = select(refunds.c.facts).where(refunds.c.sale_id == bindparam("sale_"))


def check_coupons(books: Books, findings: Findings) -> None:
    """Each coupon is what its bills say, and each that a bill names is there."""
    whose = whose_now(books)
    for row in books.pages(_ROWS):
        findings.count("coupons")
        _check_row(books, findings, whose, *row)
    for (facts,) in books.pages(_SALES):
        sale = _read(read_sale, facts)
        if sale is not None:
            _check_sale(books, findings, sale)
    for (facts,) in books.pages(_REFUNDS):
        refund = _read(read_refund, facts)
        if refund is not None:
            for asked in refund.asked_back:
                if asked.coupon is not None:
                    _, _, void_by = _stored(books, findings, refund.receipt_number, asked.coupon)
                    findings.differs(f"coupon {asked.coupon}", "void_by", void_by, refund.id)


def _check_row(
    books: Books,
    findings: Findings,
    whose: Whose,
    number: str,
    account: str,
    coupon: str,
    given_by: str,
    valid: str | None,
    used_by: str | None,
    void_by: str | None,
    giver: str | None,
    user: str | None,
    voider: str | None,
) -> None:
    place = f"coupon {number}"
    sale = _read(read_sale, giver)
    given = next((one for one in sale.quote.coupons if one.number == number), None) if sale is not None else None
    if sale is None or given is None:
        findings.fault(place, Message(N_("No bill says that it was given.")))
        return
    for name, stored, derived in (
        ("account_id", account, whose(sale.account)),
        ("coupon", coupon, given.coupon),
        ("given_by", given_by, given.offer),
        ("valid", valid, iso_or_none(given.valid)),
    ):
        findings.differs(place, name, stored, derived)
    if used_by is not None:
        bill = _read(read_sale, user)
        used = bill is not None and any(one.number == number for one in bill.quote.coupons_used)
        if not used or _given_back(books, used_by, number):
            findings.fault(place, Message(N_("No bill says that it was used.")))
    if void_by is not None:
        refund = _read(read_refund, voider)
        if refund is None or not any(one.coupon == number for one in refund.asked_back):
            findings.fault(place, Message(N_("No return says that it is void.")))


def _check_sale(books: Books, findings: Findings, sale: Sale) -> None:
    for given in sale.quote.coupons:
        if given.number is not None:
            entry_id, _, _ = _stored(books, findings, sale.receipt_number, given.number)
            findings.differs(f"coupon {given.number}", "entry_id", entry_id, sale.id)
    for used in sale.quote.coupons_used:
        _, used_by, _ = _stored(books, findings, sale.receipt_number, used.number)
        if not _given_back(books, sale.id, used.number):
            findings.differs(f"coupon {used.number}", "used_by", used_by, sale.id)


def _given_back(books: Books, sale_id: str, number: str) -> bool:
    """Whether a return of that sale made the coupon usable again."""
    found = (_read(read_refund, facts) for (facts,) in books.rows(_RETURNS, sale_=sale_id))
    return any(refund is not None and number in refund.coupons_back for refund in found)


def _stored(books: Books, findings: Findings, receipt: str, number: str) -> tuple[str | None, str | None, str | None]:
    row = books.row(_ROW, number_=number)
    if row is None:
        findings.fault(f"coupon {number}", Message(N_("{receipt} names it, and it is not there."), receipt=receipt))
        return None, None, None
    return row[0], row[1], row[2]


def _read(reader: Callable[[str], _Bill], facts: str | None) -> _Bill | None:
    """A bill, or None where it is not there or cannot be read, which the look at the bills says."""
    if facts is None:
        return None
    try:
        return reader(facts)
    except UNREADABLE:
        return None
