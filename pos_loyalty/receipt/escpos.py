"""The receipt as the bytes of an ESC/POS printer: every letter arrives as itself or as a picture of itself, never as a "?".

Each line goes out in the first code page of the profile that holds all of it; a line that none holds, and any line with letters
written from right to left, goes out as dots. Reading an acknowledgement (GS r) is the driver's affair.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pos_loyalty.receipt.drawing import LINE_DOTS, bar_width, draw_bars, draw_lines, is_rtl
from pos_loyalty.receipt.layout import PaperLine, caption, joined_from_left, lay_out
from pos_loyalty.receipt.profiles import ImageCommand, Profile
from pos_loyalty.receipt.rows import Barcode, Receipt

if TYPE_CHECKING:
    from PIL.Image import Image

_ESC, _FS, _GS = b"\x1b", b"\x1c", b"\x1d"
_START = _ESC + b"@"
_DRAWER = _ESC + b"p\x00\x19\xfa"
"""Pin 2, 50 ms on and 500 ms off: what drawers are built for."""
_USA = _ESC + b"R\x00"
"""National variants put their letters in the place of # $ @ [ ] and others."""
_LEAVE_KANJI = _FS + b"."
_SPACING = _ESC + b"3" + bytes([LINE_DOTS])
_CENTER, _LEFT = _ESC + b"a\x01", _ESC + b"a\x00"
_CUT = _GS + b"V\x42\x00"
"""Feed to the knife, then cut but for one point, so that the receipt does not fall."""
_FEED = _ESC + b"d\x05"
_BAR_HEIGHT = 80
_MOST_LINES = 8
"""Lines in one picture: printers of the cheap kind hold a few kilobytes."""
_BAND = _MOST_LINES * LINE_DOTS
_COLUMN = 24


def as_escpos(receipt: Receipt, profile: Profile, *, open_drawer: bool = False) -> bytes:
    """The whole job: start, the drawer first where it is asked for, the lines, and the cut."""
    pieces = escpos_pieces(receipt, profile)
    return b"".join((next(pieces), _DRAWER if open_drawer else b"", *pieces))


def escpos_pieces(receipt: Receipt, profile: Profile, logo: Image | None = None) -> Iterator[bytes]:
    """The job in pieces, between which no command is open: whatever cannot wait for its end may go out there. `logo` stands over
    it: ink on a paper of zero, no wider than the profile's dots.
    """
    yield _START
    if profile.kanji:
        yield _LEAVE_KANJI
    yield _USA + _SPACING
    if logo is not None:
        yield _CENTER
        yield from _picture(logo, profile.image)
        yield _LEFT
    pen = _Pen(profile, receipt.rtl)
    for laid in lay_out(receipt, profile.columns):
        if isinstance(laid, Barcode):
            yield from pen.barcode(laid)
        else:
            yield from pen.line(laid)
    yield from pen.flush()
    yield _CUT if profile.cutter else _FEED


class _Pen:
    """What the printer was last told, and the lines that wait to be sent as one picture."""

    def __init__(self, profile: Profile, rtl: bool) -> None:
        self.profile = profile
        self.rtl = rtl
        self.page: int | None = None
        self.emphasis = False
        self.large = False
        self.waiting: list[PaperLine] = []

    def line(self, line: PaperLine) -> Iterator[bytes]:
        encoded = self._encoded(joined_from_left(line, self.rtl))
        if encoded is None:
            self.waiting.append(line)
            if len(self.waiting) == _MOST_LINES:
                yield from self.flush()
            return
        yield from self.flush()
        page, text = encoded
        if page != self.page and not text.isascii():
            self.page = page
            yield _ESC + b"t" + bytes([page])
        if line.emphasis != self.emphasis:
            self.emphasis = line.emphasis
            yield _ESC + b"E" + bytes([line.emphasis])
        if line.large != self.large:
            self.large = line.large
            yield _GS + b"!" + (b"\x11" if line.large else b"\x00")
        yield text + b"\n"

    def barcode(self, barcode: Barcode) -> Iterator[bytes]:
        """By the printer itself where it can in bars of two dots or more, else drawn; in both ways its text stands below."""
        yield from self.flush()
        data = b"{B" + barcode.code.replace("{", "{{").encode("ascii")
        # In code set B: start, a character each, check (11 modules each), and the stop of 13.
        width = bar_width(11 * (len(barcode.code) + 2) + 13, self.profile.dots)
        if self.profile.code128 and width >= 2 and len(data) <= 255:
            yield (
                _CENTER
                + _GS
                + b"h"
                + bytes([_BAR_HEIGHT])
                + _GS
                + b"w"
                + bytes([width])
                + _GS
                + b"H\x02"
                + _GS
                + b"f\x00"
            )
            yield _GS + b"k\x49" + bytes([len(data)]) + data + _LEFT
            return
        image = draw_bars(barcode.code, self.profile.dots)
        if image is not None:
            yield from _picture(image, self.profile.image)
        for line in caption(barcode, self.profile.columns):
            yield from self.line(line)

    def flush(self) -> Iterator[bytes]:
        """Send the waiting lines as one picture."""
        if self.waiting:
            dots = self.profile.dots
            image = draw_lines(self.waiting, dots, dots // self.profile.columns, rtl=self.rtl)
            self.waiting = []
            yield from _picture(image, self.profile.image)

    def _encoded(self, text: str) -> tuple[int, bytes] | None:
        if is_rtl(text):
            return None
        for page, codec in self.profile.pages:
            try:
                return page, text.encode(codec)
            except UnicodeEncodeError:
                continue
        return None


def _picture(image: Image, command: ImageCommand) -> Iterator[bytes]:
    """A picture of one bit a dot, the way the printer takes it, in bands that a small memory holds."""
    match command:
        case "column":
            yield from _in_columns(image)
        case "graphics":
            for band in _bands(image, _BAND):
                yield _graphics(band)
        case "raster":
            for band in _bands(image, _BAND):
                yield _raster(band)


def _bands(image: Image, height: int) -> Iterator[Image]:
    for top in range(0, image.height, height):
        yield image.crop((0, top, image.width, min(top + height, image.height)))


def _raster(image: Image) -> bytes:
    """GS v 0 at one dot a dot; Pillow packs a row as the printer wants it: eight dots a byte, the first the highest bit."""
    across = (image.width + 7) // 8
    return _GS + b"v0\x00" + across.to_bytes(2, "little") + image.height.to_bytes(2, "little") + image.tobytes()


def _graphics(image: Image) -> bytes:
    """GS ( L: keep the picture (function 112, one colour, at one dot a dot), then print it (function 50)."""
    size = image.width.to_bytes(2, "little") + image.height.to_bytes(2, "little")
    kept = b"0p0\x01\x011" + size + image.tobytes()
    return _GS + b"(L" + len(kept).to_bytes(2, "little") + kept + _GS + b"(L\x02\x0002"


def _in_columns(image: Image) -> Iterator[bytes]:
    """ESC * in 24-dot double density: bands of 24 rows, three bytes a column from its top, and the paper fed by as much."""
    from PIL.Image import Transpose  # noqa: PLC0415 - loaded with the picture

    yield _ESC + b"3" + bytes([_COLUMN])
    for top in range(0, image.height, _COLUMN):
        # Beyond its edges a picture cut out is paper; turned on its side, each of its columns is a row of three bytes.
        band = image.crop((0, top, image.width, top + _COLUMN)).transpose(Transpose.TRANSPOSE)
        yield _ESC + b"*\x21" + image.width.to_bytes(2, "little") + band.tobytes() + b"\n"
    yield _SPACING
