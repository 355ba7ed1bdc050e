"""A bill on which a whole programme happens, and its returns, made by a register on a real store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from shops import ANA, Clock

from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import Refund, Sale, Tender
from pos_loyalty.language import Language
from pos_loyalty.receipt import Receipt, Shop, refund_receipt, sale_receipt
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.till.checkout import Order, OrderLine, sell
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.programmes import activate, current
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund

RULES = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Sofia"
cash_rounding = "0.05"

[purse.cashback]
unit = "money"
hold = "14 days"
expires = "12 months"
spend = { counts_as = "tender" }

[purse.points]
unit = "points"
worth = "0.01"
expires = "24 months"

[purse.coffee]
unit = "stamps"

[purse.new-year]
unit = "tickets"

[tiers]
window = "12 months"
kept_for = "12 months"
step_down = "one"

[[tier]]
id = "gold"
name = "Gold"
spend = "0.00"
discount = "5%"
cashback = "3%"

[[tier]]
id = "vip"
name = "VIP"
spend = "200.00"
discount = "10%"
cashback = "5%"

[[club]]
id = "friends"
title = "Friends of the shop"
join = { fee = "20.00" }
lasts = "12 months"

[[offer]]
id = "points"
title = "Ten points a euro"
give = { earn = { points = 10 }, every = "1.00" }

[[offer]]
id = "visit"
title = "Five points for dropping in"
give = { earn = { points = 5 } }

[[offer]]
id = "happy-hour"
title = "Double cashback on jackets"
on = { departments = ["clothes"] }
give = { multiply = { cashback = 2 } }

[[offer]]
id = "stamp"
title = "A stamp for every coffee"
on = { departments = ["coffee"] }
give = { earn = { coffee = 1 }, every = "item" }

[[offer]]
id = "ticket"
title = "A ticket for every 50 euros"
give = { earn = { new-year = 1 }, every = "50.00" }

[[offer]]
id = "tenth-coffee"
title = "The tenth coffee is free"
on = { departments = ["coffee"] }
costs = { coffee = 9 }
give = { discount = "100%", items = 1 }
automatic = true

[[offer]]
id = "mug"
title = "A mug for 200 points"
costs = { points = 200 }
give = { gift = "MUG" }

[[offer]]
id = "cup"
title = "A saucer for 50 points and 1 stamp"
costs = { points = 50, coffee = 1 }
give = { gift = "SAUCER" }

[[offer]]
id = "bonus"
title = "Two tickets for 30 points"
costs = { points = 30 }
give = { earn = { new-year = 2 } }

[[offer]]
id = "tote"
title = "A tote bag with 60 euros"
needs = { spend = "60.00" }
give = { gift = "TOTE" }

[[offer]]
id = "next-visit"
title = "A coupon for the next visit"
needs = { spend = "40.00" }
give = { coupon = "ten-off", valid = "30 days" }

[[offer]]
id = "ten-off"
title = "Your 10 % coupon"
needs = { coupon = true }
give = { discount = "10%" }

[gift_certificate]
expires = "24 months"

[returns]
when_spent = "withhold"
restored_for = "30 days"

[guard]
late_card = "10 minutes"
"""


def goods(name: str, price: int, quantity: int = MILLION, department: str = "food", unit: str = "pc") -> OrderLine:
    """Goods with 20 % VAT, `price` in cents."""
    return OrderLine(
        sku=name.upper(), name=name, department=department, unit_price=price, quantity=quantity, unit=unit, vat=200_000
    )


FIRST = (goods("Coffee", 320, 10 * MILLION, "coffee"), goods("Tea", 2500), OrderLine(certificate=5000))
SECOND = (
    goods("Coffee", 320, 2 * MILLION, "coffee"),
    goods("Winter jacket", 18000, department="clothes"),
    goods("Apples", 320, 1_235_000, unit="kg"),
    OrderLine(certificate=2500),
    OrderLine(club="friends"),
)


@dataclass(frozen=True)
class Rich:
    """Two bills of one holder, three weeks apart, and the register that closed them."""

    register: Register
    programme: Programme
    units: dict[str, str]
    first: Sale
    sale: Sale
    holder: str | None
    shop: Shop

    def language(self, code: str) -> Language:
        return Language(code, self.programme.currency, purses=self.units)

    def receipt(self, code: str = "en", sale: Sale | None = None) -> Receipt:
        """The receipt of the second bill, or of another one."""
        return sale_receipt(sale or self.sale, self.holder, self.shop, self.language(code), local=self.programme.local)

    def back(self, *lines: tuple[int, int], gifts_kept: tuple[str, ...] = (), of: Sale | None = None) -> Refund:
        """Take lines (number, millionths) of the second bill back; none named is all that is left."""
        order = RefundOrder((of or self.sale).id, operator="boris", lines=lines or None, gifts_kept=gifts_kept)
        return refund(self.register, order).refund

    def back_receipt(self, refund: Refund, code: str = "en", of: Sale | None = None) -> Receipt:
        return refund_receipt(
            refund, of or self.sale, self.holder, self.shop, self.language(code), local=self.programme.local
        )


def rich_bill(store: Store) -> Rich:
    """The two bills, on an empty store; chance is counted up, so that every number is the same each time."""
    clock = Clock(datetime(2026, 11, 1, 9, 15, tzinfo=UTC))
    numbers = count(424_242_424)
    register = Register(
        "till-1", store, clock, lambda: uuid7(clock.now), new_secret=lambda below: next(numbers) % below
    )
    activate(register, RULES, None, "owner")
    enrol(register, Enrolment("Ana Kovač", ANA))
    with store.write() as books:
        books.put_items(
            [
                CatalogueItem("MUG", "Mug", "gifts", 8 * MILLION, 200_000, "pc", False),
                CatalogueItem("SAUCER", "Saucer", "gifts", 3 * MILLION, 200_000, "pc", False),
                CatalogueItem("TOTE", "Tote bag", "gifts", 5 * MILLION, 200_000, "pc", False),
            ]
        )
    first = sell(register, Order(FIRST, card=ANA, operator="anna")).sale
    clock.forward(days=21)
    order = Order(
        SECOND,
        card=ANA,
        spend={"cashback": "max", "points": 150},
        tenders=(Tender("certificate", 1000, first.quote.certificates[0].number), Tender("cash", 30000)),
        operator="anna",
        coupons=tuple(coupon.number for coupon in first.quote.coupons if coupon.number),
        take=("mug", "cup", "bonus"),
    )
    closed = sell(register, order)
    rules = current(register)
    shop = Shop("Corner Shop", ("1 Main Street",), ("See you soon!",))
    return Rich(register, rules.programme, dict(rules.units), first, closed.sale, closed.holder, shop)
