"""Shifts of the drawer: opened once, read and closed to the cent, and nothing of them half stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from shops import ANA, Clock, Shop

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.certificate import certificate_line, nth_number
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.sale import Sale, Tender
from pos_loyalty.domain.shift import NO_HEAD, PurseSum, TenderSum, VatSum
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.cards import issue
from pos_loyalty.till.checkout import sell
from pos_loyalty.till.ids import uuid7
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, refund
from pos_loyalty.till.shifts import (
    close_shift,
    closed_shifts,
    drawer_now,
    drawer_opened,
    open_shift,
    pay,
    x_report,
    z_report,
)

DAY = """
[programme]
name = "Day"
currency = "EUR"
time_zone = "UTC"
cash_rounding = "0.05"

[purse.points]
unit = "points"

[[offer]]
id = "earn"
title = "Points"
give = { earn = { points = 1 }, every = "1.00" }

[[offer]]
id = "ten"
title = "Ten percent"
give = { discount = "10%" }
on = { departments = ["food"] }

[gift_certificate]
expires = "24 months"

[[club]]
id = "friends"
title = "Friends"
join = { fee = "20.00" }
lasts = "12 months"

[guard]
late_card = "10 minutes"
"""


def item(price: int, department: str = "misc", vat: int = 200_000, name: str = "Goods") -> LineItem:
    return LineItem(name, price, department=department, vat=vat)


def ring(
    register: Register, *lines: LineItem, card: str | None = None, tenders: tuple[Tender, ...] | None = None
) -> Sale:
    return sell(register, Bill(register.new_id(), lines, card).order("anna", tenders)).sale


@pytest.fixture
def register(store: Store) -> Register:
    """A register on a fresh store of either database, with the programme of the day."""
    clock = Clock()
    numbers = iter(range(1, 9))
    made = Register("till-1", store, clock, lambda: uuid7(clock.now), new_secret=lambda below: next(numbers))
    activate(made, DAY, None, "owner")
    issue(made, ANA)
    return made


def a_day(register: Register) -> None:
    """Bills of every kind, a return, a card that came late, and money beside the sales."""
    ring(register, item(999), card=ANA)  # before the shift: none of its business
    open_shift(register, 10_000, "anna")
    food = ring(register, item(1_000, "food"), item(502, vat=90_000), card=ANA, tenders=(Tender("cash", 2_000),))
    ring(register, certificate_line(2_500), tenders=(Tender("card", 2_500),))
    ring(register, item(3_000), tenders=(Tender("certificate", 1_000, nth_number(1)), Tender("other", 2_000)))
    by_hand = replace(item(500), by_hand=ByHand(amount=100))
    ring(register, by_hand)
    late = ring(register, item(700))
    add_card(register, LateOrder(late.id, ANA, "anna"))
    refund(register, RefundOrder(food.id, lines=((1, MILLION),), operator="anna"))
    pay(register, 5_000, "change from the bank", "anna")
    pay(register, -1_250, "window cleaner", "anna", allowed_by="maria")
    drawer_opened(register, "anna", "a coin fell in")


def test_an_x_report_adds_a_day_up_by_hand(register: Register) -> None:
    """Every figure of a day that was worked out on paper; what was before the shift is none of it, and nothing is stored."""
    a_day(register)
    report = x_report(register, "anna")
    assert (report.bills, report.returns, report.late_cards, report.memberships) == (5, 1, 1, 0)
    # 10.00 + 5.02 + 25.00 + 30.00 + 5.00 + 7.00
    assert (report.gross, report.discounts, report.spent, report.due) == (8_202, 200, 0, 8_002)
    assert [(one.offer, one.amount) for one in report.by_offer] == [("by_hand", 100), ("ten", 100)]
    assert report.returned == 900
    # 9.00 and 5.02 of the first bill round up to 14.02 -> 14.00 in cash
    assert report.tenders == (
        TenderSum("card", 2_500, 0),
        TenderSum("other", 2_000, 0),
        TenderSum("cash", 1_400 + 400 + 700, 900),
        TenderSum("certificate", 1_000, 0),
    )
    assert (report.rounding, report.change) == (-2, 600)
    # 5.02 at 9% holds 0.41; at 20%: 30.00 holds 5.00, 4.00 0.67, 7.00 1.17; 9.00 came and went
    assert report.vat[-2:] == (VatSum(90_000, 461, 41), VatSum(200_000, 3_416, 684))
    assert report.net == 461 + 3_416
    assert (report.certificates_sold, report.certificates_sold_for) == (1, 2_500)
    assert (report.certificates_taken, report.certificates_taken_for) == (1, 1_000)
    assert report.purses == (PurseSum("points", "points", 14 + 7, 0, 0, 0, 9),)
    assert (report.first_receipt, report.last_receipt) == (2, 7)
    drawer = report.drawer
    assert (drawer.cash_in, drawer.cash_out, drawer.paid_in, drawer.paid_out, drawer.opened) == (
        2_500,
        900,
        5_000,
        1_250,
        1,
    )
    assert drawer.expected == 10_000 + 2_500 - 900 + 5_000 - 1_250
    assert (drawer.counted, drawer.variance, report.closed) == (None, None, False)
    assert x_report(register, "anna") == report
    assert drawer_now(register).shift is not None


def test_a_z_report_closes_the_shift_and_is_kept(register: Register) -> None:
    """It says what the X report said, with what was counted and the head of the chain; the next shift begins behind it."""
    a_day(register)
    x = x_report(register, "boris")
    z = close_shift(register, 15_300, "boris")
    assert replace(z, closed=False, drawer=replace(z.drawer, counted=None)) == x
    assert z.drawer.variance == 15_300 - 15_350
    with register.store.read() as books:
        assert (z.last_entry, z.head) == books.journal_head("till-1")
    assert z_report(register, 1) == z
    assert [shift.number for shift in closed_shifts(register)] == [1]
    assert drawer_now(register).shift is None
    ring(register, item(100))  # between two shifts
    second = open_shift(register, 0, "anna")
    assert (second.number, second.first_entry) == (2, z.last_entry + 2)
    empty = close_shift(register, 0, "anna")
    assert (empty.bills, empty.first_receipt, empty.drawer.expected, empty.vat) == (0, None, 0, ())
    assert [shift.number for shift in closed_shifts(register)] == [2, 1]
    assert [shift.number for shift in closed_shifts(register, 2)] == [1]
    assert verify_store(register.store).faults == ()


def test_a_shift_before_the_first_entry_has_no_head(store: Store) -> None:
    """A register that never posted anything can be opened and closed; its chain has not begun."""
    clock = Clock()
    register = Register("till-2", store, clock, lambda: uuid7(clock.now))
    activate(register, DAY, None, "owner")
    open_shift(register, 500, "anna")
    z = close_shift(register, 500, "anna")
    assert (z.first_entry, z.last_entry, z.head, z.drawer.variance) == (1, 0, NO_HEAD, 0)
    assert verify_store(store).faults == ()


def test_one_shift_is_open_at_a_register_and_others_have_their_own(register: Register) -> None:
    """A second one is refused with who opened the first; another register's shift is its own."""
    open_shift(register, 0, "anna")
    with pytest.raises(Refused) as refused:
        open_shift(register, 0, "boris")
    assert refused.value.code == "shift-open"
    other = replace(register, name="till-2")
    assert open_shift(other, 100, "boris").number == 1
    ring(other, item(300))
    assert x_report(register, "anna").bills == 0
    assert x_report(other, "boris").drawer.expected == 400


def test_what_needs_an_open_shift_says_so(register: Register) -> None:
    """X, Z, pay-in and pay-out are refused with what to do; an opening of the drawer is kept all the same."""
    for act in (
        lambda: x_report(register, "anna"),
        lambda: close_shift(register, 0, "anna"),
        lambda: pay(register, 100, "why", "anna"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "shift-missing"
    drawer_opened(register, "anna")
    with pytest.raises(Refused) as refused:
        z_report(register, 1)
    assert refused.value.code == "shift-unknown"


def test_a_pay_in_is_kept_once_and_no_more_is_taken_out_than_is_there(register: Register) -> None:
    """The same id twice is once; more than should be in the drawer, nothing at all, and no reason are refused."""
    open_shift(register, 100, "anna")
    id_ = register.new_id()
    assert pay(register, 250, "coins", "anna", id=id_) == pay(register, 250, "coins", "anna", id=id_)
    assert x_report(register, "anna").drawer.expected == 350
    for amount, reason, code in (
        (-351, "bank", "drawer-short"),
        (0, "bank", "amount-invalid"),
        (1, " ", "words-invalid"),
    ):
        with pytest.raises(Refused) as refused:
            pay(register, amount, reason, "anna")
        assert refused.value.code == code
    pay(register, -350, "bank", "anna")
    assert x_report(register, "anna").drawer.expected == 0


def test_a_register_that_wants_a_shift_sells_none_without(register: Register) -> None:
    """The first bill, and a return, are refused with what to do; once a shift is open both go."""
    sold = ring(register, item(300))
    strict = replace(register, needs_shift=True)
    for act in (lambda: ring(strict, item(100)), lambda: refund(strict, RefundOrder(sold.id))):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "shift-missing"
    open_shift(strict, 0, "anna")
    ring(strict, item(500))
    refund(strict, RefundOrder(sold.id))
    assert x_report(strict, "anna").drawer.expected == 200


class PowerCut(BaseException):
    """The process dies."""


def test_a_till_that_dies_while_closing_leaves_the_shift_open(
    make_shop: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever of closing was done, none of it stands; closed again, it is closed once."""
    register = make_shop().register
    open_shift(register, 700, "anna")
    with monkeypatch.context() as patched:

        def dies(*_: object, **__: object) -> None:
            raise PowerCut

        patched.setattr("pos_loyalty.till.shifts.note", dies)  # the last step of the transaction
        with pytest.raises(PowerCut):
            close_shift(register, 700, "anna")
    shift = drawer_now(register).shift
    assert shift is not None
    assert shift.number == 1
    assert close_shift(register, 700, "anna").drawer.variance == 0
    with pytest.raises(Refused):
        close_shift(register, 700, "anna")
