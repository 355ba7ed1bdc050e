"""What the paper of an ESC/POS printer shows, read back from the bytes by an interpreter of its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from drivers.drawer import Drawer
from pos_loyalty.domain.money import Currency
from pos_loyalty.language import Language
from pos_loyalty.receipt import (
    PROFILES,
    Barcode,
    Gap,
    Profile,
    Receipt,
    Shop,
    Text,
    as_escpos,
    as_text,
    refund_receipt,
    sale_receipt,
)
from pos_loyalty.receipt.escpos import escpos_pieces
from pos_loyalty.receipt.logo import LogoWrong, read_logo

EUR = Currency.of("EUR")
PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 46: "cp1251"}
"""The pages of Epson's command reference."""


@dataclass
class Printed:
    """One line of paper: its letters, or dots, or a barcode that the printer draws."""

    text: str = ""
    image: Image.Image | None = None
    barcode: str = ""
    module: int = 0
    emphasis: bool = False
    large: bool = False


@dataclass
class Paper:
    """A printer as its command reference describes it; a command that is not there fails the test."""

    data: bytes
    pages: dict[int, str] = field(default_factory=lambda: PAGES)
    lines: list[Printed] = field(default_factory=list)
    kicks: list[int] = field(default_factory=list)
    cut: bool = False
    fed: int = 0
    left_kanji: bool = False

    def __post_init__(self) -> None:
        self.page, self.emphasis, self.large, self.module, self.centered = 0, False, False, 3, False
        assert self.data.startswith(b"\x1b@")
        text, at = b"", 0
        while at < len(self.data):
            assert not self.cut, "something after the cut"
            byte = self.data[at]
            if byte == 0x0A:
                self.lines.append(Printed(text.decode(self.pages[self.page]), emphasis=self.emphasis, large=self.large))
                text, at = b"", at + 1
            elif byte in (0x1B, 0x1C, 0x1D):
                assert not text, "a command within a line"
                at = self.command(at)
            else:
                assert byte >= 0x20, f"control code {byte:#x}"
                text, at = text + bytes([byte]), at + 1
        assert not text

    def command(self, at: int) -> int:
        head, rest = self.data[at : at + 2], self.data[at + 2 :]
        match head:
            case b"\x1b@":
                assert at == 0
                return at + 2
            case b"\x1bp":
                assert rest[0] in (0, 1)
                self.kicks.append(at)
                return at + 5
            case b"\x1bR" | b"\x1b3" | b"\x1dh" | b"\x1df":
                return at + 3
            case b"\x1bt":
                self.page = rest[0]
                return at + 3
            case b"\x1bE":
                self.emphasis = bool(rest[0] & 1)
                return at + 3
            case b"\x1ba":
                self.centered = rest[0] == 1
                return at + 3
            case b"\x1bd":
                self.fed = rest[0]
                return at + 3
            case b"\x1d!":
                assert rest[0] in (0x00, 0x11)
                self.large = rest[0] == 0x11
                return at + 3
            case b"\x1dw":
                assert 2 <= rest[0] <= 6
                self.module = rest[0]
                return at + 3
            case b"\x1dH":
                assert rest[0] == 2
                return at + 3
            case b"\x1dk":
                assert rest[0] == 73
                assert self.centered
                data = rest[2 : 2 + rest[1]]
                assert data[:2] == b"{B"
                code = data[2:].replace(b"{{", b"{").decode("ascii")
                self.lines.append(Printed(barcode=code, module=self.module))
                return at + 4 + rest[1]
            case b"\x1dv":
                assert rest[:2] == b"0\x00"
                width, height = int.from_bytes(rest[2:4], "little"), int.from_bytes(rest[4:6], "little")
                size = width * height
                assert len(rest) >= 6 + size
                image = Image.frombytes("1", (width * 8, height), rest[6 : 6 + size])
                self.lines.append(Printed(image=ImageOps.invert(image.convert("L"))))
                return at + 8 + size
            case b"\x1d(":
                assert rest[:1] == b"L"
                size, kept = int.from_bytes(rest[1:3], "little"), rest[3:]
                if kept[:2] == b"02":
                    assert size == 2
                    self.lines.append(Printed(image=self.kept))
                else:
                    assert kept[:6] == b"0p0\x01\x011"
                    width, height = int.from_bytes(kept[6:8], "little"), int.from_bytes(kept[8:10], "little")
                    assert size == 10 + (width + 7) // 8 * height
                    self.kept = ImageOps.invert(Image.frombytes("1", (width, height), kept[10:size]).convert("L"))
                return at + 5 + size
            case b"\x1b*":
                assert rest[0] == 33
                width = int.from_bytes(rest[1:3], "little")
                band = Image.new("L", (width, 24), 255)
                for x in range(width):
                    column = int.from_bytes(rest[3 + 3 * x : 6 + 3 * x], "big")
                    for y in range(24):
                        if column >> (23 - y) & 1:
                            band.putpixel((x, y), 0)
                self.lines.append(Printed(image=band))
                assert rest[3 + 3 * width : 4 + 3 * width] == b"\n"
                return at + 6 + 3 * width
            case b"\x1dV":
                assert rest[:1] == b"\x42"
                self.cut = True
                return at + 4
            case b"\x1c.":
                self.left_kanji = True
                return at + 2
        raise AssertionError(f"unknown command {head!r}")

    def text(self) -> str:
        """The paper as text; what is drawn is left out, a barcode's text stands below it."""
        return "".join(f"{line.text or line.barcode}\n" for line in self.lines if line.image is None)


def picture(paper: Paper) -> Image.Image:
    """All that is drawn, put together."""
    parts = [line.image for line in paper.lines if line.image is not None]
    whole = Image.new("L", (parts[0].width, sum(part.height for part in parts)), 255)
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    return whole


def squeezed(text: str) -> list[str]:
    """Lines without the spaces that differ with the size of the letters."""
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.mark.parametrize(
    "profile", [p for p in PROFILES.values() if "cp866" in dict(p.pages).values()], ids=lambda p: p.name
)
@pytest.mark.parametrize("code", ["en", "ru", "bg", "pl", "bs"])
def test_the_paper_shows_the_rows_of_the_text(full, profile: Profile, code: str) -> None:
    """Every line of a sale's and a return's receipt, at every width, in each left-to-right language; no "?" anywhere."""
    language = Language(code, EUR)
    for receipt in (
        sale_receipt(full.sale, full.holder, full.shop, language, local=full.local),
        refund_receipt(full.refund, full.sale, full.holder, full.shop, language, local=full.local),
    ):
        paper = Paper(as_escpos(receipt, profile), {**PAGES, **dict(profile.pages)})
        drawn = [line for line in paper.lines if line.image is not None]
        wanted = squeezed(as_text(receipt, profile.columns))
        # On 58 mm the bars are narrower than a printer's own: they are drawn, and their text is a line as any other.
        assert len(drawn) == (1 if profile.dots == 384 else 0)
        # Large letters may wrap where ordinary ones do not.
        assert "".join(squeezed(paper.text())).replace(" ", "") == "".join(wanted).replace(" ", "")
        assert "?" not in paper.text()
        for line in paper.lines:
            if line.text and not line.large:
                assert line.text in as_text(receipt, profile.columns).splitlines()
                assert len(line.text) <= profile.columns
            assert len(line.text) * (2 if line.large else 1) <= profile.columns


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Winter jacket", 0),
        ("Žuta čaša đ", 18),
        ("Zażółć gęślą jaźń", 18),
        ("Отстъпка щ Ё", 17),
        ("№ 5", 17),
        ("12,50 €", 19),
        ("© São", 2),
        ("5 000,00", 0),
    ],
)
def test_a_line_goes_out_in_the_first_page_that_holds_all_of_it(text: str, page: int) -> None:
    """Strictly encoded: the euro in 858, Cyrillic in 866, Central European letters in 852."""
    paper = Paper(as_escpos(Receipt((Text(text),)), PROFILES["default"]))
    assert paper.text() == text.replace("\u00a0", " ") + "\n"
    assert paper.page == page


@pytest.mark.parametrize(
    "text", ["ѝ", "150 ₽", "«Чай» — €", "漢字", "قميص", "Shirt قميص", "e\u0301\u0302x", "ѓ\u200d🧥"]
)
def test_what_no_page_holds_is_drawn(text: str) -> None:
    """Never a "?": the line is a picture as wide as the print, one line high, with ink on it."""
    paper = Paper(as_escpos(Receipt((Text(text, "5.00"),)), PROFILES["default"]))
    (line,) = paper.lines
    assert line.image is not None
    assert line.image.size == (576, 30)
    assert line.image.getextrema() == (0, 255)


def test_windows_cyrillic_is_used_where_the_printer_has_it() -> None:
    """Quotes and dashes go out as letters on such a printer, and as a picture on others."""
    receipt = Receipt((Text("Чай «Эрл Грей» — 100 г"),))
    assert Paper(as_escpos(receipt, PROFILES["epson"])).text() == "Чай «Эрл Грей» — 100 г\n"
    assert Paper(as_escpos(receipt, PROFILES["default"])).text() == ""


def test_every_arabic_line_is_drawn_and_the_others_are_mirrored(full) -> None:
    """Letters from right to left are dots; a line of figures alone has its amount at the left, as the drawn ones have."""
    language = Language("ar", EUR)
    receipt = sale_receipt(full.sale, full.holder, full.shop, language, local=full.local)
    paper = Paper(as_escpos(receipt, PROFILES["default"]))
    assert all(line.text.isascii() for line in paper.lines)
    assert sum(line.image.height for line in paper.lines if line.image is not None) >= 30 * 20
    (weighed,) = (line.text for line in paper.lines if "kg x" in line.text)
    assert weighed == "3.95" + "1.235 kg x 3.20".rjust(42)
    drawn_label = Paper(as_escpos(Receipt((Text("الباقي", "43.20"),), rtl=True), PROFILES["default"])).lines[0].image
    assert drawn_label is not None
    ink = ImageOps.invert(drawn_label)
    assert ink.crop((0, 0, 60, 30)).getbbox() is not None
    assert ink.crop((70, 0, 480, 30)).getbbox() is None
    assert ink.crop((500, 0, 576, 30)).getbbox() is not None


def test_a_long_picture_goes_out_in_pieces() -> None:
    """Cheap printers hold a few kilobytes: at most eight lines at once, none of them lost."""
    paper = Paper(as_escpos(Receipt((Text("قميص"),) * 20), PROFILES["default"]))
    assert [line.image.height // 30 for line in paper.lines if line.image] == [8, 8, 4]


def test_a_printer_of_which_nothing_is_known_gets_pictures_alone(full) -> None:
    """No code page, no barcode command: everything is dots, and the number can still be scanned."""
    receipt = sale_receipt(full.sale, full.holder, full.shop, Language("en", EUR), local=full.local)
    paper = Paper(as_escpos(receipt, PROFILES["graphic"]))
    assert all(line.image is not None for line in paper.lines)
    assert read_bars(paper) == ["till-1-000042"]


@pytest.mark.parametrize("name", ["58mm", "graphic", "graphic-58mm"])
def test_drawn_bars_can_be_scanned(name: str) -> None:
    """Bars of whole dots on both widths of paper, read by zxing from the printed dots."""
    assert read_bars(Paper(as_escpos(Receipt((Barcode("till-1-000042"),)), PROFILES[name]))) == ["till-1-000042"]


def read_bars(paper: Paper) -> list[str]:
    found = []
    for line in paper.lines:
        if line.image is not None:
            white = ImageOps.expand(line.image, 40, 255)
            found += [code.text for code in zxingcpp.read_barcodes(white) if code.symbology_identifier == "]C0"]
    return found


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60),
    st.sampled_from(list(PROFILES)),
)
def test_a_barcode_never_runs_off_the_paper(code: str, name: str) -> None:
    """Drawn by the printer only where it fits with its quiet zones in bars of two dots or more; its text is always there."""
    profile = PROFILES[name]
    paper = Paper(as_escpos(Receipt((Barcode(code),)), profile))
    for line in paper.lines:
        if line.barcode:
            assert line.barcode == code
            assert line.module * (11 * (len(code) + 2) + 13 + 20) <= profile.dots
    if profile.pages:
        assert "".join(paper.text().split()) == "".join(code.split())


def test_the_drawer_opens_before_anything_is_printed_and_only_when_asked(jacket) -> None:
    """The cashier needs the change while the printer still prints."""
    receipt = sale_receipt(jacket.sale, None, jacket.shop, Language("en", EUR), local=jacket.local)
    job = as_escpos(receipt, PROFILES["default"], open_drawer=True)
    assert job.startswith(b"\x1b@\x1bp\x00\x19\xfa")
    assert Paper(job).kicks == [2]
    assert Paper(as_escpos(receipt, PROFILES["default"])).kicks == []


def test_the_paper_is_cut_where_there_is_a_knife_and_else_fed_to_the_edge(jacket) -> None:
    """A 58 mm printer has none; it also starts in a Chinese mode that would swallow letters."""
    receipt = sale_receipt(jacket.sale, None, jacket.shop, Language("en", EUR), local=jacket.local)
    with_knife, without = (Paper(as_escpos(receipt, PROFILES[name])) for name in ("default", "58mm"))
    assert (with_knife.cut, with_knife.fed, with_knife.left_kanji) == (True, 0, False)
    assert (without.cut, without.fed, without.left_kanji) == (False, 5, True)


def test_the_total_is_the_largest_thing_on_paper(full) -> None:
    """Twice as wide and high, and emphasised; what follows is of ordinary size again."""
    receipt = sale_receipt(full.sale, full.holder, full.shop, Language("en", EUR), local=full.local)
    lines = Paper(as_escpos(receipt, PROFILES["default"])).lines
    (total,) = (i for i, line in enumerate(lines) if line.text.startswith("TOTAL"))
    assert (lines[total].large, lines[total].emphasis) == (True, True)
    assert (lines[total + 1].large, lines[total + 1].emphasis) == (False, False)


def test_a_name_cannot_command_the_printer() -> None:
    """What a shop or a holder typed is cleaned of control codes: here are a reset, a drawer kick and a cut."""
    evil = "\x1b@\x1bp\x00\x19\xfa\x1dV\x00\x10\x14\x01"
    receipt = Receipt((Text(evil + "Tea", "1.00"), Text("x", evil), Gap()))
    paper = Paper(as_escpos(receipt, PROFILES["default"]))
    assert paper.kicks == []
    assert paper.cut


@given(
    st.text(max_size=80),
    st.text(max_size=20),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["default", "58mm", "epson"]),
)
def test_whatever_is_printed_is_lines_of_letters_or_dots(
    left: str, right: str, large: bool, rtl: bool, name: str
) -> None:
    """No text, however odd, makes a command, an overlong line, or a "?" that was not there."""
    profile = PROFILES[name]
    paper = Paper(as_escpos(Receipt((Text(left, right, large=large),), rtl), profile))
    assert paper.text().count("?") <= (left + right).count("?")
    for line in paper.lines:
        assert len(line.text) * (2 if line.large else 1) <= profile.columns
        assert line.image is None or line.image.width == profile.dots


def test_a_shop_without_address_or_footer_has_a_receipt(jacket) -> None:
    """Only the name is needed."""
    receipt = sale_receipt(jacket.sale, None, Shop("Kiosk"), Language("en", EUR), local=jacket.local)
    assert squeezed(Paper(as_escpos(receipt, PROFILES["42"])).text())[0] == "Kiosk"


def test_a_receipt_can_be_made_from_a_changed_sale(jacket) -> None:
    """A receipt states what the sale holds; nothing is reckoned anew for it."""
    sale = replace(jacket.sale, settlement=replace(jacket.sale.settlement, change=123))
    receipt = sale_receipt(sale, None, jacket.shop, Language("en", EUR), local=jacket.local)
    assert "Change 1.23" in squeezed(Paper(as_escpos(receipt, PROFILES["default"])).text())


def test_the_three_commands_draw_the_same_picture() -> None:
    """GS v 0, GS ( L and ESC * put every dot in the same place; the oldest pads its last band with paper."""
    receipt = Receipt(tuple(Text(f"قميص {number}", "5.00") for number in range(11)))
    raster, graphics, column = (
        picture(Paper(as_escpos(receipt, replace(PROFILES["graphic"], image=command))))
        for command in ("raster", "graphics", "column")
    )
    assert raster.size == (576, 330)
    assert graphics.tobytes() == raster.tobytes()
    assert column.height - raster.height in range(24 * 2)
    assert ImageOps.invert(column).getbbox() is not None
    bands = [line.image for line in Paper(as_escpos(receipt, PROFILES["graphic-bands"])).lines]
    assert all(band is not None and band.size == (512, 24) for band in bands)


def test_a_logo_stands_over_the_receipt(jacket, tmp_path: Path) -> None:
    """A colour picture with a clear background becomes black dots on paper, made smaller to the paper and never bigger."""
    file = tmp_path / "logo.png"
    art = Image.new("RGBA", (2000, 500), (0, 0, 0, 0))
    art.paste((10, 10, 10, 255), (0, 0, 1000, 500))
    art.save(file)
    for name in ("default", "58mm", "epson-tm-t88", "graphic-bands"):
        profile = PROFILES[name]
        logo = read_logo(file, profile.dots)
        assert (logo.width, logo.height) == (profile.dots, round(profile.dots / 4))
        assert read_logo(file, profile.dots) is logo
        receipt = sale_receipt(jacket.sale, None, jacket.shop, Language("en", EUR), local=jacket.local)
        paper = Paper(b"".join(escpos_pieces(receipt, profile, logo)), {**PAGES, **dict(profile.pages)})
        first = paper.lines[0].image
        assert first is not None
        assert (first.getpixel((8, 8)), first.getpixel((profile.dots - 8, 8))) == (0, 255)
    Image.new("L", (33, 7), 0).save(file)
    assert read_logo(file, 576).size == (32, 7)


@pytest.mark.parametrize("junk", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"GIF89a\xff\xff\xff\xff"])
def test_a_file_that_is_no_picture(tmp_path: Path, junk: bytes) -> None:
    """One error of its own, whatever is in the file; a missing one too."""
    file = tmp_path / "logo.png"
    with pytest.raises(LogoWrong, match="No such file"):
        read_logo(file, 576)
    file.write_bytes(junk)
    with pytest.raises(LogoWrong):
        read_logo(file, 576)


def test_a_picture_that_claims_to_be_huge_is_not_opened(tmp_path: Path) -> None:
    """A few bytes can claim a billion dots."""
    file = tmp_path / "logo.png"
    Image.new("1", (10000, 3000)).save(file)
    with pytest.raises(LogoWrong, match="10000 x 3000"):
        read_logo(file, 576)


def test_no_command_is_open_between_two_pieces(full) -> None:
    """A pulse for the drawer put between any two pieces is read as one, and changes nothing else on the paper."""
    receipt = sale_receipt(full.sale, "محمد", full.shop, Language("ar", EUR), local=full.local)
    for profile in PROFILES.values():
        pages = {**PAGES, **dict(profile.pages)}
        pieces = list(escpos_pieces(receipt, profile))
        plain = Paper(b"".join(pieces), pages)
        for place in range(1, len(pieces)):
            paper = Paper(b"".join((*pieces[:place], Drawer().pulse(), *pieces[place:])), pages)
            assert len(paper.kicks) == 1
            assert paper.text() == plain.text()
            assert len(paper.lines) == len(plain.lines)
