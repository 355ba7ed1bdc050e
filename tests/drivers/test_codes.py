"""One product has one code, whichever scanner read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.codes import LONGEST_CODE, Noise, Scan, read_code


@pytest.mark.parametrize(
    ("text", "code", "symbology", "addon"),
    [
        ("4006381333931", "4006381333931", None, None),
        ("]E04006381333931", "4006381333931", "]E0", None),
        ("]E00012345678905", "0012345678905", "]E0", None),
        ("]E0012345678905", "0012345678905", "]E0", None),
        ("012345678905", "012345678905", None, None),
        ("]E496385074", "96385074", "]E4", None),
        ("]E04006381333931]E112", "4006381333931", "]E0", "12"),
        ("]E04006381333931]E212345", "4006381333931", "]E0", "12345"),
        ("]E3400638133393112", "4006381333931", "]E3", "12"),
        ("]C0CARD-7", "CARD-7", "]C0", None),
        ("]C10104006381333931\x1d10ABC", "0104006381333931\x1d10ABC", "]C1", None),
        ("]C1\x1d0104006381333931\x1d", "0104006381333931", "]C1", None),
        ("]d2010400638133393110A", "010400638133393110A", "]d2", None),
        ("]z0ticket", "ticket", "]z0", None),
        ("ъС0CARD7", "CARD7", "]C0", None),
        ("ъС0СФКВ7", "CARD7", "]C0", None),
        ("ъУ04006381333931", "4006381333931", "]E0", None),
        ("щЦ0ЦАРД7", "CARD7", "]C0", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "4006381333931", None, None),
        ("купон-10", "купон-10", None, None),
    ],
)
def test_what_a_read_means(text: str, code: str, symbology: str | None, addon: str | None) -> None:
    """Identifiers, add-ons, UPC-A's missing zero, GS, keyboard layouts and other digits are settled here."""
    assert read_code(text, b"raw") == Scan(code, symbology, b"raw", addon)


@pytest.mark.parametrize("text", ["]E04006381333932", "]E0012345678906", "]E496385075", "]E3400638133393212"])
def test_an_article_number_with_a_wrong_check_digit_was_damaged(text: str) -> None:
    """No scanner decodes one, so a byte was changed on its way; without an identifier it may be any other code."""
    noise = read_code(text, b"raw")
    assert isinstance(noise, Noise)
    assert noise.reason.code == "scan.damaged"
    assert isinstance(read_code(text[3:], b"raw"), Scan)


@given(st.text(max_size=600))
def test_any_text_is_a_scan_within_the_limits_or_noise(text: str) -> None:
    """No text raises, and no code is longer than the limit or has control characters but GS."""
    read = read_code(text, b"")
    if isinstance(read, Noise):
        assert read.reason.sentence
    else:
        assert 2 <= len(read.code) <= LONGEST_CODE
        assert read.code.replace("\x1d", "").isprintable()
