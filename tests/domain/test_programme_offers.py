"""What cannot stand in an offer, a club, a draw or any other part of a programme: one sentence, with line, field and a mend."""

from __future__ import annotations

import pytest
from programme_checks import BASIC, HEAD, only, places, said

from pos_loyalty.domain.programme.offer_reading import MAX_OFFERS
from pos_loyalty.domain.programme.reading import read

PURSES = """[purse.money]
unit = "money"
expires = "never"
[purse.points]
unit = "points"
[purse.tickets]
unit = "tickets"
"""
USED = """[[draw]]
id = "d"
title = "D"
purse = "tickets"
closes = 2026-12-31
prizes = ["Mug"]
[[offer]]
id = "fills"
title = "F"
give = { earn = { money = "1.00", points = 1, tickets = 1 } }
[[offer]]
id = "reward"
title = "R"
costs = { points = 5 }
give = { gift = "MUG" }
[[offer]]
id = "coupons"
title = "C"
give = { coupon = "with-coupon" }
[[offer]]
id = "with-coupon"
title = "W"
needs = { coupon = true }
give = { discount = "1%" }
[[club]]
id = "friends"
title = "F"
join = { by_hand = true }
[[offer]]
id = "for-friends"
title = "F"
for = { clubs = ["friends"] }
give = { discount = "1%" }
"""
WHOLE = HEAD + PURSES + BASIC + USED
LINE = WHOLE.count("\n") + 4  # where the third key of an offer below it stands


def in_offer(*rows: str) -> str:
    """The whole programme with an offer of these rows after its id and title; it gives a mug if they do not say what."""
    given = () if any(row.startswith("give ") for row in rows) else ('give = { gift = "MUG" }',)
    return "\n".join([WHOLE + "[[offer]]", 'id = "o"', 'title = "O"', *rows, *given])


def test_the_programme_that_the_slips_are_put_into_is_right() -> None:
    """What these tests find is in the rows that they add."""
    assert read(WHOLE).problems == ()
    assert read(in_offer()).problems == ()


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        ("gives = 1", "gives", '"gives" is not known here.'),
        # for
        ("for = {}", "for", "Nothing is named here"),
        ("for = 'all'", "for", "Needed here: a table."),
        ("for = { tier = ['basic'] }", "for.tier", '"tier" is not known here.'),
        ("for = { tiers = 'basic' }", "for.tiers", "Needed here: a list"),
        ("for = { tiers = [] }", "for.tiers", "The list is empty"),
        ("for = { tiers = ['gold'] }", "for.tiers", 'There is no "gold" in this file.'),
        ("for = { clubs = ['friend'] }", "for.clubs", 'There is no "friend" in this file.'),
        ("for = { cards = 'any' }", "for.cards", '"any" is not known here.'),
        ("for = { birthday_within = '1 month' }", "for.birthday_within", "is not a number of days up to 182."),
        ("for = { birthday_within = '183 days' }", "for.birthday_within", "is not a number of days up to 182."),
        ("for = { not_seen_for = '0 days' }", "for.not_seen_for", "This has to be above zero."),
        ("for = { first_visit = false }", "for.first_visit", "Only true can stand here."),
        ("for = { referred = false }", "for.referred", "Only true can stand here."),
        ("for = { everyone = true, tiers = ['basic'] }", "for.tiers", '"everyone" opens the offer to bills'),
        ("for = { bought = { times = 2 } }", "for.bought", "Which goods were bought is missing."),
        ("for = { bought = { skus = ['A'], times = 0 } }", "for.bought.times", "This has to be above zero."),
        ("for = { bought = { skus = ['A'], within = 3 } }", "for.bought.within", "Found: the bare number 3."),
        # on
        ("on = {}", "on", "Nothing is named here"),
        ("on = { department = ['x'] }", "on.department", '"department" is not known here.'),
        ("on = { except_skus = 'A' }", "on.except_skus", "Needed here: a list"),
        # when
        ("when = { weekdays = ['tuesday'] }", "when.weekdays", '"tuesday" is not a day of the week.'),
        ("when = { weekdays = [2] }", "when.weekdays", "Found: the bare number 2."),
        ("when = { hours = '9-12' }", "when.hours", '"9-12" is not from one time of day to another.'),
        ("when = { hours = '24:00-08:00' }", "when.hours", "is not from one time of day to another."),
        ("when = { hours = '09:00-09:00' }", "when.hours", '"09:00-09:00" ends when it begins.'),
        ("when = { hours = '00:00-24:00' }", "when.hours", '"00:00-24:00" ends when it begins.'),
        ("when = { from = '2026-01-01' }", "when.from", "Needed here: a date without quotation marks"),
        ("when = { until = 2026-01-01T10:00:00 }", "when.until", "Needed here: a date without quotation marks"),
        ("when = { from = 2026-02-01, until = 2026-01-31 }", "when.until", "This last day is before the first"),
        # needs
        ("needs = { spend = 60 }", "needs.spend", "Found: the bare number 60."),
        ("needs = { spend = '0.00' }", "needs.spend", "This has to be above zero."),
        ("needs = { items = '3' }", "needs.items", "Needed here: a whole number without quotation marks"),
        ("needs = { items = 1_000_001 }", "needs.items", "is no count that a shop needs."),
        ("needs = { coupon = 'o' }", "needs.coupon", "Needed here: true or false"),
        # costs
        ("costs = {}", "costs", "Nothing is named here"),
        ("costs = { point = 5 }", "costs.point", 'There is no "point" in this file.'),
        ("costs = { points = '5.00' }", "costs.points", "Needed here: a whole number"),
        ("costs = { points = 0 }", "costs.points", "This has to be above zero."),
        ("costs = { points = 1.5 }", "costs.points", "Needed here: a whole number"),
        ("costs = { points = true }", "costs.points", "Needed here: a whole number"),
        ("costs = { money = 5 }", "costs.money", "an amount between quotation marks"),
        # give
        ("give = {}", "give", "This gives nothing."),
        ("give = '10%'", "give", "Needed here: a table."),
        ("give = { items = 1 }", "give", "This gives nothing."),
        ("give = { discount = 10 }", "give.discount", "Needed here: a percentage like"),
        ("give = { discount = '0%' }", "give.discount", "This has to be above zero."),
        ("give = { discount = '0.00' }", "give.discount", "This has to be above zero."),
        ("give = { discount = '101%' }", "give.discount", "is not between 0% and 100%."),
        ("give = { discount = '1.00', items = 1 }", "give.items", "An amount comes off all of the offer's goods"),
        ("give = { discount = '1%', gift = 'MUG' }", "give.gift", '"discount" and "gift" cannot be given together.'),
        ("give = { discount = '1%', of = 2 }", "give.of", '"of" goes with "price, free" alone.'),
        ("give = { gift = 'MUG', valid = '1 day' }", "give.valid", '"valid" goes with "coupon" alone.'),
        ("give = { price = '0.00' }", "give.price", "This has to be above zero."),
        ("give = { free = 1 }", "give.of", "of is missing."),
        ("give = { free = 2, of = 2 }", "give.free", "2 free of 2 leaves nothing to pay for."),
        ("give = { free = 0, of = 2 }", "give.free", "This has to be above zero."),
        ("give = { gift = '' }", "give.gift", "The text is empty."),
        ("give = { coupon = 'none' }", "give.coupon", 'There is no "none" in this file.'),
        ("give = { coupon = 'reward' }", "give.coupon", 'The offer "reward" asks for no coupon'),
        ("give = { coupon = 'with-coupon', valid = 30 }", "give.valid", "Found: the bare number 30."),
        ("give = { earn = {} }", "give.earn", "Nothing is named here"),
        ("give = { earn = 5 }", "give.earn", "Needed here: a table."),
        ("give = { earn = { coins = 5 } }", "give.earn.coins", 'There is no "coins" in this file.'),
        ("give = { earn = { points = '5%' } }", "give.earn.points", "and this purse holds points."),
        ("give = { earn = { money = '0%' } }", "give.earn.money", "This has to be above zero."),
        ("give = { earn = { money = '1%' }, every = '1.00' }", "give.every", "A percentage is of all that is paid"),
        ("give = { earn = { money = '1%', points = 1 } }", "give.earn.money", "is earned into one purse."),
        ("give = { earn = { points = 1 }, every = 'items' }", "give.every", '"items" is not an amount.'),
        ("give = { earn = { points = 1 }, every = '0.00' }", "give.every", "This has to be above zero."),
        ("give = { multiply = { points = 1 } }", "give.multiply.points", "has to be above 1, and at most 1000."),
        (
            "give = { multiply = { points = 1.5 } }",
            "give.multiply.points",
            'a whole number like 2, or a text like "1.5"',
        ),
        (
            "give = { multiply = { points = 'x' } }",
            "give.multiply.points",
            "is not a number with at most six decimals.",
        ),
        ("give = { earn = { points = 1 }, referrer = { points = 1 } }", "give", "for holders whom somebody sent."),
        ("give = { gift = 'MUG', referrer = { points = 1 } }", "give.referrer", '"referrer" goes with "earn" alone.'),
        # limit
        ("limit = {}", "limit", "Nothing is named here"),
        ("limit = { each = 0 }", "limit.each", "This has to be above zero."),
        ("limit = { within = '1 day' }", "limit.within", '"within" goes with "each" alone.'),
        ("limit = { each = 1, within = '0 days' }", "limit.within", "This has to be above zero."),
        ("limit = { each_referrer = 1 }", "limit", '"each_referrer" goes with "referrer" alone.'),
        ("limit = { budget = 500 }", "limit.budget", "Found: the bare number 500."),
        # the rest
        ("group = 'a b'", "group", '"a b" cannot be an id.'),
        ("automatic = true", "automatic", "is given without asking anyway."),
        ("control_group = '10'", "control_group", '"10" is not a percentage.'),
        ("control_group = '0.001%'", "control_group", "is finer than a hundredth of a percent."),
    ],
)
def test_what_cannot_stand_in_an_offer(row: str, field: str, sentence: str) -> None:
    """Each slip in an offer is one error at its line, that says what is wrong there."""
    text = in_offer(row)
    if "referrer" in row and row.startswith("give = { gift"):
        text = in_offer(row, "for = { referred = true }")
    problem = only(text)
    assert (problem.line, problem.field) == (LINE, f"offer.o.{field}")
    assert sentence in said(problem.message)
    said(problem.mend)


@pytest.mark.parametrize(
    ("rows", "field", "sentence"),
    [
        (["limit = { budget = '5.00' }", "give = { coupon = 'with-coupon' }"], "limit", "has no worth in money."),
        (["limit = { budget = '5.00' }", "give = { earn = { points = 1 } }"], "limit", "has no worth in money."),
        (["costs = { points = 1 }", "give = { earn = { money = '1%' } }"], "costs", "gives a fixed thing for it"),
        (["costs = { points = 1 }", "give = { multiply = { points = 2 } }"], "costs", "gives a fixed thing for it"),
        (["costs = { points = 1 }", "give = { earn = { points = 1 }, every = 'item' }"], "costs", "a fixed thing"),
    ],
)
def test_what_cannot_stand_together(rows: list[str], field: str, sentence: str) -> None:
    """What is right by itself and wrong beside the rest is said where it stands."""
    problem = only(in_offer(*rows))
    assert (problem.line, problem.field) == (LINE, f"offer.o.{field}")
    assert sentence in said(problem.message)
    assert problem.mend is not None


@pytest.mark.parametrize(
    ("rows", "mend"),
    [
        ("for = { clubs = ['friend'] }", 'Did you mean "friends"?'),
        ("costs = { point = 5 }", 'Did you mean "points"?'),
        ("give = { coupon = 'with-cupon' }", 'Did you mean "with-coupon"?'),
        ("give = { coupon = 'reward' }", "Write needs = { coupon = true } into that offer."),
        ("when = { weekdays = ['Tuesday'] }", 'Did you mean "tue"?'),
        ("for = { tiers = ['zzz'] }", "What can stand here: basic."),
        ("give = { discont = '5%', discount = '5%' }", 'Did you mean "discount"?'),
        ("on = { departements = ['x'] }", 'Did you mean "departments"?'),
    ],
)
def test_a_slip_in_an_offer_gets_a_suggestion(rows: str, mend: str) -> None:
    """Ids and words that are not known may have meant one that is."""
    assert said(only(in_offer(rows)).mend) == mend


def test_an_id_of_which_there_is_none_at_all_gets_another_mend() -> None:
    """Where nothing can be suggested, the owner is told what to write."""
    text = HEAD + '[[offer]]\nid = "o"\ntitle = "O"\nfor = { tiers = ["gold"] }\ngive = { gift = "MUG" }\n'
    assert said(only(text).mend) == "Write a [[tier]] with that id."


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ("Reward", 'The id "Reward" is already taken on line'),
        ("by_hand", 'An id that begins with "by_hand"'),
        ("By_Hand-2", 'An id that begins with "by_hand"'),
        ("tier:basic", '"tier:basic" cannot be an id.'),
    ],
)
def test_an_offer_has_an_id_of_its_own(own: str, sentence: str) -> None:
    """An id is unique whatever its capitals, and none is that of a tier's offer or a discount by hand."""
    problem = only(in_offer().replace('id = "o"', f'id = "{own}"'))
    assert problem.line == LINE - 2
    assert sentence in said(problem.message)


def test_an_offer_needs_an_id_a_title_and_something_to_give() -> None:
    """What is missing is asked for where the offer begins."""
    line = HEAD.count("\n") + 1
    assert places(read(HEAD + "[[offer]]\n")) == [(line, f"offer[1].{key}") for key in ("id", "give", "title")]


def test_a_group_holds_one_kind() -> None:
    """A gift cannot be compared with a percentage, so the second is told of the first."""
    tier = HEAD + BASIC + 'discount = "5%"\n'
    text = tier + '[[offer]]\nid = "o"\ntitle = "O"\ngive = { gift = "MUG" }\ngroup = "card"\n'
    problem = only(text)
    assert (problem.line, problem.field) == (text.count("\n"), "offer.o.group")
    assert '"tier:basic:discount" in "card" gives something else.' in said(problem.message)


def test_one_slip_in_a_purse_is_one_problem() -> None:
    """Offers that use a purse whose unit is misspelt are not wrong too."""
    text = WHOLE.replace('unit = "money"', 'unit = "mony"').replace('money = "1.00"', 'money = "1.0000"')
    assert only(text).field == "purse.money.unit"


@pytest.mark.parametrize(
    ("rows", "field", "sentence"),
    [
        ("[purse.p]\nworth = '0.01'\nunit = 'money'\nexpires = 'never'", "purse.p.worth", "money is worth itself"),
        ("[purse.p]\nworth = '0.01'\nunit = 'tickets'\nexpires = 'never'", "purse.p.worth", "money is worth itself"),
        ("[purse.p]\nworth = '0.0000001'\nunit = 'points'", "purse.p.worth", "with at most six decimals."),
        ("[purse.p]\nworth = '0'\nunit = 'points'", "purse.p.worth", "This has to be above zero."),
        ("[purse.p]\nworth = 1\nunit = 'points'", "purse.p.worth", "an amount between quotation marks"),
        ("[purse.p]\nspend = { minimum = 5 }\nunit = 'stamps'", "purse.p.spend", "does not pay like money"),
        ("[gift_certificate]\nexpires = '0 days'", "gift_certificate.expires", "This has to be above zero."),
        (
            "[gift_certificate]\namounts = ['1', '1.00']",
            "gift_certificate.amounts",
            "Number 2 in the list stands in it",
        ),
        ("[gift_certificate]\namounts = [5]", "gift_certificate.amounts", "Found: the bare number 5."),
        ("[guard]\nlate_card = '10'", "guard.late_card", '"10" is not a length of time.'),
        ("[guard]\nlate_card = '32 days'", "guard.late_card", "is longer than 31 days."),
        ("[guard]\nown_card = 'ask'", "guard.own_card", '"ask" is not known here.'),
        ("[guard]\nbills_per_card_per_day = 0", "guard.bills_per_card_per_day", "This has to be above zero."),
        ("[partners]\npurse = 'points'\nmembers = ['a', 'b']", "partners.purse", "does not hold money."),
        ("[partners]\npurse = 'cash'\nmembers = ['a', 'b']", "partners.purse", 'There is no "cash" in this file.'),
        ("[partners]\nmembers = ['a', 'A']\npurse = 'money'", "partners.members", "Number 2 in the list"),
        ("[partners]\nmembers = ['a']\npurse = 'money'", "partners.members", "One shop has no partners."),
    ],
)
def test_what_cannot_stand_in_the_rest_of_the_shop(rows: str, field: str, sentence: str) -> None:
    """Purses, certificates, guard and partners each have their slips."""
    errors = [problem for problem in read(WHOLE + rows).problems if problem.severity == "error"]
    assert [problem.field for problem in errors] == [field]
    assert errors[0].line == WHOLE.count("\n") + 2
    assert sentence in said(errors[0].message)


@pytest.mark.parametrize(
    ("rows", "field", "sentence"),
    [
        ("", "join", "How this club is joined is missing."),
        ("join = {}", "join", "A club is joined in one way."),
        ("join = { spend = '5', fee = '1' }", "join", "A club is joined in one way."),
        ("join = { spend = '0' }", "join.spend", "This has to be above zero."),
        ("join = { fee = '1', within = '1 day' }", "join.within", '"within" goes with "spend" alone.'),
        ("join = { by_hand = false }", "join.by_hand", "Only true can stand here."),
        ("join = { by_hand = true }\nlasts = '0 days'", "lasts", "This has to be above zero."),
    ],
)
def test_what_cannot_stand_in_a_club(rows: str, field: str, sentence: str) -> None:
    """A club says how it is joined, in one way."""
    problem = only(HEAD + f"[[club]]\nid = 'c'\ntitle = 'C'\n{rows}\n")
    assert problem.field == f"club.c.{field}"
    assert sentence in said(problem.message)


@pytest.mark.parametrize(
    ("old", "new", "field", "sentence"),
    [
        ('purse = "tickets"', 'purse = "points"', "purse", 'The purse "points" does not hold tickets.'),
        ('purse = "tickets"', 'purse = "ticket"', "purse", 'There is no "ticket" in this file.'),
        ("2026-12-31", '"2026-12-31"', "closes", "Needed here: a date without quotation marks"),
        ('prizes = ["Mug"]\n', "", "prizes", "prizes is missing."),
        ('["Mug"]', "[]", "prizes", "The list is empty"),
        ('["Mug"]', '[""]', "prizes", "The name is empty."),
    ],
)
def test_what_cannot_stand_in_a_draw(old: str, new: str, field: str, sentence: str) -> None:
    """A draw is among tickets, closes on a day, and has something to win."""
    problem = only(WHOLE.replace(old, new))
    assert problem.field == f"draw.d.{field}"
    assert sentence in said(problem.message)


def test_cashback_of_tiers_is_money() -> None:
    """A purse called cashback that holds points cannot take a percentage."""
    text = HEAD + "[purse.cashback]\nunit = 'points'\n" + BASIC + 'cashback = "1%"\n'
    problem = only(text)
    assert (problem.field, said(problem.message)) == (
        "tier.basic.cashback",
        'The purse "cashback" does not hold money.',
    )


def test_there_is_an_end_to_offers() -> None:
    """More offers than can be priced in no time are refused."""
    text = "".join(
        f'[[offer]]\nid = "o{number}"\ntitle = "O"\ngive = {{ gift = "MUG" }}\n' for number in range(MAX_OFFERS + 1)
    )
    assert only(HEAD + text).field == f"offer.o{MAX_OFFERS}"


def test_fifty_slips_in_ten_offers_are_fifty_problems() -> None:
    """However many keys of an offer are wrong, each is said at its own line."""
    slips = (
        "for = { tiers = ['none'] }",
        "on = {}",
        "when = { hours = '9' }",
        "costs = { points = -1 }",
        "give = { discount = '5' , gift = 'MUG' }",
    )
    offers = ("\n".join(["[[offer]]", f'id = "n{number}"', 'title = "N"', *slips, ""]) for number in range(10))
    text = WHOLE + "".join(offers)
    wanted = [line for line, row in enumerate(text.splitlines(), 1) if row in slips]
    assert len(wanted) == 50
    assert [problem.line for problem in read(text).problems] == wanted
