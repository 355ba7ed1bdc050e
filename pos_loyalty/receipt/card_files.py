"""Printed cards as files: a picture of dots, SVG whose bars are whole units, and PDF with its font inside.

In all of them the bars are those of `card_face`, dot by dot. SVG leaves its letters to the font of whoever opens it, so that who
makes the cards can set them anew; in PDF they are shaped here, Arabic too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from importlib.resources import as_file, files
from io import BytesIO
from typing import TYPE_CHECKING

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.receipt.card_face import Area, Bars, Page, Words
from pos_loyalty.receipt.drawing import SIZE_PER_CELL, starts_rtl, write_at

if TYPE_CHECKING:
    from fpdf import FPDF

POINTS = 72
"""Of PDF, an inch."""


def as_png(page: Page, *, raqm: bool | None = None) -> bytes:
    """A picture of the page, a dot a dot. `raqm` overrides whether Pillow's own shaping of Arabic is used."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only where a card is printed

    image = Image.new("RGB", (page.width, page.height), "white")
    draw = ImageDraw.Draw(image)
    for mark in page.marks:
        match mark:
            case Area(x, y, width, height, colour):
                draw.rectangle((x, y, x + width - 1, y + height - 1), fill=colour)
            case Bars():
                for x, width in mark.runs():
                    draw.rectangle((x, mark.y, x + width - 1, mark.y + mark.height - 1), fill="black")
            case Words(x, baseline, cell, text, anchor, colour):
                write_at(draw, (x, baseline), text, cell, colour, anchor[0], raqm=raqm)
    file = BytesIO()
    image.save(file, "PNG", dpi=(page.dpi, page.dpi), optimize=True)
    return file.getvalue()


def as_svg(page: Page) -> str:
    """The page in the size that it has on paper; a unit is a dot."""
    width, height = (f"{side * 25_400 / page.dpi / 1_000:.3f}mm" for side in (page.width, page.height))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {page.width} {page.height}" font-family="DejaVu Sans Mono, monospace">',
    ]
    for mark in page.marks:
        match mark:
            case Area(x, y, across, down, colour):
                lines.append(f'<rect x="{x}" y="{y}" width="{across}" height="{down}" fill="{colour}"/>')
            case Bars():
                path = "".join(f"M{x} {mark.y}h{across}v{mark.height}h-{across}z" for x, across in mark.runs())
                lines.append(f'<path d="{path}" shape-rendering="crispEdges"/>')
            case Words(x, baseline, cell, text, anchor, colour):
                rtl = starts_rtl(text)
                # The start of a text that is written from right to left is its right end.
                end = {"left": "end" if rtl else "start", "middle": "middle", "right": "start" if rtl else "end"}[
                    anchor
                ]
                lines.append(
                    f'<text x="{x}" y="{baseline}" font-size="{cell * SIZE_PER_CELL:.2f}" fill="{colour}" '
                    f'text-anchor="{end}" direction="{"rtl" if rtl else "ltr"}">{escape(text)}</text>'
                )
    return "\n".join([*lines, "</svg>", ""])


def as_pdf(pages: Iterable[Page], at: datetime) -> bytes:
    """The pages as PDF, which says that it was made `at`. Refused with cards-extra where its libraries are not installed."""
    try:
        import uharfbuzz  # noqa: F401, PLC0415 - fpdf2 shapes letters with it, and is loaded with the first card
        from fpdf import FPDF  # noqa: PLC0415
    except ModuleNotFoundError:
        raise Refused(
            "cards-extra",
            Message(N_("PDF needs the extra `cards`: pip install 'pos-loyalty[cards]', or take .png or .svg.")),
        ) from None
    pdf = FPDF(unit="pt")
    pdf.set_creation_date(at)
    pdf.set_margin(0)
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    with as_file(files("pos_loyalty").joinpath("fonts", "DejaVuSansMono.ttf")) as font:
        pdf.add_font("mono", fname=font)
    pdf.set_text_shaping(True)
    for page in pages:
        pdf.add_page(format=(page.width * POINTS / page.dpi, page.height * POINTS / page.dpi))
        for mark in page.marks:
            _put(pdf, mark, POINTS / page.dpi)
    return bytes(pdf.output())


def _put(pdf: FPDF, mark: Area | Bars | Words, dot: float) -> None:
    match mark:
        case Area(x, y, width, height, colour):
            pdf.set_fill_color(colour)
            pdf.rect(x * dot, y * dot, width * dot, height * dot, style="F")
        case Bars():
            pdf.set_fill_color(0)
            for x, width in mark.runs():
                pdf.rect(x * dot, mark.y * dot, width * dot, mark.height * dot, style="F")
        case Words(x, baseline, cell, text, anchor, colour):
            pdf.set_font("mono", size=cell * SIZE_PER_CELL * dot)
            pdf.set_text_color(colour)
            wide = pdf.get_string_width(text)
            left = x * dot - {"left": 0.0, "middle": wide / 2, "right": wide}[anchor]
            # A cell stands around its text: of its height a half above, and three tenths of the letters below the middle.
            pdf.set_xy(left, baseline * dot - 0.8 * pdf.font_size)
            pdf.cell(wide, pdf.font_size, text)
