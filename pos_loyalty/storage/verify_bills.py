"""Bills against the columns beside them, their entries, and what they make count for a tier; and the receipts' numbers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, literal_column, or_, select, union_all

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.sale import Refund, Sale, receipt_number
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, moment, read_refund, read_sale
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import deeds, entries, merges, refunds, registers, sales, spends
from pos_loyalty.storage.verify_merges import Whose, whose_now
from pos_loyalty.storage.verify_offers import StoredUses

_ENTRY = (entries.c.at, entries.c.recorded_at, entries.c.day, entries.c.operator, entries.c.account_id)
_SALES = (
    select(
        sales.c.id,
        sales.c.register,
        sales.c.number,
        sales.c.day,
        sales.c.account_id,
        sales.c.revision,
        sales.c.gross,
        sales.c.due,
        sales.c.facts,
        spends.c.amount,
        *_ENTRY,
    )
    .select_from(
        sales.join(entries, entries.c.id == sales.c.id)
        .outerjoin(merges, merges.c.account_id == sales.c.account_id)
        .outerjoin(
            spends,
            and_(
                spends.c.account_id == func.coalesce(merges.c.into_id, sales.c.account_id),
                spends.c.day == sales.c.day,
                spends.c.entry_id == sales.c.id,
            ),
        )
    )
    .order_by(sales.c.id)
)
# Whose a sale is in the end: a card may have been added to it late.
_holder = func.coalesce(sales.c.account_id, deeds.c.account_id)
_REFUNDS = (
    select(
        refunds.c.id,
        refunds.c.register,
        refunds.c.number,
        refunds.c.sale_id,
        refunds.c.day,
        refunds.c.facts,
        spends.c.amount,
        _holder,
        sales.c.facts,
        deeds.c.facts,
        sales.c.revision,
        sales.c.register,
        sales.c.number,
        *_ENTRY,
        entries.c.corrects,
    )
    .select_from(
        refunds.join(entries, entries.c.id == refunds.c.id)
        .join(sales, sales.c.id == refunds.c.sale_id)
        .outerjoin(deeds, deeds.c.sale_id == sales.c.id)
        .outerjoin(merges, merges.c.account_id == _holder)
        .outerjoin(
            spends,
            and_(
                spends.c.account_id == func.coalesce(merges.c.into_id, _holder),
                spends.c.day == sales.c.day,
                spends.c.entry_id == refunds.c.id,
            ),
        )
    )
    .order_by(refunds.c.id)
)
# Of a spend: its sale, whether by that bill itself, by a return of it, or by a card added to it late; and whose that sale is.
_by_return = refunds.alias("by_return")
_by_deed = deeds.alias("by_deed")
_bought = sales.alias("bought")
_late = deeds.alias("late")
_STRAY_SPENDS = (
    select(spends.c.account_id, spends.c.day, spends.c.entry_id)
    .select_from(
        spends.outerjoin(_by_return, _by_return.c.id == spends.c.entry_id)
        .outerjoin(_by_deed, _by_deed.c.id == spends.c.entry_id)
        .outerjoin(_bought, _bought.c.id == func.coalesce(_by_return.c.sale_id, _by_deed.c.sale_id, spends.c.entry_id))
        .outerjoin(_late, _late.c.sale_id == _bought.c.id)
        .outerjoin(merges, merges.c.account_id == func.coalesce(_bought.c.account_id, _late.c.account_id))
    )
    .where(
        or_(
            _bought.c.id.is_(literal_column("NULL")),
            func.coalesce(merges.c.into_id, _bought.c.account_id, _late.c.account_id).is_distinct_from(
                spends.c.account_id
            ),
            _bought.c.day != spends.c.day,
        )
    )
)
_HOW_MANY_SPENDS = select(func.count()).select_from(spends)
_NUMBERS = union_all(
    select(sales.c.register, sales.c.number),
    select(refunds.c.register, refunds.c.number),
).order_by(literal_column("1"), literal_column("2"))
_REGISTERS = select(registers.c.name, registers.c.last_receipt)


def check_bills(books: Books, findings: Findings) -> None:
    """Each bill can be read, and says what its columns, its entry, its spend and its offers' counters say."""
    uses = StoredUses.of_sales(books)
    for row in books.pages(_SALES):
        findings.count("sales")
        _check_sale(findings, uses, *row)
    uses, whose = StoredUses.of_refunds(books), whose_now(books)
    for row in books.pages(_REFUNDS):
        findings.count("refunds")
        _check_refund(findings, uses, whose, *row)


def _check_sale(
    findings: Findings,
    uses: StoredUses,
    sale_id: str,
    register: str,
    number: int,
    day: str,
    account: str | None,
    revision: int,
    gross: int,
    due: int,
    facts: str,
    spend: int | None,
    *entry: Any,
) -> None:
    place = _place(register, number)
    try:
        sale = read_sale(facts)
    except UNREADABLE as error:
        _unreadable(findings, place, error)
        return
    said = (sale.id, sale.register, sale.number, sale.day.isoformat(), sale.account, sale.revision)
    stored = (sale_id, register, number, day, account, revision)
    for name, one, other in zip(
        ("id", "register", "number", "day", "account_id", "revision", "gross", "due"),
        (*stored, gross, due),
        (*said, sale.quote.gross, sale.quote.due),
        strict=True,
    ):
        findings.differs(place, name, one, other)
    findings.differs(place, "spend", spend or 0, sale.quote.qualifying if sale.account is not None else 0)
    uses.check_sale(findings, place, sale)
    _check_entry(findings, place, sale, entry)


def _check_refund(
    findings: Findings,
    uses: StoredUses,
    whose: Whose,
    refund_id: str,
    register: str,
    number: int,
    sale_id: str,
    day: str,
    facts: str,
    spend: int | None,
    account: str | None,
    sale_facts: str,
    late_facts: str | None,
    revision: int,
    sale_register: str,
    sale_number: int,
    *entry: Any,
) -> None:
    place = _place(register, number)
    try:
        refund = read_refund(facts)
    except UNREADABLE as error:
        _unreadable(findings, place, error)
        return
    for name, one, other in zip(
        ("id", "register", "number", "sale_id", "day", "account_id", "sale_receipt"),
        (refund_id, register, number, sale_id, day, whose(account), _place(sale_register, sale_number)),
        (
            refund.id,
            refund.register,
            refund.number,
            refund.sale,
            refund.day.isoformat(),
            whose(refund.account),
            refund.sale_receipt,
        ),
        strict=True,
    ):
        findings.differs(place, name, one, other)
    earning = sum(line.earning for line in refund.lines) if refund.account is not None else 0
    findings.differs(place, "spend", spend or 0, -earning)
    *entry_, corrects = entry
    findings.differs(place, "corrects", corrects, refund.sale)
    uses.check_refund(findings, place, refund, (sale_facts, late_facts), revision)
    _check_entry(findings, place, refund, tuple(entry_))


def _check_entry(findings: Findings, place: str, bill: Sale | Refund, entry: tuple[Any, ...]) -> None:
    said = (moment(bill.at), moment(bill.recorded_at), bill.day.isoformat(), bill.operator, bill.account)
    for name, one, other in zip(("at", "recorded_at", "day", "operator", "account_id"), entry, said, strict=True):
        findings.differs(place, name, one, other)


def check_spends(books: Books, findings: Findings) -> None:
    """Spend that counts for a tier and comes from no bill, or from one of another holder or day."""
    for (count,) in books.rows(_HOW_MANY_SPENDS):
        findings.count("spends", int(count))
    for account, day, entry_id in books.pages(_STRAY_SPENDS):
        findings.fault(
            f"spend {account} {day}",
            Message(N_("It comes from no bill of that holder and day: {entry}."), entry=entry_id),
        )


def check_receipts(books: Books, findings: Findings) -> None:
    """The receipt numbers of each register, sales and refunds in one sequence: none missing, none twice."""
    ends: dict[str, int] = {}
    for register, number in books.pages(_NUMBERS):
        findings.count("receipts")
        before = ends.get(register, 0)
        if number != before + 1:
            findings.fault(
                _place(register, number),
                Message(N_("Its number comes after {before}."), before=_place(register, before)),
            )
        ends[register] = number
    for name, last in books.rows(_REGISTERS):
        findings.differs(f"register {name}", "last_receipt", last, ends.get(name, 0))


def _place(register: str, number: int) -> str:
    return receipt_number(register, number) if isinstance(number, int) else f"{register} {number}"


def _unreadable(findings: Findings, place: str, error: Exception) -> None:
    findings.fault(place, Message(N_("Its bill cannot be read: {error}"), error=str(error)))
