"""What partners owe one another, from their bills and the lots that these moved; and under whose name it was issued and lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, literal_column, or_, select, union_all

from pos_loyalty.domain.ledger import Posting
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.partners import Pair, claims_made_good, claims_of, stated_claims
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, read_refund, read_sale
from pos_loyalty.storage.findings import Findings, paired
from pos_loyalty.storage.partner_rows import shop_of
from pos_loyalty.storage.tables import lots, postings, refunds, sales

_issued = (
    select(postings.c.entry_id, postings.c.account)
    .where(postings.c.account.like(literal_column("'issued:%:%'")))
    .distinct()
    .subquery("issued")
)
_BEGINNINGS = ("purse", "issued", "breakage", "owed", "issuer", "acceptor")
_POSTINGS = (
    select(
        postings.c.entry_id,
        postings.c.n,
        postings.c.account,
        postings.c.unit,
        postings.c.amount,
        postings.c.lot,
        lots.c.entry_id,
        lots.c.parent,
        lots.c.purse,
        _issued.c.account,
    )
    .select_from(
        postings.outerjoin(lots, lots.c.id == postings.c.lot).outerjoin(
            _issued,
            and_(
                _issued.c.entry_id == lots.c.sale,
                _issued.c.account > literal_column("'issued:'") + lots.c.purse + literal_column("':'"),
                _issued.c.account < literal_column("'issued:'") + lots.c.purse + literal_column("';'"),
            ),
        )
    )
    .where(or_(*(postings.c.account.like(literal_column(f"'{begins}:%'")) for begins in _BEGINNINGS)))
    .order_by(postings.c.entry_id, postings.c.n)
)
_BILLS = union_all(
    select(sales.c.id, sales.c.facts, literal_column("'sale'")),
    select(refunds.c.id, refunds.c.facts, literal_column("'refund'")),
).order_by(literal_column("1"))
_NAMES_A_SHOP = '"shop":"'


def check_partners(books: Books, findings: Findings) -> None:
    """Each entry against its bill and its lots; nothing to look at in a store that never had partners."""
    purses = _purses(books)
    if not purses:
        return
    entries = ((entry, list(rows)) for entry, rows in groupby(books.pages(_POSTINGS), key=itemgetter(0)))
    bills = ((bill, facts, kind) for bill, facts, kind in books.pages(_BILLS))
    for found, bill in paired(entries, bills):
        if found is None:
            continue
        entry_id, rows = found
        posted = [Posting(account, unit, amount, lot=lot) for _, _, account, unit, amount, lot, *_ in rows]
        shop, purse = _sold_by(bill, purses)
        if shop is None and not any(_of_partners(posting) for posting in posted):
            continue
        findings.count("partners")
        place = f"entry {entry_id}"
        derived: dict[Pair, Minor] = {}
        if shop is not None and purse is not None:
            derived = claims_of(posted, purse, shop, dict(_issuers(entry_id, rows)))
            for posting in posted:
                if posting.account.startswith(f"issued:{purse}"):
                    findings.differs(place, "account", posting.account, f"issued:{purse}:{shop}")
        elif bill is None:
            _check_breakage(findings, place, rows)
            derived = claims_made_good(posted, dict(_issuers(entry_id, rows)))
        findings.differs(place, "issuer", _said(stated_claims(posted)), _said(derived))
        findings.differs(place, "acceptor", _said(_accepted(posted)), _said(derived))


def _purses(books: Books) -> dict[int, str]:
    """The purse that partners honour, by revision."""
    found = ((revision.number, read(revision.text).programme) for revision in books.revisions())
    return {number: rules.partners.purse for number, rules in found if rules is not None and rules.partners is not None}


def _sold_by(bill: tuple[Any, ...] | None, purses: Mapping[int, str]) -> tuple[str | None, str | None]:
    """The partner that a bill names, and the purse that its revision has partners honour."""
    if bill is None or _NAMES_A_SHOP not in bill[1]:
        return None, None
    _, facts, kind = bill
    try:
        said = read_sale(facts) if kind == "sale" else read_refund(facts)
    except UNREADABLE:
        return None, None  # the look at the bills says so
    return said.shop, purses.get(said.revision)


def _issuers(entry_id: str, rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, str | None]]:
    """Who issued each lot, without those that this entry itself was the first to fill."""
    for _, _, _, _, _, lot, filled_by, parent, purse, issued in rows:
        if lot is not None and (filled_by != entry_id or parent is not None):
            yield lot, shop_of(issued, f"issued:{purse}")


def _check_breakage(findings: Findings, place: str, rows: list[tuple[Any, ...]]) -> None:
    """What a lot lost is under the name of who had issued it."""
    for before, row in pairwise(rows):
        account, issued, purse = row[2], before[9], before[8]
        if account.startswith("breakage:") and before[5] is not None:
            shop = shop_of(issued, f"issued:{purse}")
            findings.differs(place, "account", account, f"breakage:{purse}:{shop}" if shop else f"breakage:{purse}")


def _of_partners(posting: Posting) -> bool:
    return posting.account.startswith(("issuer:", "acceptor:")) or posting.account.count(":") > 1


def _accepted(posted: list[Posting]) -> dict[Pair, Minor]:
    """What an entry says that acceptors have to receive."""
    claims: dict[Pair, Minor] = {}
    for posting in posted:
        if posting.account.startswith("acceptor:"):
            _, acceptor, issuer = posting.account.split(":")
            claims[issuer, acceptor] = claims.get((issuer, acceptor), 0) + posting.amount
    return claims


def _said(claims: Mapping[Pair, Minor]) -> str:
    return ", ".join(f"{issuer} -> {acceptor} {amount}" for (issuer, acceptor), amount in sorted(claims.items()))
