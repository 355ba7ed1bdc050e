"""Card numbers: check digits, shapes, masking; and the life of a card as its table says it."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import damm, ean, luhn

from pos_loyalty.domain.card import (
    LIFE,
    CardRange,
    CardRanges,
    CardStatus,
    fault_of,
    grouped,
    look_of,
    masked,
    nth_ean13,
    scanned,
    symbol_of,
)

CARDS = CardRanges()


@pytest.mark.parametrize("number", ["4006381333931", "9780306406157", "5901234123457", "2900000000018"])
def test_known_ean13_numbers_are_right(number: str) -> None:
    """A pencil's, a book's, the standard's own example, and the first card of a shop."""
    assert fault_of(number) is None
    for wrong in "0123456789".replace(number[-1], ""):
        assert fault_of(number[:-1] + wrong) == "check-digit"


@given(st.integers(0, 10**10 - 1))
def test_every_number_of_the_range_is_a_card_of_ours(n: int) -> None:
    """The check digit is that of python-stdnum; any other digit at any place is told as a wrong check digit."""
    number = nth_ean13("29", n)
    assert number == f"29{n:010d}" + ean.calc_check_digit(f"29{n:010d}")
    assert look_of(number, CARDS) == "card"
    place = 2 + n % 11
    typo = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert look_of(typo, CARDS) == "wrong-check-digit"


def test_a_range_ends() -> None:
    """Ten digits after "29", nine after "290"; not below zero."""
    assert nth_ean13("29", 1) == "2900000000018"
    assert nth_ean13("29", 10**10 - 1).startswith("299999999999")
    for prefix, n in (("29", 10**10), ("290", 10**9), ("29", -1)):
        with pytest.raises(ValueError, match=str(n)):
            nth_ean13(prefix, n)


@given(st.integers(0, 10**9))
def test_code_128_cards_have_a_damm_check_digit(n: int) -> None:
    """L, digits and Damm's digit; Damm tells any one wrong digit and any two that changed places."""
    body = f"{n:06d}"
    number = "L" + body + damm.calc_check_digit(body)
    assert look_of(number, CARDS) == "card"
    swapped = number[:3] + number[4] + number[3] + number[5:]
    assert look_of(swapped, CARDS) == ("card" if swapped == number else "wrong-check-digit")


def test_the_known_damm_number() -> None:
    """Damm's own example: 572 has the check digit 4."""
    assert damm.calc_check_digit("572") == "4"
    assert look_of("L" + "00572" + damm.calc_check_digit("00572"), CARDS) == "card"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "L",
        "L123",
        "LAMP-0001",
        "29",
        "4006381333931",
        "290000000001",
        "29000000000018",
        "L١٢٣٤٥٦",
        "２９０００００００００１８",
    ],
)
def test_what_has_not_the_shape_of_our_cards_is_something_else(code: str) -> None:
    """Goods, coupons, other makers' cards, and digits that only look like digits."""
    assert look_of(code, CARDS) == "other"


RANGES = st.one_of(
    st.builds(CardRange, st.from_regex(r"(04|2[0-9])[0-9]{0,5}", fullmatch=True)),
    st.builds(
        CardRange,
        st.from_regex(r"[A-Z][A-Z0-9]{0,7}", fullmatch=True),
        st.sampled_from(["damm", "luhn"]),
        st.none() | st.integers(4, 22),
    ),
)


@given(RANGES, st.data())
def test_every_place_of_any_range_has_one_number_that_is_a_card(range_: CardRange, data: st.DataObject) -> None:
    """Number and place are one another's inverse, so no two places share a number; each is a card, and one wrong digit is told."""
    place = data.draw(st.integers(0, range_.room - 1))
    number = range_.number(place)
    assert len(number) == range_.length <= 32
    assert range_.place(number) == place
    assert range_.look(number) == "card"
    assert fault_of(number) is None
    at = data.draw(st.integers(len(range_.prefix), len(number) - 1))
    typo = number[:at] + str((int(number[at]) + data.draw(st.integers(1, 9))) % 10) + number[at + 1 :]
    assert range_.look(typo) == "wrong-check-digit"
    for wrong in (-1, range_.room):
        with pytest.raises(ValueError, match=str(wrong)):
            range_.number(wrong)


@given(st.integers(0, 10**8 - 1))
def test_a_luhn_range_ends_with_luhns_digit(place: int) -> None:
    """As python-stdnum reckons it, of the digits behind the prefix."""
    assert CardRange("K", "luhn", 8).number(place) == f"K{place:08d}" + luhn.calc_check_digit(f"{place:08d}")


@given(RANGES, RANGES, st.data())
def test_ranges_that_do_not_meet_share_no_number(one: CardRange, other: CardRange, data: st.DataObject) -> None:
    """No number issued from a range has the shape of another's, unless the settings would refuse both together."""
    assert one.meets(other) == other.meets(one)
    if not one.meets(other):
        number = one.number(data.draw(st.integers(0, one.room - 1)))
        assert not other.holds(number)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (CardRange("29"), CardRange("291"), True),
        (CardRange("29"), CardRange("28"), False),
        (CardRange("L", "damm", 6), CardRange("L", "luhn", 6), True),
        (CardRange("L", "damm", 6), CardRange("L", "luhn", 7), False),
        (CardRange("L", "damm"), CardRange("L1", "damm", 6), True),
        (CardRange("L", "damm"), CardRange("LA", "damm"), False),
        (CardRange("L", "damm", 6), CardRange("L1", "damm", 5), True),
    ],
)
def test_which_ranges_meet(one: CardRange, other: CardRange, meet: bool) -> None:
    """One prefix begins the other, what is left of it is digits, and a number can be as long as both."""
    assert one.meets(other) is meet
    if meet:
        longest = max((one, other), key=lambda range_: len(range_.prefix))
        assert all(range_.holds(longest.number(7)) for range_ in (one, other))


def test_a_card_that_begins_with_0_may_be_read_as_upc_a() -> None:
    """Its twelve digits without the 0 are the card; other goods' twelve digits stay what they are."""
    cards = CardRanges((CardRange("04"),))
    number = cards.first.number(17)
    assert scanned(number[1:], cards) == number
    assert scanned(number, cards) == number
    assert scanned("012345678905", cards) == "012345678905"
    assert scanned(number[1:], CardRanges()) == number[1:]


@pytest.mark.parametrize(
    ("number", "symbol", "shown"),
    [
        ("2900000000018", "ean-13", "2900 0000 0001 8"),
        ("KA000000075", "code-128", "KA 0000 0007 5"),
        ("0000-1111", "code-128", "0000-1111"),
        ("ABCD", "code-128", "ABCD"),
        ("12345", "code-128", "1234 5"),
    ],
)
def test_how_a_number_stands_on_a_card(number: str, symbol: str, shown: str) -> None:
    """Thirteen digits are an EAN-13, all else Code 128; letters first, then groups of four."""
    assert (symbol_of(number), grouped(number)) == (symbol, shown)


@pytest.mark.parametrize("number", ["]L000013", "]E02900000000018"])
def test_no_card_begins_as_scanners_name_a_code(number: str) -> None:
    """A number with "]" could not be told from the name of its symbology."""
    assert fault_of(number) == "shape"


@pytest.mark.parametrize("number", ["ABC1", "0000-1111-2222", "A" * 32, "123456789012", "12345678901234"])
def test_other_makers_cards_are_what_they_are(number: str) -> None:
    """4 to 32 capitals, digits and hyphens; a check digit is only asked of thirteen digits."""
    assert fault_of(number) is None


@pytest.mark.parametrize(
    "number", ["", "1", "123", "-123", "123-", "abcd", "12 34", "A" * 33, "ÄÖÜß", "12345\n", "١٢٣٤٥"]
)
def test_what_cannot_be_a_card_number(number: str) -> None:
    """Too short, too long, or characters that no card has."""
    assert fault_of(number) == "shape"


@given(st.text("0123456789ABC-", min_size=0, max_size=32))
def test_a_masked_number_shows_its_last_four_alone(number: str) -> None:
    """As long as the number, stars but for four characters."""
    shown = masked(number)
    assert len(shown) == len(number)
    assert shown[-4:] == number[-4:]
    assert set(shown[:-4]) <= {"*"}


def test_the_example_of_the_command_line() -> None:
    """2900000000018 is written *********0018."""
    assert masked("2900000000018") == "*********0018"


EVENTS = ("block", "unblock", "replace", "bring-back")


@pytest.mark.parametrize(("status", "event"), list(itertools.product(get_args(CardStatus), EVENTS)))
def test_the_life_of_a_card(status: CardStatus, event: str) -> None:
    """An active card can be blocked, a blocked one unblocked, both replaced; a replaced one only comes back when that is undone."""
    expected = {
        ("active", "block"): "blocked",
        ("active", "unblock"): None,
        ("active", "replace"): "replaced",
        ("blocked", "block"): None,
        ("blocked", "unblock"): "active",
        ("blocked", "replace"): "replaced",
        ("replaced", "block"): None,
        ("replaced", "unblock"): None,
        ("replaced", "replace"): None,
        ("active", "bring-back"): None,
        ("blocked", "bring-back"): None,
        ("replaced", "bring-back"): "active",
    }
    assert LIFE.get((status, event)) == expected[status, event]
    assert {event for _, event in LIFE} == set(EVENTS)
