"""Card holders at the till: shown, found without their card, made, and handed a card."""

from __future__ import annotations

from pathlib import Path

from shops import ANA, BORIS
from tills import TEA, Till, running

from pos_loyalty.terminal.devices import Demo, RegisterDevices
from pos_loyalty.till.cards import issue
from pos_loyalty.till.holders import find, show

NEXT = "2900000000049"


async def test_the_holder_page_shows_tier_lots_and_reasons(till: Till) -> None:
    """F2 shows all that the card says: tier and its days, each lot with its days, and why each offer applies or not."""
    await till.scan("JACKET", ANA)
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    till.clock.forward(days=3)
    await till.scan(TEA, ANA)
    till.see("VIP", "Cashback", "to come", "47.50")
    await till.press("f2")
    till.see("Card holder", "Ana Kovač", "named card, active", "Tier VIP", "4,750.00", "Last visit", "5 Jan 2026")
    till.see("from 19 Jan 2026 until 19 Jan 2027")
    await till.press("pagedown", "pagedown")
    till.see("Offers on this bill", "✓ VIP 20%")
    await till.press("slash")
    assert till.screen == "SaleScreen"
    till.see("No card")


async def test_a_forgotten_card_is_found_by_name_or_phone(till: Till) -> None:
    """The beginning of a name, or the last digits of the phone, finds the holder; Enter puts the card on the bill."""
    await till.scan("JACKET")
    for words in ("kov", "3456"):
        await till.press("f2")
        await till.type(words, end="")
        till.see("Ana Kovač", "**0018", "**3456", "active")
        till.see_not("+359888123456", ANA)
        await till.press("enter")
        assert till.due == "4,750.00"
        await till.press("slash")


async def test_nobody_found_says_what_to_do(till: Till) -> None:
    """No hit says so; a scan there goes to the bill."""
    await till.press("f2")
    await till.type("nobody", end="")
    till.see("Nobody is called so", "makes a new holder.")
    await till.press("enter")
    assert till.screen == "FindHolderScreen"
    await till.scan(BORIS)
    assert till.screen == "SaleScreen"
    assert till.app.screen.counter.bill.card == BORIS


async def test_a_new_holder_gets_a_scanned_card(till: Till) -> None:
    """A blank card scanned while any field has the focus goes into the card's field; the new holder is on the bill then."""
    await till.scan("JACKET")
    await till.press("f9")
    await till.type("Zed Žižka", end="tab")
    await till.scan(NEXT)
    till.see(NEXT, "will be handed out")
    await till.press("tab", "tab")
    await till.type("24.12.1980", end="")
    await till.press("f12")
    till.see("Zed Žižka", "✓ Zed Žižka is a card holder now.")
    assert till.due == "4,750.00"
    holder, _ = show(till.desk.register, NEXT)
    assert str(holder.member.birthday) == "1980-12-24"


async def test_the_next_number_is_handed_out(till: Till) -> None:
    """F4 fills in the next free number of the shop's range."""
    await till.press("f9")
    await till.type("Zed", end="f4")
    till.see(NEXT)
    await till.press("f12")
    assert till.app.screen.counter.bill.card == NEXT


async def test_a_card_issued_before_is_registered(till: Till) -> None:
    """A card from the box that was issued without a name gets the new holder's."""
    (number,) = issue(till.desk.register, kind="bearer")
    await till.scan(number)
    till.see("Bearer card, no name yet")
    await till.press("f9")
    await till.type("Zed", end="")
    await till.scan(number)
    await till.press("f12")
    till.see("Zed")


async def test_what_is_wrong_with_a_new_holder_is_said(till: Till) -> None:
    """No name, no card, a bad date, a taken card, goods: each says why, and nothing is stored."""
    await till.press("f9", "f12")
    assert till.bar.startswith("✖ Which card is handed out?")
    await till.press("f4", "f12")
    assert till.bar.startswith("✖ A card holder needs a name")
    await till.press("up")
    await till.type("31.2.1980", end="f12")
    assert till.bar.startswith('✖ "31.2.1980" is no date')
    await till.scan(TEA)
    assert till.bar.startswith(f"✖ Code {TEA} is no card.")
    await till.scan(ANA)
    await till.press("escape")
    assert till.screen == "SaleScreen"
    assert find(till.desk.register, "zed") == ()


async def test_a_taken_card_is_refused(till: Till) -> None:
    """A card that has a holder cannot be handed out again; the form stays as it was typed."""
    await till.press("f9")
    await till.type("Zed", end="")
    await till.scan(ANA)
    await till.press("f12")
    assert till.bar == "✖ Card *********0018 has a holder already: hand out another one."
    till.see("Zed")


async def test_a_friend_is_thanked(till: Till) -> None:
    """A card scanned into the last field is that of who sent the new holder."""
    await till.press("f9")
    await till.type("Zed", end="f4")
    await till.press("down", "down", "down", "down", "down")
    await till.scan(ANA)
    await till.press("enter")
    holder, _ = show(till.desk.register, NEXT)
    assert holder.member.referred_by == show(till.desk.register, ANA)[0].member.account


async def test_an_arabic_name_is_shaped_and_ordered(shop_url: str) -> None:
    """In `app` mode an Arabic name is painted shaped and from right to left, its row's amounts stay; in `terminal` as it is."""
    async with running(shop_url) as till:
        await till.scan(BORIS)
        till.see("ﻲﻠﻋ ﺪﻤﺤﻣ", "card *0025")
    async with running(shop_url, rtl="terminal") as till:
        await till.scan(BORIS)
        till.see("محمد علي", "card *0025")


async def test_a_paper_card_is_printed_for_a_new_holder(shop_url: str, tmp_path: Path) -> None:
    """F5 stores the holder with the next free number and prints it; without a printer it says so and stores nothing."""
    paper = tmp_path / "paper.txt"
    devices = RegisterDevices([], None, Demo((), (), None, paper))
    async with running(shop_url, devices=devices) as till:
        await till.press("f9")
        await till.press("f5")
        assert till.bar.startswith("✖ A card holder needs a name")
        till.see(NEXT)
        await till.type("Zed Žižka", end="f5")
        till.see("✓ Zed Žižka is a card holder now.")
        await till.until(paper.exists)
        assert till.app.screen.counter.bill.card == NEXT
    printed = paper.read_text(encoding="utf-8")
    assert "YOUR CARD" in printed
    assert "2900 0000 0004 9" in printed
    assert "Zed Ž." in printed


async def test_without_a_printer_there_is_no_paper_card(till: Till) -> None:
    """Nothing is stored, and the form stays as it was typed."""
    await till.press("f9")
    await till.type("Zed", end="f5")
    assert till.bar.startswith("✖ No printer is set up")
    assert find(till.desk.register, "zed") == ()
    till.see("F5  Paper card", "Zed")
