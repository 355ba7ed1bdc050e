"""Whole minor units: named rounding, and splitting without loss."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.domain.money import (
    Currency,
    half_up,
    parse_decimal,
    parse_rate,
    part_of,
    plain,
    plain_millionths,
    plain_rate,
    rounded_to,
    split,
)

AMOUNTS = st.integers(-(10**15), 10**15)
WHOLE = st.integers(1, 10**9)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(1, 2, 1), (-1, 2, -1), (3, 2, 2), (-3, 2, -2), (49, 100, 0), (-49, 100, 0), (50, 100, 1), (0, 7, 0), (5, 1, 5)],
)
def test_a_half_goes_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    """Below a half towards zero, from a half on away from it, on both sides alike."""
    assert half_up(numerator, denominator) == rounded


@given(AMOUNTS, WHOLE)
def test_rounding_is_to_the_nearest(numerator: int, denominator: int) -> None:
    """Never more than a half away, and the same below zero as above."""
    exact = Fraction(numerator, denominator)
    assert abs(half_up(numerator, denominator) - exact) <= Fraction(1, 2)
    assert half_up(-numerator, denominator) == -half_up(numerator, denominator)


@pytest.mark.parametrize(
    ("amount", "step", "rounded"), [(498, 5, 500), (497, 5, 495), (-498, 5, -500), (2, 5, 0), (25, 50, 50)]
)
def test_cash_is_rounded_to_what_coins_can_pay(amount: int, step: int, rounded: int) -> None:
    """To the nearest multiple; half a step goes up."""
    assert rounded_to(amount, step) == rounded


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # on a tie the earlier first
        (101, [1, 1, 1], [34, 34, 33]),
        (10, [1, 2, 4], [1, 3, 6]),  # 1.43, 2.86, 5.71: the largest remainders get the units
        (1, [1, 1], [1, 0]),
        (-1, [1, 1], [-1, 0]),  # the opposite of one
        (0, [0, 0], [0, 0]),
        (7, [0, 1, 0], [0, 7, 0]),
        (5, [100, -50], [10, -5]),
        (-5, [-100, 50], [-10, 5]),
        (5, [-3, -3], [3, 2]),
    ],
)
def test_splitting_is_by_largest_remainder(amount: int, weights: list[int], parts: list[int]) -> None:
    """Each part by hand."""
    assert split(amount, weights) == parts


def test_nothing_cannot_be_split_over_nothing_but_nothing() -> None:
    """An amount needs somewhere to go."""
    with pytest.raises(ValueError, match="nothing to split over"):
        split(1, [1, -1])
    assert split(0, [1, -1]) == [0, 0]
    assert split(0, []) == []


@given(AMOUNTS, st.lists(st.integers(-(10**6), 10**12), min_size=1, max_size=20))
def test_what_is_split_adds_up(amount: int, weights: list[int]) -> None:
    """The sum is the amount, each part within one of its exact share; a deposit given back splits as its opposite."""
    total = sum(weights)
    if total == 0:
        return
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert all(abs(part - Fraction(amount * weight, total)) < 1 for part, weight in zip(parts, weights, strict=True))
    assert split(-amount, weights) == [-part for part in parts]
    assert split(amount, [-weight for weight in weights]) == parts


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=2, max_size=8).filter(any))
def test_no_smaller_remainder_goes_before_a_larger(amount: int, weights: list[int]) -> None:
    """Who got a unit more had the larger remainder, or the same and stood earlier."""
    total = sum(weights)
    parts = split(amount, weights)
    got = [
        (index, amount * w % total, part - amount * w // total)
        for index, (w, part) in enumerate(zip(weights, parts, strict=True))
    ]
    for index, remainder, more in got:
        for other, other_remainder, other_more in got:
            if more > other_more:
                assert (-remainder, index) < (-other_remainder, other)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any))
def test_what_is_split_over_amounts_takes_none_below_zero(amount: int, weights: list[int]) -> None:
    """As long as no more is split than the amounts come to, each part fits into its amount."""
    amount = min(amount, sum(weights))
    assert all(0 <= part <= weight for part, weight in zip(split(amount, weights), weights, strict=True))


@given(AMOUNTS, st.lists(st.integers(1, 10**7), min_size=1, max_size=12))
def test_a_figure_goes_back_whole_whatever_the_pieces(figure: int, pieces: list[int]) -> None:
    """For any partition the parts add up to the figure, and at every point to what would have come back at once."""
    whole, back, gone = sum(pieces), 0, 0
    for piece in pieces:
        back += piece
        part = part_of(figure, back, whole, gone)
        assert part * figure >= 0 or figure == 0
        gone += part
        assert gone == half_up(figure * back, whole)
    assert gone == figure


@pytest.mark.parametrize(("code", "digits"), [("EUR", 2), ("JPY", 0), ("TND", 3), ("BGN", 2)])
def test_a_currency_knows_its_decimals(code: str, digits: int) -> None:
    """As ISO 4217 lists them."""
    assert Currency.of(code).digits == digits


@pytest.mark.parametrize("code", ["", "eur", "EURO", "E1R", "ЕУР"])
def test_what_is_no_currency_code_is_refused(code: str) -> None:
    """Three Latin capitals."""
    with pytest.raises(ValueError, match=code or "^$"):
        Currency.of(code)


@given(AMOUNTS, st.integers(0, 6))
def test_a_plain_decimal_reads_back(value: int, digits: int) -> None:
    """Written with exactly its decimals, read as the same number."""
    text = plain(value, digits)
    assert parse_decimal(text, digits) == value
    assert len(text.partition(".")[2]) == digits


@pytest.mark.parametrize(
    ("text", "digits", "value"), [("12.5", 2, 1250), ("-0.05", 2, -5), ("7", 0, 7), ("007.10", 2, 710), ("-0", 2, 0)]
)
def test_a_plain_decimal_is_read(text: str, digits: int, value: int) -> None:
    """Fewer decimals than the currency has are filled up."""
    assert parse_decimal(text, digits) == value


@pytest.mark.parametrize(
    "text", ["", ".5", "5.", "1,5", "+1", "1e3", " 1", "1 ", "1.234", "٣", "--1", "1_000", "9" * 17, "NaN", "1\n"]
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    """No guessing, no rounding, no digits that only look like digits."""
    with pytest.raises(ValueError):  # noqa: PT011
        parse_decimal(text, 2)


@pytest.mark.parametrize(("text", "rate"), [("7.5%", 75_000), ("100%", 1_000_000), ("0.0001%", 1), ("20 %", 200_000)])
def test_a_rate_is_read_and_written(text: str, rate: int) -> None:
    """In millionths, without trailing zeros."""
    assert parse_rate(text) == rate
    assert plain_rate(rate) == text.replace(" ", "")


@pytest.mark.parametrize("text", ["7.5", "%", "7,5%", "0.00001%", "a%"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    """A percent sign and at most four decimals."""
    with pytest.raises(ValueError):  # noqa: PT011
        parse_rate(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1_000_000, "1"), (1_500_000, "1.5"), (10_000_000, "10"), (1, "0.000001"), (-500_000, "-0.5")],
)
def test_a_quantity_is_written_without_trailing_zeros(value: int, text: str) -> None:
    """Millionths as a person writes them."""
    assert plain_millionths(value) == text
