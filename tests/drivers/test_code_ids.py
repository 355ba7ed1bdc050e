"""A letter before the data names the symbology and goes; what does not fit it stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.code_ids import CODE_IDS, CodeId, upc_e_in_full
from drivers.codes import Scan, check_digit
from drivers.framing import Framer, Framing


def read(ids: str, data: bytes) -> tuple[str, str | None]:
    """What a scanner that sends these letters has scanned."""
    [event] = Framer(Framing(code_ids=CODE_IDS[ids])).feed(data + b"\r", 1.0)
    assert isinstance(event, Scan)
    return event.code, event.symbology


@pytest.mark.parametrize(
    ("ids", "data", "code", "symbology"),
    [
        ("symbol", b"A4006381333931", "4006381333931", "]E0"),
        ("symbol", b"A012345678905", "0012345678905", "]E0"),
        ("symbol", b"A96385074", "96385074", "]E4"),
        ("symbol", b"DL05724", "L05724", "]C0"),
        ("symbol", b"K0104006381333931\x1d10A", "0104006381333931\x1d10A", "]C1"),
        ("symbol", b"P01https://x.example/1", "https://x.example/1", "]Q1"),
        ("symbol", b"P0G0104006381333931", "0104006381333931", "]d2"),
        ("symbol", b"4006381333931", "4006381333931", None),
        ("icl", b"F4006381333931", "4006381333931", "]E0"),
        ("icl", b"FF96385074", "96385074", "]E4"),
        ("icl", b"A012345678905", "0012345678905", "]E0"),
        ("icl", b"E01234565", "0012345000065", "]E0"),
        ("icl", b"L06L05724", "L05724", "]C0"),
        ("icl", b"L07L05724", "L07L05724", None),
        ("fujitsu", b"F4006381333931", "4006381333931", "]E0"),
        ("fujitsu", b"L05724", "L05724", None),
        ("nixdorf", b"KL05724", "L05724", "]C0"),
        ("nixdorf", b"C01234565", "0012345000065", "]E0"),
        ("nixdorf", b"C01234566", "C01234566", None),
        ("olivetti", b"P180104006381333931AB", "0104006381333931AB", "]C1"),
        ("olivetti", b"PL05724", "PL05724", None),
        ("none", b"DL05724", "DL05724", None),
    ],
)
def test_letters_of_the_makers_tables(ids: str, data: bytes, code: str, symbology: str | None) -> None:
    """Each table takes its own letters off and names the symbology as AIM does; a letter whose data does not fit stays."""
    assert read(ids, data) == (code, symbology)


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("01234565", "0012345000065"),
        ("0123456", "0012345000065"),
        ("123456", "0012345000065"),
        ("04252614", "0042100005264"),
        ("01240136", "0012400000016"),
        ("01234543", "0012340000053"),
        ("11234562", "0112345000062"),
    ],
)
def test_upc_e_gets_its_zeros_back(short: str, whole: str) -> None:
    """GS1's ways of leaving zeros out, put back: one product has one code, whether its label was short or long."""
    assert upc_e_in_full(short) == whole


def test_what_is_no_upc_e_is_none() -> None:
    """A wrong check digit, another number system, letters and other lengths are not made up into a number."""
    for wrong in ("01234566", "21234565", "12345", "123456789", "12345x", "", "١٢٣٤٥٦"):
        assert upc_e_in_full(wrong) is None


@given(st.text("0123456789", max_size=10))
def test_a_number_in_full_always_has_its_check_digit(digits: str) -> None:
    """Whatever was short, what comes out is 13 digits of which the last checks the others."""
    whole = upc_e_in_full(digits)
    assert whole is None or (len(whole) == 13 and check_digit(whole[:12]) == whole[12])


@given(st.text(max_size=40), st.sampled_from([one for ids in CODE_IDS.values() for one in ids]))
def test_any_text_is_taken_or_left(text: str, code_id: CodeId) -> None:
    """No text raises; what is taken begins with the AIM identifier of the letter."""
    named = code_id.taken_off(code_id.letter + text)
    assert named is None or named.startswith(code_id.aim)
