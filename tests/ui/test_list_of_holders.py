"""The list of card holders at the office: searched while one types, filtered in words, paged to both sides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from shops import ANA, BORIS, Clock
from tills import TEA, Till, enter_room, open_desk, running

from pos_loyalty.domain.card import nth_ean13
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.register import Register
from pos_loyalty.ui.screens import holders


def crowd(register: Register) -> None:
    """Forty holders more, with names in two alphabets."""
    for n in range(40):
        name = f"Иван Петров {n:02d}" if n % 2 else f"Petar Horvat {n:02d}"
        born = date(1980, 5 if n < 3 else 7, 1)
        enrol(register, Enrolment(name, card=nth_ean13("29", 100 + n), email=f"h{n}@example.com", birthday=born))


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal of 80 x 24 with the list on the screen."""
    desk = open_desk(shop_url, Clock())
    crowd(desk.register)
    desk.register.store.close()
    async with running(shop_url, clock=Clock(datetime(2026, 1, 5, 10, 0, tzinfo=UTC))) as running_till:
        await enter_room(running_till, "Card holders")
        await running_till.until(lambda: running_till.screen == "HoldersScreen" and "Ana" in running_till.text)
        yield running_till


def listed(till: Till) -> list[str]:
    """The names that are seen, in their order."""
    screen = till.app.screen
    assert isinstance(screen, holders.HoldersScreen)
    return [row[0] for row in screen.table.rows]


async def test_it_fits_a_small_screen(till: Till) -> None:
    """80 x 24: names, masked phones and cards, tier, last visit and purse; what is shown, in words; every key."""
    assert all(len(line) <= 80 for line in till.lines)
    till.see(
        "Card holders",
        "All with a name, in the order of names",
        "Name",
        "Phone",
        "Card",
        "Tier",
        "Last visit",
        "Cashback",
    )
    till.see("Ana Kovač", "**3456", "**0018", "Basic", "never", "0.00")
    till.see("F3  Filters", "F4  No filters", "PgUp  Page", "Esc  Back")
    till.see_not("888123456", ANA)


async def test_pages_follow_one_another_to_the_end_and_back(till: Till) -> None:
    """Every holder is seen once going down page by page, and the same ones going up; End and Home jump."""
    down = listed(till)
    first = list(down)
    size = len(first)
    while True:
        before = listed(till)
        await till.press("pagedown")
        if listed(till) == before:
            break
        down += [name for name in listed(till) if name not in down]
    assert len(down) == len(set(down)) == 43
    last = listed(till)
    await till.press("home")
    assert listed(till) == first
    await till.press("end")
    assert listed(till) == last == down[-size:]
    for _ in range(5):
        await till.press("pageup")
    assert listed(till) == first


async def test_the_arrow_keys_move_the_list_by_one_at_its_edges(till: Till) -> None:
    """Down on the last line brings one more, up on the first one goes back; the choice stays on the screen."""
    first = listed(till)
    await till.press(*["down"] * len(first))
    assert listed(till)[:-1] == first[1:]
    await till.press(*["up"] * len(first))
    assert listed(till) == first


async def test_each_letter_searches_in_any_alphabet(till: Till) -> None:
    """Latin letters find Cyrillic names and the other way round; two short words, an e-mail, a phone's end and a card."""
    await till.type("ivan 07", end="")
    assert listed(till) == ["Иван Петров 07"]
    for typed, found in (
        ("петар 04", ["Petar Horvat 04"]),
        ("h12@", ["Petar Horvat 12"]),
        ("3456", ["Ana Kovač"]),
        ("محمد", ["محمد علي"]),
        (ANA, ["Ana Kovač"]),
    ):
        await till.press("ctrl+u")
        await till.type(typed, end="")
        assert listed(till) == found, typed


async def test_nobody_is_said_so(till: Till) -> None:
    """A search without a hit says what to do."""
    await till.type("nobody at all", end="")
    till.see("Nobody is so: try fewer letters")


async def test_filters_are_chosen_and_said_in_words(till: Till) -> None:
    """F3 opens them; the choice stands in words above the list and joins with the words typed; F4 takes it away."""
    await till.press("f3")
    till.see("Filters", "has the tier", "was not seen for (days)", "has a birthday in")
    await till.press(*["down"] * 7, *["right"] * 5)
    till.see("May")
    await till.press("enter")
    assert listed(till) == ["Petar Horvat 00", "Petar Horvat 02", "Иван Петров 01"]
    till.see("birthday in May")
    await till.type("iv", end="")
    assert listed(till) == ["Иван Петров 01"]
    await till.press("f4")
    assert len(listed(till)) > 1
    till.see_not("birthday in May")


async def test_stage_visit_and_balance_filter_what_was_bought(till: Till) -> None:
    """Who bought today is a visitor seen in the last day; a balance that nobody has finds nobody."""
    await till.press("escape", "escape")
    await till.scan(ANA, TEA)
    await till.press("f12")
    await till.press("f12")
    await till.next_customer()
    await enter_room(till, "Card holders")
    await till.until(lambda: till.screen == "HoldersScreen" and "Ana" in till.text)
    await till.press("f3", "down", "down", "right", "right")
    till.see("visitors", "Visitors bought on one day.")
    await till.press("down", "down", "1", "enter")
    till.see("visitors · seen today")
    assert listed(till) == ["Ana Kovač"]
    await till.press("f3", *["down"] * 6, "9", "9", "enter")
    assert listed(till) == []
    till.see("Cashback at least 99.00")


async def test_numbers_that_cannot_both_be_are_refused(till: Till) -> None:
    """Not seen for thirty days and seen within ten: the dialog says so and stays."""
    await till.press("f3", "down", "down", "down", "3", "0", "down", "1", "0", "enter")
    assert till.screen == "FiltersDialog"
    assert "Nobody was seen in these days" in till.bar
    await till.press("delete", "enter")
    assert till.screen == "HoldersScreen"


async def test_a_long_look_goes_on_in_a_thread_and_shows_what_it_finds(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the first candidates are not enough the rest is looked for behind the screen, and the list is the same."""
    monkeypatch.setattr("pos_loyalty.till.holder_list.STEP", 2)
    await till.press("f3", *["down"] * 7, *["right"] * 7, "enter")
    await till.until(lambda: "looking" not in till.text)
    assert len(listed(till)) > 3
    await till.press("end")
    await till.until(lambda: "looking" not in till.text)
    assert listed(till)[-1] == "Иван Петров 39"


async def test_enter_opens_the_page_and_comes_back_to_the_same_line(till: Till) -> None:
    """Enter opens the chosen holder's page, Esc comes back; a scanned card opens its holder's page."""
    await till.press("down", "down")
    name = listed(till)[2]
    await till.press("enter")
    assert till.screen == "HolderScreen"
    till.see(name)
    await till.press("escape")
    assert till.screen == "HoldersScreen"
    screen = till.app.screen
    assert isinstance(screen, holders.HoldersScreen)
    assert screen.table.cursor == 2
    await till.scan(BORIS)
    assert till.screen == "HolderScreen"
    till.see("محمد" if till.app.rtl == "off" else "Card **")
