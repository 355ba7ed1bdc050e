"""Clubs: who is in which until when follows from dated spends, fees and the owner's word, whatever order they are looked at in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.club import Joining, Membership, Term, begun, by_hand, clubs_on, memberships, sold
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.rules import Club
from pos_loyalty.domain.tier import Spend

DAY = date(2026, 1, 10)
YEAR = Duration(12, "month")
FRIENDS = Club("friends", "Friends", spend=30_000, within=Duration(3, "month"), lasts=YEAR)
GOURMET = Club("gourmet", "Gourmet", fee=2_000, lasts=YEAR)
STAFF = Club("staff", "Staff")
CLUBS = (FRIENDS, GOURMET, STAFF)
RULES = ((date(2026, 1, 1), CLUBS),)


def day(n: int) -> date:
    return DAY + timedelta(days=n)


def fee(on: date, entry: str = "1", term: Term = YEAR) -> Joining:
    return Joining("gourmet", on, entry, "fee", term)


# ---- by spend ----


def test_a_club_is_joined_on_the_day_that_the_window_carries_it() -> None:
    """200.00 and 100.00 within three months make a friend from the second day to that date a year later, included."""
    spends = (Spend(day(0), 20_000), Spend(day(50), 10_000))
    assert memberships(spends, RULES, ()) == (Membership("friends", day(50), date(2027, 3, 1)),)


def test_what_is_three_months_old_no_longer_counts() -> None:
    """A sale of 10 January counts on 9 April and not on the 10th."""
    for last, joined in ((date(2026, 4, 9), 1), (date(2026, 4, 10), 0)):
        assert len(memberships((Spend(DAY, 20_000), Spend(last, 10_000)), RULES, ())) == joined


def test_who_is_in_joins_again_only_once_it_is_over() -> None:
    """Spending on while a member prolongs nothing; the first sale after the last day makes them a member anew."""
    spends = tuple(Spend(DAY + timedelta(days=30 * n), 30_000) for n in range(14))
    found = memberships(spends, RULES, ())
    assert [one.since for one in found] == [DAY, date(2027, 2, 4)]
    assert clubs_on(found, date(2027, 1, 10)) == {"friends": date(2027, 1, 10)}
    assert clubs_on(found, date(2027, 1, 11)) == {}


def test_a_change_of_the_rules_takes_no_membership_away() -> None:
    """The club goes, or asks for more: who was in it stays to the end, and nobody joins by what was asked before."""
    spends = (Spend(day(0), 30_000), Spend(day(400), 30_000))
    for later in ((), (Club("friends", "Friends", spend=90_000),)):
        rules = (*RULES, (day(5), later))
        assert memberships(spends, rules, ()) == (Membership("friends", DAY, date(2027, 1, 10)),)


def test_the_rules_of_the_day_decide() -> None:
    """Spending that was not enough is enough from the day on which the club asks for less, at the next sale."""
    rules = (*RULES, (day(5), (Club("friends", "Friends", spend=10_000),)))
    spends = (Spend(day(0), 20_000), Spend(day(6), 100))
    assert memberships(spends, rules, ()) == (Membership("friends", day(6), None),)


spending = st.lists(st.builds(Spend, st.integers(0, 800).map(day), st.integers(-5_000, 30_000)), max_size=30)
lengths = st.one_of(st.none(), st.builds(Duration, st.integers(1, 14), st.sampled_from(["day", "month"])))
some_rules = st.lists(
    st.tuples(
        st.integers(0, 800).map(day),
        st.lists(
            st.builds(
                lambda spend, within, lasts: Club("friends", "Friends", spend=spend, within=within, lasts=lasts),
                st.integers(1, 60_000),
                lengths,
                lengths,
            ),
            max_size=1,
        ).map(tuple),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda rule: rule[0],
).map(sorted)


@given(spending, some_rules)
@settings(max_examples=200, deadline=None)
def test_every_day_in_turn_says_the_same(spends: list[Spend], rules: list[tuple[date, tuple[Club, ...]]]) -> None:
    """Going through the calendar a day at a time, with sums taken anew, comes to the same memberships."""
    found: list[Membership] = []
    for n in range(801):
        today = day(n)
        clubs = next((clubs for first, clubs in reversed(rules) if first <= today), rules[0][1])
        bought = sum(spend.amount for spend in spends if spend.day == today)
        if not clubs or bought <= 0 or any(one.covers(today) for one in found):
            continue
        (club,) = clubs
        counts = [s for s in spends if s.day <= today and (club.within is None or today < club.within.after(s.day))]
        if sum(spend.amount for spend in counts) >= (club.spend or 0):
            found.append(Membership("friends", today, club.lasts.after(today) if club.lasts else None))
    assert memberships(spends, rules, ()) == tuple(found)


@given(spending, some_rules, st.integers(0, 800).map(day))
@settings(max_examples=100, deadline=None)
def test_goods_all_given_back_were_never_bought(
    spends: list[Spend], rules: list[tuple[date, tuple[Club, ...]]], sold_on: date
) -> None:
    """A sale, and as much given back on its day, leave what would be without them."""
    with_sale = [*spends, Spend(sold_on, 9_000), Spend(sold_on, -9_000)]
    assert memberships(with_sale, rules, ()) == memberships(spends, rules, ())


@given(
    st.builds(Duration, st.integers(1, 40), st.sampled_from(["day", "month", "year"])),
    st.dates(date(1999, 1, 1), date(2100, 1, 1)),
)
def test_the_first_day_that_counts_is_the_first(length: Duration, today: date) -> None:
    """What was on that day is less than so long ago, and what was the day before is not."""
    first = length.first_before(today)
    assert today < length.after(first)
    assert today >= length.after(first - timedelta(days=1))


# ---- by fee, and by hand ----


def test_a_fee_prolongs_from_the_end() -> None:
    """A year from the day paid, that date included; paid again before its end, a year on from there."""
    found = memberships((), RULES, (fee(day(0), "1"), fee(day(300), "2")))
    assert found == (
        Membership("gourmet", DAY, date(2027, 1, 10)),
        Membership("gourmet", date(2027, 1, 11), date(2028, 1, 10)),
    )
    assert clubs_on(found, day(0)) == {"gourmet": date(2028, 1, 10)}


def test_the_first_fee_given_back_leaves_the_second_from_its_own_day() -> None:
    """What the second fee would have bought had the first never been paid."""
    assert memberships((), RULES, (fee(day(300), "2"),)) == (Membership("gourmet", day(300), YEAR.after(day(300))),)


def test_a_named_last_day_is_that_day() -> None:
    """By hand until a day: it begins at once and ends there, whatever was before."""
    assert begun("staff", day(5), date(2026, 6, 30), {"staff": day(9)}) == Membership(
        "staff", day(5), date(2026, 6, 30)
    )


def test_memberships_with_a_day_between_them_are_two() -> None:
    """The last day is that of the one which holds now, when the next begins a day too late to go on from it."""
    touching = (Membership("friends", day(0), day(9)), Membership("friends", day(10), day(20)))
    apart = (Membership("friends", day(0), day(9)), Membership("friends", day(11), day(20)))
    assert clubs_on(touching, day(3)) == {"friends": day(20)}
    assert clubs_on(apart, day(3)) == {"friends": day(9)}
    assert clubs_on(apart, day(10)) == {}


def card(club: str = "gourmet", price: int = 2_000, quantity: int = MILLION) -> LineItem:
    return LineItem("Gourmet", price, quantity, club=club)


def test_what_a_sale_of_a_membership_says() -> None:
    """Its line, from when to when, and for how long the fee pays."""
    (one,) = sold((LineItem("Tea", 350), card()), CLUBS, {"gourmet": day(9)}, DAY)
    assert (one.line, one.since, one.until, one.lasts) == (2, day(10), YEAR.after(day(9)), YEAR)


@pytest.mark.parametrize(
    ("lines", "on", "code"),
    [
        ((card("nobody"),), {}, "club-invalid"),
        ((card("friends"),), {}, "club-invalid"),
        ((card("staff"),), {}, "club-invalid"),
        ((card(),), {"gourmet": None}, "club-invalid"),
        ((card(),), None, "card-needed"),
        ((card(price=1_999),), {}, "amount-invalid"),
        ((card(quantity=2 * MILLION),), {}, "line-invalid"),
        ((card(), card()), {}, "line-invalid"),
    ],
)
def test_what_cannot_be_sold(lines: tuple[LineItem, ...], on: dict[str, date | None] | None, code: str) -> None:
    """Unknown, joined otherwise, a member for good, nobody to be one, another fee, two at once: each has its code."""
    with pytest.raises(Refused) as refused:
        sold(lines, CLUBS, on, DAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("club", "on", "until"),
    [
        ("nobody", {}, None),
        ("friends", {}, None),
        ("gourmet", {}, None),
        ("staff", {"staff": None}, None),
        ("staff", {"staff": None}, day(9)),
        ("staff", {"staff": day(9)}, day(9)),
        ("staff", {}, day(-1)),
    ],
)
def test_what_cannot_be_joined_by_hand(club: str, on: dict[str, date | None], until: date | None) -> None:
    """Unknown, joined otherwise, a member as long already, a day that has passed."""
    with pytest.raises(Refused) as refused:
        by_hand(club, CLUBS, on, DAY, until)
    assert refused.value.code == "club-invalid"
