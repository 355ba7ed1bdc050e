"""Bills put aside and taken up again, goods that come back, and receipts looked at again."""

from __future__ import annotations

from shops import ANA
from tills import TEA, Till, running

from pos_loyalty.till.card_life import block
from pos_loyalty.till.suspending import suspended


async def bought(till: Till, *codes: str) -> None:
    """A bill closed in cash, and its receipt read."""
    await till.scan(*codes)
    await till.press("f12", "f12")
    await till.next_customer()


async def test_a_bill_is_put_aside_and_taken_up_at_another_till(till: Till, shop_url: str) -> None:
    """F6 puts the bill aside under a word; another register takes it up with its card; it waits no longer then."""
    await till.scan("JACKET", ANA)
    await till.press("f6")
    till.see("Put the bill aside", "Ana Kovač")
    await till.press("enter")
    assert till.bar.startswith("✓ The bill is put aside.")
    assert till.due == "0.00"
    async with running(shop_url, name="till-2") as other:
        await other.press("f6")
        other.see("Bills that wait", "Ana Kovač", "till-1", "anna")
        await other.press("enter")
        assert other.due == "4,750.00"
        other.see("Ana Kovač", "till-2")
    await till.press("f6")
    assert till.bar == "✖ No bill waits: nothing was put aside."


async def test_a_bill_taken_up_drops_a_card_that_was_blocked_meanwhile(till: Till) -> None:
    """The goods come back on the counter; the card that opens nothing any more is off, and why is said."""
    await till.scan("JACKET", ANA)
    await till.press("f6", "enter")
    block(till.desk.register, ANA)
    await till.press("f6", "enter")
    assert till.bar.startswith("! Card *********0018 is blocked")
    assert till.due == "5,000.00"


async def test_nothing_to_put_aside(till: Till) -> None:
    """A bill with a card alone cannot be put aside; Escape in the question changes nothing."""
    await till.scan(ANA)
    await till.press("f6")
    assert till.bar == "✖ There is nothing on this bill to put aside."
    await till.scan(TEA)
    await till.press("f6", "escape")
    assert till.due == "3.32"
    assert suspended(till.desk.register) == ()


async def test_a_return_by_the_receipts_barcode(till: Till) -> None:
    """Scanning a receipt opens its return; what the holder gets and gives back is shown before it is confirmed."""
    await bought(till, "JACKET", TEA, TEA, ANA)
    await till.scan("till-1-000001")
    till.see("Return of till-1-000001", "Ana K.", "Winter jacket", "4,750.00", "Choose what comes back.")
    assert till.amount("outcome-amount") == "0.00"
    await till.press("plus")
    assert till.amount("outcome-amount") == "4,750.00"
    till.see("↩ 1", "in cash", "Cashback: taken back", "-47.49", "Tier after it", "Basic")
    await till.press("down")
    await till.type("1")
    assert till.amount("outcome-amount") == "4,753.33"
    await till.press("f12")
    till.see("Give back, EUR", "RETURN", "till-1-000002")
    assert till.amount("outcome-amount") == "4,753.33"


async def test_a_return_by_a_typed_number(till: Till) -> None:
    """F7 and a bare number is one of this register's receipts; more than is left is refused with what is left."""
    await bought(till, TEA, TEA)
    await till.press("f7")
    await till.type("1")
    till.see("Return of till-1-000001")
    await till.type("3")
    assert till.bar == "✖ 2 is left to come back of this line, not 3."
    await till.press("f4", "f4", "f12")
    assert till.screen == "ReceiptScreen"
    await till.scan("till-1-000001")
    assert till.bar == "✖ All of this bill has already come back."


async def test_an_unknown_receipt_says_what_to_do(till: Till) -> None:
    """A number that is no receipt here is refused; an open bill stays where it is."""
    await till.scan(TEA)
    await till.press("f7")
    await till.type("77")
    assert till.bar.startswith("✖ There is no sale till-1-000077 here")
    assert till.due == "3.50"


async def test_nothing_chosen_is_no_return(till: Till) -> None:
    """F12 without a quantity is refused, and F4 chooses all or none."""
    await bought(till, TEA, "JACKET")
    await till.scan("till-1-000001")
    await till.press("f12")
    assert till.bar.startswith("✖ Nothing was chosen that comes back")
    await till.press("f5")
    assert till.bar.startswith("✖ Nothing was chosen that comes back")
    await till.press("f4")
    assert till.amount("outcome-amount") == "5,003.50"
    await till.press("f4")
    assert till.amount("outcome-amount") == "0.00"


async def test_what_was_spent_can_be_owed_withheld_or_forgiven(till: Till) -> None:
    """F5 says and shows what happens to what was earned and has been spent since."""
    await bought(till, "JACKET", ANA)
    till.clock.forward(days=20)
    await till.scan("JACKET", ANA)
    await till.press("f12", "f4", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    await till.scan("till-1-000001")
    await till.press("plus")
    till.see("F5 what was earned and is spent:", "as the programme says")
    money = till.amount("outcome-amount")
    await till.press("f5", "f5")
    till.see("kept from the money", "47.50")
    assert (money, till.amount("outcome-amount")) == ("4,750.00", "4,702.50")
    await till.press("f5")
    till.see("Cashback: forgiven")


async def test_the_chosen_way_is_said_also_where_nothing_is_spent(till: Till) -> None:
    """Where nothing earned is spent, F5 changes no sum, and says all the same which way was chosen."""
    await bought(till, "JACKET", ANA)
    await till.scan("till-1-000001")
    await till.press("plus")
    till.see("F5 what was earned", "as the programme says")
    await till.press("f5")
    assert till.bar == "· what was earned and is spent: the holder owes it"
    await till.press("f12")
    await till.until(lambda: till.screen == "ReceiptScreen")


async def test_confirming_a_return_twice_is_one_return(till: Till) -> None:
    """F12 pressed twice gives the money back once."""
    await bought(till, TEA)
    await till.scan("till-1-000001")
    await till.press("f12", "f12")
    assert till.screen == "ReceiptScreen"
    await till.scan("till-1-000001")
    assert till.bar == "✖ All of this bill has already come back."


async def test_the_last_receipts_are_listed_and_opened(till: Till) -> None:
    """F8 lists sales and returns, the newest first; Enter opens one, a number any other."""
    await bought(till, TEA)
    await bought(till, "JACKET", ANA)
    await till.press("f8")
    till.see("▸ till-1-000002", "Ana K.", "4,750.00", "till-1-000001")
    await till.type("1")
    till.see("Receipt", "Green tea 20 bags", "Closed as till-1-000001")
    await till.press("f8")
    assert till.bar.startswith("✖ No printer is set up")
    await till.press("escape")
    await till.type("99")
    assert till.bar.startswith("✖ There is no receipt till-1-000099 here")


async def test_a_returns_receipt_can_be_scanned_too(till: Till) -> None:
    """The barcode of a return shows that receipt."""
    await bought(till, TEA)
    await till.scan("till-1-000001")
    await till.press("f12")
    await till.scan("till-1-000002")
    till.see("RETURN")
