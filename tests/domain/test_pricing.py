"""What a bill comes to: bills worked out by hand, and what holds of every bill."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from bills import (
    AT_ONCE,
    CASHBACK,
    DAY,
    days,
    eur,
    goods,
    holder,
    lot,
    months,
    pct,
    programme,
    random_lines,
    random_programme,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_loyalty.domain.basket import MAX_LINES, LineItem
from pos_loyalty.domain.ledger import Draw
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import Message, Refused
from pos_loyalty.domain.money import MAX_MINOR, MAX_QUANTITY, MILLION
from pos_loyalty.domain.pricing import quote, spendable, tier_of
from pos_loyalty.domain.programme.offers import Audience, EarnRate, Offer, PercentOff
from pos_loyalty.domain.programme.rules import Exclude, Programme, Purse, Spend, Tier
from pos_loyalty.domain.redemption import Allowance
from pos_loyalty.domain.sale import BY_HAND, Quote, VatLine

LADDER = (
    Tier("basic", "Basic", 0, pct("5"), pct("1")),
    Tier("gold", "Gold", eur("500"), pct("10"), pct("3")),
    Tier("vip", "VIP", eur("2000"), pct("20"), pct("5"), named_only=True),
)


def bill(rules: Programme, *lines: LineItem, account: Account | None = None, day: date = DAY, **asks: Any) -> Quote:
    return quote(lines, rules, day, account or holder(), asks)


def refused(rules: Programme, *lines: LineItem, **asks: Any) -> str:
    with pytest.raises(Refused) as caught:
        bill(rules, *lines, **asks)
    return caught.value.code


def said(message: Message) -> str:
    values = {k: said(v) if isinstance(v, Message) else v for k, v in message.values.items()}
    return message.template.format(**values)


# ---- by hand ----


def test_the_jacket() -> None:
    """5000.00 at VAT 20 %, 5 % off, 1 % cashback: 4750.00 due, 3958.33 + 791.67, 47.50 for a year from 6 December."""
    priced = bill(programme("5", "1"), goods("5000.00", name="Winter jacket", sku="JACKET"))
    assert (priced.gross, priced.due, priced.qualifying) == (eur("5000.00"), eur("4750.00"), eur("4750.00"))
    (discount,) = priced.discounts
    assert (discount.offer, discount.amount, discount.lines) == ("tier:basic:discount", 25_000, (25_000,))
    assert priced.vat == (VatLine(200_000, eur("3958.33"), eur("791.67")),)
    (earned,) = priced.earned
    assert (earned.purse, earned.offer, earned.amount) == ("cashback", "tier:basic:cashback", eur("47.50"))
    assert (earned.lines, earned.available, earned.expires) == ((4_750,), date(2026, 12, 6), date(2027, 12, 6))
    (line,) = priced.lines
    assert (line.discount, line.spent, line.paid, line.vat) == (25_000, 0, eur("4750.00"), eur("791.67"))


def test_five_per_cent_of_five_thousand() -> None:
    """A card without a discount and with 5 % cashback: 5000.00 earn 250.00."""
    priced = bill(programme("0", "5"), goods("5000.00"))
    assert (priced.due, priced.earned[0].amount, priced.discounts) == (eur("5000.00"), eur("250.00"), ())


@pytest.mark.parametrize(
    ("price", "quantity", "gross"),
    [("1.99", "3", 597), ("9.99", "1.234", 1233), ("0.05", "0.5", 3), ("0.05", "0.499999", 2), ("-0.25", "2", -50)],
)
def test_gross_is_price_times_quantity_half_up(price: str, quantity: str, gross: int) -> None:
    """To the minor unit, once a line."""
    assert goods(price, quantity).gross == gross


def test_a_percentage_takes_from_each_line_half_up() -> None:
    """5 % of 0.10 is 0.01 (half a cent up) on each of three lines, where of their sum it would be 0.02."""
    priced = bill(programme("5"), goods("0.10"), goods("0.10"), goods("0.10"))
    assert priced.discounts[0].lines == (1, 1, 1)


def test_a_discount_by_hand_comes_first_and_the_tier_takes_from_what_is_left() -> None:
    """100.00, 10 % by hand, then 5 % of 90.00: 85.50; and 2.00 off another line of 20.00, then 0.90."""
    priced = bill(programme("5"), goods("100.00", by_hand="10%"), goods("20.00", by_hand="2.00"))
    assert [(d.offer, d.lines) for d in priced.discounts] == [
        (BY_HAND, (1_000, 200)),
        ("tier:basic:discount", (450, 90)),
    ]
    assert [line.paid for line in priced.lines] == [8_550, 1_710]


@pytest.mark.parametrize(
    ("by_hand", "tier_takes"),
    [(None, 1_999), ("10%", 999), ("19.99%", 0), ("20%", 0), ("60%", 0)],
)
def test_by_hand_counts_towards_the_cap_and_is_not_held_by_it(by_hand: str | None, tier_takes: int) -> None:
    """At most 20 % of 99.99, rounded down: 19.99 in all; what by_hand leaves of it the tier may take, and by_hand may take more."""
    priced = bill(programme("50", maximum="20"), goods("99.99", by_hand=by_hand))
    taken = sum(d.amount for d in priced.discounts if d.offer != BY_HAND)
    assert taken == tier_takes
    if by_hand == "60%":
        assert priced.due == eur("40.00")


def test_the_cap_is_of_each_line() -> None:
    """What a line cannot take is not moved to another: 50 % of 0.99 is 0.49, and by hand 0.40 are off the second already."""
    priced = bill(programme("60", maximum="50"), goods("0.99"), goods("1.00", by_hand="0.40"))
    assert priced.discounts[1].lines == (49, 10)


@pytest.mark.parametrize(
    ("department", "reduced", "only_paid"), [("tobacco", False, True), ("books", True, True), ("books", False, False)]
)
def test_excluded_goods_are_only_paid_for(department: str, reduced: bool, only_paid: bool) -> None:
    """No discount, no earning, no purse, no spend that counts; what an exclusion names together holds together."""
    rules = replace(
        programme("10", "10", purses=(AT_ONCE,)),
        exclude=(Exclude(frozenset({"tobacco"})), Exclude(frozenset({"books"}), reduced=True)),
    )
    account = holder(lot(amount="99.00"))
    priced = bill(rules, goods("10.00", department=department, reduced=reduced), account=account, cashback="max")
    assert priced.lines[0].excluded == only_paid
    if only_paid:
        assert (priced.due, priced.earned, priced.discounts, priced.spent, priced.qualifying) == (1_000, (), (), (), 0)
    else:
        assert (priced.discounts[0].amount, priced.spent[0].amount, priced.due) == (100, 900, 0)


def test_goods_may_be_excluded_by_sku() -> None:
    """One thing of a department that is not excluded."""
    rules = replace(programme("10"), exclude=(Exclude(skus=frozenset({"BOOK-1"})),))
    priced = bill(rules, goods("10.00", sku="BOOK-1"), goods("10.00", sku="BOOK-2"))
    assert [line.discount for line in priced.lines] == [0, 100]


def test_deposits_given_back_lower_what_is_due_alone() -> None:
    """10.00 of goods, two bottles of 0.25: the discount and the earning are of the goods, due is 9.00 - 0.50."""
    priced = bill(programme("10", "10"), goods("10.00"), goods("-0.25", "2", department="deposits", vat="0"))
    assert (priced.gross, priced.due) == (950, 850)
    assert (priced.discounts[0].lines, priced.earned[0].lines, priced.qualifying) == ((100, 0), (90, 0), 900)
    assert priced.vat == (VatLine(0, -50, 0), VatLine(200_000, 750, 150))


def test_the_bill_never_falls_below_zero() -> None:
    """Bottles alone are refused; up to the price of the goods they are taken."""
    bottle = goods("-0.25", department="deposits")
    assert refused(programme(), bottle) == "amount-invalid"
    assert refused(programme("50"), goods("0.30"), bottle) == "amount-invalid"
    assert bill(programme(), goods("0.25"), bottle).due == 0


def test_a_price_below_zero_is_for_excluded_departments_alone() -> None:
    """Not for goods, and not for goods that are left out by SKU or because they are reduced."""
    rules = replace(
        programme(), exclude=(Exclude(frozenset({"deposits"})), Exclude(skus=frozenset({"X"})), Exclude(reduced=True))
    )
    assert bill(rules, goods("9.00"), goods("-1.00", department="deposits")).due == 800
    for line in (goods("-1.00"), goods("-1.00", sku="X"), goods("-1.00", reduced=True)):
        assert refused(rules, goods("9.00"), line) == "line-invalid"


@pytest.mark.parametrize("by_hand", ["100.01%", "-1%", "10.01", "-0.01"])
def test_a_discount_by_hand_is_of_its_line(by_hand: str) -> None:
    """Not more than the line, not below nothing; all of it may be given away."""
    assert refused(programme(), goods("10.00", by_hand=by_hand)) == "line-invalid"
    assert bill(programme(), goods("10.00", by_hand="100%"), goods("5.00", by_hand="5.00")).due == 0


def test_no_discount_by_hand_on_goods_that_are_only_paid_for() -> None:
    """Tobacco has its price; the line is named."""
    with pytest.raises(Refused) as caught:
        bill(programme(), goods("1.00"), goods("5.00", department="tobacco", by_hand="1%"))
    assert (caught.value.code, caught.value.message.values) == ("line-invalid", {"number": 2})


def test_a_discount_by_hand_needs_no_card() -> None:
    """Nor does it make anybody earn."""
    priced = quote((goods("10.00", by_hand="10%"),), programme("5", "5"), DAY)
    assert (priced.due, priced.qualifying, priced.earned) == (900, 0, ())


@pytest.mark.parametrize(
    "line",
    [
        LineItem("", 100),
        LineItem("x" * 201, 100),
        LineItem("x", 100, quantity=0),
        LineItem("x", 100, quantity=-MILLION),
        LineItem("x", 1, quantity=MAX_QUANTITY + 1),
        LineItem("x", MAX_MINOR + 1),
        LineItem("x", MAX_MINOR, quantity=2 * MILLION),
        LineItem("x", 100, vat=-1),
        LineItem("x", 100, vat=MILLION + 1),
    ],
)
def test_what_no_line_can_be_is_refused_by_its_number(line: LineItem) -> None:
    """The second line is said to be the wrong one."""
    with pytest.raises(Refused) as caught:
        bill(programme(), goods("1.00"), line)
    assert caught.value.code == "line-invalid"
    assert caught.value.message.values["number"] == 2


def test_a_bill_has_lines_and_not_without_end() -> None:
    """None is too few, a thousand and one too many."""
    assert refused(programme()) == "line-invalid"
    assert refused(programme(), *[goods("1.00")] * (MAX_LINES + 1)) == "line-invalid"
    assert bill(programme(), *[goods("1.00")] * MAX_LINES).due == MAX_LINES * 100


# ---- who ----


@pytest.mark.parametrize(
    ("tier", "kind", "due", "earned"),
    [
        ("basic", "named", 9_500, 95),
        ("gold", "bearer", 9_000, 270),
        ("vip", "named", 8_000, 400),
        ("vip", "bearer", 9_000, 270),
    ],
)
def test_each_tier_has_its_own_offers(tier: str, kind: Any, due: int, earned: int) -> None:
    """A bearer card that stands at VIP gets gold's, since VIP is for named cards."""
    rules, account = programme(ladder=LADDER), holder(tier=tier, kind=kind)
    priced = bill(rules, goods("100.00"), account=account)
    assert (priced.due, priced.earned[0].amount) == (due, earned)
    held = tier_of(account, rules)
    assert held is not None
    assert [why.offer for why in priced.why if why.applied] == [f"tier:{held.id}:discount", f"tier:{held.id}:cashback"]


def test_without_a_card_nothing_is_given() -> None:
    """The price is the price, and no spend counts."""
    priced = quote((goods("100.00"),), programme(ladder=LADDER), DAY)
    assert (priced.due, priced.earned, priced.discounts, priced.qualifying) == (10_000, (), (), 0)
    assert tier_of(None, programme()) is None


def test_every_offer_leaves_a_reason() -> None:
    """In file order: applied, and how much; or not, and what is missing."""
    rules = programme(ladder=LADDER)
    priced = bill(rules, goods("100.00"), account=holder(tier="gold", kind="bearer"))
    assert [why.offer for why in priced.why] == [offer.id for offer in rules.offers]
    reasons = {why.offer: why.reason.template for why in priced.why}
    assert "the holder is above it" in reasons["tier:basic:discount"]
    assert "off" in reasons["tier:gold:discount"]
    assert "earned" in reasons["tier:gold:cashback"]
    assert "registered in a name" in reasons["tier:vip:discount"]
    priced = bill(rules, goods("100.00"), account=holder(tier="basic"))
    assert "from {spend} spent on" in {why.offer: why.reason.template for why in priced.why}["tier:gold:cashback"]
    assert all("no card" in why.reason.template for why in quote((goods("1.00"),), rules, DAY).why)
    nothing = bill(rules, goods("100.00", department="tobacco"))
    assert not any(why.applied for why in nothing.why)


def test_a_programme_without_tiers_gives_nothing() -> None:
    """Purses may still be spent."""
    rules = replace(programme(), tiers=None, offers=())
    priced = bill(rules, goods("10.00"), account=holder(lot(amount="3.00")), cashback="max")
    assert (priced.due, priced.why) == (700, ())


def test_an_offer_for_no_tier_of_the_programme_is_nobodys() -> None:
    """It leaves its reason and does nothing."""
    rules = programme(extra=(Offer("lost", "Lost", PercentOff(pct("10")), Audience(tiers=frozenset({"gone"}))),))
    priced = bill(rules, goods("10.00"))
    assert (priced.due, priced.why[0].applied) == (1_000, False)


# ---- purses ----


def spends(counts_as: Any, **more: Any) -> Purse:
    return Purse("cashback", spend=Spend(counts_as=counts_as, **more))


def test_as_a_discount_the_vat_falls_with_it() -> None:
    """120.00 at 20 %, 60.00 from the purse: 60.00 due with 10.00 of VAT, earning on 60.00."""
    priced = bill(
        programme("0", "10", purses=(spends("discount"),)),
        goods("120.00"),
        account=holder(lot(amount="60.00")),
        cashback="max",
    )
    assert (priced.due, priced.vat) == (6_000, (VatLine(200_000, 5_000, 1_000),))
    assert (priced.earned[0].amount, priced.qualifying) == (600, 6_000)


def test_as_a_tender_it_pays() -> None:
    """The same with the VAT of 120.00; it earns on 60.00 all the same, which is what is really paid."""
    priced = bill(
        programme("0", "10", purses=(spends("tender"),)),
        goods("120.00"),
        account=holder(lot(amount="60.00")),
        cashback="max",
    )
    assert (priced.due, priced.vat) == (6_000, (VatLine(200_000, 10_000, 2_000),))
    assert (priced.earned[0].amount, priced.lines[0].spent_as_tender, priced.lines[0].spent) == (600, 6_000, 6_000)


def test_what_is_spent_lies_on_the_lines_in_proportion_to_what_is_left() -> None:
    """10.00 over 20.00, 10.00 and 3.00 (tobacco apart): 6.06, 3.03, 0.91 by largest remainder."""
    priced = bill(
        programme(purses=(spends("discount"),)),
        goods("20.00"),
        goods("50.00", department="tobacco"),
        goods("10.00"),
        goods("3.00"),
        account=holder(lot(amount="10.00")),
        cashback="max",
    )
    assert priced.spent[0].lines == (606, 0, 303, 91)


def test_a_purse_is_not_held_by_the_maximum_discount() -> None:
    """10 % at most by offers; the purse pays all the rest."""
    priced = bill(
        programme("50", maximum="10", purses=(spends("discount"),)),
        goods("10.00"),
        account=holder(lot(amount="9.00")),
        cashback="max",
    )
    assert (priced.discounts[0].amount, priced.spent[0].amount, priced.due) == (100, 900, 0)


def test_a_bill_that_purses_pay_whole_earns_nothing() -> None:
    """Nothing is really paid for it."""
    priced = bill(
        programme("0", "10", purses=(spends("tender"),)),
        goods("10.00"),
        account=holder(lot(amount="10.00")),
        cashback="max",
    )
    assert (priced.due, priced.earned, priced.qualifying) == (0, (), 0)


def test_purses_are_spent_in_file_order_and_up_to_is_of_what_was_to_be_paid_before_the_first() -> None:
    """100.00, half of which each of two purses may pay: 50.00 and 50.00, whatever the order of the asking."""
    half = Spend(up_to=pct("50"))
    rules = programme(purses=(Purse("a", spend=half), Purse("b", spend=half)))
    account = holder(lot("a", "80.00"), lot("b", "80.00"))
    for asks in ({"a": "max", "b": "max"}, {"b": "max", "a": "max"}):
        priced = quote((goods("100.00"),), rules, DAY, account, asks)
        assert [(spent.purse, spent.amount) for spent in priced.spent] == [("a", 5_000), ("b", 5_000)]
    assert quote((goods("100.00"),), rules, DAY, account, {"b": "max"}).due == 5_000


def test_two_purses_pay_no_more_than_the_bill() -> None:
    """The second gets what the first left."""
    rules = programme(purses=(Purse("a"), Purse("b")))
    priced = quote((goods("1.00"),), rules, DAY, holder(lot("a", "0.70"), lot("b", "0.70")), {"a": "max", "b": "max"})
    assert [(spent.purse, spent.amount) for spent in priced.spent] == [("a", 70), ("b", 30)]


def test_a_purse_pays_no_more_than_the_deposits_leave() -> None:
    """10.00 of goods less 4.00 of bottles: at most 6.00 from the purse, so that nobody is paid out."""
    rules = programme(purses=(spends("discount"),))
    lines = (goods("10.00"), goods("-4.00", department="deposits"))
    priced = bill(rules, *lines, account=holder(lot(amount="50.00")), cashback="max")
    assert (priced.spent[0].amount, priced.due) == (600, 0)
    assert refused(rules, *lines, account=holder(lot(amount="50.00")), cashback=601) == "limit-reached"


def test_spending_needs_the_card_and_a_purse_that_there_is() -> None:
    """Asked for without a card, or from a purse that the programme has not."""
    with pytest.raises(Refused) as caught:
        quote((goods("1.00"),), programme(), DAY, None, {"cashback": 1})
    assert caught.value.code == "card-needed"
    assert refused(programme(), goods("1.00"), points=1) == "purse-unknown"
    assert bill(programme(), goods("1.00"), cashback=0).spent == ()


def test_what_the_cashier_may_offer() -> None:
    """Each purse with what it could pay on this bill, without what is only paid for."""
    rules = programme("10", purses=(spends("discount", up_to=pct("50"), minimum=100), Purse("bonus")))
    account = holder(lot(amount="99.00"))
    free = bill(rules, goods("10.00"), goods("5.00", department="tobacco"), account=account)
    assert spendable(free, rules, DAY, account) == {
        "cashback": Allowance(450, 9_900, 450, 100),
        "bonus": Allowance(0, 0, 900, 1),
    }


# ---- VAT ----


def test_vat_is_stated_once_a_rate() -> None:
    """Three of 0.99 at 20 %: 2.97 is 2.48 + 0.49 (2.475 half up), not three times 0.83 + 0.16; by line 0.17, 0.16, 0.16."""
    priced = bill(programme(), goods("0.99"), goods("0.99"), goods("0.99"))
    assert priced.vat == (VatLine(200_000, 248, 49),)
    assert [line.vat for line in priced.lines] == [17, 16, 16]


def test_rates_are_stated_apart_lowest_first() -> None:
    """9 % and 20 % and none."""
    priced = bill(programme(), goods("12.00"), goods("10.90", vat="9"), goods("3.00", vat="0"), goods("12.00"))
    assert priced.vat == (VatLine(0, 300, 0), VatLine(90_000, 1_000, 90), VatLine(200_000, 2_000, 400))
    assert [line.vat for line in priced.lines] == [200, 90, 0, 200]


# ---- earning ----


def test_earning_is_rounded_down_once_an_offer_and_split_by_largest_remainder() -> None:
    """1 % of 1.99 + 0.99 + 0.01 is 0.0299: 0.02, both cents for the two larger lines."""
    priced = bill(programme("0", "1"), goods("0.99"), goods("0.01"), goods("1.99"))
    assert (priced.earned[0].amount, priced.earned[0].lines) == (2, (1, 0, 1))


def test_too_little_earns_nothing() -> None:
    """0.99 at 1 % is less than a cent: no lot, a reason, and the spend counts."""
    priced = bill(programme("0", "1"), goods("0.99"))
    assert (priced.earned, priced.qualifying, priced.why[0].applied) == ((), 99, False)


@pytest.mark.parametrize(
    ("purse", "day", "available", "expires"),
    [
        (CASHBACK, date(2026, 11, 22), date(2026, 12, 6), date(2027, 12, 6)),
        (Purse("cashback"), date(2026, 11, 22), date(2026, 11, 22), None),
        (Purse("cashback", days(1), days(0)), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 1)),
        (Purse("cashback", months(1), months(12)), date(2027, 1, 31), date(2027, 2, 28), date(2028, 2, 28)),
        (Purse("cashback", days(0), months(12)), date(2028, 2, 29), date(2028, 2, 29), date(2029, 2, 28)),
        (Purse("cashback", days(14), "end of year"), date(2026, 12, 1), date(2026, 12, 15), date(2026, 12, 31)),
        (Purse("cashback", days(14), "end of year"), date(2026, 12, 25), date(2027, 1, 8), date(2027, 12, 31)),
    ],
)
def test_what_is_earned_is_held_and_runs_out(purse: Purse, day: date, available: date, expires: date | None) -> None:
    """`hold` from the day of the sale, `expires` from the day on which it became available, that last day included."""
    earned = bill(programme("0", "1", purses=(purse,)), goods("100.00"), day=day).earned[0]
    assert (earned.available, earned.expires) == (available, expires)


def test_two_offers_fill_two_lots() -> None:
    """Each with its own rounding: 1 % of 1.50 and 3 % of 1.50."""
    rules = programme("0", "1", extra=(Offer("more", "More", EarnRate("cashback", pct("3"))),))
    assert [(earned.offer, earned.amount) for earned in bill(rules, goods("1.50")).earned] == [
        ("tier:basic:cashback", 1),
        ("more", 4),
    ]


def test_an_offer_that_earns_into_no_purse_is_a_fault_of_the_programme() -> None:
    """It was never checked; the bill is not guessed."""
    with pytest.raises(ValueError, match="tier:basic:cashback"):
        bill(programme("0", "1", purses=()), goods("1.00"))


# ---- every bill ----


def random_bill(seed: int) -> tuple[tuple[LineItem, ...], Programme, Account, dict[str, Any]]:
    rng = random.Random(seed)
    lots = [
        lot(
            purse,
            f"{rng.randrange(1, 30_000) / 100:.2f}",
            available=DAY + timedelta(days=rng.randrange(-40, 20)),
            expires=ends,
            id=f"{purse}-{n}",
        )
        for purse in ("cashback", "bonus")
        for n, ends in enumerate(
            rng.choices((None, DAY, DAY - timedelta(days=1), DAY + timedelta(days=9)), k=rng.randrange(4))
        )
    ]
    asks = {purse: rng.choice(("max", "max", 1, 100, 1_000)) for purse in ("cashback", "bonus") if rng.random() < 0.6}
    return random_lines(rng, 8), random_programme(rng), holder(*lots), asks


def laws_of_a_bill(seed: int) -> None:
    lines, rules, account, asks = random_bill(seed)
    try:
        priced = quote(lines, rules, DAY, account, asks)
    except Refused as no:
        assert no.code in {"amount-invalid", "balance-too-low", "limit-reached"}  # noqa: PT017
        return
    again = quote(lines, rules, DAY, account, asks)
    assert (again, [why.reason for why in again.why]) == (priced, [why.reason for why in priced.why])

    discounts, spent = sum(d.amount for d in priced.discounts), sum(s.amount for s in priced.spent)
    assert priced.gross == discounts + spent + priced.due
    assert priced.due >= 0
    for column in ("gross", "paid", "discount", "spent", "earning"):
        expected = {
            "gross": priced.gross,
            "paid": priced.due,
            "discount": discounts,
            "spent": spent,
            "earning": priced.qualifying,
        }
        assert sum(getattr(line, column) for line in priced.lines) == expected[column]
    for part in (*priced.discounts, *priced.spent, *priced.earned):
        assert sum(part.lines) == part.amount > 0
        assert all(share >= 0 for share in part.lines)
    for i, line in enumerate(priced.lines):
        assert line.gross == line.discount + line.spent + line.paid
        by_hand = sum(d.lines[i] for d in priced.discounts if d.offer == BY_HAND)
        assert line.discount <= max(by_hand, line.gross * rules.maximum_discount // MILLION)
        if line.excluded:
            assert (line.discount, line.spent, line.earning) == (0, 0, 0)
            assert all(earned.lines[i] == 0 for earned in priced.earned)
        else:
            assert line.paid == line.earning >= 0

    # VAT: once a rate, of what the lines come to less their discounts.
    assert [stated.rate for stated in priced.vat] == sorted({line.vat for line in lines})
    for stated in priced.vat:
        of_rate = [line for line in priced.lines if line.item.vat == stated.rate]
        taxed = sum(line.paid + line.spent_as_tender for line in of_rate)
        assert stated.net + stated.vat == taxed
        assert abs(stated.net - Fraction(taxed * MILLION, MILLION + stated.rate)) <= Fraction(1, 2)
        assert sum(line.vat for line in of_rate) == stated.vat

    # Purses: what they could pay, from lots that can be spent, in their order.
    to_pay = sum(line.paid + line.spent for line in priced.lines if not line.excluded)
    for part in priced.spent:
        purse, holding = rules.purse(part.purse), account.holding(part.purse)
        assert purse is not None
        assert purse.spend.minimum <= part.amount <= min(holding.available(DAY), to_pay * purse.spend.up_to // MILLION)
        lots = {each.id: each for each in holding.lots}
        assert sum(draw.amount for draw in part.draws) == part.amount
        assert all(lots[draw.lot].is_open(DAY) and 0 < draw.amount <= lots[draw.lot].remaining for draw in part.draws)
        drawn = [lots[draw.lot].expires or date.max for draw in part.draws]
        assert drawn == sorted(drawn)
        assert [d for d in part.draws[:-1] if d.amount != lots[d.lot].remaining] == []

    # The order of the lines says nothing.
    order = list(range(len(lines)))
    random.Random(seed + 1).shuffle(order)
    moved = quote(tuple(lines[i] for i in order), rules, DAY, account, asks)
    assert (moved.gross, moved.due, moved.qualifying) == (priced.gross, priced.due, priced.qualifying)
    assert [d.amount for d in moved.discounts] == [d.amount for d in priced.discounts]
    assert [(s.purse, s.amount, s.draws) for s in moved.spent] == [(s.purse, s.amount, s.draws) for s in priced.spent]
    assert [e.amount for e in moved.earned] == [e.amount for e in priced.earned]
    for place, i in enumerate(order):
        one, other = moved.lines[place], priced.lines[i]
        assert (one.gross, one.discount) == (other.gross, other.discount)
        assert abs(one.spent - other.spent) <= len(priced.spent)
    if not priced.spent:
        assert moved.vat == priced.vat


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_the_laws_of_a_bill(seed: int) -> None:
    """What holds of every bill: sums, caps, VAT, lots, and that neither repeating nor the order of the lines changes it."""
    laws_of_a_bill(seed)


@pytest.mark.soak
def test_the_laws_of_thirty_thousand_bills() -> None:
    """The same over thirty thousand bills."""
    for seed in range(30_000):
        laws_of_a_bill(seed)


def test_the_draws_of_one_bill() -> None:
    """Soonest expiring, then soonest available, then oldest; pending and lapsed lots are never drawn on."""
    account = holder(
        lot(amount="1.00", id="never"),
        lot(amount="1.00", expires=DAY - timedelta(days=1), id="lapsed"),
        lot(amount="1.00", available=DAY + timedelta(days=1), expires=DAY + timedelta(days=2), id="pending"),
        lot(amount="1.00", expires=DAY, id="today"),
        lot(amount="1.00", available=date(2026, 3, 1), expires=DAY + timedelta(days=5), id="later"),
        lot(amount="1.00", available=date(2026, 2, 1), expires=DAY + timedelta(days=5), id="earlier"),
    )
    priced = bill(programme(purses=(Purse("cashback"),)), goods("9.00"), account=account, cashback=350)
    assert priced.spent[0].draws == (Draw("today", 100), Draw("earlier", 100), Draw("later", 100), Draw("never", 50))
