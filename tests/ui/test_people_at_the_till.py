"""Signing in, the lock, letting somebody else sell, and asking somebody who may, on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shops import ANA, PROGRAMME, Clock
from tills import TEA, Till, open_desk, running

from pos_loyalty.config import Settings
from pos_loyalty.storage.audit_rows import Deed
from pos_loyalty.terminal import make
from pos_loyalty.till.audit import Wanted, page
from pos_loyalty.till.operators import Change, add, change
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.receipts import latest
from pos_loyalty.till.register import Register
from pos_loyalty.ui.devices import NoDevices, Outfit

PINS = {"Olga": "830517", "Mira": "4719", "Anna": "3906", "Boris": "6142"}


def staff(register: Register) -> None:
    """An owner, a manager and two cashiers."""
    add(register, "Olga", "owner", PINS["Olga"], "", first=True)
    add(register, "Mira", "manager", PINS["Mira"], "Olga")
    add(register, "Anna", "cashier", PINS["Anna"], "Olga")
    add(register, "Boris", "cashier", PINS["Boris"], "Olga")


@pytest.fixture
def staffed_url(shop_url: str) -> str:
    """The shop of these tests with people in it."""
    desk = open_desk(shop_url, Clock())
    staff(desk.register)
    desk.register.store.close()
    return shop_url


@pytest.fixture
async def till(staffed_url: str) -> AsyncIterator[Till]:
    """A terminal at which Anna, a cashier, sells."""
    async with running(staffed_url) as running_till:
        yield running_till


def deeds(till: Till, action: str) -> list[Deed]:
    """What is listed of this action, the newest first."""
    return list(page(till.desk.register, Wanted(action=action), till.desk.programme).done)


# ---- the lock ----


async def test_the_lock_lists_who_works_here_and_takes_a_number_and_a_pin(till: Till) -> None:
    """At 80 x 24 the locked till shows everybody by number; two keys and a PIN, and somebody else sells."""
    await till.press("ctrl+l")
    assert till.screen == "LockScreen"
    assert [line.rstrip() for line in till.lines[:8]] == [
        " Locked                                                           till-1 · anna",
        " The till is locked. Who sells?",
        "  No.  Name                                                              Role",
        "▸   1  Anna                                                              cashier",
        "    2  Boris                                                             cashier",
        "    3  Mira                                                              manager",
        "    4  Olga                                                              owner",
        "",
    ]
    await till.press("2")
    till.see("Boris: type your PIN.")
    await till.type(PINS["Boris"])
    till.see_not(PINS["Boris"])
    await till.until(lambda: till.screen == "SaleScreen")
    till.see("till-1 · Boris")
    assert [one.operator for one in deeds(till, "sign-in")] == ["Boris"]
    assert [(one.operator, one.detail) for one in deeds(till, "lock")] == [("anna", {"why": "key"})]


async def test_a_pin_is_never_painted(till: Till) -> None:
    """While it is typed only its length is seen."""
    await till.press("ctrl+l", "1", *"39")
    till.see("••")
    till.see_not("39")


async def test_nobody_gets_past_the_lock(till: Till) -> None:
    """Escape, a name that nobody has, and a wrong PIN leave it locked, and it is said why."""
    await till.press("ctrl+l", "escape")
    assert till.screen == "LockScreen"
    await till.type("Zed")
    assert till.bar == "✖ Nobody here is called so: choose a number from the list."
    await till.press(*["backspace"] * 3)
    await till.type("bo")
    await till.type("9999")
    assert till.bar == "✖ The name or the PIN is wrong: try again."
    assert till.screen == "LockScreen"
    assert [one.operator for one in deeds(till, "sign-in-failed")] == ["Boris"]


async def test_a_scan_into_the_lock_is_answered(till: Till) -> None:
    """A locked till takes no scan, and says so."""
    await till.press("ctrl+l")
    await till.scan(TEA)
    assert till.bar == "✖ The till is locked, so the scan was not taken: sign in, then scan it again."


async def test_the_open_bill_stays_on_the_counter_when_the_cashier_changes(till: Till) -> None:
    """What Anna rang up is closed by Boris, as his."""
    await till.scan(TEA, ANA)
    await till.press("ctrl+l")
    till.see("The open bill stays on the counter.")
    await till.press("2")
    await till.type(PINS["Boris"])
    till.see("Green tea", "Ana Kovač")
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    assert latest(till.desk.register)[0].sale.operator == "Boris"


async def test_too_many_wrong_pins_lock_the_person_out(till: Till) -> None:
    """After the fifth wrong PIN the right one is not taken either, and the screen says for how long."""
    await till.press("ctrl+l", "2")
    for _ in range(5):
        await till.type("1111")
    assert till.bar == "✖ Too many wrong PINs: none is taken for 1 min. An owner can set a new one."
    await till.press("2")
    await till.type(PINS["Boris"])
    assert till.bar.startswith("✖ Too many wrong PINs")
    till.clock.forward(minutes=2)
    await till.press("2")
    await till.type(PINS["Boris"])
    assert till.screen == "SaleScreen"


async def test_an_untouched_till_locks_itself_but_never_over_an_open_bill(till: Till) -> None:
    """Ten minutes after the last key it locks; with goods on the counter it does not."""
    from dataclasses import replace

    till.app.desk = replace(till.desk, lock_minutes=10)
    await till.scan(TEA)
    till.app.touched_at -= 601
    till.app._lock_if_idle()
    await till.settle()
    assert till.screen == "SaleScreen"
    await till.press("delete", "ctrl+o")
    assert till.screen == "OfficeScreen"
    till.app._lock_if_idle()
    await till.settle()
    assert till.screen == "OfficeScreen"
    till.app.touched_at -= 601
    till.app._lock_if_idle()
    await till.settle()
    assert till.screen == "LockScreen"
    assert [one.detail for one in deeds(till, "lock")] == [{"why": "idle"}]
    await till.press("3")
    await till.type(PINS["Mira"])
    assert till.screen == "SaleScreen", "what somebody else had open is left"


async def test_without_operators_there_is_nobody_to_sign_in(shop_url: str) -> None:
    """A shop without PINs locks nothing, and says what to do."""
    async with running(shop_url) as till:
        await till.press("ctrl+l")
        assert till.screen == "SaleScreen"
        assert till.bar.startswith("✖ Nobody has a PIN here")


# ---- the start ----


async def test_the_first_start_makes_the_owners_pin(tmp_path: Path, shop_file: bytes) -> None:
    """A shop without people asks for the owner's name and PIN, twice; a weak one is refused with why; then it sells."""
    path = tmp_path / "shop.db"
    path.write_bytes(shop_file)
    app = make(Settings(store=str(path), data=tmp_path))
    app._outfit = lambda: Outfit(NoDevices())  # a test types as fast as a scanner
    async with app.run_test(size=(80, 24)) as pilot:
        till = Till(app, pilot, Clock(datetime.now(UTC)))
        await till.until(lambda: till.screen == "FirstOwnerScreen" and app.at_rest)
        till.see("The owner's PIN", "Nobody has a PIN in this shop yet.", "Your name")
        await till.press("escape")
        assert till.screen == "FirstOwnerScreen"
        await till.type("Olga")
        await till.type("1234")
        await till.type("1234")
        assert till.bar == "✖ This PIN counts up or down: anyone tries that first. Take another."
        await till.press("up", *["backspace"] * 4)
        await till.type("830517")
        await till.press(*["backspace"] * 4)
        await till.type("830518")
        assert till.bar == "✖ The two PINs differ: type the second one again."
        await till.type("830517")
        await till.until(lambda: till.screen == "SaleScreen" and app.at_rest)
        till.see("till-1 · Olga")
        till.see_not("830517")
        till.desk.register.store.close()


@pytest.mark.parametrize(("named", "screen"), [("Anna", "SaleScreen"), ("Olga", "LockScreen"), ("Zed", "LockScreen")])
async def test_the_settings_sign_in_a_cashier_and_nobody_else(
    tmp_path: Path, staffed_url: str, named: str, screen: str
) -> None:
    """A register's settings name who sells: a cashier needs no PIN then; who has rights, or is not known, signs in."""
    app = make(Settings(store=staffed_url, data=tmp_path, operator=named))
    async with app.run_test(size=(80, 24)) as pilot:
        till = Till(app, pilot, Clock())
        await till.until(lambda: till.screen == screen and app.at_rest)
        till.desk.register.store.close()


# ---- rights ----


async def test_a_discount_by_hand_asks_for_somebody_who_may(till: Till) -> None:
    """The cashier's F5 asks for a manager's PIN; the receipt's line, and the audit list, name who allowed it."""
    await till.scan(TEA)
    await till.press("f5")
    assert till.screen == "PermissionDialog"
    till.see("anna may not do this alone: a discount by hand.", "Who allows it, this once?", "Mira", "Olga")
    till.see_not("Boris")
    await till.press("1")
    await till.type("4718")
    assert till.bar == "✖ The name or the PIN is wrong: try again."
    await till.type(PINS["Mira"])
    assert till.screen == "DiscountDialog"
    await till.type("10%")
    assert till.due == "3.15"
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    sale = latest(till.desk.register)[0].sale
    assert sale.operator == "anna"
    (line,) = sale.quote.lines
    assert line.item.by_hand is not None
    assert line.item.by_hand.allowed_by == "Mira"
    (listed,) = deeds(till, "discount")
    assert (listed.operator, listed.allowed_by, listed.subject) == ("anna", "Mira", "till-1-000001")
    assert listed.detail == {"entry": sale.id}
    assert [(one.operator, one.allowed_by) for one in deeds(till, "allow")] == [("anna", "Mira")]


async def test_escape_gives_no_discount(till: Till) -> None:
    """Who asks nobody gives none."""
    await till.scan(TEA)
    await till.press("f5", "escape")
    assert till.screen == "SaleScreen"
    assert till.due == "3.50"


async def test_a_managers_own_discount_asks_nobody_and_the_next_cashier_may_close_it_with_a_pin(till: Till) -> None:
    """Mira gives it alone; when Anna closes that bill, somebody who may is asked once more."""
    await till.press("ctrl+l", "3")
    await till.type(PINS["Mira"])
    await till.scan(TEA)
    await till.press("f5")
    await till.type("10%")
    await till.press("ctrl+l", "1")
    await till.type(PINS["Anna"])
    await till.press("f12", "f12")
    assert till.screen == "PermissionDialog"
    await till.press("1")
    await till.type(PINS["Mira"])
    await till.until(lambda: till.screen == "ReceiptScreen")
    assert latest(till.desk.register)[0].sale.operator == "Anna"
    assert [one.allowed_by for one in deeds(till, "discount")] == ["Mira"]


async def test_the_guard_asks_for_a_pin_where_people_have_one(staffed_url: str) -> None:
    """A card's second bill of the day is closed by a manager's PIN, and the sale names them."""
    desk = open_desk(staffed_url, Clock())
    activate(desk.register, PROGRAMME + "\n[guard]\nbills_per_card_per_day = 1\n", None, "owner")
    desk.register.store.close()
    async with running(staffed_url) as till:
        for _ in range(2):
            await till.scan(TEA, ANA)
            await till.press("f12", "f12")
            if till.screen == "ReceiptScreen":
                await till.next_customer()
        assert till.screen == "PermissionDialog"
        till.see("has had as many bills today as it may")
        await till.press("1")
        await till.type(PINS["Mira"])
        await till.until(lambda: till.screen == "ReceiptScreen")
        assert [one.values["name"] for one in latest(till.desk.register)[0].sale.warnings] == ["Mira"]
        assert [(one.operator, one.allowed_by) for one in deeds(till, "guard")] == [("anna", "Mira")]


async def test_who_works_here_must_be_known_before_anything_is_sold(
    tmp_path: Path, staffed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the people cannot be read at the start the till stays closed and says why; Enter tries again, and it is locked."""
    from pos_loyalty.storage.faults import refused
    from pos_loyalty.till import operators

    def busy(*_: object) -> None:
        raise refused("store-busy", "shop.db")

    monkeypatch.setattr(operators, "those_with", busy)
    app = make(Settings(store=staffed_url, data=tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        till = Till(app, pilot, Clock())
        await till.until(lambda: "is busy with another program" in till.text)
        assert till.screen == "StartingScreen"
        monkeypatch.undo()
        till.strike("enter")
        await till.until(lambda: till.screen == "LockScreen" and app.at_rest)
        till.desk.register.store.close()


async def test_the_next_cashiers_own_card_comes_off_the_bill(staffed_url: str) -> None:
    """Where the programme refuses a cashier's own card, it leaves the bill when its holder takes the till, and why is said."""
    desk = open_desk(staffed_url, Clock())
    activate(desk.register, PROGRAMME + '\n[guard]\nown_card = "refuse"\n', None, "owner")
    change(desk.register, "Boris", Change(card=ANA), "Olga")
    desk.register.store.close()
    async with running(staffed_url) as till:
        await till.scan(TEA, ANA)
        await till.press("ctrl+l", "2")
        await till.type(PINS["Boris"])
        till.see("Green tea")
        till.see_not("Ana Kovač")
        till.see("Boris cannot ring up their own card")
