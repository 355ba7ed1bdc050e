"""One scan of goods and of a card, and one bill, before the first customer comes: nothing is stored.

What is made once a process (statements compiled, the programme read) is made here, so that no cashier waits for it.
"""

from __future__ import annotations

from pos_loyalty.till.checkout import Order, OrderLine, price
from pos_loyalty.till.goods import listed
from pos_loyalty.till.register import Register
from pos_loyalty.till.scanning import recognise
from pos_loyalty.till.showing import opened


def rehearse(register: Register) -> None:
    """Scan some goods and some card of this store, and price a bill with both. Refused where that card opens nothing, or the goods
    cannot be sold as they stand in the catalogue: a rehearsal too, and no more than that.
    """
    goods = next((item for item in listed(register, limit=100) if item.price is not None), None)
    lines: tuple[OrderLine, ...] = ()
    if goods is not None:
        recognise(register, goods.barcode or goods.sku)
        lines = (OrderLine(sku=goods.sku),)
        price(register, Order(lines))
    with register.store.read() as books:
        card = books.highest_card(register.cards.first.prefix, register.cards.first.length)
    if card is not None:
        opened(register, card)
        if lines:
            price(register, Order(lines, card=card))
