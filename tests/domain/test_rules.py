"""The programme's own sums with dates: durations, business days, and what an exclusion covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from bills import days, months, programme
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.programme.rules import Duration, Exclude, Tier, Tiers


@pytest.mark.parametrize(
    ("day", "length", "after"),
    [
        ("2026-11-22", days(14), "2026-12-06"),
        ("2026-11-22", days(0), "2026-11-22"),
        ("2026-01-31", months(1), "2026-02-28"),
        ("2028-01-31", months(1), "2028-02-29"),
        ("2026-10-31", months(1), "2026-11-30"),
        ("2026-11-30", months(3), "2027-02-28"),
        ("2026-12-31", months(2), "2027-02-28"),
        ("2026-12-15", months(1), "2027-01-15"),
        ("2028-02-29", Duration(1, "year"), "2029-02-28"),
        ("2028-02-29", Duration(4, "year"), "2032-02-29"),
        ("2026-03-31", Duration(100, "year"), "2126-03-31"),
    ],
)
def test_months_keep_the_day_or_take_the_months_last(day: str, length: Duration, after: str) -> None:
    """Days are counted; a year is twelve months."""
    assert length.after(date.fromisoformat(day)) == date.fromisoformat(after)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_a_later_day_never_comes_round_sooner(one: date, other: date, count: int) -> None:
    """What the windows of tiers rely on."""
    for unit in ("day", "month", "year"):
        length = Duration(count, unit)  # type: ignore[arg-type]
        assert (length.after(min(one, other))) <= length.after(max(one, other))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T01:59:59", "2026-11-21"),  # 03:59:59 in Sofia
        ("2026-11-22T02:00:00", "2026-11-22"),
        ("2026-11-21T22:00:00", "2026-11-21"),  # midnight in Sofia
        ("2026-07-01T00:59:59", "2026-06-30"),  # summer time: an hour earlier
        ("2026-07-01T01:00:00", "2026-07-01"),
    ],
)
def test_a_business_day_begins_when_the_programme_says(moment: str, day: str) -> None:
    """At 04:00 by the shop's clock, whatever the time of the year."""
    rules = replace(programme(), day_starts=time(4))
    assert rules.business_day(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("rule", "covered"),
    [
        (Exclude(departments=frozenset({"books"})), True),
        (Exclude(departments=frozenset({"books"}), reduced=True), False),
        (Exclude(departments=frozenset({"books"}), reduced=False), True),
        (Exclude(departments=frozenset({"books"}), skus=frozenset({"B-2"})), False),
        (Exclude(departments=frozenset({"books"}), skus=frozenset({"B-1", "B-2"})), True),
        (Exclude(departments=frozenset({"food"}), skus=frozenset({"B-1"})), False),
        (Exclude(reduced=False), True),
    ],
)
def test_what_is_named_together_holds_together(rule: Exclude, covered: bool) -> None:
    """What is left out does not restrict; one of several rules is enough."""
    assert rule.covers("books", "B-1", reduced=False) == covered
    rules = replace(programme(), exclude=(Exclude(departments=frozenset({"tobacco"})), rule))
    assert rules.is_excluded("books", "B-1", False) == covered


def test_the_highest_step_that_a_spend_carries() -> None:
    """Each step from its own spend on."""
    tiers = Tiers((Tier("a", "A", 0), Tier("b", "B", 10), Tier("c", "C", 20)))
    assert [tiers.fitting(spend) for spend in (-1, 0, 9, 10, 19, 20, 99)] == [0, 0, 0, 1, 1, 2, 2]
    assert (tiers.index("b"), tiers.index("z"), tiers.index(None)) == (1, None, None)
