"""Why a bill came to what it did, on screen: of the open bill, and of any receipt under the rules that priced it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from guests import RULES, make_guest
from shops import ANA
from tills import Till, running

from pos_loyalty.till.programmes import activate
from pos_loyalty.ui.widgets.rows import Page


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal at which Ana is about to come back."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock) as running_till:
        yield running_till


def page(till: Till) -> list[str]:
    """All that the page says."""
    return [f"{row.left} {row.right}".strip() for row in till.app.screen.query_one("#page", Page).rows]


async def test_the_open_bill_says_every_offer_in_order(till: Till) -> None:
    """What applied and how much; then what is missing, the nearest first; then the rest with its reason: each offer once."""
    await till.scan(ANA)
    await till.type("57.60")
    await till.press("enter")
    quote = till.app.screen.counter.quote
    await till.press("f11")
    assert till.screen == "WhyScreen"
    marks = [row for row in page(till) if row.startswith(("✓", "○"))]
    assert len(marks) == len(quote.why)
    assert marks[:4] == [
        "✓ Basic 1% cashback: 0.57 earned",
        "✓ A point a euro: 57 points earned",
        "✓ A coupon for the next visit",
        "✓ a ticket for every 50: 1 ticket earned",
    ]
    assert marks[4:6] == ["○ 2.40 more for a tote bag", "○ 80 points more for a mug"]
    assert "○ Your 10 % coupon: It needs its coupon." in marks[6:]
    assert "○ Gold morning: For Gold, from 500.00 spent on." in marks[6:]
    assert "○ Gold 3% cashback: For Gold, from 500.00 spent on." in marks[6:]
    assert any("measured: Held back from this holder" in row for row in marks[6:])
    await till.press("escape")
    assert till.screen == "SaleScreen"


async def test_f11_explains_an_old_bill_under_its_own_rules(till: Till) -> None:
    """On the receipt and on the list: the stored reasons, and the revision's number and day, whatever the rules are now."""
    later = RULES.replace('title = "A point a euro"', 'title = "No more points"').replace('"60.00"', '"90.00"')
    activate(till.desk.register, later, None, "owner")
    await till.press("f8", "f11")
    assert till.screen == "WhyScreen"
    till.see("Receipt till-1-000002", "Corner Shop Club, revision 2", "in force from 5 Jan 2026")
    till.see("✓ A point a euro: 60 points earned", "✓ a tote bag: Tote bag")
    till.see_not("No more points")
    await till.press("escape", "enter", "f11")
    till.see("Receipt till-1-000002", "✓ a tote bag: Tote bag")
    await till.press("escape")
    assert till.screen == "ReceiptScreen"


async def test_a_scan_on_the_page_counts_at_the_bill(till: Till) -> None:
    """Whoever reads the reasons when the next customer's card is scanned is back at the counter with it."""
    await till.press("f8", "f11")
    await till.scan(ANA)
    assert till.screen == "SaleScreen"
    till.see("Ana Kovač")


async def test_nothing_to_explain_is_said(shop_url: str) -> None:
    """On a register that has closed no bill F11 says so."""
    async with running(shop_url) as till:
        await till.press("f8", "f11")
        assert till.bar.startswith("✖ There is no receipt to explain yet.")
