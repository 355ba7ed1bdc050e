"""Goods found by the beginning of any word of their name, by SKU or barcode."""

from __future__ import annotations

from pos_loyalty.domain.message import N_, Refused
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.till.goods import find, goods_line
from pos_loyalty.ui.commands import BACK, HELP, Command, bindings
from pos_loyalty.ui.screens.listing import MOVES, TAKE
from pos_loyalty.ui.screens.searching import Searching
from pos_loyalty.ui.widgets.table import Column

MOST_FOUND = 50


class FindGoodsScreen(Searching[CatalogueItem]):
    """Answers with the goods."""

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

    def search(self, words: str) -> list[tuple[str, ...]]:
        """Goods with these words."""
        self._found = find(self.desk.register, words, MOST_FOUND)
        return [(item.name, item.department, item.sku, self._price(item)) for item in self._found]

    def _price(self, item: CatalogueItem) -> str:
        try:
            return self.desk.money(goods_line(item, self.desk.programme.currency, 1).unit_price)
        except Refused:
            return self.text("asked")

    def action_take(self) -> None:
        """These."""
        if self.table.rows:
            self.dismiss(self._found[self.table.cursor])
