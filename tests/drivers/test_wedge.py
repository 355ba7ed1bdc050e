"""A wedge scan never presses a button; a person's keys come out once and in order."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.codes import LONGEST_CODE
from drivers.wedge import HOLD, QUIET, SLOW_HOLD, Ignored, Scanned, Typed, Wedge, WedgeSettings

EAN = "4006381333931"
Outcome = Scanned | Ignored | Typed[str]
CONTROLS = {"\r": "enter", "\t": "tab", "\n": "ctrl+j", "\x02": "ctrl+b", "\x03": "ctrl+c"}


def press(wedge: Wedge[str], keys: str, step: float, start: float = 1.0) -> list[Outcome]:
    """Press these keys `step` seconds apart, ticking at each deadline as a timer would, then wait."""
    outcomes: list[Outcome] = []
    now = start
    for key in keys:
        if (deadline := wedge.deadline()) is not None and deadline <= now:
            outcomes += wedge.tick(deadline)
        name = CONTROLS.get(key, "ctrl+right_square_bracket" if key == "\x1d" else key)
        outcomes += wedge.key(key, name, key, now)
        now += step
    if (deadline := wedge.deadline()) is not None:
        outcomes += wedge.tick(deadline)
    return outcomes


def codes(outcomes: list[Outcome]) -> list[str]:
    """The scanned codes."""
    return [outcome.scan.code for outcome in outcomes if isinstance(outcome, Scanned)]


def typed(outcomes: list[Outcome]) -> str:
    """The keys that are replayed, as one string."""
    return "".join("".join(outcome.keys) for outcome in outcomes if isinstance(outcome, Typed))


def test_a_fast_and_a_slow_scanner_are_scans_and_press_nothing() -> None:
    """At 0, 2 and 15 ms a character the code is a scan, and its Enter or Tab is swallowed with it."""
    for step in (0.0, 0.002, 0.015):
        for end in "\r\t":
            outcomes = press(Wedge(), EAN + end, step)
            assert codes(outcomes) == [EAN]
            assert typed(outcomes) == ""


def test_a_scanner_made_slow_is_heard_with_the_longer_hold() -> None:
    """At 40 ms a character, Zebra's longest delay, the longer hold makes a scan of it, and a person at 120 ms still types."""
    slow = WedgeSettings(hold=SLOW_HOLD)
    assert codes(press(Wedge(slow), EAN + "\r", 0.04)) == [EAN]
    assert typed(press(Wedge(slow), EAN + "\r", 0.12)) == EAN + "\r"


def test_a_person_at_120_ms_is_replayed_exactly_once_and_in_order() -> None:
    """Digits and Enter typed by hand come out as they went in, Enter as well."""
    outcomes = press(Wedge(), EAN + "\r", 0.12)
    assert codes(outcomes) == []
    assert typed(outcomes) == EAN + "\r"


def test_enter_alone_passes_at_once() -> None:
    """An Enter with nothing held is the person's, and is not held."""
    assert Wedge[str]().key("\r", "enter", "\r", 1.0) == [Typed(("\r",))]


def test_a_rollover_of_quick_keys_is_typing() -> None:
    """Three keys within the hold and then Enter are a person's; all four come back."""
    outcomes = press(Wedge(), "123\r", 0.02)
    assert typed(outcomes) == "123\r"


def test_a_key_held_down_is_typing_and_appears_while_it_is_held() -> None:
    """A repeating 0, 33 ms apart, is not swallowed, does not wait for its release, and is no scan with
    Enter."""
    wedge: Wedge[str] = Wedge()
    outcomes = press(wedge, "0" * 40 + "\r", 0.033)
    assert codes(outcomes) == []
    assert typed(outcomes) == "0" * 40 + "\r"
    assert sum(isinstance(outcome, Typed) for outcome in outcomes) > 5


def test_a_code_of_like_digits_from_a_scanner_is_a_scan() -> None:
    """Eight zeros at 15 ms are faster than any keyboard repeats."""
    assert codes(press(Wedge(), "00000000\r", 0.015)) == ["00000000"]


def test_stx_and_etx_frame_a_scan_and_ctrl_c_alone_passes() -> None:
    """ctrl+b code ctrl+c is one scan; a person's ctrl+c still copies or quits, at once."""
    assert codes(press(Wedge(), f"\x02{EAN}\x03", 0.002)) == [EAN]
    assert typed(press(Wedge(), f"\x02{EAN}\x03\r", 0.002)) == ""
    assert Wedge[str]().key("\x03", "ctrl+c", "\x03", 1.0) == [Typed(("\x03",))]
    assert typed(press(Wedge(), "\x02", 0.002)) == "\x02"


def test_both_halves_of_crlf_are_swallowed() -> None:
    """A scanner that ends in CR LF presses nothing with the LF; a person's Enter a second later counts."""
    wedge: Wedge[str] = Wedge()
    assert typed(press(wedge, EAN + "\r\n", 0.002)) == ""
    assert typed(press(wedge, "\r", 0.0, start=2.0)) == "\r"


def test_gs_belongs_to_the_code() -> None:
    """GS arrives as ctrl+] and stays in a GS1-128 code; ctrl+] alone passes."""
    assert codes(press(Wedge(), "]C110ABC\x1d2107\r", 0.001)) == ["10ABC\x1d2107"]
    assert typed(press(Wedge(), "\x1d", 0.0)) == "\x1d"


def test_layouts_and_other_digits_are_put_right() -> None:
    """A Cyrillic layout's ъС0 and Arabic-Indic digits give the same code as a Latin keyboard."""
    assert codes(press(Wedge(), "ъС0CARD77\r", 0.001)) == ["CARD77"]
    assert codes(press(Wedge(), "٤٠٠٦٣٨١٣٣٣٩٣١\r", 0.001)) == [EAN]


def test_a_function_key_gives_what_is_held_back_before_it() -> None:
    """Keys that are no text pass at once and keep their place in the order."""
    wedge: Wedge[str] = Wedge()
    assert wedge.key("4", "4", "4", 1.0) == []
    assert wedge.key("F2", "f2", None, 1.001) == [Typed(("4", "F2"))]


def test_half_a_scan_neither_counts_nor_presses() -> None:
    """A scan that was cut in two by a pause: its end is ignored with its Enter, not taken for a shorter
    code."""
    wedge: Wedge[str] = Wedge()
    first = press(wedge, EAN[:5], 0.002)
    rest = press(wedge, EAN[5:] + "\r", 0.002, start=1.01 + QUIET * 0.7)
    assert typed(first) == EAN[:5]
    [ignored] = rest
    assert isinstance(ignored, Ignored)
    assert ignored.noise.reason.code == "scan.cut_short"


def test_two_scans_in_a_row_and_a_repeat() -> None:
    """Two codes right behind each other are two; the same one 100 ms later is one."""
    assert codes(press(Wedge(), f"{EAN}\r96385074\r", 0.001)) == [EAN, "96385074"]
    wedge: Wedge[str] = Wedge()
    press(wedge, EAN + "\r", 0.001)
    [repeat] = press(wedge, EAN + "\r", 0.001, start=1.1)
    assert isinstance(repeat, Ignored)
    assert repeat.noise.reason.code == "scan.repeat"


def test_a_page_of_text_from_a_scanner_is_dropped_whole() -> None:
    """More characters than a code has are noise, with their Enter, and do not fill memory."""
    outcomes = press(Wedge(), "7a" * LONGEST_CODE * 4 + "\r", 0.0005)
    assert typed(outcomes) == ""
    [ignored] = outcomes
    assert isinstance(ignored, Ignored)
    assert ignored.noise.reason.code == "scan.too_long"


@given(st.lists(st.tuples(st.sampled_from("0123456789ab\r\t\x03\x02\x1d"), st.floats(0.045, 2)), max_size=40))
def test_whatever_a_person_types_comes_back_once_and_in_order(keys: list[tuple[str, float]]) -> None:
    """With every key slower than the hold, the output is the input."""
    wedge: Wedge[str] = Wedge()
    outcomes: list[Outcome] = []
    now = 0.0
    for key, pause in keys:
        now += pause
        outcomes += press(wedge, key, 0.0, start=now)
    assert typed(outcomes) == "".join(key for key, _ in keys)
    assert codes(outcomes) == []


@given(st.lists(st.tuples(st.sampled_from("0123456789a\r\t\x02"), st.floats(0, 0.06)), max_size=60))
def test_no_key_is_ever_made_up_or_put_out_of_order(keys: list[tuple[str, float]]) -> None:
    """At any pace what is replayed is a part of what was pressed, in order, and nothing stays held."""
    wedge: Wedge[int] = Wedge(WedgeSettings(hold=HOLD))
    replayed: list[int] = []
    now = 0.0
    for number, (key, pause) in enumerate(keys):
        now += pause
        for outcome in wedge.key(number, CONTROLS.get(key, key), key, now):
            if isinstance(outcome, Typed):
                replayed += outcome.keys
    for outcome in wedge.tick(now + 1):
        if isinstance(outcome, Typed):
            replayed += outcome.keys
    assert replayed == sorted(set(replayed))
    assert wedge.deadline() is None
