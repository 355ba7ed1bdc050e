"""The page of one holder, key by key: sections, entries with their bills, cards, who they are, purses and joined records."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from guests import make_guest
from shops import ANA, BORIS
from tills import Till, enter_room, running

from pos_loyalty.till.cards import show
from pos_loyalty.till.holder_page import page

NEXT = "2900000000049"


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal of 80 x 24 with the page of Ana, who has bought, won and complained."""
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock) as running_till:
        await enter_room(running_till, "Card holders")
        await running_till.until(lambda: running_till.screen == "HoldersScreen" and "Ana" in running_till.text)
        await running_till.press("enter")
        assert running_till.screen == "HolderScreen"
        yield running_till


async def test_sections_are_a_key_away_and_fit_a_small_screen(till: Till) -> None:
    """80 x 24: each section has its digit, the one that is seen is marked, and every key stands at the bottom."""
    till.see("▸1 Overview", "2 Cards", "3 Entries", "4 Consent and feedback", "Ana Kovač", "Tier Basic")
    till.see("F7  Alter", "F8  Card", "F9  Adjust", "F10  Join")
    assert all(len(line) <= 80 for line in till.lines)
    await till.press("2")
    till.see("▸2 Cards", ANA, "active", "named card")
    await till.press("4")
    till.see("▸4 Consent", "They were not asked", "! The mug leaks", "Feedback")
    await till.press("right")
    till.see("▸1 Overview")


async def test_entries_say_what_they_changed_and_open_their_receipt(till: Till) -> None:
    """The newest first, each with its receipt and what it changed in which purse; Enter opens the receipt, Esc comes back."""
    await till.press("3")
    await till.until(lambda: "sale" in till.text)
    till.see("till-1-000002", "sale", "+0.60, Points +60, Luck +1")
    assert till.text.index("club") < till.text.index("till-1-000002") < till.text.index("till-1-000001")
    await till.press("enter")
    assert "belongs to no bill" in till.bar
    await till.press("down", "enter")
    assert till.screen == "ReceiptScreen"
    await till.press("escape")
    assert till.screen == "HolderScreen"
    till.see("▸3 Entries")


async def test_an_adjustment_is_entered_with_a_reason_and_taken_back(till: Till) -> None:
    """F9 asks how much and why; the entry says both; Del on it takes it back with a reason, once."""
    before = show(till.desk.register, ANA).purses["cashback"].balance.available
    await till.press("f9")
    await till.type("5.00")
    await till.press("enter")
    assert "Say why in a few words" in till.bar
    await till.type("sorry for the mug")
    await till.until(lambda: till.screen == "HolderScreen")
    assert show(till.desk.register, ANA).purses["cashback"].balance.available == before + 500
    await till.press("3")
    await till.until(lambda: "sorry for the mug" in till.text)
    till.see("adjusted", "+5.00")
    await till.press("delete")
    till.see("Take an adjustment back", "sorry for the mug")
    await till.type("it was another mug")
    await till.until(lambda: till.screen == "HolderScreen" and "taken back" in till.text)
    assert show(till.desk.register, ANA).purses["cashback"].balance.available == before
    await till.until(lambda: "it was another mug" in till.text)
    await till.press("down", "delete")
    assert "taken back already" in till.bar
    await till.press("end", "down", "down", "down", "delete")
    assert "Only adjustments are taken back here" in till.bar


async def test_a_card_is_blocked_unblocked_replaced_and_doubled(till: Till) -> None:
    """F8 offers what the chosen card's state allows; a scanned card takes its place, the next free one is for the family."""
    register = till.desk.register
    await till.press("f8")
    till.see("Block", "Replace", "One more card")
    await till.press("enter")
    assert show(register, ANA).status == "blocked"
    till.see("named card, blocked")
    await till.press("f8", "enter")
    assert show(register, ANA).status == "active"
    await till.press("f8", "down", "enter")
    await till.scan(NEXT)
    assert show(register, ANA).status == "replaced"
    assert show(register, NEXT).account == show(register, ANA).account
    await till.press("f8", "down", "down", "enter", "enter")
    await till.press("2")
    found = page(register, number=ANA)
    assert [card.status for card in found.cards].count("active") == 2
    till.see(NEXT, ANA, "replaced")


async def test_who_they_are_is_changed_in_a_form(till: Till) -> None:
    """F7 shows what is known; a new name is stored and shown, a birthday that is none is refused."""
    await till.press("f7")
    till.see("Who they are", "Ana Kovač", "+359888123456", "08.01.1990")
    await till.press("ctrl+u")
    await till.type("Ana Horvat", end="")
    await till.press("down", "down", "down", "ctrl+u")
    await till.type("31.2.1990", end="f12")
    assert "is no date" in till.bar
    await till.press("ctrl+u", "f12")
    await till.until(lambda: till.screen == "HolderScreen")
    till.see("Ana Horvat")
    member = show(till.desk.register, ANA).member
    assert member is not None
    assert (member.name, member.birthday, member.phone) == ("Ana Horvat", None, "+359888123456")


async def test_two_records_are_seen_side_by_side_before_they_are_joined(till: Till) -> None:
    """F10 takes a scan of the other card, shows both, and joins them only with F12; both cards open the one that stays."""
    register = till.desk.register
    await till.press("f10")
    await till.scan(ANA)
    assert "Both cards open the same record already" in till.bar
    await till.press("escape", "f10")
    await till.scan(BORIS)
    till.see("stays", "becomes part of it", "Ana Kovač", "Visits", "Holder since")
    assert show(register, BORIS).account != show(register, ANA).account
    await till.press("f12")
    await till.until(lambda: till.screen == "HolderScreen")
    assert show(register, BORIS).account == show(register, ANA).account
    await till.press("2")
    till.see(ANA, BORIS)
    await till.press("3")
    await till.until(lambda: "records joined" in till.text)


async def test_a_bearer_card_becomes_somebodys(shop_url: str) -> None:
    """F7 on a card without a name registers it: what was collected on it stays."""
    from pos_loyalty.till.cards import issue

    async with running(shop_url) as till:
        issue(till.desk.register, NEXT, kind="bearer")
        await enter_room(till, "Card holders")
        await till.until(lambda: till.screen == "HoldersScreen" and "Ana" in till.text)
        await till.scan(NEXT)
        till.see("Bearer card, no name yet")
        await till.press("f7")
        await till.type("Zed Žižka", end="f12")
        await till.until(lambda: till.screen == "HolderScreen")
        till.see("Zed Žižka", "named card")
