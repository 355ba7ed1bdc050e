"""A process that sells without end and says so only when each sale is durable; made to be killed.

Run as `seller.py STORE CARD`; prints the id of each acknowledged sale.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.register import Register


def main(url: str, card: str) -> None:
    now = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    register = Register(name="till-1", store=open_store(url), clock=lambda: now, new_id=lambda: uuid7(now))
    lines = tuple(LineItem(f"Goods {n}", 1_000 * n, vat=200_000) for n in (1, 2, 3))
    while True:
        closed = sell(register, Bill(register.new_id(), lines, card).order("anna"))
        print(closed.sale.id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
