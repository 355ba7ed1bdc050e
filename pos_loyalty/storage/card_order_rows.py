"""Orders of cards: which numbers were sent to who makes the cards, once and for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from pos_loyalty.domain.card import CardRange
from pos_loyalty.storage.facts import moment, read_moment
from pos_loyalty.storage.statements import Transaction
from pos_loyalty.storage.tables import card_orders

_ADD = insert(card_orders)
_ORDER = select(
    card_orders.c.name,
    card_orders.c.at,
    card_orders.c.register,
    card_orders.c.operator,
    card_orders.c.prefix,
    card_orders.c.checked,
    card_orders.c.first,
    card_orders.c.count,
).where(card_orders.c.name == bindparam("name_"))


@dataclass(frozen=True, slots=True)
class CardOrder:
    """Cards that were sent in one go: `count` numbers that follow one another from `first` on, in the range `of`."""

    name: str
    at: datetime
    register: str
    operator: str
    of: CardRange
    first: str
    count: int

    @property
    def numbers(self) -> tuple[str, ...]:
        """Its numbers, as they follow one another."""
        place = self.of.place(self.first) or 0
        return tuple(self.of.number(place + n) for n in range(self.count))


class CardOrderRows(Transaction):
    """The orders of cards."""

    __slots__ = ()

    def card_order(self, name: str) -> CardOrder | None:
        """The order of that name."""
        row = self.row(_ORDER, name_=name)
        if row is None:
            return None
        name, at, register, operator, prefix, check, first, count = row
        digits = None if check == "ean" else len(first) - len(prefix) - 1
        return CardOrder(name, read_moment(at), register, operator, CardRange(prefix, check, digits), first, count)

    def add_card_order(self, order: CardOrder) -> None:
        """Remember an order. FactRefused where its name is taken."""
        self.run(
            _ADD,
            name=order.name,
            at=moment(order.at),
            register=order.register,
            operator=order.operator,
            prefix=order.of.prefix,
            checked=order.of.check,
            first=order.first,
            count=order.count,
        )
