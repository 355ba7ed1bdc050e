"""What each kind of discount takes off a bill, reckoned by hand from the words of the programme."""

from __future__ import annotations

import pytest
from bills import goods
from written import TIER, bill, off, rules, without_a_card

TEN = 'give = { discount = "10%" }'


def test_offers_on_certain_goods_come_first_and_then_the_rest() -> None:
    """20 % off food, then 10 % off what is left: 2.00 and 0.80, though the file names them the other way round."""
    programme = rules({"all": TEN, "food": 'on = { departments = ["food"] }\ngive = { discount = "20%" }'})
    assert off(bill(programme, goods("10.00", department="food"))) == [("food", (200,)), ("all", (80,))]


def test_a_tiers_own_comes_before_the_offers_of_the_file() -> None:
    """5 % of 10.00, then 10 % of 9.50."""
    assert off(bill(rules({"all": TEN}, TIER), goods("10.00"))) == [("tier:basic:discount", (50,)), ("all", (95,))]


@pytest.mark.parametrize(
    ("on", "covered"),
    [
        ('{ departments = ["food"] }', (1, 1, 0, 0)),
        ('{ skus = ["JAM", "SHIRT"] }', (1, 0, 1, 0)),
        ('{ except_departments = ["food"] }', (0, 0, 1, 0)),
        ('{ departments = ["food"], except_skus = ["JAM"] }', (0, 1, 0, 0)),
        ("{ reduced = true }", (0, 1, 0, 0)),
        ('{ departments = ["food"], reduced = false }', (1, 0, 0, 0)),
    ],
)
def test_what_on_names_together_holds_together(on: str, covered: tuple[int, ...]) -> None:
    """And what is excluded is in no offer, whatever it names."""
    programme = rules({"some": f"on = {on}\n{TEN}"})
    priced = bill(
        programme,
        goods("1.00", sku="JAM", department="food"),
        goods("1.00", sku="BREAD", department="food", reduced=True),
        goods("1.00", sku="SHIRT", department="clothes"),
        goods("1.00", sku="CIGARS", department="tobacco"),
    )
    assert off(priced) == [("some", tuple(10 * line for line in covered))]


# ---- an amount ----


def test_an_amount_is_split_by_what_is_left_the_largest_remainder_first() -> None:
    """1.00 over 3.33, 3.33 and 3.34: 33.3, 33.3 and 33.4 cents; over three lines alike the first has the cent more."""
    programme = rules({"euro": 'give = { discount = "1.00" }'})
    assert off(bill(programme, goods("3.33"), goods("3.33"), goods("3.34"))) == [("euro", (33, 33, 34))]
    assert off(bill(programme, goods("2.00"), goods("2.00"), goods("2.00"))) == [("euro", (34, 33, 33))]


def test_an_amount_takes_no_more_than_there_is() -> None:
    """1.00 off 0.70."""
    assert off(bill(rules({"euro": 'give = { discount = "1.00" }'}), goods("0.70"))) == [("euro", (70,))]


def test_what_a_line_cannot_take_is_not_moved_to_another() -> None:
    """8.00 over 10.00 and 2.00 is 6.67 and 1.33; of each at most a half: 5.00 and 1.00."""
    programme = rules({"eight": 'give = { discount = "8.00" }'}, maximum="50%")
    assert off(bill(programme, goods("10.00"), goods("2.00"))) == [("eight", (500, 100))]


def test_the_cap_holds_whatever_offers_meet() -> None:
    """At most 25 % of 9.99, rounded down, is 2.49: 20 % is 2.00, of the 10 % of the rest only 0.49 is left."""
    programme = rules({"a": 'give = { discount = "20%" }', "b": TEN}, maximum="25%")
    assert off(bill(programme, goods("9.99"))) == [("a", (200,)), ("b", (49,))]


# ---- the dearest items ----


def test_items_are_the_dearest() -> None:
    """Half off the two dearest of 1.00, 4.00 and three of 3.00: 2.00 and 1.50."""
    programme = rules({"two": 'give = { discount = "50%", items = 2 }'})
    assert off(bill(programme, goods("1.00"), goods("4.00"), goods("3.00", "3"))) == [("two", (0, 200, 150))]


def test_what_is_weighed_is_one_item() -> None:
    """Half off the dearest item: 1.5 kg of 4.00 are one of 6.00."""
    programme = rules({"one": 'give = { discount = "50%", items = 1 }'})
    assert off(bill(programme, goods("5.00"), goods("4.00", "1.5", unit="kg"))) == [("one", (0, 300))]


def test_an_items_price_is_what_is_left_of_its_line() -> None:
    """9.00 with 4.00 off by hand is cheaper than 6.00."""
    programme = rules({"one": 'give = { discount = "10%", items = 1 }'})
    assert off(bill(programme, goods("9.00", by_hand="4.00"), goods("6.00")))[1:] == [("one", (0, 60))]


# ---- sets ----

THREE = "give = { free = 1, of = 3 }"


def test_sets_are_filled_with_the_dearest_and_the_cheapest_of_each_is_free() -> None:
    """5, 3, 3 | 2, 2, 2: 3.00 over the first three (1.36, 0.82, 0.82) and 2.00 over the others."""
    priced = bill(rules({"three": THREE}), goods("5.00"), goods("3.00", "2"), goods("2.00", "3"))
    assert off(priced) == [("three", (136, 164, 200))]


def test_a_bill_holds_so_many_sets() -> None:
    """With one set a bill the second three are paid for."""
    programme = rules({"three": f"{THREE}\nlimit = {{ a_bill = 1 }}"})
    priced = bill(programme, goods("5.00"), goods("3.00", "2"), goods("2.00", "3"))
    assert off(priced) == [("three", (136, 164, 0))]


def test_a_set_that_is_not_full_gives_nothing() -> None:
    """Two are no three, and what is weighed is in no set."""
    priced = bill(rules({"three": THREE}), goods("5.00", "2"), goods("5.00", "1", unit="kg"))
    assert (off(priced), [reason.applied for reason in priced.why]) == ([], [False])


def test_a_set_is_held_to_the_cap_of_its_items() -> None:
    """Three of 3.00 for two, at most 20 %: 1.80 of 9.00; half of one line is off already and counts towards it."""
    programme = rules({"three": THREE}, maximum="20%")
    assert off(bill(programme, goods("3.00", "3"))) == [("three", (180,))]
    before = bill(programme, goods("3.00", "3", by_hand="1.50"))
    assert off(before)[1:] == [("three", (30,))]


def test_a_set_for_a_price() -> None:
    """Two for 5.00: 3.00 and 3.00 save 1.00, the third is alone; 4.00 and 2.00 save it in proportion."""
    programme = rules({"two": 'give = { price = "5.00", of = 2 }'})
    assert off(bill(programme, goods("3.00", "3"))) == [("two", (100,))]
    assert off(bill(programme, goods("4.00"), goods("2.00"))) == [("two", (67, 33))]


def test_a_set_that_is_cheaper_as_it_is_stays_so() -> None:
    """Two of 2.00 are not made dearer."""
    assert off(bill(rules({"two": 'give = { price = "5.00", of = 2 }'}), goods("2.00", "2"))) == []


def test_a_holders_price_is_that_of_each_item_or_unit() -> None:
    """2.50 instead of 3.00, for each of two pieces and for 1.5 kg; what is cheaper already stays."""
    programme = rules({"own": 'give = { price = "2.50" }'})
    priced = bill(programme, goods("3.00", "2"), goods("3.00", "1.5", unit="kg"), goods("2.00"))
    assert off(priced) == [("own", (100, 75, 0))]


def test_what_is_weighed_counts_as_one_of_so_many_a_bill() -> None:
    """A holder's price for one item a bill: of 4 kg of 3.00, 1.5 kg and a piece the dearest alone, which saves 0.50 a kilogram."""
    programme = rules({"own": 'give = { price = "2.50" }\nlimit = { a_bill = 1 }'})
    heavy, light = goods("3.00", "4", unit="kg"), goods("3.00", "1.5", unit="kg")
    assert off(bill(programme, light, heavy, goods("3.00"))) == [("own", (0, 200, 0))]
    assert off(bill(programme, light, goods("2.00", "9"))) == [("own", (75, 0))]


def test_what_a_set_saves_is_rounded_half_up() -> None:
    """Three pieces for 1.00 (a third each): with the cheapest free 0.33 is saved, and of two for one 0.33 too."""
    line = goods("1.00", "3", by_hand="2.00")
    assert off(bill(rules({"three": THREE}), line))[1:] == [("three", (33,))]
    assert off(bill(rules({"two": "give = { free = 1, of = 2 }"}), line))[1:] == [("two", (33,))]


# ---- who has no card ----


def test_everyone_opens_an_offer_to_who_has_no_card() -> None:
    """The others are for card holders, and say so."""
    programme = rules({"open": f"for = {{ everyone = true }}\n{THREE}", "card": TEN})
    priced = without_a_card(programme, goods("3.00", "3"))
    assert off(priced) == [("open", (300,))]
    assert [reason.applied for reason in priced.why] == [True, False]
