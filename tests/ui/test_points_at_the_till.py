"""Points on every screen: whole units, asked for as points, worth what the programme says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from shops import ANA, Clock
from tills import Till, open_desk, running
from written import text_of

from pos_loyalty.till.programmes import activate

POINTS = text_of({"points": 'give = { earn = { points = 1 }, every = "2.00" }'}).replace(
    '[purse.cashback]\nunit = "money"\n', ""
)


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal under rules that know no purse of money; Ana has 2500 points, 25.00 worth."""
    desk = open_desk(shop_url, Clock())
    activate(desk.register, POINTS, None, "owner")
    desk.register.store.close()
    async with running(shop_url) as running_till:
        await running_till.scan("JACKET", ANA)
        await running_till.press("f12", "f12")
        await running_till.until(lambda: running_till.screen == "ReceiptScreen")
        await running_till.scan("JACKET", ANA)
        yield running_till


async def test_points_beside_the_basket_and_on_the_holders_page(till: Till) -> None:
    """Whole, without decimals."""
    till.see("Points", "2,500", "+2,500")
    till.see_not("25.00 ")
    await till.press("f2")
    till.see("Points: to spend", "2,500")
    till.see_not("25.00 ")


async def test_points_are_typed_as_points(till: Till) -> None:
    """500 points pay 5.00; half a point and more than there are are refused; F4 alone takes them all."""
    await till.press("f12")
    till.see("Points", "2,500", "to spend on this bill")
    await till.type("0.5", end="f4")
    assert "more decimals" in till.bar
    await till.type("2501", end="f4")
    assert "2,500" in till.bar
    await till.type("500", end="f4")
    assert till.amount("left-amount") == "4,995.00"
    await till.press("f4")
    assert till.amount("left-amount") == "4,975.00"
