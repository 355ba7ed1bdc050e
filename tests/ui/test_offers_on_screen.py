"""What each offer brought, on the screen: its use and cost, its lift as an interval or "can't tell yet", and its own page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from guests import RULES as SHOP
from guests import make_guest
from tills import Till, enter_room, running

from pos_loyalty.domain.message import Message
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.reports.frame import CANNOT_TELL, COUNT, Cell, Period
from pos_loyalty.reports.offers import BROUGHT_MORE
from pos_loyalty.ui import figuring
from pos_loyalty.ui.offer_words import offer_words

Rows = list[tuple[Cell, ...]]


def offer(name: str, bills: int, *more: tuple[str, str, int | Message]) -> Rows:
    """The rows of one offer."""
    values: list[tuple[str, str, int | Message]] = [
        ("bills", COUNT, bills),
        ("used_by", COUNT, bills - 1),
        ("sales_with", "EUR", 123_456),
        ("cost", "EUR", 7_890),
        *more,
    ]
    return [(figure, name, "", unit, value, None) for figure, unit, value in values]


ANSWER = sorted(
    [
        *offer("points", 90),
        *offer(
            "measured",
            50,
            ("met", COUNT, 400),
            ("held_out", COUNT, 50),
            ("lift", "EUR", 350),
            ("lift_low", "EUR", 100),
            ("lift_high", "EUR", 600),
            ("verdict", COUNT, BROUGHT_MORE),
        ),
        *offer("tote", 20, ("met", COUNT, 12), ("held_out", COUNT, 3), ("verdict", COUNT, CANNOT_TELL)),
    ],
    key=lambda row: [
        "bills",
        "used_by",
        "sales_with",
        "cost",
        "met",
        "held_out",
        "lift",
        "lift_low",
        "lift_high",
        "verdict",
    ].index(str(row[0])),
)


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def till(shop_url: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> AsyncIterator[Till]:
    """A terminal whose report of offers has an offer that was measured, one that cannot be told yet, and one without a test."""

    def answer(url: str, name: str, period: Period, **_: object) -> Rows:
        return ANSWER

    monkeypatch.setattr(figuring, "run_apart", answer)
    clock = make_guest(shop_url)
    async with running(shop_url, clock=clock, size=request.param) as running_till:
        await enter_room(running_till, "Offers")
        await running_till.until(lambda: not running_till.app.screen.reckoning)
        yield running_till


async def test_the_offers_stand_below_each_other(till: Till) -> None:
    """The most used first, each with its users, cost and sales; the measured one with its interval, its value and what it says."""
    assert till.screen == "OffersScreen"
    found = [line for line in till.lines if "1,234.56" in line]
    assert [line.split("  ")[1 if line.startswith("  ") else 0].strip("▸ ") for line in found] == [
        "A point a euro",
        "a thing that is measured",
        "a tote bag",
    ]
    till.see("Used by", "Cost", "Sales with it", "78.90")
    till.see("3.50 a holder (1.00 to 6.00)", "holders who had it spent more")
    (drawn,) = [line for line in till.lines if "├" in line]
    assert drawn.index("│") < drawn.index("├") < drawn.index("●") < drawn.index("┤")


async def test_too_few_is_said_with_the_numbers(till: Till) -> None:
    """Nothing is drawn but dots: it can't be told yet, how many there are, and how many it takes."""
    await till.press("down", "down")
    till.see("can't tell yet", "12 had it, 3 were held out; from 30 each on it can be told", "···")


async def test_an_offers_page_has_rules_figures_and_months(till: Till) -> None:
    """Enter: the rules in sentences, the figures of the period, and a line over months for each."""
    await till.press("down", "enter")
    assert till.screen == "OfferScreen"
    await till.until(lambda: not till.app.screen.reckoning)
    till.see("a thing that is measured", "Gives 1.00 off.", "From 5.00 on.", "100% of the holders are held out")
    seen = ""
    for _ in range(20):
        seen += till.text
        await till.press("pagedown")
    for words in ("Used by", "Lift per holder", "3.50, 1.00 to 6.00", "Bills, month by month"):
        assert words in seen
    await till.press("escape")
    assert till.screen == "OffersScreen"


async def test_the_report_of_offers_opens_it_from_the_list_too(till: Till) -> None:
    """From the list of reports the same screen opens."""
    await till.press("escape", "escape")
    await enter_room(till, "Figures")
    await till.press("6")
    assert till.screen == "OffersScreen"


async def test_every_rule_has_its_sentence(till: Till) -> None:
    """Whom, what, when, what for, how often and the test group: each restriction of a rich offer is told once."""
    rich = """
[[offer]]
id = "rich"
title = "Everything"
for = { tiers = ["gold"], clubs = ["friends"], cards = "named", birthday_within = "7 days", not_seen_for = "2 months" }
on = { departments = ["food"], except_skus = ["HAM"], reduced = false }
when = { weekdays = ["mon", "sat"], hours = "10:00-12:00", from = 2026-01-01, until = 2026-12-31 }
needs = { spend = "20.00", items = 2 }
costs = { points = 50 }
give = { discount = "10%" }
limit = { a_bill = 1, each = 2, within = "1 year", total = 100, budget = "500.00" }
group = "best"
control_group = "10%"

"""
    programme = read(SHOP.replace("[[draw]]", rich + "[[draw]]")).programme
    assert programme is not None
    told = offer_words(till.desk, next(offer for offer in programme.offers if offer.id == "rich"))
    assert told == [
        "Gives 10% off.",
        "Costs 50 points.",
        "For the tier Gold.",
        "For members of Friends of the shop.",
        "For cards with a name.",
        "Around the holder's birthday, 7 days before and after.",
        "For holders who have not come for 2 months.",
        "On food.",
        "Not on HAM.",
        "Not on reduced goods.",
        "On Monday, Saturday.",
        "From 10:00 to 12:00.",
        "From 1 Jan 2026 on.",
        "Until 31 Dec 2026.",
        "From 20.00 on.",
        "From 2 items on.",
        "At most 1 times a bill.",
        "At most 2 times a holder within 1 year.",
        "At most 100 times in all.",
        "At most 500.00 in all.",
        "Of the group best only the best for the customer counts.",
        "10% of the holders are held out, to see what it brings.",
    ]
