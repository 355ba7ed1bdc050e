"""Folding: what is typed finds what is meant, in the alphabets of our shops."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_loyalty.storage.folding import MAX_FOLDED, digits_of, fold, past


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("МУЛЛЕР", "муллер"),
        ("muller", "Müller"),
        ("fyodor", "FYODOR"),
        ("федор", "Фёдор"),
        ("weiss", "Weiß"),
        ("WEISS", "weiß"),
        ("lukasz", "Łukasz"),
        ("zolc", "żółć"),
        ("dokic", "Đokić"),
        ("sakic", "ŠAKIĆ"),
        ("ipek", "İpek"),
        ("ilik", "ılık"),
        ("soren", "Søren"),
        ("jose", "José"),
        ("احمد", "أَحْمَد"),
        ("الاء", "آلاء"),
        ("فاطمه", "فاطمة"),
        ("على", "علي"),
        ("محمد", "مُحَمَّد"),
        ("محمد", "محـــمد"),
        ("o neill", "O’Neill"),
        ("ana maria", "Ana-María"),
        ("ana kovac", "  Ana\tKovač "),
        ("ivan", "ＩＶＡＮ"),
    ],
)
def test_what_is_typed_and_what_is_meant_fold_alike(typed: str, meant: str) -> None:
    """Case, marks, letters that sound as one, and what stands between words make no difference."""
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize(("one", "other"), [("йод", "иод"), ("їжак", "іжак"), ("к", "ќ"), ("г", "ѓ"), ("ivan", "иван")])
def test_letters_of_their_own_stay_apart(one: str, other: str) -> None:
    """й, ї and their like are letters and no marked ones, and alphabets are not mixed."""
    assert fold(one) != fold(other)


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is stored can be folded again when it is searched for, and never grows past its column."""
    folded = fold(text)
    assert fold(folded) == folded
    assert len(folded) <= MAX_FOLDED
    assert folded == folded.strip()


def test_digits_of_a_phone_are_ascii() -> None:
    """Spaces, signs and the script of the digits do not matter."""
    assert digits_of("+48 (12) 345-٦٧") == "481234567"


@given(
    st.text(max_size=5), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\U0010ffff"), max_size=5)
)
def test_the_end_of_a_range_is_past_all_that_begin_so(prefix: str, rest: str) -> None:
    """A prefix search as a range misses nothing."""
    assert prefix <= prefix + rest < past(prefix) or not rest.isprintable()
