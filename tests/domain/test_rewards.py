"""Rewards: what costs something from a purse, worked out by hand, and what holds of every one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bills import DAY, at, goods, holder, pct, programme
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_loyalty.domain.audience import Known
from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.ledger import Draw, Lot
from pos_loyalty.domain.member import Account
from pos_loyalty.domain.message import Message, Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.pricing import quote, quote_and_offer, spendable
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import (
    AmountOff,
    Audience,
    CouponGiven,
    EarnUnits,
    Gift,
    Goods,
    Limit,
    Needs,
    Offer,
    PercentOff,
    SetOff,
)
from pos_loyalty.domain.programme.rules import Programme, Purse
from pos_loyalty.domain.sale import Quote

COFFEE = Goods(departments=frozenset({"coffee"}))
TENTH = Offer(
    "tenth-coffee",
    "The tenth coffee is free",
    PercentOff(MILLION, 1),
    goods=COFFEE,
    costs={"coffee": 9},
    automatic=True,
)
MUG = Offer("mug", "A mug for 200 points", Gift("MUG"), costs={"points": 200})
FIVE_OFF = Offer("five-off", "5.00 off for 500 points", AmountOff(500), costs={"points": 500})
STAMPS = Purse("coffee", unit="stamps")
POINTS = Purse("points", unit="points", worth=10_000)
CASHBACK = Purse("cashback")
KNOWN = Known(goods={"MUG": ("Mug", 800)})


def units(purse: str, amount: int, **more: Any) -> Lot:
    """A lot that is still full."""
    named: dict[str, Any] = {"id": f"{purse}-{amount}", "available": DAY, "expires": None} | more
    return Lot(purse=purse, amount=amount, remaining=amount, filled_at=at(DAY), **named)


def shop(*offers: Offer, discount: str = "0", **more: Any) -> Programme:
    return programme(discount, purses=(CASHBACK, POINTS, STAMPS), extra=offers, **more)


def cup(price: str = "3.00", quantity: str = "1") -> LineItem:
    return goods(price, quantity, department="coffee", name="Coffee")


def bill(rules: Programme, lines: Sequence[LineItem], account: Account, take: Sequence[str] = (), **asks: Any) -> Quote:
    return quote(tuple(lines), rules, DAY, account, asks, known=KNOWN, take=take)


def refused(rules: Programme, lines: Sequence[LineItem], account: Account | None, *take: str) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        quote(tuple(lines), rules, DAY, account, known=KNOWN, take=take)
    return caught.value.code, said(caught.value.message)


def said(message: Message) -> str:
    values = {k: said(v) if isinstance(v, Message) else getattr(v, "minor", v) for k, v in message.values.items()}
    return message.template.format(**values)


def reason(priced: Quote, offer: str) -> tuple[bool, str]:
    (why,) = [why for why in priced.why if why.offer == offer]
    return why.applied, said(why.reason)


# ---- automatic ----


def test_the_tenth_coffee_is_free() -> None:
    """Nine stamps and two coffees of 3.00 and 3.50: the dearer one is free, for nine stamps, whose units lie on it."""
    priced = bill(shop(TENTH), [cup("3.00"), cup("3.50")], holder(units("coffee", 9)))
    (discount,) = priced.discounts
    assert (discount.offer, discount.amount, discount.lines) == ("tenth-coffee", 350, (0, 350))
    (spent,) = priced.spent
    assert (spent.purse, spent.offer, spent.amount, spent.counts_as) == ("coffee", "tenth-coffee", 9, "discount")
    assert (spent.lines, spent.units, spent.draws) == ((0, 0), (0, 9), (Draw("coffee-9", 9),))
    assert (priced.due, priced.used) == (300, ("tenth-coffee",))
    assert [line.spent for line in priced.lines] == [0, 0]


@pytest.mark.parametrize(("stamps", "cups", "times"), [(8, 2, 0), (9, 2, 1), (18, 2, 2), (27, 2, 2), (26, 5, 2)])
def test_an_automatic_reward_is_taken_as_often_as_it_can_be(stamps: int, cups: int, times: int) -> None:
    """As often as the purse pays for it and there are goods for it: one entry, on that many of the dearest items."""
    priced = bill(shop(TENTH), [cup("3.00", str(cups))], holder(units("coffee", stamps)))
    assert [(d.offer, d.amount) for d in priced.discounts] == [("tenth-coffee", 300 * times)] * bool(times)
    assert [(s.offer, s.amount) for s in priced.spent] == [("tenth-coffee", 9 * times)] * bool(times)


def test_a_bill_and_a_holder_limit_an_automatic_reward() -> None:
    """At most once a bill; and not at all for a holder who had it as often as it can be had."""
    once = replace(TENTH, limit=Limit(a_bill=1, each=1))
    account = holder(units("coffee", 99))
    assert bill(shop(once), [cup("3.00", "5")], account).discounts[0].amount == 300
    again = quote((cup(),), shop(once), DAY, account, known=Known(uses={"tenth-coffee": 1}))
    assert (again.discounts, again.spent) == ((), ())


def test_what_is_missing_to_a_reward_is_said() -> None:
    """Seven stamps of nine: two more for it; and without a coffee on the bill there is nothing for it."""
    account = holder(units("coffee", 7))
    assert reason(bill(shop(TENTH), [cup()], account), "tenth-coffee") == (
        False,
        "2 stamps more for The tenth coffee is free",
    )
    other = bill(shop(TENTH), [goods("3.00")], holder(units("coffee", 9)))
    assert reason(other, "tenth-coffee") == (False, "Nothing on this bill is what it is for.")


def test_a_coffee_that_is_free_already_costs_no_stamps() -> None:
    """Of two coffees one is free by hand: nine more stamps are not taken for it."""
    priced = bill(shop(TENTH), [cup(), goods("3.00", department="coffee", by_hand="100%")], holder(units("coffee", 18)))
    assert [s.amount for s in priced.spent] == [9]


# ---- asked for ----


def test_a_mug_for_200_points() -> None:
    """The bill is paid as it is; the mug is given along, and 200 points that lie on no line are gone, soonest expiring first."""
    late = units("points", 150, id="late", expires=DAY + timedelta(days=9))
    soon = units("points", 120, id="soon", expires=DAY + timedelta(days=1))
    priced = bill(shop(MUG), [goods("10.00")], holder(late, soon), ["mug"])
    (gift,) = priced.gifts
    assert (gift.offer, gift.sku, gift.name, gift.quantity, gift.value) == ("mug", "MUG", "Mug", 1, 800)
    (spent,) = priced.spent
    assert (spent.amount, spent.units, spent.draws) == (200, (0,), (Draw("soon", 120), Draw("late", 80)))
    assert (priced.due, priced.discounts) == (1_000, ())
    assert reason(priced, "mug") == (True, "A mug for 200 points: Mug, for 200 points")


def test_a_reward_that_is_not_asked_for_is_not_taken_and_can_be_offered() -> None:
    """430 points: two mugs are possible, and the reason says what one costs."""
    rules, account = shop(MUG), holder(units("points", 430))
    priced, offered = quote_and_offer((goods("10.00"),), rules, DAY, account, known=KNOWN)
    assert (priced.gifts, priced.spent, priced.used) == ((), (), ())
    assert reason(priced, "mug") == (False, "It can be taken for 200 points.")
    assert [(o.offer, o.costs, o.times) for o in offered] == [("mug", {"points": 200}, 2)]
    _, left = quote_and_offer((goods("10.00"),), rules, DAY, account, known=KNOWN, take=["mug"])
    assert [(o.offer, o.times) for o in left] == [("mug", 1)]


def test_what_is_missing_to_a_mug_is_said() -> None:
    """152 points: 48 more for a mug."""
    priced, offered = quote_and_offer((goods("1.00"),), shop(MUG), DAY, holder(units("points", 152)), known=KNOWN)
    assert reason(priced, "mug") == (False, "48 points more for A mug for 200 points")
    assert offered == ()


def test_asked_for_twice_is_given_twice() -> None:
    """Two mugs in one entry, of 16.00 together."""
    priced = bill(shop(MUG), [goods("10.00")], holder(units("points", 430)), ["mug", "mug"])
    assert [(g.quantity, g.value) for g in priced.gifts] == [(2, 1_600)]
    assert [s.amount for s in priced.spent] == [400]


def test_taken_twice_is_one_discount_of_twice_the_amount() -> None:
    """5.00 off for 500 points, twice: 10.00 of 20.00 and 10.00 in proportion, and the points lie with them."""
    priced = bill(shop(FIVE_OFF), [goods("20.00"), goods("10.00")], holder(units("points", 1_000)), ["five-off"] * 2)
    assert [(d.amount, d.lines) for d in priced.discounts] == [(1_000, (667, 333))]
    assert [(s.amount, s.units) for s in priced.spent] == [(1_000, (667, 333))]


def test_the_maximum_discount_does_not_bind_a_reward() -> None:
    """10 % of the tier is all that the maximum of 10 % allows; the free coffee is paid for with stamps and comes off whole."""
    rules = shop(TENTH, discount="10", maximum="10")
    priced = bill(rules, [cup("3.00")], holder(units("coffee", 9)))
    assert [(d.offer, d.amount) for d in priced.discounts] == [("tier:basic:discount", 30), ("tenth-coffee", 270)]
    assert priced.due == 0


def test_offers_on_goods_come_first_and_units_pay_only_once() -> None:
    """500 points pay for the reward on coffee first, though it is last in the file, and then not for the other as well."""
    cheap = Offer("cup", "A cup for 400", PercentOff(MILLION, 1), goods=COFFEE, costs={"points": 400})
    rules, account = shop(FIVE_OFF, cheap), holder(units("points", 500))
    both = refused(rules, [cup(), goods("9.00")], account, "five-off", "cup")
    assert both[0] == "balance-too-low"
    enough = bill(rules, [cup(), goods("9.00")], holder(units("points", 900)), ["five-off", "cup"])
    assert [(d.offer, d.lines) for d in enough.discounts] == [("cup", (300, 0)), ("five-off", (0, 500))]


def test_purses_spent_afterwards_have_the_rest() -> None:
    """250 points: 200 for the mug leave 50, which pay 0.50; all of 250 are refused."""
    rules, account = shop(MUG), holder(units("points", 250))
    priced = bill(rules, [goods("10.00")], account, ["mug"], points="max")
    assert [(s.offer, s.amount, sum(s.lines)) for s in priced.spent] == [("mug", 200, 0), (None, 50, 50)]
    assert priced.due == 950
    with pytest.raises(Refused, match="balance-too-low"):
        bill(rules, [goods("10.00")], account, ["mug"], points=250)
    free = bill(rules, [goods("10.00")], account, ["mug"])
    assert spendable(free, rules, DAY, account)["points"].possible == 50


def test_money_of_a_purse_pays_for_a_reward() -> None:
    """A mug for 5.00 of cashback."""
    rules = shop(replace(MUG, costs={"cashback": 500}))
    priced = bill(rules, [goods("10.00")], holder(units("cashback", 700)), ["mug"])
    assert [(s.purse, s.amount) for s in priced.spent] == [("cashback", 500)]
    assert priced.due == 1_000


def test_two_purses_pay_for_one_reward() -> None:
    """100 points and a stamp: both are asked for, each spent, and what one lacks is said."""
    both = replace(MUG, costs={"points": 100, "coffee": 1})
    priced = bill(shop(both), [goods("1.00")], holder(units("points", 100), units("coffee", 1)), ["mug"])
    assert [(s.purse, s.amount) for s in priced.spent] == [("points", 100), ("coffee", 1)]
    short = bill(shop(both), [goods("1.00")], holder(units("points", 100)))
    assert reason(short, "mug") == (False, "1 stamp more for A mug for 200 points")


def test_pending_and_expired_units_pay_for_nothing() -> None:
    """What can be spent only tomorrow, and what ended yesterday, is not there."""
    pending = units("points", 200, available=DAY + timedelta(days=1))
    ended = units("points", 200, id="ended", available=DAY - timedelta(days=9), expires=DAY - timedelta(days=1))
    assert refused(shop(MUG), [goods("1.00")], holder(pending, ended), "mug")[0] == "balance-too-low"


def test_a_reward_that_earns() -> None:
    """200 points for 3.00 of cashback: earned on the lines that are paid, on which the points lie too."""
    swap = Offer("swap", "Points to cashback", EarnUnits({"cashback": 300}), costs={"points": 200})
    priced = bill(shop(swap), [goods("20.00"), goods("10.00")], holder(units("points", 400)), ["swap", "swap"])
    assert [(e.offer, e.amount, e.lines) for e in priced.earned] == [("swap", 600, (400, 200))]
    assert [(s.amount, s.units) for s in priced.spent] == [(400, (267, 133))]


def test_a_reward_that_earns_was_paid_for_even_where_the_bill_is_paid_from_purses() -> None:
    """1.00 paid with 100 points leaves nothing to pay; what the other 200 points bought is earned all the same."""
    swap = Offer("swap", "Points to cashback", EarnUnits({"cashback": 300}), costs={"points": 200})
    priced = bill(shop(swap), [goods("1.00")], holder(units("points", 300)), ["swap"], points=100)
    assert (priced.due, [e.amount for e in priced.earned]) == (0, [300])


def test_a_reward_that_gives_a_coupon() -> None:
    """Two coupons for twice the stamps, valid for ten days, that day included."""
    ten = Offer("ten-off", "10 %", PercentOff(pct("10")), needs=Needs(coupon=True))
    buy = Offer("buy", "A coupon", CouponGiven("ten-off", Duration(10, "day")), costs={"coffee": 2})
    priced = bill(shop(ten, buy), [goods("1.00")], holder(units("coffee", 5)), ["buy", "buy"])
    assert [(c.offer, c.coupon, c.number, c.valid) for c in priced.coupons] == [
        ("buy", "ten-off", None, DAY + timedelta(days=10))
    ] * 2


@pytest.mark.parametrize(
    ("give", "line", "taken"),
    [
        (SetOff(3, free=1), goods("2.00", "7", department="coffee"), [(1, 200), (2, 400)]),
        (SetOff(2, price=300), goods("2.00", "5", department="coffee"), [(1, 100), (2, 200)]),
        (SetOff(1, price=150), goods("2.00", "2", department="coffee"), [(1, 50), (2, 100)]),
        (SetOff(1, price=1_000), goods("12.00", "1.5", department="coffee", unit="kg"), [(1, 300)]),
        (PercentOff(pct("50"), 2), goods("2.00", "3", department="coffee"), [(1, 200), (2, 300)]),
        (PercentOff(pct("50")), goods("2.00", "3", department="coffee"), [(1, 300)]),
    ],
)
def test_each_time_takes_a_set_or_its_items(give: Any, line: LineItem, taken: list[tuple[int, int]]) -> None:
    """So many sets, prices or items as it is taken times; once more than there are goods for is refused with what is possible."""
    offer = Offer("o", "O", give, goods=COFFEE, costs={"coffee": 1})
    rules, account = shop(offer), holder(units("coffee", 50))
    for times, amount in taken:
        priced = bill(rules, [line], account, ["o"] * times)
        assert [(d.amount, s.amount) for d, s in zip(priced.discounts, priced.spent, strict=True)] == [(amount, times)]
    most = len(taken)
    assert refused(rules, [line], account, *["o"] * (most + 1)) == (
        "limit-reached",
        f"O can be taken {most} times on this bill, not {most + 1}.",
    )


def test_the_last_of_a_budget() -> None:
    """A discount gets what is left of its budget; a gift that costs more than is left is not given."""
    rules = shop(
        replace(FIVE_OFF, limit=Limit(budget=10_000)),
        replace(MUG, id="m", costs={"coffee": 1}, limit=Limit(budget=10_000)),
    )
    account = holder(units("points", 500), units("coffee", 5))
    known = replace(KNOWN, given={"five-off": 9_700, "m": 9_201})
    assert quote((goods("9.00"),), rules, DAY, account, known=known, take=["five-off"]).discounts[0].amount == 300
    with pytest.raises(Refused, match="offer-invalid"):
        quote((goods("9.00"),), rules, DAY, account, known=known, take=["m"])


def test_no_units_are_paid_for_what_the_budget_no_longer_gives() -> None:
    """4.00 of the budget are left and coffees cost 3.00: the first takes 3.00 off, the second 1.00, and a third is not paid for."""
    rules = shop(replace(TENTH, limit=Limit(budget=10_000)))
    known = replace(KNOWN, given={"tenth-coffee": 9_600})
    priced = quote((cup(quantity="5"),), rules, DAY, holder(units("coffee", 45)), known=known)
    assert [(one.amount, one.offer) for one in priced.spent] == [(18, "tenth-coffee")]
    assert priced.discounts[0].amount == 400
    asked = shop(replace(FIVE_OFF, limit=Limit(budget=10_000)))
    rich, known, twice = holder(units("points", 5000)), replace(KNOWN, given={"five-off": 9_700}), ["five-off"] * 2
    with pytest.raises(Refused, match="limit-reached"):
        quote((goods("50.00"),), asked, DAY, rich, known=known, take=twice)


# ---- groups ----


def test_of_a_group_only_one_reward_is_taken() -> None:
    """Both asked for: one must be chosen. One asked for: that one, whatever the automatic one gives. Neither: the automatic one."""
    small = replace(FIVE_OFF, group="g")
    large = replace(FIVE_OFF, id="ten-off", title="10.00 off", give=AmountOff(1_000), group="g", automatic=True)
    rules, account = shop(small, large), holder(units("points", 500))
    assert refused(rules, [goods("50.00")], account, "five-off", "ten-off")[0] == "offer-invalid"
    chosen = bill(rules, [goods("50.00")], account, ["five-off"])
    assert [(d.offer, d.amount) for d in chosen.discounts] == [("five-off", 500)]
    assert reason(chosen, "ten-off") == (False, "Another reward of its group was chosen.")
    assert [d.offer for d in bill(rules, [goods("50.00")], account).discounts] == ["ten-off"]


def test_of_automatic_rewards_of_a_group_the_one_that_gives_most_is_taken() -> None:
    """The first on a tie; and an offer of the group that costs nothing is no rival of theirs."""
    one = replace(FIVE_OFF, group="card", automatic=True)
    two = replace(one, id="six-off", title="6.00 off", give=AmountOff(600))
    three = replace(two, id="also-six", title="Also 6.00 off")
    rules = shop(one, two, three, discount="10")
    priced = bill(rules, [goods("50.00")], holder(units("points", 500)))
    assert [(d.offer, d.amount) for d in priced.discounts] == [("tier:basic:discount", 500), ("six-off", 600)]
    assert reason(priced, "also-six") == (False, "6.00 off is better for the holder.")


# ---- refused ----


def test_what_cannot_be_taken_is_refused_with_the_reason() -> None:
    """Not in the programme, free anyway, for others, not for these goods, no card, too few points, past a limit."""
    free = Offer("free", "Free", AmountOff(100))
    club = replace(MUG, id="vip", title="A mug", audience=Audience(cards="bearer"))
    used = replace(MUG, id="used", title="One mug", limit=Limit(each=1))
    two = replace(MUG, id="two", title="Two mugs", limit=Limit(a_bill=2))
    rules = shop(MUG, TENTH, free, club, used, two)
    account = holder(units("points", 900))
    line = [goods("1.00")]
    assert refused(rules, line, account, "muh") == ("offer-invalid", "The programme has no offer called muh.")
    assert refused(rules, line, account, "free") == (
        "offer-invalid",
        "Free costs nothing and needs no word: leave it out.",
    )
    assert refused(rules, line, account, "vip") == (
        "offer-invalid",
        "A mug cannot be taken on this bill: For bearer cards: this one is in a name. Leave it out.",
    )
    assert refused(rules, line, account, "tenth-coffee")[0] == "offer-invalid"
    assert refused(rules, line, None, "mug")[0] == "card-needed"
    assert refused(rules, line, account, *["mug"] * 5) == (
        "balance-too-low",
        "A mug for 200 points costs 1000 points, and the purse points has 900 points: it can be taken 4 times.",
    )
    assert refused(rules, line, account, *["two"] * 3) == (
        "limit-reached",
        "Two mugs can be taken 2 times on this bill, not 3.",
    )
    with pytest.raises(Refused, match="limit-reached"):
        quote(tuple(line), rules, DAY, account, known=Known(uses={"used": 1}), take=["used"])


def test_a_holder_of_the_control_group_gets_no_reward() -> None:
    """All holders are held out: the automatic one is counted and not taken, and the other refused when asked for."""
    rules = shop(replace(TENTH, control_group=MILLION), replace(MUG, control_group=MILLION))
    account = holder(units("coffee", 9), units("points", 200))
    priced, offered = quote_and_offer((cup(),), rules, DAY, account, known=KNOWN)
    assert (priced.spent, priced.discounts, offered) == ((), (), ())
    assert "tenth-coffee" in priced.held_out
    assert refused(rules, [cup()], account, "mug")[0] == "offer-invalid"


# ---- what always holds ----


@settings(max_examples=60)
@given(st.data())
def test_every_reward_is_paid_for_with_units_that_were_there(data: st.DataObject) -> None:
    """Units spent are what it costs times a whole number, drawn from lots that held them, and lie on the lines whole or not at all;
    what comes off never takes a line below zero; what is offered can then be taken.
    """
    lines = tuple(
        goods(f"{cents // 100}.{cents % 100:02}", str(count), department=department)
        for cents, count, department in data.draw(
            st.lists(
                st.tuples(st.integers(0, 999), st.integers(1, 4), st.sampled_from(["coffee", "clothes", "tobacco"])),
                min_size=1,
                max_size=4,
            )
        )
    )
    account = holder(units("points", data.draw(st.integers(0, 1_500))), units("coffee", data.draw(st.integers(0, 30))))
    swap = Offer("swap", "Points to cashback", EarnUnits({"cashback": 300}), costs={"points": 200}, goods=COFFEE)
    rules = shop(replace(TENTH, automatic=data.draw(st.booleans())), FIVE_OFF, MUG, swap, discount="10")
    priced, offered = quote_and_offer(lines, rules, DAY, account, known=KNOWN)
    costs = {offer.id: offer.costs for offer in rules.offers}
    for one in offered:
        taken, _ = quote_and_offer(lines, rules, DAY, account, known=KNOWN, take=[one.offer] * one.times)
        assert one.offer in taken.used
        with pytest.raises(Refused):
            quote(lines, rules, DAY, account, known=KNOWN, take=[one.offer] * (one.times + 1))
        for spent in taken.spent:
            assert spent.amount % costs[spent.offer or ""][spent.purse] == 0
            assert sum(draw.amount for draw in spent.draws) == spent.amount
            assert sum(spent.units) == (0 if spent.offer == "mug" else spent.amount)
        for purse in ("points", "coffee"):
            drawn = sum(spent.amount for spent in taken.spent if spent.purse == purse)
            assert drawn <= account.holding(purse).available(DAY)
        assert all(line.paid >= 0 for line in taken.lines)
        assert taken.due == taken.gross - sum(d.amount for d in taken.discounts)
    assert priced.due == priced.gross - sum(d.amount for d in priced.discounts)
