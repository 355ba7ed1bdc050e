"""A coupon scanned at the terminal goes on the bill; where it cannot, the bar says why and the bill is as before."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from shops import ANA, Clock
from tills import TEA, Till, open_desk, running
from written import text_of

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.programmes import activate

COUPONS = text_of(
    {
        "give": 'give = { coupon = "half", valid = "30 days" }\nneeds = { spend = "100.00" }',
        "half": 'needs = { coupon = true }\ngive = { discount = "50%" }',
    }
)


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[tuple[Till, str]]:
    """A terminal where Ana has bought a coat, and the number of the coupon that came with it."""
    desk = open_desk(shop_url, Clock())
    activate(desk.register, COUPONS, None, "owner")
    sold = sell(desk.register, Bill(desk.register.new_id(), (LineItem("Coat", 10_000),), ANA).order("anna"))
    number = sold.sale.quote.coupons[0].number
    assert number is not None
    desk.register.store.close()
    async with running(shop_url) as running_till:
        yield running_till, number


async def test_a_coupon_takes_its_discount(till: tuple[Till, str]) -> None:
    """Tea of 3.50 with the card and the coupon: 1.75. With the card goes the coupon."""
    at, number = till
    await at.scan(TEA, ANA, number)
    assert at.due == "1.75"
    await at.press("slash")
    assert at.due == "3.50"


async def test_a_coupon_before_its_holders_card(till: tuple[Till, str]) -> None:
    """It is personal: the bar says to scan the card first, and the bill stays as it was."""
    at, number = till
    await at.scan(TEA, number)
    assert number in at.bar
    assert at.due == "3.50"
    await at.scan(ANA, number)
    assert at.due == "1.75"


async def test_a_number_that_no_coupon_has(till: tuple[Till, str]) -> None:
    """The bar says so."""
    at, _ = till
    await at.scan(TEA, "C0000000000")
    assert "C0000000000" in at.bar
    assert at.due == "3.50"
