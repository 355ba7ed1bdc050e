"""Roles, rights, PINs that are too easy, and how long wrong ones are answered with nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.operator import LONGEST_LOCK, RIGHTS, Operator, Right, checked_pin, locked_for

NOW = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("pin", ["4719", "830517", "123457", "٤٧١٩", " 4719 ", "940271558203"])
def test_a_pin_is_four_to_twelve_digits_of_any_script(pin: str) -> None:
    """It is kept in plain digits, however it was typed."""
    assert checked_pin(pin).isascii()
    assert checked_pin("٤٧١٩") == "4719"


@pytest.mark.parametrize("pin", ["", "471", "9402715582034", "47a9", "47 19", "-4719", "4.71", "①②③④"])
def test_what_is_no_pin_is_refused(pin: str) -> None:
    """Too short, too long, or with anything but digits."""
    with pytest.raises(Refused) as refused:
        checked_pin(pin)
    assert refused.value.code == "pin-invalid"


@pytest.mark.parametrize(
    "pin",
    ["0000", "777777", "1234", "4321", "7890", "345678", "1212", "123123", "6969", "1987", "2025", "2580", "1004"],
)
def test_a_pin_that_anyone_tries_first_is_refused_with_why(pin: str) -> None:
    """One digit, counting, repetition, years, patterns of the keypad; the refusal does not repeat the PIN."""
    with pytest.raises(Refused) as refused:
        checked_pin(pin)
    assert refused.value.code == "pin-weak"
    assert pin not in repr(refused.value.message)


def test_locks_grow_from_a_minute_to_an_hour() -> None:
    """Four wrong PINs cost nothing, the fifth a minute, each one more twice as long, and never more than an hour."""
    assert [locked_for(failed) for failed in (1, 4)] == [None, None]
    assert [locked_for(failed) for failed in (5, 6, 7, 10, 11, 10_000)] == [
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=4),
        timedelta(minutes=32),
        LONGEST_LOCK,
        LONGEST_LOCK,
    ]


def test_a_clock_that_jumped_back_shuts_nobody_out() -> None:
    """A lock that ends later than any lock lasts was set by another clock."""
    until = NOW + timedelta(minutes=30)
    locked = Operator("1", "Anna", "cashier", locked_until=until)
    assert locked.shut_out_until(NOW) == until
    assert locked.shut_out_until(NOW + timedelta(minutes=30)) is None
    assert locked.shut_out_until(NOW - timedelta(days=1)) is None


def test_each_role_has_all_that_the_one_below_has() -> None:
    """An owner may do everything; who left may do nothing."""
    assert RIGHTS["cashier"] < RIGHTS["manager"] < RIGHTS["owner"] == frozenset(get_args(Right))
    assert Operator("1", "Olga", "owner").may("erase")
    assert not Operator("1", "Olga", "owner", active=False).may("shift")
    assert not Operator("1", "Anna", "cashier").may("discount")
