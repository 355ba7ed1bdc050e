"""What a wedge scanner typed under another keyboard layout becomes what it meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.codes import Noise, Scan, read_code
from drivers.layouts import LAYOUTS, layout_of, put_back
from drivers.wedge import Scanned, Wedge, WedgeSettings


@pytest.mark.parametrize(
    ("typed", "layout"),
    [
        ("ъС0СФКВ-7", "ru"),
        (";Ъ0ЪѝИА-7", "bg"),
        ("щЦ0ЦАРД-7", "bg-phonetic"),
        ("د}0}\u0650\u064c]-7", "ar"),
        ("د}٠}\u0650\u064c]-٧", "ar"),
        ("đC0CARD'7", "bs"),
        ("śC0CARD+7", "pl"),
    ],
)
def test_an_aim_identifier_tells_the_layout(typed: str, layout: str) -> None:
    """`]C0CARD-7` typed under each layout is the card, with nothing set."""
    assert layout_of(typed) == layout
    event = read_code(typed, b"")
    assert isinstance(event, Scan)
    assert (event.code, event.symbology) == ("CARD-7", "]C0")


@pytest.mark.parametrize(
    ("typed", "layout"),
    [
        ("Д05724", "ru"),
        ("В05724", "bg"),
        ("Л05724", "bg-phonetic"),
        ("/05724", "ar"),
        ("/٠٥٧٢٤", "ar"),
        ("L05724", "bs"),
        ("L05724", "pl"),
    ],
)
def test_a_bare_card_needs_the_layout_named(typed: str, layout: str) -> None:
    """Without an identifier the letter of a card says nothing; with the layout in the settings it is our L again."""
    event = read_code(put_back(typed, layout), b"")
    assert isinstance(event, Scan)
    assert event.code == "L05724"


def test_y_and_z_change_places_under_bosnian_and_polish() -> None:
    """A code with Y, Z and a hyphen, as it is typed on a QWERTZ keyboard."""
    assert put_back("ZY'1", "bs") == "YZ-1"
    assert put_back("ZY+1", "pl") == "YZ-1"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_has_all_characters_of_codes(layout: str) -> None:
    """Whatever Code 128 holds of letters, digits and the usual punctuation comes from some key, and digits from themselves."""
    keys = {put_back(chr(one), layout) for one in (*range(0x20, 0x700), *range(0x2010, 0x2120), *range(0xFE80, 0xFF00))}
    for wanted in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-./+*$%:[]":
        assert wanted in keys, wanted
    assert put_back("0123456789", layout) == "0123456789"


@pytest.mark.parametrize("text", ["4006381333931", "]C0CARD", "купон-10", "CARD-7", "đ", "ъ", "شاي"])
def test_what_was_typed_under_no_layout_is_left(text: str) -> None:
    """A plain code, a Cyrillic or Arabic word and a single letter are nobody's AIM identifier."""
    assert layout_of(text) is None


def test_the_wedge_puts_back_what_its_settings_say() -> None:
    """A whole scan under a Russian layout: its prefix @ comes as a quotation mark and goes, and the card is the card."""
    wedge: Wedge[str] = Wedge(WedgeSettings(layout="ru", prefix="@"))
    outcomes = []
    for place, key in enumerate('"Д05724\r'):
        outcomes += wedge.key(key, "enter" if key == "\r" else key, key, 1.0 + place / 1000)
    [scanned] = outcomes
    assert isinstance(scanned, Scanned)
    assert scanned.scan.code == "L05724"


def test_an_unknown_layout_is_refused() -> None:
    """The settings say which there are."""
    with pytest.raises(ValueError, match="bg-phonetic"):
        WedgeSettings(layout="klingon")


@given(st.text(max_size=80), st.sampled_from(LAYOUTS))
def test_any_text_under_any_layout_is_a_scan_or_noise(text: str, layout: str) -> None:
    """Nothing raises, whatever was typed."""
    assert isinstance(read_code(put_back(text, layout), b""), Scan | Noise)
