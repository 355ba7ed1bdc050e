"""Rewards and coupons at the till: offered, taken, given back, and why not now."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock
from tills import TEA, Till, open_desk, running

from pos_loyalty.domain.coupons import new_number
from pos_loyalty.domain.money import MILLION
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.receipts import latest

OFFERS = (
    PROGRAMME
    + """
[purse.points]
unit = "points"

[purse.cups]
unit = "stamps"

[[offer]]
id = "points"
title = "A point a euro"
give = { earn = { points = 1 }, every = "1.00" }

[[offer]]
id = "cup"
title = "A stamp for every tea"
on = { skus = ["TEA"] }
give = { earn = { cups = 1 }, every = "item" }

[[offer]]
id = "mug"
title = "A mug for 2000 points"
costs = { points = 2000 }
give = { gift = "MUG" }

[[offer]]
id = "trip"
title = "A trip"
costs = { points = 100000 }
give = { discount = "100.00" }

[[offer]]
id = "free-tea"
title = "The third tea is free"
on = { skus = ["TEA"] }
costs = { cups = 2 }
give = { discount = "100%", items = 1 }
automatic = true

[[offer]]
id = "next-visit"
title = "A coupon for the next visit"
needs = { spend = "1000.00" }
give = { coupon = "half-off", valid = "30 days" }

[[offer]]
id = "half-off"
title = "Your half"
needs = { coupon = true, spend = "3.00" }
give = { discount = "50%" }
group = "card"
"""
)


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal whose programme has rewards; Ana has 4750 points and a coupon, and the counter is empty."""
    desk = open_desk(shop_url, Clock())
    activate(desk.register, OFFERS, None, "owner")
    with desk.register.store.write() as books:
        books.put_items([CatalogueItem("MUG", "Mug", "gifts", 8 * MILLION, 200_000, "pc", False)])
    desk.register.store.close()
    async with running(shop_url) as running_till:
        await running_till.scan("JACKET", ANA)
        await running_till.press("f12", "f12")
        await running_till.until(lambda: running_till.screen == "ReceiptScreen")
        running_till.clock.forward(minutes=5)
        await running_till.scan("/")
        yield running_till


def coupon(till: Till) -> str:
    """The coupon that Ana was given."""
    (given,) = latest(till.desk.register)[0].sale.quote.coupons
    assert given.number is not None
    return given.number


def taken(till: Till) -> tuple[str, ...]:
    """The rewards that were asked for."""
    return till.app.screen.counter.bill.take  # type: ignore[attr-defined,no-any-return]


async def test_a_reward_is_taken_twice_and_given_back_once(till: Till) -> None:
    """F10 lists what the holder can take and how often; Enter takes one more, Del gives one back; the bill has what is left."""
    await till.scan(TEA, ANA)
    await till.press("f10")
    till.see(
        "Rewards and coupons", "A mug for 2000 points", "2,000 points", "Enter takes it.", "Points: to spend", "4,750"
    )
    await till.press("enter")
    assert till.bar == "✓ Taken: A mug for 2000 points"
    till.see("✓ 1", "2,750", "It is on the bill; Del takes it off again.")
    await till.press("enter")
    till.see("✓ 2", "750")
    await till.press("enter")
    assert till.bar.startswith("✖ A mug for 2000 points costs 6,000")
    assert taken(till) == ("mug", "mug")
    await till.press("delete")
    till.see("✓ 1", "2,750")
    await till.press("escape")
    assert till.screen == "SaleScreen"
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    (gift,) = latest(till.desk.register)[0].sale.quote.gifts
    assert (gift.sku, gift.quantity) == ("MUG", 1)


async def test_what_cannot_be_taken_says_what_is_missing(till: Till) -> None:
    """The chosen line says what the purse lacks; Enter on it refuses, Del has nothing to give back."""
    await till.scan(TEA, ANA)
    await till.press("f10", "down")
    till.see("95,250 points more for A trip")
    await till.press("enter")
    assert till.bar.startswith("✖ A trip costs 100,000")
    await till.press("delete")
    assert till.bar == "✖ It was not taken."


async def test_an_automatic_reward_is_shown_as_taken(till: Till) -> None:
    """It needs no key: once the stamps are there it is on the bill, and neither Enter nor Del changes that."""
    await till.scan(TEA, TEA, ANA)
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    await till.scan(TEA, ANA)
    assert till.due == "0.00"
    await till.press("f10", "down", "down")
    till.see("The third tea is free", "✓ 1", "It is taken by itself")
    await till.press("delete")
    assert till.bar == "✖ It is taken by itself: the programme says so."
    await till.press("enter")
    assert till.bar.startswith("· It is taken by itself")


async def test_goods_that_go_take_only_what_hangs_on_them(till: Till) -> None:
    """A reward that the rest of the bill no longer carries is given up and why is said; what it still carries stays."""
    number = coupon(till)
    await till.scan(TEA, "JACKET", ANA, number)
    await till.press("f10", "enter", "escape")
    assert till.due == "2,501.75"
    await till.press("down", "delete")
    assert taken(till) == ("mug",)
    assert till.due == "1.75"
    await till.scan("CIGS")
    await till.press("up", "up", "delete")
    assert taken(till) == ()
    assert till.bar.startswith("! A mug for 2000 points cannot be taken on this bill")
    assert till.due == "6.10"


async def test_rewards_need_a_card_and_goods(till: Till) -> None:
    """Without a card and without goods F10 says what to scan."""
    await till.press("f10")
    assert till.bar == "✖ Rewards and coupons are a card holder's: scan the card first."
    await till.scan(ANA)
    await till.press("f10")
    assert till.bar == "✖ Rewards are taken with something bought: scan goods first."


async def test_a_coupon_is_scanned_and_counts(till: Till) -> None:
    """It says what it gives; scanned again it stays, and the list takes it off."""
    number = coupon(till)
    await till.scan("JACKET", ANA, number.lower())
    assert till.bar.startswith(f"✓ The coupon {number} counts: Your half")
    assert till.due == "2,500.00"
    await till.scan(number)
    assert till.bar == f"· The coupon {number} is on the bill already; F10 takes it off."
    await till.press("f10", "pagedown", "delete")
    assert till.bar == "✓ Taken off: Your half"
    await till.press("enter")
    assert till.bar.startswith(f"✓ The coupon {number} counts")
    await till.press("delete", "escape")
    assert till.due == "4,000.00"


async def test_a_coupon_waits_for_its_holders_card(till: Till) -> None:
    """Scanned first it says whose it must be, and counts as soon as the card comes; a bill without a card is closed without it."""
    number = coupon(till)
    await till.scan(number)
    till.see("A coupon waits for its card")
    await till.press("escape")
    till.see_not("A coupon waits for its card")
    await till.scan(TEA, number)
    assert till.bar == f"! The coupon {number} is personal, so it waits: scan its holder's card, and it counts."
    assert till.due == "3.50"
    await till.press("f12")
    till.see("! A coupon waits for its holder's")
    await till.press("escape")
    await till.scan(ANA)
    assert till.due == "1.75"
    await till.press("slash")
    await till.scan(number)
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    assert latest(till.desk.register)[0].sale.quote.coupons_used == ()


async def test_a_coupon_of_somebody_else_is_refused_before_and_after_the_goods(till: Till) -> None:
    """Another holder cannot use it, and neither can one that waited for the wrong card; why is said."""
    number = coupon(till)
    await till.scan(BORIS, number)
    assert till.bar == f"✖ The coupon {number} is of another card holder: take it off the bill."
    await till.scan(TEA, number)
    assert till.bar == f"✖ The coupon {number} is of another card holder: take it off the bill."
    await till.press("slash")
    await till.scan(number, BORIS)
    assert till.bar == f"! The coupon {number} is of another card holder: take it off the bill."
    assert till.due == "3.32"


async def test_a_coupon_that_opens_nothing_yet_says_what_is_missing(till: Till) -> None:
    """It stays on the bill, unused, and counts once its needs are met."""
    number = coupon(till)
    await till.type("2.00")
    await till.press("enter")
    await till.scan(ANA, number)
    assert till.bar.startswith(f"! The coupon {number} stays unused: 1.00 more for Your half")
    await till.scan(TEA)
    assert till.due == "2.75"


async def test_a_coupon_that_is_not_known_says_so(till: Till) -> None:
    """One that was never given out, and one with a wrong digit."""
    await till.scan(new_number(lambda _: 5))
    assert till.bar.startswith("✖ There is no coupon")
    number = coupon(till)
    await till.scan(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert "wrong check digit" in till.bar


async def test_a_coupon_scanned_while_paying_counts(till: Till) -> None:
    """It goes back to the bill, which is shown anew before any money is taken."""
    await till.scan(TEA, ANA)
    await till.press("f12")
    await till.scan(coupon(till))
    assert till.screen == "SaleScreen"
    assert till.due == "1.75"
