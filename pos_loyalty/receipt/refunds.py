"""What a return's receipt states: which goods came back of which sale, and where the money and the purses went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.sale import Refund, Sale
from pos_loyalty.language import Language
from pos_loyalty.receipt.parts import (
    balance_rows,
    facts,
    foot,
    head,
    is_one_piece,
    line_name,
    purse_name,
    quantity_text,
    tender_rows,
    tier_rows,
    vat_table,
    whose,
)
from pos_loyalty.receipt.rows import Receipt, Row, Rule, Shop, Text


def refund_receipt(
    refund: Refund,
    sale: Sale,
    holder: str | None,
    shop: Shop,
    language: Language,
    *,
    copy: bool = False,
    local: Callable[[datetime], datetime],
) -> Receipt:
    """The receipt of a return of `sale`. `holder` is the member's name, of which the short form is shown; `local` brings a moment
    to the shop's clock; `copy` marks a reprint."""
    language = language.in_currency(Currency.of(refund.currency))
    return Receipt(tuple(_rows(refund, sale, holder, shop, language, copy, local(refund.at))), language.rtl)


def _rows(
    refund: Refund, sale: Sale, holder: str | None, shop: Shop, language: Language, copy: bool, at: datetime
) -> Iterator[Row]:
    yield from head(shop, language, copy)
    yield Text(language.text("RETURN"), align="center", emphasis=True, large=True)
    yield from facts(language, refund.receipt_number, at, refund.register, refund.operator)
    yield Text(language.text("Return of receipt"), refund.sale_receipt)
    yield Rule()
    yield from _lines(refund, sale, language)
    yield Rule()
    yield from _money(refund, language)
    yield from vat_table(refund.vat, language)
    if refund.account is not None:
        yield from whose(refund.card, holder, language)
        if refund.tier_after is not None:
            yield from tier_rows(refund.tier_after, language)
        yield from _purses(refund, language)
        yield from balance_rows(refund.balances, language)
    yield from foot(shop, refund.receipt_number)


def _lines(refund: Refund, sale: Sale, language: Language) -> Iterator[Row]:
    for back in refund.lines:
        item = sale.quote.lines[back.line - 1].item
        paid = language.amount(back.paid)
        if is_one_piece(item.quantity, item.unit):
            yield Text(line_name(item, language), paid)
            continue
        yield Text(line_name(item, language))
        of_sold = language.text(
            "{quantity} of {sold}",
            quantity=quantity_text(back.quantity, item.unit, language),
            sold=quantity_text(item.quantity, item.unit, language),
        )
        yield Text(of_sold, paid, indent=2)


def _money(refund: Refund, language: Language) -> Iterator[Row]:
    if refund.withheld:
        yield Text(language.text("Kept for what was earned and is spent"), language.amount(-refund.withheld))
    if refund.rounding:
        yield Text(language.text("Rounding of cash"), language.signed(refund.rounding))
    yield Text(
        language.text("BACK {currency}", currency=refund.currency),
        language.amount(sum(tender.amount for tender in refund.money_back)),
        emphasis=True,
        large=True,
    )
    yield from tender_rows(refund.money_back, refund.certificates_left, language)


def _purses(refund: Refund, language: Language) -> Iterator[Row]:
    for share in refund.restored:
        back = language.signed_units(share.amount, share.purse)
        yield Text(language.text("{purse}: given back", purse=purse_name(share.purse)), back)
    for share in refund.taken_back:
        taken = language.units(-share.amount, share.purse)
        yield Text(language.text("{purse}: taken back", purse=purse_name(share.purse)), taken)
    for owed in refund.owed:
        debt = language.units(owed.amount, owed.purse)
        yield Text(language.text("{purse}: owed now", purse=purse_name(owed.purse)), debt)
    for forgiven in refund.forgiven:
        yield Text(
            language.text("{purse}: not asked back", purse=purse_name(forgiven.purse)),
            language.units(forgiven.amount, forgiven.purse),
        )
