"""The lines of a bill while it is priced: what each was, what came off it, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import lcm

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.money import MILLION, Millionths, Minor
from pos_loyalty.domain.programme.offers import Goods
from pos_loyalty.domain.programme.rules import Programme


@dataclass(slots=True)
class Counter:
    """What lies on the counter. `left` falls as discounts and purses take from it; `excluded` lines are only paid for.

    `scale` is a number that every line's items divide, so that the price of an item, in parts of a minor unit, is whole: whole
    numbers compare and add up many times quicker than fractions do.
    """

    items: tuple[LineItem, ...]
    excluded: list[bool]
    gross: list[Minor]
    left: list[Minor]
    pieces: list[int] = field(init=False)
    scale: int = field(init=False)
    _covered: dict[Goods | None, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.pieces = [pieces_of(item) for item in self.items]
        self.scale = lcm(*self.pieces)

    @classmethod
    def of(cls, items: tuple[LineItem, ...], programme: Programme) -> Counter:
        """The lines of a bill before anything comes off."""
        gross = [item.gross for item in items]
        excluded = [
            not item.is_goods or programme.is_excluded(item.department, item.sku, item.reduced) for item in items
        ]
        return cls(items, excluded, gross, list(gross))

    def covered(self, goods: Goods | None) -> list[int]:
        """The lines that an offer is on, by index: those not excluded that its goods cover. Not to be changed: it is kept."""
        lines = self._covered.get(goods)
        if lines is None:
            lines = self._covered[goods] = [
                i
                for i, item in enumerate(self.items)
                if not self.excluded[i] and (goods is None or goods.covers(item.department, item.sku, item.reduced))
            ]
        return lines

    def room(self, index: int, cap: Millionths) -> Minor:
        """How much more may come off a line under the maximum discount, a rate of its gross, rounded down."""
        gross = self.gross[index]
        return max(gross * cap // MILLION - (gross - self.left[index]), 0)

    def price(self, index: int) -> int:
        """What an item of a line costs now, what is left of the line over its items: in minor units times `scale`."""
        return self.left[index] * (self.scale // self.pieces[index])

    def gross_price(self, index: int) -> int:
        """What an item of a line cost before anything came off: in minor units times `scale`."""
        return self.gross[index] * (self.scale // self.pieces[index])

    def take(self, parts: tuple[Minor, ...]) -> None:
        """Take these amounts off the lines."""
        for index, part in enumerate(parts):
            self.left[index] -= part


def pieces_of(item: LineItem) -> int:
    """How many items a line is: whole pieces are counted; what is weighed or measured is one."""
    whole, rest = divmod(item.quantity, MILLION)
    return whole if item.unit == "pc" and not rest else 1
