"""What holders bought and kept, by department and SKU: what an offer for those who bought something asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from pos_loyalty.domain.money import Millionths
from pos_loyalty.domain.sale import Refund, Sale

Purchases: TypeAlias = dict[tuple[str, str], Millionths]
"""So many millionths of the unit, by department and SKU."""


def bought(sale: Sale) -> Purchases:
    """The goods of a sale: neither certificates, memberships nor deposits given back are bought."""
    return _summed(sale, ((n, line.item.quantity) for n, line in enumerate(sale.quote.lines, 1)))


def given_back(sale: Sale, refund: Refund) -> Purchases:
    """Those of them that came back in a return."""
    return _summed(sale, ((line.line, line.quantity) for line in refund.lines))


def _summed(sale: Sale, quantities: Iterable[tuple[int, Millionths]]) -> Purchases:
    sums: Purchases = {}
    for number, quantity in quantities:
        item = sale.quote.lines[number - 1].item
        if item.is_goods and item.unit_price >= 0 and (item.department or item.sku):
            key = (item.department, item.sku)
            sums[key] = sums.get(key, 0) + quantity
    return sums
