"""The owner's look at what cashiers did, driven key by key at 80 x 24."""

from __future__ import annotations

from shops import ANA
from tills import TEA, Till, enter_room

from pos_loyalty.till.returns import RefundOrder, refund


async def opened(till: Till) -> None:
    """The office, and its room."""
    await enter_room(till, "Watchfulness")
    await till.until(lambda: "Looking through" not in till.text)


async def test_a_line_a_cashier_and_behind_it_the_receipts(till: Till) -> None:
    """A bill and its return are counted; Enter lists them, Enter again opens the receipt; the drawer has none."""
    await till.scan(TEA, ANA)
    await till.press("f12", "f12")
    await till.next_customer()
    refund(till.desk.register, RefundOrder("till-1-000001", operator="anna"))
    await till.press("ctrl+s", "5", "enter", "escape")
    await opened(till)
    assert len(till.lines) == 24
    assert all(len(line) == 80 for line in till.lines)
    rows = [" ".join(line.split()) for line in till.lines]
    assert rows[1].startswith("7 Dec 2025 to 5 Jan 2026")
    assert rows[3] == "Cashier Bills Ret. % Hand Own Many Late Spent Adj. Cash Mgr."
    assert rows[4] == "▸ anna 1 1 100% · · · · · · 1 ·"
    await till.press("enter")
    await till.until(lambda: "Looking through" not in till.text)
    till.see("Drawer without a sale: opened", "Return", "till-1-000002")
    index = next(i for i, row in enumerate(till.app.screen.table.rows) if row[1] == "Return")  # type: ignore[attr-defined]
    await till.press(*["down"] * index)
    await till.press("enter")
    assert till.screen == "ReceiptScreen"
    till.see("RETURN")
    await till.press("enter", *["up"] * 3, *["down"] * (1 - index), "enter")
    assert till.bar == "✖ There is no receipt of this."


async def test_other_days(till: Till) -> None:
    """Keys for the usual periods, and two days that are typed; what is no period is refused."""
    await opened(till)
    till.see("Nothing was sold in these days.")
    for key, words in (("f2", "5 Jan 2026 to 5 Jan 2026"), ("f3", "30 Dec 2025 to 5 Jan 2026")):
        await till.press(key)
        till.see(words)
    await till.press("f5")
    await till.type("2.1.2026 - 1.1.2026")
    assert till.bar == "✖ The first day comes after the last one."
    await till.press(*["backspace"] * 20)
    await till.type("1.1.2026 - 3.1.2026")
    till.see("1 Jan 2026 to 3 Jan 2026")
    await till.press("f1")
    till.see("bills that they closed")
