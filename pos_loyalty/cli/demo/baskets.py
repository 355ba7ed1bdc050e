"""What people carry to the counter in the demo: a coffee on the way, the week's shopping, now and then something to wear."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pos_loyalty.domain.basket import ByHand
from pos_loyalty.domain.money import MILLION
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.till.checkout import OrderLine

_FOOD = ("bakery", "dairy", "fruit", "drinks", "grocery", "sweets")
_HOUSE = ("household", "cosmetics")
_SELDOM = ("books", "gifts", "clothes")


class Shelves:
    """The goods of the catalogue by department, without what is too dear to be sold by chance."""

    def __init__(self, items: Sequence[CatalogueItem]) -> None:
        self.by_department: dict[str, list[CatalogueItem]] = {}
        for item in items:
            if item.price is not None and 0 < item.price <= 300 * MILLION:
                self.by_department.setdefault(item.department, []).append(item)

    def basket(self, random: Random, devoted: bool) -> tuple[OrderLine, ...]:
        """One visit's lines; who is devoted buys more, and more often something dear."""
        lines: dict[str, OrderLine] = {}
        kind = random.random()
        if kind < (0.15 if devoted else 0.4):
            self._take(random, lines, ("coffee",), random.choice((1, 1, 2)))
            self._take(random, lines, ("bakery",), random.choice((0, 1, 1, 2)))
        else:
            self._take(random, lines, _FOOD, random.randint(3, 8) if devoted else random.randint(1, 6))
            self._take(random, lines, _HOUSE, random.choice((0, 0, 1, 2)))
        if random.random() < (0.3 if devoted else 0.07):
            self._take(random, lines, _SELDOM, 1)
        if random.random() < 0.06:
            self._take(random, lines, ("tobacco",), 1)
        if random.random() < 0.05:
            lines["DEPOSIT"] = OrderLine(sku="DEPOSIT", quantity=random.randint(1, 6) * MILLION)
        return tuple(lines.values())

    def _take(self, random: Random, lines: dict[str, OrderLine], departments: Sequence[str], count: int) -> None:
        for _ in range(count):
            item = random.choice(self.by_department[random.choice(departments)])
            lines[item.sku] = OrderLine(sku=item.sku, quantity=_quantity(random, item), by_hand=_by_hand(random, item))


def _quantity(random: Random, item: CatalogueItem) -> int:
    if item.unit == "kg":
        return random.randint(150, 2_200) * 1_000
    return random.choice((1, 1, 1, 1, 2, 3)) * MILLION


def _by_hand(random: Random, item: CatalogueItem) -> ByHand | None:
    """Bread of the evening before goes for less."""
    return ByHand(rate=300_000) if item.department == "bakery" and random.random() < 0.03 else None
