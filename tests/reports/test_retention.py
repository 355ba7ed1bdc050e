"""Cohorts by the month of the first purchase."""

from __future__ import annotations

from datetime import date

from figures import figures, only
from shops import ANA, BORIS, Shop

from pos_loyalty.till import cards


def test_a_table_of_cohorts(corner: Shop) -> None:
    """Ana buys in January, February and March, Boris in January and March, Vera in February: of January's two holders one came back
    a month later and both after two; of February's one none did. At the end of February March had not been.
    """
    (vera,) = cards.issue(corner.register)
    corner.sell(1_000, ANA)
    corner.sell(1_000, BORIS)
    corner.clock.forward(days=31)
    corner.sell(1_000, ANA)
    corner.sell(1_000, vera)
    corner.clock.forward(days=28)
    corner.sell(1_000, ANA)
    corner.sell(1_000, BORIS)
    corner.sell(1_000, BORIS)
    found = figures(corner.store, "retention", date(2026, 3, 1), date(2026, 3, 31))
    assert only(found, "cohort") == {("2026-01", ""): 2, ("2026-02", ""): 1}
    assert only(found, "retained") == {
        ("2026-01", "00"): 1_000_000,
        ("2026-01", "01"): 500_000,
        ("2026-01", "02"): 1_000_000,
        ("2026-02", "00"): 1_000_000,
        ("2026-02", "01"): 0,
    }
    assert found["retained", "2026-01", "01"] == (500_000, 500_000)
    assert found["retained", "2026-01", "02"] == (1_000_000, None)


def test_cohorts_of_a_year_or_of_the_period(corner: Shop) -> None:
    """A cohort of more than twelve months ago is told only to who asks for a period that long."""
    corner.sell(1_000, ANA)
    corner.clock.forward(days=500)
    day = corner.clock.now.date()
    assert figures(corner.store, "retention", day, day) == {}
    assert only(figures(corner.store, "retention", date(2026, 1, 1), day), "cohort") == {("2026-01", ""): 1}
