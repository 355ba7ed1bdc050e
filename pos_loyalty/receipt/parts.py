"""The parts that a sale's and a return's receipt have in common: head, foot, VAT, tier and purses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from rich.cells import cell_len

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.ledger import Balance
from pos_loyalty.domain.member import short_name
from pos_loyalty.domain.money import MILLION, Millionths
from pos_loyalty.domain.sale import CertificateLeft, Tender, TenderKind, TierState, VatLine
from pos_loyalty.language import Language
from pos_loyalty.receipt.rows import Barcode, Gap, Row, Rule, Shop, Table, Text

NARROWEST = 32
"""Columns of the narrowest paper that is sold, 58 mm: what is to stay on one line is no longer."""


def head(shop: Shop, language: Language, copy: bool) -> Iterator[Row]:
    """The copy mark of a reprint before anything else, then the shop."""
    if copy:
        yield Text(language.text("COPY"), align="center", emphasis=True, large=True)
    yield Text(shop.name, align="center", emphasis=True, large=True)
    for line in shop.address:
        yield Text(line, align="center")
    yield Rule()


def facts(language: Language, number: str, at: datetime, register: str, operator: str) -> Iterator[Row]:
    """Which receipt this is, of when and by whom; `at` is on the shop's own clock."""
    yield Text(language.text("Receipt"), number)
    yield Text(language.text("Date"), language.moment(at))
    yield Text(language.text("Register"), register)
    if operator:
        yield Text(language.text("Cashier"), operator)


def foot(shop: Shop, number: str, thanks: str = "") -> Iterator[Row]:
    """What the shop says at the end, its thanks first, and the receipt's number for the scanner of a return."""
    yield Gap()
    if thanks:
        yield Text(thanks, align="center")
    for line in shop.footer:
        yield Text(line, align="center")
    if shop.footer or thanks:
        yield Gap()
    if number.isascii() and number.isprintable():
        yield Barcode(number)
    else:
        yield Text(number, align="center")


def thanks_by_name(holder: str, language: Language) -> str:
    """The thanks for a purchase, by the holder's short name where that fits on a line of any paper."""
    by_name = language.text("Thank you, {holder}!", holder=short_name(holder))
    cells = len(by_name) if by_name.isascii() else cell_len(by_name)
    return by_name if cells <= NARROWEST else language.text("Thank you!")


def vat_table(lines: Sequence[VatLine], language: Language) -> Iterator[Row]:
    """Net and VAT by rate."""
    if lines:
        yield Rule()
        head_cells = (language.text("VAT rate"), language.text("Net"), language.text("VAT"))
        yield Table(
            head_cells,
            tuple((language.rate(line.rate), language.amount(line.net), language.amount(line.vat)) for line in lines),
        )


def whose(card: str | None, holder: str | None, language: Language) -> Iterator[Row]:
    """The card, masked, and its holder's short name: a receipt is left lying about."""
    yield Rule()
    if card:
        yield Text(language.text("Card"), masked(card))
    if holder:
        yield Text(language.text("Card holder"), short_name(holder))


def tier_rows(after: TierState, language: Language) -> Iterator[Row]:
    """The tier held now, and how far it is to the next."""
    yield Text(language.text("Tier"), after.name)
    if after.next:
        yield Text(language.text("To reach {tier}", tier=after.next), language.amount(after.missing), indent=2)


def balance_rows(balances: Sequence[Balance], language: Language) -> Iterator[Row]:
    """What each purse holds: what can be spent, what is still to come, what is owed, and what runs out next."""
    for balance in balances:
        name = purse_name(balance.purse)
        if language.holds_money(balance.purse):
            label = language.text("{purse}: to spend", purse=name)
        else:  # tickets, and most stamps, are nothing that pays
            label = language.text("{purse}: available", purse=name)
        yield Text(label, language.units(balance.available, balance.purse), emphasis=True)
        if balance.pending:
            yield Text(language.text("to come"), language.units(balance.pending, balance.purse), indent=2)
        if balance.owed:
            yield Text(language.text("owed"), language.units(balance.owed, balance.purse), indent=2)
        if balance.next_expiry is not None and balance.expiring:
            yield Text(
                language.text("runs out after {day}", day=balance.next_expiry),
                language.units(balance.expiring, balance.purse),
                indent=2,
            )


@lru_cache(maxsize=64)
def purse_name(purse: str) -> str:
    """A purse's id as a word: the programme names purses by id alone ("new-year" is "New year")."""
    words = purse.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def tender_rows(tenders: Sequence[Tender], states: Sequence[CertificateLeft], language: Language) -> Iterator[Row]:
    """What was paid with, or given back on, and what is left on each certificate then. Of its number only the end, since who knows
    it whole can spend it.
    """
    left = {state.number: state for state in states}
    for tender in tenders:
        yield Text(_tender_name(tender.kind, language), language.amount(tender.amount))
        if tender.number:
            yield Text(masked(tender.number), indent=2)
        if tender.number in left:
            state = left[tender.number]
            yield Text(language.text("left on it"), language.amount(state.left), indent=2)
            if state.left and state.expires is not None:
                yield Text(language.text("to spend until {last}", last=unbroken(language.day(state.expires))), indent=2)


def line_name(item: LineItem, language: Language) -> str:
    """What a line is called: goods as the shop names them, what it sells of its own in the reader's language."""
    return language.text("Gift certificate") if item.certificate else item.name or item.sku


def unbroken(text: str) -> str:
    """A date that is not torn apart at the end of a line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _tender_name(kind: TenderKind, language: Language) -> str:
    match kind:
        case "cash":
            return language.text("Cash")
        case "card":
            return language.text("Bank card")
        case "certificate":
            return language.text("Gift certificate")
        case "other":
            return language.text("Other payment")


def quantity_text(quantity: Millionths, unit: str, language: Language) -> str:
    """A quantity with its unit, which pieces go without."""
    written = language.quantity(quantity)
    return written if unit == "pc" else f"{written}\N{NO-BREAK SPACE}{unit}"


def is_one_piece(quantity: Millionths, unit: str) -> bool:
    """Whether the quantity goes without saying."""
    return quantity == MILLION and unit == "pc"
