"""Gift certificates and memberships at the till: sold, shown, paid with as far as they reach, and refused with a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from shops import ANA, BORIS, PROGRAMME, Clock
from tills import TEA, Till, open_desk, running

from pos_loyalty.domain.certificate import certificate_line, nth_number
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.certificates import show
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.receipts import latest

SELLS = f"""{PROGRAMME}
[gift_certificate]
expires = "24 months"

[[club]]
id = "friends"
title = "Friends of the shop"
join = {{ fee = "20.00" }}
lasts = "12 months"

[[club]]
id = "staff"
title = "Friends by hand"
join = {{ by_hand = true }}
"""


@pytest.fixture
async def till(shop_url: str) -> AsyncIterator[Till]:
    """A terminal whose programme sells certificates of any amount, and memberships of one club."""
    desk = open_desk(shop_url, Clock())
    activate(desk.register, SELLS, None, "owner")
    desk.register.store.close()
    async with running(shop_url) as running_till:
        yield running_till


def sold(till: Till, amount: int) -> str:
    """A certificate that this till has sold."""
    register = till.desk.register
    sale = sell(register, Bill(register.new_id(), (certificate_line(amount),)).order("anna")).sale
    return sale.quote.certificates[0].number or ""


def left(till: Till, *numbers: str) -> list[int]:
    """What the store says is left on certificates."""
    return [show(till.desk.register, number).left for number in numbers]


# ---- paid with ----


async def test_a_certificate_scanned_while_paying_pays(till: Till) -> None:
    """2.00 of 3.50 by certificate leave 1.50, and a scan of another that holds enough closes the bill; it gives no change."""
    small, large = sold(till, 200), sold(till, 5_000)
    await till.scan(TEA)
    await till.press("enter")
    await till.scan(small.lower())
    till.see(f"Certificate *{small[-4:]}", "2.00", "left on it")
    assert till.bar == "✓ The certificate pays 2.00: 1.50 is left to pay."
    assert till.amount("left-amount") == "1.50"
    await till.scan(large)
    till.see("Closed as till-1-000003", "left on it", "48.50")
    till.see_not(small, large)
    assert till.amount("outcome-amount") == "0.00"
    assert left(till, small, large) == [0, 4_850]


async def test_the_rest_is_paid_in_cash(till: Till) -> None:
    """A certificate, then a note: the change is of the rest alone."""
    number = sold(till, 200)
    await till.scan(TEA)
    await till.press("f12")
    await till.type(number[1:], end="f9")
    assert till.amount("left-amount") == "1.50"
    await till.type("5")
    assert till.amount("outcome-amount") == "3.50"
    assert left(till, number) == [0]


async def test_a_typed_number_pays_with_enter_too(till: Till) -> None:
    """G and its digits are no amount; F9 without a number says what to do."""
    number = sold(till, 5_000)
    await till.scan("JACKET")
    await till.press("f12", "f9")
    assert till.bar.startswith("· Scan the certificate, or type its number")
    await till.type(number.lower())
    assert till.amount("left-amount") == "4,950.00"
    await till.press("delete")
    assert till.bar == "✓ Taken off: Certificate 50.00"
    assert till.amount("left-amount") == "5,000.00"


async def test_money_given_before_is_not_given_back_for_a_certificate(till: Till) -> None:
    """2.00 in cash were taken, so the certificate pays the 1.50 that are left and keeps the rest."""
    number = sold(till, 5_000)
    await till.scan(TEA)
    await till.press("f12")
    await till.type("2")
    await till.scan(number)
    assert till.amount("outcome-amount") == "0.00"
    assert left(till, number) == [4_850]


async def test_a_certificate_scanned_with_the_goods_follows_the_bill(till: Till) -> None:
    """It is to pay; what it pays grows and falls with what is due, until the bill is paid."""
    number = sold(till, 500)
    await till.scan(TEA, number)
    assert till.bar == "✓ The certificate pays 3.50: 0.00 is left to pay."
    till.see("To be paid by certificate", "3.50")
    await till.scan(TEA)
    till.see("To be paid by certificate", "5.00")
    await till.press("minus")
    till.see("To be paid by certificate", "3.50")
    await till.press("f12")
    till.see("Nothing is left to pay: Enter closes")
    till.see_not("F12 Exact cash   ")
    await till.press("escape")
    await till.scan(TEA)
    await till.press("enter")
    assert till.amount("left-amount") == "2.00"
    await till.press("f12")
    till.see("Closed as till-1-000002")
    assert left(till, number) == [0]


async def test_a_certificate_that_another_till_spent_meanwhile(till: Till) -> None:
    """It pays nothing any more, which is seen before the money is taken."""
    number = sold(till, 500)
    await till.scan(TEA, number)
    register = till.desk.register
    counter = till.app.screen.counter  # type: ignore[attr-defined]
    sell(register, Bill(register.new_id(), counter.bill.lines).order("b", counter.tenders))
    await till.press("enter")
    till.see(f"Certificate *{number[-4:]}")
    assert till.amount("left-amount") == "2.00"
    await till.press("f12")
    assert left(till, number) == [0]


async def test_on_an_empty_counter_its_balance_is_shown(till: Till) -> None:
    """What is left and its last day; spent, expired and unknown ones say so."""
    number = sold(till, 5_000)
    await till.scan(TEA, number)
    await till.press("enter", "enter")
    await till.until(lambda: till.screen == "ReceiptScreen")
    await till.scan(number)
    assert till.bar.startswith(f"· 46.50 of 50.00 is left on certificate ***********{number[-4:]}, until 5 Jan 2028")
    till.clock.forward(days=800)
    await till.scan(number)
    assert till.bar.startswith("! The last day of certificate")
    await till.scan(TEA, number)
    assert "expired on" in till.bar
    await till.scan(nth_number(572))
    assert "is not known here" in till.bar


async def test_one_that_cannot_pay_says_why(till: Till) -> None:
    """The same once more, and one more where all is paid already."""
    number, other = sold(till, 5_000), sold(till, 5_000)
    await till.scan(TEA, number, number)
    assert till.bar == "✖ This certificate is to pay already, as much as it can."
    await till.scan(other)
    assert till.bar == "✖ Nothing is left to pay: the certificate stays as it is."


# ---- sold ----


async def test_a_certificate_is_sold_by_its_name(till: Till) -> None:
    """ "cert" Enter finds it, the amount is asked; three of it are three lines, and each has a number on the receipt."""
    await till.type("cert")
    till.see("Gift certificate", "asked")
    await till.press("enter")
    till.see("For how much?")
    await till.type("0")
    assert till.bar == "✖ A gift certificate is for an amount above zero."
    await till.press("backspace")
    await till.type("25")
    till.see("Gift certificate")
    assert till.due == "25.00"
    await till.press("3", "*", "f3", "enter")
    await till.type("10")
    assert till.due == "55.00"
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    numbers = [one.number or "" for one in latest(till.desk.register)[0].sale.quote.certificates]
    assert left(till, *numbers) == [2_500, 1_000, 1_000, 1_000]


async def test_amounts_are_chosen_where_the_programme_names_them(till: Till, shop_url: str) -> None:
    """The programme's amounts are a list; Enter takes one."""
    terms = 'expires = "24 months"\namounts = ["10.00", "25.00"]'
    activate(till.desk.register, SELLS.replace('expires = "24 months"', terms), None, "owner")
    async with running(shop_url, name="till-2") as other:
        await other.type("gift cert")
        await other.press("enter")
        other.see("For how much?", "10.00", "25.00")
        await other.press("down", "enter")
        assert other.due == "25.00"


async def test_an_amount_of_the_list_can_be_typed(till: Till, shop_url: str) -> None:
    """Who types the amount gets that one, not the one at the top of the list; another amount is refused, and asked again."""
    terms = 'expires = "24 months"\namounts = ["10.00", "25.00"]'
    activate(till.desk.register, SELLS.replace('expires = "24 months"', terms), None, "owner")
    async with running(shop_url, name="till-2") as other:
        await other.type("gift cert")
        await other.press("enter")
        await other.type("12")
        assert other.bar == "✖ The programme sells no certificate of this amount: take one of the list."
        await other.type("25")
        assert other.due == "25.00"


async def test_a_membership_is_sold_to_its_holder(till: Till) -> None:
    """It is found by the club's name; without a card it is refused with what to do, and the card stays on while it is sold."""
    await till.type("friends")
    till.see("Membership: Friends of the shop", "20.00")
    till.see_not("Friends by hand")
    await till.press("enter")
    assert till.bar == "✖ A membership is the holder's: scan the card first."
    await till.scan(ANA)
    await till.press("f3", "down", "enter")
    assert till.bar == "✓ Membership: Friends of the shop, until 5 Jan 2027"
    assert till.due == "20.00"
    await till.press("slash")
    assert till.bar.startswith("✖ The membership on the bill is this holder's")
    await till.press("f12", "f12")
    await till.until(lambda: till.screen == "ReceiptScreen")
    (joined,) = latest(till.desk.register)[0].sale.quote.memberships
    assert joined.club == "friends"
    await till.scan(ANA)
    await till.type("friends")
    await till.press("enter")
    assert till.bar == "✓ Membership: Friends of the shop, until 5 Jan 2028"


async def test_goods_are_found_as_before(till: Till) -> None:
    """A word of goods finds goods alone; two memberships on one bill are refused."""
    await till.type("jack")
    till.see("Winter jacket")
    till.see_not("Gift certificate", "Membership")
    await till.press("enter")
    await till.scan(BORIS)
    await till.type("friends")
    await till.press("enter")
    await till.type("friends")
    await till.press("enter")
    assert "a bill sells one membership of Friends of the shop" in till.bar
