"""The sale screen at 80 x 24, scan by scan and key by key."""

from __future__ import annotations

import pytest
from shops import ANA, BORIS
from tills import BLOCKED, TEA, Till, running


async def test_goods_and_card_show_all_that_matters(till: Till) -> None:
    """Goods land in the basket, a card shows its holder beside it, and the total is in big digits."""
    await till.scan(TEA, "JACKET", ANA)
    till.see("Green tea 20 bags", "Winter jacket", "5,000.00", "Ana Kovač", "Basic", "card *0018")
    till.see("To reach Gold", "500.00", "Birthday in 3 days", "First visit", "earns", "+47.53", "-250.18")
    assert till.due == "4,753.32"


async def test_a_late_card_makes_the_same_bill(till: Till) -> None:
    """A card after the goods prices the bill as the same card before them."""
    await till.scan(TEA, "JACKET")
    assert till.due == "5,003.50"
    await till.scan(ANA)
    assert till.due == "4,753.32"


async def test_a_wrong_card_comes_off_again(till: Till) -> None:
    """The key / takes a card off, and with it all that hung on it; the bar says so, without the whole number."""
    await till.scan("JACKET", ANA)
    await till.press("slash")
    assert till.due == "5,000.00"
    till.see("No card", "is off the bill")
    till.see_not("Ana", ANA)
    await till.press("slash")
    assert till.bar == "✖ There is no card on this bill."


async def test_another_card_takes_the_place_of_the_first(till: Till) -> None:
    """A second card replaces the first, and the cashier is told whose bill it is now."""
    await till.scan("JACKET", ANA, BORIS)
    assert till.bar.startswith("! Another card")
    till.see_not("Ana Kovač")


async def test_a_refusal_stays_until_the_next_key(till: Till) -> None:
    """An unknown code says what it is and what to do; that stays while nothing happens, and goes with the next key."""
    await till.scan("5901234123457")
    assert till.bar == "✖ Code 5901234123457 is not known here: ring the goods up with a price of your own."
    await till.pilot.pause(0.3)
    till.see("is not known here")
    await till.press("up")
    assert till.bar == ""


async def test_a_blocked_card_opens_nothing(till: Till) -> None:
    """A blocked card is refused with what to do, before goods and after them, and the bill stays without it."""
    for codes in ((BLOCKED,), (TEA, BLOCKED)):
        await till.scan(*codes)
        assert till.bar == "✖ Card *********0032 is blocked: sell without it, or have it unblocked or replaced."
        till.see("No card")
    assert till.due == "3.50"


async def test_a_misread_card_is_told_from_an_unknown_one(till: Till) -> None:
    """A card number with a wrong check digit says to scan again; one that was never handed out says so."""
    await till.scan("2900000000019")
    assert "wrong check digit: scan it again" in till.bar
    await till.scan("2900000000049")
    assert "is not known here" in till.bar


async def test_like_goods_count_up_on_one_line(till: Till) -> None:
    """The same goods twice are one line of two."""
    await till.scan(TEA, TEA)
    assert [line.quantity for line in till.app.screen.counter.bill.lines] == [2_000_000]
    assert till.due == "7.00"


@pytest.mark.parametrize("keys", ["3*", "3x"])
async def test_a_quantity_before_the_scan(till: Till, keys: str) -> None:
    """`3*` and a scan is three of it; the screen shows that a quantity waits."""
    await till.type(keys, end="enter" if keys == "3x" else "")
    if keys == "3*":
        till.see("next: 3 ×")
    await till.scan(TEA)
    assert till.due == ("10.50" if keys == "3*" else "3.50")


async def test_a_quantity_and_a_code_typed(till: Till) -> None:
    """`3*` and a typed code is three of it; `2*` and Enter makes two of the chosen line."""
    await till.type(f"3*{TEA}")
    assert till.due == "10.50"
    await till.type("2*")
    assert till.due == "7.00"


async def test_plus_minus_and_delete_change_the_chosen_line(till: Till) -> None:
    """On an empty line of input + and - count the chosen line up and down, the last one takes it off, Del at once."""
    await till.scan(TEA, "JACKET")
    await till.press("up", "plus", "plus", "minus")
    assert till.due == "5,007.00"
    await till.press("down", "minus")
    assert till.bar == "✓ Taken off the bill: Winter jacket"
    await till.press("delete")
    assert till.bar == "✓ Taken off the bill: Green tea 20 bags"
    await till.press("delete")
    assert till.bar.startswith("✖ There is no line to change")
    assert till.due == "0.00"


async def test_quantity_and_discount_by_hand(till: Till) -> None:
    """F4 asks for a quantity, by weight too; F5 for a discount as a rate or an amount, shown at the line; 0 takes it back."""
    await till.scan("HAM")
    await till.press("escape", "f4")
    await till.type("1.25")
    assert till.due == "16.24"
    await till.press("f5")
    await till.type("10%")
    assert till.due == "14.62"
    till.see("(-1.62) Ham", "Discount by hand")
    await till.press("f5")
    await till.type("2.24")
    assert till.due == "14.00"
    await till.press("f5")
    await till.type("0")
    assert till.due == "16.24"


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("f4", "0", "✖ A quantity is above zero"),
        ("f4", "two", '✖ "two" is not a number.'),
        ("f5", "101%", "✖ A discount is from 0% to 100%."),
        ("f5", "1.2345", "✖"),
    ],
)
async def test_what_cannot_be_read_is_asked_again(till: Till, key: str, typed: str, said: str) -> None:
    """A question that gets no answer it can read says why and stays; Escape changes nothing."""
    await till.scan(TEA)
    await till.press(key)
    await till.type(typed)
    assert till.bar.startswith(said)
    await till.press("escape")
    assert till.screen == "SaleScreen"
    assert till.due == "3.50"


async def test_goods_by_weight_ask_for_it(till: Till) -> None:
    """Goods in another unit than pieces ask how much; the next scan counts all the same."""
    await till.scan("HAM")
    till.see("Quantity", "3, or 1.250 for goods by weight")
    await till.type("0.5")
    assert till.due == "6.50"
    await till.scan("HAM", TEA)
    assert till.screen == "SaleScreen"
    assert till.due == "22.99"


async def test_a_discount_past_the_price_is_refused(till: Till) -> None:
    """A discount by hand of more than the line is refused by the till, and the bill stays as it was."""
    await till.scan(TEA)
    await till.press("f5")
    await till.type("4.00")
    assert "must be between nothing and the line's price" in till.bar
    assert till.due == "3.50"


async def test_goods_without_a_code(till: Till) -> None:
    """A price typed with its decimals asks for name, department and VAT, as they were the last time, and rings it up."""
    await till.type("12.50")
    till.see("Goods without a code", "VAT, %")
    await till.press("delete")
    await till.type("20")
    line = till.app.screen.counter.bill.lines[0]
    assert (line.unit_price, line.vat) == (1_250, 200_000)
    await till.type("1,5")
    await till.press("enter")
    assert [(line.unit_price, line.vat) for line in till.app.screen.counter.bill.lines][1] == (150, 200_000)
    assert till.due == "14.00"


async def test_a_price_that_could_be_two_is_refused(till: Till) -> None:
    """1.250 is a thousand in one country and a slip in another: it is refused, never guessed."""
    await till.type("1.250")
    assert till.bar.startswith('✖ "1.250" could be two numbers')
    assert till.due == "0.00"


async def test_goods_without_a_price_are_asked_for_one(till: Till) -> None:
    """Goods that have no price in the catalogue ask for it; what is scanned meanwhile is kept and counts after it."""
    await till.scan("GIFT", TEA)
    till.see("has no price in the catalogue", "Scanned and kept")
    await till.type("9.99")
    await till.settle()
    assert till.due == "13.49"
    till.see("Something without a price", "Green tea")


async def test_goods_are_found_by_name(till: Till) -> None:
    """Letters and Enter look for goods; the arrows choose, Enter rings up. A scan there counts at the bill."""
    await till.type("tea")
    till.see("Find goods", "Green tea 20 bags")
    await till.press("enter")
    assert till.due == "3.50"
    await till.press("f3")
    await till.type("zzz", end="")
    till.see("Nothing is called so")
    await till.scan("JACKET")
    assert till.screen == "SaleScreen"
    assert till.due == "5,003.50"


async def test_nothing_that_matters_is_cut_off(shop_url: str) -> None:
    """Long names give way; the largest amounts and the longest refusal stand whole at 80 x 24."""
    async with running(shop_url) as till:
        for _ in range(3):
            await till.scan("HAM")
            await till.press("escape")
        await till.type("9999*", end="")
        await till.scan("JACKET", ANA)
        till.see("Ham sliced", "…", "49,995,000.00", "5,000.00", "9,999")
        assert till.due == "47,495,287.02"
        await till.scan("2900000000019")
        assert till.bar.endswith("scan it again.")


async def test_a_larger_terminal_shows_more(shop_url: str) -> None:
    """At 120 x 40 the names stand whole, and the keys take one line."""
    async with running(shop_url, size=(120, 40)) as till:
        await till.scan("HAM", ANA)
        till.see("Ham sliced thin from the mountain village of Elena", "Birthday in 3 days")
        assert len([line for line in till.lines if "F1 " in line or "F12" in line]) <= 2
