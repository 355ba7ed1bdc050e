"""What a person types at the till."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.money import MAX_MINOR, plain
from pos_loyalty.language import LANGUAGES, Language, Unreadable, parse_amount, parse_quantity


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12.50", 1250),
        ("12,50", 1250),
        ("1250", 125000),
        (".5", 50),
        ("12.", 1200),
        (" 7 ", 700),
        ("-3", -300),
        ("\u22123,10", -310),
        ("1 250,00", 125000),
        ("1\xa0250", 125000),
        ("\u0661\u0662\u066b\u0665\u0660", 1250),
        ("0", 0),
    ],
)
def test_a_point_and_a_comma_both_separate_decimals_whatever_the_language(typed: str, minor: int) -> None:
    """A keypad has one separator key; Babel's own parsing would read 12.50 as 1250.00 in Bosnian."""
    assert parse_amount(typed, 2) == minor


@pytest.mark.parametrize("typed", ["1.250", "1,250", "1.250.000", "1,250.50", "1.250,50"])
def test_what_could_be_two_amounts_is_refused(typed: str) -> None:
    """A thousand in one country is a slip in another: the till asks instead of guessing."""
    with pytest.raises(Unreadable) as caught:
        parse_amount(typed, 2)
    assert "two numbers" in Language().say(caught.value.message)


@pytest.mark.parametrize(
    "typed", ["", ".", ",", "1e3", "0x10", "1_000", "12a", "--1", "1.2.", "12 50", "NaN", "\u2460", "9" * 30]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    """Nothing that Python or a spreadsheet would take for a number slips through."""
    with pytest.raises(Unreadable):
        parse_amount(typed, 2)


@pytest.mark.parametrize(("typed", "digits"), [("1.5", 0), ("1.2345", 3), ("1.23456", 2)])
def test_more_decimals_than_the_currency_has_are_refused(typed: str, digits: int) -> None:
    """Nothing typed is rounded in silence."""
    with pytest.raises(Unreadable):
        parse_amount(typed, digits)


def test_three_decimals_are_decimals_where_the_currency_has_three() -> None:
    """1.250 is one and a quarter dinars in Kuwait."""
    assert parse_amount("1.250", 3) == 1250


def test_an_amount_past_the_tills_limit_is_refused() -> None:
    """The largest amount is taken, one cent more is not."""
    assert parse_amount(plain(MAX_MINOR, 2), 2) == MAX_MINOR
    with pytest.raises(Unreadable):
        parse_amount(plain(MAX_MINOR + 1, 2), 2)


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from([0, 2, 3]), st.sampled_from([".", ","]))
def test_every_plainly_written_amount_is_read_back_exactly(minor: int, digits: int, separator: str) -> None:
    """Writing and reading an amount loses nothing, in currencies of 0, 2 and 3 decimals."""
    assert parse_amount(plain(minor, digits).replace(".", separator), digits) == minor


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_number_or_refused(text: str) -> None:
    """No input, however odd, stops the till with another error."""
    said = []
    for read in (lambda: parse_amount(text, 2), lambda: parse_quantity(text)):
        try:
            read()
        except Unreadable as unreadable:
            said += [Language(code).say(unreadable.message) for code in LANGUAGES]
    assert all(said)


@pytest.mark.parametrize(("typed", "millionths"), [("1.250", 1_250_000), ("0,3", 300_000), ("12", 12_000_000)])
def test_the_only_separator_of_a_quantity_is_the_decimal_one(typed: str, millionths: int) -> None:
    """Scales write 1.250 kg."""
    assert parse_quantity(typed) == millionths


def test_a_quantity_has_at_most_six_decimals() -> None:
    """Quantities are millionths."""
    with pytest.raises(Unreadable):
        parse_quantity("1.0000001")
