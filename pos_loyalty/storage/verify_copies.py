"""What lots and balances say against what their postings say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, read_adjustment, read_refund
from pos_loyalty.storage.findings import Findings, paired
from pos_loyalty.storage.journal_rows import OWED, PURSE
from pos_loyalty.storage.tables import balances, deeds, entries, lots, postings, refunds

_none: ColumnElement[Any] = literal_column("NULL")
_nothing: ColumnElement[int] = literal_column("0")
_one: ColumnElement[int] = literal_column("1")
_is_purse = postings.c.account.like(literal_column(f"'{PURSE}%'"))
_is_owed = postings.c.account.like(literal_column(f"'{OWED}%'"))
_purse = func.substr(postings.c.account, literal_column(str(len(PURSE) + 1)))


class _UntilColon(FunctionElement[str]):
    """A text until its first colon: the purse of `owed:<purse>:<partner>`."""

    type = String()
    inherit_cache = True


@compiles(_UntilColon, "sqlite")
def _until_colon(element: _UntilColon, compiler: Any, **options: Any) -> str:
    (of,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"substr({of}, 1, instr({of} || ':', ':') - 1)"


@compiles(_UntilColon, "postgresql")
def _part_of_colon(element: _UntilColon, compiler: Any, **options: Any) -> str:
    (of,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"split_part({of}, ':', 1)"


_owed_purse = _UntilColon(func.substr(postings.c.account, literal_column(str(len(OWED) + 1))))

# Of each lot: what filled it, what it holds, what it lost by expiring, and how many postings do not belong to it.
_LOTS_DERIVED = (
    select(
        postings.c.lot,
        func.sum(
            case(
                (and_(postings.c.entry_id == lots.c.entry_id, postings.c.amount < _nothing), -postings.c.amount),
                else_=_nothing,
            )
        ),
        func.sum(-postings.c.amount),
        func.sum(
            case(
                (
                    and_(entries.c.kind == literal_column("'expiry'"), postings.c.amount > _nothing),
                    postings.c.amount,
                ),
                else_=_nothing,
            )
        ),
        func.sum(
            case(
                (and_(postings.c.holder == lots.c.account_id, _purse == lots.c.purse), _nothing),
                else_=_one,
            )
        ),
    )
    .select_from(
        postings.join(entries, entries.c.id == postings.c.entry_id).outerjoin(lots, lots.c.id == postings.c.lot)
    )
    .where(_is_purse, postings.c.lot.is_not(_none))
    .group_by(postings.c.lot)
    .order_by(postings.c.lot)
)
_LOTS_STORED = select(lots.c.id, lots.c.amount, lots.c.remaining, lots.c.expired).order_by(lots.c.id)
_LOTLESS = select(postings.c.entry_id, postings.c.n).where(
    _is_purse, or_(postings.c.lot.is_(_none), postings.c.holder.is_(_none))
)
_REFUNDS = select(refunds.c.facts)
_ADJUSTMENTS = (
    select(deeds.c.facts)
    .join(entries, entries.c.id == deeds.c.id)
    .where(entries.c.kind == literal_column("'adjustment'"))
    .order_by(deeds.c.id)
)
# What had expired and took part in a draw all the same, because the draw had closed before.
_DRAWN = (
    select(postings.c.lot, func.sum(postings.c.amount))
    .where(
        postings.c.account.like(literal_column("'breakage:%'")),
        postings.c.amount > _nothing,
        postings.c.lot.is_not(_none),
    )
    .group_by(postings.c.lot)
)

_of_purse = case((_is_purse, _purse), else_=_owed_purse)
_BALANCES_DERIVED = (
    select(
        postings.c.holder,
        _of_purse.label("purse"),
        func.sum(case((_is_purse, -postings.c.amount), else_=_nothing)),
        func.sum(case((_is_purse, _nothing), else_=postings.c.amount)),
    )
    .where(postings.c.holder.is_not(_none), or_(_is_purse, _is_owed))
    .group_by(postings.c.holder, literal_column("purse"))
    .order_by(postings.c.holder, literal_column("purse"))
)
_BALANCES_STORED = select(balances.c.account_id, balances.c.purse, balances.c.held, balances.c.owed).order_by(
    balances.c.account_id, balances.c.purse
)


def check_lots(books: Books, findings: Findings) -> None:
    """Each lot's amount, what remains of it and what it lost by expiring, from its postings and what refunds and draws excused."""
    excused = _excused(books)
    for stored, derived in paired(books.pages(_LOTS_STORED), books.pages(_LOTS_DERIVED)):
        if stored is None:
            findings.fault(f"lot {_key(derived)}", Message(N_("Postings name it, and it is not there.")))
            continue
        findings.count("lots")
        lot, amount, remaining, expired = stored
        _, filled, held, lost, foreign = derived or (lot, 0, 0, 0, 0)
        place = f"lot {lot}"
        findings.differs(place, "amount", amount, filled)
        findings.differs(place, "remaining", remaining, held)
        findings.differs(place, "expired", expired, lost - excused.get(lot, 0))
        if foreign:
            findings.fault(place, Message(N_("A posting of another holder or purse names it.")))
    for entry_id, n in books.pages(_LOTLESS):
        findings.fault(
            f"entry {entry_id}", Message(N_("Its posting {number} moves a purse and names no lot."), number=n)
        )


def _excused(books: Books) -> dict[str, int]:
    """What returns and undone gifts did not ask for because it had expired, and what of it draws used up, by lot: there are few."""
    sums = {lot: int(amount) for lot, amount in books.rows(_DRAWN)}
    for (facts,) in books.pages(_REFUNDS):
        try:
            refund = read_refund(facts)
        except UNREADABLE:
            continue  # the look at the bills says so
        for draw in refund.excused:
            sums[draw.lot] = sums.get(draw.lot, 0) + draw.amount
    for (facts,) in books.pages(_ADJUSTMENTS):
        try:
            adjustment = read_adjustment(facts)
        except UNREADABLE:
            continue  # the look at the adjustments says so
        for draw in adjustment.excused:
            sums[draw.lot] = sums.get(draw.lot, 0) + draw.amount
    return sums


def check_balances(books: Books, findings: Findings) -> None:
    """What each purse of each holder holds and is owed, from its postings."""
    for stored, derived in paired(books.pages(_BALANCES_STORED), books.pages(_BALANCES_DERIVED), width=2):
        account, purse = (stored or derived or ("", ""))[:2]
        place = f"balance {account} {purse}"
        findings.count("balances")
        held, owed = (stored or (None, None, 0, 0))[2:]
        findings.differs(place, "held", held, derived[2] if derived else 0)
        findings.differs(place, "owed", owed, derived[3] if derived else 0)


def _key(row: tuple[Any, ...] | None) -> str:
    return "" if row is None else str(row[0])
