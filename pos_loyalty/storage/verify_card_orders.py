"""Orders of cards: each number that went out is a card that is there."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from pos_loyalty.domain.message import N_, Message
from pos_loyalty.storage.books import Books
from pos_loyalty.storage.findings import Findings
from pos_loyalty.storage.tables import card_orders, cards

_NAMES = select(card_orders.c.name).order_by(card_orders.c.name)
# The length keeps numbers out that only begin alike, and the moment those of other makers that stand between.
_ISSUED = select(func.count()).where(
    cards.c.number >= bindparam("first"),
    cards.c.number <= bindparam("last"),
    func.length(cards.c.number) == func.length(bindparam("first")),
    cards.c.issued_at == select(card_orders.c.at).where(card_orders.c.name == bindparam("order_")).scalar_subquery(),
)


def check_card_orders(books: Books, findings: Findings) -> None:
    """As many cards as an order says were issued with it, between its first number and its last."""
    for (name,) in books.pages(_NAMES):
        findings.count("card orders")
        order = books.card_order(name)
        if order is None:
            continue
        place = order.of.place(order.first)
        last = None if place is None else order.of.number(place + order.count - 1)
        row = None if last is None else books.row(_ISSUED, first=order.first, last=last, order_=name)
        issued = 0 if row is None else int(row[0])
        if issued != order.count:
            findings.fault(
                f"card order {name}",
                Message(N_("It is of {count} cards, and {issued} are there."), count=order.count, issued=issued),
            )
