"""What a sale's receipt states: every figure is one that the sale holds, so a reprint years later states the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from pos_loyalty.domain.money import Currency, Minor
from pos_loyalty.domain.sale import BY_HAND, CertificateSold, Quote, Sale, Spent
from pos_loyalty.language import Language
from pos_loyalty.receipt.earnings import earned_rows
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
    thanks_by_name,
    tier_rows,
    unbroken,
    vat_table,
    whose,
)
from pos_loyalty.receipt.rewards import conditions, coupon_rows, gift_rows, membership_row
from pos_loyalty.receipt.rows import Barcode, Receipt, Row, Rule, Shop, Text


def sale_receipt(
    sale: Sale,
    holder: str | None,
    shop: Shop,
    language: Language,
    *,
    copy: bool = False,
    local: Callable[[datetime], datetime],
) -> Receipt:
    """The receipt of a sale. `holder` is the member's name, of which the short form is shown; `local` brings a moment to the
    shop's clock; `copy` marks a reprint."""
    language = language.in_currency(Currency.of(sale.currency))
    return Receipt(tuple(_rows(sale, holder, shop, language, copy, local(sale.at))), language.rtl)


def _rows(sale: Sale, holder: str | None, shop: Shop, language: Language, copy: bool, at: datetime) -> Iterator[Row]:
    yield from head(shop, language, copy)
    yield from facts(language, sale.receipt_number, at, sale.register, sale.operator)
    yield Rule()
    opened = conditions(sale.quote, language)
    yield from _lines(sale, language)
    yield from gift_rows(sale.quote, opened, language)
    yield Rule()
    yield from _total(sale.quote, sale.currency, opened, language)
    yield from _paid(sale, language)
    yield from vat_table(sale.quote.vat, language)
    if sale.account is not None:
        yield from whose(sale.card, holder, language)
        yield from _loyalty(sale, opened, language)
    for warning in sale.warnings:
        yield Text(language.say(warning))
    for coupon in sale.quote.coupons:
        yield from coupon_rows(coupon, opened, language)
    for certificate in sale.quote.certificates:
        yield from _certificate(certificate, language)
    yield from foot(shop, sale.receipt_number, thanks_by_name(holder, language) if holder else "")


def _lines(sale: Sale, language: Language) -> Iterator[Row]:
    quote = sale.quote
    memberships = {sold.line: sold for sold in quote.memberships}
    by_hand = [discount for discount in quote.discounts if discount.offer == BY_HAND]
    for index, line in enumerate(quote.lines):
        item = line.item
        gross = language.amount(line.gross)
        if is_one_piece(item.quantity, item.unit):
            yield Text(line_name(item, language), gross)
        else:
            yield Text(line_name(item, language))
            each = f"{quantity_text(item.quantity, item.unit, language)} x {language.amount(item.unit_price)}"
            yield Text(each, gross, indent=2)
        for discount in by_hand:
            if discount.lines[index]:
                yield Text(language.say(discount.title), language.amount(-discount.lines[index]), indent=2)
        if index + 1 in memberships:
            sold = memberships[index + 1]
            yield membership_row(sold, sold.since <= sale.day, language)


def _total(quote: Quote, currency: str, opened: Mapping[str, tuple[Row, ...]], language: Language) -> Iterator[Row]:
    """From the goods to what is due. What was given by hand stands at its line and is off the subtotal already."""
    offers = [discount for discount in quote.discounts if discount.offer != BY_HAND and discount.amount]
    lowering = [spent for spent in quote.spent if spent.counts_as == "discount" and any(spent.lines)]
    paying = [spent for spent in quote.spent if spent.counts_as == "tender" and any(spent.lines)]
    if offers or lowering or paying:
        by_hand = sum(discount.amount for discount in quote.discounts if discount.offer == BY_HAND)
        yield Text(language.text("Subtotal"), language.amount(quote.gross - by_hand))
    for discount in offers:
        yield Text(language.say(discount.title), language.amount(-discount.amount))
        if discount.offer in opened:
            yield from opened[discount.offer]
    for spent in lowering:
        yield Text(_spent(spent, language), language.amount(-sum(spent.lines)))
    if paying:
        tendered = sum(sum(spent.lines) for spent in paying)
        yield Text(language.text("Price"), language.amount(quote.due + tendered), emphasis=True)
    for spent in paying:
        yield Text(_spent(spent, language), language.amount(-sum(spent.lines)))
    yield Text(
        language.text("TOTAL {currency}", currency=currency),
        language.amount(quote.due),
        emphasis=True,
        large=True,
    )


def _spent(spent: Spent, language: Language) -> str:
    """What paid; units that are no money by their number too, since the amount beside it is what they were worth."""
    purse = purse_name(spent.purse)
    if language.holds_money(spent.purse):
        return language.text("Paid from {purse}", purse=purse)
    return language.text("Paid from {purse}: {units}", purse=purse, units=language.units(spent.amount, spent.purse))


def _paid(sale: Sale, language: Language) -> Iterator[Row]:
    settlement = sale.settlement
    if settlement.rounding:
        yield Text(language.text("Rounding of cash"), language.signed(settlement.rounding))
    yield from tender_rows(settlement.tenders, sale.certificates_left, language)
    if settlement.change:
        yield Text(language.text("Change"), language.amount(settlement.change), emphasis=True)


def _loyalty(sale: Sale, opened: Mapping[str, tuple[Row, ...]], language: Language) -> Iterator[Row]:
    if sale.tier_after is not None:
        if sale.tier is not None and sale.tier.id != sale.tier_after.id:
            yield Text(language.text("From now on: {tier}!", tier=sale.tier_after.name), align="center", emphasis=True)
        yield from tier_rows(sale.tier_after, language)
    for purse, amount in _spent_units(sale.quote).items():
        yield Text(
            language.text("{purse}: spent", purse=purse_name(purse)),
            language.units(-amount, purse),
        )
    yield from earned_rows(sale.quote.earned, sale.settled, sale.day, opened, language)
    yield from balance_rows(sale.balances, language)


def _spent_units(quote: Quote) -> dict[str, Minor]:
    units: dict[str, Minor] = {}
    for spent in quote.spent:
        if spent.amount:
            units[spent.purse] = units.get(spent.purse, 0) + spent.amount
    return units


def _certificate(sold: CertificateSold, language: Language) -> Iterator[Row]:
    """A gift certificate for who bought it: its number stands here whole and nowhere else, and can be scanned."""
    yield Rule()
    yield Text(language.text("Gift certificate"), language.amount(sold.amount), emphasis=True)
    if sold.expires is not None:
        yield Text(language.text("to spend until {last}", last=unbroken(language.day(sold.expires))), indent=2)
    if sold.number is not None:
        yield Barcode(sold.number)
