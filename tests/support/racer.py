"""A process that spends from a card until nothing is left, beside others that do the same; prints what it spent.

Run as `racer.py STORE REGISTER CARD MOST VARIANT`: each spending is of 1 to MOST units. It says "ready" and waits for a line first,
so that all start together. The variants "early" and "blind" are for tests that must fail: both reckon before they lock and then
store what they reckoned, and "blind" has SQLite's own checks of a lot switched off, too. Prints "spent UNITS refused TIMES", the
second how often a law of the store said no.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from scenes import NOW

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.bookkeeping import lots_filled, sale_postings
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage import sqlite
from pos_loyalty.storage.engine import open_store
from pos_loyalty.storage.faults import FactRefused
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import Order, digest_of, entry_of, price, sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.register import Register

Seller = Callable[[Register, Order], object]


def main(url: str, name: str, card: str, most: str, variant: str) -> None:
    if variant == "blind":
        sqlite._SETTINGS = (*sqlite._SETTINGS, "PRAGMA ignore_check_constraints = ON")
    register = Register(name, open_store(url), lambda: NOW, lambda: uuid7(NOW))
    print("ready", flush=True)
    sys.stdin.readline()
    spent, refused = spend_all(register, card, int(most), sell if variant == "product" else sell_early)
    print("spent", spent, "refused", refused)


def spend_all(register: Register, card: str, most: int, close: Seller) -> tuple[int, int]:
    """Units spent until nothing was left, and how often a law of the store refused."""
    chance = random.Random(register.name)
    spent = refused = 0
    while most:
        wish = chance.randint(1, most)
        bill = Bill(register.new_id(), (LineItem("Coat", 100_000),), card).with_spend("cashback", wish)
        try:
            close(register, bill.order("anna"))
        except Refused as no:
            if no.code == "balance-too-low":
                most = wish - 1  # others only make it less
            elif no.code != "store-busy":
                raise
        except FactRefused:
            refused += 1
        else:
            spent += wish
        time.sleep(chance.random() / 500)  # a cashier's hands: SQLite lets whoever never pauses have everything
    return spent, refused


def sell_early(register: Register, order: Order) -> None:
    """What a sale must not do: read what is there, and lock only to write."""
    sale = price(register, order).sale
    time.sleep(0.002)
    with register.store.write() as books:
        books.lock(register.name)
        sale = replace(sale, number=books.next_receipt(register.name))
        books.add_sale(sale, order.card, None, digest_of(order))
        entry = entry_of(sale, "sale", sale.id, sale_postings(sale, {"cashback": "EUR"}))
        books.post(register.name, entry, lots_filled(sale))


if __name__ == "__main__":
    main(*sys.argv[1:])
