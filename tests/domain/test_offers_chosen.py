"""Which offers a bill gets: the best of a group, whom they are for, when, what they need, and the reason that each leaves."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from bills import DAY, goods
from written import TIER, ana, bill, earned, off, rules, why

from pos_loyalty.domain.audience import Known
from pos_loyalty.domain.member import Member
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.domain.tier import Standing

TEN = 'give = { discount = "10%" }'


def only(keys: str, tiers: str = "") -> Programme:
    """A programme of one offer, 10 % off."""
    return rules({"o": f"{keys}\n{TEN}"}, tiers)


# ---- groups ----


def test_of_a_group_the_one_that_takes_most_off() -> None:
    """15 % beats the tier's 5 % in the group "card"; the other says which was better."""
    programme = rules({"birthday": 'give = { discount = "15%" }\ngroup = "card"'}, TIER)
    priced = bill(programme, goods("10.00"))
    assert off(priced) == [("birthday", (150,))]
    assert why(priced, "tier:basic:discount") == "BIRTHDAY is better for the holder."
    assert priced.used == ("birthday", "tier:basic:cashback")


def test_each_of_a_group_is_told_the_one_that_is_given() -> None:
    """5 %, 10 %, 15 %: the first too loses to the third, not to the second that is not given either."""
    gives = {f"o{rate}": f'give = {{ discount = "{rate}%" }}\ngroup = "g"' for rate in (5, 10, 15)}
    priced = bill(rules(gives), goods("10.00"))
    assert [why(priced, one) for one in ("o5", "o10")] == ["O15 is better for the holder."] * 2


def test_on_a_tie_the_first() -> None:
    """0.50 of 5.00 by 10 % and as an amount."""
    group = '\ngroup = "g"'
    for first, second in (("a", "b"), ("b", "a")):
        gives = {"a": TEN + group, "b": 'give = { discount = "0.50" }' + group}
        assert off(bill(rules({first: gives[first], second: gives[second]}), goods("5.00"))) == [(first, (50,))]


def test_a_group_is_decided_where_the_first_of_it_that_can_apply_is_met() -> None:
    """A member on food is met before the rest: its group is measured there, and another member of it may be the best."""
    programme = rules(
        {
            "all": TEN,
            "euro": 'give = { discount = "1.00" }\ngroup = "g"',
            "food": 'on = { departments = ["food"] }\ngive = { discount = "5%" }\ngroup = "g"',
        }
    )
    assert off(bill(programme, goods("10.00", department="food"))) == [("euro", (100,)), ("all", (90,))]
    # Without food the one that is on food cannot apply, and the group waits for its turn among the rest.
    assert off(bill(programme, goods("10.00"))) == [("all", (100,)), ("euro", (100,))]


def test_who_is_kept_from_the_best_of_a_group_gets_the_next() -> None:
    """Without a birthday the 15 % are not there."""
    programme = rules({"b": 'for = { birthday_within = "7 days" }\ngive = { discount = "15%" }\ngroup = "card"'}, TIER)
    assert off(bill(programme, goods("10.00"))) == [("tier:basic:discount", (50,))]


# ---- for whom ----


@pytest.mark.parametrize(
    ("birthday", "day", "near"),
    [
        (date(1990, 11, 22), date(2026, 11, 15), True),  # both ends of the week
        (date(1990, 11, 22), date(2026, 11, 29), True),
        (date(1990, 11, 22), date(2026, 11, 14), False),
        (date(1990, 11, 22), date(2026, 11, 30), False),
        (date(1990, 1, 2), date(2026, 12, 26), True),  # over the turn of the year
        (date(1990, 12, 30), date(2027, 1, 6), True),
        (date(2000, 2, 29), date(2026, 3, 7), True),  # kept on the 28th
        (date(2000, 2, 29), date(2026, 3, 8), False),
        (date(2000, 2, 29), date(2028, 3, 7), True),  # a leap year has the day itself
        (None, date(2026, 11, 22), False),
    ],
)
def test_around_a_birthday(birthday: date | None, day: date, near: bool) -> None:
    """So many days either side, both included; who has told no birthday has none."""
    account = ana(member=Member("ana", "Ana Kovač", birthday=birthday))
    priced = bill(only('for = { birthday_within = "7 days" }'), goods("10.00"), account=account, day=day)
    assert bool(off(priced)) == near


@pytest.mark.parametrize(("last", "away"), [(90, True), (89, False), (400, True), (None, False)])
def test_who_stayed_away(last: int | None, away: bool) -> None:
    """From the ninetieth day after the last sale; who never bought is new, not missed."""
    seen = None if last is None else DAY - timedelta(days=last)
    account = ana(last_visit=seen, visits=0 if last is None else 3)
    assert bool(off(bill(only('for = { not_seen_for = "90 days" }'), goods("10.00"), account=account))) == away


def test_the_first_visit() -> None:
    """Who bought once has had it."""
    programme = only("for = { first_visit = true }")
    assert [len(off(bill(programme, goods("1.00"), account=ana(visits=n)))) for n in (0, 1)] == [1, 0]


def test_named_and_bearer_cards() -> None:
    """Each its own."""
    for wanted in ("named", "bearer"):
        programme = only(f'for = {{ cards = "{wanted}" }}')
        given = [kind for kind in ("named", "bearer") if off(bill(programme, goods("1.00"), account=ana(kind=kind)))]
        assert given == [wanted]


def test_tiers() -> None:
    """Who stands on one of them, and nobody above or below."""
    ladder = TIER + "".join(
        f'[[tier]]\nid = "{tier}"\nname = "{tier.title()}"\nspend = "{spend}.00"\n'
        for tier, spend in (("gold", 500), ("vip", 2_000))
    )
    programme = rules({"o": f'for = {{ tiers = ["gold"] }}\n{TEN}'}, ladder)
    said = {}
    for tier in ("basic", "gold", "vip"):
        priced = bill(programme, goods("100.00"), account=ana(standing=Standing(tier, DAY, None)))
        said[tier] = why(priced, "o")
    assert said == {
        "basic": "For Gold, from 500.00 spent on.",
        "gold": "O: 10.00 off",
        "vip": "For Gold: the holder is above it.",
    }


@pytest.mark.parametrize(
    ("account", "given"),
    [({"kind": "named", "visits": 0}, True), ({"kind": "named", "visits": 1}, False), ({"kind": "bearer"}, False)],
)
def test_what_for_names_together_holds_together(account: dict[str, object], given: bool) -> None:
    """A named card on its first visit."""
    programme = only('for = { cards = "named", first_visit = true }')
    assert bool(off(bill(programme, goods("1.00"), account=ana(**account)))) == given


# ---- when ----


@pytest.mark.parametrize(
    ("hours", "clock", "inside"),
    [
        ("09:00-12:00", time(9), True),
        ("09:00-12:00", time(8, 59, 59), False),
        ("09:00-12:00", time(11, 59, 59), True),
        ("09:00-12:00", time(12), False),  # the end is not counted
        ("22:00-02:00", time(23), True),
        ("22:00-02:00", time(1, 59), True),
        ("22:00-02:00", time(2), False),
        ("22:00-24:00", time(23, 59), True),
        ("22:00-24:00", time(0), False),
    ],
)
def test_hours_are_of_the_clock(hours: str, clock: time, inside: bool) -> None:
    """From the beginning until before the end, over midnight too."""
    assert bool(off(bill(only(f'when = {{ hours = "{hours}" }}'), goods("1.00"), clock=clock))) == inside


def test_weekdays_are_of_the_business_day() -> None:
    """22 November 2026 is a Sunday, whatever the clock shows."""
    programme = only('when = { weekdays = ["sun"] }')
    for clock in (time(0), time(23, 59)):
        assert off(bill(programme, goods("1.00"), day=DAY, clock=clock))
        assert not off(bill(programme, goods("1.00"), day=DAY + timedelta(days=1), clock=clock))


def test_from_and_until_are_both_included() -> None:
    """The 21st to the 23rd."""
    programme = only("when = { from = 2026-11-21, until = 2026-11-23 }")
    days = [date(2026, 11, day) for day in range(20, 25)]
    assert [bool(off(bill(programme, goods("1.00"), day=day))) for day in days] == [False, True, True, True, False]


# ---- needs ----


def test_what_is_missing_to_an_offer_is_said() -> None:
    """57.60 of 60.00: 2.40 more."""
    programme = rules({"tote": f'needs = {{ spend = "60.00" }}\n{TEN}'})
    assert why(bill(programme, goods("57.60")), "tote") == "2.40 more for TOTE"
    assert off(bill(programme, goods("60.00"))) == [("tote", (600,))]


def test_needs_are_of_what_is_left_of_the_offers_lines_when_its_turn_comes() -> None:
    """20.00 of food less 10 % is 18.00, and shoes count for nothing."""
    programme = rules(
        {
            "first": f'on = {{ departments = ["food"] }}\n{TEN}',
            "then": f'on = {{ departments = ["food"] }}\nneeds = {{ spend = "20.00" }}\n{TEN}',
        }
    )
    priced = bill(programme, goods("20.00", department="food"), goods("90.00", department="shoes"))
    assert off(priced) == [("first", (200, 0))]
    assert why(priced, "then") == "2.00 more for THEN"


def test_so_many_items() -> None:
    """Two of three; what is weighed is one."""
    programme = rules({"many": f"needs = {{ items = 3 }}\n{TEN}"})
    assert why(bill(programme, goods("1.00", "2")), "many") == "1 more of its goods for MANY"
    assert off(bill(programme, goods("1.00", "2"), goods("1.00", "0.4", unit="kg"))) != []


def test_earning_needs_what_is_left_after_all_discounts_and_before_purses() -> None:
    """20.00 less 10 % is 18.00: enough for 18.00, not for 18.01."""
    for needed, points in (("18.00", [("p", "points", 5)]), ("18.01", [])):
        programme = rules({"off": TEN, "p": f'needs = {{ spend = "{needed}" }}\ngive = {{ earn = {{ points = 5 }} }}'})
        assert earned(bill(programme, goods("20.00"))) == points


# ---- limits ----


def test_limits_that_are_used_up() -> None:
    """As often as each holder and as all of them may have it, and what may be given away in all."""
    programme = only('limit = { each = 1, within = "1 day", total = 100, budget = "5.00" }')
    for known, said in (
        (Known(uses={"o": 1}), "The holder has had it as often as it can be had."),
        (Known(totals={"o": 100}), "It has been given as often as it could be."),
        (Known(given={"o": 500}), "Its budget is used up."),
        (Known({"o": 0}, {"o": 99}, {"o": 400}), "O: 1.00 off"),
    ):
        assert why(bill(programme, goods("10.00"), known=known), "o") == said


def test_the_last_gets_what_is_left_of_a_budget() -> None:
    """0.50 of the 2.00 that 10 % of two lines would be, split as they are."""
    priced = bill(only('limit = { budget = "5.00" }'), goods("15.00"), goods("5.00"), known=Known(given={"o": 450}))
    assert off(priced) == [("o", (38, 12))]


def test_the_best_of_a_group_is_what_its_budget_leaves_of_it() -> None:
    """50 % of which only 0.30 is left are less than 5 %."""
    programme = rules({"half": 'give = { discount = "50%" }\nlimit = { budget = "1.00" }\ngroup = "card"'}, TIER)
    priced = bill(programme, goods("10.00"), known=Known(given={"half": 70}))
    assert off(priced) == [("tier:basic:discount", (50,))]


# ---- control groups ----


@pytest.mark.parametrize(("share", "held_out"), [("47.37%", False), ("47.38%", True)])
def test_a_control_group_is_counted_and_gets_nothing(share: str, held_out: bool) -> None:
    """SHA-256 of "o:ana" begins with a number that is 4737 modulo 10,000: below 47.38 %, not below 47.37 %."""
    priced = bill(rules({"o": f'{TEN}\ncontrol_group = "{share}"'}), goods("10.00"))
    assert (priced.held_out, priced.used) == ((("o",), ()) if held_out else ((), ("o",)))
    assert bool(off(priced)) != held_out


def test_only_who_would_have_had_it_is_counted_in_a_control_group() -> None:
    """Not on another weekday, nor with nothing on the bill that it is on."""
    programme = rules({"o": f'on = {{ departments = ["food"] }}\n{TEN}\ncontrol_group = "90%"'})
    assert bill(programme, goods("10.00")).held_out == ()
    assert bill(programme, goods("10.00", department="food")).held_out == ("o",)
