"""What is copied from bills beside money, against the bills: goods bought and kept, friends thanked for, clubs joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import literal_column, or_, select

from pos_loyalty.domain.deed import with_late_card
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.purchases import given_back
from pos_loyalty.domain.sale import Refund, Sale
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.facts import UNREADABLE, read_joined, read_late_card, read_refund, read_sale
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.history_rows import purchase_rows, referral_rows, written_term
from pos_loyalty.storage.tables import deeds, entries, memberships, purchases, referrals, refunds, sales
from pos_loyalty.storage.verify_merges import Whose, whose_now

_late = deeds.alias("late")
_SALES = (
    select(sales.c.id, sales.c.facts, _late.c.facts)
    .select_from(sales.outerjoin(_late, _late.c.sale_id == sales.c.id))
    .where(or_(sales.c.account_id.is_not(literal_column("NULL")), _late.c.id.is_not(literal_column("NULL"))))
    .order_by(sales.c.id)
)
_REFUNDS = select(refunds.c.sale_id, refunds.c.facts).order_by(refunds.c.sale_id, refunds.c.id)
_PURCHASES = select(
    purchases.c.entry_id,
    purchases.c.account_id,
    purchases.c.department,
    purchases.c.day,
    purchases.c.sku,
    purchases.c.kept,
).order_by(purchases.c.entry_id)
_MEMBERSHIPS = select(
    memberships.c.entry_id,
    memberships.c.account_id,
    memberships.c.club,
    memberships.c.joined_by,
    memberships.c.day,
    memberships.c.term,
    memberships.c.ended_by,
).order_by(memberships.c.entry_id)
_REFERRALS = select(
    referrals.c.entry_id, referrals.c.referrer, referrals.c.offer, referrals.c.account_id, referrals.c.uses
).order_by(referrals.c.entry_id)
_DEEDS = (
    select(deeds.c.id, deeds.c.account_id, deeds.c.facts, entries.c.kind, entries.c.account_id)
    .join(entries, entries.c.id == deeds.c.id)
    .order_by(deeds.c.id)
)

_REFERRAL = ("referrer", "offer", "account_id", "uses")


class _Rows:
    """Rows in the order of the entries that they follow from, handed out entry by entry; what is passed by came from none."""

    def __init__(self, what: str, rows: Iterator[tuple[Any, ...]], findings: Findings) -> None:
        self._what = what
        self._rows = rows
        self._findings = findings
        self._next = next(rows, None)

    def of(self, entry_id: str | None) -> list[str]:
        """The rows of that entry, written out (None: there is no entry more)."""
        found = []
        while self._next is not None and (entry_id is None or self._next[0] <= entry_id):
            entry, *values = self._next
            self._findings.count(f"{self._what}s")
            if entry == entry_id:
                found.append(_shown(values))
            else:
                self._findings.fault(
                    f"{self._what} {entry}", Message(N_("It comes from no entry: {entry}."), entry=str(entry))
                )
            self._next = next(self._rows, None)
        return sorted(found)


def check_clubs(books: Books, findings: Findings) -> None:
    """Every purchase, referral and membership, from every sale, what came back of it, and every joining by hand."""
    kept = _Rows("purchase", iter(books.pages(_PURCHASES)), findings)
    thanked = _Rows("referral", iter(books.pages(_REFERRALS)), findings)
    joined = _Rows("membership", iter(books.pages(_MEMBERSHIPS)), findings)
    returned = _Returned(iter(books.pages(_REFUNDS)))
    thanks: dict[str, list[str]] = {}
    whose = whose_now(books)
    steps = _in_order(iter(books.pages(_SALES)), iter(books.pages(_DEEDS)))
    for entry_id, facts, late, deed in steps:
        if deed is not None:
            _check_deed(findings, joined, whose, entry_id, facts, *deed)
            continue
        purchased, members = kept.of(entry_id), joined.of(entry_id)
        try:
            back = returned.of(entry_id)
            sale = _now(with_late_card(read_sale(facts), None if late is None else read_late_card(late)), whose)
        except UNREADABLE:
            continue  # the look at the bills says so
        place = sale.receipt_number
        findings.differs(place, "purchases", _listed(purchased), _listed(_purchases(sale, back)))
        findings.differs(place, "memberships", _listed(members), _listed(_memberships(sale, back)))
        for bill in (None, *back):
            rows = [_shown([row[key] for key in _REFERRAL]) for row in referral_rows(sale, bill)]
            if rows:
                thanks[entry_id if bill is None else bill.id] = rows
    kept.of(None)
    joined.of(None)
    for entry_id in sorted(thanks):
        findings.differs(f"entry {entry_id}", "referrals", _listed(thanked.of(entry_id)), _listed(thanks[entry_id]))
    thanked.of(None)


def _check_deed(
    findings: Findings,
    joined: _Rows,
    whose: Whose,
    entry_id: str,
    facts: str,
    account: str,
    kind: str,
    holder: str | None,
) -> None:
    place = f"entry {entry_id}"
    findings.differs(place, "account_id", account, holder)
    if kind != "club":
        return
    try:
        deed = read_joined(facts)
    except UNREADABLE as error:
        findings.fault(place, Message(N_("Its deed cannot be read: {error}"), error=str(error)))
        return
    findings.differs(place, "id", deed.id, entry_id)
    findings.differs(place, "account_id", deed.account, account)
    said = _shown([whose(deed.account), deed.club, "hand", deed.day.isoformat(), written_term(deed.term), None])
    findings.differs(place, "memberships", _listed(joined.of(entry_id)), said)


def _now(sale: Sale, whose: Whose) -> Sale:
    """A sale of those whose the accounts that it names are now."""
    thanked = tuple(replace(one, account=whose(one.account) or "") for one in sale.quote.referrer)
    return replace(sale, account=whose(sale.account), quote=replace(sale.quote, referrer=thanked))


def _purchases(sale: Sale, back: list[Refund]) -> list[str]:
    if sale.account is None:
        return []
    found = []
    for row in purchase_rows(sale):
        key = (str(row["department"]), str(row["sku"]))
        gone = sum(given_back(sale, refund).get(key, 0) for refund in back)
        left = int(row["kept"] or 0) - gone
        found.append(_shown([sale.account, row["department"], row["day"], row["sku"], left]))
    return sorted(found)


def _memberships(sale: Sale, back: list[Refund]) -> list[str]:
    if sale.account is None:
        return []
    found = []
    for one in sale.quote.memberships:
        ended = next((refund.id for refund in back if any(line.line == one.line for line in refund.lines)), None)
        found.append(_shown([sale.account, one.club, "fee", sale.day.isoformat(), written_term(one.lasts), ended]))
    return sorted(found)


class _Returned:
    """The refunds of each sale, in the order of the sales."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, sale_id: str) -> list[Refund]:
        """What came back of that sale; one of UNREADABLE where a bill was changed."""
        found = []
        while self._next is not None and self._next[0] <= sale_id:
            if self._next[0] == sale_id:
                found.append(self._next[1])
            self._next = next(self._rows, None)
        return [read_refund(facts) for facts in found]


def _in_order(
    sold: Iterator[tuple[Any, ...]], done: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[str, str, str | None, tuple[str, str, str | None] | None]]:
    """Sales (each with the card that was added late) and deeds, in the order of their ids."""
    sale, deed = next(sold, None), next(done, None)
    while sale is not None or deed is not None:
        if deed is None or (sale is not None and sale[0] < deed[0]):
            if sale is not None:
                yield sale[0], sale[1], sale[2], None
            sale = next(sold, None)
        else:
            yield deed[0], deed[2], None, (deed[1], deed[3], deed[4])
            deed = next(done, None)


def _shown(values: list[Any]) -> str:
    return " ".join("-" if value is None else str(value) for value in values)


def _listed(rows: list[str]) -> str:
    return ", ".join(sorted(rows))
