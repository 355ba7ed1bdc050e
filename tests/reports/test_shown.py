"""A report as it is looked at: which drawing suits a figure, how values and changes are said, and months asked for in pairs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from shops import PROGRAMME

from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import Currency
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.language import Language
from pos_loyalty.reports.frame import CANNOT_TELL, COUNT, DAYS, RATE, Cell, Figure, Group, Period, Report
from pos_loyalty.reports.scale import Scale
from pos_loyalty.reports.shown import Names, Part, Shown, Words, months_until, over_months, shown

RULES = read(PROGRAMME).programme
assert RULES is not None
WORDS = Words(Language("en", Currency.of("EUR")))
NEVER = Group("never", "never")


def figure(*keys: tuple[str, str], groups: tuple[Group, ...] = ()) -> Shown:
    """A figure of such parts, each one thing counted."""
    return Shown(
        Figure("one", "One", "what it is", "rows", "of", "by", groups),
        tuple(Part(of, by, COUNT, 1, None) for of, by in keys),
    )


@pytest.mark.parametrize(
    ("one", "drawing"),
    [
        (figure(("", "")), "bars"),
        (figure(("gold", ""), ("basic", "")), "bars"),
        (figure(("cashback", "0-30"), ("cashback", "31-90")), "bars"),
        (figure(("2026-01", ""), ("2026-02", "")), "months"),
        (figure(("cashback", "2026-01"), ("points", "2026-02")), "months"),
        (figure(("cashback", "2026-01"), ("cashback", "2026-02"), ("points", "never"), groups=(NEVER,)), "months"),
        (figure(("2026-01", "00"), ("2026-01", "01")), "cohorts"),
        (figure(("2026-01", "")), "bars"),
    ],
)
def test_parts_decide_the_drawing(one: Shown, drawing: str) -> None:
    """Months make a line, months by months later a table, anything else bars; no figure's name is asked."""
    assert one.drawing == drawing


@pytest.mark.parametrize(
    ("now", "before", "unit", "said"),
    [
        (5, 3, COUNT, "+2 more"),
        (3, 5, COUNT, "−2 less"),
        (5, 5, COUNT, "the same"),
        (123_456, 100_000, "EUR", "+234.56 more"),
        (-50, 50, "EUR", "−1.00 less"),
        (455_555, 400_000, RATE, "+5.6%-points more"),
        (400_040, 400_000, RATE, "the same"),
        (8, 7, DAYS, "+1 day more"),
        (5, None, COUNT, ""),
        (CANNOT_TELL, 5, COUNT, ""),
        (5, CANNOT_TELL, COUNT, ""),
    ],
)
def test_a_change_is_said_with_sign_and_word(
    now: int | Message | None, before: int | Message | None, unit: str, said: str
) -> None:
    """More and less in the unit of the figure, shares in points; nothing where either period has no number."""
    assert WORDS.change(now, before, unit) == said


def test_values_are_written_in_their_unit() -> None:
    """Money with its decimals, shares to a tenth, days as days, a sentence as it is, and a dash for nothing to say."""
    assert WORDS.value(1_234_567, "EUR") == "12,345.67"
    assert WORDS.value(333_333, RATE) == "33.3%"
    assert WORDS.value(12, DAYS) == "12 days"
    assert WORDS.value(CANNOT_TELL, RATE) == "can't tell yet"
    assert WORDS.value(None, COUNT) == "–"


def test_parts_have_the_programmes_names() -> None:
    """A tier by its name, a purse as a word, a group by its title; what the programme has no more by its id."""
    names = Names(RULES, Language("en", Currency.of("EUR")))
    tier = Figure("tier", "By tier", "", "", "tier", groups=(Group("none", "no tier"),))
    assert [names.key(tier, key) for key in ("gold", "none", "long-gone")] == ["Gold", "no tier", "long-gone"]
    purse = Figure("owed", "Owed", "", "", "purse", "month")
    assert names.part(purse, Part("new-year", "2026-02", COUNT, 1, 1)) == "New year, 2026-02"
    assert names.part(purse, Part("", "", COUNT, 1, 1)) == "Owed"


def test_rows_become_figures_in_their_order() -> None:
    """Rows of one figure stand together, as they came; a figure without rows is not shown."""
    report = Report("r", "R", (), lambda books, period: [], (Figure("a", "A", "", ""), Figure("b", "B", "", "")))
    rows: list[tuple[Cell, ...]] = [("b", "x", "", COUNT, 1, 2), ("b", "y", "", COUNT, CANNOT_TELL, None)]
    (only,) = shown(report, rows)
    assert only.figure.name == "b"
    assert only.parts == (Part("x", "", COUNT, 1, 2), Part("y", "", COUNT, CANNOT_TELL, None))


def test_months_are_asked_for_in_pairs() -> None:
    """Thirteen months take seven questions: the month so far, and six pairs of whole months; each month is asked for once."""
    asked: list[Period] = []
    steps: list[tuple[int, int]] = []

    def ask(period: Period) -> list[tuple[Cell, ...]]:
        asked.append(period)
        before = period.before()
        return [("f", "", "", COUNT, period.last.toordinal(), before.last.toordinal())]

    found = over_months(ask, date(2026, 3, 10), lambda done, of: steps.append((done, of)))
    months = found["f", "", "", COUNT]
    assert tuple(sorted(months)) == months_until(date(2026, 3, 10))
    assert len(months) == 13
    assert asked[0] == Period(date(2026, 3, 1), date(2026, 3, 10))
    assert asked[1] == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert steps == [(n, 7) for n in range(7)]
    for month, value in months.items():
        last = date.fromordinal(value) if isinstance(value, int) else date.min
        whole = last + timedelta(days=1)
        assert f"{last:%Y-%m}" == month
        assert month == "2026-03" or whole.day == 1


@pytest.mark.parametrize(
    ("values", "value", "size", "place"),
    [
        ((0, 100), 50, 10, 5),
        ((0, 100), 0, 10, 0),
        ((0, 100), 1, 10, 1),
        ((0, 1_000_000_000_000_000), 1, 10, 1),
        ((-100, 100), 0, 10, 5),
        ((-100, 100), -1, 10, 4),
        ((-100, -50), -100, 10, 0),
        ((5,), 5, 10, 10),
        ((), 0, 10, 0),
        ((0, 100), 50, 0, 0),
        ((0, 100), 1_000, 10, 10),
    ],
)
def test_a_scale_keeps_everything_on_it(values: tuple[int, ...], value: int, size: int, place: int) -> None:
    """Nothing is at its place, what is not nothing at least one beside it, and what is beyond the scale at its end."""
    assert Scale.of(values).at(value, size) == place
