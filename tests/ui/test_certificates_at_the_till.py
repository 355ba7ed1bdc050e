"""A gift certificate scanned at the till: it pays what it can, and says why where it cannot."""

from __future__ import annotations

from shops import PROGRAMME
from tills import TEA, Till

from pos_loyalty.domain.certificate import certificate_line, nth_number
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.certificates import show
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.programmes import activate


def sold(till: Till, amount: int) -> str:
    """A certificate that this till has sold."""
    register = till.desk.register
    activate(register, f"{PROGRAMME}\n[gift_certificate]\nexpires = '24 months'\n", None, "owner")
    sale = sell(register, Bill(register.new_id(), (certificate_line(amount),)).order("anna")).sale
    return sale.quote.certificates[0].number or ""


async def test_a_certificate_scanned_while_paying_pays(till: Till) -> None:
    """2.00 of 3.50 by certificate leave 1.50, and a scan of another that holds enough closes the bill."""
    small, large = sold(till, 200), sold(till, 5_000)
    await till.scan(TEA)
    await till.press("enter")
    await till.scan(small.lower())
    till.see("Certificate", "2.00")
    assert till.amount("left-amount") == "1.50"
    await till.scan(large)
    till.see("Closed as till-1-000003", "left on it", "48.50")
    till.see_not(small, large)
    assert [show(till.desk.register, number).left for number in (small, large)] == [0, 4_850]


async def test_a_certificate_scanned_with_the_goods_is_noted(till: Till) -> None:
    """It pays when the bill is paid; the rest is asked for."""
    number = sold(till, 200)
    await till.scan(TEA, number)
    assert till.bar == "✓ The certificate pays 2.00: 1.50 is left to pay."
    await till.press("enter")
    assert till.amount("left-amount") == "1.50"


async def test_one_that_cannot_pay_says_why(till: Till) -> None:
    """Before there are goods, one that was never sold, and one that pays all that is on it already."""
    number = sold(till, 200)
    await till.scan(number)
    assert "ring up something first" in till.bar
    await till.scan(TEA, nth_number(572))
    assert "is not known here" in till.bar
    await till.scan(number, number)
    assert "pays all that is on it already" in till.bar
