"""The catalogue: goods by SKU and barcode, and by the words of their names."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, insert, literal_column, or_, select, update

from pos_loyalty.storage.folding import fold, past
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.storage.statements import Row, Transaction
from pos_loyalty.storage.tables import catalogue

_ITEM = select(
    catalogue.c.sku,
    catalogue.c.name,
    catalogue.c.department,
    catalogue.c.price,
    catalogue.c.vat,
    catalogue.c.unit,
    catalogue.c.reduced,
    catalogue.c.barcode,
)
_BY_EITHER = _ITEM.where(or_(catalogue.c.barcode == bindparam("code"), catalogue.c.sku == bindparam("code")))
_BARCODES, _SKUS = (
    select(column)
    .where(column >= bindparam("first"), column < bindparam("end"))
    .order_by(column)
    .limit(bindparam("count_"))
    for column in (catalogue.c.barcode, catalogue.c.sku)
)
_AFTER = _ITEM.where(catalogue.c.sku > bindparam("after")).order_by(catalogue.c.sku).limit(bindparam("count_"))
_BY_NAME = (
    _ITEM.where(catalogue.c.folded >= bindparam("first"), catalogue.c.folded < bindparam("end"))
    .order_by(catalogue.c.folded, catalogue.c.sku)
    .limit(bindparam("count_"))
)
_BY_SKU_PREFIX = (
    _ITEM.where(catalogue.c.sku >= bindparam("first"), catalogue.c.sku < bindparam("end"))
    .order_by(catalogue.c.sku)
    .limit(bindparam("count_"))
)
_BY_WORD = (
    _ITEM.where((literal_column("' '") + catalogue.c.folded).like(bindparam("pattern")))
    .order_by(catalogue.c.folded, catalogue.c.sku)
    .limit(bindparam("count_"))
)
_FREE_BARCODE = (
    update(catalogue)
    .where(catalogue.c.barcode == bindparam("code"), catalogue.c.sku != bindparam("sku_"))
    .values(barcode=literal_column("NULL"))
)
_COLUMNS = ("barcode", "name", "folded", "department", "price", "vat", "unit", "reduced")
_CHANGE = (
    update(catalogue)
    .where(catalogue.c.sku == bindparam("sku_"))
    .values({column: bindparam(f"{column}_") for column in _COLUMNS})
)
_ADD = insert(catalogue).values({column: bindparam(f"{column}_") for column in ("sku", *_COLUMNS)})


class GoodsRows(Transaction):
    """What the shop sells."""

    __slots__ = ()

    def item(self, sku_or_barcode: str) -> CatalogueItem | None:
        """Goods by barcode, or else by SKU."""
        found = [_item(row) for row in self.rows(_BY_EITHER, code=sku_or_barcode)]
        return next((item for item in found if item.barcode == sku_or_barcode), found[0] if found else None)

    def codes_between(self, first: str, end: str, limit: int) -> tuple[str, ...]:
        """Barcodes and SKUs from `first` until before `end`: at most so many of each."""
        return tuple(
            str(row[0]) for query in (_BARCODES, _SKUS) for row in self.rows(query, first=first, end=end, count_=limit)
        )

    def put_items(self, items: Iterable[CatalogueItem]) -> int:
        """Add goods, or put them in place of what their SKU was; a barcode goes over to who names it last. How many."""
        count = 0
        for item in items:
            values = _item_values(item)
            if item.barcode is not None:
                self.run(_FREE_BARCODE, code=item.barcode, sku_=item.sku)
            if not self.run(_CHANGE, **values):
                self.run(_ADD, **values)
            count += 1
        return count

    def items(self, after: str = "", limit: int = 500) -> tuple[CatalogueItem, ...]:
        """The catalogue page by page, by SKU: the goods past the SKU `after`."""
        return tuple(map(_item, self.rows(_AFTER, after=after, count_=limit)))

    def find_items(self, text: str, limit: int = 20) -> tuple[CatalogueItem, ...]:
        """Goods whose barcode or SKU is this, then those whose SKU, name, or any word of it begins with it."""
        text = text.strip()
        folded = fold(text)
        found: dict[str, CatalogueItem] = {}
        if text and (exact := self.item(text)):
            found[exact.sku] = exact
        queries = (
            (_BY_SKU_PREFIX, text, {"first": text, "end": past(text)}),
            (_BY_NAME, folded, {"first": folded, "end": past(folded)}),
            (_BY_WORD, folded, {"pattern": f"% {folded}%"}),
        )
        for statement, given, values in queries:
            if given and len(found) < limit:
                for row in self.rows(statement, count_=limit, **values):
                    found.setdefault(row[0], _item(row))
        return tuple(found.values())[:limit]


def _item(row: Row) -> CatalogueItem:
    sku, name, department, price, vat, unit, reduced, barcode = row
    return CatalogueItem(sku, name, department, price, vat, unit, bool(reduced), barcode)


def _item_values(item: CatalogueItem) -> dict[str, str | int | None]:
    return {
        "sku_": item.sku,
        "barcode_": item.barcode,
        "name_": item.name,
        "folded_": fold(item.name),
        "department_": item.department,
        "price_": item.price,
        "vat_": item.vat,
        "unit_": item.unit,
        "reduced_": int(item.reduced),
    }
