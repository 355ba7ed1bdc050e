"""Taking the money: cash and change, cards, both, and purses; once, whatever is pressed twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from shops import ANA, BORIS
from tills import TEA, Till, running

from pos_loyalty.ui.messages import Scanned


def sales(url: str) -> int:
    """How many sales the store holds, read past the program."""
    with closing(sqlite3.connect(url)) as store:
        return int(store.execute("SELECT count(*) FROM sales").fetchone()[0])


async def earned(till: Till) -> None:
    """Ana has bought a jacket three weeks ago, and can spend 47.50 now."""
    await till.scan("JACKET", ANA)
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    till.clock.forward(days=20)
    await till.scan("JACKET", ANA)
    assert till.screen == "SaleScreen"


async def test_cash_gives_change_in_big_digits(till: Till, shop_url: str) -> None:
    """An amount and Enter is cash; the change is the largest thing on the screen that follows, with the receipt beside it."""
    await till.scan(TEA)
    await till.press("enter")
    till.see("Payment", "Still to pay, EUR", "Nothing given yet.")
    assert till.amount("left-amount") == "3.50"
    await till.type("20")
    till.see("Change, EUR", "Closed as till-1-000001", "Corner Shop", "till-1-000001")
    assert till.amount("outcome-amount") == "16.50"
    assert sales(shop_url) == 1


async def test_quick_sums_stand_beside_their_keys(till: Till) -> None:
    """The sums that a customer is likely to hand over have keys of their own, and say how much they are."""
    await till.scan("JACKET")
    await till.press("f12")
    till.see("F12 Exact cash", "F5 Cash", "6,000.00", "F8 Cash")
    await till.press("f5")
    assert till.amount("outcome-amount") == "1,000.00"


async def test_card_and_cash_together(till: Till) -> None:
    """A part by bank card and the rest in cash: what is still to pay counts down, and both stand on the receipt."""
    await till.scan("JACKET")
    await till.press("f12")
    await till.type("2000", end="f2")
    assert till.amount("left-amount") == "3,000.00"
    till.see("Bank card", "2,000.00")
    await till.type("4000")
    assert till.amount("outcome-amount") == "1,000.00"
    till.see("Bank card", "Cash", "4,000.00")


async def test_all_by_card(till: Till) -> None:
    """F2 without an amount is all that is left, by bank card; no change."""
    await till.scan(TEA)
    await till.press("f12", "f2")
    assert till.amount("outcome-amount") == "0.00"
    till.see("Bank card")


async def test_more_by_card_than_is_due_is_refused(till: Till, shop_url: str) -> None:
    """Only cash gives change: a card payment past the total is refused with what to do, and not stored."""
    await till.scan(TEA)
    await till.press("f12")
    await till.type("5", end="f2")
    assert till.bar == "✖ 5.00 is more than the 3.50 that is due: only cash gives change, so take less by card."
    assert sales(shop_url) == 0
    assert till.amount("left-amount") == "3.50"


async def test_given_money_is_taken_off_again_and_kept_over_escape(till: Till) -> None:
    """Del takes the last tender off; Escape keeps what was given noted, on the bill and when paying goes on."""
    await till.scan("JACKET")
    await till.press("f12")
    await till.type("1000", end="f2")
    await till.type("500")
    await till.press("delete")
    assert till.bar == "✓ Taken off: Cash 500.00"
    await till.press("escape")
    till.see("Given so far", "1,000.00")
    await till.press("enter")
    assert till.amount("left-amount") == "4,000.00"


async def test_amounts_that_cannot_be_read_say_why(till: Till) -> None:
    """Two separators or letters are refused, and nothing is closed."""
    await till.scan(TEA)
    await till.press("f12")
    await till.type("1.000,50")
    assert till.bar.startswith("✖")
    await till.type("0")
    assert till.bar.startswith("✖ What is paid must be above zero")
    await till.press("enter")
    assert till.bar.startswith("· Type what was given in cash")
    assert till.screen == "PaymentScreen"


async def test_a_late_card_goes_back_to_the_bill(till: Till) -> None:
    """A card scanned while paying prices the bill anew and shows it before any money is taken."""
    await till.scan("JACKET")
    await till.press("f12")
    await till.scan(ANA)
    assert till.screen == "SaleScreen"
    till.see("Ana Kovač")
    assert till.due == "4,750.00"


async def test_goods_scanned_while_paying_go_on_the_bill(till: Till) -> None:
    """A scan counts wherever the focus is: goods scanned while paying are on the bill, which is shown."""
    await till.scan(TEA)
    await till.press("f12")
    await till.scan(TEA)
    assert till.screen == "SaleScreen"
    assert till.due == "7.00"


async def test_a_purse_is_spent_as_far_as_possible(till: Till) -> None:
    """F4 spends what is possible; the bill falls by it, and the receipt says so."""
    await earned(till)
    till.see("Cashback", "47.50")
    await till.press("f12", "f4")
    till.see("spent on it", "-47.50")
    assert till.amount("left-amount") == "3,952.50"
    await till.press("f12")
    till.see("Paid from Cashback")


async def test_a_purse_is_spent_in_part_and_taken_back(till: Till) -> None:
    """An amount and F4 spends that much, 0 takes it back; more than there is is refused with what is possible."""
    await earned(till)
    await till.press("f12")
    await till.type("20", end="f4")
    assert till.amount("left-amount") == "3,980.00"
    await till.type("50", end="f4")
    assert "has 47.50 to spend" in till.bar
    assert till.amount("left-amount") == "3,980.00"
    await till.type("0", end="f4")
    assert till.amount("left-amount") == "4,000.00"


async def test_nothing_to_spend_says_why(till: Till) -> None:
    """Without a card, and with an empty purse, F4 says why nothing is spent."""
    await till.scan(TEA)
    await till.press("f12", "f4")
    assert till.bar.startswith("✖ Spending from a purse needs its holder's card")
    await till.scan(ANA)
    await till.press("f12", "f4")
    assert till.bar.startswith("✖ Nothing of the purse Cashback can be spent")


async def test_a_line_taken_off_gives_up_a_purse_that_no_longer_fits(till: Till) -> None:
    """What was to be spent and is no longer possible is given up, and the cashier is told; the line goes all the same."""
    await earned(till)
    await till.scan(TEA)
    await till.press("f12")
    await till.type("47", end="f4")
    await till.press("escape", "up", "delete")
    assert till.due == "2.80"
    await till.press("f12")
    till.see_not("spent on it")


@pytest.mark.parametrize(
    "keys", [("f12", "f12", "f12"), ("f12", "f2", "f2"), ("f12", "3", "period", "5", "enter", "enter", "enter")]
)
async def test_pay_pressed_twice_is_one_sale(till: Till, shop_url: str, keys: list[str]) -> None:
    """The last key pressed again at once stores nothing more, and does not hide the change."""
    await till.scan(TEA)
    await till.press(*keys)
    assert sales(shop_url) == 1
    assert till.screen == "ReceiptScreen"


async def test_keys_and_scans_wait_while_a_sale_is_stored(till: Till, shop_url: str) -> None:
    """While another program holds the store, the screen says that it is storing; what is scanned meanwhile comes after."""
    await till.scan(TEA)
    await till.press("f12")
    with closing(sqlite3.connect(shop_url, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        till.strike("f2")
        await till.pilot.pause(0.1)
        till.see("Storing…")
        till.app.post_message(Scanned("JACKET"))
        till.strike("f12")
        till.app.post_message(Scanned(BORIS))
        await till.pilot.pause(0.1)
        assert till.screen == "PaymentScreen"
        other.execute("ROLLBACK")
    await till.until(lambda: till.screen == "SaleScreen" and bool(till.app.screen.counter.bill.card))
    assert sales(shop_url) == 1
    assert till.due == "4,750.00"


async def test_a_store_that_does_not_answer_keeps_the_bill(shop_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the store stays busy, the refusal says so; the bill and what was given are still there, and Enter tries again."""
    from pos_loyalty.storage import sqlite

    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.2)
    async with running(shop_url) as till:
        await till.scan(TEA)
        await till.press("f12")
        with closing(sqlite3.connect(shop_url, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await till.type("5")
            assert till.bar.startswith("✖")
            till.see("Cash", "5.00")
            other.execute("ROLLBACK")
        assert sales(shop_url) == 0
        await till.press("enter")
        assert till.amount("outcome-amount") == "1.50"
        assert sales(shop_url) == 1


async def test_the_next_customer_begins_with_a_scan(till: Till) -> None:
    """On a receipt, goods or a card begin the next bill at once; Enter does so after the change could be read."""
    await till.scan(TEA)
    await till.press("f12", "f2")
    await till.scan("JACKET")
    assert till.screen == "SaleScreen"
    assert till.due == "5,000.00"
    await till.press("f12", "f12", "enter")
    assert till.screen == "ReceiptScreen"
    await till.next_customer()
    assert till.screen == "SaleScreen"
    assert till.bar == "· till-1-000002 is closed; its change was 0.00."
    assert till.due == "0.00"
