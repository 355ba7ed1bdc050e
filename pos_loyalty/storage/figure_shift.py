"""What a register's journal says between two of its entries: the figures of an X or Z report, from facts alone.

Sums of money and purses are sums of postings; what no posting says (discounts by offer, change, what was sold) is read from the
bills of these entries, and only these parts of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import text as sql

from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.sale import TENDER_KINDS
from pos_loyalty.domain.shift import (
    Drawer,
    DrawerMove,
    OfferSum,
    PurseSum,
    Shift,
    ShiftReport,
    TenderSum,
    VatSum,
    moved,
)
from pos_loyalty.storage.facts import read_message
from pos_loyalty.storage.figure_flow import purse_flows
from pos_loyalty.storage.statements import Transaction

# A certificate's account is its number: all of them are one here.
_SUMS = sql(
    """
    SELECT kind, account, unit, debit, sum(amount), count(*)
    FROM (
        SELECT e.kind AS kind, p.unit AS unit, p.amount AS amount, CASE WHEN p.amount > 0 THEN 1 ELSE 0 END AS debit,
            CASE WHEN p.account >= 'certificate:' AND p.account < 'certificate;' THEN 'certificate' ELSE p.account END
                AS account
        FROM entries e JOIN postings p ON p.entry_id = e.id
        WHERE e.register = :register AND e.seq >= :first AND e.seq <= :last
    ) moved
    GROUP BY kind, account, unit, debit
    """
)
_SALES = sql(
    """
    SELECT s.number, s.facts FROM entries e JOIN sales s ON s.id = e.id
    WHERE e.register = :register AND e.seq >= :first AND e.seq <= :last ORDER BY e.seq
    """
)
_REFUNDS = sql(
    """
    SELECT r.number, r.facts FROM entries e JOIN refunds r ON r.id = e.id
    WHERE e.register = :register AND e.seq >= :first AND e.seq <= :last ORDER BY e.seq
    """
)
_LATE = sql(
    """
    SELECT count(*) FROM entries e
    WHERE e.register = :register AND e.seq >= :first AND e.seq <= :last AND e.kind = 'late-card'
    """
)
_Span: TypeAlias = dict[str, str | int | None]
"""Which entries: those of a register from one number to another."""
_PURSES = ("purse", "issued", "adjusted", "owed", "breakage")
"""The roots of the accounts that say what moved in a purse."""


class _Discount(msgspec.Struct):
    offer: str
    title: dict[str, Any]
    amount: int


class _Spent(msgspec.Struct):
    lines: tuple[int, ...]


class _Vat(msgspec.Struct):
    rate: int
    net: int
    vat: int


class _Sold(msgspec.Struct):
    amount: int


class _Quote(msgspec.Struct):
    gross: int
    due: int
    discounts: tuple[_Discount, ...]
    spent: tuple[_Spent, ...]
    vat: tuple[_Vat, ...]
    certificates: tuple[_Sold, ...] = ()
    memberships: tuple[msgspec.Raw, ...] = ()


class _Tender(msgspec.Struct):
    kind: str
    amount: int


class _Settlement(msgspec.Struct):
    tenders: tuple[_Tender, ...]
    change: int


class _Sale(msgspec.Struct):
    quote: _Quote
    settlement: _Settlement


class _Line(msgspec.Struct):
    paid: int
    spent_as_tender: int


class _Refund(msgspec.Struct):
    lines: tuple[_Line, ...]
    money_back: tuple[_Tender, ...]
    vat: tuple[_Vat, ...]


_read_sale = msgspec.json.Decoder(_Sale).decode
_read_refund = msgspec.json.Decoder(_Refund).decode


@dataclass(slots=True)
class _Bills:
    """What the bills of a shift say that no posting does."""

    numbers: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    offers: dict[str, OfferSum] = field(default_factory=dict)
    vat: dict[int, VatSum] = field(default_factory=dict)

    def sale(self, sale: _Sale) -> None:
        quote = sale.quote
        taken = [tender.amount for tender in sale.settlement.tenders if tender.kind == "certificate"]
        self.counts["bills"] += 1
        self.counts["memberships"] += len(quote.memberships)
        self.counts["certificates sold"] += len(quote.certificates)
        self.counts["certificates taken"] += len(taken)
        self.sums["gross"] += quote.gross
        self.sums["due"] += quote.due
        self.sums["spent"] += sum(sum(spent.lines) for spent in quote.spent)
        self.sums["change"] += sale.settlement.change
        self.sums["certificates sold"] += sum(sold.amount for sold in quote.certificates)
        self.sums["certificates taken"] += sum(taken)
        for one in quote.discounts:
            before = self.offers[one.offer].amount if one.offer in self.offers else 0
            self.offers[one.offer] = OfferSum(one.offer, read_message(one.title), before + one.amount)
        self._tax(quote.vat, 1)

    def refund(self, refund: _Refund) -> None:
        self.counts["returns"] += 1
        self.sums["returned"] += sum(line.paid + line.spent_as_tender for line in refund.lines)
        self.sums["certificates back"] += sum(t.amount for t in refund.money_back if t.kind == "certificate")
        self._tax(refund.vat, -1)

    def _tax(self, lines: tuple[_Vat, ...], sign: int) -> None:
        for line in lines:
            before = self.vat.get(line.rate, VatSum(line.rate, 0, 0))
            self.vat[line.rate] = VatSum(line.rate, before.net + sign * line.net, before.vat + sign * line.vat)


def shift_report(
    books: Transaction,
    shift: Shift,
    moves: tuple[DrawerMove, ...],
    currency: str,
    until: tuple[int, str],
    at: datetime,
    operator: str,
    counted: Minor | None = None,
) -> ShiftReport:
    """The report of a shift up to an entry of its register's journal: `until` is that entry's number and its hash.

    It is a Z report where somebody has counted.
    """
    last, head = until
    span: _Span = {"register": shift.register, "first": shift.first_entry, "last": last}
    sums = [(*row[:4], int(row[4]), int(row[5])) for row in books.rows(_SUMS, **span)]
    bills = _read(books, span)
    side: Counter[tuple[str, bool]] = Counter()
    money: Counter[str] = Counter()
    units: dict[str, str] = {}
    for _, account, unit, debit, amount, _ in sums:
        root, _, name = account.partition(":")
        if unit == currency:
            money[root] += amount
            side[account, bool(debit)] += abs(amount)
        if root == "purse":
            units[name] = unit
    tenders = [
        TenderSum(kind, side[f"tender:{kind}", True], side[f"tender:{kind}", False])
        for kind in TENDER_KINDS
        if kind != "certificate"
    ]
    certificates = bills.sums["certificates taken"], bills.sums["certificates back"]
    tenders.append(TenderSum("certificate", *certificates))
    flows = purse_flows(
        (kind, account, debit, amount, count)
        for kind, account, _, debit, amount, count in sums
        if account.partition(":")[0] in _PURSES
    )
    purses = (
        PurseSum(
            purse, units.get(purse, currency), f.issued, f.redeemed, f.expired, f.restored, f.taken_back, f.adjusted
        )
        for purse, f in flows.items()
    )
    paid_in, paid_out, opened = moved(moves)
    cash = side["tender:cash", True], side["tender:cash", False]
    return ShiftReport(
        register=shift.register,
        number=shift.number,
        currency=currency,
        opened_at=shift.opened_at,
        opened_by=shift.opened_by,
        at=at,
        operator=operator,
        first_entry=shift.first_entry,
        last_entry=last,
        head=head,
        first_receipt=min(bills.numbers, default=None),
        last_receipt=max(bills.numbers, default=None),
        bills=bills.counts["bills"],
        returns=bills.counts["returns"],
        gross=bills.sums["gross"],
        discounts=sum(offer.amount for offer in bills.offers.values()),
        by_offer=tuple(bills.offers[offer] for offer in sorted(bills.offers)),
        spent=bills.sums["spent"],
        due=bills.sums["due"],
        returned=bills.sums["returned"],
        net=-money["sales"],
        vat=tuple(bills.vat[rate] for rate in sorted(bills.vat) if bills.vat[rate] != VatSum(rate, 0, 0)),
        tenders=tuple(tender for tender in tenders if tender.taken or tender.given_back),
        rounding=-money["rounding"],
        change=bills.sums["change"],
        purses=tuple(purse for purse in purses if purse != PurseSum(purse.purse, purse.unit, 0, 0, 0, 0, 0)),
        certificates_sold=bills.counts["certificates sold"],
        certificates_sold_for=bills.sums["certificates sold"],
        certificates_taken=bills.counts["certificates taken"],
        certificates_taken_for=bills.sums["certificates taken"],
        memberships=bills.counts["memberships"],
        late_cards=int((books.row(_LATE, **span) or (0,))[0]),
        drawer=Drawer(shift.opening_float, *cash, paid_in, paid_out, opened, counted),
        closed=counted is not None,
    )


def _read(books: Transaction, span: _Span) -> _Bills:
    found = _Bills()
    for number, facts in books.rows(_SALES, **span):
        found.numbers.append(number)
        found.sale(_read_sale(facts))
    for number, facts in books.rows(_REFUNDS, **span):
        found.numbers.append(number)
        found.refund(_read_refund(facts))
    return found
