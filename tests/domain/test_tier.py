"""The ladder of tiers: hand-computed histories, and every history worked out day by day, step by step and anew."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from bills import days, eur, months
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import steps

from pos_loyalty.domain.programme.rules import Duration, StepDown, Tier, Tiers, Window
from pos_loyalty.domain.tier import (
    Next,
    Spend,
    Standing,
    advance,
    advance_through,
    after_sale,
    first_standing,
    held,
    ladder_on,
    next_up,
    replay,
    start,
    window_spend,
)

BASIC = Tier("basic", "Basic", 0)
SILVER = Tier("silver", "Silver", eur("100.00"))
GOLD = Tier("gold", "Gold", eur("500.00"))
VIP = Tier("vip", "VIP", eur("2000.00"), named_only=True)
LADDER = (BASIC, SILVER, GOLD, VIP)
JOINED = date(2024, 1, 1)
ONE_DAY = timedelta(days=1)
YEAR = months(12)


def rules(window: Window = YEAR, kept_for: Duration = YEAR, step_down: StepDown = "one") -> Tiers:
    return Tiers(LADDER, window, kept_for, step_down)


def spent(day: str, amount: str) -> Spend:
    return Spend(date.fromisoformat(day), eur(amount))


def anew(spends: Sequence[Spend], ladders: Sequence[tuple[date, Tiers]], joined: date, today: date) -> Standing | None:
    """The standing on a day, from all sales until then, each under the ladders that had begun by its day."""
    until = [
        replace(spend, begun=max(sum(first <= spend.day for first, _ in ladders), 1))
        for spend in spends
        if spend.day <= today
    ]
    standing = replay(until, ladders, joined)
    if standing is None:
        return first_standing(until, ladders, joined, today)
    return advance_through(standing, until, ladders, today)


def on(tiers: Tiers, spends: Sequence[Spend], day: str) -> tuple[str, str, str | None]:
    """The standing on a day: tier, since, kept until."""
    standing = anew(spends, [(JOINED, tiers)], JOINED, date.fromisoformat(day))
    assert standing is not None
    return standing.tier, str(standing.since), None if standing.kept_until is None else str(standing.kept_until)


# ---- the window ----


@pytest.mark.parametrize(
    ("window", "bought", "last"),
    [
        (months(12), "2025-11-22", "2026-11-21"),
        (Duration(1, "year"), "2025-11-22", "2026-11-21"),
        (days(1), "2025-11-22", "2025-11-22"),
        (days(30), "2025-11-22", "2025-12-21"),
        (months(1), "2025-01-31", "2025-02-27"),
        (months(1), "2024-01-31", "2024-02-28"),
        (months(1), "2025-02-28", "2025-03-27"),
        (months(3), "2025-11-30", "2026-02-27"),
        (months(12), "2024-02-29", "2025-02-27"),
        (Duration(4, "year"), "2024-02-29", "2028-02-28"),
        ("calendar year", "2025-01-01", "2025-12-31"),
        ("calendar year", "2025-12-31", "2025-12-31"),
    ],
)
def test_a_sale_counts_until_the_day_before_its_date_comes_round_again(window: Window, bought: str, last: str) -> None:
    """The last day on which it counts, and the first on which it does not; months keep the day or take the month's last."""
    tiers, spends, day = rules(window), [spent(bought, "100.00")], date.fromisoformat(last)
    assert window_spend(spends, tiers, spends[0].day - ONE_DAY) == 0
    assert window_spend(spends, tiers, spends[0].day) == eur("100.00")
    assert window_spend(spends, tiers, day) == eur("100.00")
    assert window_spend(spends, tiers, day + ONE_DAY) == 0


def test_in_a_lifetime_a_sale_counts_for_good() -> None:
    """A hundred years later too."""
    assert window_spend([spent("2025-01-01", "1.00")], rules("lifetime"), date(2125, 1, 1)) == 100


# ---- up ----


def test_every_card_starts_at_the_first_for_good() -> None:
    """Nothing bought: the first tier since the day of joining."""
    assert start(rules(), JOINED) == Standing("basic", JOINED, None)
    assert on(rules(), [], "2030-01-01") == ("basic", "2024-01-01", None)


def test_the_spend_itself_reaches_the_tier_and_a_cent_less_does_not() -> None:
    """500.00 is gold, 499.99 silver."""
    assert on(rules(), [spent("2025-11-22", "500.00")], "2025-11-22")[0] == "gold"
    assert on(rules(), [spent("2025-11-22", "499.99")], "2025-11-22")[0] == "silver"


def test_one_sale_may_climb_several_steps() -> None:
    """From the first to the last at once; kept from the day it was reached."""
    assert on(rules(), [spent("2025-11-22", "2000.00")], "2025-11-22") == ("vip", "2025-11-22", "2026-11-22")


def test_a_tier_that_is_held_is_not_reached_anew() -> None:
    """More spend while gold is held neither changes since when, nor until when it is kept."""
    spends = [spent("2025-01-10", "500.00"), spent("2025-06-01", "500.00")]
    assert on(rules(), spends, "2025-06-01") == ("gold", "2025-01-10", "2026-01-10")


def test_what_a_sale_raises_it_raises_after_itself() -> None:
    """At the start of its day the holder is still where they were."""
    standing = start(rules(), JOINED)
    bought = [spent("2025-01-10", "500.00")]
    assert advance(standing, bought, rules(), date(2025, 1, 10)) == standing
    assert after_sale(standing, bought, rules(), date(2025, 1, 10)).tier == "gold"


def test_a_sale_that_does_not_count_raises_nobody() -> None:
    """With a ladder that became lower: a bill of tobacco alone leaves the holder where they were, the next that counts raises."""
    lower = Tiers((BASIC, Tier("silver", "Silver", 10)), months(12), months(12))
    bought = [spent("2025-01-01", "1.00")]
    standing = start(lower, JOINED)
    assert after_sale(standing, [*bought, Spend(date(2025, 1, 5), 0)], lower, date(2025, 1, 5)) == standing
    assert after_sale(standing, [*bought, Spend(date(2025, 1, 5), 1)], lower, date(2025, 1, 5)).tier == "silver"


# ---- down ----


def test_the_last_day_that_a_tier_is_kept_is_included() -> None:
    """Gold reached on 2025-01-10: kept through 2026-01-10, though the window carries nothing that day; lower from the 11th."""
    spends = [spent("2025-01-10", "500.00")]
    assert on(rules(), spends, "2026-01-10") == ("gold", "2025-01-10", "2026-01-10")
    assert on(rules(), spends, "2026-01-11") == ("silver", "2026-01-11", "2027-01-11")


def test_it_goes_down_one_and_the_lower_one_is_kept_as_long_again() -> None:
    """From VIP: gold a year and a day later, then silver, then the first, for good."""
    spends = [spent("2024-01-10", "2000.00")]
    assert on(rules(), spends, "2025-01-11") == ("gold", "2025-01-11", "2026-01-11")
    assert on(rules(), spends, "2026-01-12") == ("silver", "2026-01-12", "2027-01-12")
    assert on(rules(), spends, "2027-01-13") == ("basic", "2027-01-13", None)


def test_to_fit_goes_where_the_window_says() -> None:
    """From VIP with 150.00 in the window: to silver at once; with nothing in it: to the first."""
    tiers = rules(step_down="to-fit")
    spends = [spent("2024-01-10", "2000.00"), spent("2024-12-01", "150.00")]
    assert on(tiers, spends, "2025-01-11") == ("silver", "2025-01-11", "2026-01-11")
    assert on(tiers, spends[:1], "2025-01-11") == ("basic", "2025-01-11", None)


def test_never_goes_never_down() -> None:
    """Reached once, held for good."""
    assert on(rules(step_down="never"), [spent("2024-01-10", "500.00")], "2050-01-01") == ("gold", "2024-01-10", None)


def test_a_tier_that_the_window_carries_is_kept_past_its_time() -> None:
    """Kept until 2026-01-10, carried by later sales until 2026-05-31: it goes down on 2026-06-01, and not a day before."""
    spends = [spent("2025-01-10", "500.00"), spent("2025-06-01", "500.00")]
    assert on(rules(), spends, "2026-05-31") == ("gold", "2025-01-10", "2026-01-10")
    assert on(rules(), spends, "2026-06-01") == ("silver", "2026-06-01", "2027-06-01")


def test_a_sale_on_the_day_of_the_fall_comes_too_late_to_prevent_it() -> None:
    """The fall is at the start of the business day; a sale on that day raises again, since that day."""
    spends = [spent("2025-01-10", "500.00"), spent("2026-01-11", "100.00")]
    assert on(rules(), spends, "2026-01-11") == ("silver", "2026-01-11", "2027-01-11")
    spends[1] = spent("2026-01-11", "500.00")
    assert on(rules(), spends, "2026-01-11") == ("gold", "2026-01-11", "2027-01-11")
    spends[1] = spent("2026-01-10", "500.00")
    assert on(rules(), spends, "2026-01-11") == ("gold", "2025-01-10", "2026-01-10")


def test_sales_on_every_day_do_not_hide_the_day_of_the_fall() -> None:
    """A bill on the last day kept and one on the day after: it goes down between the two."""
    spends = [spent("2025-01-10", "500.00"), spent("2026-01-10", "1.00"), spent("2026-01-11", "1.00")]
    for day in ("2026-01-11", "2026-01-12"):
        assert on(rules(), spends, day) == ("silver", "2026-01-11", "2027-01-11")


def test_the_end_of_february_and_of_months() -> None:
    """Reached on 29 February, kept for a year: until the 28th, included; on 31 March for a month: until 30 April."""
    assert on(rules(), [spent("2024-02-29", "500.00")], "2025-02-28")[0] == "gold"
    assert on(rules(), [spent("2024-02-29", "500.00")], "2025-03-01")[0] == "silver"
    short = rules(window=days(1), kept_for=months(1))
    assert on(short, [spent("2025-03-31", "500.00")], "2025-04-30")[0] == "gold"
    assert on(short, [spent("2025-03-31", "500.00")], "2025-05-01")[0] == "silver"


def test_a_calendar_year_ends_with_december() -> None:
    """Kept for no longer than the day itself: gold all the year, down on New Year's Day."""
    tiers = rules(window="calendar year", kept_for=days(0), step_down="to-fit")
    spends = [spent("2025-02-01", "500.00")]
    assert on(tiers, spends, "2025-12-31")[0] == "gold"
    assert on(tiers, spends, "2026-01-01") == ("basic", "2026-01-01", None)


def test_kept_for_no_time_goes_down_a_step_a_day() -> None:
    """Each lower tier is kept for the day that it is reached on."""
    tiers = rules(window=days(2), kept_for=days(0))
    spends = [spent("2025-02-01", "2000.00")]
    steps = [on(tiers, spends, f"2025-02-0{day}")[0] for day in range(1, 7)]
    assert steps == ["vip", "vip", "gold", "silver", "basic", "basic"]


# ---- after a return ----


def test_after_a_return_it_is_as_had_the_goods_never_been_bought() -> None:
    """The sale that made gold comes back: silver from the other sale, as if that one had been alone."""
    spends = [spent("2025-01-10", "450.00"), spent("2025-02-10", "120.00")]
    assert on(rules(), spends, "2025-03-01") == ("gold", "2025-02-10", "2026-02-10")
    returned = [*spends, spent("2025-01-10", "-450.00")]
    assert on(rules(), returned, "2025-03-01") == ("silver", "2025-02-10", "2026-02-10")
    assert on(rules(), returned, "2025-03-01") == on(rules(), spends[1:], "2025-03-01")


# ---- another ladder ----


def test_a_new_ladder_lowers_nobody_for_days_before_it() -> None:
    """Gold kept until January and carried by 700.00; from June gold needs 1000.00: it goes down on the first of June."""
    spends = [spent("2025-01-10", "500.00"), spent("2025-08-01", "700.00")]
    dearer = Tiers((BASIC, SILVER, Tier("gold", "Gold", eur("1000.00"))), months(12), months(12))
    ladders = [(JOINED, rules()), (date(2026, 6, 1), dearer)]
    assert anew(spends, ladders, JOINED, date(2026, 5, 31)) == Standing("gold", date(2025, 1, 10), date(2026, 1, 10))
    assert anew(spends, ladders, JOINED, date(2026, 7, 1)) == Standing("silver", date(2026, 6, 1), date(2027, 6, 1))


def test_a_new_ladder_saves_nobody_for_days_before_it() -> None:
    """Who fell under the old ladder fell, though the new one would have carried the tier."""
    spends = [spent("2025-01-10", "500.00"), spent("2025-08-01", "300.00")]
    cheaper = Tiers((BASIC, SILVER, Tier("gold", "Gold", eur("200.00"))), months(12), months(12))
    ladders = [(JOINED, rules()), (date(2026, 6, 1), cheaper)]
    assert anew(spends, ladders, JOINED, date(2026, 7, 1)) == Standing("silver", date(2026, 1, 11), date(2027, 1, 11))


def test_a_tier_that_the_ladder_no_longer_has_becomes_the_one_that_fits() -> None:
    """On the new ladder's first day, by the window of that day."""
    spends = [spent("2026-01-10", "600.00")]
    other = Tiers(
        (BASIC, Tier("amber", "Amber", eur("600.00")), Tier("ruby", "Ruby", eur("601.00"))), months(12), months(6)
    )
    ladders = [(JOINED, rules()), (date(2026, 3, 1), other)]
    assert anew(spends, ladders, JOINED, date(2026, 4, 1)) == Standing("amber", date(2026, 3, 1), date(2026, 9, 1))
    assert advance(Standing("gold", JOINED, None), spends, other, date(2026, 4, 1)).tier == "amber"


def test_without_a_ladder_there_is_no_standing() -> None:
    """A programme without tiers."""
    assert replay([Spend(JOINED, 1)], [], JOINED) is None


def test_the_first_ladder_counts_for_all_days_before_it() -> None:
    """A bill of a day before the programme was there."""
    assert ladder_on([(JOINED, rules())], date(2000, 1, 1)) == rules()


# ---- what a holder gets ----


@pytest.mark.parametrize(("kind", "tier"), [("named", "vip"), ("bearer", "gold")])
def test_a_bearer_card_stays_below_until_it_is_registered(kind: Any, tier: str) -> None:
    """The standing is reached all the same, so that registering the card opens it at once."""
    assert held(Standing("vip", JOINED, None), rules(), kind).id == tier
    two = Tiers((BASIC, Tier("club", "Club", 1, named_only=True)))
    assert held(Standing("club", JOINED, None), two, kind).id == ("club" if kind == "named" else "basic")


def test_the_next_tier_is_one_that_this_holder_can_reach() -> None:
    """What is missing to it today; a bearer card is not promised a tier for named cards, but one above that is open."""
    day, spends = date(2025, 1, 10), [spent("2025-01-10", "120.00")]
    assert next_up(SILVER, spends, rules(), "named", day) == Next(GOLD, eur("380.00"))
    assert next_up(GOLD, spends, rules(), "named", day) == Next(VIP, eur("1880.00"))
    assert next_up(GOLD, spends, rules(), "bearer", day) is None
    assert next_up(VIP, spends, rules(), "named", day) is None
    open_above = Tiers((BASIC, Tier("club", "Club", 1, named_only=True), GOLD))
    assert next_up(BASIC, spends, open_above, "bearer", day) == Next(GOLD, eur("380.00"))
    assert next_up(Tier("gone", "Gone", 0), spends, rules(), "named", day) is None


def test_nothing_is_missing_to_a_tier_that_the_window_already_carries() -> None:
    """After a ladder became lower the next sale raises; until then nothing is missing, never less than nothing."""
    assert next_up(BASIC, [spent("2025-01-10", "120.00")], rules(), "named", date(2025, 1, 10)) == Next(SILVER, 0)


# ---- all histories ----


def day_by_day(spends: Sequence[Spend], ladders: Sequence[tuple[date, Tiers]], joined: date, today: date) -> Standing:
    """The text of the programme, one day after the other."""

    def carried(tiers: Tiers, day: date, before: date) -> int:
        return window_spend([spend for spend in spends if spend.day <= before], tiers, day)

    def reached(tiers: Tiers, index: int, day: date) -> Standing:
        until = None if index == 0 or tiers.step_down == "never" else tiers.kept_for.after(day)
        return Standing(tiers.ladder[index].id, day, until)

    standing = start(ladder_on(ladders, joined), joined)
    day = joined
    while day <= today:
        tiers = ladder_on(ladders, day)
        index = tiers.index(standing.tier)
        if index is None:
            index = tiers.fitting(carried(tiers, day, day - ONE_DAY))
            standing = reached(tiers, index, day)
        past = standing.kept_until is not None and standing.kept_until < day
        if past and tiers.step_down != "never" and carried(tiers, day, day - ONE_DAY) < tiers.ladder[index].spend:
            lower = index - 1 if tiers.step_down == "one" else tiers.fitting(carried(tiers, day, day - ONE_DAY))
            standing = reached(tiers, lower, day)
            index = lower
        if sum(spend.amount for spend in spends if spend.day == day) > 0:
            fits = tiers.fitting(carried(tiers, day, day))
            if fits > index:
                standing = reached(tiers, fits, day)
        day += ONE_DAY
    return standing


def random_tiers(rng: random.Random) -> Tiers:
    steps = [0, *sorted(rng.sample(range(1, 60), rng.randrange(1, 4)))]
    names = rng.sample(["a", "b", "c", "d", "e"], len(steps))
    window: Window = rng.choice(
        ("lifetime", "calendar year", days(rng.randrange(1, 90)), months(rng.randrange(1, 14)), Duration(1, "year"))
    )
    kept: Duration = rng.choice((days(0), days(rng.randrange(1, 60)), months(rng.randrange(1, 14))))
    ladder = tuple(Tier(name, name, step) for name, step in zip(names, steps, strict=True))
    return Tiers(ladder, window, kept, rng.choice(("one", "one", "to-fit", "never")))


def all_three_ways(seed: int) -> None:
    """Day by day, step by step from sale to sale, and anew; then the same with a return."""
    rng = random.Random(seed)
    joined = date(2023, 12, 15) + timedelta(days=rng.randrange(120))
    firsts = sorted(joined + timedelta(days=rng.randrange(1, 400)) for _ in range(rng.choice((0, 0, 1, 2))))
    ladders = [(joined, random_tiers(rng)), *[(first, random_tiers(rng)) for first in firsts]]
    today = joined + timedelta(days=rng.randrange(700))
    bought = [joined + timedelta(days=rng.randrange((today - joined).days + 1)) for _ in range(rng.randrange(9))]
    spends = [Spend(day, rng.choice((1, 5, 10, 25, 60))) for day in sorted(bought)]

    expected = day_by_day(spends, ladders, joined, today)
    assert anew(spends, ladders, joined, today) == expected

    standing = start(ladder_on(ladders, joined), joined)
    known: list[Spend] = []
    for spend in spends:
        standing = advance_through(standing, known, ladders, spend.day)
        known.append(spend)
        standing = after_sale(standing, known, ladder_on(ladders, spend.day), spend.day)
    assert advance_through(standing, known, ladders, today) == expected
    if len(ladders) == 1:
        assert advance(standing, known, ladders[0][1], today) == expected

    if spends:
        gone = rng.choice(spends)
        back = rng.choice((gone.amount, rng.randrange(1, gone.amount + 1)))
        kept_ = [*spends, Spend(gone.day, -back)]
        never = [spend for spend in spends if spend is not gone] + [Spend(gone.day, gone.amount - back)]
        assert anew(kept_, ladders, joined, today) == anew(never, ladders, joined, today)
        if back == gone.amount:
            assert anew(kept_, ladders, joined, today) == day_by_day(never[:-1], ladders, joined, today)


@settings(max_examples=250, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_day_by_day_step_by_step_and_anew_are_one(seed: int) -> None:
    """Random histories with random ladders, windows, times kept and steps down: three ways to the same standing."""
    all_three_ways(seed)


@pytest.mark.soak
def test_ten_thousand_ladders() -> None:
    """The same over ten thousand histories."""
    for seed in range(10_000):
        all_three_ways(seed)


def work_of_days(count: int) -> tuple[int, int]:
    """The steps that a standing costs anew, and one day later, after a sale on each of so many days."""
    spends = [Spend(JOINED + timedelta(days=n), eur("2.00"), begun=1) for n in range(count)]
    tiers, today = rules(kept_for=months(1)), JOINED + timedelta(days=count + 1)
    standing = replay(spends, [(JOINED, tiers)], JOINED)
    assert standing is not None
    assert standing.kept_until is not None
    assert standing.kept_until < today
    return (
        steps(lambda: replay(spends, [(JOINED, tiers)], JOINED)),
        steps(lambda: advance(standing, spends, tiers, today)),
    )


def test_twice_the_years_are_twice_the_work() -> None:
    """A sale on each of two thousand days costs twice the steps of a thousand, not four times; one day on costs far less."""
    (anew_, day), (anew_twice, day_twice) = work_of_days(1_000), work_of_days(2_000)
    assert 1_000 < anew_ < anew_twice < 3 * anew_
    assert day_twice < 3 * day
    assert day_twice < anew_twice / 3


# ---- the day on which the ladder changes ----


def test_each_sale_raises_under_its_own_ladder_and_no_later_one() -> None:
    """Silver by 100.00 in the morning; in the afternoon silver needs 300.00: it is kept, and 150.00 more do not raise again."""
    dearer = Tiers((BASIC, Tier("silver", "Silver", eur("300.00"))), months(12), months(12))
    ladders = [(JOINED, rules()), (date(2026, 3, 1), dearer)]
    morning = Spend(date(2026, 3, 1), eur("100.00"), begun=1)
    afternoon = Spend(date(2026, 3, 1), eur("150.00"), begun=2)
    silver = Standing("silver", date(2026, 3, 1), date(2027, 3, 1))
    assert replay([afternoon, morning], ladders, JOINED) == silver
    assert replay([afternoon], ladders, JOINED) == start(rules(), JOINED)
    assert replay([afternoon, Spend(morning.day, eur("150.00"), begun=2)], ladders, JOINED) == silver


def test_what_was_bought_before_the_first_ladder_counts_once_there_is_one() -> None:
    """Nobody stands anywhere by it alone; with the first sale after it, under the first ladder."""
    before, after = Spend(date(2026, 2, 1), eur("600.00")), Spend(date(2026, 3, 2), eur("1.00"), begun=1)
    ladders = [(date(2026, 3, 1), rules())]
    assert replay([before], ladders, JOINED) is None
    gold = Standing("gold", date(2026, 2, 1), date(2027, 2, 1))
    assert first_standing([before], ladders, JOINED, date(2026, 3, 2)) == gold
    assert replay([before, after], ladders, JOINED) == gold
    assert first_standing([], ladders, JOINED, date(2026, 3, 2)) == start(rules(), JOINED)
