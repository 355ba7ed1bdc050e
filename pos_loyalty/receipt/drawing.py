"""Lines of paper as dots, from the bundled font: whatever the script, and the same with and without the shaping library.

Pillow shapes Arabic with raqm where the system has libfribidi. Where it has not, letters are joined and ordered here before they
are drawn; brackets are left out then, since python-bidi turns them the wrong way round.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from pos_loyalty.receipt.layout import PaperLine, Piece

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

Mode = Literal["1", "L"]

LINE_DOTS = 30
"""Height of a line: what ESC/POS printers feed by default, about, so that drawn and printed lines stand equally far apart."""
_BASELINE = 22
BAR_DOTS = 80
"""Height of a barcode: 10 mm at 203 dots an inch, enough for a hand-held scanner."""
QUIET_MODULES = 20
"""What a Code 128 needs blank at its two ends together (ISO/IEC 15417: ten modules each)."""
SIZE_PER_CELL = 2048 / 1233
"""A character of DejaVu Sans Mono is 1233 of 2048 units wide."""
_NO_BRACKETS = str.maketrans("()[]{}", "      ")


def is_rtl(text: str) -> bool:
    """Whether a text has letters or digits that are written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text)


@lru_cache(maxsize=1)
def has_raqm() -> bool:
    """Whether Pillow can shape scripts by itself here; the wheel needs the system's libfribidi for it."""
    from PIL import features  # noqa: PLC0415 - Pillow is loaded with the first picture, not with the first sale

    return bool(features.check("raqm"))


def draw_lines(
    lines: Sequence[PaperLine], dots: int, cell: int, *, rtl: bool, mode: Mode = "1", raqm: bool | None = None
) -> Image:
    """A picture `dots` wide of these lines, a character of ordinary size `cell` dots wide: ink on a paper of zero.

    `raqm` overrides whether Pillow's own shaping is used.
    """
    from PIL import Image, ImageDraw  # noqa: PLC0415 - as above

    heights = [LINE_DOTS * (2 if line.large else 1) for line in lines]
    image = Image.new(mode, (dots, sum(heights)), 0)
    draw = ImageDraw.Draw(image)
    if mode == "1":
        draw.fontmode = "1"
    top = 0
    for line, height in zip(lines, heights, strict=True):
        for piece in line.from_left(rtl):
            _draw_piece(draw, piece, line, cell, top, rtl, has_raqm() if raqm is None else raqm)
        top += height
    return image


def draw_bars(code: str, dots: int, mode: Mode = "1") -> Image | None:
    """A Code 128 in bars of whole dots in the middle of so many dots: ink on a paper of zero. None where it does not fit."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - as above

    bars = code128_modules(code)
    width = bar_width(len(bars), dots)
    if width == 0:
        return None
    image = Image.new(mode, (dots, BAR_DOTS), 0)
    draw = ImageDraw.Draw(image)
    left = (dots - len(bars) * width) // 2
    for index, bar in enumerate(bars):
        if bar == "1":
            x = left + index * width
            draw.rectangle((x, 0, x + width - 1, BAR_DOTS - 1), fill=_ink(mode))
    return image


def code128_modules(code: str) -> str:
    """The bars of a Code 128 as "1" (bar) and "0" (gap), one character a module, in the shortest mix of its code sets."""
    from barcode.codex import Code128  # noqa: PLC0415 - 40 ms that only a drawn barcode needs

    return "".join(Code128(code).build())


def bar_width(modules: int, dots: int) -> int:
    """How many dots a module may take, three at most, so that the code and its quiet zones fit; 0 if not even one."""
    return min(dots // (modules + QUIET_MODULES), 3)


def _draw_piece(draw: ImageDraw, piece: Piece, line: PaperLine, cell: int, top: int, rtl: bool, raqm: bool) -> None:
    scale = 2 if line.large else 1
    left, right = piece.start * cell * scale, (piece.start + piece.width) * cell * scale
    # There is one font, so emphasis is what a print head makes of it: struck twice, one dot apart.
    for strike in range(2 * scale if line.emphasis else 1):
        write(
            draw,
            piece.text,
            (left + strike, right + strike),
            top + _BASELINE * scale,
            cell * scale,
            _ink(draw.im.mode),
            rtl=rtl,
            raqm=raqm,
        )


def write(
    draw: ImageDraw,
    text: str,
    room: tuple[int, int],
    baseline: int,
    cell: int,
    ink: int,
    *,
    rtl: bool,
    end: bool = False,
    raqm: bool | None = None,
) -> None:
    """Write a text between two dots on a baseline, a character `cell` dots wide, at the left; what is read from the right at the
    right, and so is anything with `end`. It is shaped, and never cut.
    """
    raqm = has_raqm() if raqm is None else raqm
    backwards = is_rtl(text) and (rtl or starts_rtl(text))
    direction = None
    if raqm:
        direction = "rtl" if backwards else "ltr"
    elif is_rtl(text):
        text = _reordered(text, backwards)
    right = backwards or end
    place = (room[1] if right else room[0], baseline)
    draw.text(place, text, fill=ink, font=_font(cell, raqm), anchor="rs" if right else "ls", direction=direction)


def write_at(
    draw: ImageDraw,
    place: tuple[int, int],
    text: str,
    cell: int,
    fill: str,
    anchor: str,
    *,
    raqm: bool | None = None,
) -> None:
    """A line of text on its baseline, a character `cell` dots wide; `anchor` says which part of it stands at `place`: l, m or r."""
    shaping = has_raqm() if raqm is None else raqm
    backwards = starts_rtl(text)
    direction = None
    if shaping:
        direction = "rtl" if backwards else "ltr"
    elif is_rtl(text):
        text = _reordered(text, backwards)
    draw.text(place, text, fill=fill, font=_font(cell, shaping), anchor=f"{anchor}s", direction=direction)


def _reordered(text: str, backwards: bool) -> str:
    """Joined letters in the order in which they stand on paper, without the brackets."""
    from arabic_reshaper import reshape  # noqa: PLC0415 - only where Pillow cannot shape
    from bidi import get_display  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    shown = get_display(reshape(text.translate(_NO_BRACKETS)), base_dir="R" if backwards else "L")
    return shown if isinstance(shown, str) else shown.decode()


def starts_rtl(text: str) -> bool:
    """Whether a text is begun to be read from the right: whether its first letter is."""
    strong = (unicodedata.bidirectional(c) for c in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def _ink(mode: str) -> int:
    return 1 if mode == "1" else 255


@lru_cache(maxsize=8)
def _font(cell: int, raqm: bool) -> FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415 - as above

    layout = ImageFont.Layout.RAQM if raqm else ImageFont.Layout.BASIC
    return ImageFont.truetype(BytesIO(_font_bytes()), cell * SIZE_PER_CELL, layout_engine=layout)


@lru_cache(maxsize=1)
def _font_bytes() -> bytes:
    from importlib.resources import files  # noqa: PLC0415 - as above

    return files("pos_loyalty").joinpath("fonts", "DejaVuSansMono.ttf").read_bytes()
