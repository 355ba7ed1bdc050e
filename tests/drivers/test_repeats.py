"""A held trigger is one scan; two like goods are two."""

import pytest

from drivers.repeats import LONGEST_WINDOW, REPEAT_WINDOW, Repeats


def test_a_held_trigger_is_one_scan_however_long_it_is_held() -> None:
    """Thirty reads 100 ms apart are one: the window runs from the end of the read before, repeats too."""
    repeats = Repeats()
    reads = [repeats.is_repeat("96385074", n / 10, n / 10 + 0.014) for n in range(30)]
    assert reads == [False] + [True] * 29


def test_two_like_goods_from_a_quick_hand_are_two() -> None:
    """Half a second is what a presentation scanner keeps a symbol back for, and what a quick hand needs."""
    repeats = Repeats()
    assert [repeats.is_repeat("96385074", t, t + 0.014) for t in (0.0, 0.5, 1.0)] == [False] * 3


def test_the_window_runs_from_the_end_of_the_read_before() -> None:
    """A long slow read does not use up the window by its own length."""
    repeats = Repeats()
    assert not repeats.is_repeat("96385074", 0.0, 1.0)
    assert repeats.is_repeat("96385074", 1.0 + REPEAT_WINDOW - 0.01, 2.0)
    assert not repeats.is_repeat("96385074", 2.0 + REPEAT_WINDOW + 0.01, 3.0)


def test_another_code_in_between_makes_it_new() -> None:
    """A, B, A within the window are three scans: A had left the beam."""
    repeats = Repeats()
    assert [repeats.is_repeat(code, 0.0, 0.0) for code in ("aa", "bb", "aa")] == [False] * 3


def test_a_window_of_zero_repeats_nothing_and_a_long_one_is_refused() -> None:
    """0 switches it off; more than the limit would look like a broken scanner."""
    repeats = Repeats(0)
    assert [repeats.is_repeat("aa", 0.0, 0.0) for _ in range(2)] == [False, False]
    with pytest.raises(ValueError, match="0 to"):
        Repeats(LONGEST_WINDOW + 1)
