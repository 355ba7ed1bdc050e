"""Coupons: given with one bill, opening an offer on another of the same holder, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from bills import AT_ONCE, DAY, eur, goods, holder, pct, programme
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.audience import Known
from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.coupons import Coupon, by_offer, check, looks_mistyped, new_number, number_of
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.pricing import quote
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import CouponGiven, EarnUnits, Multiply, Needs, Offer, PercentOff
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.sale import CouponUsed, Quote

NEXT = Offer(
    "next-visit",
    "A coupon for the next visit",
    CouponGiven("ten-off", Duration(30, "day")),
    needs=Needs(spend=eur("40.00")),
)
TEN = Offer("ten-off", "Your 10 % coupon", PercentOff(pct("10")), needs=Needs(coupon=True))
RULES = programme(purses=(AT_ONCE,), extra=(NEXT, TEN))
GIVEN = Coupon("C1234567897", "ana", "ten-off", "next-visit", DAY + timedelta(days=3))


def bill(*lines: LineItem, rules: Programme = RULES, coupons: Mapping[str, str] | None = None) -> Quote:
    return quote(lines, rules, DAY, holder(), known=Known(coupons=coupons or {}))


def reason(found: Coupon | None, account: Account | None = None, day: date = DAY, rules: Programme = RULES) -> str:
    with pytest.raises(Refused) as caught:
        check("C1234567897", found, account or holder(), rules, day)
    assert caught.value.code == "coupon-invalid"
    return caught.value.message.template


def test_a_coupon_for_the_next_visit() -> None:
    """With 40.00 left after discounts; it has no number before the bill is closed, and 22 December is its last day."""
    (coupon,) = bill(goods("40.00")).coupons
    assert (coupon.offer, coupon.coupon, coupon.number, coupon.valid) == (
        "next-visit",
        "ten-off",
        None,
        date(2026, 12, 22),
    )
    assert bill(goods("39.99")).coupons == ()


def test_a_coupon_opens_its_offer_and_is_used() -> None:
    """10 % off with it, and the bill says which coupon it used; without it the offer does not apply."""
    priced = bill(goods("10.00"), coupons={"ten-off": GIVEN.number})
    assert (priced.due, priced.coupons_used) == (eur("9.00"), (CouponUsed("ten-off", GIVEN.number),))
    without = bill(goods("10.00"))
    assert (without.due, without.coupons_used) == (eur("10.00"), ())


def test_a_coupon_whose_offer_does_not_apply_stays_unused() -> None:
    """There is nothing to take off tobacco; and an offer that gives less loses in its group."""
    assert bill(goods("10.00", department="tobacco"), coupons={"ten-off": "C1"}).coupons_used == ()
    better = Offer("half", "Half", PercentOff(pct("50")), group="card")
    rules = programme(purses=(AT_ONCE,), extra=(replace(TEN, group="card"), better))
    priced = bill(goods("10.00"), rules=rules, coupons={"ten-off": "C1"})
    assert (priced.due, priced.coupons_used) == (eur("5.00"), ())


def test_coupons_open_earning_and_multiplying_too() -> None:
    """Each offer with its own coupon."""
    earn = Offer("earn", "Earn", EarnUnits({"cashback": 100}), needs=Needs(coupon=True))
    double = Offer("double", "Double", Multiply({"cashback": 2_000_000}), needs=Needs(coupon=True))
    rules = programme(purses=(AT_ONCE,), extra=(earn, double))
    priced = bill(goods("10.00"), rules=rules, coupons={"earn": "C1", "double": "C2"})
    assert [(e.offer, e.amount) for e in priced.earned] == [("earn", 100), ("double", 100)]
    assert priced.coupons_used == (CouponUsed("earn", "C1"), CouponUsed("double", "C2"))


def test_a_coupon_that_can_be_presented() -> None:
    """Until its last day, that day included; one without a last day always."""
    for coupon, day in ((GIVEN, DAY), (GIVEN, DAY + timedelta(days=3)), (replace(GIVEN, valid=None), date.max)):
        assert check(coupon.number, coupon, holder(), RULES, day) is coupon
        assert coupon.is_open(day)


def test_a_coupon_that_cannot_be_presented_says_why() -> None:
    """Unknown, no card, another's, used, void, past its day, its offer gone or no longer opened by a coupon."""
    used, void = replace(GIVEN, used_on=DAY), replace(GIVEN, void=True)
    assert "There is no coupon" in reason(None)
    with pytest.raises(Refused, match="coupon-invalid"):
        check(GIVEN.number, GIVEN, None, RULES, DAY)
    assert "of another card holder" in reason(replace(GIVEN, account="boris"))
    assert "was used on {day}" in reason(used)
    assert "is void" in reason(void)
    assert "last day" in reason(GIVEN, day=DAY + timedelta(days=4))
    assert "no longer has the offer" in reason(GIVEN, rules=programme(extra=(replace(TEN, needs=Needs()),)))
    ended = DAY + timedelta(days=4)
    assert [used.is_open(DAY), void.is_open(DAY), GIVEN.is_open(ended)] == [False, False, False]


def test_of_several_coupons_for_one_offer_that_which_ends_first_is_used() -> None:
    """One use is one coupon; one that never ends goes last."""
    ever, soon = replace(GIVEN, number="C1", valid=None), replace(GIVEN, number="C2", valid=DAY)
    assert by_offer([ever, GIVEN, soon]) == {"ten-off": "C2"}
    assert by_offer([ever]) == {"ten-off": "C1"}


@given(st.integers(0, 10**9 - 1))
def test_a_coupons_number_is_known_by_its_look(body: int) -> None:
    """A C, nine digits and a check digit, in any case; no other last digit makes one."""
    number = new_number(lambda below: body % below)
    assert len(number) == 11
    assert number_of(f" {number.lower()} ") == number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert number_of(wrong) is None
    assert looks_mistyped(wrong)
    assert not looks_mistyped(number)
    assert not looks_mistyped("C12")
