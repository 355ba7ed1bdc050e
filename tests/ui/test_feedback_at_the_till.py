"""What the customer says of a bill, complaints and what makes them good, driven key by key at 80 x 24."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from guests import make_guest
from shops import ANA
from tills import TEA, Till, enter_room, running

from pos_loyalty.till.feedback import feedback_on
from pos_loyalty.till.receipts import latest
from pos_loyalty.till.recognition import take_complaint
from pos_loyalty.till.showing import opened


@pytest.fixture
async def guest(shop_url: str) -> AsyncIterator[Till]:
    """A terminal at which Ana is about to come back; she has an open complaint."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock) as running_till:
        yield running_till


async def bill(till: Till, *codes: str) -> str:
    """A bill closed in cash, its receipt on the screen; its id."""
    await till.scan(*codes)
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    return latest(till.desk.register)[0].sale.id


async def test_two_keys_keep_how_content_they_are(till: Till) -> None:
    """F3 and 4; F4 and 9; without a card it is kept with the sale, and the change stays on the screen."""
    sale = await bill(till, TEA)
    await till.press("f3")
    till.see("How content are they?", "1 not at all", "5 very")
    await till.press("4")
    assert till.screen == "ReceiptScreen"
    assert till.bar == "✓ Thank you is said; it is kept: content 4 of 5."
    await till.press("f4", "9")
    assert till.bar == "✓ Thank you is said; it is kept: content 4 of 5, recommends 9 of 10."
    await till.press("f7")
    await till.type("a long queue")
    kept = feedback_on(till.desk.register, sale)
    assert kept is not None
    assert (kept.satisfaction, kept.recommendation, kept.text, kept.account) == (4, 9, "a long queue", None)
    till.see("Change")


async def test_ten_is_typed_as_ten_and_one_with_enter(till: Till) -> None:
    """1 waits for the next key; another digit than 0 is asked again; Escape keeps nothing."""
    sale = await bill(till, TEA)
    await till.press("f4", "1", "0")
    kept = feedback_on(till.desk.register, sale)
    assert kept is not None
    assert kept.recommendation == 10
    await till.press("f4", "1")
    assert till.bar == "· 1: Enter keeps it, 0 makes it 10."
    await till.press("7")
    assert till.bar == "✖ From 0 to 10: type the figure again."
    await till.press("1", "enter")
    kept = feedback_on(till.desk.register, sale)
    assert kept is not None
    assert kept.recommendation == 1
    await till.press("f3", "escape")
    assert feedback_on(till.desk.register, sale) == kept


async def test_a_complaint_is_taken_on_the_receipt(till: Till) -> None:
    """With the holder of the bill; it is shown at their next scan. Without a card it says what to do instead."""
    await bill(till, TEA)
    await till.press("f9")
    assert till.bar.startswith("✖ No card is on this bill")
    await till.next_customer()
    await bill(till, TEA, ANA)
    await till.press("f9")
    await till.type("Too dear")
    await till.press("f12")
    assert till.screen == "ReceiptScreen"
    assert "stored" in till.bar
    await till.next_customer()
    await till.scan(ANA)
    till.see("! Complaint: Too dear")


async def test_a_complaint_is_made_good_from_a_purse(guest: Till) -> None:
    """F12 on the holder's page: which purse, how much, and the complaint's words as the reason; the purse holds more at once."""
    await guest.scan(ANA)
    before = opened(guest.desk.register, ANA).purses["points"].balance.available
    await guest.press("f2", "f12")
    guest.see("From which purse?", "Points")
    purses = [purse.id for purse in guest.desk.programme.purses]
    await guest.press(*["down"] * purses.index("points"), "enter")
    guest.see("The mug leaks", "wishes: another mug")
    await guest.type("0")
    assert guest.bar.startswith("✖ Type an amount above zero.")
    await guest.press("backspace")
    await guest.type("50")
    await guest.press("enter")
    assert guest.bar == "✓ Given: +50 points. The complaint stays open until it is settled."
    view = opened(guest.desk.register, ANA)
    assert view.purses["points"].balance.available == before + 50
    assert len(view.known.complaints) == 1


async def test_all_complaints_in_the_office(guest: Till) -> None:
    """Overdue first and marked; F5 settles the chosen one, F3 lists it with its days, F7 makes one good."""
    account = opened(guest.desk.register, ANA).account
    take_complaint(guest.desk.register, account, "No bags", "boris")
    guest.clock.forward(days=30)
    await enter_room(guest, "Complaints")
    assert len(guest.lines) == 24
    assert all(len(line) == 80 for line in guest.lines)
    rows = [" ".join(line.split()) for line in guest.lines]
    assert rows[1] == "Open complaints: 2 ! overdue: 1"
    assert rows[2] == "Since Card holder Complaint Promised Days"
    assert rows[3] == "▸ 4 Feb 2026 Ana K. The mug leaks ! 12 Feb 2026 30"
    assert rows[4] == "4 Feb 2026 Ana K. No bags 30"
    guest.see("wishes: another mug")
    await guest.press("down")
    guest.see_not("wishes: another mug")
    await guest.press("f5")
    await guest.type("bought bags")
    assert guest.bar == "✓ The complaint is closed."
    guest.see("Open complaints: 1")
    await guest.press("f3")
    guest.see("Closed complaints", "No bags", "settled by anna: bought bags")
    await guest.press("f5")
    assert guest.bar.startswith("✖ Choose an open complaint first")
    await guest.press("f3")
    assert guest.bar == "✖ There are none before these."
    await guest.press("f2", "f7", "enter")
    guest.see("Compensation")
