"""A keyboard-wedge scanner and a person at one keyboard: a scan presses nothing, and what a person types arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from shops import ANA
from textual import events
from tills import TEA, Till, running

from pos_loyalty.config import ScannerSettings
from pos_loyalty.terminal.wedge import WedgeSorter


@pytest.fixture
async def wedged(shop_url: str) -> AsyncIterator[Till]:
    """A terminal whose keyboard is sorted."""
    async with running(shop_url, sorter=WedgeSorter()) as till:
        yield till


async def by_hand(till: Till, *keys: str) -> None:
    """Keys as a person presses them."""
    for key in keys:
        till.strike(key)
        await asyncio.sleep(0.06)
    await till.settle()


async def burst(till: Till, code: str, *suffix: str) -> None:
    """Keys as a scanner types them, all at once."""
    till.strike(*code, *suffix)
    await asyncio.sleep(0.06)
    await till.settle()


async def test_a_scan_under_a_foreign_keyboard_layout(shop_url: str) -> None:
    """Goods whose barcode has letters, typed under a Russian layout: told by its identifier, or by the settings."""
    async with running(shop_url, sorter=WedgeSorter()) as till:
        await burst(till, "ъС0ОФСЛУЕ", "enter")
        assert till.due == "5,000.00"
    async with running(shop_url, sorter=WedgeSorter([ScannerSettings("wedge", layout="ru", slow=True)])) as till:
        await burst(till, "ОФСЛУЕ", "enter")
        assert till.due == "5,000.00"


async def test_a_wedge_scan_is_a_scan(wedged: Till) -> None:
    """A code typed at a scanner's pace counts as a scan, with Enter or Tab behind it; nothing of it lands in the entry."""
    await burst(wedged, TEA, "enter")
    assert wedged.due == "3.50"
    await burst(wedged, ANA, "tab")
    wedged.see("Ana Kovač")
    assert wedged.app.screen.query_one("#entry").value == ""


async def test_a_wedge_scan_pays_nothing(wedged: Till) -> None:
    """On the payment screen, where Enter takes cash, a wedge scan goes to the bill instead of being an amount."""
    await burst(wedged, TEA, "enter")
    await by_hand(wedged, "f12")
    await asyncio.sleep(0.5)
    await burst(wedged, TEA, "enter")
    assert wedged.screen == "SaleScreen"
    assert wedged.due == "7.00"


async def test_a_wedge_scan_in_a_question_types_nothing(wedged: Till) -> None:
    """In a form a wedge scan of a card fills the card's field, wherever the focus is."""
    await by_hand(wedged, "f9", "Z", "e", "d")
    await asyncio.sleep(0.1)  # a burst right behind a typed key would be the rest of a scan that was cut in two
    await burst(wedged, "2900000000049", "enter")
    assert wedged.app.screen.query_one("#name").value == "Zed"
    assert wedged.app.screen.query_one("#card").value == "2900000000049"


async def test_what_a_person_types_arrives_once(wedged: Till) -> None:
    """Digits typed by hand and Enter are a code typed by hand, each digit once."""
    await by_hand(wedged, *TEA[:3])
    assert wedged.app.screen.query_one("#entry").value == TEA[:3]
    await by_hand(wedged, *TEA[3:], "enter")
    assert wedged.due == "3.50"


async def test_a_scanners_control_keys_do_not_end_the_till(wedged: Till) -> None:
    """ETX and DC1 as suffixes (Ctrl+C, Ctrl+Q) leave the till running; Ctrl+Q asks, and Enter does not answer yes."""
    await burst(wedged, TEA, "ctrl+c")
    assert wedged.due == "3.50"
    await by_hand(wedged, "ctrl+c")
    assert wedged.bar == "· Ctrl+Q leaves the till."
    await burst(wedged, "JACKET", "ctrl+q", "enter")
    wedged.see("Leave the till?", "A bill is open")
    assert wedged.app.is_running
    await by_hand(wedged, "escape")
    assert wedged.due.endswith("3.50")


async def test_a_scan_while_asked_to_leave_counts(wedged: Till) -> None:
    """A scan takes the question away and counts at the bill."""
    await by_hand(wedged, "ctrl+q")
    await burst(wedged, TEA, "enter")
    assert wedged.due == "3.50"


async def test_a_pasted_code_is_a_scan(wedged: Till) -> None:
    """A bracketed paste of a code that is known is a scan; other text is pasted where one types."""
    wedged.app.post_message(events.Paste(f"{TEA}\n"))
    await wedged.until(lambda: wedged.due == "3.50")
    wedged.app.post_message(events.Paste("green"))
    await wedged.until(lambda: wedged.app.screen.query_one("#entry").value == "green")
