"""A register on a real store, with a clock that the test owns, and short words for what a cashier does there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.storage.engine import Store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import Closed, sell
from pos_loyalty.till.register import Register

PROGRAMME = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Sofia"
cash_rounding = "0.01"

[[exclude]]
departments = ["tobacco", "deposits"]

[purse.cashback]
unit = "money"
hold = "14 days"
expires = "12 months"
spend = { minimum = "1.00", up_to = "50%", counts_as = "discount" }

[tiers]
window = "12 months"
kept_for = "12 months"
step_down = "one"

[[tier]]
id = "basic"
name = "Basic"
spend = "0.00"
discount = "5%"
cashback = "1%"

[[tier]]
id = "gold"
name = "Gold"
spend = "500.00"
discount = "10%"
cashback = "3%"

[[tier]]
id = "vip"
name = "VIP"
spend = "2000.00"
discount = "20%"
cashback = "5%"
named_only = true

[returns]
when_spent = "owe"
restored_for = "30 days"
"""

ANA = "2900000000018"
BORIS = "2900000000025"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, days: int = 0, minutes: int = 0) -> None:
        self.now += timedelta(days=days, minutes=minutes)


@dataclass
class Shop:
    """A register, its clock, and short words for what a cashier does there."""

    register: Register
    clock: Clock
    store: Store
    path: str

    def sell(self, amount: int, card: str | None = None, spend: dict[str, int] | None = None) -> Closed:
        """Close a bill of one line of that price (minor units), paid exactly in cash."""
        item = LineItem(name="Goods", unit_price=amount, sku="GOODS", department="food", vat=200_000)
        bill = Bill(self.register.new_id(), (item,), card)
        for purse, units in (spend or {}).items():
            bill = bill.with_spend(purse, units)
        return sell(self.register, bill.order("anna"))

    def store_values(self, sql: str) -> list[object]:
        """The first column of what plain SQL answers, read past the program."""
        with closing(sqlite3.connect(self.path)) as db:
            return [row[0] for row in db.execute(sql)]

    def store_value(self, sql: str) -> int:
        """One number that plain SQL answers."""
        (value,) = self.store_values(sql)
        assert isinstance(value, int)
        return value
