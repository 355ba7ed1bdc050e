"""A process that does all that a till does, without end, and says each time what is done; made to have its power cut.

Run as `power_seller.py STORE CARD FIRST SYNCHRONOUS`: FIRST is a number that its ids count from, SYNCHRONOUS what SQLite is told
("FULL" is what the product says; anything else is for a test that must lose sales). Prints "sale ID", "refund ID", "member
ACCOUNT", and "refused CODE" before it ends.
"""

from __future__ import annotations

import sys

from scenes import register_on

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import Refused
from pos_loyalty.storage import sqlite
from pos_loyalty.storage.engine import open_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.cards import show
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund


def main(url: str, card: str, first: str, synchronous: str) -> None:
    sqlite._SETTINGS = (*sqlite._SETTINGS, f"PRAGMA synchronous = {synchronous}")
    try:
        _trade(register_on(open_store(url), first_id=int(first)), card)
    except Refused as refused:
        print("refused", refused.code, flush=True)


def _trade(register: Register, card: str) -> None:
    lines = tuple(LineItem(f"Goods {n}", 1_000 * n, department="food", vat=200_000) for n in (1, 2, 3))
    n = 0
    while True:
        n += 1
        bill = Bill(register.new_id(), lines, card)
        left = show(register, card).purses["cashback"].balance.available
        closed = sell(register, bill.with_spend("cashback", 100 if n % 3 == 0 and left >= 100 else 0).order("anna"))
        print("sale", closed.sale.id, flush=True)
        if n % 4 == 0:
            order = RefundOrder(closed.sale.id, register.new_id(), lines=((n % 3 + 1, 1_000_000),), operator="anna")
            print("refund", refund(register, order).refund.id, flush=True)
        if n % 6 == 0:
            print("member", enrol(register, Enrolment(f"Holder {first_word(n)}")).member.account, flush=True)
        if n % 10 == 0:
            register.store.idle()


def first_word(n: int) -> str:
    """A name that differs from the one before."""
    return f"{chr(65 + n % 26)}ko {n}"


if __name__ == "__main__":
    main(*sys.argv[1:])
