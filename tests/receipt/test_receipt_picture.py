"""The receipt as a picture."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image, ImageChops

from pos_loyalty.domain.money import Currency
from pos_loyalty.language import LANGUAGES, Language
from pos_loyalty.receipt import PROFILES, Barcode, Receipt, Text, as_picture, sale_receipt
from pos_loyalty.receipt.drawing import code128_modules, has_raqm

EUR = Currency.of("EUR")


def ink(image: Image.Image, columns: tuple[int, int]) -> int:
    """How dark a strip of the picture is between two dots from its left."""
    strip = image.crop((columns[0], 0, columns[1], image.height))
    return sum((255 - grey) * count for grey, count in enumerate(strip.histogram()))


@pytest.mark.parametrize("name", list(PROFILES))
@pytest.mark.parametrize("code", LANGUAGES)
def test_the_number_can_be_scanned_from_the_picture(full, code: str, name: str) -> None:
    """In every language and on every paper; so a return can scan what a customer shows on a phone."""
    receipt = sale_receipt(full.sale, full.holder, full.shop, Language(code, EUR), local=full.local)
    picture = as_picture(receipt, PROFILES[name])
    assert picture.mode == "L"
    assert picture.width == PROFILES[name].dots + 48
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["till-1-000042"]


def test_bars_are_whole_dots() -> None:
    """Each module is as wide as each other: black and white runs are multiples of one width."""
    picture = as_picture(Receipt((Barcode("till-1-000042"),)))
    row = "".join("1" if grey < 128 else "0" for grey in picture.crop((0, 40, picture.width, 41)).tobytes())
    bars = row.strip("0")
    modules = code128_modules("till-1-000042")
    assert bars == "".join(module * 3 for module in modules)
    assert set(picture.crop((0, 30, picture.width, 90)).tobytes()) == {0, 255}


@pytest.mark.skipif(not has_raqm(), reason="this system has no libfribidi: there is one way only")
@pytest.mark.parametrize("text", ["قميص أحمر", "الإجمالي EUR", "لا 12.50 يورو", "ينتهي بعد 31/01/2027"])
def test_arabic_is_joined_the_same_with_and_without_the_shaping_library(text: str) -> None:
    """Two ways of joining and ordering the letters draw the same line: raqm's, and ours where the system has no libfribidi."""
    receipt = Receipt((Text(text),), rtl=True)
    shaped, fallback = (as_picture(receipt, raqm=raqm) for raqm in (True, False))
    # Hinting may differ by a dot; letters that are not joined, or stand in the other order, differ by far more.
    assert difference(shaped, fallback) < 0.05
    backwards = as_picture(Receipt((Text(text[::-1]),), rtl=True), raqm=False)
    assert difference(shaped, backwards) > 0.5


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much of the ink of both is not in the same place."""
    apart = ink(ImageChops.invert(ImageChops.difference(one, other)), (0, one.width))
    return apart / (ink(one, (0, one.width)) + ink(other, (0, other.width)))


def test_a_right_to_left_receipt_is_mirrored() -> None:
    """Words at the right edge, amounts at the left; on a left-to-right receipt the other way round."""
    row = Text("الباقي", "43.20")
    mirrored, plain = (as_picture(Receipt((row,), rtl)) for rtl in (True, False))
    left, middle, right = (24, 100), (120, 500), (520, 600)
    assert [bool(ink(mirrored, strip)) for strip in (left, middle, right)] == [True, False, True]
    assert mirrored.tobytes() != plain.tobytes()


def test_brackets_are_left_out_where_pillow_cannot_shape() -> None:
    """python-bidi turns them the wrong way round; without them the words are still right."""
    with_brackets, without = (
        as_picture(Receipt((Text(text),), rtl=True), raqm=False) for text in ("صابون (كبير)", "صابون  كبير ")
    )
    assert ink(with_brackets, (0, 624)) == pytest.approx(ink(without, (0, 624)), rel=0.02)


def test_large_lines_are_twice_as_high() -> None:
    """The total is the largest thing on the receipt."""
    ordinary, large = (as_picture(Receipt((Text("TOTAL", "5.00", large=size),))) for size in (False, True))
    assert (ordinary.height, large.height) == (30 + 48, 60 + 48)


@pytest.mark.parametrize("columns", [(0, 24), (600, 624)])
def test_nothing_is_drawn_past_the_print(full, columns: tuple[int, int]) -> None:
    """The margin stays white: a line as wide as the paper ends with it."""
    for code in ("en", "ru", "ar"):
        receipt = sale_receipt(full.sale, full.holder, full.shop, Language(code, EUR), local=full.local)
        assert ink(as_picture(receipt), columns) == 0
