"""A programme file that is right becomes the programme that it says, and what is left out becomes the default."""

from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from any_programme import programmes
from hypothesis import HealthCheck, given, settings
from programme_text import as_toml

from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.offers import (
    AmountOff,
    Audience,
    Bought,
    CouponGiven,
    EarnRate,
    EarnUnits,
    Gift,
    Goods,
    Limit,
    Multiply,
    Needs,
    Offer,
    PercentOff,
    SetOff,
    When,
)
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.programme.rules import (
    Club,
    Draw,
    Exclude,
    GiftCertificates,
    Guard,
    Partners,
    Programme,
    Purse,
    Returns,
    Spend,
    Tier,
    Tiers,
)

EXAMPLE = Path(__file__).parents[2] / "docs" / "programme-example.toml"

SMALLEST = """
[programme]
name = "Club"
currency = "EUR"
time_zone = "Europe/Sofia"
"""


DAY, MONTH, YEAR = Duration(1, "day"), Duration(1, "month"), Duration(1, "year")


def days(count: int) -> Duration:
    """So many days."""
    return Duration(count, "day")


def months(count: int) -> Duration:
    """So many months."""
    return Duration(count, "month")


def tier(own: str, name: str, discount: int, cashback: int) -> tuple[Offer, Offer]:
    """What a tier gives, as offers."""
    who = Audience(tiers=frozenset({own}))
    return (
        Offer(f"tier:{own}:discount", name, PercentOff(discount), who, group="card", tier=own),
        Offer(f"tier:{own}:cashback", name, EarnRate("cashback", cashback), who, tier=own),
    )


def test_the_example_in_the_docs_reads_without_a_problem() -> None:
    """What an owner copies from the documentation works, and means what its comments say."""
    reading = read(EXAMPLE.read_text(encoding="utf-8"))
    assert reading.problems == ()
    programme = reading.programme
    assert programme is not None
    coffee = Goods(departments=frozenset({"coffee"}))
    offers = (
        *tier("basic", "Basic", 50_000, 10_000),
        *tier("gold", "Gold", 100_000, 30_000),
        *tier("vip", "VIP", 200_000, 50_000),
        Offer(
            "birthday",
            "Happy birthday!",
            PercentOff(150_000),
            Audience(birthday_within=days(7)),
            limit=Limit(each=1, within=days(300)),
            group="card",
        ),
        Offer(
            "come-back",
            "We missed you",
            PercentOff(400_000),
            Audience(not_seen_for=days(90)),
            limit=Limit(each=1, within=YEAR, budget=500_00),
            group="card",
            control_group=100_000,
        ),
        Offer("points", "A point for every 100 spent", EarnUnits({"points": 1}, 100_00)),
        Offer("visit", "Five points for dropping in", EarnUnits({"points": 5}), limit=Limit(each=1, within=DAY)),
        Offer("coffee-stamp", "A stamp for every coffee", EarnUnits({"coffee": 1}, "item"), goods=coffee),
        Offer(
            "tenth-coffee",
            "The tenth coffee is free",
            PercentOff(1_000_000, 1),
            goods=coffee,
            costs={"coffee": 9},
            automatic=True,
        ),
        Offer("mug", "A mug for 200 points", Gift("MUG"), costs={"points": 200}),
        Offer("tote", "A tote bag with 60 euros", Gift("TOTE"), needs=Needs(spend=60_00)),
        Offer(
            "three-for-two",
            "Three for two",
            SetOff(3, free=1),
            Audience(everyone=True),
            Goods(skus=frozenset({"SOAP-1", "SOAP-2"})),
            limit=Limit(a_bill=2),
        ),
        Offer("two-for-five", "Two candles for 5.00", SetOff(2, price=5_00), goods=Goods(skus=frozenset({"CANDLE"}))),
        Offer(
            "happy-hour",
            "Double cashback on Tuesday mornings",
            Multiply({"cashback": 2_000_000}),
            when=When(frozenset({1}), (time(9), time(12)), date(2026, 1, 1), date(2026, 12, 31)),
        ),
        Offer(
            "next-visit",
            "A coupon for the next visit",
            CouponGiven("ten-off", days(30)),
            needs=Needs(spend=40_00),
        ),
        Offer("ten-off", "Your 10 % coupon", PercentOff(100_000), needs=Needs(coupon=True)),
        Offer(
            "friend",
            "Welcome, and thanks to who sent you",
            EarnUnits({"cashback": 5_00}),
            Audience(referred=True),
            needs=Needs(spend=20_00),
            limit=Limit(each=1, each_referrer=10),
            referrer={"points": 50},
        ),
        Offer(
            "friends-of-books",
            "Twenty points for friends who read",
            EarnUnits({"points": 20}),
            Audience(
                clubs=frozenset({"friends"}), bought=Bought(Goods(departments=frozenset({"books"})), 3, months(6))
            ),
            limit=Limit(each=1, within=months(6)),
        ),
        Offer(
            "new-year-ticket",
            "A ticket for every 50 euros",
            EarnUnits({"new-year": 1}, 50_00),
            Audience(tiers=frozenset({"gold", "vip"})),
        ),
    )
    for read_offer, offer in zip(programme.offers, offers, strict=True):
        assert read_offer == offer
    assert programme == Programme(
        name="Corner Shop Club",
        currency=Currency("EUR", 2),
        time_zone="Europe/Warsaw",
        day_starts=time(0),
        maximum_discount=500_000,
        cash_rounding=1,
        exclude=(Exclude(departments=frozenset({"tobacco", "deposits"})),),
        purses=(
            Purse("cashback", days(14), months(12), Spend(100, 1_000_000, "discount")),
            Purse("points", unit="points", worth=10_000, expires=months(24)),
            Purse("coffee", unit="stamps"),
            Purse("new-year", unit="tickets"),
        ),
        tiers=Tiers(
            (
                Tier("basic", "Basic", 0, 50_000, 10_000),
                Tier("gold", "Gold", 500_00, 100_000, 30_000),
                Tier("vip", "VIP", 2000_00, 200_000, 50_000, named_only=True),
            ),
            window=months(12),
            kept_for=months(12),
            step_down="one",
        ),
        offers=offers,
        returns=Returns("owe", days(30)),
        clubs=(Club("friends", "Friends of the shop", 300_00, months(3), None, months(12)),),
        certificates=GiftCertificates(months(24), (10_00, 25_00, 50_00)),
        draws=(Draw("new-year", "New Year draw", "new-year", date(2026, 12, 31), ("Gift basket", "Mug", "Mug")),),
        guard=Guard(6, "refuse", 600),
        partners=Partners("cashback", ("corner-shop", "fit-club", "health-food")),
    )


def own(give: str, more: str = "") -> Offer:
    """The one offer of a small programme that gives this."""
    reading = read(
        SMALLEST + "[purse.money]\nunit='money'\nexpires='never'\n[purse.points]\nunit='points'\n"
        f"[[offer]]\nid='o'\ntitle='O'\ngive = {give}\n{more}\n"
    )
    assert reading.programme is not None
    return reading.programme.offers[0]


@pytest.mark.parametrize(
    ("give", "value"),
    [
        ("{ discount = '7.5%' }", PercentOff(75_000)),
        ("{ discount = '1.00' }", AmountOff(1_00)),
        ("{ price = '1.00' }", SetOff(1, price=1_00)),
        ("{ earn = { money = '2%' } }", EarnRate("money", 20_000)),
        ("{ earn = { money = '2.00', points = 3 }, every = 'item' }", EarnUnits({"money": 2_00, "points": 3}, "item")),
        ("{ multiply = { points = '1.5' } }", Multiply({"points": 1_500_000})),
        ("{ gift = 'A B' }", Gift("A B")),
    ],
)
def test_each_way_of_giving(give: str, value: object) -> None:
    """An offer gives a percentage or an amount off, a price, goods, or units of purses."""
    assert own(give).give == value


@pytest.mark.parametrize(
    ("hours", "both"),
    [("09:00-12:30", (9, 12)), ("22:00-02:30", (22, 2)), ("18:00-24:00", (18, 0)), ("00:00-06:30", (0, 6))],
)
def test_hours_may_reach_over_midnight(hours: str, both: tuple[int, int]) -> None:
    """An end before the beginning is one of the next morning, and 24:00 is midnight."""
    when = own("{ gift = 'MUG' }", f"when = {{ hours = '{hours}' }}").when
    begins, ends = both
    assert when.hours == (time(begins), time(ends, 30 if ends else 0))


@pytest.mark.parametrize(("written", "seconds"), [("0 minutes", 0), ("10 minutes", 600), ("2 hours", 7_200)])
def test_a_forgotten_card_has_minutes_or_hours(written: str, seconds: int) -> None:
    """How long a card may come late is a short time."""
    programme = read(SMALLEST + f"[guard]\nlate_card = '{written}'\n").programme
    assert programme is not None
    assert programme.guard == Guard(late_card=seconds)


def test_a_purse_of_points_is_spent_in_points() -> None:
    """The least that is spent at once is in what the purse holds."""
    text = "[purse.p]\nunit='points'\nworth='0.005'\nexpires='never'\nspend = { minimum = 100 }\n"
    programme = read(SMALLEST + text).programme
    assert programme is not None
    assert programme.purses == (Purse("p", spend=Spend(100), unit="points", worth=5_000),)


def test_the_smallest_programme_has_every_default() -> None:
    """Three keys are a programme; all else has the default that the documentation names."""
    programme = read(SMALLEST).programme
    assert programme == Programme("Club", Currency("EUR", 2), "Europe/Sofia")
    assert programme is not None
    assert (programme.day_starts, programme.maximum_discount, programme.cash_rounding) == (time(0), 1_000_000, 1)
    assert (programme.purses, programme.tiers, programme.offers) == ((), None, ())
    assert programme.returns == Returns("owe", Duration(0, "day"))


def test_tiers_and_purses_have_defaults_of_their_own() -> None:
    """A tier counts the spend of a lifetime; a purse is spent at once, wholly, as a discount."""
    earns = '[[offer]]\nid="o"\ntitle="O"\ngive={earn={p="1%"}}\n'
    reading = read(
        SMALLEST + '[[tier]]\nid="a"\nname="A"\nspend="0"\n[purse.p]\nunit="money"\nexpires="never"\n' + earns
    )
    assert reading.problems == ()
    assert reading.programme is not None
    assert reading.programme.tiers == Tiers((Tier("a", "A", 0),), "lifetime", Duration(0, "day"), "one")
    assert reading.programme.purses == (Purse("p", Duration(0, "day"), None, Spend(0, 1_000_000, "discount")),)


def test_rates_of_zero_make_no_offer() -> None:
    """A tier that gives nothing leaves nothing on a bill, and needs no purse."""
    reading = read(SMALLEST + '[[tier]]\nid="a"\nname="A"\nspend="0"\ndiscount="0%"\ncashback="0.0%"\n')
    assert reading.problems == ()
    assert reading.programme is not None
    assert reading.programme.offers == ()


@pytest.mark.parametrize(
    ("currency", "written", "minor"),
    [("EUR", "0.05", 5), ("JPY", "5", 5), ("KWD", "0.005", 5), ("EUR", "1", 100), ("EUR", "0.5", 50)],
)
def test_amounts_are_in_the_minor_units_of_the_currency(currency: str, written: str, minor: int) -> None:
    """A yen has no decimals, a dinar three, and fewer than there are may be written."""
    text = SMALLEST.replace("EUR", currency) + f'cash_rounding = "{written}"\n'
    programme = read(text).programme
    assert programme is not None
    assert programme.cash_rounding == minor


def test_an_editor_may_begin_the_file_with_a_byte_order_mark_and_end_lines_as_windows_does() -> None:
    """A file saved in another editor is the same programme."""
    assert read("\ufeff" + SMALLEST.replace("\n", "\r\n")) == read(SMALLEST)


# How quick the machine is to make programmes up proves nothing about reading them.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programmes())
def test_a_programme_written_to_a_file_reads_back_equal(programme: Programme) -> None:
    """Nothing that a file says is lost or changed on the way in; at most it is worth a warning."""
    text = as_toml(programme)
    assert tomllib.loads(text)
    reading = read(text)
    assert [problem for problem in reading.problems if problem.severity == "error"] == []
    assert reading.programme == programme
