"""What a return's receipt states: which goods came back of which sale, and where the money and the purses went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from pos_loyalty.domain.card import masked
from pos_loyalty.domain.money import Currency, Minor
from pos_loyalty.domain.sale import PurseShare, Refund, Sale
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
from pos_loyalty.receipt.rewards import gift_name
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
    yield from _asked_back(refund, sale, language)
    yield Rule()
    yield from _money(refund, sale, language)
    yield from vat_table(refund.vat, language)
    if refund.account is not None:
        yield from whose(refund.card, holder, language)
        if refund.tier_after is not None:
            yield from tier_rows(refund.tier_after, language)
        yield from _purses(refund, language)
        yield from balance_rows(refund.balances, language)
    yield from foot(shop, refund.receipt_number)


def _lines(refund: Refund, sale: Sale, language: Language) -> Iterator[Row]:
    void = {
        sold.line: sold.number
        for sold in sale.quote.certificates
        if sold.number is not None and sold.number in refund.certificates_void
    }
    for back in refund.lines:
        item = sale.quote.lines[back.line - 1].item
        paid = language.amount(back.paid)
        if is_one_piece(item.quantity, item.unit):
            yield Text(line_name(item, language), paid)
            if back.line in void:
                yield Text(language.text("void: {number}", number=masked(void[back.line])), indent=2)
            continue
        yield Text(line_name(item, language))
        of_sold = language.text(
            "{quantity} of {sold}",
            quantity=quantity_text(back.quantity, item.unit, language),
            sold=quantity_text(item.quantity, item.unit, language),
        )
        yield Text(of_sold, paid, indent=2)


def _asked_back(refund: Refund, sale: Sale, language: Language) -> Iterator[Row]:
    """What became of the gifts and coupons that the rest of the bill no longer carries, and of the coupons that it had used.

    A coupon that another bill has used is left as it is, and not a word is said of it.
    """
    gifts = _gifts(sale)
    for asked in refund.asked_back:
        if asked.gift is not None and not asked.kept:
            yield Text(language.text("Gift back: {gift}", gift=gifts[asked.offer]))
        elif asked.gift is not None and not asked.withheld:
            yield Text(language.text("Gift kept: {gift}", gift=gifts[asked.offer]))
        elif asked.coupon is not None and not asked.kept:
            yield Text(language.text("Coupon void"), asked.coupon)
    for number in refund.coupons_back:
        yield Text(language.text("Coupon usable again"), number)


def _gifts(sale: Sale) -> dict[str, str]:
    """What each offer gave along, by name."""
    return {gift.offer: gift_name(gift) for gift in sale.quote.gifts}


def _money(refund: Refund, sale: Sale, language: Language) -> Iterator[Row]:
    """What the goods came to, less what is kept of it and why, is what goes back."""
    for_gifts = sum(asked.withheld for asked in refund.asked_back)
    if refund.withheld > for_gifts:
        kept = language.amount(for_gifts - refund.withheld)
        yield Text(language.text("Kept for what was earned and is spent"), kept)
    gifts = _gifts(sale)
    for asked in refund.asked_back:
        if asked.withheld:
            kept = language.amount(-asked.withheld)
            yield Text(language.text("Kept for the gift: {gift}", gift=gifts[asked.offer]), kept)
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
    """By purse, whatever offers had given it or taken it."""
    for purse, units in _by_purse(refund.restored).items():
        back = language.signed_units(units, purse)
        yield Text(language.text("{purse}: given back", purse=purse_name(purse)), back)
    for settled in refund.settled:
        made_good = language.units(-settled.amount, settled.purse)
        yield Text(language.text("{purse}: towards what was owed", purse=purse_name(settled.purse)), made_good)
    for purse, units in _by_purse(refund.taken_back).items():
        yield Text(language.text("{purse}: taken back", purse=purse_name(purse)), language.units(-units, purse))
    for owed in refund.owed:
        debt = language.units(owed.amount, owed.purse)
        yield Text(language.text("{purse}: owed now", purse=purse_name(owed.purse)), debt)
    for forgiven in refund.forgiven:
        yield Text(
            language.text("{purse}: not asked back", purse=purse_name(forgiven.purse)),
            language.units(forgiven.amount, forgiven.purse),
        )


def _by_purse(shares: Sequence[PurseShare]) -> dict[str, Minor]:
    sums: dict[str, Minor] = {}
    for share in shares:
        sums[share.purse] = sums.get(share.purse, 0) + share.amount
    return sums
