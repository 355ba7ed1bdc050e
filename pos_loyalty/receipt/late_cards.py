"""The slip of a card that was added to a closed bill: which bill, whose card, and what they earned; the bill's receipt stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from pos_loyalty.domain.deed import LateCard
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.sale import Sale
from pos_loyalty.language import Language
from pos_loyalty.receipt.earnings import earned_rows
from pos_loyalty.receipt.parts import foot, head, thanks_by_name, whose
from pos_loyalty.receipt.rows import Receipt, Row, Rule, Shop, Text


def late_card_slip(
    late: LateCard,
    sale: Sale,
    holder: str | None,
    shop: Shop,
    language: Language,
    *,
    local: Callable[[datetime], datetime],
) -> Receipt:
    """The slip of a card added to `sale`. `holder` is the member's name, of which the short form is shown; `local` brings a moment
    to the shop's clock.
    """
    language = language.in_currency(Currency.of(sale.currency))
    return Receipt(tuple(_rows(late, sale, holder, shop, language, local(late.at))), language.rtl)


def _rows(
    late: LateCard, sale: Sale, holder: str | None, shop: Shop, language: Language, at: datetime
) -> Iterator[Row]:
    yield from head(shop, language, copy=False)
    yield Text(language.text("CARD ADDED"), align="center", emphasis=True, large=True)
    yield Text(language.text("To receipt"), sale.receipt_number)
    yield Text(language.text("Date"), language.moment(at))
    if late.operator:
        yield Text(language.text("Cashier"), late.operator)
    yield from whose(late.card, holder, language)
    yield Rule()
    yield from earned_rows(late.earned, late.settled, late.day, {}, language)
    yield from foot(shop, sale.receipt_number, thanks_by_name(holder, language) if holder else "")
