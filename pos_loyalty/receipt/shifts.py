"""The X and Z reports on paper: what a shift came to, what is in its drawer, and on a Z report the head of the journal's chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.sale import TenderKind, VatLine, receipt_number
from pos_loyalty.domain.shift import NO_HEAD, ShiftReport
from pos_loyalty.language import Language
from pos_loyalty.receipt.parts import head, purse_name, vat_table
from pos_loyalty.receipt.rows import Gap, Receipt, Row, Rule, Shop, Text

_PIECE = 16
"""Characters of a hash on one line: the narrowest paper has two such pieces side by side."""
_TENDERS: dict[TenderKind, str] = {
    "cash": N_("Cash"),
    "card": N_("Card payment"),
    "other": N_("Other"),
    "certificate": N_("Gift certificates"),
}


def shift_slip(
    report: ShiftReport,
    shop: Shop,
    language: Language,
    *,
    copy: bool = False,
    local: Callable[[datetime], datetime],
) -> Receipt:
    """The report as it is printed; `copy` marks a reprint, `local` brings a moment to the shop's clock."""
    language = language.in_currency(Currency.of(report.currency))
    return Receipt(tuple(_rows(report, shop, language, copy, local)), language.rtl)


def _rows(
    report: ShiftReport, shop: Shop, language: Language, copy: bool, local: Callable[[datetime], datetime]
) -> Iterator[Row]:
    text = language.text
    yield from head(shop, language, copy)
    title = text("Z REPORT {number}", number=report.number) if report.closed else text("X REPORT")
    yield Text(title, align="center", emphasis=True, large=True)
    yield Text(text("Register"), report.register)
    yield Text(text("Shift"), str(report.number))
    yield Text(text("Opened"), language.moment(local(report.opened_at)))
    if report.opened_by:
        yield Text(text("by"), report.opened_by, indent=2)
    yield Text(text("Closed") if report.closed else text("Read"), language.moment(local(report.at)))
    if report.operator:
        yield Text(text("by"), report.operator, indent=2)
    yield from _receipts(report, language)
    yield Rule()
    yield from _turnover(report, language)
    yield from vat_table([VatLine(one.rate, one.net, one.vat) for one in report.vat], language)
    yield Rule()
    yield from _tenders(report, language)
    yield from _purses(report, language)
    yield from _sold_and_done(report, language)
    yield Rule()
    yield from _drawer(report, language)
    if report.closed:
        yield Rule()
        yield from _chain(report, language)


def _receipts(report: ShiftReport, language: Language) -> Iterator[Row]:
    if report.first_receipt is not None and report.last_receipt is not None:
        yield Text(language.text("First receipt"), receipt_number(report.register, report.first_receipt))
        yield Text(language.text("Last receipt"), receipt_number(report.register, report.last_receipt))


def _turnover(report: ShiftReport, language: Language) -> Iterator[Row]:
    text, amount = language.text, language.amount
    yield Text(text("Bills"), language.number(report.bills))
    yield Text(text("Gross"), amount(report.gross))
    for offer in report.by_offer:
        yield Text(language.say(offer.title), amount(-offer.amount), indent=2)
    if report.by_offer:
        yield Text(text("Discounts"), amount(-report.discounts))
    if report.spent:
        yield Text(text("Paid from purses"), amount(-report.spent))
    yield Text(text("Due"), amount(report.due), emphasis=True)
    yield Text(text("Returns"), language.number(report.returns))
    if report.returns:
        yield Text(text("Goods that came back"), amount(-report.returned))
    yield Text(text("Net, without VAT"), amount(report.net), emphasis=True)


def _tenders(report: ShiftReport, language: Language) -> Iterator[Row]:
    text, amount = language.text, language.amount
    for tender in report.tenders:
        yield Text(text(_TENDERS[tender.kind]), amount(tender.taken))
        if tender.given_back:
            yield Text(text("given back"), amount(-tender.given_back), indent=2)
    if not report.tenders:
        yield Text(text("Nothing was paid."))
    if report.rounding:
        yield Text(text("Cash rounding"), language.signed(report.rounding))
    if report.change:
        yield Text(text("Change given"), amount(report.change))


def _purses(report: ShiftReport, language: Language) -> Iterator[Row]:
    text = language.text
    for purse in report.purses:
        yield Rule()
        certificates = purse.purse == "certificates"  # what the books call those that ran out
        yield Text(text("Gift certificates") if certificates else purse_name(purse.purse), emphasis=True)
        for label, units in (
            (N_("Earned"), purse.earned),
            (N_("Redeemed"), -purse.redeemed),
            (N_("Expired"), -purse.expired),
            (N_("Given back"), purse.restored),
            (N_("Taken back"), -purse.taken_back),
            (N_("By hand"), purse.by_hand),
        ):
            if units:
                yield Text(text(label), language.signed(units, purse.unit), indent=2)


def _sold_and_done(report: ShiftReport, language: Language) -> Iterator[Row]:
    text, number = language.text, language.number
    rows: list[Row] = []
    if report.certificates_sold:
        count = number(report.certificates_sold)
        label = text("Gift certificates sold: {count}", count=count)
        rows.append(Text(label, language.amount(report.certificates_sold_for)))
    if report.certificates_taken:
        label = text("Gift certificates taken: {count}", count=number(report.certificates_taken))
        rows.append(Text(label, language.amount(report.certificates_taken_for)))
    if report.memberships:
        rows.append(Text(text("Memberships sold"), number(report.memberships)))
    if report.late_cards:
        rows.append(Text(text("Cards added late"), number(report.late_cards)))
    if rows:
        yield Rule()
        yield from rows


def _drawer(report: ShiftReport, language: Language) -> Iterator[Row]:
    text, amount, drawer = language.text, language.amount, report.drawer
    yield Text(text("Drawer"), emphasis=True)
    yield Text(text("Opening float"), amount(drawer.opening_float), indent=2)
    for label, moved in (
        (N_("Cash taken"), drawer.cash_in),
        (N_("Cash given back"), -drawer.cash_out),
        (N_("Paid in"), drawer.paid_in),
        (N_("Paid out"), -drawer.paid_out),
    ):
        if moved:
            yield Text(text(label), language.signed(moved), indent=2)
    yield Text(text("Expected"), amount(drawer.expected), emphasis=True, indent=2)
    if drawer.counted is not None and drawer.variance is not None:
        yield Text(text("Counted"), amount(drawer.counted), emphasis=True, indent=2)
        yield Text(text("Variance"), language.signed(drawer.variance), emphasis=True, indent=2)
    if drawer.opened:
        yield Text(text("Opened without a sale"), language.number(drawer.opened), indent=2)


def _chain(report: ShiftReport, language: Language) -> Iterator[Row]:
    """Who keeps the paper can prove later that the journal up to here is what it was."""
    if report.head == NO_HEAD:
        yield Text(language.text("The journal has no entry yet."))
        return
    yield Text(language.text("Journal up to entry"), str(report.last_entry))
    yield Gap()
    for start in range(0, len(report.head), _PIECE):
        yield Text(report.head[start : start + _PIECE], align="center")
