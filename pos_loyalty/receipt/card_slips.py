"""A card on receipt paper, for whoever wants none of plastic: the programme, whose it is, and its number to be scanned."""

from __future__ import annotations

from collections.abc import Iterator

from pos_loyalty.domain.card import grouped
from pos_loyalty.domain.member import short_name
from pos_loyalty.language import Language
from pos_loyalty.receipt.card_face import PrintedCard
from pos_loyalty.receipt.parts import head
from pos_loyalty.receipt.rows import Barcode, Gap, Receipt, Row, Rule, Shop, Text


def card_slip(card: PrintedCard, shop: Shop, language: Language) -> Receipt:
    """The slip of a card, in the shop's language; the holder by their short name, since paper is left lying about."""
    return Receipt(tuple(_rows(card, shop, language)), language.rtl)


def _rows(card: PrintedCard, shop: Shop, language: Language) -> Iterator[Row]:
    yield from head(shop, language, copy=False)
    yield Text(language.text("YOUR CARD"), align="center", emphasis=True, large=True)
    if card.programme != shop.name:
        yield Text(card.programme, align="center")
    if card.tier:
        yield Text(language.text("Tier"), card.tier)
    if card.holder:
        yield Text(language.text("Card holder"), short_name(card.holder))
    yield Text(language.text("Card"), grouped(card.number))
    yield Gap()
    yield Barcode(card.number)
    yield Gap()
    yield Text(language.text("Show it each time before you pay."), align="center")
    yield Rule()
