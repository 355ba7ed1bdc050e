"""A process that spends one unit after another from a card until nothing is left; prints what it spent.

Run as `spender.py STORE REGISTER CARD`.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.register import Register


def main(url: str, name: str, card: str) -> None:
    now = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    register = Register(name=name, store=open_store(url), clock=lambda: now, new_id=lambda: uuid7(now))
    spent = 0
    item = LineItem("Tea", 1_000)
    while True:
        bill = Bill(register.new_id(), (item,), card).with_spend("cashback", 100)
        try:
            sell(register, bill.order("anna"))
        except Refused as refused:
            if refused.code == "store-busy":
                continue
            if refused.code == "balance-too-low":
                break
            raise
        spent += 100
    print(spent)


if __name__ == "__main__":
    main(*sys.argv[1:])
