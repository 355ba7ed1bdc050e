"""Goods that come back with what their offers gave: all of it is seen, and can be decided, before it is confirmed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from shops import ANA, Clock
from tills import Till, open_desk, running

from pos_loyalty.domain.certificate import certificate_line
from pos_loyalty.domain.money import MILLION
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.certificates import show
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.receipts import latest

RULES = """
[programme]
name = "Corner Shop Club"
currency = "EUR"
time_zone = "Europe/Sofia"

[purse.points]
unit = "points"
worth = "0.01"

[purse.stars]
unit = "stamps"

[gift_certificate]
expires = "24 months"

[[club]]
id = "friends"
title = "Friends of the shop"
join = { fee = "20.00" }
lasts = "12 months"

[[offer]]
id = "points"
title = "A point a euro"
give = { earn = { points = 1 }, every = "1.00" }

[[offer]]
id = "star"
title = "Ten stars a visit"
give = { earn = { stars = 10 } }

[[offer]]
id = "mug"
title = "A mug for four stars"
costs = { stars = 4 }
give = { gift = "MUG" }

[[offer]]
id = "tote"
title = "A tote bag with 60 euros"
needs = { spend = "60.00" }
give = { gift = "TOTE" }

[[offer]]
id = "next-visit"
title = "A coupon for the next visit"
needs = { spend = "60.00" }
give = { coupon = "half-off", valid = "30 days" }

[[offer]]
id = "half-off"
title = "Your half"
needs = { coupon = true }
give = { discount = "50%" }

[returns]
when_spent = "owe"
"""


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal with gifts in its catalogue; Ana has bought a jacket and has 5000 points, ten stars and a coupon."""
    desk = open_desk(shop_url, Clock())
    activate(desk.register, RULES, None, "owner")
    with desk.register.store.write() as books:
        books.put_items(
            [
                CatalogueItem("MUG", "Mug", "gifts", 8 * MILLION, 200_000, "pc", False),
                CatalogueItem("TOTE", "Tote bag", "gifts", 3 * MILLION, 200_000, "pc", False),
            ]
        )
    desk.register.store.close()
    async with running(shop_url) as running_till:
        await running_till.scan("JACKET", ANA)
        await pay(running_till)
        yield running_till


async def pay(till: Till) -> None:
    """Pay the bill exactly in cash, and read its receipt."""
    await till.press("f12", "f12")
    await till.next_customer()


async def test_a_gift_comes_back_or_is_paid_for(till: Till) -> None:
    """The tote bag and the coupon are asked back; F6 says that the bag is kept, and its 3.00 are kept from the money."""
    await till.scan("till-1-000001")
    await till.press("plus")
    assert till.amount("outcome-amount") == "5,000.00"
    number = latest(till.desk.register)[0].sale.quote.coupons[0].number
    till.see("↩ Tote bag: comes back", f"coupon {number}", "void", "Points: taken back", "-5,000", "A point a euro")
    await till.press("f6")
    till.see("! Tote bag: is kept", "-3.00")
    assert till.amount("outcome-amount") == "4,997.00"
    await till.press("f6")
    till.see("↩ Tote bag: comes back")
    await till.press("f6", "f8")
    till.see("What the return comes to", "Give back, EUR", "4,997.00", "! Tote bag: is kept", "Stars: to spend")
    await till.press("f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    back = latest(till.desk.register)[0].refund
    assert back is not None
    assert [(one.offer, one.kept, one.withheld) for one in back.asked_back] == [
        ("tote", True, 300),
        ("next-visit", False, 0),
    ]


async def test_of_several_gifts_each_is_asked(till: Till) -> None:
    """F6 lists them; Enter changes one, Escape goes back to the return, which shows what is withheld."""
    await till.scan("JACKET", ANA)
    await till.press("f10", "enter", "escape")
    await pay(till)
    await till.scan("till-1-000002")
    await till.press("f6")
    till.see("Gifts that are asked back", "Mug", "Tote bag", "↩ comes back")
    await till.press("enter", "down", "enter", "enter", "escape")
    assert till.amount("outcome-amount") == "4,992.00"
    till.see("! Mug: is kept", "-8.00", "↩ Tote bag: comes back", "Stars: given back", "+4")


async def test_no_gift_is_asked_back(till: Till) -> None:
    """F6 says so; without any line chosen F8 and F12 say what to do."""
    await till.scan("CIGS", ANA)
    await pay(till)
    await till.scan("CIGS", "HAM")
    await till.press("escape")
    await till.scan("till-1-000002")
    await till.press("minus", "f8")
    assert till.bar.startswith("✖ Nothing was chosen that comes back")
    await till.press("f12")
    assert till.bar.startswith("✖ Nothing was chosen that comes back")
    await till.press("plus", "f6")
    assert till.bar == "✖ No gift is asked back for what comes back now."


async def test_a_coupon_that_the_bill_used_can_be_used_again(till: Till) -> None:
    """It is named beside the money when the whole bill comes back."""
    number = latest(till.desk.register)[0].sale.quote.coupons[0].number or ""
    await till.type("10.00")
    await till.press("enter")
    await till.scan(ANA, number)
    assert till.due == "5.00"
    await pay(till)
    await till.scan("till-1-000002")
    await till.press("plus")
    till.see(f"coupon {number}", "usable again")


async def test_money_goes_back_to_the_certificate_that_paid(till: Till) -> None:
    """What it has then stands below; what points paid goes back to the purse."""
    register = till.desk.register
    sold = sell(register, Bill(register.new_id(), (certificate_line(5_000),)).order("anna")).sale
    number = sold.quote.certificates[0].number or ""
    await till.type("60.00")
    await till.press("enter")
    await till.scan(ANA, number)
    await till.press("f12")
    await till.type("500", end="f4")
    till.see("spent on it", "-500 = -5.00", "5,000 = 50.00")
    await till.press("f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    await till.scan("till-1-000003")
    await till.press("plus", "f8")
    till.see("as a gift certificate", f"*{number[-4:]}", "50.00 left on it", "in cash", "Points: given back", "+500")
    await till.press("f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    assert show(register, number).left == 5_000


async def test_a_certificate_and_a_membership_come_back(till: Till) -> None:
    """The one is void and the other ends, which is seen before."""
    await till.scan(ANA)
    await till.type("cert")
    await till.press("enter")
    await till.type("25")
    await till.type("friends")
    await till.press("enter")
    await pay(till)
    await till.scan("till-1-000002")
    await till.press("f4")
    number = latest(till.desk.register)[0].sale.quote.certificates[0].number or ""
    till.see(f"Certificate *{number[-4:]}", "void", "Membership: Friends of the", "ends")
    assert till.amount("outcome-amount") == "45.00"


async def test_what_is_spent_already_can_be_forgiven_or_withheld(till: Till) -> None:
    """F5 goes through the ways, and each shows what it comes to."""
    await till.scan("JACKET", ANA)
    await till.press("f12", "f4", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    await till.scan("till-1-000001")
    await till.press("plus")
    till.see("! Points: owed now", "50")
    await till.press("f5", "f5")
    till.see("! kept for what is spent", "50.00", "kept from the money")
    assert till.amount("outcome-amount") == "4,950.00"
    await till.press("f5")
    till.see("Points: forgiven", "F5 what was earned and is spent:")
    assert till.amount("outcome-amount") == "5,000.00"
