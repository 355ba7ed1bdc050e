"""What an owner gets wrong without an error: each doubt is a warning with line, field and a mend, and only where it is certain."""

from __future__ import annotations

from pathlib import Path

import pytest
from programme_checks import BASIC, GOLD, HEAD, only, places, said

from pos_loyalty.domain.programme.problems import Problem
from pos_loyalty.domain.programme.reading import read

EXAMPLE = (Path(__file__).parents[2] / "docs" / "programme-example.toml").read_text(encoding="utf-8")
MUG = 'give = { gift = "MUG" }'


def offer(own: str, *rows: str) -> str:
    """An offer as the file has it."""
    return "\n".join(["[[offer]]", f'id = "{own}"', 'title = "T"', *rows, ""])


def warning(text: str) -> Problem:
    """The one warning of a programme."""
    problem = only(text, "warning")
    assert problem.line is not None
    assert problem.mend is not None
    return problem


@pytest.mark.parametrize(
    ("rows", "key", "sentence"),
    [
        (["for = { first_visit = true, not_seen_for = '9 days' }"], "for", 'what "not_seen_for" asks for'),
        (["for = { first_visit = true, bought = { skus = ['A'] } }"], "for", 'what "bought" asks for'),
        (["for = { first_visit = true, tiers = ['gold'] }"], "for", 'what "tiers" asks for'),
        (["for = { first_visit = true, clubs = ['payers'] }"], "for", 'what "clubs" asks for'),
        (["for = { cards = 'bearer', birthday_within = '7 days' }"], "for", "Nothing is known of who holds"),
        (["for = { cards = 'bearer', referred = true }"], "for", "Nothing is known of who holds"),
        (["for = { cards = 'bearer', tiers = ['gold'] }"], "for", "A bearer card stays below these tiers"),
        (["on = { skus = ['A'], except_skus = ['A', 'B'] }"], "on", "are excepted again."),
        (["on = { departments = ['tobacco'] }"], "on", "are excluded by an [[exclude]]"),
        (["on = { skus = ['A'], departments = ['tobacco', 'old'], reduced = true }"], "on", "are excluded by an"),
        (
            ["when = { weekdays = ['mon'], from = 2026-12-01, until = 2026-12-06 }"],
            "when",
            "None of these weekdays lies between",
        ),
        (["control_group = '100%'"], "control_group", "nobody gets this."),
        (["needs = { coupon = true }"], "needs", "no other offer that can apply gives one"),
        (["limit = { a_bill = 2 }"], "limit", "so a_bill restricts nothing."),
        (["group = 'gifts'"], "group", 'No other offer is in the group "gifts"'),
    ],
)
def test_an_offer_that_can_never_apply_or_says_nothing(rows: list[str], key: str, sentence: str) -> None:
    """What no holder, day or basket can bring together is said at the key that keeps it away."""
    text = (
        HEAD
        + "[[exclude]]\ndepartments = ['tobacco']\n[[exclude]]\ndepartments = ['old']\nreduced = true\n"
        + BASIC
        + GOLD
        + "named_only = true\n[[club]]\nid = 'payers'\ntitle = 'P'\njoin = { fee = '1' }\n"
        + offer("club", "for = { clubs = ['payers'] }", MUG)
    )
    assert read(text).problems == ()
    problem = warning(text + offer("o", *rows, MUG))
    assert (problem.line, problem.field) == (text.count("\n") + 4, f"offer.o.{key}")
    assert sentence in said(problem.message)


@pytest.mark.parametrize(
    "rows",
    [
        ["for = { first_visit = true, tiers = ['basic', 'gold'] }"],
        ["for = { cards = 'bearer', tiers = ['basic'] }"],
        ["on = { departments = ['tobacco', 'books'] }"],
        ["on = { departments = ['old'] }"],
        ["on = { skus = ['A'] }"],
        ["when = { weekdays = ['mon'], from = 2026-12-01, until = 2026-12-07 }"],
    ],
)
def test_an_offer_that_can_apply_is_not_doubted(rows: list[str]) -> None:
    """Nothing is said that is not certain."""
    exclude = "[[exclude]]\ndepartments = ['tobacco']\n[[exclude]]\ndepartments = ['old']\nreduced = true\n"
    assert read(HEAD + exclude + BASIC + GOLD + offer("o", *rows, MUG)).problems == ()


def test_coupons_that_only_each_other_give_are_never_given() -> None:
    """A circle of coupons has no beginning."""
    text = (
        HEAD
        + offer("a", "needs = { coupon = true }", 'give = { coupon = "b" }')
        + offer("b", "needs = { coupon = true }", 'give = { coupon = "a" }')
    )
    assert [problem.field for problem in read(text).problems] == ["offer.a.needs", "offer.b.needs"]
    alone = warning(HEAD + offer("a", "needs = { coupon = true }", 'give = { coupon = "a" }'))
    assert alone.field == "offer.a.needs"


def test_what_lives_on_an_offer_that_never_applies_never_applies() -> None:
    """A coupon that only a dead offer gives is dead too, and so is what costs from a purse that only it fills."""
    text = (
        HEAD
        + "[purse.p]\nunit = 'points'\n"
        + offer("dead", "control_group = '100%'", 'give = { coupon = "ten" }')
        + offer("ten", "needs = { coupon = true }", "give = { earn = { p = 1 } }")
        + offer("reward", "costs = { p = 5 }", MUG)
        + offer("double", "give = { multiply = { p = 2 } }")
    )
    assert [problem.field for problem in read(text).problems] == [
        "offer.dead.control_group",
        "offer.ten.needs",
        "offer.reward.costs",
        "offer.double.give",
    ]


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        ("[purse.p]\nunit = 'points'\n" + offer("o", "give = { earn = { p = 1 } }"), "purse.p.unit", "Nobody can use"),
        ("[purse.p]\nunit = 'tickets'\n" + offer("o", "give = { earn = { p = 1 } }"), "purse.p.unit", "Nobody can use"),
        ("[purse.p]\nunit = 'money'\nexpires = 'never'\n", "purse.p.unit", "Nothing in this file fills this purse."),
        (
            "[purse.p]\nunit = 'points'\n" + offer("o", "costs = { p = 5 }", MUG),
            "offer.o.costs",
            "Nothing in this file",
        ),
        ("[[club]]\nid = 'c'\ntitle = 'C'\njoin = { by_hand = true }\n", "club.c.id", "No offer is for this club"),
        ("[gift_certificate]\namounts = ['5.00']\n", "gift_certificate.expires", "a liability without end."),
    ],
)
def test_what_nobody_uses_and_what_never_ends(text: str, field: str, sentence: str) -> None:
    """Ids that no offer needs, purses that stay empty, and debts without an end are said once."""
    problem = warning(HEAD + text)
    assert problem.field == field
    assert sentence in said(problem.message)


def test_partners_may_fill_a_purse() -> None:
    """A purse that is shared is filled elsewhere, so that nothing fills it here is no doubt."""
    text = "[purse.p]\nunit = 'money'\nexpires = 'never'\n[partners]\npurse = 'p'\nmembers = ['a', 'b']\n"
    assert read(HEAD + text).problems == ()


def test_everyone_has_no_purse() -> None:
    """Opening an offer that earns to bills without a card changes nothing."""
    text = "[purse.p]\nunit = 'money'\nexpires = 'never'\n"
    problem = warning(HEAD + text + offer("o", "for = { everyone = true }", "give = { earn = { p = '1%' } }"))
    assert problem.field == "offer.o.for"


TIERS = BASIC + 'discount = "5%"\n' + GOLD + 'discount = "10%"\n'


@pytest.mark.parametrize(
    ("rows", "losers"),
    [
        (["give = { discount = '3%' }"], ["offer.o.group"]),
        (["give = { discount = '5%' }"], ["offer.o.group"]),  # on a tie the tier's own comes first
        (["give = { discount = '7%' }"], ["tier.basic.discount"]),
        (["give = { discount = '10%' }"], ["tier.basic.discount"]),
        (["give = { discount = '11%' }"], ["tier.basic.discount", "tier.gold.discount"]),
        (["give = { discount = '8%' }", "for = { tiers = ['gold'] }"], ["offer.o.group"]),
        (["give = { discount = '8%' }", "for = { birthday_within = '7 days' }"], []),
        (["give = { discount = '4%' }", "for = { birthday_within = '7 days' }"], ["offer.o.group"]),
        (["give = { discount = '4%' }", "on = { skus = ['A'] }"], ["offer.o.group"]),
        (["give = { discount = '50%' }", "on = { skus = ['A'] }"], []),
        (["give = { discount = '50%' }", "limit = { total = 5 }"], []),
        (["give = { discount = '50%' }", "control_group = '10%'"], []),
        (["give = { discount = '50%' }", "needs = { spend = '1.00' }"], []),
        (["give = { discount = '50%' }", "when = { hours = '09:00-12:00' }"], []),
        (["give = { discount = '50%', items = 1 }"], []),
        (["give = { discount = '4%' }", "for = { everyone = true }"], []),
        (["give = { discount = '1.00' }"], []),
    ],
)
def test_who_always_loses_in_its_group(rows: list[str], losers: list[str]) -> None:
    """An offer that another of its group beats in every case is named, and no other."""
    reading = read(HEAD + TIERS + offer("o", *rows, "group = 'card'"))
    found = [problem for problem in reading.problems if "gives no less" in problem.message.template]
    assert sorted(problem.field for problem in found) == sorted(losers)
    assert len(found) == len(reading.problems)
    for problem in found:
        said(problem.message)
        assert problem.mend is not None


@pytest.mark.parametrize(
    ("give", "other", "lost"),
    [
        ("{ discount = '1.00' }", "{ discount = '2.00' }", True),
        ("{ earn = { p = '1%' } }", "{ earn = { p = '2%' } }", True),
        ("{ earn = { q = 1 } }", "{ earn = { q = 2 } }", True),
        ("{ earn = { q = 1 }, every = 'item' }", "{ earn = { q = 2 }, every = '5.00' }", False),
        ("{ earn = { q = 1 } }", "{ earn = { p = '2%' } }", False),
        ("{ discount = '5%', items = 1 }", "{ discount = '6%', items = 2 }", True),
    ],
)
def test_amounts_and_earnings_are_measured_against_their_like(give: str, other: str, lost: bool) -> None:
    """What cannot be compared without a basket is left to the till."""
    purses = (
        "[purse.p]\nunit = 'money'\nexpires = 'never'\n[purse.q]\nunit = 'points'\nworth = '1'\nexpires = 'never'\n"
    )
    fill = offer("fill", "give = { earn = { p = '1.00', q = 1 } }")
    text = (
        HEAD
        + purses
        + fill
        + offer("a", f"give = {give}", "group = 'g'")
        + offer("b", f"give = {other}", "group = 'g'")
    )
    assert [problem.field for problem in read(text).problems] == (["offer.a.group"] if lost else [])


def test_hours_inside_hours_lose() -> None:
    """An hour of the night is inside of a night that reaches over midnight."""
    night = offer("night", "give = { discount = '9%' }", "when = { hours = '22:00-06:00' }", "group = 'g'")
    late = offer("late", "give = { discount = '5%' }", "when = { hours = '01:00-02:00' }", "group = 'g'")
    day = offer("day", "give = { discount = '5%' }", "when = { hours = '05:00-07:00' }", "group = 'g'")
    assert [problem.field for problem in read(HEAD + night + late + day).problems] == ["offer.late.group"]


@pytest.mark.parametrize(
    ("rows", "off"),
    [
        (["give = { discount = '50%' }"], "55%"),
        (["give = { discount = '45%' }"], "50.5%"),
        (["give = { discount = '44%' }"], None),
        (["give = { discount = '50%' }", "for = { tiers = ['basic'] }"], "52.5%"),
        (["give = { discount = '50%' }", "for = { first_visit = true }"], "52.5%"),
        (["give = { discount = '50%' }", "group = 'card'", "for = { not_seen_for = '9 days' }"], None),
        (["give = { discount = '50%', items = 1 }", "on = { skus = ['A'] }"], "55%"),
    ],
)
def test_discounts_that_add_up_past_the_maximum(rows: list[str], off: str | None) -> None:
    """What can meet on a line and comes to more than the maximum is said once, with the most that it comes to."""
    text = HEAD + 'maximum_discount = "50%"\n' + TIERS + offer("o", *rows)
    if off is None:
        assert read(text).problems == ()
    else:
        problem = warning(text)
        assert (problem.line, problem.field) == (5, "programme.maximum_discount")
        assert f"would take {off} off it, of which 50% is given: o, tier:" in said(problem.message)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("on = { skus = ['A'] }", "on = { skus = ['B'] }"),
        ("on = { departments = ['x'] }", "on = { except_departments = ['x'] }"),
        ("on = { reduced = true }", "on = { reduced = false }"),
        ("for = { cards = 'named' }", "for = { cards = 'bearer' }"),
        ("for = { cards = 'bearer' }", "for = { referred = true }"),
        ("for = { first_visit = true }", "for = { not_seen_for = '1 year' }"),
        ("when = { weekdays = ['mon'] }", "when = { weekdays = ['tue', 'wed'] }"),
        ("when = { hours = '09:00-12:00' }", "when = { hours = '12:00-09:00' }"),
        ("when = { until = 2026-01-01 }", "when = { from = 2026-01-02 }"),
    ],
)
def test_discounts_that_cannot_meet_do_not_add_up(one: str, other: str) -> None:
    """Different goods, holders, days or hours keep discounts apart."""
    most = 'maximum_discount = "50%"\n'
    apart = offer("a", one, "give = { discount = '40%' }") + offer("b", other, "give = { discount = '40%' }")
    assert read(HEAD + most + apart).problems == ()
    together = offer("a", one, "give = { discount = '40%' }") + offer("b", one, "give = { discount = '40%' }")
    assert "64%" in said(warning(HEAD + most + together).message)


@pytest.mark.parametrize("give", ["{ discount = '60%' }", "{ free = 2, of = 3 }"])
def test_one_discount_past_the_maximum(give: str) -> None:
    """An offer that the maximum cuts by itself says so where it gives."""
    problem = warning(HEAD + 'maximum_discount = "50%"\n' + offer("o", f"give = {give}"))
    assert problem.field == "offer.o.give"
    points = "[purse.p]\nunit = 'points'\n" + offer("e", "give = { earn = { p = 1 } }")
    reward = offer("o", "costs = { p = 1 }", f"give = {give}")  # the maximum does not bind what is paid for
    assert read(HEAD + 'maximum_discount = "50%"\n' + points + reward).problems == ()


def test_doubts_wait_for_the_errors() -> None:
    """A programme with an error is not judged as a whole: the slip may be the cause."""
    text = HEAD + "[[club]]\nid = 'c'\ntitle = 'C'\njoin = { by_hand = true }\nx = 1\n"
    assert only(text).field == "club.c.x"


def test_the_example_without_its_care_has_its_doubts() -> None:
    """Discounts that may meet, points without an end and a club for nothing: what the example leaves out, and why."""
    careless = (
        EXAMPLE.replace('expires = "24 months"\n\n[purse.coffee]', "\n[purse.coffee]")
        .replace('discount = "40%"', 'discount = "50%"')
        .replace('clubs = ["friends"], ', "")
    )
    assert places(read(careless)) == [
        (line_of(careless, "maximum_discount"), "programme.maximum_discount"),
        (line_of(careless, "[purse.points]"), "purse.points.expires"),
        (line_of(careless, 'id = "friends"'), "club.friends.id"),
    ]


def line_of(text: str, start: str) -> int:
    """The first line that begins so."""
    return next(number for number, row in enumerate(text.splitlines(), 1) if row.startswith(start))
