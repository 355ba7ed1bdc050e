"""Drawings of figures as lines of cells: scaled, mirrored and cut without a fault, each line exactly as wide as it may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pos_loyalty.reports.scale import Scale
from pos_loyalty.ui.widgets.bars import Bar, Bars, Heads, Widths, track
from pos_loyalty.ui.widgets.cohorts import Cohort, CohortTable, percent
from pos_loyalty.ui.widgets.drawn import Columns, Hand, Laid, Texts
from pos_loyalty.ui.widgets.interval import Interval, Intervals, interval, nothing_told
from pos_loyalty.ui.widgets.lines import Lines, columns, sparkline

HANDS = [Hand("app", mirrored=False), Hand("app", mirrored=True)]
amounts = st.none() | st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("now", "before", "drawn"),
    [
        (100, 100, "██████████"),
        (100, 50, "█████▓▓▓▓▓"),
        (50, 100, "█████░░░░░"),
        (50, None, "█████     "),
        (None, 50, "░░░░░     "),
        (0, 0, "          "),
        (1, 0, "▓         "),
        (None, None, "          "),
    ],
)
def test_a_bar_says_what_is_more_and_what_is_less(now: int | None, before: int | None, drawn: str) -> None:
    """Solid is what was before, ▓ what came to it, ░ what went; one thing of a hundred is still seen."""
    assert track(now, before, Scale(0, 100), 10) == drawn


def test_below_nothing_a_bar_goes_the_other_way() -> None:
    """From the axis to the left; a bar of nothing leaves the axis to be seen."""
    scale = Scale(-100, 100)
    assert track(-100, -100, scale, 10) == "█████│    "
    assert track(50, None, scale, 10) == "     ███  "
    assert track(0, 0, scale, 10) == "     │    "


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ((0, 1, 2, 4, 8), " ▁▂▄█"),
        ((5,), "█"),
        ((), ""),
        ((0, 0), "  "),
        ((None, 8), "·█"),
        ((1, 1_000_000), "▁█"),
    ],
)
def test_a_line_of_months_in_eighths(values: tuple[int | None, ...], drawn: str) -> None:
    """Each month in proportion to the most; nothing is blank, nothing known a dot, and the least of something is seen."""
    assert sparkline(values) == drawn


def test_columns_hang_below_nothing() -> None:
    """Half above and half below: the axis lies between the second row and the third."""
    assert columns((4, -4, 2, None), 4, 1) == ["█   ", "█ █·", " █  ", " █  "]


@pytest.mark.parametrize(
    ("bounds", "drawn"),
    [
        ((0, 50, 100), "├────●────┤"),
        ((50, 50, 50), "│    ●     "),
        ((20, 60, 100), "│ ├───●───┤"),
    ],
)
def test_an_interval_lies_where_its_bounds_are(bounds: tuple[int, int, int], drawn: str) -> None:
    """From at least to at most, the value on it, and the line of nothing where it is not covered."""
    assert interval(*bounds, Scale(0, 100), 11) == drawn


def test_an_interval_across_nothing_shows_that() -> None:
    """Where the interval holds nothing too, the axis crosses it; what cannot be told is dots on the same axis."""
    assert interval(-50, 30, 80, Scale(-100, 100), 11) == "   ├─┼─●─┤ "
    assert nothing_told(Scale(-100, 100), 11) == "·····│·····"
    assert nothing_told(Scale(), 5) == "│····"


def test_shares_are_numbers_and_shades() -> None:
    """A cohort's share in whole percents beside a shade that falls with it."""
    assert [percent(share) for share in (1_000_000, 500_000, 333_333, 0, None)] == ["█100", "▒ 50", "░ 33", "   0", ""]


def cohorts() -> CohortTable:
    """Three cohorts, the first of thirteen months."""
    return CohortTable(
        tuple(
            Cohort(f"2026-0{n}", "1,204", {later: 10**6 // (later + 1) for later in range(13 - n)}) for n in range(3)
        ),
        ("Month", "Number"),
        "months later",
    )


def test_a_cohort_table_fits_eighty_cells_and_marks_what_it_leaves_out() -> None:
    """Thirteen months stand whole in eighty cells; in forty the last ones are left out, and the head says so."""
    whole = [line.text for line in cohorts().lines(79, HANDS[0])]
    assert whole[2].rstrip() == "  2026-00   1,204  █100▒ 50░ 33░ 25░ 20░ 17░ 14░ 13  11  10   9   8   8"
    assert "…" not in whole[1]
    narrow = [line.text for line in cohorts().lines(40, HANDS[0])]
    assert narrow[1].rstrip().endswith("…")
    assert [cell_len(line) for line in narrow] == [40] * 5


def bars(values: list[tuple[int | None, int | None]], label: str = "a", said: str = "") -> Bars:
    """A bar each."""
    made = tuple(Bar(label, now, before, (str(now), str(before), "more"), said) for now, before in values)
    return Bars(made, Widths.of(made), Scale.of(value for pair in values for value in pair))


def test_numbers_stand_below_each_other_and_amounts_are_never_cut() -> None:
    """The columns of numbers end at the same cell; the head stands above them; a long label gives way to them."""
    drawn = bars([(5, 10), (12_345, None)], label="a label that is far longer than there is room for")
    lines = [line.text for line in drawn.lines(60, HANDS[0])]
    assert lines[0].index("more") == lines[1].index("more")
    assert "12345" in lines[1]
    assert "…" in lines[0]
    (head,) = Heads("legend", ("n", "b", "c"), drawn.widths).lines(60, HANDS[0])
    assert head.text.rindex("c") == lines[0].rindex("e")


def test_what_cannot_be_told_stands_in_the_place_of_the_bar() -> None:
    """No bar is drawn, the sentence is whole, and the columns behind it stay where they are."""
    told, untold = bars([(5, 10)]), bars([(None, 10)], said="can't tell yet")
    (line,) = untold.lines(60, HANDS[0])
    assert "can't tell yet" in line.text
    assert "░" not in line.text
    assert cell_len(line.text) == 60
    assert told.lines(60, HANDS[0])


def drawings(values: list[int | None]) -> list[Laid]:
    """One of each kind of these values."""
    pairs = list(zip(values, reversed(values), strict=True))
    three = sorted(value or 0 for value in [*values, 0, 0, 0])[:3]
    return [
        bars(pairs),
        bars(pairs, label="محمد علي"),
        bars(pairs, said="can't tell yet"),
        Lines(
            tuple(f"2026-{n % 12 + 1:02}" for n in range(len(values))), tuple(values), tuple(map(str, values)), "9", "0"
        ),
        Intervals(
            (Interval("a", (three[0], three[1], three[2]), "words"), Interval("b", None, "none")), Scale.of(three)
        ),
        cohorts(),
        Texts(("some words that are longer than the line is wide, so that they are cut",)),
        Texts(("some words that are longer than the line is wide, so that they are broken",), wrap=True),
        Columns(("name", "1"), (20, 5), (False, True)),
    ]


@given(st.lists(amounts, min_size=1, max_size=40), st.integers(38, 130), st.sampled_from(HANDS))
def test_every_line_fills_its_cells_exactly(values: list[int | None], width: int, hand: Hand) -> None:
    """Zero, below nothing, huge, a single point, nothing known: in both directions no line is wider or narrower than asked."""
    for drawing in drawings(values):
        if isinstance(drawing, Bars) and width < sum(drawing.widths.texts) + 20:
            continue
        for line in drawing.lines(width, hand):
            assert cell_len(line.text) == width


def test_mirrored_a_bar_begins_at_the_right() -> None:
    """The label is at the right end, its bar beside it grows to the left, and the numbers stand beyond, unturned."""
    drawn = bars([(50, 100)], label="abc")
    (plain,), (mirrored,) = drawn.lines(60, HANDS[0]), drawn.lines(60, HANDS[1])
    assert plain.text.startswith("  abc")
    assert mirrored.text.endswith("abc  ")
    assert "░█" in mirrored.text
    assert "█░" in plain.text
    assert "100" in mirrored.text


def test_mirrored_months_run_from_right_to_left_and_stay_readable() -> None:
    """The first month stands at the right; its name is not turned."""
    line = Lines(("2026-01", "2026-02"), (1, 2), ("1", "2"), "2", "0")
    texts = [one.text for one in line.lines(60, HANDS[1])]
    below = next(text for text in texts if "2026-01" in text)
    assert below.index("2026-02") < below.index("2026-01")
    assert any("┘" in text for text in texts)
