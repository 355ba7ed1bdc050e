"""What is typed is told apart, and what is painted fits its cells."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pos_loyalty.language import Unreadable
from pos_loyalty.ui.dates import read_day
from pos_loyalty.ui.direction import in_order
from pos_loyalty.ui.typed import Code, OpenPrice, Quantity, Typed, Words, read_typed
from pos_loyalty.ui.widgets.cells import elided, filled, placed, plain, wrapped


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("4006381333931", Code("4006381333931")),
        ("till-1-000042", Code("till-1-000042")),
        ("L123456", Code("L123456")),
        ("12.50", OpenPrice(1_250)),
        ("12,5", OpenPrice(1_250)),
        ("5,", OpenPrice(500)),
        (".99", OpenPrice(99)),
        ("٥٫٥", OpenPrice(550)),
        ("٤٠٠٦", Code("4006")),
        ("3*", Quantity(3_000_000, "")),
        ("1.25*123", Quantity(1_250_000, "123")),
        ("2x 123", Quantity(2_000_000, "123")),
        ("green tea", Words("green tea")),
        ("tea", Words("tea")),
    ],
)
def test_what_was_typed_is_told_apart(text: str, read: Typed) -> None:
    """A code, a price with its decimals, a quantity, and words each mean one thing."""
    assert read_typed(text, 2) == read


@given(st.text(max_size=40))
def test_anything_typed_is_something_or_refused(text: str) -> None:
    """No text breaks the reading of it."""
    with suppress(Unreadable):
        read_typed(text, 2)


@pytest.mark.parametrize("text", ["24.12.1980", "24/12/1980", "1980-12-24", "24 12 1980", "24.12.1980."])
def test_dates_as_people_write_them(text: str) -> None:
    """Day, month, year in this order with any separator, or the year first."""
    assert read_day(text) == date(1980, 12, 24)


@pytest.mark.parametrize("text", ["", "24.12.80", "31.02.1980", "christmas", "1.2", "99.99.9999"])
def test_what_is_no_date_is_refused(text: str) -> None:
    """Two digits of a year, and days that are not there, are refused rather than guessed."""
    with pytest.raises(Unreadable):
        read_day(text)


texts = st.text(st.characters(codec="utf-8"), max_size=60)


@given(texts, texts, st.integers(1, 60))
def test_a_line_fills_its_cells_exactly(left: str, right: str, width: int) -> None:
    """Whatever stands in a line, it takes its cells and no more, in both directions."""
    left, right = plain(left), plain(right)
    for mirrored in (False, True):
        assert cell_len(filled(left, right, width, "off", mirrored=mirrored)) == width
    assert cell_len(placed(left, width, "off", end=True)) == width
    assert cell_len(elided(left, width)) <= width


@given(texts, st.integers(2, 40), st.integers(1, 4))
def test_wrapped_lines_are_within_their_width(text: str, width: int, limit: int) -> None:
    """Wrapped text stays within its width and its number of lines."""
    lines = wrapped(plain(text), width, limit)
    assert 1 <= len(lines) <= limit
    assert all(cell_len(line) <= width for line in lines)


@given(st.integers(0, 10**12))
def test_an_amount_is_never_cut_for_a_name(minor: int) -> None:
    """Where a long name and an amount share a line, the amount stands whole."""
    amount = f"{minor / 100:,.2f}" if minor < 10**9 else str(minor)
    assert filled("A very long name that has no end at all", amount, 30, "app").endswith(amount)


def test_control_codes_command_nothing() -> None:
    """What a holder typed as a name cannot move the cursor or colour the screen."""
    assert plain("Eve\x1b[2J\nBob") == "Eve [2J Bob"


def test_latin_text_is_left_as_it_is() -> None:
    """Only a cell with right-to-left letters is put in another order, and only in `app` mode."""
    assert in_order("Ana 1,234.50", "app") == "Ana 1,234.50"
    assert in_order("محمد", "terminal") == "محمد"
    assert in_order("محمد (Gold)", "app").startswith("(Gold)")


def test_a_sentence_begins_where_its_reader_begins() -> None:
    """Who reads from the right finds a sentence that begins with a Latin name begun at the right too."""
    assert in_order("Gold 3%: توفير 0.13.", "app", rtl=True).endswith("Gold 3%")
    assert in_order("Gold 3%: توفير 0.13.", "app", rtl=True).startswith(".0.13")
    assert in_order("Gold 3%: توفير 0.13.", "app").startswith("Gold 3%:")
