"""What offers earn, reckoned by hand: for every amount, for every item, once, many times over, and out of a budget."""

from __future__ import annotations

import pytest
from bills import goods, lot
from written import TIER, ana, bill, earned, rules, why, without_a_card

from pos_loyalty.domain.audience import Known
from pos_loyalty.domain.ledger import Holding

VISIT = "give = { earn = { points = 5 } }"
FOOD = 'on = { departments = ["food"] }'


# ---- for every amount, for every item, once ----


@pytest.mark.parametrize(("paid", "points"), [("99.99", []), ("100.00", [1]), ("299.99", [2])])
def test_for_every_full_step(paid: str, points: list[int]) -> None:
    """A point for every 100.00 on this bill."""
    programme = rules({"p": 'give = { earn = { points = 1 }, every = "100.00" }'})
    assert [amount for _, _, amount in earned(bill(programme, goods(paid)))] == points


def test_steps_are_split_over_the_lines_by_what_was_paid() -> None:
    """Seven points for 150.00 and 200.00: three and four; over 350.00 in three lines the largest remainder has the last."""
    programme = rules({"p": 'give = { earn = { points = 1 }, every = "50.00" }'})
    assert bill(programme, goods("150.00"), goods("200.00")).earned[0].lines == (3, 4)
    assert bill(programme, goods("120.00"), goods("120.00"), goods("110.00")).earned[0].lines == (3, 2, 2)


def test_steps_count_what_is_really_paid() -> None:
    """100.00 less 5 %, or less what a purse pays, is not 100.00; tobacco counts for nothing."""
    programme = rules({"p": 'give = { earn = { points = 1 }, every = "100.00" }'})
    account = ana(holdings={"cashback": Holding("cashback", (lot(amount="1.00"),))})
    assert earned(bill(programme, goods("100.00"), account=account)) == [("p", "points", 1)]
    assert earned(bill(programme, goods("100.00"), account=account, cashback=1)) == []
    assert earned(bill(programme, goods("50.00"), goods("50.00", department="tobacco"))) == []
    assert [one.purse for one in bill(rules({"p": VISIT}, TIER), goods("100.00")).earned] == ["cashback", "points"]


def test_for_every_item_on_which_something_is_paid() -> None:
    """Three pieces, and 1.5 kg that are one; what is free by hand is none."""
    programme = rules({"stamp": f'{FOOD}\ngive = {{ earn = {{ coffee = 1 }}, every = "item" }}'})
    priced = bill(
        programme,
        goods("2.00", "3", department="food"),
        goods("9.00", "1.5", unit="kg", department="food"),
        goods("2.00", department="food", by_hand="100%"),
        goods("2.00", department="shoes"),
    )
    assert [(one.amount, one.lines) for one in priced.earned] == [(4, (3, 1, 0, 0))]


def test_once_a_bill() -> None:
    """Five points for dropping in, whatever is bought; for nothing that is paid there is nothing."""
    programme = rules({"visit": VISIT})
    assert earned(bill(programme, goods("0.01"))) == [("visit", "points", 5)]
    free = bill(programme, goods("1.00", by_hand="100%"))
    assert (earned(free), why(free, "visit")) == ([], "Too little is paid on this bill to earn anything.")


def test_what_earns_on_goods_that_are_not_there_says_so() -> None:
    """Not that too little is paid: no amount of shoes earns a coffee stamp. A bill of coffee that is free has too little paid."""
    programme = rules({"stamp": f'{FOOD}\ngive = {{ earn = {{ coffee = 1 }}, every = "item" }}'})
    assert (
        why(bill(programme, goods("90.00", department="shoes")), "stamp") == "Nothing on this bill is what it is for."
    )
    free = bill(programme, goods("2.00", department="food", by_hand="100%"))
    assert why(free, "stamp") == "Too little is paid on this bill to earn anything."


def test_so_many_steps_a_bill() -> None:
    """At most two stamps for five coffees."""
    programme = rules({"stamp": 'give = { earn = { coffee = 1 }, every = "item" }\nlimit = { a_bill = 2 }'})
    assert earned(bill(programme, goods("2.00", "5"))) == [("stamp", "coffee", 2)]


def test_into_several_purses_at_once() -> None:
    """Two lots of one offer, used once."""
    priced = bill(rules({"both": 'give = { earn = { points = 5, cashback = "1.50" } }'}), goods("10.00"))
    assert earned(priced) == [("both", "points", 5), ("both", "cashback", 150)]
    assert priced.used == ("both",)


def test_who_has_no_card_earns_nothing() -> None:
    """Open to everyone or not: there is no purse to put it in."""
    priced = without_a_card(rules({"visit": f"for = {{ everyone = true }}\n{VISIT}"}), goods("10.00"))
    assert (earned(priced), why(priced, "visit")) == ([], "For card holders: no card was shown.")


# ---- many times over ----


def test_a_multiplier_adds_what_the_others_earn_exactly() -> None:
    """1 % of 1.50 is 1.5 cents: 1 of its own, and threefold adds twice 1.5, not twice 1."""
    programme = rules({"triple": "give = { multiply = { cashback = 3 } }"}, TIER.replace('discount = "5%"\n', ""))
    assert earned(bill(programme, goods("1.50"))) == [
        ("tier:basic:cashback", "cashback", 1),
        ("triple", "cashback", 3),
    ]


def test_a_multiplier_multiplies_what_came_to_less_than_a_cent() -> None:
    """1 % of 0.90 is 0.9 cents: nothing of its own, and threefold adds twice 0.9, which is one whole cent."""
    offers = {"one": 'give = { earn = { cashback = "1%" } }', "triple": "give = { multiply = { cashback = 3 } }"}
    priced = bill(rules(offers), goods("0.90"))
    assert (earned(priced), priced.used) == ([("triple", "cashback", 1)], ("triple",))
    assert why(priced, "one") == "Too little is paid on this bill to earn anything."
    assert earned(bill(rules(offers), goods("0.49"))) == []
    grouped = {**offers, "one": f'{offers["one"]}\ngroup = "g"', "visit": f'{VISIT}\ngroup = "g"'}
    assert earned(bill(rules(grouped), goods("0.90"))) == [("visit", "points", 5)]


def test_a_multiplier_of_nothing_counts_nobody_of_its_control_group() -> None:
    """Nobody can tell the effect of an offer that would have given nothing; where it would, its control group is counted."""
    held_out = 'give = { multiply = { cashback = 2 } }\ncontrol_group = "99.99%"'
    assert bill(rules({"two": held_out}), goods("10.00")).held_out == ()
    both = rules({"one": 'give = { earn = { cashback = "1%" } }', "two": held_out})
    assert bill(both, goods("10.00")).held_out == ("two",)


def test_a_multiplier_is_on_its_lines_and_its_purse_alone() -> None:
    """Double on food: 5.00 of 12.00; points stay as they are."""
    programme = rules(
        {
            "double": f"{FOOD}\ngive = {{ multiply = {{ cashback = 2 }} }}",
            "cash": 'give = { earn = { cashback = "1%" } }',
            "points": 'give = { earn = { points = 1 }, every = "1.00" }',
        }
    )
    priced = bill(programme, goods("5.00", department="food"), goods("7.00"))
    assert earned(priced) == [("cash", "cashback", 12), ("points", "points", 12), ("double", "cashback", 5)]


def test_multipliers_do_not_multiply_one_another() -> None:
    """Double and triple on 10 cents add 10 and 20."""
    multiply = "give = {{ multiply = {{ cashback = {} }} }}"
    programme = rules(
        {"cash": 'give = { earn = { cashback = "1%" } }', "two": multiply.format(2), "three": multiply.format(3)}
    )
    assert [amount for _, _, amount in earned(bill(programme, goods("10.00")))] == [10, 10, 20]


def test_a_multiplier_of_nothing_says_so() -> None:
    """No other offer earns into its purse."""
    priced = bill(rules({"two": "give = { multiply = { cashback = 2 } }"}), goods("10.00"))
    assert (earned(priced), priced.why[0].applied, priced.used) == ([], False, ())


# ---- groups and budgets ----


def test_of_a_group_of_earnings_the_one_worth_most() -> None:
    """5 points are worth 0.05, 1 % of 10.00 is 0.10; of 4.00 it is 0.04."""
    programme = rules({"points": f'{VISIT}\ngroup = "g"', "cash": 'give = { earn = { cashback = "1%" } }\ngroup = "g"'})
    assert earned(bill(programme, goods("10.00"))) == [("cash", "cashback", 10)]
    assert earned(bill(programme, goods("4.00"))) == [("points", "points", 5)]
    assert earned(bill(programme, goods("5.00"))) == [("points", "points", 5)]  # the first on a tie


def test_of_a_group_of_multipliers_the_one_that_adds_most() -> None:
    """Double on all of 30.00 adds 0.30, triple on the 10.00 of food 0.20; on food alone triple adds more."""
    programme = rules(
        {
            "cash": 'give = { earn = { cashback = "1%" } }',
            "double": 'give = { multiply = { cashback = 2 } }\ngroup = "g"',
            "triple": f'{FOOD}\ngive = {{ multiply = {{ cashback = 3 }} }}\ngroup = "g"',
        }
    )
    food = goods("10.00", department="food")
    both = bill(programme, food, goods("20.00"))
    assert earned(both) == [("cash", "cashback", 30), ("double", "cashback", 30)]
    assert why(both, "triple") == "DOUBLE is better for the holder."
    assert earned(bill(programme, food)) == [("cash", "cashback", 10), ("triple", "cashback", 20)]


def test_a_budget_counts_points_at_their_worth() -> None:
    """0.03 is left of it: three points of five, then nothing."""
    programme = rules({"visit": f'{VISIT}\nlimit = {{ budget = "1.00" }}'})
    assert earned(bill(programme, goods("1.00"), known=Known(given={"visit": 97}))) == [("visit", "points", 3)]
    assert earned(bill(programme, goods("1.00"), known=Known(given={"visit": 100}))) == []
