"""Printed cards: every one of a sheet is read by two decoders that are not ours, whatever file it is in; and what stands where."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rich.cells import cell_len

from pos_loyalty.domain.card import CardRange, symbol_of
from pos_loyalty.domain.message import Refused
from pos_loyalty.language import Language
from pos_loyalty.receipt import PrintedCard, Shop, as_picture, as_text, card_slip
from pos_loyalty.receipt.card_face import (
    COLOURS,
    DPIS,
    Area,
    Bars,
    Page,
    Words,
    dots,
    face,
    module_of,
    modules_of,
    sheets,
)
from pos_loyalty.receipt.card_files import as_pdf, as_png, as_svg

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RANGES = (
    CardRange("29"),
    CardRange("04"),
    CardRange("KA", "luhn", 9),
    CardRange("L", "damm"),
    CardRange("CARD", "luhn", 12),
)
NAMES = (None, "Ana Kovač", "Ђорђе Ёлкин-Žižka", "محمد (علي) إبراهيم", "X" * 200)
CARDS = [
    PrintedCard(
        RANGES[n % len(RANGES)].number(10 ** (n % 6) + n),
        "Corner Shop Club" if n % 3 else "نادي المتجر",
        COLOURS[n % len(COLOURS)],
        (None, "Gold", "Основна")[n % 3],
        NAMES[n % len(NAMES)],
    )
    for n in range(24)
]


def read_by_zxing(image: Image.Image) -> list[str]:
    """What zxing-cpp reads."""
    return [code.text for code in zxingcpp.read_barcodes(image)]


def read_by_zbar(image: Image.Image) -> list[str]:
    """What zbar reads."""
    try:
        from pyzbar import pyzbar
    except ImportError as error:  # the package is there, the system's library is not
        pytest.skip(f"zbar's library is not installed: {error}")
    return [code.data.decode() for code in pyzbar.decode(image)]


def needed(program: str) -> str:
    """The path of a program of the system, or else the test is skipped."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def png(pages: list[Page], dpi: int, tmp_path: Path) -> list[Image.Image]:
    """As the program draws them."""
    return [Image.open(io.BytesIO(as_png(page))).convert("RGB") for page in pages]


def svg(pages: list[Page], dpi: int, tmp_path: Path) -> list[Image.Image]:
    """As librsvg draws them at that many dots an inch."""
    program, found = needed("rsvg-convert"), []
    for n, page in enumerate(pages):
        (tmp_path / f"{n}.svg").write_text(as_svg(page), encoding="utf-8")
        wide = str(page.width * dpi // page.dpi)
        subprocess.run([program, "-w", wide, tmp_path / f"{n}.svg", "-o", tmp_path / f"{n}.png"], check=True)
        found.append(Image.open(tmp_path / f"{n}.png").convert("RGB"))
    return found


def pdf(pages: list[Page], dpi: int, tmp_path: Path) -> list[Image.Image]:
    """As poppler draws them at that many dots an inch."""
    program = needed("pdftoppm")
    (tmp_path / "cards.pdf").write_bytes(as_pdf(pages, NOW))
    subprocess.run([program, "-r", str(dpi), "-png", tmp_path / "cards.pdf", tmp_path / "page"], check=True)
    return [Image.open(path).convert("RGB") for path in sorted(tmp_path.glob("page-*.png"))]


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("draw", [png, svg, pdf])
@pytest.mark.parametrize("read", [read_by_zxing, read_by_zbar])
def test_every_card_of_a_sheet_is_read(read, draw, dpi: int, tmp_path: Path) -> None:
    """Twenty-four cards of five ranges on three sheets, made for a printer and drawn as fine as it prints: all of them."""
    pages = list(sheets(CARDS, dpi))
    assert len(pages) == 3
    for n, image in enumerate(draw(pages, dpi, tmp_path)):
        expected = sorted(card.number for card in CARDS[n * 10 : n * 10 + 10])
        assert sorted(read(image)) == expected


@pytest.mark.parametrize("read", [read_by_zxing, read_by_zbar])
def test_a_sheet_for_one_printer_is_read_from_the_other(read, tmp_path: Path) -> None:
    """A PDF made for 300 dots an inch and printed at 203 is not as sharp, and read all the same."""
    (image,) = pdf(list(sheets(CARDS[:10], 300)), 203, tmp_path)
    assert sorted(read(image)) == sorted(card.number for card in CARDS[:10])


@pytest.mark.parametrize("dpi", DPIS)
def test_the_symbol_is_the_one_that_the_number_asks_for(dpi: int) -> None:
    """Thirteen digits are an EAN-13 for the decoder too, and the others Code 128."""
    for card in CARDS[:5]:
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(as_png(face(card, dpi)))))
        assert code.symbology_identifier == ("]E0" if symbol_of(card.number) == "ean-13" else "]C0")


@pytest.mark.parametrize("dpi", DPIS)
def test_bars_are_whole_dots(dpi: int) -> None:
    """Each module of the picture is as wide as each other: 3 dots at 203 an inch, 4 at 300."""
    page = face(CARDS[0], dpi)
    (bars,) = (mark for mark in page.marks if isinstance(mark, Bars))
    image = Image.open(io.BytesIO(as_png(page))).convert("1")
    row = "".join(
        "0" if dot else "1" for dot in image.crop((0, bars.y + 5, page.width, bars.y + 6)).convert("L").tobytes()
    )
    assert bars.module == {203: 3, 300: 4}[dpi]
    assert row.strip("0") == "".join(module * bars.module for module in modules_of(CARDS[0].number))
    quiet = bars.module * 11
    assert min(row.index("1"), row[::-1].index("1")) >= quiet


def test_a_wrong_check_digit_is_never_mended_on_the_way() -> None:
    """The library would print another number's bars: it is refused instead."""
    with pytest.raises(ValueError, match="2012345678900"):
        modules_of("2012345678900")


def test_a_number_too_long_for_its_card_is_refused() -> None:
    """Thirty-two letters need 300 dots an inch; the thinnest bar is never one dot."""
    long = PrintedCard("A" * 32, "Club")
    with pytest.raises(ValueError, match="AAAA"):
        face(long, 203)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(as_png(face(long, 300)))))
    assert (code.text, module_of(modules_of(long.number), 300)) == ("A" * 32, 2)


@pytest.mark.parametrize("dpi", DPIS)
def test_the_layout_of_a_sheet(dpi: int) -> None:
    """What stands where, in dots, on a sheet of three cards: with a name, with a tier in Arabic letters, and blank."""
    cards = [
        PrintedCard("2900000000018", "Corner Shop Club", "#8a6d1f", "Gold", "Ana Kovač"),
        PrintedCard("2900000000025", "نادي المتجر", "#eeee88", "ذهبي", "محمد (علي)"),
        PrintedCard("L000000013", "Corner Shop Club"),
    ]
    (page,) = sheets(cards, dpi)
    drawn = "".join(f"{mark}\n" for mark in page.marks)
    assert f"{page.width} x {page.height}\n{drawn}" == (GOLDEN / f"card-sheet-{dpi}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("dpi", DPIS)
def test_a_card_has_the_size_of_a_bank_card(dpi: int) -> None:
    """To half a dot: 85.60 by 53.98 mm, as a picture, in SVG and in PDF."""
    page = face(CARDS[0], dpi)
    for side, size in ((page.width, 85_600), (page.height, 53_980)):
        assert abs(side * 25_400 - size * dpi) <= 12_700
    picture = Image.open(io.BytesIO(as_png(page)))
    assert picture.size == (page.width, page.height)
    assert round(picture.info["dpi"][0]) == dpi
    assert f'viewBox="0 0 {page.width} {page.height}"' in as_svg(page)
    assert f"/MediaBox [0 0 {page.width * 72 / dpi:.2f} {page.height * 72 / dpi:.2f}]".encode() in as_pdf([page], NOW)


@given(
    st.sampled_from(DPIS), st.text(max_size=250), st.text(max_size=60), st.text(max_size=250), st.sampled_from(CARDS)
)
def test_no_text_leaves_its_card(dpi: int, programme: str, tier: str, holder: str, card: PrintedCard) -> None:
    """Whatever a programme, a tier or a holder is called, its line stays between the edges and is large enough to be read."""
    page = face(PrintedCard(card.number, programme, card.colour, tier, holder), dpi)
    for mark in page.marks:
        match mark:
            case Words(x, _, cell, text, anchor, _):
                wide = cell * cell_len(text)
                left = x - {"left": 0, "middle": wide // 2, "right": wide}[anchor]
                assert left >= 0
                assert left + wide <= page.width
                assert cell >= dots(1_000, dpi)
                assert "\n" not in text
            case Area(x, y, width, height, _):
                assert min(x, y) >= 0
                assert x + width <= page.width
                assert y + height <= page.height


def runs_of_ink(image: Image.Image) -> int:
    """How many pieces a line of letters falls into, seen from above: joined ones are one piece."""
    columns = [image.crop((x, 0, x + 1, image.height)).getextrema()[0] < 128 for x in range(image.width)]
    return sum(1 for before, now in zip([False, *columns], columns, strict=False) if now and not before)


@pytest.mark.parametrize("way", ["raqm", "plain", "pdf"])
def test_arabic_names_are_joined(way: str, tmp_path: Path) -> None:
    """Four letters that join are one piece of ink and stand at the right; four that do not are four."""
    for name, pieces in (("ببسس", 1), ("دددد", 4)):
        page = face(PrintedCard("2900000000018", "Club", holder=name), 300)
        if way == "pdf":
            (image,) = pdf([page], 300, tmp_path)
        else:
            image = Image.open(io.BytesIO(as_png(page, raqm=way == "raqm")))
        holder = image.convert("L").crop((0, dots(21_000, 300), page.width, dots(28_800, 300)))
        assert runs_of_ink(holder) == pieces
        assert holder.point(lambda grey: 255 - grey).getbbox()[0] > page.width // 2


def test_ink_is_readable_on_every_colour() -> None:
    """Black on light colours, white on dark ones."""
    for colour, ink in (("#ffffff", "#000000"), ("#eeee88", "#000000"), ("#000000", "#ffffff"), ("#7b1e3a", "#ffffff")):
        words = next(mark for mark in face(PrintedCard("12345", "Club", colour), 300).marks if isinstance(mark, Words))
        assert words.colour == ink


def test_a_programme_may_be_called_anything_in_svg() -> None:
    """What would be markup is text."""
    drawn = as_svg(face(PrintedCard("12345", 'A & B <i>"x"</i>'), 300))
    assert "A &amp; B &lt;i&gt;&quot;x&quot;&lt;/i&gt;" in drawn


@pytest.mark.parametrize("library", ["fpdf", "uharfbuzz"])
def test_without_the_extra_pdf_says_what_to_install(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A till without the libraries of PDF draws pictures and SVG; PDF is refused with the way to have it."""
    monkeypatch.setitem(sys.modules, library, None)
    page = face(CARDS[0], 300)
    with pytest.raises(Refused) as refused:
        as_pdf([page], NOW)
    assert refused.value.code == "cards-extra"
    assert as_png(page)


@pytest.mark.parametrize("code", ["en", "bg", "ar"])
def test_a_card_of_paper_can_be_scanned(code: str) -> None:
    """The slip has the card's number as bars and in groups, and of the holder's name the short form alone."""
    card = PrintedCard("2900000000018", "Corner Shop Club", tier="Gold", holder="Ana Maria Kovač")
    slip = card_slip(card, Shop("Corner Shop"), Language(code))
    assert [read.text for read in zxingcpp.read_barcodes(as_picture(slip))] == [card.number]
    text = as_text(slip)
    assert "2900 0000 0001 8" in text
    assert "Corner Shop Club" in text
    assert "Maria Kovač" not in text
