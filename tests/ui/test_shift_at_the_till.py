"""The drawer's shift driven key by key at 80 x 24: opened, moved, read, counted and closed."""

from __future__ import annotations

from dataclasses import replace

from tills import TEA, Till, enter_room, running

from pos_loyalty.till.shifts import drawer_now, z_report


def painted(till: Till) -> list[str]:
    """What the screen shows, without the spaces at the ends."""
    assert all(len(line) == 80 for line in till.lines)
    assert len(till.lines) == 24
    return [line.rstrip() for line in till.lines]


async def test_a_whole_shift_by_the_number_pad(till: Till) -> None:
    """Ctrl+S from the sale; 1 counts the float piece by piece, 3 and 4 pay in and out, 2 reads, 6 closes."""
    register = till.desk.register
    await till.press("ctrl+s")
    till.see("○ No shift is open at this register.", "X report", "Close (Z report)")
    await till.press("2")
    assert till.bar.startswith("✖ No shift is open at this register")
    await till.press("1")
    till.see("Count the float, EUR", "One sum", "500.00")
    await till.press("down", "down", "down")
    await till.type("1")  # one of 50.00, three below 500.00; 20.00 is passed over
    await till.press("down")
    await till.type("5")
    assert till.amount("outcome-amount") == "100.00"
    await till.press("f12")
    till.see("● Shift 1", "Opening float", "100.00")
    shift = drawer_now(register).shift
    assert shift is not None
    assert (shift.opening_float, shift.opened_by) == (10_000, "anna")
    await till.press("escape")
    await till.scan(TEA)
    await till.press("f12", "f12")
    await till.next_customer()
    await till.press("ctrl+s", "3")
    await till.type("20")
    await till.type("coins from the bank")
    assert till.bar.endswith("It is noted: +20.00.")
    await till.press("4")
    await till.type("0")
    assert till.bar.startswith("✖ Type an amount above zero.")
    await till.press("backspace")
    await till.type("5,50")
    await till.type("window cleaner")
    await till.press("5", "enter")
    till.see("Paid in", "20.00", "Paid out", "5.50", "Opened without a sale")
    await till.press("2")
    till.see("X REPORT", "Expected")
    till.see("118.00")
    await till.press("enter", "6", "up", "up")
    await till.type("117.00")
    await till.press("f12")
    till.see("Close the shift?", "Variance", "-1.00", "! Some is missing: count again?")
    await till.press("escape")
    assert drawer_now(register).shift is not None
    await till.press("6", "up")
    await till.type("118")
    await till.press("f12")
    till.see_not("Some is missing")
    await till.press("f12")
    till.see("Z REPORT 1", "✓ The shift is closed.")
    report = z_report(register, 1)
    assert (report.bills, report.drawer.expected, report.drawer.variance) == (1, 11_800, 0)
    await till.press(*["pagedown"] * 9)
    till.see(report.head[:16], report.head[-16:])
    await till.press("enter")
    till.see("○ No shift is open at this register.")
    await till.press("7")
    till.see("118.00", "anna")
    await till.press("f3")
    assert till.bar.startswith("✖ There are none before these.")
    await till.press("enter")
    till.see("Z REPORT 1")


async def test_the_shift_screen_is_painted_so(till: Till) -> None:
    """80 x 24, line by line."""
    await till.press("ctrl+s", "1")
    await till.press("up")
    await till.type("75")
    await till.press("f12")
    lines = painted(till)
    assert lines[0].split() == ["Shift", "till-1", "·", "anna"]
    assert [" ".join(line.split()) for line in lines[1:14]] == [
        "● Shift 1 5 Jan 2026 12:00, anna",
        "Opening float 75.00",
        "Paid in 0.00",
        "Paid out 0.00",
        "Opened without a sale 0",
        "No. Do What for",
        "▸ 1 Open a shift Count the float and begin.",
        "2 X report What the shift has come to by now; nothing is closed.",
        "3 Pay in Cash put into the drawer beside the sales.",
        "4 Pay out Cash taken out of it.",
        "5 Open the drawer Without a sale: it is noted.",
        "6 Close (Z report) Count the cash, and close the shift.",
        "7 Earlier Z reports Look at them, print them again.",
    ]


async def test_the_counting_screen_is_painted_so(till: Till) -> None:
    """Every piece of the currency fits, with the sum in big digits beside it; a count that is none is refused."""
    await till.press("ctrl+s", "1")
    await till.type("x")
    assert till.bar == "✖ Type how many there are, as a whole number."
    await till.type("3")
    lines = [" ".join(line.split()) for line in painted(till)]
    for piece in ("500.00", "200.00", "5.00", "2.00", "0.05", "0.02", "0.01"):
        assert any(line.startswith((piece, f"▸ {piece}")) for line in lines), piece
    assert till.amount("outcome-amount") == "1,500.00"
    await till.press("7", "f12")
    assert till.bar == "✖ Enter takes what was typed; then F12."
    await till.press("enter", *["up"] * 9)
    await till.type("12.50")
    assert till.amount("outcome-amount") == "12.50"


async def test_a_register_that_wants_a_shift_says_so_before_the_first_bill(shop_url: str) -> None:
    """The bar says it while nothing is on the counter; the bill is refused with what to do, and stays."""
    async with running(shop_url) as till:
        till.app.desk = replace(till.desk, register=replace(till.desk.register, needs_shift=True))
        sale = till.app.screen
        sale.say_shift()  # type: ignore[attr-defined]
        await till.settle()
        assert till.bar == "! No shift is open: Ctrl+S opens one, then sell."


async def test_the_office_opens_it(till: Till) -> None:
    """Ctrl+O, and its line."""
    await enter_room(till, "Shift")
    assert till.screen == "ShiftScreen"
