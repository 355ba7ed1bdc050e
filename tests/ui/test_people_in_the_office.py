"""The office's screens for people: who works here, and what was done; key by key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from shops import ANA, Clock
from tills import TEA, Till, enter_room, open_desk, running

from pos_loyalty.till.operators import add, listed, sign_in

OLGA, MIRA = "830517", "4719"


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal at which Olga, the owner, has signed in; Mira is a manager."""
    desk = open_desk(shop_url, Clock())
    add(desk.register, "Olga", "owner", OLGA, "", first=True)
    add(desk.register, "Mira", "manager", MIRA, "Olga")
    desk.register.store.close()
    async with running(shop_url) as running_till:
        await sign_in_as(running_till, "Olga", OLGA)
        yield running_till


async def sign_in_as(till: Till, name: str, pin: str) -> None:
    """Lock the till, and let somebody else sell."""
    await till.press("ctrl+l")
    await till.type(name)
    await till.type(pin)
    await till.until(lambda: till.screen == "SaleScreen")


# ---- people ----


async def test_the_people_at_80_by_24(till: Till) -> None:
    """Name, role, whether they work here, their own card, and until when they are locked out."""
    await enter_room(till, "People")
    assert [" ".join(line.split()) for line in till.lines[:5]] == [
        "People till-1 · Olga",
        "Name Role Works here Own card Locked until",
        "▸ Mira manager yes no",
        "Olga owner yes no",
        "",
    ]
    till.see("F2  Add", "F4  New PIN", "F5  Role", "F6  Leaves / back", "F7  Own card")


async def test_somebody_is_added_and_signs_in(till: Till) -> None:
    """Role, name, PIN twice; an owner is asked for nothing more."""
    await enter_room(till, "People")
    await till.press("f2", "enter")
    till.see("Somebody new: cashier")
    await till.type("Anna")
    await till.type("3906")
    await till.type("3906")
    assert till.bar == "✓ Anna is stored."
    till.see("Anna")
    till.see_not("3906")
    assert sign_in(till.desk.register, "Anna", "3906").role == "cashier"


async def test_a_pin_typed_differently_the_second_time_is_not_taken(till: Till) -> None:
    """Both stay where they are typed until they are the same; a weak one is refused by the till."""
    await enter_room(till, "People")
    await till.press("f4")
    till.see("A new PIN for Mira")
    await till.type("3906")
    await till.type("3907")
    assert till.bar == "✖ The two PINs differ: type the second one again."
    await till.type("3906")
    assert till.bar == "✓ Mira is stored."
    assert sign_in(till.desk.register, "Mira", "3906").name == "Mira"
    await till.press("f4")
    await till.type("1111")
    await till.type("1111")
    assert till.bar.startswith("✖ This PIN is one digit again and again")


async def test_roles_cards_and_leaving(till: Till) -> None:
    """The chosen one gets another role and card, leaves and is back; the last owner stays one."""
    await enter_room(till, "People")
    await till.press("f5", "enter")
    await till.press("f7")
    await till.scan(ANA)
    await till.press("f6")
    (mira, olga) = listed(till.desk.register)
    assert (mira.role, mira.active, mira.account is not None) == ("cashier", False, True)
    await till.press("f6")
    await till.press("down", "f5", "enter")
    assert till.bar == "✖ Olga is the last owner: make somebody else an owner first."
    assert listed(till.desk.register)[1] == olga


async def test_a_manager_needs_the_owners_pin_for_the_room_and_for_each_change(till: Till) -> None:
    """Without the right the room asks, and what is changed in it asks again and is noted with both names."""
    await sign_in_as(till, "Mira", MIRA)
    await enter_room(till, "People")
    till.see("Mira may not do this alone: changing who works here.")
    await till.press("1")
    await till.type(OLGA)
    assert till.screen == "PeopleScreen"
    await till.press("f5", "enter")
    assert till.screen == "PermissionDialog"
    await till.press("1")
    await till.type(OLGA)
    assert listed(till.desk.register)[0].role == "cashier"
    await till.press("escape", "escape")
    await sign_in_as(till, "Olga", OLGA)
    await enter_room(till, "What was done")
    till.see("operator changed", "Mira")
    await till.until(lambda: any("operator changed" in line and "Olga" in line for line in till.lines))


# ---- what was done ----


async def test_what_was_done_at_80_by_24(till: Till) -> None:
    """Newest first: when, who, who allowed it, what, and of which receipt or person."""
    await till.scan(TEA)
    await till.press("f12", "f12")
    await till.next_customer()
    await enter_room(till, "What was done")
    await till.until(lambda: "sale" in till.text)
    assert [" ".join(line.split()) for line in till.lines[:3]] == [
        "What was done till-1 · Olga",
        "Shown: everything",
        "When Who Allowed by What Of what",
    ]
    till.see("till-1-000001", "signed in", "operator added", "F4  Action", "F5  Days", "PgDn  Older")


async def test_the_list_is_filtered_by_name_action_and_days(till: Till) -> None:
    """What is shown is said above it; F6 takes all filters off."""
    await sign_in_as(till, "Mira", MIRA)
    await enter_room(till, "What was done")
    await till.type("mir")
    await till.until(lambda: "by mir…" in till.text)
    till.see("signed in")
    till.see_not("operator added")
    await till.press("f6", "f4", *["down"] * 14, "enter")
    await till.until(lambda: "Shown: operator added" in till.text)
    assert sum("operator added" in line for line in till.lines) == 3
    await till.press("f5")
    await till.type("6.1.2026")
    await till.type("")
    await till.until(lambda: "from 1/6/26" in till.text or "Nothing of this kind was done." in till.text)
    till.see("Nothing of this kind was done.")
    await till.press("pagedown")
    assert till.bar == "✖ There is nothing older of this."


async def test_the_list_goes_on_page_by_page(till: Till) -> None:
    """PgDn reads further back, PgUp goes to the newest again."""
    till.clock.now += timedelta(minutes=1)  # what is done in one moment has no order
    for _ in range(60):
        sign_in(till.desk.register, "Mira", MIRA)
    await enter_room(till, "What was done")
    await till.until(lambda: "signed in" in till.text)
    till.see_not("operator added")
    for _ in range(10):
        if "operator added" in till.text:
            break
        before = till.text
        await till.press("pagedown")
        await till.until(lambda before=before: till.text != before)
    till.see("operator added")
    await till.press("pageup")
    await till.until(lambda: "operator added" not in till.text)
