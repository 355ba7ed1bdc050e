"""Goods found by the beginning of any word of their name, by SKU or barcode; gift certificates and memberships among them."""

from __future__ import annotations

from typing import TypeAlias

from pos_loyalty.domain.certificate import NAME as CERTIFICATE
from pos_loyalty.domain.message import N_, Refused
from pos_loyalty.domain.programme.rules import Club, GiftCertificates
from pos_loyalty.storage.folding import fold
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.till.goods import find, goods_line
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.screens.listing import MOVES, TAKE
from pos_loyalty.ui.screens.searching import Searching
from pos_loyalty.ui.widgets.table import Column

MOST_FOUND = 50


ForSale: TypeAlias = CatalogueItem | GiftCertificates | Club


class FindGoodsScreen(Searching[ForSale]):
    """Answers with the goods, the terms of gift certificates, or the club whose membership is sold."""

    NAME = N_("Find goods")
    HINT = N_("The beginning of any word of the name")
    EMPTY = N_("Nothing is called so: try fewer letters.")
    KEYS = (HELP, Command("enter", "", TAKE.label, N_("Ring up the chosen goods.")), BACK)
    BINDINGS = bindings(*KEYS, *MOVES)

    def columns(self) -> tuple[Column, ...]:
        """Name, department, code, price."""
        text = self.text
        return (
            Column(text("Goods"), grows=True),
            Column(text("Department")),
            Column(text("SKU")),
            Column(text("Price"), end=True),
        )

    def at_first(self) -> list[tuple[str, ...]]:
        """What is sold and is no goods."""
        return self._show(self._specials())

    def search(self, words: str) -> list[tuple[str, ...]]:
        """What has these words: what is no goods first, since there is little of it."""
        typed = fold(words).split()
        named = [
            one for one in self._specials() if typed and all(_begins(fold(self._called(one)), word) for word in typed)
        ]
        return self._show([*named, *find(self.desk.register, words, MOST_FOUND)])

    def _specials(self) -> list[ForSale]:
        """Gift certificates, and each club whose membership is sold for a fee."""
        programme = self.desk.programme
        certificates = [programme.certificates] if programme.certificates is not None else []
        return [*certificates, *(club for club in programme.clubs if club.fee is not None)]

    def _show(self, found: list[ForSale]) -> list[tuple[str, ...]]:
        self._found = found
        return [self._row(one) for one in found]

    def _row(self, one: ForSale) -> tuple[str, ...]:
        match one:
            case CatalogueItem():
                return (one.name, one.department, one.sku, self._price(one))
            case GiftCertificates():
                return (self._called(one), "", "", self.text("asked"))
            case _:
                return (self._called(one), "", "", self.desk.money(one.fee or 0))

    def _called(self, one: ForSale) -> str:
        match one:
            case CatalogueItem():
                return one.name
            case GiftCertificates():
                return self.text(CERTIFICATE)
            case _:
                return self.text("Membership: {club}", club=one.title)

    def _price(self, item: CatalogueItem) -> str:
        try:
            return self.desk.money(goods_line(item, self.desk.programme.currency, 1).unit_price)
        except Refused:
            return self.text("asked")

    def action_take(self) -> None:
        """These."""
        if self.table.rows:
            self.dismiss(self._found[self.table.cursor])


def _begins(name: str, word: str) -> bool:
    """Whether any word of a name begins so."""
    return any(part.startswith(word) for part in name.split())
